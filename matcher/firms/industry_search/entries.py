"""List everything an industry goes by: our keywords, the names of its group, classes and division."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from matcher.firms.industries import groups, industries
from matcher.firms.industry_search.written import kernel, plain
from matcher.rulebook import Text

Kind = Literal["keyword", "group", "class", "division"]
# A name of the standard is written for statisticians: the owner's own word counts a little more.
_WORTH: dict[Kind, float] = {"keyword": 1.0, "group": 0.95, "class": 0.95, "division": 0.7}
_REST = 0.9  # "other …" is what is left over: the group that says the word itself comes first


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to call a group: its `label` as written, the code it carries, and how much a match with it is worth."""

    group: str
    kind: Kind
    code: str
    label: str
    worth: float

    @property
    def forms(self) -> tuple[str, ...]:
        """The plain text, and the bare thing in it where that differs."""
        text = plain(self.label)
        return tuple(dict.fromkeys((text, kernel(text))))

    @property
    def why(self) -> Text:
        """What matched, in words."""
        if self.kind == "keyword":
            return Text(zh=f"关键词“{self.label}”", en=f"keyword “{self.label}”")
        level = {"group": "中类", "class": "小类", "division": "大类"}[self.kind]
        return Text(zh=f"{level} {self.code} {self.label}", en=f"{self.kind} {self.code} {self.label}")


@functools.cache
def chinese() -> tuple[Entry, ...]:
    """All entries written in Chinese."""
    return tuple(_chinese())


@functools.cache
def english() -> tuple[Entry, ...]:
    """All entries written in English."""
    return tuple(_entry(group.code, "keyword", group.code, word) for group in groups() for word in group.keywords_en)


def _chinese() -> Iterator[Entry]:
    below: dict[str, list[str]] = {}
    for code in industries():
        if len(code) == 4:
            below.setdefault(code[:3], []).append(code)
    for group in groups():
        yield from (_entry(group.code, "keyword", group.code, word) for word in group.keywords_zh)
        yield _entry(group.code, "group", group.code, group.name)
        yield from (_entry(group.code, "class", code, industries()[code]) for code in below.get(group.code, ()))
        yield _entry(group.code, "division", group.division, group.division_name)


def _entry(group: str, kind: Kind, code: str, label: str) -> Entry:
    rest = "其他" in label or "未列明" in label
    return Entry(group, kind, code, label, _WORTH[kind] * (_REST if rest else 1))
