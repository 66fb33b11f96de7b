"""What an examination of an installation finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matcher.rulebook import Text

Grade = Literal["good", "warning", "wrong"]


@dataclass(frozen=True)
class Finding:
    """What was found of one thing: ``wrong`` stops the site or a letter, ``warning`` does not yet. Its text says how to mend it."""

    part: str
    grade: Grade
    text: Text


def wrong(part: str, zh: str, en: str) -> Finding:
    """Something that stops the site or a letter."""
    return Finding(part, "wrong", Text(zh=zh, en=en))


def warning(part: str, zh: str, en: str) -> Finding:
    """Something that stops nothing yet."""
    return Finding(part, "warning", Text(zh=zh, en=en))


def good(part: str, zh: str, en: str) -> Finding:
    """Something that is as it should be."""
    return Finding(part, "good", Text(zh=zh, en=en))
