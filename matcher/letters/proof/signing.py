"""Signs a letter's file (PAdES B-B) as an addition at its end, so that the letter before it stays byte for byte."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from matcher.letters.proof.keys import SigningKey
from matcher.letters.proof.loop import outside_loop

FIELD = "Signature"
_RESERVED = 8192  # hexadecimal digits, twice what is needed; left to itself it signs once more to measure


class _PdfSigner(PdfSigner):
    """A signer that is told the time instead of asking for it."""

    def __init__(self, meta: PdfSignatureMetadata, signer: SimpleSigner, at: datetime) -> None:
        super().__init__(meta, signer=signer)
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


def sign_pdf(pdf: bytes, key: SigningKey, at: datetime) -> bytes:
    """The file with the centre's signature behind it; ``at`` is the moment that the signature states, aware."""
    meta = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=key.public.centre_name.zh
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    signer = _PdfSigner(meta, _signer(key), at)
    signed = outside_loop(lambda: signer.sign_pdf(writer, bytes_reserved=_RESERVED))
    return bytes(signed.getbuffer())


def _signer(key: SigningKey) -> SimpleSigner:
    der = key.file.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificates = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    return SimpleSigner(Certificate.load(key.public.certificate_der), PrivateKeyInfo.load(der), certificates)
