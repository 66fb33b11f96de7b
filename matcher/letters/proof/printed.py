"""Reads what is printed in a file, sign by sign, whatever fonts and line breaks it was set with."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader

MOST_PAGES = 300


def printed_text(pdf: bytes) -> str:
    """All text on all pages without blanks and line ends. Raises pypdf's errors for a file that is no PDF."""
    reader = PdfReader(BytesIO(pdf))
    pages = reader.pages[:MOST_PAGES]
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages)) + "+" * (len(reader.pages) - len(pages))


def says_all(pdf: bytes, essentials: list[str]) -> bool:
    """Whether each of these stands somewhere in the print, whatever else the letter says."""
    try:
        text = printed_text(pdf)
    except Exception:
        return False
    return all(re.sub(r"\s", "", one) in text for one in essentials)
