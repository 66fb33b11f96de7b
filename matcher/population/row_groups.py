"""Parquet files of one schema put together by copying: their row groups stay as they are, only the footer is made anew.

Encoding millions of lines takes longer than deciding them, so no line is encoded twice. A footer is a Thrift structure in the compact
protocol (https://parquet.apache.org/docs/file-format/, `FileMetaData` in parquet.thrift): it is read field by field, whatever the fields
are, and what counts bytes from the beginning of a file is moved on by what stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

MAGIC = b"PAR1"

_BLOCK = 2**20
"""Bytes copied at a time."""

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)

Struct = dict[int, tuple[int, Any]]
"""Of a Thrift structure, by the number of a field: its type and value."""

# Numbers of fields in parquet.thrift.
_SCHEMA, _ROWS, _ROW_GROUPS = 2, 3, 4
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_CHUNK_OFFSETS, _META_DATA = (2, 4, 6), 3
_PAGE_OFFSETS = (9, 10, 11, 14)


class NotParquetError(OSError):
    """A file that is no whole Parquet file, or one of another schema."""


def join(parts: Sequence[Path], out: Path) -> None:
    """Write one Parquet file that holds the row groups of all of these, in their order. Raises NotParquetError; OSError."""
    whole: Struct | None = None
    with out.open("wb") as written:
        written.write(MAGIC)
        for part in parts:
            with part.open("rb") as file:
                footer, end = _footer(file)
                _move(footer, written.tell() - len(MAGIC))
                if whole is None:
                    whole = footer
                elif whole[_SCHEMA] != footer[_SCHEMA]:
                    raise NotParquetError(f"{part.name} has other columns")
                else:
                    _add(whole, footer)
                file.seek(len(MAGIC))
                _copy(file, written, end - len(MAGIC))
        footer_bytes = bytearray()
        _write_struct(footer_bytes, whole or {})
        written.write(footer_bytes)
        written.write(len(footer_bytes).to_bytes(4, "little") + MAGIC)


def _footer(file: BinaryIO) -> tuple[Struct, int]:
    """What the footer of a file says, and where it begins."""
    size = file.seek(0, 2)
    file.seek(max(size - 8, 0))
    tail = file.read(8)
    end = size - 8 - int.from_bytes(tail[:4], "little")
    if tail[4:] != MAGIC or end < len(MAGIC):
        raise NotParquetError("the end of a Parquet file is missing")
    file.seek(end)
    try:
        return _Reader(file.read(size - 8 - end)).struct(), end
    except IndexError:
        raise NotParquetError("a Parquet file whose footer breaks off") from None


def _copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    while size:
        block = source.read(min(size, _BLOCK))
        if not block:
            raise NotParquetError("a Parquet file ends before its footer")
        target.write(block)
        size -= len(block)


def _move(footer: Struct, by: int) -> None:
    """Count all places of a file from so many bytes further on."""
    for group in _structs(footer, _ROW_GROUPS):
        group.pop(_ORDINAL, None)  # counts within one file; only encryption asks for it
        _shift(group, (_GROUP_OFFSET,), by)
        for chunk in _structs(group, _COLUMNS):
            _shift(chunk, _CHUNK_OFFSETS, by)
            if _META_DATA in chunk:
                _shift(cast(Struct, chunk[_META_DATA][1]), _PAGE_OFFSETS, by)


def _shift(struct: Struct, fields: Sequence[int], by: int) -> None:
    for field in fields:
        kind, value = struct.get(field, (0, 0))
        if value:  # 0: not said
            struct[field] = (kind, value + by)


def _structs(struct: Struct, field: int) -> list[Struct]:
    """The structures of a list."""
    return cast(list[Struct], struct[field][1][1]) if field in struct else []


def _add(whole: Struct, footer: Struct) -> None:
    _structs(whole, _ROW_GROUPS).extend(_structs(footer, _ROW_GROUPS))
    whole[_ROWS] = (whole[_ROWS][0], whole[_ROWS][1] + footer[_ROWS][1])


@dataclass(slots=True)
class _Reader:
    """Reads Thrift's compact protocol."""

    told: bytes
    at: int = 0

    def struct(self) -> Struct:
        found, field = Struct(), 0
        while head := self._byte():
            kind, delta = head & 15, head >> 4
            field = field + delta if delta else self._whole()
            found[field] = (kind, self._value(kind))
        return found

    def _value(self, kind: int) -> Any:
        if kind in (_TRUE, _FALSE):
            return kind == _TRUE
        if kind in _INTEGERS:
            return self._whole()
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind in (_LIST, _SET):
            head = self._byte()
            size, inner = head >> 4, head & 15
            size = self._varint() if size == 15 else size
            flat = inner in (_TRUE, _FALSE, _BYTE)  # yes or no is a byte of its own here
            return inner, [self._byte() if flat else self._value(inner) for _ in range(size)]
        if kind == _STRUCT:
            return self.struct()
        if kind in (_BYTE, _DOUBLE):
            return self._bytes(1 if kind == _BYTE else 8)
        raise NotParquetError(f"a footer with a field of type {kind}")  # a map: the format has none

    def _byte(self) -> int:
        self.at += 1
        return self.told[self.at - 1]

    def _bytes(self, size: int) -> bytes:
        self.at += size
        return self.told[self.at - size : self.at]

    def _varint(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7

    def _whole(self) -> int:
        folded = self._varint()
        return (folded >> 1) ^ -(folded & 1)


def _write_struct(out: bytearray, struct: Struct) -> None:
    last = 0
    for field, (kind, value) in sorted(struct.items()):
        delta = field - last
        if 0 < delta <= 15:
            out.append(delta << 4 | kind)
        else:
            out.append(kind)
            _write_whole(out, field)
        last = field
        if kind not in (_TRUE, _FALSE):  # these are their own value
            _write_value(out, kind, value)
    out.append(0)


def _write_value(out: bytearray, kind: int, value: Any) -> None:
    if kind in _INTEGERS:
        _write_whole(out, value)
    elif kind == _BINARY:
        _write_varint(out, len(value))
        out += value
    elif kind in (_LIST, _SET):
        inner, items = value
        if len(items) < 15:
            out.append(len(items) << 4 | inner)
        else:
            out.append(15 << 4 | inner)
            _write_varint(out, len(items))
        for item in items:
            if inner in (_TRUE, _FALSE, _BYTE):
                out.append(item)
            else:
                _write_value(out, inner, item)
    elif kind == _STRUCT:
        _write_struct(out, value)
    else:
        out += value


def _write_varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _write_whole(out: bytearray, value: int) -> None:
    _write_varint(out, value << 1 if value >= 0 else (-value << 1) - 1)
