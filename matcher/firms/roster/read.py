"""Reads rows into firms: checks each cell, names every fault with its line, and takes no credit code twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from matcher.firms.documents import refuse
from matcher.firms.faults import Fault, shown
from matcher.firms.profile import read_facts
from matcher.firms.roster.columns import NEEDED, OWN, column_of, value_of
from matcher.firms.roster.sheets import Row, open_rows
from matcher.firms.suggestions import nearest
from matcher.rulebook import Rulebook, Text

MOST_FAULTS = 100
"""Faults that are listed; after so many the rest of a list is not read."""

LONGEST_ID = 64
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Listed:
    """One firm of a list; ``facts`` are as told, with the ids of the vocabulary, name and credit code among them."""

    id: str
    name: str
    credit_code: str
    former_names: tuple[str, ...]
    parent_id: str | None
    facts: dict[str, object]
    line: int


@dataclass(slots=True)
class Roster:
    """A list that is being read; ``faults`` fills as ``firms`` is gone through, and is complete at its end."""

    ignored: tuple[str, ...]
    firms: Iterator[Listed]
    faults: list[Fault] = field(default_factory=list)


def read_roster(rulebook: Rulebook, path: Path) -> Roster:
    """Open a list. Raises Unreadable where it is no list of firms; faults in rows are gathered while it is read."""
    rows = open_rows(path)
    headings = next(rows, (1, []))
    columns = [column_of(heading, rulebook) for heading in headings[1]]
    _must_have(headings, columns, rulebook)
    ignored = tuple(told for told, column in zip(headings[1], columns, strict=True) if told and column is None)
    roster = Roster(ignored, iter(()))
    roster.firms = _Reader(rulebook, columns, roster.faults).firms(rows)
    return roster


def _must_have(headings: Row, columns: list[str | None], rulebook: Rulebook) -> None:
    twice = {column for column in columns if column and columns.count(column) > 1}
    if twice:
        listed = ", ".join(sorted(twice))
        raise refuse(headings[0], f"有两列都是 {listed}，请只留一列", f"two columns are {listed}: keep one")
    for needed in NEEDED:
        if needed not in columns:
            label = rulebook.facts[needed].label
            near = nearest(label.zh, {told: (told, told) for told in headings[1] if told})
            zh, en = (f"；是不是“{shown(near)}”？", f"; perhaps {shown(near)}?") if near else ("", "")
            raise refuse(
                headings[0],
                f"第一行要有列名，缺少“{label.zh}”{zh}",
                f"the first row must name the columns; {label.en} is missing{en}",
            )


class _Reader:
    """Goes through the rows of one list."""

    def __init__(self, rulebook: Rulebook, columns: list[str | None], faults: list[Fault]) -> None:
        self._rulebook, self._columns, self._faults = rulebook, columns, faults
        self._first: dict[str, int] = {}  # where each credit code and id stands first

    def firms(self, rows: Iterator[Row]) -> Iterator[Listed]:
        for line, cells in rows:
            if len(self._faults) >= MOST_FAULTS:
                return
            before = len(self._faults)
            firm = self._firm(line, cells)
            if firm is not None and len(self._faults) == before:
                yield firm

    def _firm(self, line: int, cells: list[str]) -> Listed | None:
        told = {column: cell for column, cell in zip(self._columns, cells, strict=False) if column and cell}
        raw: dict[str, object] = {name: value_of(name, cell) for name, cell in told.items() if name not in OWN}
        facts, faults = read_facts(self._rulebook, raw, lambda _path: line)
        self._faults += faults
        for needed in NEEDED:
            if needed not in told:
                self._fault(needed, line, "", "没有填写", "is empty")
        name, code = str(facts.get("name", "")), str(facts.get("credit_code", ""))
        if not (name and code):
            return None
        firm_id = told.get("id", code)
        former = tuple(part.strip() for part in told.get("former_names", "").split("|") if part.strip())
        self._check(line, firm_id, code, (name, *former))
        stated = {fact: raw[fact] for fact in facts} | {"name": name, "credit_code": code}
        return Listed(firm_id, name, code, former, told.get("parent_id"), stated, line)

    def _check(self, line: int, firm_id: str, code: str, names: tuple[str, ...]) -> None:
        if len(firm_id) > LONGEST_ID or not firm_id.isprintable():
            self._fault("id", line, firm_id, f"编号最多 {LONGEST_ID} 个可见字符", f"at most {LONGEST_ID} characters")
        for name in names:
            if name.startswith(_FORMULA) or len(name) > 200 or not name.isprintable():
                zh = "企业名称不会以 = + - @ 开头，也不含控制字符，最长 200 字；请改正"
                en = (
                    "a name does not begin with = + - @, holds no control characters and at most 200 others: correct it"
                )
                self._fault("name", line, name, zh, en)
        for key, what, field_name in ((code, "统一社会信用代码", "credit_code"), (f"id {firm_id}", "编号", "id")):
            first = self._first.setdefault(key, line)
            if first != line:
                zh = f"{what}与第 {first} 行相同；同一企业只留一行"
                self._fault(field_name, line, key.removeprefix("id "), zh, f"stands on line {first} too: keep one row")

    def _fault(self, name: str, line: int, value: str, zh: str, en: str) -> None:
        label = self._rulebook.facts[name].label if name in self._rulebook.facts else Text(zh="编号", en="id")
        self._faults.append(Fault(name, line, shown(value), Text(zh=f"{label.zh}：{zh}", en=f"{label.en}: {en}")))
