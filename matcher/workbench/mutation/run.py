"""Runs the worked cases and bundles against every mutant of the rulebook and says which nudge none of them notices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

from matcher.engine import NO_ITEMS, Items, RuleError, check, worked_out
from matcher.engine.choose import choose, to_json
from matcher.firms import Bundle, read_all, read_bundle, read_date, read_document, read_facts
from matcher.rulebook import MissingFigure, Rulebook, Text
from matcher.workbench import (
    Case,
    Found,
    chosen_otherwise,
    find_cases,
    of_each_item,
    read_case_items,
    worked_out_otherwise,
)

from .dates import Mutant
from .relations import mutants


@dataclass(slots=True)
class Report:
    """What came of every mutant. ``explained`` are survivors with the reason why no firm could notice."""

    caught: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    explained: list[tuple[Mutant, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return self.text("en")

    def text(self, lang: str) -> str:
        """Each change that nothing noticed, each that is explained, and the count."""
        unnoticed, explained = ("没有发现", "已有说明") if lang == "zh" else ("unnoticed", "explained")
        lines = [f"{unnoticed}: {mutant.what}  [{mutant.id}]" for mutant in self.survivors]
        lines += [f"{explained}: {mutant.what}: {reason}" for mutant, reason in self.explained]
        total, known, missed = (
            self.caught + len(self.survivors) + len(self.explained), len(self.explained), len(self.survivors)
        )  # fmt: skip
        said = Text(
            zh=f"{total} 处改动：{self.caught} 处被发现，{known} 处已有说明，{missed} 处没有发现",
            en=f"{total} mutants: {self.caught} noticed, {known} explained, {missed} unnoticed",
        )
        return "\n".join([*lines, said.get(lang)])


class Prepared(Protocol):
    """A case or a bundle ready to be run many times."""

    @property
    def as_of(self) -> date:
        """The day it asks about."""

    def fails(self, rulebook: Rulebook) -> bool:
        """Whether the rulebook answers otherwise than is expected, or cannot answer."""


@dataclass(frozen=True, slots=True)
class PreparedCase:
    """A case; ``subject`` is its scheme, or its concept."""

    subject: str
    concept: bool
    as_of: date
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]
    items: Items = NO_ITEMS

    def fails(self, rulebook: Rulebook) -> bool:
        """Whether the rulebook answers otherwise than the case expects, or cannot answer."""
        try:
            if self.concept:
                values = worked_out(rulebook, self.subject, self.facts, self.as_of)
                return next(worked_out_otherwise(self.expect, values), None) is not None
            found = check(rulebook, self.facts, self.as_of, [self.subject], items=self.items)
            told = [(one, one.essence()) for one in found]
            return next(of_each_item(rulebook, self.expect, told, self.facts, self.items), None) is not None
        except (MissingFigure, RuleError):  # the loader would refuse such rules
            return True


@dataclass(frozen=True, slots=True)
class PreparedBundle:
    """A bundle that is chosen from by the rulebook's own relations."""

    bundle: Bundle
    expect: Mapping[str, Any]

    @property
    def as_of(self) -> date:
        """The day it asks about."""
        return self.bundle.as_of

    def fails(self, rulebook: Rulebook) -> bool:
        """Whether the choice is another than the bundle expects."""
        one = self.bundle
        choice = choose(one.offers, rulebook.relations, one.as_of, one.held, one.received)
        return next(chosen_otherwise(self.expect, to_json(choice, {})), None) is not None


@dataclass(slots=True)
class Worked:
    """All that can notice a nudge, by the schemes that it is about."""

    cases: dict[str, list[Prepared]] = field(default_factory=dict)
    bundles: dict[str, list[Prepared]] = field(default_factory=dict)

    def noticed(self, mutant: Mutant) -> bool:
        """Whether one of those that the mutant could bear on answers otherwise."""
        among = self.bundles if mutant.in_bundles else self.cases
        able = (one for slug in mutant.schemes for one in among.get(slug, ()) if mutant.matters_on(one.as_of))
        first = next(able, None)
        if first is None:
            return False
        mutated = mutant.make()
        return first.fails(mutated) or any(one.fails(mutated) for one in able)


Watch = Callable[[int], AbstractContextManager[Callable[[int], None]]]

"""Shows progress: told how many there are, it gives what is told of each that is done."""


def run(
    rulebook: Rulebook,
    paths: Iterable[str],
    reasons: Path | None = None,
    every: int = 1,
    watch: Watch = lambda _: nullcontext(lambda _: None),
    only: Collection[str] | None = None,
) -> Report:
    """Try every mutant with the cases below ``paths``; ``reasons`` is a file of survivors explained (id → reason).

    With ``every`` n only one in n is tried: always the same ones, drawn by their names. ``only``: what these schemes rest on.
    """
    known = _reasons(reasons)
    worked = _prepared(rulebook, find_cases(paths))
    report = Report()
    drawn = [
        mutant
        for mutant in mutants(rulebook)
        if not crc32(mutant.id.encode()) % every and (only is None or not set(only).isdisjoint(mutant.schemes))
    ]
    with watch(len(drawn)) as advance:
        for mutant in drawn:
            if worked.noticed(mutant):
                report.caught += 1
            elif mutant.id in known:
                report.explained.append((mutant, known[mutant.id]))
            else:
                report.survivors.append(mutant)
            advance(1)
    return report


def _prepared(rulebook: Rulebook, found: Found) -> Worked:
    worked = Worked()
    for case in found.cases:
        prepared = _case(rulebook, case)
        if prepared is not None:
            worked.cases.setdefault(prepared.subject, []).append(prepared)
    for case in found.bundles:
        bundle = read_bundle(rulebook, case.content, case.document, (case.index,), case.id)
        if not bundle.faults and "relations" not in case.content:
            for slug in {offer.scheme for offer in bundle.offers}:
                worked.bundles.setdefault(slug, []).append(PreparedBundle(bundle, case.content["expect"]))
    return worked


def _case(rulebook: Rulebook, case: Case) -> PreparedCase | None:
    as_of, concept = read_date(case.content.get("as_of")), "concept" in case.content
    if (case.subject not in rulebook.schemes and not concept) or not isinstance(as_of, date):
        return None
    facts, faults = read_facts(rulebook, case.content["facts"] or {})
    items, firm, more = read_case_items(rulebook, case, facts)
    if faults or more:
        return None
    return PreparedCase(case.subject, concept, as_of, firm, case.content["expect"], items)


def _reasons(path: Path | None) -> dict[str, str]:
    if path is None or not path.exists():
        return {}
    with path.open("rb") as stream:
        data = read_document(read_all(stream), "yaml").data
    entries = data if isinstance(data, dict) else {}
    return {str(name): str(reason) for reason, names in entries.items() for name in names}
