"""rules/interplay.yaml: its relations, those of the contract, and every fault that an author can make in it."""

from pathlib import Path

import pytest
import yaml

from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.rulebook.faulty import line_of, refused, saying, sow

GOOD = """\
- id: one-or-other
  kind: excludes
  schemes: [rd-super-deduction, equipment-deduction]
  scope: same_tax
  rule: {zh: 二选一, en: one or the other}
  source: somewhere
  confidence: high
  from: 2022-01-01
  until: 2022-12-31
  ends: {zh: 只管一年, en: for one year only}
- id: first-that
  kind: precedes
  from_fact: is_high_tech_enterprise
  to: [equipment-deduction]
  items: {equipment-deduction: [manufacturing]}
  strict: true
  scope: firm
  rule: {zh: 先, en: first}
  source: somewhere
  confidence: low
- id: together
  kind: shares_ceiling
  schemes: [rd-super-deduction]
  scope: firm
  ceiling: {value: "10.50", per: firm, period: year}
  rule: {zh: 合计, en: together}
  source: somewhere
  confidence: low
"""


@pytest.fixture
def interplay(rules: Path) -> Path:
    """The relations of the small copy of the rules."""
    path = rules / "interplay.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_ours_are_those_of_the_contract(rulebook: Rulebook, contract_dir: Path) -> None:
    """The same, in the same order, word for word."""
    given = yaml.safe_load((contract_dir / "interplay.yaml").read_text(encoding="utf-8"))
    assert [one.id for one in rulebook.relations] == [one["id"] for one in given]
    for ours, theirs in zip(rulebook.relations, given, strict=True):
        told = ours.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
        scope = {"scope": ours.scope}
        ceiling = theirs.get("ceiling")
        ours_alone = ("ceiling", "ends")  # why a relation ends is our own word
        assert {k: v for k, v in (scope | told).items() if k not in ours_alone} == {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in theirs.items()
            if key not in ("ceiling", "items") and not (key == "strict" and value is False)
        } | ({"items": ours.items} if ours.items else {})
        assert {key: list(value) for key, value in ours.items.items()} == theirs.get("items", {})
        assert (ours.ceiling is None) == (ceiling is None)
        if ours.ceiling is not None:
            assert (ours.ceiling.fen or 0) == int(float(ceiling.get("value", 0)) * 100)
            assert (ours.ceiling.count, ours.ceiling.period) == (ceiling.get("count"), ceiling["period"])


def test_the_copy_loads_and_knows_its_money(interplay: Path) -> None:
    """What the faults below are seeded into has none itself; a ceiling is exact to the fen."""
    first, _, third = load(interplay.parent).relations
    assert first.schemes == ("rd-super-deduction", "equipment-deduction")
    assert third.ceiling is not None
    assert third.ceiling.fen == 1050


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("  schemes: [rd-super-deduction, equipment-deduction]\n", "", "one-or-other", "names at least one scheme"),
        ("schemes: [rd-super-deduction, equipment-deduction]", "schemes: []", "one-or-other", "at least one scheme"),
        ("[rd-super-deduction, equ", "[rd-super-deductoin, equ", "deductoin", "no scheme 'rd-super-deductoin'"),
        ("to: [equipment-deduction]", "to: [equipment]", "first-that", "items narrows 'equipment-deduction'"),
        ("is_high_tech_enterprise", "is_hightech", "is_hightech", "unknown fact 'is_hightech'"),
        ("[manufacturing]", "[manufactoring]", "manufactoring", "an item of no scheme"),
        ("until: 2022-12-31", "until: 2021-12-31", "one-or-other", "upside down"),
        ("  source: somewhere\n  confidence: high", "  confidence: high", "one-or-other", "source is missing"),
        ("  rule: {zh: 二选一, en: one or the other}\n", "", "one-or-other", "rule is missing"),
        ("zh: 二选一, en: one or the other", "zh: 二选一", "二选一", "en is missing"),
        ("confidence: high", "confidence: sure", "sure", "'high'"),
        ("scope: same_tax", "scope: same_day", "same_day", "same_loan"),
        ("kind: excludes", "kind: exclude", "kind: exclude", "excludes"),
        ("kind: excludes", "kinds: excludes", "kinds", "is it misspelt?"),
        (
            "from_fact: is_high",
            "from_scheme: rd-super-deduction\n  from_fact: is_high",
            "first-that",
            "one predecessor",
        ),
        ("  from_fact: is_high_tech_enterprise\n", "", "first-that", "one predecessor"),
        ('  ceiling: {value: "10.50", per: firm, period: year}\n', "", "together", "ceiling is missing"),
        ("kind: excludes", "kind: never_adds", "one-or-other", "shown_as is missing"),
        ("  strict: true", "  from_item: one\n  strict: true", "first-that", "from_item is an item of from_scheme"),
        ('value: "10.50", per', "per", "ceiling:", "a value or a count"),
        ("10.50", "10.505", "10.505", "two decimals"),
        ("10.50", "-1", "ceiling:", "not below zero"),
        ("  scope: same_tax\n", "  scope: same_tax\n  order: [rd-super-deduction]\n", "one-or-other", "no meaning"),
        ("id: first-that", "id: one-or-other", "id: one-or-other\n  kind: precedes", "stands twice"),
    ],
)
def test_a_fault_is_named_with_file_and_line(interplay: Path, old: str, new: str, at: str, said: str) -> None:
    """One fault each, refused, at the line where it stands."""
    sow(interplay, old, new)
    assert saying(interplay.parent, said) == [("interplay.yaml", line_of(interplay, at))]


def test_all_faults_are_named_at_once(interplay: Path) -> None:
    """An author mends the file in one go."""
    sow(interplay, "equipment-deduction]\n  scope", "oops]\n  scope")
    sow(interplay, "is_high_tech_enterprise", "nothing_such")
    assert len(refused(interplay.parent)) == 2


# --- how schemes stand to each other

NEW = "schemes/tax/equipment-grant.yaml"
GRANT = """\
slug: equipment-grant
name: {zh: 设备补助, en: equipment grant}
measures: []
kind: support
family: tax
recipient: firm_cash
award: by_law
object: equipment
department: {zh: 市财政局, en: Tianjin Finance Bureau}
grade: full
summary: {zh: 补助, en: a grant}
amount_means: {zh: 补助, en: a grant}
versions:
  - {from: 2022-01-01, until: 2027-12-31, instrument: 某号, grade: full}
rules:
  - from: 2022-01-01
    requires: [cit_payer]
    benefit: {exact: equipment_unit_price}
"""
ALONE = "object: equipment\nalone: {zh: 文件没有规定, en: the notice is silent}"
STANDS = """\
- id: grant-or-deduction
  kind: excludes
  schemes: [equipment-grant, equipment-deduction]
  scope: same_equipment
  rule: {zh: 二选一, en: one or the other}
  source: somewhere
  confidence: high
"""


def add_grant(interplay: Path, relation: str = "", grant: str = GRANT) -> Path:
    """Put a scheme that pays for equipment, as the deduction does, into the small copy, and a relation; return the folder."""
    rules = interplay.parent
    (rules / NEW).write_text(grant, encoding="utf-8")
    order = rules / "schemes" / "ORDER"
    order.write_text(order.read_text(encoding="utf-8") + "equipment-grant\n", encoding="utf-8")
    interplay.write_text(GOOD + relation, encoding="utf-8")
    return rules


def test_money_for_the_object_of_another_needs_a_word_on_how_they_stand(interplay: Path) -> None:
    """A new scheme that no relation names is refused at its object, in both languages, with the two ways out."""
    rules = add_grant(interplay)
    (problem,) = refused(rules)
    assert (problem.file, problem.line) == (NEW, line_of(rules / NEW, "object:"))
    assert "on 2022-01-01 equipment-deduction pays for the same object (equipment)" in problem.message
    assert "alone: {zh: …, en: …}" in problem.message
    assert "rules/interplay.yaml" in problem.zh


@pytest.mark.parametrize(("relation", "grant"), [(STANDS, GRANT), ("", GRANT.replace("object: equipment", ALONE))])
def test_a_relation_or_a_reason_is_such_a_word(interplay: Path, relation: str, grant: str) -> None:
    """Either a relation names the scheme, or it says why nothing is to be said."""
    assert "equipment-grant" in load(add_grant(interplay, relation, grant)).schemes


def test_prolonging_a_scheme_beyond_its_relation_is_refused(interplay: Path) -> None:
    """The relation holds as long as it says; a scheme that goes on alone, and the relation itself, are both named."""
    short = STANDS + "  from: 2022-01-01\n  until: 2025-12-31\n"
    rules = add_grant(interplay, short)
    found = {(problem.file, problem.key): problem.message for problem in refused(rules)}
    assert "on 2026-01-01 equipment-deduction" in found[NEW, "object"]
    lapsed = found["interplay.yaml", "until"]
    assert "lapses on 2025-12-31 while equipment-grant and equipment-deduction go on" in lapsed


def test_a_relation_that_lapses_says_why_or_is_followed(interplay: Path) -> None:
    """A reason, or the relation that takes over, is enough for the relation; the scheme then says its own."""
    short = STANDS + "  until: 2025-12-31\n"
    reason = "  ends: {zh: 新办法不再限制, en: the new measure no longer says so}\n"
    next_one = STANDS.replace("grant-or-deduction", "grant-or-deduction-2026") + "  from: 2026-01-01\n"
    alone = GRANT.replace("object: equipment", ALONE)
    assert load(add_grant(interplay, short + reason, alone)).relations
    interplay.write_text(GOOD + short + next_one, encoding="utf-8")
    (interplay.parent / NEW).write_text(GRANT, encoding="utf-8")
    assert len(load(interplay.parent).relations) == 5


def test_words_that_are_not_needed_are_told(interplay: Path) -> None:
    """A reason that excuses nothing would hide the next omission."""
    reason = "  ends: {zh: 不用, en: not needed}\n"
    rules = add_grant(interplay, STANDS + reason, GRANT.replace("object: equipment", ALONE))
    assert {(problem.file, problem.key) for problem in refused(rules)} == {("interplay.yaml", "ends"), (NEW, "alone")}
