"""The proof finds every kind of fault where it is sown, with its line and a firm; and finds none where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from matcher.engine.check import check
from matcher.engine.decision import POSITIVE
from matcher.places import rules_dir
from matcher.rulebook.load import load
from matcher.rulebook.reading import RulebookError
from matcher.rulebook.rulebook import Rulebook
from matcher.workbench.prove.checks import Checks
from matcher.workbench.prove.edition import EditionFormula, spans
from matcher.workbench.prove.findings import KINDS, Finding, Proof, read_exceptions, read_places
from matcher.workbench.prove.prove import prove
from matcher.workbench.prove.relations import idle_relations
from matcher.workbench.prove.solver import Solver
from tests.engine.small_rules import FAULTS, Fault, write


def findings_of(folder: Path, rulebook: Rulebook | None = None) -> list[Finding]:
    """What is found in the rules of a folder."""
    proof = prove(rulebook or load(folder), read_places(folder))
    assert not proof.open
    return list(proof.findings.values())


def test_rules_without_a_fault_have_no_finding(tmp_path: Path) -> None:
    """Every edition, way, condition and sum of the small rulebook is proved."""
    assert findings_of(write(tmp_path)) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind)
def test_a_fault_is_found_with_its_line(fault: Fault, tmp_path: Path) -> None:
    """The finding is of the fault's kind and names the file and the line on which it stands."""
    folder = write(tmp_path, fault.old, fault.new)
    found = [one for one in findings_of(folder) if one.kind == fault.kind]
    assert found, fault
    line = (folder / found[0].file).read_text(encoding="utf-8").splitlines()[found[0].line - 1]
    assert line.strip().startswith(fault.line)


def test_every_kind_of_finding_is_sown_here() -> None:
    """No kind is left untried: those that a text of rules cannot hold are sown into the loaded rulebook below."""
    assert {fault.kind for fault in FAULTS} | {"boundary", "disagreement", "idle_relation"} == set(KINDS)


@pytest.mark.parametrize("kind", ["negative", "above_ceiling", "shrinks", "gap", "divisor", "idle_condition"])
def test_the_firm_of_a_finding_is_one_the_engine_decides(kind: str, tmp_path: Path) -> None:
    """What shows a wrong sum is a firm that the engine, too, finds entitled; a firm before a gap cannot be decided."""
    fault = next(one for one in FAULTS if one.kind == kind)
    folder = write(tmp_path, fault.old, fault.new)
    rulebook = load(folder)
    (found,) = [one for one in findings_of(folder, rulebook) if one.kind == kind]
    assert found.firm is not None
    if kind in ("gap", "divisor"):
        with pytest.raises(Exception, match=r"row|zero"):
            check(rulebook, found.firm, found.day)
    else:
        assert check(rulebook, found.firm, found.day)[0].status in POSITIVE


def test_a_version_without_rules_is_found(tmp_path: Path) -> None:
    """A version boundary over which the rules do not reach is named with its day, on either side."""
    folder = write(tmp_path)
    rulebook = load(folder)
    parsed = rulebook.parsed["fund"]
    (body,) = parsed.bodies
    short = replace(body, body=body.body.model_copy(update={"until": date(2021, 12, 30)}))
    broken = replace(rulebook, parsed={"fund": replace(parsed, bodies=(short,))}, _editions={}, _segments={}, _turns={})
    found = findings_of(folder, broken)
    assert {one.kind for one in found} == {"boundary"}
    assert min(one.day for one in found) == date(2021, 12, 31)


def test_a_gap_between_two_versions_is_found(tmp_path: Path) -> None:
    """Two versions that do not meet are named at the line of the second."""
    folder = write(tmp_path)
    rulebook = load(folder)
    parsed = rulebook.parsed["fund"]
    first, second = parsed.scheme.versions
    late = second.model_copy(update={"from_": second.from_ + timedelta(days=1) if second.from_ else None})
    scheme = parsed.scheme.model_copy(update={"versions": (first, late)})
    broken = replace(rulebook, parsed={"fund": replace(parsed, scheme=scheme)}, _editions={}, _segments={}, _turns={})
    (found,) = findings_of(folder, broken)
    assert (found.kind, found.day) == ("boundary", date(2022, 1, 2))


def test_a_formula_that_is_not_what_the_engine_decides_is_found(tmp_path: Path) -> None:
    """A formula made of other rules than the engine's shows a firm on which the two differ."""
    folder, other = write(tmp_path / "one"), write(tmp_path / "other", "test: is_local,", "test: not is_local,")
    first, last, edition = next(spans(load(other), "fund"))
    proof = Proof()
    formula = EditionFormula(load(folder), edition, (first, last), read_places(folder))
    Checks(formula, Solver(), proof, {}).all()
    assert {one.kind for one in proof.findings.values()} == {"disagreement"}


def test_what_the_solver_cannot_decide_is_listed_and_not_called_wrong(tmp_path: Path) -> None:
    """With no work allowed nothing is proved, nothing is found, and everything asked is listed as open."""
    folder = write(tmp_path)
    rulebook = load(folder)
    first, last, edition = next(spans(rulebook, "fund"))
    proof = Proof()
    Checks(EditionFormula(rulebook, edition, (first, last), read_places(folder)), Solver(1), proof, {}).all()
    assert not proof.findings
    assert proof.open


def test_an_exception_without_a_reason_is_refused(tmp_path: Path) -> None:
    """The file of accepted findings names its own line where a reason is missing."""
    (tmp_path / "prove.yaml").write_text("- finding: fund:gap:fund.share\n", encoding="utf-8")
    with pytest.raises(RulebookError, match=r"prove\.yaml:1"):
        read_exceptions(tmp_path)


def test_an_exception_that_accepts_nothing_is_told(tmp_path: Path) -> None:
    """A reason does not outlive its finding."""
    text = "- {finding: 'fund:gap:fund.share', reason: {zh: 因, en: because}}\n"
    (tmp_path / "prove.yaml").write_text(text, encoding="utf-8")
    exceptions = read_exceptions(tmp_path)
    assert exceptions.unused([], ["fund"]) == ["fund:gap:fund.share"]
    assert exceptions.unused(["fund:gap:fund.share"], ["fund"]) == []
    assert exceptions.unused([], ["another"]) == []


def test_parts_above_their_total_are_no_firm(rulebook: Rulebook) -> None:
    """That special invoices are part of the sales keeps the VAT relief from being below zero; were it not said, a firm shows it."""
    careless = {name: fact.model_copy(update={"part_of": None}) for name, fact in rulebook.facts.items()}
    found = {
        said: {one.kind for one in prove(rules, read_places(rules_dir()), ["small-scale-vat"]).findings.values()}
        for said, rules in (("said", rulebook), ("not said", replace(rulebook, facts=careless)))
    }
    assert found == {"said": {"shrinks"}, "not said": {"shrinks", "negative"}}


def test_a_relation_of_what_is_never_open_together_is_found(rulebook: Rulebook) -> None:
    """A relation moved to days on which one of its schemes has ended relates nothing, and is named with its line."""
    pair = next(one for one in rulebook.relations if one.id == "deferral-of-what-is-left")
    late = pair.model_copy(update={"from_": date(2026, 1, 1), "until": date(2026, 12, 31)})
    alone = late.model_copy(
        update={"schemes": ("manufacturing-tax-deferral", "social-insurance-deferral"), "order": ()}
    )
    places = read_places(rules_dir())
    assert not list(idle_relations(rulebook, places))
    (found,) = idle_relations(replace(rulebook, relations=(alone,)), places)
    assert (found.kind, found.file) == ("idle_relation", "interplay.yaml")
    assert found.line > 1
