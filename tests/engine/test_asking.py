"""Facts that must be told first, days that lie to each other, ceilings that become exact: on a small rulebook of the test's own."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.engine.check import check
from matcher.engine.decision import Decision
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.engine.small_rules import scheme, write_rules

FACTS = """
- {id: item, advise: never, type: enum, group: g, label: {zh: 事项, en: item}, question: {zh: 哪一项？, en: Which?},
   values: {robot: {zh: 机器人, en: robot}, cloud: {zh: 上云, en: cloud}}}
- {id: is_local, advise: never, type: boolean, group: g, label: {zh: 本市, en: local}, question: {zh: 本市？, en: Local?}}
- {id: is_first, advise: never, type: boolean, group: g, label: {zh: 首次, en: first}, question: {zh: 首次？, en: First?}}
- {id: listed_on, advise: never, type: date, group: g, label: {zh: 列入日, en: listed on}, question: {zh: 哪天列入？, en: When listed?}}
- {id: certified_on, advise: never, type: date, group: g, label: {zh: 通过日, en: certified on},
   question: {zh: 哪天通过？, en: When certified?}}
- {id: spent, advise: never, type: money, min: 0, group: g, label: {zh: 支出, en: spent}, question: {zh: 多少？, en: How much?}}
- {id: dept_approved, type: boolean, group: g, stated_by: department, label: {zh: 批准, en: approved}}
"""
PARAMETERS = """
- {id: fund.most, label: {zh: 上限, en: cap}, type: money,
   values: [{from: 2020-01-01, value: 1000, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: fund.years, label: {zh: 年限, en: years}, type: integer, unit: years,
   values: [{from: 2020-01-01, value: 2, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
"""
RULES = """
rules:
  - from: 2020-01-01
    until: 2027-12-31
    requires:
      - {test: is_local, ground: 本市}
      - {test: dept_approved, ground: 批准}
    ask_first: [item]
    benefit: {up_to: "min(spent, fund.most)", exact_once: dept_approved}
    routes:
      - {when: {test: item == 'robot', ground: 机器人}, requires: [{test: is_first, ground: 首次}]}
      - otherwise: true
        requires:
          - {test: certified_on <= listed_on + years(fund.years), ground: 两年内}
"""


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook."""
    fund = scheme(RULES, settled_by="dept_approved")
    return load(write_rules(tmp_path_factory.mktemp("rules"), FACTS, PARAMETERS, {"fund": fund}))


def decide(fund: Rulebook, **facts: Scalar) -> Decision:
    """The decision of 1 May 2023."""
    (decision,) = check(fund, facts, date(2023, 5, 1))
    return decision


def test_what_is_asked_first_is_missing_alone(fund: Rulebook) -> None:
    """While the item is untold nothing of its branches is asked, only the item and what is common to all."""
    assert decide(fund).missing == ("is_local", "item")
    assert decide(fund, is_local=True).missing == ("item",)


def test_where_every_branch_fails_the_item_does_not_matter(fund: Rulebook) -> None:
    """A firm from elsewhere is refused whatever the item is."""
    decision = decide(fund, is_local=False)
    assert (decision.status, decision.failing) == ("not_eligible", ("is_local",))


def test_the_item_is_missing_even_where_every_branch_would_pass(fund: Rulebook) -> None:
    """Asked first means told first: a firm that meets both branches still says which it asks for."""
    day = date(2022, 1, 1)
    assert decide(fund, is_local=True, is_first=True, certified_on=day, listed_on=day).missing == ("item",)


def test_two_untold_days_are_both_missing(fund: Rulebook) -> None:
    """A span between two days that nobody told asks for both of them."""
    assert set(decide(fund, is_local=True, item="cloud").missing) == {"certified_on", "listed_on"}


@pytest.mark.parametrize(
    ("certified", "status"), [(date(2023, 2, 28), "needs_decision"), (date(2023, 3, 1), "not_eligible")]
)
def test_two_years_run_to_the_same_day(fund: Rulebook, certified: date, status: str) -> None:
    """From 28 February 2021 to 28 February 2023, that day included."""
    facts = {"is_local": True, "item": "cloud", "listed_on": date(2021, 2, 28), "certified_on": certified}
    assert decide(fund, **facts).status == status


def test_a_ceiling_becomes_exact_once_the_finding_is_made(fund: Rulebook) -> None:
    """Before the approval the sum is the most it can be, after it the sum itself; untold spending leaves the cap."""
    facts: dict[str, Scalar] = {"is_local": True, "item": "robot", "is_first": True, "spent": 50000}
    before, after = decide(fund, **facts), decide(fund, **facts, dept_approved=True)
    assert before.amount is not None
    assert after.amount is not None
    assert before.amount.to_json() == {"kind": "ceiling", "value": "500.00"}
    assert after.amount.to_json() == {"kind": "exact", "value": "500.00"}
    untold = decide(fund, is_local=True, item="robot", is_first=True)
    assert untold.amount is not None
    assert untold.amount.to_json() == {"kind": "ceiling", "value": "1000.00"}
