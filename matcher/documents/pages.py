"""Lays a PDF's text, or a workbook's cells, out as rows of words; of a PDF only the text layer is read."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError

from matcher.firms.spreadsheets import open_sheets
from matcher.sandbox import TooHeavy

MOST_PAGES = 40

Refusal = Literal["no_file", "too_big", "wrong_kind", "picture", "encrypted", "broken", "too_many_pages", "too_heavy"]

# Rows of a sheet that are looked at: no official form has more.
_MOST_ROWS = 2_000

# With fewer characters than these a file is a picture with at most a stamp of the program that made it.
_LEAST_TEXT = 20

# Two pieces of text whose base lines are nearer than this part of their size stand in one row.
_SAME_ROW = 0.35


class Refused(Exception):
    """The file cannot be read; ``word`` says why."""

    def __init__(self, word: Refusal) -> None:
        super().__init__(word)
        self.word: Refusal = word


@dataclass(frozen=True, slots=True)
class Row:
    """The words of a row from left to right, none empty and none with a blank; ``page`` counts from 1 (None: of a sheet)."""

    words: tuple[str, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A PDF's rows, page after page, or those of one sheet, which has a name."""

    rows: tuple[Row, ...]
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text as it is drawn: where it begins, in points from the left and from the bottom, and how large it is."""

    x: float
    y: float
    size: float
    text: str


def pdf_parts(content: bytes) -> tuple[Part, ...]:
    """The text layer of a PDF. Raises Refused; TooHeavy where a stream unpacks to more than pypdf takes."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # its warnings quote the file
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("encrypted")
        pages = list(islice(reader.pages, MOST_PAGES + 1))
        if len(pages) > MOST_PAGES:
            raise Refused("too_many_pages")
        rows = tuple(Row(words, at) for at, page in enumerate(pages, start=1) for words in _rows_of(page))
    except LimitReachedError:
        raise TooHeavy from None
    except (Refused, MemoryError, RecursionError):
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, NotImplementedError, OSError):
        # A file that breaks the format makes the library fail in many ways; all mean the same to its owner.
        raise Refused("broken") from None
    if sum(len(word) for row in rows for word in row.words) < _LEAST_TEXT:
        raise Refused("picture")
    return (Part(rows),)


def sheet_parts(content: bytes, name: str) -> tuple[Part, ...]:
    """The visible sheets of a workbook, or a .csv. Raises Unreadable (of matcher.firms)."""
    parts = []
    for sheet in open_sheets(content, name):
        rows = tuple(Row(_words(cells)) for _, cells in islice(sheet.rows, _MOST_ROWS))
        parts.append(Part(rows, sheet.name or ""))
    return tuple(parts)


def _words(cells: Sequence[Any]) -> tuple[str, ...]:
    return tuple(word for cell in cells if (word := "".join(str(cell).split())))


def _rows_of(page: Any) -> list[tuple[str, ...]]:
    """The rows of a page from the top: what stands at one height, from left to right."""
    pieces: list[_Piece] = []

    def see(text: str, cm: Sequence[float], tm: Sequence[float], _: object, size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            pieces.append(_Piece(x, y, abs(size * tm[3] * cm[3]) or abs(size), text))

    page.extract_text(visitor_text=see)
    pieces.sort(key=lambda one: -one.y)
    rows: list[list[_Piece]] = []
    for piece in pieces:
        if rows and abs(rows[-1][0].y - piece.y) <= _SAME_ROW * max(piece.size, 1.0):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_in_words(row) for row in rows]


def _in_words(row: list[_Piece]) -> tuple[str, ...]:
    """The words of a row. What is drawn from one place in several pieces is one text; another place begins another word."""
    text, last = "", None
    for piece in sorted(row, key=lambda one: one.x):
        text += piece.text if last is not None and last.x == piece.x else f" {piece.text}"
        last = piece
    return tuple(text.split())
