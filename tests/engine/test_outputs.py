"""Further outputs: in words of their own, left out where what is told says so; and tables of one figure. A rulebook of the test's own."""

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
- {id: form, advise: never, type: enum, group: g, label: {zh: 形式, en: form}, question: {zh: 哪种形式？, en: Which?},
   values: {loan: {zh: 贷款, en: loan}, bill: {zh: 贴现, en: bill}}}
- {id: lent, advise: never, type: money, min: 0, group: g, label: {zh: 本金, en: lent}, question: {zh: 多少？, en: How much?}}
- {id: is_large, advise: never, type: boolean, group: g, label: {zh: 大型, en: large}, question: {zh: 大型？, en: Large?}}
"""
PARAMETERS = """
- id: bank.least
  label: {zh: 下限, en: least}
  kind: table
  type: money
  keys: [form]
  values:
    - {from: 2020-01-01, until: 2020-12-31, value: 100, source: "one#一", confidence: high}
    - {from: 2021-01-01, until: 2027-12-31, value: {loan: 200, else: 300}, source: "one#一", confidence: high}
- {id: bank.rate, label: {zh: 利率, en: rate}, type: rate,
   values: [{from: 2020-01-01, until: 2027-12-31, value: 0.02, source: "one#一", confidence: high}]}
"""
RULES = """
rules:
  - from: 2020-01-01
    until: 2027-12-31
    requires: {test: "lent >= bank.least[form]", ground: 下限}
    gives:
      rate: {label: {zh: 利率, en: rate}, value: bank.rate, unless: form == 'bill'}
      open_to: {label: {zh: 面向, en: open to}, value: "'all' if is_large else 'some'"}
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook."""
    bank = scheme(RULES, award="by_law")
    return load(write_rules(tmp_path_factory.mktemp("rules"), FACTS, PARAMETERS, {"bank": bank}))


def decide(bank: Rulebook, year: int, **facts: Scalar) -> Decision:
    """The decision of 1 May of the year."""
    (decision,) = check(bank, facts, date(year, 5, 1))
    return decision


@pytest.mark.parametrize(("facts", "given"), [({"form": "loan"}, True), ({}, True), ({"form": "bill"}, False)])
def test_an_output_is_left_out_only_where_what_is_told_says_so(
    bank: Rulebook, facts: dict[str, Scalar], given: bool
) -> None:
    """An untold form leaves the rate standing; a bill told leaves it out."""
    assert ("rate" in decide(bank, 2023, lent=30000, **facts).extra) is given


@pytest.mark.parametrize(("large", "words"), [(True, "all"), (False, "some")])
def test_an_output_may_be_words_of_its_own(bank: Rulebook, large: bool, words: str) -> None:
    """One word or the other by a condition; none while the condition is open."""
    assert decide(bank, 2023, lent=30000, is_large=large).extra["open_to"] == words
    assert "open_to" not in decide(bank, 2023, lent=30000).extra


def test_a_table_of_one_figure_does_not_ask_for_its_key(bank: Rulebook) -> None:
    """In 2020 the least sum is the same for every form: it decides, and is explained, without the form."""
    decision = decide(bank, 2020, lent=10000)
    assert decision.status == "eligible"
    assert decision.to_json()["reasons"]["outcome"] is True
    assert decide(bank, 2023, lent=20000).missing == ("form",)
