"""Opens the file of a letter: checks its signature, and takes out the receipt. The file may be anybody's."""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from matcher.letters.proof.faults import Fault, fault
from matcher.letters.proof.loop import outside_loop
from matcher.letters.proof.receipt import LARGEST as LARGEST_RECEIPT

LARGEST = 8 * 1024 * 1024
_START = b"%PDF-1."
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM", b"RIFF")

# What it would log about other people's broken files is in the faults, and a log is no place for it.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class SignedFile:
    """What was found in a file. ``certificate`` (DER) is the signer's, where the signature itself holds."""

    faults: tuple[Fault, ...]
    certificate: bytes | None = None
    receipt: bytes | None = None


def open_signed(pdf: bytes) -> SignedFile:
    """Look into a file; whatever is wrong with it is in the faults, nothing is raised."""
    if len(pdf) > LARGEST:
        return SignedFile((fault("too_large"),))
    if not pdf.startswith(_START):
        return SignedFile((fault("nothing_inside" if pdf.startswith(_PICTURES) else "not_a_letter"),))
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            return SignedFile((fault("encrypted"),))
        signatures = list(reader.embedded_signatures)
        if not signatures and "/AF" not in reader.root:
            return SignedFile((fault("nothing_inside"),))
        found, certificate = _signature(signatures)
        receipt = _receipt(reader)
    except Exception:  # a library's many ways to say that these bytes are no PDF of ours
        return SignedFile((fault("nothing_inside" if _is_plain(pdf) else "not_a_letter"),))
    faults = (*found, *([] if receipt is not None else [fault("no_receipt")]))
    return SignedFile(faults, certificate, receipt)


def _is_plain(pdf: bytes) -> bool:
    """Whether it looks like a whole PDF without a signature or an attachment, as scanners make them, more loosely."""
    ours = (b"/ByteRange", b"/EmbeddedFile")
    return b"/Page" in pdf and b"%%EOF" in pdf[-1024:] and not any(mark in pdf for mark in ours)


def _signature(signatures: list[EmbeddedPdfSignature]) -> tuple[tuple[Fault, ...], bytes | None]:
    if len(signatures) != 1:
        return (fault("signed_twice" if signatures else "unsigned"),), None
    signature = signatures[0]
    certificate = signature.signer_cert
    # Whom to trust is in the trust list; here the certificate vouches for itself, on the day the signature names.
    context = ValidationContext(
        trust_roots=[certificate], allow_fetching=False, moment=signature.self_reported_timestamp
    )
    status = outside_loop(lambda: validate_pdf_signature(signature, context))
    if not status.intact:
        return (fault("changed"),), None
    if not status.valid or not status.trusted:
        return (fault("signature_bad"),), None
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return (fault("added"),), None
    return (), bytes(certificate.dump())


def _receipt(reader: PdfFileReader) -> bytes | None:
    """The only attachment's bytes; None where there is not just one."""
    references = {reference.idnum: reference for reference in reader.root.raw_get("/AF").get_object()}
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    if len(references) != 1 or len(names) != 2:
        return None
    listed, attached = names[1], next(iter(references.values())).get_object()
    stream = attached["/EF"]["/F"]
    if listed["/EF"].raw_get("/F") != attached["/EF"].raw_get("/F"):
        return None
    return _inflated(stream)


def _inflated(stream: StreamObject | Any) -> bytes | None:
    """The stream's content, as far as a receipt may be long: a few bytes can stand for gigabytes."""
    if stream.get("/Filter") != "/FlateDecode":
        return None
    inflater = zlib.decompressobj()
    content = inflater.decompress(stream.encoded_data, LARGEST_RECEIPT + 1)
    return content if inflater.eof and len(content) <= LARGEST_RECEIPT else None
