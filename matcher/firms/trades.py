"""What people do with things, as data of `rules/reference`: who sells and repairs what others make, and what verbs speak of."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.places import rules_dir
from matcher.rulebook import Problem, RulebookError

from .industries import STANDARD, Row, read_table

DEALERS = "reference/dealers.csv"

TRADE_WORDS = "reference/trade_words.csv"

_SPAN = re.compile(r"(\d{2})(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Dealers:
    """The groups that sell a thing to people, sell it to firms, and repair it; empty where no group does."""

    retail: str = ""
    wholesale: str = ""
    repair: str = ""


@dataclass(frozen=True, slots=True)
class TradeWord:
    """A pattern, and the divisions of which it speaks wherever it is found in what somebody says of a trade."""

    pattern: re.Pattern[str]
    divisions: frozenset[str]


@functools.cache
def dealers() -> Mapping[str, Dealers]:
    """The list of these rules, read on the first call. Raises RulebookError, naming file and line."""
    return read_dealers(rules_dir())


@functools.cache
def trade_words() -> tuple[TradeWord, ...]:
    """The list of these rules, read on the first call. Raises RulebookError, naming file and line."""
    return read_trade_words(rules_dir())


def read_dealers(directory: Path) -> dict[str, Dealers]:
    """Who deals in what a division or a group makes, by its code. Raises RulebookError with every fault found."""
    levels, rows = _levels(directory), read_table(directory, DEALERS, ("code", "retail", "wholesale", "repair"))
    problems = list(_dealer_faults(rows, levels))
    if problems:
        raise RulebookError(problems)
    return {row.pop("code"): Dealers(**row) for _, row in rows}


def read_trade_words(directory: Path) -> tuple[TradeWord, ...]:
    """The patterns, each with its divisions. Raises RulebookError with every fault found."""
    levels, rows = _levels(directory), read_table(directory, TRADE_WORDS, ("pattern", "divisions"))
    problems = list(_word_faults(rows, levels))
    if problems:
        raise RulebookError(problems)
    return tuple(TradeWord(re.compile(row["pattern"]), frozenset(_divisions(row["divisions"]))) for _, row in rows)


def _levels(directory: Path) -> dict[str, str]:
    """Division or group, by code of the standard."""
    return {
        row["code"]: row["level"] for _, row in read_table(directory, STANDARD, ("level", "code", "name_zh", "parent"))
    }


def _dealer_faults(rows: Iterable[Row], levels: Mapping[str, str]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line, row in rows:
        code = row["code"]
        if levels.get(code) not in ("division", "group"):
            yield Problem(DEALERS, line, "code", f"{code!r} is no division or group of GB/T 4754-2017")
        if first.setdefault(code, line) != line:
            yield Problem(DEALERS, line, "code", f"{code} stands twice; first on line {first[code]}")
        for key in ("retail", "wholesale", "repair"):
            if row[key] and levels.get(row[key]) != "group":
                yield Problem(
                    DEALERS, line, key, f"{row[key]!r} is no group of GB/T 4754-2017: three digits, or leave it empty"
                )


def _word_faults(rows: Iterable[Row], levels: Mapping[str, str]) -> Iterator[Problem]:
    for line, row in rows:
        try:
            if re.compile(row["pattern"]).search(""):
                yield Problem(TRADE_WORDS, line, "pattern", "this is found in everything")
        except re.error as error:
            yield Problem(TRADE_WORDS, line, "pattern", f"no regular expression: {error}")
        known = {code for code in _divisions(row["divisions"]) if levels.get(code) == "division"}
        for span in row["divisions"].split("|"):
            if not known.intersection(_divisions(span)) or not known.issuperset(_ends(span)):
                yield Problem(
                    TRADE_WORDS,
                    line,
                    "divisions",
                    f"{span!r} is neither a division (01 to 97) nor a span such as 13-42",
                )


def _ends(span: str) -> tuple[str, ...]:
    """The first and the last division of a span; none where it is no span."""
    found = _SPAN.fullmatch(span)
    return (found[1], found[2] or found[1]) if found else ()


def _divisions(spans: str) -> Iterator[str]:
    """Every number from the first to the last of each span, two digits."""
    for ends in map(_ends, spans.split("|")):
        if ends:
            yield from (f"{number:02}" for number in range(int(ends[0]), int(ends[1]) + 1))
