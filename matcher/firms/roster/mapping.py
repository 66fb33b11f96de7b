"""What a row of a list comes to, and which columns it is read from: a person may set the mapping, so it is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.firms.faults import Fault, shown
from matcher.firms.roster.columns import NEEDED, Columns, parse
from matcher.rulebook import Rulebook, Text

Mapped = Mapping[int, str | None]
"""The fact (or `id`, `former_names`, `parent_id`) that each column (its index, from 0) holds; None and absent: not read."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell: its row (from 1) and column (index from 0, None where the column is missing)."""

    row: int
    column: int | None
    heading: str
    fact: str
    value: str
    reason: Text

    def to_json(self) -> dict[str, object]:
        """Return `{row, column, heading, fact, value, reason: {zh, en}}`."""
        return {
            "row": self.row,
            "column": self.column,
            "heading": self.heading,
            "fact": self.fact,
            "value": self.value,
            "reason": {"zh": self.reason.zh, "en": self.reason.en},
        }


@dataclass(frozen=True, slots=True)
class FirmRow:
    """One row. Where ``faults`` is not empty nothing of the row may be used: a firm is not judged by half of what it told.

    ``facts`` are as told, as a profile file would state them, name and credit code among them.
    """

    line: int
    name: str
    credit_code: str
    facts: dict[str, object]
    faults: tuple[CellFault, ...] = ()
    id: str = ""
    former_names: tuple[str, ...] = ()
    parent_id: str | None = None


def mapping_faults(rulebook: Rulebook, headings: Sequence[str], mapping: Mapped) -> list[Fault]:
    """Say why a list cannot be read by a mapping: a needed column is missing, a fact stands twice, a unit does not go with it."""
    columns, chosen = Columns(rulebook), {at: column for at, column in mapping.items() if column is not None}
    faults = []
    for at, column in chosen.items():
        heading = headings[at] if 0 <= at < len(headings) else ""
        if not (0 <= at < len(headings) and columns.is_known(column)):
            faults.append(_fault(column, heading, "没有这一列或这一项", "there is no such column or fact"))
        elif not columns.allows(parse(heading), column):
            label = columns.label(column)
            zh, en = f"列名中的单位不适用于“{label.zh}”", f"the unit in the heading is none for {label.en}"
            faults.append(_fault(column, heading, zh, en))
    for column in sorted({one for one in chosen.values() if list(chosen.values()).count(one) > 1}):
        faults.append(_fault(column, "", "有两列对应同一项，请只留一列", "two columns are this: keep one"))
    for needed in NEEDED:
        if needed not in chosen.values():
            label = columns.label(needed)
            zh, en = f"要指明哪一列是“{label.zh}”", f"say which column is {label.en}"
            faults.append(_fault(needed, "", zh, en))
    return faults


def cell_name(row: int, column: int) -> str:
    """`B5` for row 5 and column index 1."""
    return f"{column_name(column)}{row}"


def column_name(column: int) -> str:
    """`B` for column index 1."""
    letters, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def _fault(field: str, heading: str, zh: str, en: str) -> Fault:
    return Fault(field, None, shown(heading), Text(zh=zh, en=en))
