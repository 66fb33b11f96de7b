"""Reads what a person typed into a field (３０万, 3,000,000, 2022年3月1日) and says it back in words.

The reading itself is that of lists too (`matcher.firms.written`); what a browser may send besides is dealt with here.
"""

import unicodedata

from matcher.firms.written import Plain, iso_date, number, plain, share, typed

__all__ = [
    "LONGEST_ENTRY",
    "Plain",
    "iso_date",
    "number",
    "plain",
    "printable",
    "share",
    "shown",
    "typed",
    "unprintable",
]

LONGEST_ENTRY = 200
# Of a longer entry so much is shown again: enough to know it by, and still too long to pass unseen.
_LONGEST_SHOWN = 2 * LONGEST_ENTRY


def unprintable(text: str) -> bool:
    """Whether a text holds characters that no keyboard types: controls, halves of surrogate pairs, broken bytes."""
    return any(unicodedata.category(c) in ("Cc", "Cs") or c == "\ufffd" for c in text)


def printable(text: str) -> str:
    """The text without those characters, fit to be shown again in its field."""
    return "".join(c for c in text if not unprintable(c))


def shown(text: str) -> str:
    """What a field shows again of what was typed into it: trimmed, printable, and not without end."""
    return printable(text.strip()[:_LONGEST_SHOWN])
