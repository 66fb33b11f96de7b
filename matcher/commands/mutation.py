"""Runs the worked cases against every mutant of the rulebook and says which nudge no case notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from matcher.commands.casefiles import Case, find_cases
from matcher.commands.compare import differences
from matcher.engine import check
from matcher.firms import read_facts
from matcher.firms.sources import read_all, read_document
from matcher.firms.values import read_date
from matcher.rulebook import Rulebook
from matcher.rulebook.mutants import Mutant, mutants


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
    """A case ready to be run many times."""

    scheme: str
    as_of: date
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]

    def fails(self, rulebook: Rulebook) -> bool:
        """Whether the rulebook answers otherwise than the case expects, or cannot answer."""
        try:
            (decision,) = check(rulebook, self.facts, self.as_of, [self.scheme])
            return next(differences(self.expect, decision.essence(), self.facts.keys()), None) is not None
        except Exception:  # a mutant that breaks the rules is noticed too
            return True


def run(rulebook: Rulebook, paths: Iterable[str], reasons: Path | None = None) -> Report:
    """Try every mutant with the cases below ``paths``; ``reasons`` is a file of survivors explained (id → reason)."""
    known = _reasons(reasons)
    by_scheme: dict[str, list[Prepared]] = {}
    for case in find_cases(paths).cases:
        prepared = _prepared(rulebook, case)
        if prepared is not None:
            by_scheme.setdefault(prepared.scheme, []).append(prepared)
    report = Report()
    for mutant in mutants(rulebook):
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
    scheme, as_of = str(case.content["scheme"]), read_date(case.content.get("as_of"))
    if scheme not in rulebook.schemes or not isinstance(as_of, date):
        return None
    facts, faults = read_facts(rulebook, case.content["facts"] or {})
    return None if faults else Prepared(scheme, as_of, facts, case.content["expect"])


def _reasons(path: Path | None) -> dict[str, str]:
    if path is None or not path.exists():
        return {}
    with path.open("rb") as stream:
        data = read_document(read_all(stream), "yaml").data
    entries = data if isinstance(data, dict) else {}
    return {str(name): str(reason) for reason, names in entries.items() for name in names}
