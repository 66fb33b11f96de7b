"""The choice equals trying every set; the total, the order of the criteria and the reasons are as the header says."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.engine.choose.choice import Choice, choose
from matcher.engine.choose.offers import Held, Offer, Received
from matcher.engine.choose.profile import to_json
from matcher.rulebook.interplay import Relation
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.engine.choose.bundles import DAY, Drawn, able, draw, draw_items, every_set, pairs_in_conflict, rank


def relation(id_: str, kind: str, *schemes: str, **more: Any) -> Relation:
    """A relation as a bundle would give it."""
    named = {"to": schemes, "strict": True} if kind == "precedes" else {"schemes": schemes}
    return Relation.model_validate({"id": id_, "kind": kind, "scope": "firm", **named, **more})


def cash(scheme: str, yuan: int | None, object_: str = "o-1", **more: Any) -> Offer:
    """Money of the firm, exact unless said otherwise."""
    figure = None if yuan is None else yuan * 100
    return Offer(scheme, object_, **{"recipient": "firm_cash", "figure": figure, "exact": yuan is not None, **more})


def taken(*offers: Offer, relations: tuple[Relation, ...] = (), **more: Any) -> str:
    """The schemes chosen, one letter each."""
    return "".join(one.scheme for one in choose(offers, relations, DAY, **more).chosen)


# --- every set -------------------------------------------------------------------------------------------------------


def _compare(drawn: Drawn) -> tuple[Choice, bool]:
    found = choose(drawn.offers, drawn.relations, DAY)
    sets = every_set(drawn)
    best = min(sets, key=lambda one: rank(one, drawn.relations))
    assert [one.key for one in found.chosen] == sorted(one.key for one in best)
    binding = {
        one.id for one in drawn.relations if one.kind == "excludes" or (one.ceiling and one.ceiling.count is not None)
    }
    rivals = {one.offer for one in found.left_out if one.because in binding}
    others = [one for one in sets if rivals & set(one)]
    assert (found.runner_up is None) == (not others)
    if found.runner_up is not None:
        second = min(others, key=lambda one: rank(one, drawn.relations))
        assert [one.key for one in found.runner_up.chosen] == sorted(one.key for one in second)
    return found, bool(others)


def test_the_choice_and_the_runner_up_equal_brute_force() -> None:
    """On random bundles of 1 to 15 offers, evenly: no admissible set is better, and none with a rival than the runner-up."""
    conflicts = rivals = sizes = 0
    for seed in range(count(2000)):
        drawn = draw(seed)
        sizes = max(sizes, len(able(drawn)))
        conflicts += pairs_in_conflict(drawn) > 0
        rivals += _compare(drawn)[1]
    assert sizes >= 12
    assert conflicts > count(2000) // 2
    assert rivals > count(2000) // 4


def test_ceilings_that_share_offers_are_searched_exactly_too() -> None:
    """An offer under several ceilings is paid what all of them leave; the set found is still the best."""
    for seed in range(count(400)):
        _compare(draw(seed, tangled=True))


def test_the_choice_for_firms_with_several_items_equals_brute_force() -> None:
    """Loans, projects and machines, some for others: exclusions bite where they meet, shared ceilings add up over all of them."""
    conflicts = together = 0
    for seed in range(count(2000)):
        drawn = draw_items(seed)
        found, rival = _compare(drawn)
        conflicts += rival
        together += len({one.object for one in found.chosen}) < len(found.chosen)
    assert conflicts > count(2000) // 3
    assert together > count(2000) // 10


def test_two_loans_each_have_what_one_may_have_once() -> None:
    """The same scheme twice for one loan is shut out, for another loan it is not; for the project of both it is."""
    once = (relation("x", "excludes", "a", "b", scope="same_loan"),)
    offers = (cash("a", 5, "loan-1"), cash("b", 7, "loan-1"), cash("a", 5, "loan-2"))
    assert [one.key for one in choose(offers, once, DAY).chosen] == [("a", "", "loan-2"), ("b", "", "loan-1")]
    of_one_project = tuple(replace(one, owners=(("project", "project-1"),)) for one in offers)
    project = (relation("x", "excludes", "a", "b", scope="same_project"),)
    assert [one.key for one in choose(of_one_project, project, DAY).chosen] == [("b", "", "loan-1")]


def test_a_ceiling_of_the_firm_adds_up_over_its_loans() -> None:
    """Three loans of 6 under 15: 15, and each beyond the ceiling is left out."""
    cap = relation("c", "shares_ceiling", "a", ceiling={"value": "15", "per": "firm"})
    found = choose([cash("a", 6, f"loan-{number}") for number in (1, 2, 3)], [cap], DAY)
    assert found.total.exact == 1500
    assert [fen for _, fen in found.lines] == [600, 600, 300]


def test_the_order_of_the_offers_does_not_matter() -> None:
    """The same bundle told in another order gives the same answer."""
    for seed in range(count(200)):
        drawn = draw(seed)
        forward, backward = (choose(one, drawn.relations, DAY) for one in (drawn.offers, drawn.offers[::-1]))
        assert to_json(forward, {}) == to_json(backward, {})


def test_every_offer_is_chosen_or_left_out_with_a_reason() -> None:
    """Nothing is dropped in silence, and what stands in the way is chosen itself."""
    for seed in range(count(500)):
        drawn = draw(seed, tangled=seed % 2 == 0)
        found = choose(drawn.offers, drawn.relations, DAY)
        assert sorted([one.key for one in found.chosen] + [one.offer.key for one in found.left_out]) == sorted(
            one.key for one in drawn.offers
        )
        ids = {one.id for one in drawn.relations} | {"status", "adds_nothing"}
        for one in found.left_out:
            assert one.because in ids
            assert one.instead is None or one.instead in {other.scheme for other in found.chosen}


# --- the criteria, one after the other -------------------------------------------------------------------------------

AB = (relation("x", "excludes", "a", "b"),)
DEDUCTION = relation("d", "never_adds", "a", "b", "c", shown_as="deduction")
CREDIT = relation("v", "never_adds", "a", "b", "c", shown_as="released_credit")


@pytest.mark.parametrize(
    ("offers", "relations", "expected"),
    [
        ((cash("a", 10), cash("b", 11, exact=False)), AB, "b"),
        ((cash("a", 10, exact=False), cash("b", 10)), AB, "b"),
        ((cash("a", 1), cash("b", 2)), (*AB, DEDUCTION), "b"),
        ((cash("a", 1), cash("b", 2)), (*AB, CREDIT), "b"),
        ((cash("a", 1, recipient="firm_deferral"), cash("b", 2, recipient="firm_deferral")), AB, "b"),
        ((cash("a", 0), cash("b", None, recipient="firm_right")), AB, "b"),
        ((cash("a", 3), cash("b", 3, by_department=True)), AB, "a"),
        ((cash("a", 3, by_department=True), cash("b", 3)), AB, "b"),
        ((cash("a", 3), cash("b", 3)), AB, "a"),
        ((cash("a", 3, "o-2"), cash("a", 3, "o-1", item="x")), (relation("x", "excludes", "a"),), "a"),
        ((cash("a", 0),), (), ""),
        ((cash("a", None),), (), "a"),
        ((cash("a", 5, recipient="worker"), cash("b", 7, recipient="worker")), AB, "a"),
    ],
)
def test_the_criteria_in_their_order(offers: tuple[Offer, ...], relations: tuple[Relation, ...], expected: str) -> None:
    """Money, exact money, deductions, credit, deferrals, titles, fewer applications, by law, the alphabet."""
    assert taken(*offers, relations=relations) == expected


def test_a_relation_holds_between_its_days_both_included() -> None:
    """The day before and the day after, nothing is shut out."""
    only = (relation("x", "excludes", "a", "b", **{"from": "2026-03-01", "until": "2026-03-31"}),)
    for day, expected in (("2026-02-28", 2), ("2026-03-01", 1), ("2026-03-31", 1), ("2026-04-01", 2)):
        assert len(choose([cash("a", 1), cash("b", 2)], only, date.fromisoformat(day)).chosen) == expected


def test_what_is_outside_the_catalogue_shuts_nothing_out_and_is_told() -> None:
    """Such a relation comes back as a note."""
    outside = relation("o", "excludes", "a", outside={"zh": "他", "en": "other"}, rule={"zh": "规", "en": "rule"})
    found = choose([cash("a", 1), cash("a", 2, "o-2")], [outside], DAY)
    assert (len(found.chosen), [one.id for one in found.notes]) == (2, ["o"])


# --- ceilings --------------------------------------------------------------------------------------------------------


def test_exact_money_fills_a_ceiling_first_and_what_was_received_is_taken_off() -> None:
    """8 of 10 are exact; with 5 received before only 5 exact are left, and the rest finds nothing."""
    cap = relation("c", "shares_ceiling", "a", "b", ceiling={"value": "10", "per": "firm"})
    offers = [cash("a", 6, exact=False), cash("b", 8)]
    found = choose(offers, [cap], DAY)
    assert (found.total.exact, found.total.up_to) == (800, 200)
    less = choose(offers, [cap], DAY, received=Received({"c": 500}))
    assert (less.total.exact, less.total.up_to) == (500, 0)
    assert [(one.because, one.instead) for one in less.left_out] == [("c", "b")]
    none = choose(offers, [cap], DAY, received=Received({"c": 5000}))
    assert [(one.because, one.instead) for one in none.left_out] == [("c", None), ("c", None)]
    assert none.runner_up is None


def test_a_ceiling_for_each_object_lets_each_fill_it() -> None:
    """Two loans, a ceiling of 10 each."""
    cap = relation("c", "shares_ceiling", "a", ceiling={"value": "10", "per": "object"})
    assert choose([cash("a", 9, "o-1"), cash("a", 12, "o-2")], [cap], DAY).total.exact == 1900


def test_a_count_takes_off_what_was_received() -> None:
    """Two of three when one is used up; the third is a rival of the set."""
    cap = relation("c", "shares_ceiling", "a", ceiling={"count": 3, "per": "firm"})
    offers = [cash("a", 9, f"o-{index}") for index in range(4)]
    found = choose(offers, [cap], DAY, received=Received(counts={"c": 1}))
    assert [one.object for one in found.chosen] == ["o-0", "o-1"]
    assert found.runner_up is not None
    assert (found.runner_up.less_by, found.runner_up.loses_by) == (0, "alphabet")


# --- what must come first --------------------------------------------------------------------------------------------


def test_a_title_must_be_held_not_applied_for() -> None:
    """The later offer opens with the title, of the right level and the right object."""
    ladder = (relation("p", "precedes", "b", from_scheme="a", from_item="x", scope="same_project"),)
    offers = (cash("a", None, item="x", recipient="firm_right"), cash("b", 5))
    assert taken(*offers, relations=ladder) == "a"
    for held, expected in (
        (Held("a", "x"), "ab"),
        (Held("a", "x", "o-1"), "ab"),
        (Held("a", "x", "o-2"), "a"),
        (Held("a", "y"), "a"),
        (Held("a"), "a"),
    ):
        assert taken(*offers, relations=ladder, held=[held]) == expected


def test_an_offer_that_is_not_open_says_so() -> None:
    """Its status is the reason, whatever else would be in its way."""
    found = choose([cash("a", 5, status="not_eligible"), cash("b", 3)], AB, DAY)
    assert [(one.offer.scheme, one.because) for one in found.left_out] == [("a", "status")]


# --- the total and the words -----------------------------------------------------------------------------------------


def test_lines_of_their_own_never_join_the_total() -> None:
    """Deferrals, deductions, released credit, payments to others and finance stand apart."""
    shown = ("deferral", "deduction", "released_credit", "apart", "not_counted")
    relations = [
        relation(name, "never_adds", letter, shown_as=name) for letter, name in zip("abcde", shown, strict=True)
    ]
    answer = to_json(choose([*(cash(letter, 7) for letter in "abcde"), cash("f", 1)], relations, DAY), {})
    assert answer["total"] == {"exact": "1.00", "up_to": "0.00"}
    assert (answer["deferrals"], answer["deductions"], answer["released_credit"]) == ("7.00", "7.00", "7.00")
    assert answer["apart"] == [{"scheme": "d", "recipient": "firm_cash"}]
    assert len(answer["chosen"]) == 6


def test_the_text_says_the_set_the_sum_and_why_the_runner_up_loses() -> None:
    """Both languages name the figures, the difference in yuan, and what the ceiling cut."""
    cap = relation("c", "shares_ceiling", "a", "d", ceiling={"value": "9", "per": "firm"})
    offers = [cash("a", 8), cash("b", 3), cash("c", 4, exact=False, status="needs_decision"), cash("d", 5)]
    text = to_json(choose(offers, [*AB, cap], DAY), {})["text"]
    for said in ("Recommended: a", "c [o-1] (department decides)", "= 9.00 yuan", "of 5.00", "Up to", "Runner-up: b"):
        assert said in text["en"]
    for said in ("建议：a", "（待部门决定）", "= 9.00 元", "次优：改选b", "合计少"):
        assert said in text["zh"]


def test_what_is_granted_over_years_says_so_beside_the_total(rulebook: Rulebook) -> None:
    """Interest over the term of a loan is counted once and whole, with its span; a deduction's tax effect is in no total."""
    loan = cash("startup-guarantee-loan", 96000, "loan-1", recipient="firm_price")
    research = cash("rd-super-deduction", 5000, "cit-2026", recipient="firm_price")
    answer = to_json(choose([loan, research], rulebook.relations, DAY), rulebook.schemes)
    assert answer["total"] == {"exact": "96000.00", "up_to": "0.00"}
    assert [one.get("span", {}).get("en") for one in answer["lines"]] == [None, "the whole term of the loan"]
    assert "整个贷款期的合计，不折成每年" in answer["text"]["zh"]
    assert "for the whole term of the loan, not by the year" in answer["text"]["en"]
    assert "neither they nor the tax they save are in the total" in answer["text"]["en"]
    free = to_json(choose([cash("a", 5)], [], DAY), rulebook.schemes)
    assert "not by the year" not in free["text"]["en"]


def test_an_empty_bundle_has_an_answer() -> None:
    """Nothing to choose is no error."""
    answer = to_json(choose([], [], DAY), {})
    assert (answer["chosen"], answer["runner_up"], answer["total"]["exact"]) == ([], None, "0.00")
