"""`matcher cases`: every worked case goes the way a firm's file goes, and the answer is compared by the contract's own rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from matcher.cli import BAD_INPUT, json_option, load_rulebook, progress, report_lang_option, rules_option
from matcher.engine import NO_ITEMS, Decision, Items, check, worked_out
from matcher.firms import (
    Document,
    Fault,
    Unreadable,
    bundle_response,
    read_all,
    read_bundle,
    read_date,
    read_document,
    read_facts,
    read_items,
)
from matcher.rulebook import Rulebook, Text
from matcher.rulebook.language import Scalar

# ---------------------------------------------------------------------------------------------------------------------
# Find worked cases and bundles in files and folders, and tell them from whole firms by their keys.
# ---------------------------------------------------------------------------------------------------------------------


_CASE = {"scheme", "facts", "expect"}

_CONCEPT = {"concept", "facts", "expect"}  # a key of ours: what an enumeration is worked out to be


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case as its file states it."""

    file: Path
    index: int
    content: Mapping[str, Any]
    document: Document

    @property
    def id(self) -> str:
        """The case's id, or its file and place in it."""
        return str(self.content.get("id") or f"{self.file.name}[{self.index}]")

    @property
    def subject(self) -> str:
        """The scheme the case is about, or the concept."""
        return str(self.content.get("scheme") or self.content.get("concept"))

    def fact_line(self, path: tuple[str | int, ...]) -> int | None:
        """Return the line of a fact in the case's file."""
        return self.line(("facts", *path))

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """Return the line of a part of the case in its file."""
        return self.document.find_line((self.index, *path))


@dataclass(slots=True)
class Found:
    """What the files hold: cases and bundles in the order of files, what is neither, and what cannot be read."""

    cases: list[Case] = field(default_factory=list)
    bundles: list[Case] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    faults: list[tuple[Path, Fault]] = field(default_factory=list)


def find_cases(paths: Iterable[str]) -> Found:
    """Read every .yaml and .yml below the paths. Nothing is raised: what cannot be read is in `faults`."""
    found = Found()
    for name in paths:
        files = list(_files(Path(name)))
        if not files:
            text = Text(zh="没有这个文件，或文件夹里没有 .yaml", en="does not exist, or holds no .yaml file")
            found.faults.append((Path(name), Fault("file", None, "", text)))
        for file in files:
            _read(file, found)
    return found


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(child for child in path.rglob("*.y*ml") if child.suffix in {".yaml", ".yml"})
    elif path.exists():
        yield path


def _read(file: Path, found: Found) -> None:
    try:
        with file.open("rb") as stream:
            document = read_document(read_all(stream), "yaml")
    except Unreadable as error:
        found.faults += [(file, fault) for fault in error.faults]
        return
    except OSError as error:
        found.faults.append(
            (file, Fault("file", None, "", Text(zh="读不出来", en=f"cannot be read: {error.strerror}")))
        )
        return
    found.faults += [(file, fault) for fault in document.faults]
    entries = document.data if isinstance(document.data, list) else [document.data]
    for index, content in enumerate(entries):
        _sort(Case(file, index, content if isinstance(content, dict) else {}, document), found)


def _sort(case: Case, found: Found) -> None:
    keys = case.content.keys()
    if keys >= _CASE or keys >= _CONCEPT:
        found.cases.append(case)
    elif "offers" in keys:
        found.bundles.append(case)
    elif not ("facts" in keys and "expect" not in keys):  # a whole firm expects nothing: there is nothing to compare
        found.strange.append(case.id)


# ---------------------------------------------------------------------------------------------------------------------
# Hold a decision against what a worked case expects, by the contract's own rules of comparison.
# ---------------------------------------------------------------------------------------------------------------------


WITH_MONEY = {"eligible", "needs_decision", "applies"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One point in which an answer is not what the case expects."""

    what: str
    expected: object
    got: object


def differences(expect: Mapping[str, Any], got: Mapping[str, Any], told: Collection[str]) -> Iterator[Difference]:
    """Yield every difference; `got` is a decision's JSON, `told` the ids of the facts that the case tells."""
    if ("status" in expect or "version" not in expect) and expect.get("status") != got["status"]:
        yield Difference("status", expect.get("status"), got["status"])
    yield from _paid(expect, got)
    for name in ("missing", "failing"):
        yield from _named(name, expect.get(name) or (), got.get(name) or (), told)
    for name, value in (expect.get("extra") or {}).items():
        found = (got.get("extra") or {}).get(name)
        if not same(value, found):
            yield Difference(f"extra.{name}", value, found)
    for end, day in (
        expect.get("version") or {}
    ).items():  # a key of ours: pins a turn at which only the instrument changes
        if not same(day, (got.get("version") or {}).get(end)):
            yield Difference(f"version.{end}", day, (got.get("version") or {}).get(end))
    if "reason" in expect and expect["reason"] != got.get("reason"):
        yield Difference("reason", expect["reason"], got.get("reason"))


def worked_out_otherwise(expect: Mapping[str, Any], values: Collection[str]) -> Iterator[Difference]:
    """Compare what an enumeration is worked out to be; several values left are no answer (`value: null`)."""
    found = next(iter(values)) if len(values) == 1 else None
    if expect.get("value") != found:
        yield Difference("value", expect.get("value"), found)


def chosen_otherwise(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare a choice with what a bundle expects; a runner-up or payment to others that is not listed must not be there.

    `notes` (a key of ours) lists the ids of the relations that are told beside the choice.
    """
    got = {**got, "notes": [one["relation"] for one in got["notes"]]}
    listed = {"apart": [], "runner_up": None, **expect}
    for name, value in listed.items():
        if not _alike(value, got.get(name)):
            yield Difference(name, value, got.get(name))


def _alike(expected: object, got: object) -> bool:
    """Objects and lists part by part, figures by value."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(_alike(value, got[key]) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(_alike, expected, got))
    return same(expected, got)


def _paid(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare recipient and amount, which are null unless there is something to have."""
    for name in ("recipient", "amount"):
        if got["status"] not in WITH_MONEY and got.get(name) is not None:
            yield Difference(name, None, got[name])
    if "recipient" in expect and expect["recipient"] != got.get("recipient"):
        yield Difference("recipient", expect["recipient"], got.get("recipient"))
    if "amount" in expect and not _same_amount(expect["amount"], got.get("amount")):
        yield Difference("amount", expect["amount"], got.get("amount"))


def _same_amount(expected: Mapping[str, Any] | None, got: Mapping[str, Any] | None) -> bool:
    if expected is None or got is None:
        return expected is got
    figures = ("value", "low", "high")
    return expected.get("kind") == got.get("kind") and all(same(expected.get(f), got.get(f)) for f in figures)


def _named(what: str, listed: Collection[str], got: Collection[str], told: Collection[str]) -> Iterator[Difference]:
    """`missing` needs one of those listed and no told fact; `failing` needs all of them."""
    enough = all(name in got for name in listed) if what == "failing" else any(name in got for name in listed)
    if listed and not enough:
        yield Difference(what, list(listed), list(got))
    if what == "missing" and (known := [name for name in got if name in told]):
        yield Difference("missing (told facts named)", [], known)


def same(expected: object, got: object) -> bool:
    """True if two values are equal, numbers by value (`1.0` is `1`), truth values only with each other."""
    if isinstance(expected, bool) or isinstance(got, bool) or expected is None or got is None:
        return expected is got
    left, right = str(expected), str(got)
    return left == right or (_number(left) is not None and _number(left) == _number(right))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


# ---------------------------------------------------------------------------------------------------------------------
# `matcher cases`: every worked case goes the way a firm's file goes, and the answer is compared.
# ---------------------------------------------------------------------------------------------------------------------


SOME_FAILED = 1


@dataclass(slots=True)
class Tally:
    """How the cases went: the ids that passed, the failures with their differences, what was skipped and why."""

    passed: list[str] = field(default_factory=list)
    failed: list[tuple[Case, list[Difference]]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def summary(self, lang: str = "en") -> str:
        """Return `N passed, N failed, N skipped`."""
        passed, failed, skipped = len(self.passed), len(self.failed), len(self.skipped)
        return Text(
            zh=f"{passed} 个相符，{failed} 个不符，跳过 {skipped} 个",
            en=f"{passed} passed, {failed} failed, {skipped} skipped",
        ).get(lang)


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@rules_option
@json_option
@report_lang_option
def cases(paths: tuple[str, ...], as_json: bool, lang: str) -> None:
    """Run the worked cases in PATH... (folders are walked) and compare.

    Exit status: 0 all pass, 1 a case fails, 2 a file cannot be read. Bundles are chosen from and compared. Cases of
    schemes that the rulebook does not hold are skipped and counted.
    逐个运行写好的算例，和预期对照。
    """
    found = find_cases(paths)
    with progress(len(found.cases) + len(found.bundles), Text(zh="已核对算例", en="cases").get(lang)) as advance:
        tally = run_cases(load_rulebook(), found, advance)
    for file, fault in found.faults:
        place = f"{file}:{fault.line}" if fault.line else str(file)
        click.echo(f"{place}: {fault.field}: {fault.text.en} / {fault.text.zh}", err=True)
    click.echo(json.dumps(tally_json(tally), ensure_ascii=False) if as_json else "\n".join(_text(tally, lang)))
    raise SystemExit(BAD_INPUT if found.faults else SOME_FAILED if tally.failed else 0)


def run_cases(rulebook: Rulebook, found: Found, advance: Callable[[int], object] = lambda _: None) -> Tally:
    """Decide every case through the public path (facts read, checked, written out) and compare; ``advance`` is told of each."""
    tally = Tally()
    for case in found.cases:
        advance(1)
        if case.subject not in rulebook.schemes and "scheme" in case.content:
            tally.skipped.append((case.id, f"scheme {case.subject} is not in the rulebook"))
        elif wrong := list(run_case(rulebook, case)):
            tally.failed.append((case, wrong))
        else:
            tally.passed.append(case.id)
    for case in found.bundles:
        advance(1)
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
    items, facts, item_faults = read_case_items(rulebook, case, facts)
    if item_faults:
        yield from (Difference(fault.field, "a value that can be read", fault.text.en) for fault in item_faults)
        return
    decisions = check(rulebook, facts, as_of, [case.subject], items=items)
    yield from of_each_item(rulebook, expect, [(one, one.to_json()) for one in decisions], facts, items)


def read_case_items(
    rulebook: Rulebook, case: Case, facts: dict[str, Scalar]
) -> tuple[Items, dict[str, Scalar], list[Fault]]:
    """The items that a case tells, what is left flat of its facts, and the faults."""
    content = case.content
    if "items" not in content and "items_complete" not in content:
        return NO_ITEMS, facts, []
    read = read_items(rulebook, content.get("items"), content.get("items_complete"), facts, case.line)
    return read.items, read.firm, read.faults


def of_each_item(
    rulebook: Rulebook,
    expect: Mapping[str, Any],
    decisions: Iterable[tuple[Decision, Mapping[str, Any]]],
    facts: Mapping[str, Scalar],
    items: Items,
) -> Iterator[Difference]:
    """Compare each decision with what is expected of all, or of its item (`expect: {items: {loan-1: …}}`); an item of which
    nothing is said is left out."""
    told_of = expect.get("items")
    wanted: dict[str, Any] = told_of if isinstance(told_of, dict) else {}
    met = set()
    for decision, got in decisions:
        item = decision.item
        own = expect if told_of is None or item is None else wanted.get(item.id)
        if item is not None:
            met.add(item.id)
        if own is None:
            continue
        told = set(facts if item is None else items.facts_of(facts, item))
        if decision.scheme in rulebook.quantified:  # of another item the same fact may be missing
            told -= {name for name in told if rulebook.facts[name].of}
        for one in differences(own, got, told):
            yield one if told_of is None or item is None else replace(one, what=f"{item.id} {one.what}")
    yield from (Difference("items", id_, "no such item is decided") for id_ in sorted(wanted.keys() - met))


def run_bundle(rulebook: Rulebook, case: Case) -> Iterator[Difference]:
    """Yield every difference between what a bundle expects and what is chosen."""
    bundle = read_bundle(rulebook, case.content, case.document, (case.index,), case.id)
    found = bundle_response(rulebook, bundle)
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


def _text(tally: Tally, lang: str) -> Iterator[str]:
    for case, wrong in tally.failed:
        yield f"{Text(zh='不符', en='FAILED').get(lang)} {case.id}  ({case.file})"
        for item in wrong:
            expected, got = _brief(item.expected), _brief(item.got)
            yield Text(
                zh=f"  {item.what}：应为 {expected}，实为 {got}", en=f"  {item.what}: expected {expected}, got {got}"
            ).get(lang)
        if case.content.get("why"):
            yield f"  why: {case.content['why']}"
    reasons: dict[str, list[str]] = {}
    for name, why in tally.skipped:
        reasons.setdefault(why, []).append(name)
    skipped = Text(zh="跳过", en="skipped").get(lang)
    yield from (f"{skipped} {len(names)}: {why}" for why, names in reasons.items())
    yield tally.summary(lang)


def _brief(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
