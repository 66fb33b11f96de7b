"""Proves a rulebook: every edition of every scheme since 2019, or of those asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from matcher.engine import generic
from matcher.rulebook import MissingFigure, Rulebook, Text
from matcher.rulebook.language import Node, Rows, code_matches

from .checks import Checks
from .edition import FIRST, EditionFormula, spans
from .findings import KINDS, Finding, Places, Proof
from .formula import NotExpressible
from .relations import idle_relations
from .solver import Solver

# ---------------------------------------------------------------------------------------------------------------------
# What needs no solver: rows and classes that overlap, and version boundaries that are not covered.
# ---------------------------------------------------------------------------------------------------------------------


def overlaps(rulebook: Rulebook, places: Places) -> Iterator[Finding]:
    """Rows of a table that stand for the same word or begin at the same number, and classes that share a code."""
    for name, history in rulebook.parameters.items():
        file, line = places.parameters.get(name, ("parameters", 1))
        for value, constant, _ in history.values:
            if value.until is not None and value.until < FIRST:
                continue
            for shared in dict.fromkeys(_shared(constant.value, history.parameter.kind, rulebook.industry_classes)):
                text = Text(zh=f"{name}：{shared} 落入两档", en=f"{name}: {shared} falls under two rows")
                yield Finding("overlap", name, shared, file, line, text, value.from_ or FIRST)


def _shared(value: Any, kind: str, classes: frozenset[str]) -> Iterator[str]:
    if isinstance(value, Rows):
        yield from _shared_rows(value)
    elif kind == "classes":
        for code in sorted(classes):
            found = [word for word, ranges in value if code_matches(code, ranges)]
            if len(found) > 1:
                yield f"{code} ({', '.join(found)})"


def _shared_rows(rows: Rows) -> Iterator[str]:
    seen: set[Any] = set()
    for key, row in rows.rows:
        words = sorted(key) if isinstance(key, frozenset) else [key]
        yield from (str(word) for word in words if word in seen)
        seen.update(words)
        if isinstance(row, Rows):
            yield from _shared_rows(row)


def boundaries(rulebook: Rulebook, slug: str, places: Places) -> Iterator[Finding]:
    """Days since 2019, on either side of every turn, that lie between two versions or on which the rules cannot be made."""
    versions = rulebook.parsed[slug].scheme.versions
    for index, (before, after) in enumerate(pairwise(versions), 1):
        if before.until is None or after.from_ is None or after.from_ != before.until + timedelta(days=1):
            day = after.from_ or before.until or FIRST
            if day >= FIRST:
                yield _boundary(
                    slug, places, ("versions", index), day, "两个版本首尾不相接", "two versions do not meet"
                )
    for day in sorted({FIRST, *_sides(rulebook, slug)}):
        count = sum(one.body.holds(day) for one in rulebook.parsed[slug].bodies)
        state = next((one.state or "open" for one in versions if one.holds(day)), None)
        if state == "open" and count != 1:
            yield _boundary(
                slug, places, ("rules",), day, f"当日有 {count} 套规则", f"{count} sets of rules on that day"
            )
            continue
        try:
            rulebook.scheme_at(slug, day)
        except MissingFigure as error:
            yield _boundary(slug, places, ("rules",), day, "当日有一项数值缺失", str(error))


def _sides(rulebook: Rulebook, slug: str) -> Iterator[date]:
    for turn in rulebook.turns(slug):
        yield from (day for day in (turn - timedelta(days=1), turn) if day >= FIRST)


def _boundary(slug: str, places: Places, path: Any, day: date, zh: str, en: str) -> Finding:
    file, line = places.scheme(slug, path)
    text = Text(zh=f"{day.isoformat()}：{zh}", en=f"{day.isoformat()}: {en}")
    return Finding("boundary", slug, day.isoformat(), file, line, text, day)


# ---------------------------------------------------------------------------------------------------------------------
# Proves a rulebook: every edition of every scheme since 2019, or of those asked for.
# ---------------------------------------------------------------------------------------------------------------------


def prove(
    rulebook: Rulebook,
    places: Places,
    schemes: Collection[str] | None = None,
    every: int = 1,
    advance: Callable[[int], object] = lambda _: None,
) -> Proof:
    """The proof of these schemes (all, unless named). ``every``: look at one edition in so many.

    ``advance`` is told of each scheme of the rulebook that is done or passed over.
    """
    proof, solver = Proof(), Solver()
    done: dict[Node, bool] = {}
    number = 0
    for place, slug in enumerate(rulebook.parsed):
        advance(1 if place else 0)
        if schemes is not None and slug not in schemes:
            continue
        here = generic(
            rulebook, slug
        )  # rules over several items are proved of a firm with one of each and perhaps more
        faults = list(boundaries(rulebook, slug, places))
        for finding in faults:
            proof.add(finding)
        seen: set[Any] = set()
        for first, last, edition in () if faults else spans(here, slug):
            number += 1
            if edition.body in seen or number % every:
                continue
            if not edition.depends_on_day:
                seen.add(edition.body)
            proof.editions += 1
            try:
                Checks(EditionFormula(here, edition, (first, last), places), solver, proof, done).all()
            except NotExpressible as error:
                text = KINDS["impossible"]
                proof.leave_open(Finding("impossible", slug, str(error), *places.scheme(slug, ("rules",)), text, first))
    if schemes is None:
        for finding in (*overlaps(rulebook, places), *idle_relations(rulebook, places)):
            proof.add(finding)
    proof.questions = solver.questions
    return proof
