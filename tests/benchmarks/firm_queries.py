"""What the search for firms is asked in its benchmark, and how well it answers."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from matcher.firms.register import FirmEntry
from matcher.firms.search.names import keys_of

Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Query:
    """What was typed, the firms that it stands for, and those that are as near by another slip."""

    kind: str
    text: str
    right: frozenset[str]
    near: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """How one query went: whether a right firm was first (None: one that is as near was) and among five, in what time."""

    kind: str
    first: bool | None
    among_five: bool
    ms: float


@dataclass(frozen=True)
class Result:
    """How many queries went."""

    answers: list[Answer]

    @property
    def first(self) -> float:
        """The share found first, those left out where one that is as near was first."""
        judged = [answer.first for answer in self.answers if answer.first is not None]
        return sum(judged) / len(judged)

    @property
    def among_five(self) -> float:
        """The share found among five."""
        return sum(answer.among_five for answer in self.answers) / len(self.answers)

    @property
    def mean(self) -> float:
        """Milliseconds a query took."""
        return sum(answer.ms for answer in self.answers) / len(self.answers)

    def within(self, percent: int) -> float:
        """Milliseconds that so many of a hundred queries took at most."""
        return sorted(answer.ms for answer in self.answers)[len(self.answers) * percent // 100]

    def __str__(self) -> str:
        return (
            f"first {self.first:.1%}, among five {self.among_five:.1%}; mean {self.mean:.1f} ms, "
            f"median {self.within(50):.1f} ms, 95 % within {self.within(95):.1f} ms"
        )


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a list, one at a time."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def entries(path: Path) -> Iterator[FirmEntry]:
    """The firms of a list as the register takes them, without facts."""
    for line, row in enumerate(rows(path), start=2):
        former = tuple(filter(None, row["former_names"].split("|")))
        yield FirmEntry(row["id"], row["name"], row["uscc"], former, row["parent_id"] or None, {}, line)


def keys(name: str) -> tuple[tuple[str, ...], str, str]:
    """The keys of a name as the register wants them."""
    made = keys_of(name)
    return made.grams, made.initials, made.core_initials


def ask(search: Search, asked: list[Query]) -> Result:
    """Ask every query."""
    answers = []
    for query in asked:
        start = time.process_time()
        found = search(query.text)
        ms = (time.process_time() - start) * 1000
        first = found[:1] != [] and found[0] in query.right
        as_near = found[:1] != [] and not first and found[0] in query.near
        answers.append(Answer(query.kind, None if as_near else first, not query.right.isdisjoint(found), ms))
    return Result(answers)
