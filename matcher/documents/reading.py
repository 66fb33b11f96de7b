"""Reads a document in a process of its own with limits on its time and memory; nothing of it is kept or logged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from matcher.sandbox import Limits, Sandbox, TooHeavy

from .forms import Findings, find
from .pages import MOST_PAGES as MOST_PAGES
from .pages import Refusal as Refusal
from .pages import Refused as Refused
from .pages import pdf_parts, sheet_parts

LARGEST = 5 * 1024**2

"""Bytes of a document; a return with all its tables has less than one million."""

# An honest return takes less than a second of computing.
SANDBOX = Sandbox(
    Limits(computing_seconds=6, seconds=20, memory=1024**3, niceness=5),
    ["matcher.documents.reading"],
    waiting=2,
    patience=5.0,
)

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")

_TEXTS = (".csv", ".tsv", ".xls", ".xlsx")


def read(content: bytes, name: str, as_of: date, districts: Mapping[str, str]) -> Findings:
    """What a document says of the facts of a firm, asked on this day.

    :param name: the file's name; of it only the ending matters, and only for a spreadsheet.
    :param districts: the values of the fact ``district`` by their Chinese names.
    :raises Refused: with the reason in one word.
    :raises Unreadable: (of matcher.firms) for a spreadsheet that cannot be read.
    :raises Busy: (of matcher.sandbox) where other documents are being read in this process.
    """
    if not content:
        raise Refused("no_file")
    if len(content) > LARGEST:
        raise Refused("too_big")
    if content.startswith(_PICTURES):
        raise Refused("picture")
    is_pdf = b"%PDF" in content[:1024]
    ending = ".xlsx" if content.startswith(b"PK\x03\x04") else Path(name).suffix.lower()
    if not is_pdf and ending not in _TEXTS:
        raise Refused("wrong_kind")
    try:
        return SANDBOX.run(_read, content, "" if is_pdf else f"sheet{ending}", as_of, dict(districts))
    except TooHeavy:
        raise Refused("too_heavy") from None


def _read(content: bytes, name: str, as_of: date, districts: dict[str, str]) -> Findings:
    parts = sheet_parts(content, name) if name else pdf_parts(content)
    return find(parts, as_of, districts)
