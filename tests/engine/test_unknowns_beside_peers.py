"""What absent or null facts make of ``a <= 3 or b`` and its negation: ours is held to the truth, others are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from matcher.engine.check import check
from matcher.firms.profile import read_facts
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks import unknowns
from tests.benchmarks.unknowns import ABSENT
from tests.engine.small_rules import scheme, write_rules

T, F, U = "true", "false", "unknown"
# Written by hand, a down and b across: absent, null, true, false.
TRUTH = {
    ABSENT: (U, U, T, U),
    None: (U, U, T, U),
    3: (T, T, T, T),
    4: (U, U, T, F),
}
OPPOSITE = {T: F, F: T, U: U}
STATUS = {"eligible": T, "not_eligible": F, "needs_information": U}

FACTS = """
- {id: a, advise: never, type: integer, group: any, label: {zh: 甲, en: a}, question: {zh: 甲是多少？, en: What is a?}}
- {id: b, advise: never, type: boolean, group: any, label: {zh: 乙, en: b}, question: {zh: 是否乙？, en: Is it b?}}
"""
THREE = """
- id: three
  label: {zh: 三, en: three}
  type: integer
  values: [{value: 3, from: 2020-01-01, until: 2027-12-31, source: one#一, confidence: high}]
"""
RULES = """
rules:
  - from: 2020-01-01
    until: 2027-12-31
    requires: [{test: TEST, ground: 测试}]
"""
TESTS = {"plain": "a <= three or b", "negated": "not (a <= three or b)"}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """A rulebook of two facts, one figure and two schemes: the condition and its negation."""
    schemes = {slug: scheme(RULES.replace("TEST", test), award="by_law") for slug, test in TESTS.items()}
    return load(write_rules(tmp_path_factory.mktemp("rules"), FACTS, THREE, schemes))


def _ours(tiny: Rulebook, told: unknowns.Told, negated: bool) -> str:
    facts, faults = read_facts(tiny, told)
    assert not faults
    slug = "negated" if negated else "plain"
    (decision,) = check(tiny, facts, date(2023, 5, 1), [slug])
    # The reasons tree must say what the status says.
    assert unknowns.shown(decision.to_json()["reasons"]["outcome"]).replace("null", U) == STATUS[decision.status]
    return STATUS[decision.status]


def _rows() -> Iterator[tuple[object, object, unknowns.Told, bool, str]]:
    for negated in (False, True):
        for a, b, told in unknowns.rows():
            truth = TRUTH[a][unknowns.B_VALUES.index(b)]  # type: ignore[index]
            yield a, b, told, negated, OPPOSITE[truth] if negated else truth


@pytest.mark.parametrize(
    ("told", "negated", "truth"),
    [
        pytest.param(told, negated, truth, id=f"{'not ' * negated}a={unknowns.shown(a)},b={unknowns.shown(b)}")
        for a, b, told, negated, truth in _rows()
    ],
)
def test_nothing_untold_is_taken_for_anything(tiny: Rulebook, told: unknowns.Told, negated: bool, truth: str) -> None:
    """Each of the sixteen rows, and its negation, is true, false or unknown as every completion of it has it."""
    assert _ours(tiny, told, negated) == truth


def test_what_other_engines_say_is_shown_beside_ours(tiny: Rulebook) -> None:
    """The thirty-two answers are printed (``pytest -s``) with each engine's own; one that is not installed says so."""
    peers = unknowns.peers()
    right = dict.fromkeys(peers, 0)
    print(f"\n{'a':8}{'b':8}{'asked':9}{'truth':9}{'ours':9}" + "".join(f"{name:22}" for name in peers))
    for a, b, told, negated, truth in _rows():
        said = {name: unknowns.answer(ask, told, negated) for name, ask in peers.items()}
        for name, answer in said.items():
            right[name] += answer.replace("null", U) == truth
        print(
            f"{unknowns.shown(a):8}{unknowns.shown(b):8}{'not (…)' if negated else '(…)':9}{truth:9}"
            f"{_ours(tiny, told, negated):9}" + "".join(f"{answer:22}" for answer in said.values())
        )
    print("right, null counted as unknown, of 32: ", end="")
    print(", ".join(f"{name} {right[name]}" if ask else f"{name} not installed" for name, ask in peers.items()))
