"""rules/interplay.yaml: its 77 relations, those of the contract, and every fault that an author can make in it."""

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
        assert {k: v for k, v in (scope | told).items() if k != "ceiling"} == {
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
