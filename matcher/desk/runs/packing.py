"""Packs the letters of a run when they are fetched, out of the register: one archive, and files to print in parts.

Nothing of it is kept, since the register has every letter already; whatever their number, few are in memory at a time.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

import pikepdf
from sqlalchemy import Engine

from matcher.store import kept_file, reading

Letters = Sequence[tuple[str, str | None]]
"""Letters as number and firm."""

Read = Callable[[str], bytes]
"""Gives the signed file of a letter."""

PRINTED = 100
"""Letters in one file to print: half a ream of paper, 20 MB, and some 100 MB of memory while they are joined."""

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_LONGEST_NAME = 60
_PIECE = 2**18
_DATED = (1980, 1, 1, 0, 0, 0)


def reader(engine: Engine) -> Read:
    """Reads letters one at a time, each by itself: a slow download holds up nobody."""

    def read(number: str) -> bytes:
        with reading(engine) as opened:
            return kept_file(opened, number)

    return read


def archive(letters: Iterable[tuple[str, str | None]], read: Read) -> Iterator[bytes]:
    """The signed files in a ZIP, piece by piece, each called by its number and firm; the same letters give the same bytes."""
    out = _Window()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:  # the files are packed in themselves
        for number, name in letters:
            packed.writestr(zipfile.ZipInfo(f"{_safe(number)}-{_safe(name or '')}.pdf", _DATED), read(number))
            yield out.taken()
    yield out.taken()


def parts(letters: int) -> list[range]:
    """How so many letters are dealt into files to print: the places of each part, from 0."""
    return [range(start, min(start + PRINTED, letters)) for start in range(0, letters, PRINTED)]


def printed(letters: Letters, part: range, read: Read) -> Iterator[bytes]:
    """A part of the letters in one file, piece by piece. Their signatures cannot be in it; the codes on the pages hold."""
    with tempfile.TemporaryFile() as out:
        _join(letters[part.start : part.stop], read, out)
        out.seek(0)
        while piece := out.read(_PIECE):
            yield piece


def _join(letters: Letters, read: Read, out: BinaryIO) -> None:
    sources = []
    with pikepdf.new() as together:
        for number, _ in letters:
            letter = pikepdf.open(io.BytesIO(read(number)))
            sources.append(letter)  # their streams are read when all is written
            for page in letter.pages:
                if "/Annots" in page:  # the field of the signature, which does not cover this file
                    del page["/Annots"]
            together.pages.extend(letter.pages)
        together.save(out, min_version="1.7", deterministic_id=True)
    for letter in sources:
        letter.close()


class _Window(io.BytesIO):
    """What was written since it was last taken; places in it count from the beginning of the whole."""

    _gone = 0

    def tell(self) -> int:
        return self._gone + super().tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._gone + super().seek(offset - self._gone if whence == io.SEEK_SET else offset, whence)

    def taken(self) -> bytes:
        """Take what is there; it can be written over no more."""
        content = self.getvalue()
        self._gone += len(content)
        super().seek(0)
        self.truncate(0)
        return content


def _safe(name: str) -> str:
    return _FORBIDDEN.sub("", name).strip(" .")[:_LONGEST_NAME] or "-"
