"""Read a file of one firm (.json, .yaml) or of many (.jsonl) into profiles, each with its faults, within stated sizes."""

from __future__ import annotations

import codecs
import datetime
import errno
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from matcher.engine import NO_ITEMS, Items
from matcher.rulebook import Rulebook
from matcher.rulebook.language import Scalar

from .faults import Fault, Remark, Unreadable, shown
from .items import read_items
from .notation import MAX_BYTES, Document, read_json, read_yaml, refuse
from .profile import Envelope, open_envelope, read_facts, remarks

# ---------------------------------------------------------------------------------------------------------------------
# Turn bytes into text and tell which notation they are in, within stated sizes.
# ---------------------------------------------------------------------------------------------------------------------


def read_all(stream: BinaryIO) -> bytes:
    """Return what the stream still holds. Raises Unreadable where that is more than one profile can be."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        megabytes = MAX_BYTES // 1_000_000
        raise refuse(
            None, f"超过 {megabytes} MB，不是一家企业的资料", f"is larger than {megabytes} MB: not one profile"
        )
    return data


def decode(data: bytes, line: int = 1) -> str:
    """Return UTF-8 text without its byte-order mark. Raises Unreadable with the line of the first strange byte."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise refuse(line, "是 UTF-16 编码，请另存为 UTF-8", "is encoded in UTF-16: save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        guess = "，看来是 GBK" if _is_gbk(data) else ""
        raise refuse(
            line, f"不是 UTF-8 编码{guess}，请另存为 UTF-8", "is not encoded in UTF-8: save it as UTF-8"
        ) from None


def _is_gbk(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def read_document(data: bytes, notation: str) -> Document:
    """Read one document; `notation` is json, yaml or "" (a brace or bracket first means JSON). Raises Unreadable."""
    text = decode(data)
    if notation == "json" or (not notation and text.lstrip()[:1] in {"{", "["}):
        return read_json(text)
    return read_yaml(text)


def is_lines(data: bytes) -> bool:
    """True if bytes of no stated notation are many JSON objects, one a line, rather than one document."""
    rows = [row.strip() for row in data.splitlines() if row.strip()]
    return len(rows) > 1 and rows[0].startswith(b"{") and rows[0].endswith(b"}") and rows[1].startswith(b"{")


# ---------------------------------------------------------------------------------------------------------------------
# Read a file of one firm (.json, .yaml) or of many (.jsonl) into profiles, each with its faults.
# ---------------------------------------------------------------------------------------------------------------------


_NOTATIONS = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}

_MANY = {".jsonl", ".ndjson"}


@dataclass(frozen=True, slots=True)
class Profile:
    """One firm's facts and what was asked about it; where `faults` is not empty the rest must not be decided on."""

    id: str
    as_of: datetime.date | None
    schemes: tuple[str, ...] | None
    facts: Mapping[str, Scalar]
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Remark, ...] = ()
    items: Items = NO_ITEMS


@dataclass(frozen=True, slots=True)
class Batch:
    """The profiles of one input, read as they are asked for; `many` says that each stands on a line of its own."""

    stem: str
    many: bool
    profiles: Iterator[Profile]


def open_profiles(rulebook: Rulebook, name: str, stdin: BinaryIO) -> Batch:
    """Open FILE, or standard input for `-`. Nothing is raised: what is wrong comes out as faults."""
    if name == "-":
        return _of_stream(rulebook, stdin, "stdin", "")
    path = Path(name)
    suffix, stem = path.suffix.lower(), _printable(path.stem)
    try:
        with path.open("rb") as stream:
            if suffix not in _MANY:
                return _of_stream(rulebook, stream, stem, _NOTATIONS.get(suffix, ""))
    except (OSError, ValueError) as error:
        return _failed(stem, _unopened(name, error))
    # Opened again when the first line is asked for: an iterator that is never begun must not hold a file.
    return Batch(path.stem, True, _lines(rulebook, lambda: path.open("rb"), stem))


def open_document(name: str, stdin: BinaryIO) -> Document:
    """Read FILE, or standard input for `-`, as one document. Raises Unreadable."""
    try:
        if name == "-":
            return read_document(read_all(stdin), "")
        with Path(name).open("rb") as stream:
            return read_document(read_all(stream), _NOTATIONS.get(Path(name).suffix.lower(), ""))
    except (OSError, ValueError) as error:
        raise _unopened(name, error) from None


def _of_stream(rulebook: Rulebook, stream: BinaryIO, stem: str, notation: str) -> Batch:
    try:
        data = read_all(stream)
        if not notation and is_lines(data):
            return Batch(stem, True, _lines(rulebook, lambda: io.BytesIO(data), stem))
        document = read_document(data, notation)
    except Unreadable as error:
        return _failed(stem, error)
    except OSError as error:
        return _failed(stem, refuse(None, f"读不出来（{error.strerror}）", f"cannot be read: {error.strerror}"))
    return Batch(stem, False, iter([read_profile(rulebook, document, stem)]))


def _printable(name: str) -> str:
    """Return a file's name as an id that any terminal and any JSON reader takes; names may hold any bytes."""
    return "".join(char if char.isprintable() else "�" for char in name)


def _unopened(name: str, error: OSError | ValueError) -> Unreadable:
    reason = getattr(error, "strerror", None) or str(error)
    zh = {errno.ENOENT: "没有这个文件", errno.EISDIR: "这是文件夹，不是文件", errno.EACCES: "没有读取权限"}.get(
        getattr(error, "errno", 0), f"打不开（{reason}）"
    )
    return refuse(None, zh, f"cannot be opened: {reason}", shown(name))


def _failed(stem: str, error: Unreadable) -> Batch:
    return Batch(stem, False, iter([Profile(stem, None, None, {}, error.faults)]))


def _lines(rulebook: Rulebook, opened: Callable[[], BinaryIO], stem: str) -> Iterator[Profile]:
    """Yield a profile for every line that is not blank; a bad one carries its faults and the rest go on."""
    with opened() as stream:
        for number, row in enumerate(_rows(stream), start=1):
            if row is not None and not row.strip():
                continue
            name = f"{stem}-{number}"
            try:
                yield read_profile(rulebook, _line_document(row, number), name, number)
            except Unreadable as error:
                yield Profile(name, None, None, {}, error.faults)


def _rows(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a stream, None for one that is longer than a profile may be."""
    while row := stream.readline(MAX_BYTES + 1):
        if len(row) <= MAX_BYTES:
            yield row
            continue
        while row and not row.endswith(b"\n"):
            row = stream.readline(MAX_BYTES)
        yield None


def _line_document(row: bytes | None, number: int) -> Document:
    if row is None:
        megabytes = MAX_BYTES // 1_000_000
        raise refuse(number, f"这一行超过 {megabytes} MB", f"the line is longer than {megabytes} MB")
    return read_json(decode(row, number), number)


def read_profile(
    rulebook: Rulebook, document: Document, stem: str, line: int | None = None, *, strict: bool = False
) -> Profile:
    """Read a document that is one profile. Nothing is raised: see its faults.

    `stem` is its id where it states none; `strict` as in `open_envelope`.
    """
    envelope: Envelope = open_envelope(rulebook, document, line, strict=strict)
    facts, found = read_facts(rulebook, envelope.facts, envelope.fact_line)
    faults = [fault.within(envelope.facts_path) for fault in found]
    items = NO_ITEMS
    if envelope.items is not None or envelope.items_complete is not None:
        read = read_items(rulebook, envelope.items, envelope.items_complete, facts, envelope.line_of)
        facts, items = read.firm, read.items
        faults += read.faults
    return Profile(
        id=envelope.id or stem,
        as_of=envelope.as_of,
        schemes=envelope.schemes,
        facts=facts,
        faults=(*document.faults, *envelope.faults, *faults),
        remarks=remarks(envelope.facts),
        items=items,
    )
