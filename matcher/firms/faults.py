"""Say what is wrong with an input, where it stands, what to do about it and which id was probably meant."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as _field

from matcher.rulebook import Rulebook, Text

# ---------------------------------------------------------------------------------------------------------------------
# Finds what no text may hold: halves of surrogate pairs, which JSON and YAML can spell and no database or page can
# keep.
# ---------------------------------------------------------------------------------------------------------------------


_HALF = re.compile("[\ud800-\udfff]")


def has_half_character(data: object) -> bool:
    """Whether a text, or any text in lists and objects at any depth, a key or a value, holds half a character."""
    level = [data]
    while level:
        below: list[object] = []
        for one in level:
            if isinstance(one, str) and _HALF.search(one):
                return True
            if isinstance(one, dict):
                below += [*one.keys(), *one.values()]
            elif isinstance(one, list | tuple):
                below += one
        level = below
    return False


# ---------------------------------------------------------------------------------------------------------------------
# Say what is wrong with an input, where it stands and what to do about it.
# ---------------------------------------------------------------------------------------------------------------------


FieldPath = tuple[str | int, ...]

LineOf = Callable[[FieldPath], int | None]

LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why an input cannot be used: the field, its line in the file where known, the value as given.

    ``path``: the keys and indices that lead to it from the top of the document; empty for the whole.
    """

    field: str
    line: int | None
    value: str
    text: Text
    path: FieldPath = _field(default=(), compare=False)

    @property
    def pointer(self) -> str:
        """The path as a JSON Pointer (RFC 6901): ``/facts/employees``."""
        return "".join("/" + shown(part).replace("~", "~0").replace("/", "~1") for part in self.path)

    def within(self, path: FieldPath) -> Fault:
        """The same fault of a document in which what was read stands at ``path``."""
        return replace(self, path=(*path, *self.path))

    def to_json(self) -> dict[str, object]:
        """Return `{field, line, value, text: {zh, en}}`."""
        return {
            "field": self.field,
            "line": self.line,
            "value": self.value,
            "text": self.text.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should see about an input that is nevertheless used; `code` is stable for programs."""

    code: str
    facts: tuple[str, ...]
    text: Text

    def to_json(self) -> dict[str, object]:
        """Return `{code, facts, text: {zh, en}}`, the shape of a decision's warnings."""
        return {"code": self.code, "facts": list(self.facts), "text": self.text.to_json()}


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


# ---------------------------------------------------------------------------------------------------------------------
# Find the id that a mistyped one was probably meant to be.
# ---------------------------------------------------------------------------------------------------------------------


LEAST = 65.0  # of 100; below it a suggestion is more often wrong than right

LONGEST = 100


def nearest(typed: str, known: Mapping[str, Iterable[str]]) -> str | None:
    """Return the id nearest to what was typed, or None; `known` gives for each id the labels it also goes by."""
    from rapidfuzz import fuzz, process, utils  # only a fault needs it: it would slow every start

    names = {name: name for name in known}
    for name, labels in known.items():
        for label in labels:
            names.setdefault(label, name)
    found = process.extractOne(
        typed[:LONGEST], list(names), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=LEAST
    )
    return names[found[0]] if found else None


def known_scheme(rulebook: Rulebook, slug: object) -> Text | None:
    """Return None where the rulebook has this scheme, else what to say about it."""
    if isinstance(slug, str) and slug in rulebook.schemes:
        return None
    name = shown(slug)
    known = {scheme.slug: (scheme.name.zh, scheme.name.en) for scheme in rulebook.schemes.values()}
    meant = nearest(str(slug), known)
    if meant is None:
        return Text(zh=f"没有编号为 {name} 的政策", en=f"there is no scheme {name}")
    label = rulebook.schemes[meant].name
    return Text(
        zh=f"没有编号为 {name} 的政策；是不是 {meant}（{label.zh}）？",
        en=f"there is no scheme {name}; perhaps {meant}?",
    )
