"""Every form of a condition and of a sum, as all readers of the rules read it: one firm, a table of firms, the formula of the proof."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import z3

from matcher.engine.check import check
from matcher.engine.decide import decider
from matcher.engine.decision import POSITIVE
from matcher.engine.rule_sheet import sheet
from matcher.engine.worlds import RuleError
from matcher.population.compiled import compile_edition
from matcher.population.table import chunk_of
from matcher.rulebook.language.types import Scalar
from matcher.workbench.prove.edition import EditionFormula
from matcher.workbench.prove.findings import read_places
from matcher.workbench.prove.formula import NotExpressible
from matcher.workbench.prove.solver import quotient
from matcher.workbench.prove.variables import exact_number
from tests.engine.every_form import CALENDAR, CODES, SUMS, TESTS, every_form, files, folder
from tests.population.told import frame

DAY = date(2024, 3, 31)
_DAYS = [
    date(2019, 2, 28),
    date(2020, 2, 29),
    date(2021, 6, 30),
    date(2022, 3, 31),
    date(2023, 1, 31),
    date(2024, 3, 31),
]
_DRAWN: Mapping[str, tuple[Scalar, ...]] = {
    "size": ("small", "medium", "large"),
    "is_local": (True, False),
    "is_new": (True, False),
    "industry": CODES,
    "staff": (1, 9, 10, 11, 20, 21, 60),
    "term": (0, 1, 13, 40),
    "spent": (0, 99_99, 100_00, 299_99, 300_00, 1000_00, 5000_00),
    "before": (0, 100_00, 2000_00),
    "quota": (0, 150_00, 9999_00),
    "founded_on": tuple(_DAYS),
    "moved_on": tuple(_DAYS),
    "established_on": (date(2010, 1, 1),),
}


def firms(number: int = 60) -> list[dict[str, Scalar]]:
    """Whole firms with figures on and beside the bounds of the rules, the same at every run."""
    draw = random.Random(7)
    return [{name: draw.choice(values) for name, values in _DRAWN.items()} for _ in range(number)]


def _later(day: date, years: int) -> date:
    """The same day of another year; of 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


_RANK = {"small": 0, "medium": 1, "large": 2}
_ROW: Callable[[Any], str] = lambda staff: "small" if staff < 10 else "medium" if staff < 50 else "large"  # noqa: E731
# The same reckoned by hand.
WANTED: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "either": lambda firm: firm["spent"] > firm["before"] if firm["is_local"] else firm["staff"] > 20,
    "told": lambda firm: firm["is_local"],
    "in-days": lambda firm: firm["founded_on"] + timedelta(500) <= DAY,
    "days-ago": lambda firm: firm["founded_on"] >= DAY - timedelta(500),
    "in-years": lambda firm: _later(firm["founded_on"], 2) <= firm["moved_on"],
    "in-ages": lambda firm: False,
    "ages-ago": lambda firm: True,
    "since": lambda firm: max(firm["founded_on"], date(2021, 6, 30)) <= firm["moved_on"],
    "word": lambda firm: firm["size"] == "small" or not firm["is_local"],
    "some-word": lambda firm: firm["size"] != "large" or not firm["is_local"],
    "named-word": lambda firm: firm["size"] != "large" or not firm["is_local"],
    "lower": lambda firm: min(firm["size"], _ROW(firm["staff"]), key=_RANK.__getitem__) == "small",
    "table-word": lambda firm: _ROW(firm["staff"]) == "medium",
    "trade": lambda firm: firm["industry"][:2] in ("13", "62", "65"),
    "no-trade": lambda firm: firm["industry"][:2] not in ("13", "62", "65"),
    "class": lambda firm: firm["industry"][:2] == "13",
    "per-head": lambda firm: firm["spent"] / firm["staff"] > 100_00,
    "whole": lambda firm: firm["spent"] // 100_00 >= 3,
    "month": lambda firm: firm["founded_on"].month <= 6,
    "year": lambda firm: firm["founded_on"].year >= 2021,
}
PAID: Mapping[str, Callable[[Mapping[str, Any]], int]] = {
    "paid-fee": lambda firm: 100 if firm["staff"] <= 10 else 200 if firm["staff"] <= 20 else 300,
    "paid-size": lambda firm: {"small": 700, "medium": 500, "large": 300}[firm["size"]],
    "paid-least": lambda firm: max(0, min(firm["spent"], firm["quota"]) - firm["before"]),
    "paid-either": lambda firm: -(-(firm["spent"] if firm["is_local"] else firm["before"]) // 2),
}


# What is worked out of told facts alone.
BEYOND = {
    "told-term": "a day moved by an untold span",
    "whole": "rounding down an untold number without ends",
    "per-head": "a divisor that may be zero: staff",
    "month": "the month of an untold day",
    "year": "the year of an untold day",
}


def test_one_firm_is_decided_as_reckoned_by_hand() -> None:
    """Every form of a condition and of a sum, for sixty firms on and beside the bounds."""
    rulebook = every_form()
    for firm in firms():
        for slug, wanted in WANTED.items():
            status, *_ = decider(rulebook, DAY, slug)(firm)
            assert (status in POSITIVE) is wanted(firm), (slug, firm)
        for slug, total in PAID.items():
            assert decider(rulebook, DAY, slug)(firm)[3] == total(firm), (slug, firm)


def test_a_table_of_firms_is_decided_as_each_firm() -> None:
    """Also the forms that columns cannot hold, which are then read one by one; and of firms that leave something untold."""
    rulebook, told = every_form(), firms()
    partly = [
        {name: value for at, (name, value) in enumerate(firm.items()) if (at + number) % 4}
        for number, firm in enumerate(told)
    ]
    everyone = told + partly
    edition = compile_edition(rulebook, DAY, rulebook.facts, [slug for slug in files() if slug not in BEYOND])
    decided = edition.decide(chunk_of(rulebook, frame(rulebook, everyone, rulebook.facts), edition.lexicon))
    for number, scheme in enumerate(edition.schemes):
        lines = decided.lines(number, everything=True)
        for firm, status, high in zip(everyone, lines["status"].to_list(), lines["high"].to_list(), strict=True):
            exact = decider(rulebook, DAY, scheme.slug)(firm)
            assert status == exact[0], (scheme.slug, firm)
            if status in POSITIVE and exact[1] != "none":
                assert high == exact[3], (scheme.slug, firm)


def test_a_table_of_whole_firms_is_decided_by_forms_that_need_all_told() -> None:
    """Also those that columns cannot hold: they are read one by one."""
    rulebook, told = every_form(), firms()
    edition = compile_edition(rulebook, DAY, rulebook.facts, BEYOND)
    decided = edition.decide(chunk_of(rulebook, frame(rulebook, told, rulebook.facts), edition.lexicon))
    for number, scheme in enumerate(edition.schemes):
        found = decided.lines(number, everything=True)["status"].to_list()
        assert found == [decider(rulebook, DAY, scheme.slug)(firm)[0] for firm in told], scheme.slug


def test_what_is_not_told_leaves_open_what_hangs_on_it() -> None:
    """Where a partly told firm is decided, every whole firm that it may be is decided so too."""
    rulebook = every_form()
    for number, firm in enumerate(firms(20)):
        partly = {name: value for at, (name, value) in enumerate(firm.items()) if (at + number) % 3}
        for slug in {*TESTS, *SUMS} - {*BEYOND}:
            status = decider(rulebook, DAY, slug)(partly)[0]
            if status in {*POSITIVE, "ineligible"} and "told" not in slug:
                assert decider(rulebook, DAY, slug)(firm)[0] == status, (slug, partly)


@pytest.mark.parametrize("slug", [*TESTS, *SUMS, *CALENDAR])
def test_the_formula_of_the_proof_decides_as_the_engine(slug: str) -> None:
    """The same firms put into the formula; what the solver has no word for is said to be so, and not called wrong."""
    rulebook = every_form()
    edition = rulebook.scheme_at(slug, DAY)
    try:
        made = EditionFormula(rulebook, edition, (DAY, DAY), read_places(folder()))
        total = None
        if slug in SUMS:
            total = quotient(made.formula.number(made.ways[0].route.benefit.expr))
    except NotExpressible:
        assert slug == "told-term"
        return
    for firm in firms(20):
        pairs = made.formula.variables.values(firm, DAY)
        solver = z3.Solver()
        solver.add(
            *(z3.substitute(one, *pairs) for one in (*made.formula.variables.bounds, z3.And(made.positive, True)))
        )
        holds = solver.check() == z3.sat
        exact = decider(rulebook, DAY, slug)(firm)
        if slug != "class" or firm["industry"] != "0111":  # what no class holds may be of any
            assert holds == (exact[0] in POSITIVE), (slug, firm)
        if total is not None and holds:
            found = exact_number(z3.simplify(z3.substitute(total, *pairs)))
            assert (2 * Fraction(found) + 1) // 2 == exact[3], (slug, firm)


@pytest.mark.parametrize(("slug", "words"), BEYOND.items())
def test_what_cannot_be_worked_out_of_untold_facts_is_said_to_the_author(slug: str, words: str) -> None:
    """No answer is made up: the rule is refused with the reason."""
    with pytest.raises(RuleError, match=words):
        check(every_form(), {}, DAY, [slug])


def test_a_division_by_a_told_zero_is_said_to_the_author() -> None:
    """A scheme that divides by what may be none is a fault of the rules."""
    with pytest.raises(RuleError, match="a division by zero"):
        check(every_form(), {"spent": 100_00, "staff": 0}, DAY, ["per-head"])


@pytest.mark.parametrize(
    ("slug", "zh", "en"),
    [
        ("month", "成立日的月份", "the month of founded on"),
        ("year", "成立日的年份", "the year of founded on"),
        ("class", "行业所属类别", "the class of industry"),
        ("either", "支出", "spent"),
    ],
)
def test_every_form_has_words(slug: str, zh: str, en: str) -> None:
    """The sheet of the rules says it in both languages."""
    assert zh in "".join(sheet(every_form(), slug, DAY, "zh"))
    assert en in " ".join(sheet(every_form(), slug, DAY, "en"))
