"""A small rulebook of the tests' own with a scheme for each form of a condition or a sum, also those that no scheme has today."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from matcher.rulebook import Rulebook, load
from tests.engine.small_rules import scheme, write_rules

FACTS = """
- {id: size, advise: never, type: enum, group: g, label: {zh: 规模, en: size}, question: {zh: 哪一档？, en: Which?},
   values: {large: {zh: 大, en: large}, medium: {zh: 中, en: medium}, small: {zh: 小, en: small}}}
- {id: is_local, advise: never, type: boolean, group: g, label: {zh: 本市, en: local}, question: {zh: 本市？, en: Local?}}
- {id: is_new, advise: never, type: boolean, group: g, label: {zh: 新设, en: new}, question: {zh: 新设？, en: New?}}
- {id: industry, type: text, advise: never, group: g, label: {zh: 行业, en: industry}, question: {zh: 哪一行？, en: Which?}}
- {id: staff, advise: never, type: integer, unit: persons, min: 0, group: g, label: {zh: 人数, en: staff},
   question: {zh: 几人？, en: How many?}}
- {id: term, advise: never, type: integer, unit: months, min: 0, group: g, label: {zh: 期限, en: term},
   question: {zh: 几个月？, en: How many?}}
- {id: spent, advise: never, type: money, min: 0, group: g, label: {zh: 支出, en: spent}, question: {zh: 多少？, en: How much?}}
- {id: before, advise: never, type: money, min: 0, group: g, label: {zh: 已得, en: received}, question: {zh: 多少？, en: How much?}}
- {id: quota, advise: never, type: money, min: 0, group: g, label: {zh: 额度, en: quota}, question: {zh: 多少？, en: How much?}}
- {id: founded_on, advise: never, type: date, group: g, label: {zh: 成立日, en: founded on}, question: {zh: 哪天？, en: When?}}
- {id: established_on, advise: never, type: date, group: g, label: {zh: 登记日, en: registered on}, question: {zh: 哪天？, en: When?}}
- {id: moved_on, advise: never, type: date, group: g, label: {zh: 迁入日, en: moved on}, question: {zh: 哪天？, en: When?}}
"""

CODES = ("0111", "1311", "1399", "1411", "6190", "6210", "6540")

_END = 'source: "one#一", confidence: high, confirm_by: 2027-12-31}]}'


def _figure(name: str, how: str, value: str) -> str:
    label = name.rpartition(".")[2]
    return f"- {{id: {name}, label: {{zh: {label}, en: {label}}}, {how}, values: [{{from: 2018-01-01, value: {value}, {_END}\n"


FIGURES = {
    "form.few": ("type: integer, unit: persons", "20"),
    "form.month": ("type: integer, unit: ''", "6"),
    "form.year": ("type: integer, unit: ''", "2021"),
    "form.days": ("type: integer, unit: days", "500"),
    "form.years": ("type: integer, unit: years", "2"),
    "form.ages": ("type: integer, unit: years", "9000"),
    "form.least": ("type: money", "100"),
    "form.share": ("type: rate", '"0.5"'),
    "form.since": ("type: date", "2021-06-30"),
    "form.small": ("type: enum, of: size", "small"),
    "form.of_staff": ("kind: table, type: enum, of: size, keys: [{band: persons}]", "{0: small, 10: medium, 50: large}"),
    "form.fee": ("kind: table, type: money, keys: [{upto: persons}]", "{10: 1, 20: 2, else: 3}"),
    "form.of_size": ("kind: table, type: money, keys: [size]", "{small: 7, medium: 5, large: 3}"),
    "form.scale": ("kind: scale, type: rate, keys: [{upto: yuan}]", '{100: "0.5", 1000: "0.2", else: "0.1"}'),
    "form.trades": ("kind: codes", "['13', '62-65']"),
    "form.count": ("type: number, unit: ''", "3"),
    "form.classes": ("kind: classes, of: size", "{small: ['13'], medium: ['62-65'], large: ['14-61']}"),
}  # fmt: skip

TESTS = {
    "either": "(spent > before) if is_local else (staff > form.few)",
    "told": "told(staff) and is_local",
    "in-days": "founded_on + days(form.days) <= as_of",
    "days-ago": "founded_on >= as_of - days(form.days)",
    "in-years": "founded_on + years(form.years) <= moved_on",
    "in-ages": "founded_on + years(form.ages) <= as_of",
    "ages-ago": "founded_on >= as_of - years(form.ages)",
    "told-term": "founded_on + months(term) <= as_of",
    "since": "max(founded_on, form.since) <= moved_on",
    "word": "(size if is_local else form.small) == 'small'",
    "some-word": "(size if is_local else form.small) in ('small', 'medium')",
    "named-word": "my_size in ('small', 'medium')",
    "lower": "lower(size, form.of_staff[staff]) == 'small'",
    "table-word": "form.of_staff[staff] == 'medium'",
    "trade": "industry in form.trades",
    "no-trade": "industry not in form.trades",
    "class": "classify(industry, form.classes) == 'small'",
    "whole": "whole(spent / form.least) >= form.count",
    "per-head": "spent / count(staff) > form.least",
}

SUMS = {
    "paid-fee": "form.fee[staff]",
    "paid-size": "form.of_size[size]",
    "paid-scale": "progressive(spent, form.scale)",
    "paid-least": "max(0, min(spent, quota) - before)",
    "paid-either": "(spent if is_local else before) * form.share",
}
"""What is paid, by the told facts alone."""

CALENDAR = {"month": "month(founded_on) <= form.month", "year": "year(founded_on) >= form.year"}


_LET = """let:
  - {id: my_size, label: {zh: 所属规模, en: own size}, value: size if is_local else form.small}
"""


def file(test: str, benefit: str = "") -> str:
    """A scheme by law that asks one thing and pays a sum."""
    body = f'rules:\n  - requires: [{{test: "{test}", ground: 按}}]\n'
    paid = f'    benefit: {{exact: "{benefit}"}}\n' if benefit else ""
    return scheme(body + paid + (_LET if "my_" in test else ""), award="by_law", object="firm")


def files() -> Mapping[str, str]:
    """Every scheme by its slug."""
    asked = {slug: file(test) for slug, test in {**TESTS, **CALENDAR}.items()}
    return {**asked, **{slug: file("told(staff) or is_local", total) for slug, total in SUMS.items()}}


@cache
def folder() -> Path:
    """Where it stands, written once."""
    parameters = "".join(_figure(name, *how) for name, how in FIGURES.items())
    made = write_rules(Path(mkdtemp()) / "rules", FACTS, parameters, files())
    (made / "reference").mkdir()
    standard = "code,level,name_zh,name_en\n" + "".join(f"{code},class,业,trade\n" for code in CODES)
    (made / "reference" / "gbt4754.csv").write_text(standard, encoding="utf-8")
    return made


@cache
def every_form() -> Rulebook:
    """The rulebook, loaded once."""
    return load(folder())
