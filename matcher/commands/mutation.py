"""Runs the worked cases against every mutant of the rulebook and says which nudge no case notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

from matcher.commands.casefiles import Case, find_cases
from matcher.commands.compare import differences, worked_out_otherwise
from matcher.engine import check
from matcher.engine.derive import worked_out
from matcher.engine.outcomes import RuleError
from matcher.firms import read_facts
from matcher.firms.sources import read_all, read_document
from matcher.firms.values import read_date
from matcher.rulebook import Rulebook
from matcher.rulebook.mutants import Mutant, mutants
from matcher.rulebook.rulebook import MissingFigure


@dataclass(slots=True)
class Report:
    """What came of every mutant. ``explained`` are survivors with the reason why no firm could notice."""

    caught: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    explained: list[tuple[Mutant, str]] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"unnoticed: {mutant.what}  [{mutant.id}]" for mutant in self.survivors]
        lines += [f"explained: {mutant.what}: {reason}" for mutant, reason in self.explained]
        total = self.caught + len(self.survivors) + len(self.explained)
        return "\n".join(
            [
                *lines,
                f"{total} mutants: {self.caught} noticed, {len(self.explained)} explained, {len(self.survivors)} unnoticed",
            ]
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case ready to be run many times; ``subject`` is its scheme, or its concept."""

    subject: str
    concept: bool
    as_of: date
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]

    def fails(self, rulebook: Rulebook) -> bool:
        """Whether the rulebook answers otherwise than the case expects, or cannot answer."""
        try:
            if self.concept:
                values = worked_out(rulebook, self.subject, self.facts, self.as_of)
                return next(worked_out_otherwise(self.expect, values), None) is not None
            (decision,) = check(rulebook, self.facts, self.as_of, [self.subject])
            return next(differences(self.expect, decision.essence(), self.facts.keys()), None) is not None
        except (MissingFigure, RuleError):  # the loader would refuse such rules
            return True


def run(rulebook: Rulebook, paths: Iterable[str], reasons: Path | None = None, every: int = 1) -> Report:
    """Try every mutant with the cases below ``paths``; ``reasons`` is a file of survivors explained (id → reason).

    With ``every`` n only one in n is tried: always the same ones, drawn by their names.
    """
    known = _reasons(reasons)
    by_scheme: dict[str, list[Prepared]] = {}
    for case in find_cases(paths).cases:
        prepared = _prepared(rulebook, case)
        if prepared is not None:
            by_scheme.setdefault(prepared.subject, []).append(prepared)
    report = Report()
    for mutant in mutants(rulebook):
        if crc32(mutant.id.encode()) % every:
            continue
        if _noticed(mutant, by_scheme):
            report.caught += 1
        elif mutant.id in known:
            report.explained.append((mutant, known[mutant.id]))
        else:
            report.survivors.append(mutant)
    return report


def _noticed(mutant: Mutant, by_scheme: Mapping[str, list[Prepared]]) -> bool:
    mutated: Rulebook | None = None
    for slug in mutant.schemes:
        for case in by_scheme.get(slug, []):
            if mutant.matters_on(case.as_of):
                mutated = mutated or mutant.make()
                if case.fails(mutated):
                    return True
    return False


def _prepared(rulebook: Rulebook, case: Case) -> Prepared | None:
    as_of, concept = read_date(case.content.get("as_of")), "concept" in case.content
    if (case.subject not in rulebook.schemes and not concept) or not isinstance(as_of, date):
        return None
    facts, faults = read_facts(rulebook, case.content["facts"] or {})
    return None if faults else Prepared(case.subject, concept, as_of, facts, case.content["expect"])


def _reasons(path: Path | None) -> dict[str, str]:
    if path is None or not path.exists():
        return {}
    with path.open("rb") as stream:
        data = read_document(read_all(stream), "yaml").data
    entries = data if isinstance(data, dict) else {}
    return {str(name): str(reason) for reason, names in entries.items() for name in names}
