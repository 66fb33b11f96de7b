"""Say what is wrong with an input, where it stands and what to do about it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from matcher.rulebook import Text

FieldPath = tuple[str | int, ...]
LineOf = Callable[[FieldPath], int | None]
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why an input cannot be used: the field, its line in the file where known, the value as given."""

    field: str
    line: int | None
    value: str
    text: Text

    def to_json(self) -> dict[str, object]:
        """Return `{field, line, value, text: {zh, en}}`."""
        return {
            "field": self.field,
            "line": self.line,
            "value": self.value,
            "text": {"zh": self.text.zh, "en": self.text.en},
        }


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should see about an input that is nevertheless used; `code` is stable for programs."""

    code: str
    facts: tuple[str, ...]
    text: Text

    def to_json(self) -> dict[str, object]:
        """Return `{code, facts, text: {zh, en}}`, the shape of a decision's warnings."""
        return {"code": self.code, "facts": list(self.facts), "text": {"zh": self.text.zh, "en": self.text.en}}


class Unreadable(Exception):
    """The input as a whole cannot be read; `faults` says why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.text.en for fault in self.faults))

    def __reduce__(self) -> tuple[type[Unreadable], tuple[tuple[Fault, ...]]]:
        """So that it can be raised in one process and caught in another."""
        return Unreadable, (self.faults,)


def shown(value: object) -> str:
    """Return a value as its writer would recognise it: short, on one line, printable in any encoding of Unicode."""
    if isinstance(value, str):
        return _printable(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return "{…}" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[…]" if value else "[]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int) and value.bit_length() > 8 * LONGEST_SHOWN:  # printing it could take minutes
        return f"{'-' if value < 0 else ''}10^{value.bit_length() * 3 // 10}…"
    return _printable(str(value))


def _printable(text: str) -> str:
    short = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in short)
