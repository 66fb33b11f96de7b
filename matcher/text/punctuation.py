"""The marks that part and end what is written, in each language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Punctuation:
    """The marks of one language, each with the blank that follows it there."""

    colon: str
    semicolon: str
    comma: str
    pause: str  # between the members of a row: 甲、乙
    stop: str
    blank: str  # between two sentences or words; nothing in Chinese
    brackets: tuple[str, str]

    def listed(self, parts: Iterable[str]) -> str:
        """Several things in a row: 甲、乙, or a, b."""
        return self.pause.join(parts)

    def bracketed(self, text: str) -> str:
        """The text in brackets, to be put behind a word as it is."""
        opened, closed = self.brackets
        return f"{opened}{text}{closed}"


_CHINESE = Punctuation("：", "；", "，", "、", "。", "", ("（", "）"))
_ENGLISH = Punctuation(": ", "; ", ", ", ", ", ".", " ", (" (", ")"))


def punctuation(lang: str) -> Punctuation:
    """The marks of ``lang``: zh or en."""
    return _ENGLISH if lang == "en" else _CHINESE
