"""Signs a letter's file (PAdES B-B), opens such a file, checks its signature and takes out the receipt."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import TypeVar

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.tsp import SigningCertificateV2
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .container import Container, ContainerError, read_container, signer_of
from .contents import receipt_in
from .keys import SigningKey
from .verdict import Fault, fault

# ---------------------------------------------------------------------------------------------------------------------
# Calls pyHanko, which starts an event loop for every signature, wherever its caller may have one running already.
# ---------------------------------------------------------------------------------------------------------------------


T = TypeVar("T")


def outside_loop(work: Callable[[], T]) -> T:
    """What ``work`` returns or raises; in a thread of its own where this one has a running loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


# ---------------------------------------------------------------------------------------------------------------------
# Signs a letter's file (PAdES B-B) as an addition at its end, so that the letter before it stays byte for byte.
# ---------------------------------------------------------------------------------------------------------------------


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


class _Writer(IncrementalPdfFileWriter):
    """Adds to a file without calling it PDF 2.0, which pyHanko does for PAdES: PDF/A-3 is PDF 1.7 (ISO 19005-3, 5.1)."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        super().ensure_output_version(min(version, (1, 7)))  # type: ignore[no-untyped-call]


def sign_pdf(pdf: bytes, key: SigningKey, at: datetime) -> bytes:
    """The file with the centre's signature behind it; ``at`` is the moment that the signature states, aware."""
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=key.public.centre_name.zh,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,  # readers say of any addition that it is not allowed
    )
    writer = _Writer(BytesIO(pdf))
    signer = _PdfSigner(meta, _signer(key), at)
    signed = outside_loop(lambda: signer.sign_pdf(writer, bytes_reserved=_RESERVED))
    return bytes(signed.getbuffer())


def _signer(key: SigningKey) -> SimpleSigner:
    der = key.file.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificates = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    signer = SimpleSigner(Certificate.load(key.public.certificate_der), PrivateKeyInfo.load(der), certificates)
    signer.signed_attr_prov_spec = _SignedAttributes(key.public.certificate_der)
    return signer


class _SignedAttributes(SignedAttributeProviderSpec):
    """What PAdES signs beside the digest: which certificate it is (ETSI EN 319 142-1, 6.3), and nothing else."""

    def __init__(self, certificate: bytes) -> None:
        self._certificate = certificate

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterator[CMSAttributeProvider]:
        yield _WhichCertificate(self._certificate)


class _WhichCertificate(CMSAttributeProvider):
    """The attribute read from its bytes: one that was put together is encoded again at every look, forty times a signature."""

    attribute_type = "signing_certificate_v2"

    def __init__(self, certificate: bytes) -> None:
        self._certificate = certificate

    async def build_attr_value(self, dry_run: bool = False) -> SigningCertificateV2:
        return SigningCertificateV2.load(_which(self._certificate))


@lru_cache(maxsize=32)
def _which(certificate: bytes) -> bytes:
    return bytes(as_signing_certificate_v2(Certificate.load(certificate)).dump())


# ---------------------------------------------------------------------------------------------------------------------
# Opens the file of a letter: what is signed, by whom, and the receipt inside. The file may be anybody's.
#
# It is read as far as it is worth reading: its bytes first, then the signature, and its inside only when that holds.
# ---------------------------------------------------------------------------------------------------------------------


LARGEST = 8 * 1024 * 1024

_START = b"%PDF-1."

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM", b"RIFF")

_END_WITHIN = 1024  # where readers look for the end of a PDF

# What it would log about other people's broken files is in the faults, and a log is no place for it.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file whose signature holds over all of it; ``certificate`` (DER) is the signer's."""

    container: Container
    certificate: bytes


_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+\d+\s+(\d+)\s+(\d+)\s*\]")

_MOST_BLANKS = 64

_BLANKS = b" \t\r\n\0\x1a"


def trimmed(pdf: bytes) -> bytes:
    """The file without blanks and line ends that a mail or a copy left behind its end, which are nothing that anybody says."""
    ranges = _RANGE.findall(pdf[:LARGEST])
    if not ranges:
        return pdf
    end = sum(map(int, ranges[-1]))
    behind = pdf[end:]
    return pdf[:end] if 0 < len(behind) <= _MOST_BLANKS and not behind.strip(_BLANKS) else pdf


def open_signed(pdf: bytes) -> SignedFile | Fault:
    """Check the signature of a file, or say what is wrong with it. Nothing inside is read yet; nothing is raised."""
    if len(pdf) > LARGEST:
        return fault("too_large")
    if not pdf.startswith(_START):
        return fault("nothing_inside" if pdf.startswith(_PICTURES) else "not_a_letter")
    try:
        container = read_container(pdf)
        return SignedFile(container, signer_of(container))
    except ContainerError as error:
        # A print to a file may carry the signature along among what it no longer uses, without a form that has it.
        has_signature = error.word != "unsigned" and b"/AcroForm" in pdf
        return fault(error.word if has_signature else _unsigned(pdf))


def read_inside(file: SignedFile) -> bytes | Fault:
    """The receipt inside, or what is wrong with the file's make-up. Nothing is raised."""
    try:
        receipt = receipt_in(file.container)
    except MemoryError:
        raise
    except Exception:  # a library's many ways to say that this is no PDF of ours
        return fault("not_as_set")
    return fault("no_receipt") if receipt is None else receipt


def receipt_of_file(pdf: bytes) -> bytes | None:
    """The receipt inside a letter's file that was verified; None where there is none."""
    file = open_signed(trimmed(pdf))
    inside = file if isinstance(file, Fault) else read_inside(file)
    return None if isinstance(inside, Fault) else inside


def _unsigned(pdf: bytes) -> str:
    """What a file without a signature is: locked, a letter's draft, somebody's scan or print, or no PDF at all."""
    if b"%%EOF" not in pdf[-_END_WITHIN:]:
        return "not_a_letter"
    if b"/Encrypt" in pdf:
        return "encrypted"
    return "unsigned" if b"/EmbeddedFile" in pdf and b"/ByteRange" not in pdf else "nothing_inside"
