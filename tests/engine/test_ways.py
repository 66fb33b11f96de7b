"""Ways of one scheme that end differently: by law, by a department's free choice, by its finding: a small rulebook of the test's own."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.engine.check import check
from matcher.engine.decide import decider
from matcher.engine.decision import Decision
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.engine.small_rules import scheme, write_rules

FACTS = """
- {id: kind, advise: never, type: enum, group: g, label: {zh: 车型, en: kind}, question: {zh: 哪种？, en: Which?},
   values: {car: {zh: 轿车, en: car}, bus: {zh: 客车, en: bus}}}
- {id: is_maker, advise: never, type: boolean, group: g, label: {zh: 生产企业, en: maker}, question: {zh: 是吗？, en: Maker?}}
- {id: expires_on, advise: never, type: date, group: g, label: {zh: 届满日, en: expires on}, question: {zh: 哪天？, en: When?}}
- id: dept_result
  type: enum
  group: g
  stated_by: department
  label: {zh: 评选结果, en: result}
  values: {winner: {zh: 获奖, en: award}, nominee: {zh: 提名, en: nomination}, none: {zh: 未获奖, en: neither}}
"""
PARAMETERS = """
- {id: way.sum, label: {zh: 标准, en: sum}, type: money,
   values: [{from: 2020-01-01, value: 1000, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: way.months, label: {zh: 月数, en: months}, type: integer, unit: months,
   values: [{from: 2020-01-01, value: 3, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
"""
CARS = """
rules:
  - from: 2020-01-01
    until: 2027-12-31
    requires:
      - {test: is_maker, ground: 生产企业}
    gives: {last_day: {label: {zh: 最迟日期, en: last day}, value: expires_on - months(way.months)}}
    routes:
      - {when: {test: kind == 'bus', ground: 客车}, settled_by: nobody}
      - {otherwise: true, benefit: {exact: way.sum}}
"""
AWARD = """
rules:
  - from: 2020-01-01
    until: 2027-12-31
    requires:
      - {test: is_maker, ground: 生产企业}
      - {test: "dept_result in ('winner', 'nominee')", ground: 评选}
    routes:
      - {when: {test: told(dept_result) and dept_result == 'winner', ground: 获奖}, benefit: {exact: way.sum}}
      - {when: {test: told(dept_result), ground: 提名}}
      - {otherwise: true, benefit: {up_to: way.sum}}
"""
MAY = date(2023, 5, 1)


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook."""
    schemes = {
        "cars": scheme(CARS, award="by_law", gives_with="[eligible, not_eligible, needs_information]"),
        "award": scheme(AWARD, settled_by="dept_result"),
    }
    return load(write_rules(tmp_path_factory.mktemp("rules"), FACTS, PARAMETERS, schemes))


def decide(ways: Rulebook, slug: str, **facts: Scalar) -> Decision:
    """The decision of 1 May 2023, which the quick reading must give too."""
    (decision,) = check(ways, facts, MAY, [slug])
    assert decider(ways, MAY, slug)(facts)[0] == decision.status
    return decision


def worth(decision: Decision) -> tuple[str, str, int]:
    """Status, kind of amount and its upper end in yuan."""
    assert decision.amount is not None
    return decision.status, decision.amount.kind, decision.amount.high // 100


def test_one_way_of_a_scheme_by_law_can_be_left_to_a_department(ways: Rulebook) -> None:
    """The car has its sum by law, the bus waits for a decision and has no sum."""
    assert worth(decide(ways, "cars", is_maker=True, kind="car")) == ("eligible", "exact", 1000)
    assert worth(decide(ways, "cars", is_maker=True, kind="bus")) == ("needs_decision", "none", 0)


def test_two_ways_that_end_differently_need_the_fact_that_picks(ways: Rulebook) -> None:
    """By law on one way and by a department on the other is no settled status."""
    decision = decide(ways, "cars", is_maker=True)
    assert (decision.status, decision.missing) == ("needs_information", ("kind",))


def test_what_fails_on_every_way_refuses(ways: Rulebook) -> None:
    """A way left to a department refuses like any other where a condition fails."""
    assert decide(ways, "cars", is_maker=False).failing == ("is_maker",)


def test_a_day_moved_from_an_untold_day_is_no_output(ways: Rulebook) -> None:
    """The last day is given once the day it is reckoned from is told, and left out before."""
    told = decide(ways, "cars", kind="car", expires_on=date(2023, 5, 31))
    assert (told.status, told.extra) == ("needs_information", {"last_day": "2023-02-28"})
    assert decide(ways, "cars", kind="car").extra == {}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("needs_decision", "ceiling", 1000)),
        ({"dept_result": "winner"}, ("eligible", "exact", 1000)),
        ({"dept_result": "nominee"}, ("eligible", "none", 0)),
    ],
)
def test_a_way_can_ask_whether_a_finding_is_there(
    ways: Rulebook, facts: dict[str, Scalar], expected: tuple[str, str, int]
) -> None:
    """Until the jury has decided the award is a ceiling; nobody but the jury is asked."""
    assert worth(decide(ways, "award", is_maker=True, **facts)) == expected


def test_a_finding_against_the_firm_refuses_it(ways: Rulebook) -> None:
    """Not among the winners is a refusal, whatever else is untold."""
    decision = decide(ways, "award", dept_result="none")
    assert (decision.status, decision.failing) == ("not_eligible", ("dept_result",))
