"""The three numbers never contradict a card, and a conflict is named only where a relation states it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.engine import Decision, check
from matcher.engine.amounts import Amount
from matcher.engine.choose.headline import NUMBERS, UNTALLIED, Headline, headline
from matcher.engine.items import Item
from matcher.firms.profile import read_facts
from matcher.letters.compose import in_words, summarise
from tests.conftest import count
from tests.engine.firms import the_rulebook

DAY = date(2026, 11, 24)

FIRMS = Path(__file__).parents[2] / "worked_cases/given/firms/firms.yaml"


@cache
def firms() -> dict[str, tuple[date, dict[str, Any]]]:
    """The whole firms: the day, and all that each knows of itself."""
    read = yaml.safe_load(FIRMS.read_text(encoding="utf-8"))
    return {one["id"]: (one["as_of"], dict(read_facts(the_rulebook(), one["facts"])[0])) for one in read}


def decided(facts: dict[str, Any], day: date = DAY) -> tuple[Headline, Sequence[Decision]]:
    """What a firm's facts come to, and its decisions."""
    decisions = check(the_rulebook(), facts, day)
    return headline(the_rulebook(), facts, decisions, day), decisions


@st.composite
def partly_told(draw: st.DrawFn) -> tuple[date, dict[str, Any]]:
    """One of the whole firms that has told a part of what it knows."""
    day, facts = firms()[draw(st.sampled_from(sorted(firms())))]
    names = sorted(facts)
    untold = draw(st.sets(st.sampled_from(names), max_size=len(names) // 2))
    return day, {name: value for name, value in facts.items() if name not in untold}


@given(partly_told())
@settings(max_examples=count(200))
def test_a_headline_never_contradicts_a_card(told: tuple[date, dict[str, Any]]) -> None:
    """Each number is the sum of its entries; each certain entry is the card's own sum; what is certain on a card is counted, or a
    relation says why not."""
    day, facts = told
    found, decisions = decided(facts, day)
    by_scheme = {one.scheme: one for one in decisions}
    relations = {one.id: one for one in the_rulebook().relations}
    certain = found.of("certain")
    assert found.cash == sum(one.fen for one in certain if one.number == "cash")
    assert found.less == sum(one.fen for one in certain if one.number == "less")
    assert found.possible == sum(one.fen for one in found.entries) - found.cash - found.less
    for one in found.entries:
        assert one.fen > 0, "an offer of nothing is no entry"
        assert one.fen == one.per_time * one.times or one.instead_of is not None
        assert the_rulebook().schemes[one.scheme].kind == "support"
    capped = {slug for rule in relations.values() if rule.kind == "shares_ceiling" for slug in rule.schemes}
    for one in certain:
        amount = by_scheme[one.scheme].amount
        assert by_scheme[one.scheme].status == "eligible"
        assert amount is not None
        of_law = one.deduction or one.per_time
        assert of_law == amount.low or (of_law < amount.low and one.scheme in capped)
        assert one.deduction is None or one.fen == round(one.deduction * (one.rate or 0))
    out = {one.offer.scheme for one in found.left_out}
    for left in found.left_out:
        relation = relations[left.because]
        assert relation.holds(day)
        assert left.offer.scheme in relation.subjects
        assert relation.kind in ("excludes", "shares_ceiling", "precedes"), "what may be had together shuts nothing out"
        assert left.instead is None or left.instead in relation.subjects
    for decision in decisions:
        paid = decision.amount is not None and decision.amount.kind == "exact" and decision.amount.high > 0
        if decision.status == "eligible" and decision.recipient == "firm_cash" and paid:
            assert found.entries_of(decision.scheme) or decision.scheme in out


@given(partly_told())
@settings(max_examples=count(100))
def test_nothing_is_counted_twice(told: tuple[date, dict[str, Any]]) -> None:
    """Of what excludes each other for one object only one is among the certain sums."""
    day, facts = told
    found, _ = decided(facts, day)
    for relation in the_rulebook().relations:
        if relation.kind == "excludes" and relation.outside is None and relation.holds(day) and not relation.items:
            keys = [
                one.scheme if relation.scope == "firm" else (one.scheme, one.object)
                for one in found.of("certain")
                if one.scheme in relation.schemes and relation.recipient is None
            ]
            assert len(keys) <= 1 or len({key[1] for key in keys if isinstance(key, tuple)}) == len(keys)


def test_a_certain_refund_stands_in_the_headline() -> None:
    """What a card calls exact and paid to the firm is cash, the firm's own VAT credit included, and the number names it."""
    _, facts = firms()["testing-lab"]
    found, decisions = decided(facts)
    refund = next(one for one in decisions if one.scheme == "vat-credit-refund")
    assert refund.amount == Amount("exact", 61_440_000, 61_440_000)
    assert found.cash == 61_440_000
    assert found.entries_of("vat-credit-refund")[0].is_credit


@pytest.mark.parametrize(
    ("income", "title", "rate"),
    [("200000000", False, "1/20"), ("400000000", True, "3/20"), ("400000000", False, "1/4"), ("-1", True, None)],
)
def test_a_deduction_is_said_as_the_tax_it_saves_at_the_firms_own_rate(
    income: str, title: bool, rate: str | None
) -> None:
    """5 % of a small low-profit firm, 15 % of a high-tech one, 25 % of any other; nothing this year of one with a loss."""
    _, facts = firms()["software-house"]
    told = {**facts, "annual_taxable_income": int(income), "is_high_tech_enterprise": title}
    entries = decided(told)[0].entries_of("rd-super-deduction")
    if rate is None:
        assert not entries
        return
    [entry] = entries
    assert entry.rate == Fraction(rate)
    assert entry.deduction is not None
    assert entry.fen == entry.deduction * Fraction(rate)
    assert entry.number == "less"


def test_a_deduction_whose_rate_is_not_known_is_only_possible() -> None:
    """Without the year's income the tax it saves is up to the highest rate that may be its own, and not certain."""
    _, facts = firms()["software-house"]
    found, _ = decided({name: value for name, value in facts.items() if name != "annual_taxable_income"})
    [entry] = found.entries_of("rd-super-deduction")
    assert entry.standing == "open"
    assert entry.rate == Fraction(3, 20), "it holds the high-tech title"


def test_a_relief_of_a_period_is_counted_for_a_year_of_such_periods() -> None:
    """A quarter's 155 yuan of a firm that files by the quarter are 620 a year; by the month they are twelve of them."""
    _, facts = firms()["noodle-shop"]
    [quarter] = decided(facts)[0].entries_of("six-taxes-two-fees")
    [month] = decided({**facts, "tax_filing_cycle": "monthly"})[0].entries_of("six-taxes-two-fees")
    assert (quarter.per_time, quarter.times, quarter.fen) == (15_500, 4, 62_000)
    assert (month.per_time, month.times, month.fen) == (15_500, 12, 186_000)


def test_a_figure_known_from_hearsay_is_not_certain() -> None:
    """A sum whose figure nobody read in its text stands apart from the certain ones; the same decision with a low mark too."""
    _, facts = firms()["shipyard"]
    found, decisions = decided(facts)
    [entry] = found.entries_of("rd-super-deduction")
    assert entry.standing == "unconfirmed", "公告2023年第7号 was seen as others tell it only"
    doubted = [replace(one, confidence="low") for one in decisions]
    assert not headline(the_rulebook(), facts, doubted, DAY).of("certain")


def test_a_ceiling_of_the_law_is_no_prospect() -> None:
    """A shop that said nothing of a loan is not promised the 2,250,000 yuan that the law caps the interest subsidy at."""
    _, facts = firms()["noodle-shop"]
    found, _ = decided(facts)
    assert not found.entries_of("sme-loan-interest-subsidy")
    assert found.possible < 1_000_000


def test_what_only_moves_time_is_in_no_number() -> None:
    """Equipment deducted at once and payments put off are said apart: later they are due all the same."""
    _, facts = firms()["testing-lab"]
    found, _ = decided(facts)
    assert ("equipment-deduction", 230_000_000) in found.deferred
    assert not found.entries_of("equipment-deduction")


def test_nobody_is_told_of_a_conflict_that_no_relation_states() -> None:
    """An offer of 0 yuan that stacks with all others is not left out “because” of them."""
    _, facts = firms()["noodle-shop"]
    found, _ = decided({**facts, "six_taxes_two_fees_payable": 0})
    assert not found.entries_of("six-taxes-two-fees")
    assert not found.left_out


def test_of_several_loans_each_is_counted() -> None:
    """Two decisions of one scheme, about two loans, are two entries: neither hides the other."""
    _, facts = firms()["testing-lab"]
    decisions = check(the_rulebook(), facts, DAY)
    one = next(each for each in decisions if each.scheme == "equipment-renewal-loan-subsidy")
    two = [replace(one, item=Item("loan", f"loan-{name}"), explain=one.explain) for name in "ab"]
    found = headline(the_rulebook(), facts, [*(each for each in decisions if each.scheme != one.scheme), *two], DAY)
    assert one.amount is not None
    assert [entry.fen for entry in found.entries_of(one.scheme)] == [one.amount.high, one.amount.high]


@given(partly_told())
@settings(max_examples=count(200))
def test_every_page_has_words_where_a_letter_has_them(told: tuple[date, dict[str, Any]]) -> None:
    """What has no figure on page, sheet and desk has none on a letter on all schemes, and for the same reason."""
    day, facts = told
    found, decisions = decided(facts, day)
    page = summarise(the_rulebook(), facts, decisions, day)
    assert page.numbers == found.numbers
    assert page.more or found.without_figure == in_words(found.numbers, page.lines, found.waiting)
    assert page.counts.get("needs_information", 0) == found.waiting


def test_a_nought_is_no_answer_while_facts_are_missing() -> None:
    """Of a firm that told nothing no number has a figure; of one that told all, each has; a set that nobody can vouch for has none."""
    assert decided({})[0].without_figure == dict.fromkeys(NUMBERS, "missing")
    assert UNTALLIED.without_figure == dict.fromkeys(NUMBERS, "to_be_set")
    assert UNTALLIED.to_json()["unsaid"] == {"cash": "to_be_set", "less": "to_be_set", "possible": "to_be_set"}
    settled = replace(UNTALLIED, is_untallied=False)
    assert settled.without_figure == {}
    assert replace(settled, waiting=3).without_figure == {"possible": "missing"}
    assert replace(settled, waiting=3, is_to_be_set=True).without_figure == {"possible": "to_be_set"}
