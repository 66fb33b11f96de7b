"""Compares what is printed in two files, sign by sign, whatever fonts and line breaks they were set with."""

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


def says_the_same(pdf: bytes, made_again: bytes) -> bool:
    """Whether a signed file prints what the letter made again prints."""
    try:
        return printed_text(pdf) == printed_text(made_again)
    except Exception:  # a text that cannot be read is not the letter's
        return False


def says_all(pdf: bytes, essentials: list[str]) -> bool:
    """Whether each of these stands somewhere in the print, for a letter that another version of the program worded."""
    try:
        text = printed_text(pdf)
    except Exception:
        return False
    return all(re.sub(r"\s", "", one) in text for one in essentials)
