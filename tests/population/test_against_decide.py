"""The reading over columns says what the exact reading says: every status, recipient and amount, to the fen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from matcher.engine.check import check
from matcher.engine.decide import decider
from matcher.engine.decision import POSITIVE
from matcher.engine.firm_side import has_firm_side
from matcher.population.edition import EditionColumns, compile_edition
from matcher.population.table import chunk_of
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.population.told import frame
from tests.tools.random_profiles import Profiles

DAYS = tuple(
    map(
        date.fromisoformat,
        (
            "2019-03-01",
            "2020-07-01",
            "2021-11-30",
            "2022-09-01",
            "2023-05-01",
            "2024-10-10",
            "2025-12-31",
            "2026-12-01",
        ),
    )
)

PROFILES = 200_000

FULL = os.environ.get("MATCHER_FULL") == "1"

Line = tuple[object, ...]


def by_columns(edition: EditionColumns, table: pl.DataFrame) -> dict[str, list[Line]]:
    """By scheme the status, recipient, kind, low and high of every firm."""
    decided = edition.decide(chunk_of(edition.rulebook, table, edition.lexicon))
    return {
        scheme.slug: decided.lines(number, everything=True).drop("firm").rows()
        for number, scheme in enumerate(edition.schemes)
    }


def one_by_one(rulebook: Rulebook, day: date, slug: str, facts: Mapping[str, Scalar]) -> Line:
    """The same of one firm, by the engine: status, kind, low, high."""
    status, kind, low, high = decider(rulebook, day, slug)(facts)
    if status not in POSITIVE:
        return status, None, None, None
    return (status, kind, None, None) if kind == "none" or high >= 2**63 else (status, kind, low, high)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_status_and_amount_is_that_of_decide(rulebook: Rulebook, day: date) -> None:
    """200,000 random firms (200 under script/test) over eight editions from 2019 on, figures at the bounds of the rules."""
    profiles = Profiles(rulebook, day, seed=day.toordinal())
    firms = [profiles.draw() for _ in range(count(PROFILES // len(DAYS)) if FULL else 25)]
    edition = compile_edition(rulebook, day, profiles.names)
    found = by_columns(edition, frame(rulebook, firms, profiles.names))
    for slug, lines in found.items():
        for facts, (status, _, kind, low, high) in zip(firms, lines, strict=True):
            assert (status, kind, low, high) == one_by_one(rulebook, day, slug, facts), (slug, facts)


@pytest.mark.parametrize("day", [date(2023, 5, 1), date(2026, 12, 1)], ids=str)
def test_who_gets_it_and_whether_it_is_the_firms_own_are_those_of_a_check(rulebook: Rulebook, day: date) -> None:
    """Of positive answers the recipient, and whether anything speaks for the firm, are what a whole check says."""
    profiles = Profiles(rulebook, day, seed=18)
    firms = [profiles.draw() for _ in range(20)]
    edition = compile_edition(rulebook, day, profiles.names)
    decided = edition.decide(chunk_of(rulebook, frame(rulebook, firms, profiles.names), edition.lexicon))
    for number, scheme in enumerate(edition.schemes):
        recipients = decided.lines(number, everything=True)["recipient"].to_list()
        for facts, recipient, own in zip(firms, recipients, decided.of(number)["own"].to_list(), strict=True):
            decision = check(rulebook, facts, day, [scheme.slug])[0]
            assert recipient == decision.recipient, (scheme.slug, facts)
            if decision.status in POSITIVE:
                assert own == has_firm_side(rulebook, scheme.slug, decision.reasons), (scheme.slug, facts)


def test_few_firms_are_read_one_by_one(rulebook: Rulebook) -> None:
    """Columns settle all but four answers in a hundred of firms drawn so that most figures lie at a bound."""
    day = DAYS[-1]
    profiles = Profiles(rulebook, day, seed=1)
    firms = [profiles.draw() for _ in range(100)]
    edition = compile_edition(rulebook, day, profiles.names)
    by_columns(edition, frame(rulebook, firms, profiles.names))
    exactly, answers = edition.exact.asked, len(firms) * len(edition.schemes)
    assert 0 < exactly < answers / 25


def test_what_columns_cannot_hold_is_read_exactly(rulebook: Rulebook) -> None:
    """A rate of more than six places and a sum above a trillion yuan are decided as told, not rounded."""
    day = date(2026, 12, 1)
    firms: list[dict[str, Scalar]] = [
        {"legal_form": "individual_business", "vat_status": "small_scale", "six_taxes_two_fees_payable": 10**16 + 1},
        {"vat_status": "small_scale", "six_taxes_two_fees_payable": 101},
    ]
    names = ["legal_form", "vat_status", "six_taxes_two_fees_payable"]
    edition = compile_edition(rulebook, day, names, ["six-taxes-two-fees"])
    lines = by_columns(edition, frame(rulebook, firms, names))["six-taxes-two-fees"]
    assert [line[3:] for line in lines] == [(5 * 10**15 + 1,) * 2, (51, 51)]
    assert edition.exact.asked == 1
