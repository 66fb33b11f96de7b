"""Opens the file of a letter: what is signed, by whom, and the receipt inside. The file may be anybody's.

It is read as far as it is worth reading: its bytes first, then the signature, and its inside only when that holds.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from matcher.letters.proof.cms import signer_of
from matcher.letters.proof.container import Container, ContainerError, read_container
from matcher.letters.proof.contents import receipt_in
from matcher.letters.proof.faults import Fault, fault

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
    except Exception:  # a library's many ways to say that this is no PDF of ours
        return fault("not_as_set")
    return fault("no_receipt") if receipt is None else receipt


def _unsigned(pdf: bytes) -> str:
    """What a file without a signature is: locked, a letter's draft, somebody's scan or print, or no PDF at all."""
    if b"%%EOF" not in pdf[-_END_WITHIN:]:
        return "not_a_letter"
    if b"/Encrypt" in pdf:
        return "encrypted"
    return "unsigned" if b"/EmbeddedFile" in pdf and b"/ByteRange" not in pdf else "nothing_inside"
