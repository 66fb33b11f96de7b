"""The industry of a firm inside the solver: classes that no rule of the edition tells apart count as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from matcher.rulebook.language.nodes import Classify, Const, Member, Node, walk
from matcher.rulebook.language.tables import code_classes, code_matches

Ranges = tuple[tuple[str, str], ...]
Classes = tuple[tuple[str, Ranges], ...]


@dataclass(frozen=True, slots=True)
class Industries:
    """``codes``: one code for each kind of industry that the rules tell apart; ``kinds``: the kind of every class."""

    codes: tuple[str, ...]
    kinds: Mapping[str, int]

    def under(self, ranges: Ranges) -> frozenset[int]:
        """The kinds that lie under the ranges."""
        return frozenset(index for index, code in enumerate(self.codes) if code_matches(code, ranges))

    def placed(self, classes: Classes) -> dict[int, str]:
        """The class of every kind that has one."""
        found = {index: code_classes(code, classes) for index, code in enumerate(self.codes)}
        return {index: word for index, word in found.items() if word is not None}


def industries(expressions: Iterable[Node], classes: frozenset[str]) -> Industries:
    """The kinds of industry that these expressions tell apart, out of all classes of the standard."""
    tables = list(dict.fromkeys(_tables(expressions)))
    codes = classes or _made_up(tables)
    first: dict[Any, str] = {}
    like = {
        code: first.setdefault(tuple(_where(table, codes)[code] for table in tables), code) for code in sorted(codes)
    }
    chosen = tuple(first.values())
    return Industries(chosen, {code: chosen.index(one) for code, one in like.items()})


def _tables(expressions: Iterable[Node]) -> Iterable[Any]:
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Member) and part.item.type.kind == "code" and isinstance(part.collection, Const):
                yield part.collection.value
            elif isinstance(part, Classify) and isinstance(part.table, Const):
                yield part.table.value


@lru_cache(maxsize=256)
def _where(table: Any, codes: frozenset[str]) -> dict[str, Any]:
    """Where every class lies in a table: under it or not, or in which class of it."""
    if isinstance(table[0][1], str):
        return {code: code_matches(code, table) for code in codes}
    return {code: code_classes(code, table) for code in codes}


def _made_up(tables: list[Any]) -> frozenset[str]:
    """Codes for a rulebook without the standard: the ends of every range, and one outside of all."""
    ends = {"0000"}
    for table in tables:
        ranges = table if isinstance(table[0][1], str) else [pair for _, pairs in table for pair in pairs]
        ends |= {f"{low:0<4}" for low, _ in ranges} | {f"{high:9<4}" for _, high in ranges}
    return frozenset(ends)
