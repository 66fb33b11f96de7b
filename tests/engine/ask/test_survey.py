"""The interview as a whole: only questions that can turn something, one end for every order, an outlook that only narrows."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.engine.ask.gates import moot
from matcher.engine.ask.play import play, tell
from matcher.engine.ask.readings import Told
from matcher.engine.ask.survey import screen_for, survey
from matcher.engine.check import check
from matcher.engine.derive import made_of
from matcher.engine.status import derived_in
from tests.conftest import count
from tests.engine.ask.interviews import Firm, firms
from tests.engine.firms import the_rulebook

TODAY = date(2026, 11, 24)


def may_turn(firm: Firm, told: Told, fact: str) -> bool:
    """Whether a fact is missing in an open decision, or goes into a class that is."""
    for decision in check(the_rulebook(), told.facts, firm.day, firm.slugs, told.bands):
        if fact in decision.missing:
            return True
        derived = derived_in(the_rulebook().scheme_at(decision.scheme, firm.day))
        if any(name in derived and fact in made_of(derived[name]) for name in decision.missing):
            return True
    return False


@settings(max_examples=count(1000, 30))
@given(firms())
def test_every_question_can_turn_a_status_and_is_asked_once(firm: Firm) -> None:
    """A question on a screen is missing in an open decision, or asked for a sum alone; it is no department's, and was neither answered nor
    不清楚 before, nor made moot by another answer."""
    told, now, asked = Told(), firm.survey(Told()), set[tuple[str, str]]()
    while now.screen is not None:
        for ask in now.screen.asks:
            gate = the_rulebook().gates.get(ask.fact)
            assert ask.fact not in moot(the_rulebook(), told)
            assert ask.refines or any(may_turn(firm, told, fact) for fact in (gate.none if gate else (ask.fact,)))
            assert not ask.fact.startswith("dept_")
            assert ask.fact not in told.gates
            assert ask.fact not in told.facts
            assert ask.fact not in told.unsure
            assert (ask.fact, ask.form) not in asked
            asked.add((ask.fact, ask.form))
        before = now
        for ask in before.screen.asks if before.screen else ():
            told = tell(the_rulebook(), before, told, ask, firm.facts)
        now = firm.survey(told)


@settings(max_examples=count(1000, 30))
@given(firms(), st.randoms(use_true_random=False))
def test_the_answers_reach_the_same_decisions_in_any_order(firm: Firm, chance: object) -> None:
    """Told in another order, by way of other surveys, the answers end in the decisions that a check of them all gives."""
    told = play(the_rulebook(), firm.facts, firm.day, firm.slugs).told
    answers = [*told.facts.items(), *told.bands.items(), *((name, None) for name in sorted(told.unsure))]
    chance.shuffle(answers)  # type: ignore[attr-defined]
    again = Told(gates=told.gates, denied=told.denied)
    for name, value in answers:
        again = again.answered(name, value)
        end = firm.survey(again)
    assert again == told
    # What the firm's trade, size and kind rule out is not asked, and decides nothing.
    assert not answers or end.decisions == check(the_rulebook(), told.facts, firm.day, firm.slugs, told.bands)


@settings(max_examples=count(1000, 30))
@given(firms())
def test_the_outlook_only_narrows(firm: Firm) -> None:
    """No answer lowers what is sure or raises what is possible, and nothing settled comes open again."""
    for before, _, _, after in firm.steps():
        assert after.outlook.low >= before.outlook.low
        assert set(after.outlook.unbounded) <= set(before.outlook.unbounded)
        if before.outlook.high is not None:
            assert after.outlook.high is not None
            assert after.outlook.high <= before.outlook.high
        if after.outlook.high is not None:
            assert after.outlook.low <= after.outlook.high
        assert set(before.settled) <= set(after.settled)
        assert sum(fen for _, fen in after.outlook.sure) == after.outlook.low


@settings(max_examples=count(1000, 30))
@given(firms(whole=True))
def test_a_firm_that_knows_everything_is_settled(firm: Firm) -> None:
    """In the end every scheme has the status that all its facts give, whatever was not asked. What a firm tells of a thing
    that it says it has not is left aside, and what hardly any of its trade has stays open."""
    played = play(the_rulebook(), firm.facts, firm.day, firm.slugs)
    last = firm.survey(played.told)
    spared = moot(the_rulebook(), played.told) | last.unasked.facts
    end = [one for one in last.decisions if not spared.intersection(one.missing)]
    assert all(one.status != "needs_information" for one in end)
    told = {name: value for name, value in firm.facts.items() if name not in ("size_class", "size_sector")}
    if told == firm.facts:  # a told class that the figures contradict may not have been asked for
        whole = {one.scheme: one.status for one in check(the_rulebook(), firm.facts, firm.day, firm.slugs)}
        assert {one.scheme: one.status for one in end} == {one.scheme: whole[one.scheme] for one in end}


@settings(max_examples=count(1000, 30))
@given(firms())
def test_a_price_is_what_stays_open(firm: Firm) -> None:
    """Answered 不清楚, a question leaves open the schemes that its price counts, and they are those that waited for it."""
    for before, ask, told, after in firm.steps():
        if before.screen is None or ask.refines or ask not in before.screen.asks:
            continue  # the price is that of the screen as it was shown
        if ask.fact not in told.unsure | told.gates:
            continue
        assert ask.price.schemes == len(ask.waiting)
        assert not set(ask.waiting) & set(after.settled)


@settings(max_examples=count(1000, 30))
@given(firms())
def test_a_gate_stands_for_several_facts_and_its_no_settles_something(firm: Firm) -> None:
    """A gate is asked while two facts beneath may turn a status; "no" settles a scheme by what it says, or spares the figures
    that it puts below a bound, and leaves the rest."""
    for before, ask, told, after in firm.steps():
        gate = the_rulebook().gates.get(ask.fact)
        if gate is None or before.screen is None or ask not in before.screen.asks:
            continue  # an answer on the same screen may have left less of it
        missing = {fact for decision in before.decisions for fact in decision.missing}
        assert len(missing & {*gate.none, *gate.upto}) >= 2
        bare = told if ask.fact in told.gates else told.reopened(gate)
        denied = bare.with_no(gate)
        no = firm.survey(denied)
        assert len(no.settled) > len(before.settled) or (gate.upto and len(no.waits) < len(before.waits))
        assert {name: denied.facts[name] for name in bare.facts} == bare.facts
        if ask.fact in told.gates:
            assert after.settled == before.settled


@settings(max_examples=count(1000, 30))
@given(firms(whole=True))
def test_a_gate_never_says_what_the_firm_would_not(firm: Firm) -> None:
    """What "no" told of the facts beneath is what the firm's own facts say, of those an open scheme waited for."""
    told = Told()
    for before, ask, after, _ in firm.steps():
        if ask.fact in the_rulebook().gates:
            waited = {fact for decision in before.decisions for fact in decision.missing}
            new = {fact for fact in after.facts if fact not in told.facts} & waited
            assert {fact: after.facts[fact] for fact in new} == {fact: firm.facts[fact] for fact in new}
        told = after


def test_no_answers_all_that_lies_beneath() -> None:
    """A firm that says no to Beijing, Gansu and Jilin together is asked for none of them, and may change one of them."""
    slugs = ["beijing-relocation", "gansu-transfer", "jilin-cooperation"]
    blank = survey(the_rulebook(), Told({"district": "nankai"}), TODAY, slugs)
    assert blank.screen is not None
    assert [(ask.fact, ask.form) for ask in blank.screen.asks] == [("gate:regions", "gate")]
    assert blank.screen.asks[0].price.schemes == 3
    denied = Told({"district": "nankai"}).with_no(the_rulebook().gates["gate:regions"])
    assert survey(the_rulebook(), denied, TODAY, slugs).settled == tuple(slugs)
    again = screen_for(the_rulebook(), denied, TODAY, "gate:regions", slugs)
    assert (again.kind, set(again.asks[0].waiting)) == ("gate", set(slugs))
    passed = Told({"district": "nankai"}).passed(the_rulebook().gates["gate:regions"])
    after = survey(the_rulebook(), passed, TODAY, slugs)
    assert after.screen is not None
    assert {ask.fact for ask in after.screen.asks} == {
        "relocates_from_beijing",
        "invests_in_lanbai_zone",
        "cooperates_with_jilin",
    }


def test_a_blank_firm_is_asked_first_what_most_schemes_hang_on() -> None:
    """On an empty sheet the five come first from which a figure is estimated; the district settles five schemes by itself."""
    blank = survey(the_rulebook(), Told(), TODAY)
    assert blank.screen is not None
    assert {ask.fact for ask in blank.screen.asks} == {"industry", "district", "legal_form", "vat_status", "employees"}
    with_district = survey(the_rulebook(), Told({"district": "nankai"}), TODAY)
    assert len(with_district.settled) - len(blank.settled) == 5


def test_the_status_settled_the_amount_is_asked_for_at_the_end() -> None:
    """A small-scale taxpayer has the relief; how often it files, and then what it pays, is asked only for the sum, and marked so."""
    told = Told({"vat_status": "small_scale"})
    found = survey(the_rulebook(), told, TODAY, ["six-taxes-two-fees"])
    assert found.settled == ("six-taxes-two-fees",)
    assert found.screen is not None
    assert (found.screen.refines, found.screen.asks[0].fact) == (True, "tax_filing_cycle")
    told = told.answered("tax_filing_cycle", "quarterly")
    screen = survey(the_rulebook(), told, TODAY, ["six-taxes-two-fees"]).screen
    assert screen is not None
    assert (screen.refines, screen.asks[0].fact) == (True, "six_taxes_two_fees_payable")
    unsure = told.answered("six_taxes_two_fees_payable", None)
    assert survey(the_rulebook(), unsure, TODAY, ["six-taxes-two-fees"]).screen is None
    paid = told.answered("six_taxes_two_fees_payable", 3_864_257)
    assert survey(the_rulebook(), paid, TODAY, ["six-taxes-two-fees"]).outlook.low == 1_932_129


def test_one_answer_is_changed_without_the_rest() -> None:
    """The screen for an answered fact asks for that fact alone, as if it had not been told."""
    told = Told({"vat_status": "general", "district": "nankai", "legal_form": "company"})
    screen = screen_for(the_rulebook(), told, TODAY, "vat_status")
    assert [ask.fact for ask in screen.asks] == ["vat_status"]
    assert "small-scale-vat" in screen.asks[0].waiting


def test_who_cannot_tell_a_class_is_asked_for_the_figures() -> None:
    """不清楚 about the size class brings up what it is worked out from, and the figures settle it."""
    slugs = ["small-firm-quality-certification"]
    told = Told({"district": "nankai"}, unsure=frozenset({"size_class"}))
    facts = {"industry": "3671", "size_sector": "industry", "employees": 8, "annual_revenue": 200_000_000_00}
    played, now = [], survey(the_rulebook(), told, TODAY, slugs)
    while now.screen is not None and not now.screen.refines:
        for ask in now.screen.asks:
            played.append(ask.fact)
            value = facts.get(ask.fact)
            band = next((one for one in ask.bands if isinstance(value, int) and one.holds(value)), None)
            told = told.answered(ask.fact, band or value)
        now = survey(the_rulebook(), told, TODAY, slugs)
    assert now.settled == ("small-firm-quality-certification",)
    assert "employees" in played


def test_a_scheme_without_a_figure_names_the_answers_that_give_it() -> None:
    """A firm that is entitled and told no tax is named the tax; with it the sum is there, and nothing is named any more."""
    told, slug = Told(facts={"vat_status": "small_scale"}), "six-taxes-two-fees"
    assert survey(the_rulebook(), told, TODAY, [slug]).unreckoned == {slug: ("six_taxes_two_fees_payable",)}
    unsure = told.answered("six_taxes_two_fees_payable", None)
    assert survey(the_rulebook(), unsure, TODAY, [slug]).unreckoned == {slug: ("six_taxes_two_fees_payable",)}
    answered = survey(the_rulebook(), told.answered("six_taxes_two_fees_payable", 31000), TODAY, [slug])
    assert answered.decisions[0].amount.kind == "exact"  # type: ignore[union-attr]
    assert answered.unreckoned == {}
