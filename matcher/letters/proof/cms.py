"""Checks the signature in a letter's file: one signer, one certificate, and in the form in which letters are signed."""

from __future__ import annotations

from asn1crypto import cms, core, x509
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from matcher.letters.proof.container import Container, ContainerError

_SIGNED = ("content_type", "message_digest", "signing_certificate_v2")


def signer_of(container: Container) -> bytes:
    """The certificate (DER) under the signature, where it holds over the whole container.

    The certificate vouches for nothing: whom to trust is in the trust list.

    :raises ContainerError: changed (signed was something else), or signature_bad.
    """
    try:
        signed = cms.ContentInfo.load(container.cms, strict=True)["content"]
        (signer,), (choice,) = signed["signer_infos"], signed["certificates"]
        certificate = choice.chosen
        if _as_signed(certificate, signer) != container.cms:
            raise ValueError("another form than that in which letters are signed")
        for name in _SIGNED:  # without them what is signed could stand for something else
            find_unique_cms_attribute(signer["signed_attrs"], name)
        intact, valid = validate_sig_integrity(signer, certificate, "data", container.digest)
        der = bytes(certificate.dump())
    except Exception:  # a library's many ways to say that these bytes are no signature
        raise ContainerError("signature_bad") from None
    if not valid or not intact:
        raise ContainerError("changed" if valid else "signature_bad")
    return der


def _as_signed(certificate: x509.Certificate, signer: cms.SignerInfo) -> bytes:
    """The bytes of a signature with this certificate, these attributes and this value, and with nothing beside them."""
    sha256 = {"algorithm": "sha256", "parameters": core.Null()}
    named = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    written = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(named)),
        "digest_algorithm": sha256,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signed_attrs": signer["signed_attrs"].untag(),
        "signature": signer["signature"],
    }
    signed = {
        "version": "v1",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices("certificate", certificate)],
        "signer_infos": [written],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump(force=True))
