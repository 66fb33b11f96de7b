"""A small rulebook of the tests' own that asks any, all, sum and count of a firm's loans, and the same reckoned by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from matcher.rulebook import Rulebook, load
from tests.engine.small_rules import scheme, write_rules

FACTS = """
- {id: is_local, advise: never, type: boolean, group: g, label: {zh: 是否本市企业, en: local}, question: {zh: 本市？, en: Local?}}
- {id: staff, advise: up, type: integer, unit: persons, min: 0, group: g, label: {zh: 人数, en: staff},
   question: {zh: 几人？, en: How many?}}
- {id: sound, of: loan, advise: {to: [true]}, type: boolean, group: g, label: {zh: 是否按期还款, en: paid on time},
   question: {zh: 按期？, en: On time?}}
- {id: sum_lent, of: loan, advise: up, type: money, min: 0, group: g, label: {zh: 本金, en: principal},
   question: {zh: 多少？, en: How much?}}
- {id: profit, of: loan, advise: never, type: money, group: g, label: {zh: 收益, en: profit}, question: {zh: 多少？, en: How much?}}
- {id: dept_ok, type: boolean, group: g, stated_by: department, label: {zh: 批准, en: approved}}
"""

PARAMETERS = """
- {id: lent.least, label: {zh: 下限, en: least}, type: money,
   values: [{from: 2018-01-01, value: 100, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: lent.most, label: {zh: 上限, en: most}, type: money,
   values: [{from: 2018-01-01, value: 300, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: lent.two, label: {zh: 笔数, en: number}, type: integer, unit: "",
   values: [{from: 2018-01-01, value: 2, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: lent.share, label: {zh: 比例, en: share}, type: rate,
   values: [{from: 2018-01-01, value: "0.5", source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
"""

# What each scheme asks. All are by law, so that what is settled is entitled or refused.
TESTS = {
    "any-loan": "any(loan: sum_lent >= lent.least)",
    "all-loans": "all(loan: sum_lent >= lent.least)",
    "no-loan": "not any(loan: sum_lent >= lent.least)",
    "sum-most": "sum(loan: sum_lent) <= lent.most",
    "sum-least": "sum(loan: sum_lent) >= lent.least",
    "sum-profit": "sum(loan: profit) >= lent.least",
    "count-least": "count(loan: sum_lent >= lent.least) >= lent.two",
    "count-most": "count(loan: sum_lent >= lent.least) <= lent.two",
    "count-all": "count(loan: True) >= lent.two",
    "any-or-none": "any(loan: sound) or count(loan: sound) <= 0",
    "all-or-some": "all(loan: sound) or any(loan: not sound)",
    "both": "any(loan: sound and sum_lent >= lent.least) and is_local",
}  # fmt: skip

DAY_FROM, DAY_UNTIL = "2018-01-01", "2027-12-31"


def file(test: str, object_: str = "firm", benefit: str = "") -> str:
    """A scheme by law that asks one thing."""
    rules = f"""
rules:
  - from: {DAY_FROM}
    until: {DAY_UNTIL}
    requires: [{{test: "{test}", ground: 按}}]
    {benefit}
"""
    version = f"[{{from: {DAY_FROM}, until: {DAY_UNTIL}, instrument: 一号}}]"
    return scheme(rules, award="by_law", object=object_, versions=version)


def files() -> Mapping[str, str]:
    """The schemes: those of the table about the firm, one about each loan that looks at all of them, and one with a sum."""
    own = "sum_lent >= lent.least and sum(loan: sum_lent) <= lent.most"
    paid = 'benefit: {exact: "lent.share * sum(loan: sum_lent if sound else 0)"}'
    return {
        **{slug: file(test) for slug, test in TESTS.items()},
        "own-and-all": file(own, "loan"),
        "paid": file("is_local", benefit=paid),
    }


def write_several(folder: Path, **otherwise: str) -> Path:
    """Write the rulebook, single schemes told otherwise, and return its folder."""
    return write_rules(folder, FACTS, PARAMETERS, {**files(), **otherwise})


@cache
def several() -> Rulebook:
    """The rulebook, loaded once."""
    return load(write_several(Path(mkdtemp())))


LEAST, MOST, SHARE = 10_000, 30_000, Fraction(1, 2)
