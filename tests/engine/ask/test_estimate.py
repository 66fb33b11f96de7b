"""The first figure after five taps: a range by the same rules over what is usual, and what a firm's trade, size and kind rule out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from matcher.engine import Band
from matcher.engine.ask.estimate import estimate
from matcher.engine.ask.play import play
from matcher.engine.ask.presumed import presume
from matcher.engine.ask.readings import Told, read_all
from matcher.engine.ask.stakes import Stakes
from matcher.engine.ask.survey import FIRST, survey
from matcher.engine.choose import headline
from matcher.firms.profile import read_facts
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook

NOVEMBER = date(2026, 11, 24)
SHOP: dict[str, Scalar] = {
    "industry": "6220", "district": "heping", "legal_form": "individual_business", "vat_status": "small_scale", "employees": 4,
}  # fmt: skip
WORKS: dict[str, Scalar] = {
    "industry": "3484", "district": "beichen", "legal_form": "company", "vat_status": "general", "employees": 120,
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(rulebook: Rulebook, given_cases: Path) -> dict[str, tuple[dict[str, Scalar], date]]:
    """The whole firms that were given, by name."""
    given = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    return {one["id"]: (read_facts(rulebook, one["facts"])[0], one["as_of"]) for one in given}


def test_the_five_taps_come_first(rulebook: Rulebook) -> None:
    """Industry, district, kind of firm, taxpayer and staff, on the first screen."""
    screen = survey(rulebook, Told(), NOVEMBER).screen
    assert screen is not None
    assert tuple(ask.fact for ask in screen.asks) == FIRST


@pytest.mark.parametrize("facts", [SHOP, WORKS])
def test_five_taps_give_a_range_with_an_end(rulebook: Rulebook, facts: Mapping[str, Scalar]) -> None:
    """Every scheme with money has an end: nothing is 上限还不知道."""
    found = survey(rulebook, Told(facts), NOVEMBER).estimate
    assert 0 <= found.low < found.high < 10**13
    assert not found.is_told


def test_a_told_figure_narrows_the_range(rulebook: Rulebook) -> None:
    """Turnover that agrees with what is usual leaves less open at both ends."""
    five = survey(rulebook, Told(WORKS), NOVEMBER).estimate
    six = survey(rulebook, Told({**WORKS, "annual_revenue": 60_000_000_00}), NOVEMBER).estimate
    assert five.low <= six.low
    assert six.high < five.high
    assert not six.surprises


def test_a_figure_out_of_the_ordinary_is_said(rulebook: Rulebook) -> None:
    """Four people with a turnover of ninety million: the range moves, and why is said."""
    found = survey(rulebook, Told({**SHOP, "annual_revenue": 90_000_000_00}), NOVEMBER).estimate
    assert found.surprises == ("annual_revenue",)


def test_a_noodle_shop_is_not_asked_for_reits_bonds_and_steel(rulebook: Rulebook) -> None:
    """Nor for anything else that a shop of four cannot have; what it tells itself counts all the same."""
    told = presume(rulebook, Told(SHOP))
    assert told.facts["builds_steel_capacity"] is False
    assert told.facts["makes_the_product"] is False
    assert told.facts["has_exports"] is False
    assert "gate:reits" in told.denied
    assert "average_distributable_profit" in told.moot
    own = presume(rulebook, Told({**SHOP, "makes_the_product": True}))
    assert own.facts["makes_the_product"] is True
    assert "makes_the_product" not in own.presumed


def test_a_wide_band_of_staff_takes_nothing_back(rulebook: Rulebook) -> None:
    """Who told that it has four people and then "up to 100 now" is still a shop of four: nothing presumed falls away."""
    before = presume(rulebook, Told(SHOP))
    after = presume(rulebook, Told(SHOP, bands={"current_staff": Band(0, 100)}))
    assert before.presumed <= after.presumed
    assert before.denied == after.denied


def test_nothing_is_presumed_before_anything_is_told(rulebook: Rulebook) -> None:
    """Whoever said nothing may be any firm."""
    assert not presume(rulebook, Told()).presumed


def test_no_given_firm_contradicts_what_is_presumed_of_it(
    rulebook: Rulebook, whole: Mapping[str, tuple[dict[str, Scalar], date]]
) -> None:
    """What the eighteen firms say of themselves, against what is presumed from their five taps."""
    for name, (facts, _) in whole.items():
        told = presume(rulebook, Told({one: facts[one] for one in FIRST if one in facts}))
        wrong = {one for one in told.presumed if one in facts and facts[one] != told.facts[one]}
        assert not wrong, (name, wrong)


def test_the_question_worth_most_is_asked(
    rulebook: Rulebook, whole: Mapping[str, tuple[dict[str, Scalar], date]]
) -> None:
    """A machine maker's refund of millions hangs on the sector of its sales: it is asked as soon as the firm says that it has a credit,
    on one screen with all that the refund hangs on, and the money is found."""
    facts, day = whole["bicycle-exporter"]
    played = play(rulebook, facts, day)
    screen = next(turn.questions for turn in played.turns if "vat_refund_sector" in turn.questions)
    refund = {"credit_balance_end", "tax_credit_rating", "used_vat_instant_refund", "input_composition_ratio"}
    assert refund <= {*screen}
    assert len(screen) <= 7
    assert played.turns[-1].after is not None
    assert played.turns[-1].after.estimate.headline.cash == 2_064_000_00


@pytest.mark.parametrize("name", ["noodle-shop", "restaurant-chain-2022", "orchard-cooperative"])
def test_the_first_range_holds_what_the_firm_ends_with(
    rulebook: Rulebook, whole: Mapping[str, tuple[dict[str, Scalar], date]], name: str
) -> None:
    """And no later one is wider, unless a figure is out of the ordinary."""
    played = play(rulebook, *whole[name])
    assert played.whole is not None
    end, surveys = played.whole.estimate.as_told(), [turn.after for turn in played.turns if turn.after is not None]
    first = surveys[0].estimate
    assert first.low <= end.low <= end.high <= first.high
    for before, after in itertools.pairwise(surveys):
        if set(after.estimate.surprises) <= set(before.estimate.surprises):
            assert before.estimate.low <= after.estimate.low
            assert after.estimate.high <= before.estimate.high
    assert played.turns[0].answers <= 5


def test_the_bounds_of_a_gate_are_those_of_the_law(rulebook: Rulebook) -> None:
    """The 300 people and 50 million yuan that the gate on quarters asks for stand in the parameters."""
    gate = rulebook.gates["gate:over_small_size"]
    for name, most in gate.upto.items():
        parameter = "small_low_profit.employees" if name.endswith("employees") else "small_low_profit.assets"
        entry = rulebook.parameters[parameter].on(NOVEMBER)
        assert entry is not None
        assert entry[1].value == most


def test_every_usual_figure_says_where_it_is_from(rulebook: Rulebook) -> None:
    """A source, or that it is our assumption, in both languages."""
    for line in rulebook.typical.lines:
        assert line.why.zh
        assert line.why.en


def test_a_screen_fits_a_phone_and_what_there_is_is_asked_first(rulebook: Rulebook) -> None:
    """After turnover and owner come the lists of what there is at all; none has more than seven lines, and none stands twice."""
    told, asked = Told({**WORKS, "annual_revenue": 60_000_000_00, "annual_taxable_income": 0}), set[str]()
    told = told.answered("ownership", "private").answered("line_of_business", "other")
    for _ in range(2):
        screen = survey(rulebook, told, NOVEMBER).screen
        assert screen is not None
        assert len(screen.asks) <= 7
        gates = [ask.fact for ask in screen.asks if ask.fact in rulebook.gates]
        assert gates
        assert asked.isdisjoint(ask.fact for ask in screen.asks)
        asked.update(ask.fact for ask in screen.asks)
        for ask in screen.asks:
            gate = rulebook.gates.get(ask.fact)
            told = told.with_no(gate) if gate else told.answered(ask.fact, value=False)


def test_what_many_are_denied_does_not_put_off_what_the_law_gives(rulebook: Rulebook) -> None:
    """The stakes of a selected title are no hundred times those of a relief, though its text promises a hundred times as much."""
    told = presume(rulebook, Told(WORKS))
    decisions, readings = read_all(rulebook, told, NOVEMBER)
    found = estimate(rulebook, told, NOVEMBER, readings, headline(rulebook, told.facts, decisions, NOVEMBER))
    stakes = Stakes.of(rulebook, told, found, readings)
    assert sum(stakes.shares.values()) == pytest.approx(1)
    assert max(stakes.shares.values()) < 0.5


def test_what_is_presumed_is_asked_in_the_end_where_a_sum_hangs_on_it(rulebook: Rulebook, given_cases: Path) -> None:
    """A software house is presumed to make no chips; its deduction is 100 % or 120 % by that, so that the last range got wider, unsaid."""
    told = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    firm = next(one for one in told if one["id"] == "software-house")
    one = play(rulebook, read_facts(rulebook, firm["facts"])[0], firm["as_of"])
    assert one.questions[-1] == "on_ic_machine_tool_list"
    ends = [turn.after.estimate for turn in one.turns if turn.after is not None]
    assert ends[-1].high <= ends[-2].high
