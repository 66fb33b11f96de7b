"""Hold what a file says as plain data that knows the line of every field, whichever notation it came in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from matcher.firms.faults import Fault, FieldPath, Unreadable, shown
from matcher.rulebook import Text

MAX_BYTES = 10_000_000
MAX_DEPTH = 12  # a profile has two levels, a file of worked cases six


@dataclass(frozen=True, slots=True)
class Document:
    """Data made of dict, list, str, Numeral, bool and None; `find_line` may be slow, it is for faults only."""

    data: object
    find_line: Callable[[FieldPath], int | None]
    faults: tuple[Fault, ...] = field(default=())


def refuse(line: int | None, zh: str, en: str, value: str = "") -> Unreadable:
    """Return the exception for a file that cannot be read as a whole."""
    return Unreadable([Fault("file", line, value, Text(zh=zh, en=en))])


def twice(path: FieldPath, first: int | None, line: int | None) -> Fault:
    """Return the fault of a key that stands twice in one object."""
    key = shown(path[-1])
    zh = f"{key} 写了两次" + (f"（第 {first} 行和第 {line} 行）" if first and line else "") + "，请只留一个"
    en = f"{key} stands twice" + (f" (lines {first} and {line})" if first and line else "") + ": keep one"
    return Fault(key, line, "", Text(zh=zh, en=en))


def half_character(line: int | None) -> Unreadable:
    """Return the exception for an escape such as \\ud800, which is half a character and stands for nothing."""
    return refuse(
        line,
        "含有不完整的字符（如 \\ud800），请改正后再传",
        "holds half a character (such as \\ud800): write the whole one",
    )


def too_deep(line: int | None) -> Unreadable:
    """Return the exception for brackets or blocks nested deeper than any profile needs."""
    return refuse(line, f"嵌套超过 {MAX_DEPTH} 层", f"is nested more than {MAX_DEPTH} levels deep")
