"""Small rulebooks of the tests' own; one without a fault, and the faults that the proof must find, each a change of a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INSTRUMENTS = """
- {id: one, number: 一号, issuer: 市, title: 办法, seen: issuer, excerpts: {一: 文}}
"""
_HEAD = {
    "name": "{zh: 资金, en: fund}",
    "measures": "[1]",
    "kind": "support",
    "family": "industry",
    "recipient": "firm_cash",
    "award": "by_department",
    "object": "project",
    "department": "{zh: 局, en: bureau}",
    "grade": "full",
    "summary": "{zh: 资金, en: fund}",
    "amount_means": "{zh: 补贴, en: subsidy}",
    "versions": "[{from: 2020-01-01, until: 2027-12-31, instrument: 一号}]",
}


def scheme(rules: str, **otherwise: str) -> str:
    """The file of a scheme with these rules; its head as all have it here, but for what is told otherwise."""
    return "".join(f"{key}: {value}\n" for key, value in (_HEAD | otherwise).items()) + rules


def write_rules(folder: Path, facts: str, parameters: str, schemes: Mapping[str, str]) -> Path:
    """Write a rulebook of one file for each kind and one for each scheme (by slug, without it), and return its folder."""
    for kind, text in (("facts", facts), ("parameters", parameters), ("instruments", INSTRUMENTS)):
        (folder / kind).mkdir(parents=True)
        (folder / kind / "all.yaml").write_text(text, encoding="utf-8")
    (folder / "schemes" / "industry").mkdir(parents=True)
    for slug, text in schemes.items():
        (folder / "schemes" / "industry" / f"{slug}.yaml").write_text(f"slug: {slug}\n{text}", encoding="utf-8")
    (folder / "schemes" / "ORDER").write_text("".join(f"{slug}\n" for slug in schemes), encoding="utf-8")
    return folder


FACTS = """
- {id: size, advise: never, type: enum, group: g, label: {zh: 规模, en: size}, question: {zh: 哪一档？, en: Which?},
   values: {large: {zh: 大, en: large}, medium: {zh: 中, en: medium}, small: {zh: 小, en: small}}}
- {id: is_local, advise: never, type: boolean, group: g, label: {zh: 本市, en: local}, question: {zh: 本市？, en: Local?}}
- {id: staff, advise: never, type: integer, unit: persons, min: 0, group: g, label: {zh: 人数, en: staff},
   question: {zh: 几人？, en: How many?}}
- {id: spent, advise: never, type: money, min: 0, group: g, label: {zh: 支出, en: spent}, question: {zh: 多少？, en: How much?}}
- {id: before, advise: never, type: money, min: 0, group: g, label: {zh: 已得, en: received}, question: {zh: 多少？, en: How much?}}
- {id: founded_on, advise: never, type: date, group: g, label: {zh: 成立日, en: founded on}, question: {zh: 哪天？, en: When?}}
- {id: dept_approved, type: boolean, group: g, stated_by: department, label: {zh: 批准, en: approved}}
"""
PARAMETERS = """
- {id: fund.cap, label: {zh: 上限, en: cap}, type: money,
   values: [{from: 2018-01-01, value: 1000, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: fund.least, label: {zh: 下限, en: least}, type: money,
   values: [{from: 2018-01-01, value: 100, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: fund.staff, label: {zh: 人数, en: staff}, type: integer, unit: persons,
   values: [{from: 2018-01-01, value: 20, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: fund.years, label: {zh: 年限, en: years}, type: integer, unit: years,
   values: [{from: 2018-01-01, value: 2, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}
- {id: fund.share, label: {zh: 比例, en: share}, kind: table, type: rate, keys: [size, {band: persons}],
   values: [{from: 2018-01-01, value: {small: {0: "0.5", 10: "0.6"}, else: {0: "0.2"}}, source: "one#一",
             confidence: high, confirm_by: 2027-12-31}]}
"""
FUND = scheme(
    """
rules:
  - from: 2018-01-01
    until: 2027-12-31
    requires:
      - {test: is_local, ground: 本市}
      - any:
          - {test: size == 'small', ground: 小}
          - {test: staff <= fund.staff, ground: 人数}
      - {test: founded_on + years(fund.years) <= as_of, ground: 满两年}
      - {test: dept_approved, ground: 批准}
    routes:
      - id: small
        when: {test: "size in ('small', 'medium')", ground: 中小}
        requires: [{test: spent > 0, ground: 有支出}]
        benefit:
          up_to: "max(0, min(fund.share[size, staff] * spent, fund.cap) - before)"
      - id: rest
        otherwise: true
        requires: [{test: before <= fund.least, ground: 未得}]
        benefit:
          at_least: fund.least
          up_to: "max(fund.least, min(spent, fund.cap))"
""",
    settled_by="dept_approved",
    versions="[{from: 2018-01-01, until: 2021-12-31, instrument: 一号}, {from: 2022-01-01, until: 2027-12-31, instrument: 一号}]",
)


@dataclass(frozen=True)
class Fault:
    """A change of the small rulebook, the kind of finding it makes, and the first words of the line it is found at."""

    kind: str
    old: str
    new: str
    line: str = ""


FAULTS = [
    Fault("impossible", "test: is_local, ground", "test: staff < 0, ground", "- {test: staff < 0"),
    Fault("unreachable_route", "size in ('small', 'medium')", "size in ('small', 'medium', 'large')", "- id: rest"),
    Fault("impossible_route", "test: spent > 0", "test: size == 'large'", "requires: [{test: size"),
    Fault("dead_condition", "test: staff <= fund.staff", "test: staff < 0 and staff <= fund.staff", "- {test: staff < 0"),
    Fault("dead_branch", "{test: spent > 0, ground: 有支出}",
          "{any: [{test: spent > 0, ground: 有}, {test: size == 'large', ground: 大}]}"),
    Fault("idle_condition", "test: spent > 0", "test: spent >= 0", "requires: [{test: spent"),
    Fault("gap", '0: "0.5", 10', '1: "0.5", 10', "benefit:"),
    Fault("gap", "else: {0", "medium: {5", "benefit:"),
    Fault("overlap", "{small: {0", '{"small, medium": "0.3", small: {0', "- {id: fund.share"),
    Fault("divisor", "fund.share[size, staff] * spent", "fund.share[size, staff] * spent / count(staff)", "benefit:"),
    Fault("negative", "max(0, min(fund.share[size, staff] * spent, fund.cap) - before)",
          "min(fund.share[size, staff] * spent, fund.cap) - before", "benefit:"),
    Fault("above_ceiling", "max(fund.least, min(spent, fund.cap))", "max(fund.least, min(spent, fund.cap)) + before", "benefit:"),
    Fault("upside_down", "max(fund.least, min(spent, fund.cap))", "min(spent, fund.cap)", "benefit:"),
    Fault("shrinks", "fund.share[size, staff] * spent", "spent * (1 if spent < fund.least else fund.share[size, staff])", "benefit:"),
]  # fmt: skip


def write(folder: Path, old: str = "", new: str = "") -> Path:
    """Write the small rulebook, with one change of its words, and return its folder."""
    texts = [text.replace(old, new) if old else text for text in (FACTS, PARAMETERS, FUND)]
    return write_rules(folder, texts[0], texts[1], {"fund": texts[2]})
