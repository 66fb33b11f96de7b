"""Walks through a letter's file from its first byte to its last: two revisions, and no byte that belongs to none.

A reader of PDF jumps from the end to where the tables say, and passes over the rest. Here every byte must be part of an
object that a table names, or of the frame around the objects, so that two readers cannot see two different files.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import NoReturn

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
        _refuse("it begins otherwise")
    first = _revision(pdf, header.end())
    second = _revision(pdf, first.stop)
    if second.stop != len(pdf):
        _refuse("something is behind it")
    if b"/Prev" in first.table.head or _integer(second.table.head, rb"/Prev ([0-9]+)") != first.table.start:
        _refuse("its revisions do not follow each other")
    if first.root != second.root or any(b"/Encrypt" in one.table.head for one in (first, second)):
        _refuse("its tables differ")
    return first, second


def _revision(pdf: bytes, at: int) -> Revision:
    objects: dict[int, Object] = {}
    table = None
    while (tail := _TAIL.match(pdf, at)) is None:
        table = _object(pdf, at)
        if table.number in objects:
            _refuse(f"object {table.number} stands there twice")
        objects[table.number] = table
        at = table.stop
    if table is None or int(tail[1]) != table.start:
        _refuse("its table is elsewhere")
    revision = Revision(objects, table, tail.end())
    _must_list(revision)
    return revision


def _object(pdf: bytes, at: int) -> Object:
    opened = _OBJECT.match(pdf, at)
    found = None if opened is None else _BODY_END.search(pdf, opened.end())
    if opened is None or found is None:
        _refuse(f"no object at byte {at}")
    head = pdf[opened.end() : found.start()]
    if found[0].endswith(b"endobj\n"):
        return Object(int(opened[1]), at, found.end(), head, None)
    stop = found.end() + _integer(head, _LENGTH.pattern)
    if not pdf.startswith(_STREAM_END, stop):
        _refuse(f"the stream at byte {at} has another length")
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
            _refuse(f"the table says something else of object {number}")
        listed[number] = second
    if listed != {number: one.start for number, one in revision.objects.items()}:
        _refuse("the table names other objects than there are")


def _entries(table: Object) -> list[tuple[int, tuple[int, int, int]]]:
    """The rows of a cross-reference stream (ISO 32000-2, 7.5.8) with the numbers they stand for."""
    if table.data is None or b"/Type /XRef" not in table.head or b"/DecodeParms" in table.head:
        _refuse("its table is none")
    widths = _integers(table.head, rb"/W \[([0-9 ]+)\]")
    size, parts = _integer(table.head, rb"/Size ([0-9]+)"), _integers(table.head, rb"/Index \[([0-9 ]+)\]")
    if len(widths) != 3 or max(widths) > 8 or len(parts) % 2:
        _refuse("its table is none")
    inflater = zlib.decompressobj()
    rows = inflater.decompress(table.data, _LARGEST_TABLE)
    if not inflater.eof or inflater.unused_data:
        _refuse("its table is longer than a letter's")
    spans, width = list(zip(parts[::2], parts[1::2], strict=True)), sum(widths)
    if len(rows) != width * sum(count for _, count in spans) or not width:  # before a list is made of what it claims
        _refuse("its table has another length")
    numbers = [number for start, count in spans for number in range(start, start + count)]
    if len(set(numbers)) != len(numbers) or max(numbers, default=0) >= size:
        _refuse("its table names an object twice")
    return [(number, _row(rows[at * width : (at + 1) * width], widths)) for at, number in enumerate(numbers)]


def _row(row: bytes, widths: list[int]) -> tuple[int, int, int]:
    first, second = widths[0], widths[0] + widths[1]
    return tuple(int.from_bytes(part, "big") for part in (row[:first], row[first:second], row[second:]))  # type: ignore[return-value]


def _integers(head: bytes, pattern: bytes) -> list[int]:
    found = re.findall(pattern, head)
    if len(found) != 1:
        _refuse(f"{pattern!r} stands there {len(found)} times")
    return [int(one) for one in found[0].split()]


def _integer(head: bytes, pattern: bytes) -> int:
    return _integers(head, pattern)[0]


def _refuse(why: str) -> NoReturn:
    raise RevisionError(why)
