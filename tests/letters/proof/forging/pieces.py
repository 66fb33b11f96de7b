"""Takes a PDF apart into its objects and puts objects together again at any place of a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pikepdf

Change = Callable[[pikepdf.Pdf], None]


@dataclass
class Pieces:
    """The objects of a file by number, each as it is written, and what its trailer says besides the size."""

    objects: dict[int, bytes]
    root: int
    signature: int  # the number of the signature's dictionary

    def table(self, places: dict[int, int]) -> bytes:
        """A table that says where each object is, and the trailer behind it."""
        size = max(self.objects) + 1
        rows = [b"0000000000 65535 f \n"]
        rows += [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 00000 f \n" for n in range(1, size)]
        return b"xref\n0 %d\n%strailer\n<< /Size %d /Root %d 0 R >>\n" % (size, b"".join(rows), size, self.root)


@dataclass(frozen=True)
class Genuine:
    """A genuine letter cut where its signature cuts it: before the gap, behind it, and the signature itself."""

    pdf: bytes
    before: bytes
    behind: bytes
    cms: bytes

    @property
    def signed(self) -> bytes:
        """All that is signed."""
        return self.before + self.behind

    @property
    def table_at(self) -> int:
        """Where its last table is, as the signed end of the file says."""
        return int(self.behind.rsplit(b"startxref\n", 1)[1].split()[0])


def cut(pdf: bytes) -> Genuine:
    """Cut a letter into its parts."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", pdf)
    assert found is not None
    start, stop = int(found[1]), int(found[2])
    filled = bytes.fromhex(pdf[start + 1 : stop - 1].decode())
    return Genuine(pdf, pdf[:start], pdf[stop:], filled[: 4 + int.from_bytes(filled[2:4], "big")])


def changed(pdf: bytes, change: Change) -> bytes:
    """The file written anew after a change, its objects one after the other."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        change(opened)
        opened.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=True)
    return out.getvalue()


def taken_apart(pdf: bytes) -> Pieces:
    """The objects of a file that `changed` wrote."""
    at = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    rows = re.findall(rb"^(\d{10}) 00000 n ", pdf[at:], re.MULTILINE)
    places = sorted(int(row) for row in rows)
    objects = {}
    for start, stop in zip(places, [*places[1:], at], strict=True):
        objects[int(pdf[start:].split(None, 1)[0])] = pdf[start:stop]
    root = re.search(rb"/Root (\d+) 0 R", pdf[at:])
    assert root is not None
    signature = next((number for number, text in objects.items() if b"/ByteRange" in text), 0)
    return Pieces(objects, int(root[1]), signature)


def literal(data: bytes) -> bytes:
    """Bytes as a literal string, one byte for each but the few that must be escaped."""
    escaped = data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"\\r")
    return b"(" + escaped + b")"
