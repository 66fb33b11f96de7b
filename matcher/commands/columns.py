"""Lay text out in columns where a Chinese character is two wide and a line does not begin with a comma."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

WIDTH = 80
_NEVER_FIRST = set("，。；：、！？）】》」』”’％%…·,.;:!?)]}")
_NEVER_LAST = set("（【《「『“‘([{¥￥")


def columns(text: str) -> int:
    """Return how many columns a text takes on a terminal; characters of doubtful width count as two."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def wrap(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> list[str]:
    """Break a text into lines of at most `width` columns; `first` opens the first, `rest` (or spaces) the others."""
    following = " " * columns(first) if rest is None else rest
    lines, line, used = [], first, columns(first)
    fresh = True  # nothing but the opening stands on the line yet
    for unit in _units(text, width - max(columns(following), columns(first))):
        size = columns(unit.rstrip(" "))
        if not fresh and used + size > width:
            lines.append(line.rstrip(" "))
            line, used, fresh = following, columns(following), True
        if fresh:
            unit = unit.lstrip(" ")
        line += unit
        used += columns(unit)
        fresh = fresh and not unit
    return [*lines, line.rstrip(" ")]


def _units(text: str, widest: int) -> Iterator[str]:
    """Yield what must stay on one line: a Chinese character with its punctuation, a Latin word with its space."""
    unit = ""
    for char in " ".join(text.split()):
        if unit and (_may_break(unit[-1], char) or columns(unit + char) > max(widest, 4)):
            yield unit
            unit = ""
        unit += char
    if unit:
        yield unit


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return after != " "
    if after == " " or after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" or char in _NEVER_FIRST - set("%,.;:!?)]}")
