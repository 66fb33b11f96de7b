"""Edits the signature itself: what stands beside it, how it says it was made, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from asn1crypto import cms, core, x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from .edits import Edit
from .pieces import Genuine

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
OTHER_HALF = "signature: the other of the two that hold"


def signature_edits(genuine: Genuine, other: Genuine, stranger: bytes) -> Iterator[Edit]:
    """Every edit by name.

    :param other: another letter of the same centre; ``stranger``: somebody's certificate (DER).
    """
    for name, edit in _EDITS.items():
        content = cms.ContentInfo.load(genuine.cms)
        edit(content["content"], stranger)
        yield f"signature: {name}", _put(genuine, content.dump(force=True))
    yield "signature: another letter's", _put(genuine, other.cms)
    yield "signature: cut off", _put(genuine, genuine.cms[:-10])
    yield "signature: bytes behind it", _put(genuine, genuine.cms + b"\x05\x00")
    length = int.from_bytes(genuine.cms[2:4], "big")
    yield "signature: of no given length", _put(genuine, b"\x30\x80" + genuine.cms[4:] + bytes(2))
    yield "signature: longer form of length", _put(genuine, b"\x30\x83" + length.to_bytes(3, "big") + genuine.cms[4:])
    yield OTHER_HALF, _put(genuine, _other_half(genuine.cms))


def _put(genuine: Genuine, der: bytes) -> bytes:
    size = len(genuine.pdf) - len(genuine.signed)
    return genuine.before + b"<" + der.hex().upper().encode().ljust(size - 2, b"0") + b">" + genuine.behind


def _other_half(der: bytes) -> bytes:
    content = cms.ContentInfo.load(der)
    signer = content["content"]["signer_infos"][0]
    r, s = decode_dss_signature(signer["signature"].native)
    signer["signature"] = encode_dss_signature(r, _ORDER - s)
    return content.dump(force=True)


def _signer(signed: cms.SignedData) -> cms.SignerInfo:
    return signed["signer_infos"][0]


def _attributes(signed: cms.SignedData, keep: Callable[[str], bool]) -> None:
    kept = [one for one in _signer(signed)["signed_attrs"] if keep(one["type"].native)]
    _signer(signed)["signed_attrs"] = cms.CMSAttributes(kept)


def _unsigned(signed: cms.SignedData, _: bytes) -> None:
    value = cms.CMSAttribute(
        {"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime("260401000000Z")})]}
    )
    _signer(signed)["unsigned_attrs"] = cms.CMSAttributes([value])


def _add_certificate(signed: cms.SignedData, stranger: bytes) -> None:
    signed["certificates"].append(cms.CertificateChoices("certificate", x509.Certificate.load(stranger)))


def _swap_certificate(signed: cms.SignedData, stranger: bytes) -> None:
    signed["certificates"] = cms.CertificateSet(
        [cms.CertificateChoices("certificate", x509.Certificate.load(stranger))]
    )


def _point_at_stranger(signed: cms.SignedData, stranger: bytes) -> None:
    _swap_certificate(signed, stranger)
    certificate = x509.Certificate.load(stranger)
    named = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    _signer(signed)["sid"] = cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(named))


def _no_attributes(signed: cms.SignedData, _: bytes) -> None:
    _signer(signed)["signed_attrs"] = None


def _digest(name: str) -> Callable[[cms.SignedData, bytes], None]:
    def edit(signed: cms.SignedData, _: bytes) -> None:
        _signer(signed)["digest_algorithm"] = {"algorithm": name}

    return edit


def _algorithm(name: str) -> Callable[[cms.SignedData, bytes], None]:
    def edit(signed: cms.SignedData, _: bytes) -> None:
        _signer(signed)["signature_algorithm"] = {"algorithm": name}

    return edit


def _listed(signed: cms.SignedData, _: bytes) -> None:
    signed["digest_algorithms"] = [{"algorithm": "sha256"}, {"algorithm": "md5"}]


def _content(signed: cms.SignedData, _: bytes) -> None:
    signed["encap_content_info"] = {"content_type": "data", "content": b"another letter"}


def _twice(signed: cms.SignedData, _: bytes) -> None:
    signed["signer_infos"] = cms.SignerInfos([_signer(signed), _signer(signed)])


def _nobody(signed: cms.SignedData, _: bytes) -> None:
    signed["signer_infos"] = cms.SignerInfos([])


def _no_certificate(signed: cms.SignedData, _: bytes) -> None:
    signed["certificates"] = cms.CertificateSet([])


def _other_bytes(signed: cms.SignedData, _: bytes) -> None:
    _signer(signed)["signature"] = _signer(signed)["signature"].native[:-1] + b"\0"


def _message_digest(signed: cms.SignedData, _: bytes) -> None:
    for one in _signer(signed)["signed_attrs"]:
        if one["type"].native == "message_digest":
            one["values"] = [b"\0" * 32]


def _version(signed: cms.SignedData, _: bytes) -> None:
    signed["version"] = "v3"


_EDITS: dict[str, Callable[[cms.SignedData, bytes], None]] = {
    "an attribute that is not signed": _unsigned,
    "one certificate more": _add_certificate,
    "another certificate": _swap_certificate,
    "another signer": _point_at_stranger,
    "no certificate": _no_certificate,
    "no attributes": _no_attributes,
    "no certificate's digest": lambda signed, _: _attributes(signed, lambda name: name != "signing_certificate_v2"),
    "no message's digest": lambda signed, _: _attributes(signed, lambda name: name != "message_digest"),
    "no content's type": lambda signed, _: _attributes(signed, lambda name: name != "content_type"),
    "another message's digest": _message_digest,
    "digest sha1": _digest("sha1"),
    "digest sha512": _digest("sha512"),
    "algorithm sha512_ecdsa": _algorithm("sha512_ecdsa"),
    "algorithm sha256_rsa": _algorithm("sha256_rsa"),
    "two digests listed": _listed,
    "content beside": _content,
    "signer twice": _twice,
    "nobody": _nobody,
    "other bytes": _other_bytes,
    "another version": _version,
}
