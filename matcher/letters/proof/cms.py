"""Checks the signature in a letter's file: one signer, one certificate, and in the form in which letters are signed."""

from __future__ import annotations

from asn1crypto import cms
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from matcher.letters.proof.container import Container, ContainerError

_DIGEST, _ALGORITHM = "sha256", "sha256_ecdsa"
_SIGNED = ("content_type", "message_digest", "signing_certificate_v2")


def signer_of(container: Container) -> bytes:
    """The certificate (DER) under the signature, where it holds over the whole container.

    The certificate vouches for nothing: whom to trust is in the trust list.

    :raises ContainerError: changed (signed was something else), or signature_bad.
    """
    try:
        signed = _signed_data(container.cms)
        (signer,), (choice,) = signed["signer_infos"], signed["certificates"]
        certificate = choice.chosen
        _must_be_ours(signed, signer)
        if signer["sid"].chosen.native != _issuer_and_serial(certificate):
            raise ValueError("it names another certificate")
        intact, valid = validate_sig_integrity(signer, certificate, "data", container.digest)
        der = bytes(certificate.dump())
    except Exception:  # a library's many ways to say that these bytes are no signature
        raise ContainerError("signature_bad") from None
    if not valid or not intact:
        raise ContainerError("changed" if valid else "signature_bad")
    return der


def _signed_data(der: bytes) -> cms.SignedData:
    content = cms.ContentInfo.load(der, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("no signature")
    if content.copy().dump(force=True) != der:
        raise ValueError("not in the one form DER has for it")
    return content["content"]


def _must_be_ours(signed: cms.SignedData, signer: cms.SignerInfo) -> None:
    """Nothing is beside what is signed, and what is signed has the attributes without which it could stand for another."""
    beside = (signed["crls"].native, signer["unsigned_attrs"].native, signed["encap_content_info"]["content"].native)
    if any(one is not None for one in beside):
        raise ValueError("something is beside the signature")
    listed = [one["algorithm"].native for one in signed["digest_algorithms"]]
    if listed != [_DIGEST] or signer["digest_algorithm"]["algorithm"].native != _DIGEST:
        raise ValueError("another digest")
    if (
        signer["signature_algorithm"]["algorithm"].native != _ALGORITHM
        or signer["sid"].name != "issuer_and_serial_number"
    ):
        raise ValueError("another algorithm")
    for name in _SIGNED:
        find_unique_cms_attribute(signer["signed_attrs"], name)


def _issuer_and_serial(certificate: object) -> object:
    tbs = certificate["tbs_certificate"]  # type: ignore[index]  # asn1crypto has no types
    return {"issuer": tbs["issuer"].native, "serial_number": tbs["serial_number"].native}
