"""Checks the container of a signature: the signed ranges, the CMS in the gap, and revisions whose every byte is an object's."""

from __future__ import annotations

import hashlib
import re
import zlib
from binascii import hexlify, unhexlify
from dataclasses import dataclass
from typing import NoReturn

from asn1crypto import cms, core, x509
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

# ---------------------------------------------------------------------------------------------------------------------
# Reads which bytes of a letter's file are signed, and by what: all of them but the signature itself, or it is
# refused.
#
# Read from the bytes alone, since two readers of PDF may take the same file for two different ones. Why that is
# enough: what is signed is the file without the gap. The only text `/ByteRange` stands outside the gap, for inside
# there are hexadecimal digits and nothing else; so it is itself signed, and it says where the gap is. Whoever lacks
# the key can therefore change nothing but those digits, and they must spell the signature.
# ---------------------------------------------------------------------------------------------------------------------


_MARK = b"/ByteRange"

_NUMBER = rb"([1-9][0-9]{0,8})"

# As the file is written when it is signed: the gap, then the range, padded with blanks to the room kept for its numbers.
_BEFORE_GAP = b" 0 obj\n<<\n/Contents "

_RANGE = re.compile(rb"\n/ByteRange \[0 " + _NUMBER + b" " + _NUMBER + b" " + _NUMBER + rb"\] *\n")

_HEX = re.compile(rb"<((?:[0-9A-F]{2})+)>")

_LONG_FORM_OF_TWO = b"\x30\x82"  # a DER sequence of 256 to 65,535 bytes, which every signature of ours is


class ContainerError(ValueError):
    """The file is not one that was signed and then left alone; ``word`` names the fault."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Container:
    """A file that is signed whole. ``start`` and ``stop`` bound the gap, ``cms`` (DER) is the signature in it."""

    pdf: bytes
    start: int
    stop: int
    cms: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of what is signed."""
        hashed = hashlib.sha256(memoryview(self.pdf)[: self.start])
        hashed.update(memoryview(self.pdf)[self.stop :])
        return hashed.digest()


def read_container(pdf: bytes) -> Container:
    """The container of these bytes. Raises ContainerError: unsigned, signed_twice, added, or changed."""
    marks = pdf.count(_MARK)
    if marks != 1:
        _refuse("signed_twice" if marks else "unsigned")
    at = pdf.index(_MARK) - 1
    found = _RANGE.match(pdf, max(at, 0))
    if found is None:
        _refuse("changed")
    start, stop, rest = (int(number) for number in found.groups())
    if stop + rest < len(pdf):
        _refuse("added")
    if stop + rest != len(pdf) or stop != at or not pdf.endswith(_BEFORE_GAP, 0, start):
        _refuse("changed")
    gap = _HEX.fullmatch(pdf, start, stop)
    if gap is None:
        _refuse("changed")
    return Container(pdf, start, stop, _signature(gap[1]))


def _signature(digits: bytes) -> bytes:
    """The signature at the head of the gap; behind it there may be zeros only."""
    filled = unhexlify(digits)
    if not filled.startswith(_LONG_FORM_OF_TWO):
        _refuse("signature_bad")
    length = 4 + int.from_bytes(filled[2:4], "big")
    if length > len(filled) or any(filled[length:]) or hexlify(filled).upper() != digits:
        _refuse("signature_bad")
    return filled[:length]


def _refuse(word: str) -> NoReturn:
    raise ContainerError(word)


# ---------------------------------------------------------------------------------------------------------------------
# Checks the signature in a letter's file: one signer, one certificate, and in the form in which letters are signed.
# ---------------------------------------------------------------------------------------------------------------------


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
    except MemoryError:
        raise  # that says nothing of the signature
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


# ---------------------------------------------------------------------------------------------------------------------
# Walks through a letter's file from its first byte to its last: two revisions, and no byte that belongs to none.
#
# A reader of PDF jumps from the end to where the tables say, and passes over the rest. Here every byte must be part
# of an object that a table names, or of the frame around the objects, so that two readers cannot see two different
# files.
# ---------------------------------------------------------------------------------------------------------------------


_HEADER = re.compile(rb"%PDF-1\.7\n%[\x80-\xff]{4}\n")

_OBJECT = re.compile(rb"([1-9][0-9]{0,6}) 0 obj\n")

_BODY_END = re.compile(rb">>\nstream\n|\nendobj\n")

_STREAM_END = b"\nendstream\nendobj\n"

_TAIL = re.compile(rb"\n?startxref\n([1-9][0-9]{0,8})\n%%EOF\n")

_LENGTH = re.compile(rb"/Length ([0-9]{1,8})(?![0-9]| [0-9]+ R)")

_LARGEST_TABLE = 16 * 1024 * 1024

_FREE, _PLAIN, _PACKED = 0, 1, 2


class RevisionError(ValueError):
    """The file is not put together as a letter is."""


@dataclass(frozen=True, slots=True)
class Object:
    """An object by its place in the file; ``head`` is its dictionary as it is written, ``data`` a stream's bytes."""

    number: int
    start: int
    stop: int
    head: bytes
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Revision:
    """What was written at once: its objects by number, and its table's own words. ``stop`` is the offset behind it."""

    objects: dict[int, Object]
    table: Object
    stop: int

    @property
    def root(self) -> int:
        """The number of the catalogue."""
        return _integer(self.table.head, rb"/Root ([0-9]+) 0 R")


def revisions_of(pdf: bytes) -> tuple[Revision, Revision]:
    """The letter as it was set, and what signing added. Raises RevisionError for anything else."""
    header = _HEADER.match(pdf)
    if header is None:
        _refuse_revision("it begins otherwise")
    first = _revision(pdf, header.end())
    second = _revision(pdf, first.stop)
    if second.stop != len(pdf):
        _refuse_revision("something is behind it")
    if b"/Prev" in first.table.head or _integer(second.table.head, rb"/Prev ([0-9]+)") != first.table.start:
        _refuse_revision("its revisions do not follow each other")
    if first.root != second.root or any(b"/Encrypt" in one.table.head for one in (first, second)):
        _refuse_revision("its tables differ")
    return first, second


def _revision(pdf: bytes, at: int) -> Revision:
    objects: dict[int, Object] = {}
    table = None
    while (tail := _TAIL.match(pdf, at)) is None:
        table = _object(pdf, at)
        if table.number in objects:
            _refuse_revision(f"object {table.number} stands there twice")
        objects[table.number] = table
        at = table.stop
    if table is None or int(tail[1]) != table.start:
        _refuse_revision("its table is elsewhere")
    revision = Revision(objects, table, tail.end())
    _must_list(revision)
    return revision


def _object(pdf: bytes, at: int) -> Object:
    opened = _OBJECT.match(pdf, at)
    found = None if opened is None else _BODY_END.search(pdf, opened.end())
    if opened is None or found is None:
        _refuse_revision(f"no object at byte {at}")
    head = pdf[opened.end() : found.start()]
    if found[0].endswith(b"endobj\n"):
        return Object(int(opened[1]), at, found.end(), head, None)
    stop = found.end() + _integer(head, _LENGTH.pattern)
    if not pdf.startswith(_STREAM_END, stop):
        _refuse_revision(f"the stream at byte {at} has another length")
    return Object(int(opened[1]), at, stop + len(_STREAM_END), head, pdf[found.end() : stop])


def _must_list(revision: Revision) -> None:
    """The table names every object at its own place, and nothing besides."""
    listed: dict[int, int] = {}
    for number, (kind, second, third) in _entries(revision.table):
        if kind == _FREE and number == 0:
            continue
        if kind == _PACKED and b"/ObjStm" in revision.objects[second].head:
            continue
        if kind != _PLAIN or third != 0 or number in listed:
            _refuse_revision(f"the table says something else of object {number}")
        listed[number] = second
    if listed != {number: one.start for number, one in revision.objects.items()}:
        _refuse_revision("the table names other objects than there are")


def _entries(table: Object) -> list[tuple[int, tuple[int, int, int]]]:
    """The rows of a cross-reference stream (ISO 32000-2, 7.5.8) with the numbers they stand for."""
    if table.data is None or b"/Type /XRef" not in table.head or b"/DecodeParms" in table.head:
        _refuse_revision("its table is none")
    widths = _integers(table.head, rb"/W \[([0-9 ]+)\]")
    size, parts = _integer(table.head, rb"/Size ([0-9]+)"), _integers(table.head, rb"/Index \[([0-9 ]+)\]")
    if len(widths) != 3 or max(widths) > 8 or len(parts) % 2:
        _refuse_revision("its table is none")
    inflater = zlib.decompressobj()
    rows = inflater.decompress(table.data, _LARGEST_TABLE)
    if not inflater.eof or inflater.unused_data:
        _refuse_revision("its table is longer than a letter's")
    spans, width = list(zip(parts[::2], parts[1::2], strict=True)), sum(widths)
    if len(rows) != width * sum(count for _, count in spans) or not width:  # before a list is made of what it claims
        _refuse_revision("its table has another length")
    numbers = [number for start, count in spans for number in range(start, start + count)]
    if len(set(numbers)) != len(numbers) or max(numbers, default=0) >= size:
        _refuse_revision("its table names an object twice")
    return [(number, _row(rows[at * width : (at + 1) * width], widths)) for at, number in enumerate(numbers)]


def _row(row: bytes, widths: list[int]) -> tuple[int, int, int]:
    first, second = widths[0], widths[0] + widths[1]
    return tuple(int.from_bytes(part, "big") for part in (row[:first], row[first:second], row[second:]))  # type: ignore[return-value]


def _integers(head: bytes, pattern: bytes) -> list[int]:
    found = re.findall(pattern, head)
    if len(found) != 1:
        _refuse_revision(f"{pattern!r} stands there {len(found)} times")
    return [int(one) for one in found[0].split()]


def _integer(head: bytes, pattern: bytes) -> int:
    return _integers(head, pattern)[0]


def _refuse_revision(why: str) -> NoReturn:
    raise RevisionError(why)
