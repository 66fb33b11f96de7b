"""`matcher cases`: every worked case goes the way a firm's file goes, and the answer is compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from matcher.commands.bundle import answer
from matcher.commands.casefiles import Case, Found, find_cases
from matcher.commands.compare import Difference, chosen_otherwise, differences, worked_out_otherwise
from matcher.commands.options import BAD_INPUT, json_option, load_rulebook
from matcher.engine import check
from matcher.engine.derive import worked_out
from matcher.firms import read_facts
from matcher.firms.bundles import read_bundle
from matcher.firms.values import read_date
from matcher.rulebook import Rulebook, Text

SOME_FAILED = 1


@dataclass(slots=True)
class Tally:
    """How the cases went: the ids that passed, the failures with their differences, what was skipped and why."""

    passed: list[str] = field(default_factory=list)
    failed: list[tuple[Case, list[Difference]]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def summary(self) -> str:
        """Return `N passed, N failed, N skipped`."""
        return f"{len(self.passed)} passed, {len(self.failed)} failed, {len(self.skipped)} skipped"


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@json_option
def cases(paths: tuple[str, ...], as_json: bool) -> None:
    """Run the worked cases in PATH... (folders are walked) and compare.

    Exit status: 0 all pass, 1 a case fails, 2 a file cannot be read. Bundles are chosen from and compared. Cases of
    schemes that the rulebook does not hold are skipped and counted.
    """
    found = find_cases(paths)
    tally = run_cases(load_rulebook(), found)
    for file, fault in found.faults:
        place = f"{file}:{fault.line}" if fault.line else str(file)
        click.echo(f"{place}: {fault.field}: {fault.text.en} / {fault.text.zh}", err=True)
    click.echo(json.dumps(tally_json(tally), ensure_ascii=False) if as_json else "\n".join(_text(tally)))
    raise SystemExit(BAD_INPUT if found.faults else SOME_FAILED if tally.failed else 0)


def run_cases(rulebook: Rulebook, found: Found) -> Tally:
    """Decide every case through the public path (facts read, checked, written out) and compare."""
    tally = Tally()
    for case in found.cases:
        if case.subject not in rulebook.schemes and "scheme" in case.content:
            tally.skipped.append((case.id, f"scheme {case.subject} is not in the rulebook"))
        elif wrong := list(run_case(rulebook, case)):
            tally.failed.append((case, wrong))
        else:
            tally.passed.append(case.id)
    for case in found.bundles:
        if wrong := list(run_bundle(rulebook, case)):
            tally.failed.append((case, wrong))
        else:
            tally.passed.append(case.id)
    tally.skipped += [(name, "neither a worked case nor a bundle nor a firm") for name in found.strange]
    return tally


def run_case(rulebook: Rulebook, case: Case) -> Iterator[Difference]:
    """Yield every difference between what one case expects and what the rulebook answers."""
    content = case.content
    raw, expect = content["facts"] or {}, content["expect"]
    as_of = read_date(content.get("as_of"))
    if not isinstance(raw, dict) or not isinstance(expect, dict) or isinstance(as_of, Text):
        yield Difference("form", "as_of, facts and expect", "as_of is no date, or facts or expect is no object")
        return
    facts, faults = read_facts(rulebook, raw, case.fact_line)
    if faults:
        yield from (Difference(fault.field, "a value that can be read", fault.text.en) for fault in faults)
        return
    if "concept" in content:
        yield from worked_out_otherwise(expect, worked_out(rulebook, case.subject, facts, as_of))
        return
    (decision,) = check(rulebook, facts, as_of, [case.subject])
    yield from differences(expect, decision.to_json(), facts.keys())


def run_bundle(rulebook: Rulebook, case: Case) -> Iterator[Difference]:
    """Yield every difference between what a bundle expects and what is chosen."""
    bundle = read_bundle(rulebook, case.content, case.document, (case.index,), case.id)
    found = answer(rulebook, bundle)
    if isinstance(found, tuple):
        yield from (Difference(fault.field, "a value that can be used", fault.text.en) for fault in found)
        return
    expect = case.content.get("expect")
    if not isinstance(expect, dict):
        yield Difference("form", "expect", "expect is no object")
        return
    yield from chosen_otherwise(expect, found)


def tally_json(tally: Tally) -> dict[str, Any]:
    """Return the outcome for programs: counts, failures with expected and got, what was skipped and why."""
    return {
        "passed": len(tally.passed),
        "failed": len(tally.failed),
        "skipped": len(tally.skipped),
        "failures": [_failure_json(case, wrong) for case, wrong in tally.failed],
        "skips": [{"id": name, "why": why} for name, why in tally.skipped],
    }


def _failure_json(case: Case, wrong: list[Difference]) -> dict[str, Any]:
    return {
        "id": case.id,
        "file": str(case.file),
        "differences": [{"what": item.what, "expected": item.expected, "got": item.got} for item in wrong],
        "why": case.content.get("why"),
        "basis": case.content.get("basis"),
    }


def _text(tally: Tally) -> Iterator[str]:
    for case, wrong in tally.failed:
        yield f"FAILED {case.id}  ({case.file})"
        for item in wrong:
            yield f"  {item.what}: expected {_brief(item.expected)}, got {_brief(item.got)}"
        yield f"  why: {case.content.get('why')}"
    reasons: dict[str, list[str]] = {}
    for name, why in tally.skipped:
        reasons.setdefault(why, []).append(name)
    yield from (f"skipped {len(names)}: {why}" for why, names in reasons.items())
    yield tally.summary()


def _brief(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
