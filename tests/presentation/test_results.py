"""Tests of all decisions together: the groups, their order, and the answer in one sentence."""

from datetime import date
from typing import Any

import pytest

from matcher.presentation.catalogue import Catalogue
from matcher.presentation.results import Results, results
from matcher.rulebook.rulebook import Rulebook
from tests.presentation.test_cards import decision

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def shown(book: Catalogue, *changes: dict[str, Any], lang: str = "zh", is_blank: bool = False) -> Results:
    """The results of decisions with these changes."""
    return results(book, [decision(**change) for change in changes], TODAY, is_blank, lang)


NONE = {"recipient": None, "amount": None}
MISSING = {**NONE, "status": "needs_information", "missing": ["vat_status", "legal_form"]}


def test_the_answer_is_one_sentence(book: Catalogue) -> None:
    """Counts of what is entitled, decided elsewhere and open, with the number of answers that would settle it."""
    states = ({}, {}, {"status": "needs_decision"}, MISSING, MISSING, {**NONE, "status": "not_eligible"})
    found, english = shown(book, *states), shown(book, *states, lang="en")
    assert (found.sentence, found.rest) == ("现在可享受2项。", "1项由部门决定；2项还要再知道2个信息。")
    assert english.sentence == "Entitled now to 2 schemes."
    assert english.rest == "1 scheme for a department to decide; 2 schemes still open: 2 answers missing."


def test_the_money_is_said_with_the_answer(book: Catalogue) -> None:
    """The range of the total follows the answer; before anything was stated there is none."""
    money = {"money": "合计至少1万元，最多3万元"}
    found = [results(book, [decision()], TODAY, is_blank, "zh", **money).money for is_blank in (False, True)]
    assert found == ["合计至少1万元，最多3万元。", ""]


def test_what_a_change_brings_within_reach_stands_apart(book: Catalogue) -> None:
    """A scheme that fails by something that can change is almost there, before what is still open."""
    change = {"fact": "employees_end_last_month", "from": "301", "to": "300"}
    near = [{"changes": [change], "on": None, "reaches": "eligible"}]
    found = shown(book, MISSING, {**NONE, "status": "not_eligible", "near_miss": near})
    assert [group.key for group in found.groups] == ["almost", "needs_information"]
    assert found.rest == "1项差一点；1项还要再知道2个信息。"


def test_what_is_far_off_is_folded_and_not_counted(book: Catalogue) -> None:
    """A change that no such firm can make is kept out of the answer, after what is open."""
    change = {"fact": "has_exports", "from": False, "to": True}
    near = [{"changes": [change], "on": None, "reaches": "eligible", "within_reach": False}]
    found = shown(book, {**NONE, "status": "not_eligible", "near_miss": near}, MISSING)
    assert [(group.key, group.is_folded) for group in found.groups] == [("needs_information", False), ("far", True)]
    assert found.rest == "1项还要再知道2个信息。"


def test_selections_come_last_and_folded(book: Catalogue) -> None:
    """What a department selects firms for, and nothing told speaks for this one, is not sold as nearly had."""
    award = {"scheme": "tianjin-quality-award", "status": "needs_decision", "recipient": "firm_cash"}
    found = shown(book, award, MISSING, {"status": "needs_decision"})
    assert [group.key for group in found.groups] == ["needs_decision", "needs_information", "listed"]
    assert found.groups[-1].is_folded
    assert found.rest.startswith("1项由部门决定；")
    assert found.rest.endswith("；另有1项要先被部门选上或列入名单。")
    assert "条件都满足" not in (found.groups[-1].lead or "")


def test_selections_are_not_drawn(book: Catalogue) -> None:
    """No bar says what a firm would get that nobody has selected."""
    amount = {"amount": {"kind": "ceiling", "value": "1000000.00"}, "recipient": "firm_cash"}
    award = {"scheme": "tianjin-quality-award", "status": "needs_decision", **amount}
    assert shown(book, award).plots.charts == ()


def test_what_others_are_paid_is_counted_apart(book: Catalogue) -> None:
    """A scheme whose money goes to a bank or worker is not counted as the firm's."""
    found = shown(book, {"recipient": "institution"}, {"recipient": "worker"})
    assert found.sentence == "另有2项条件满足、但钱不付给贵单位。"
    assert [group.key for group in found.groups] == ["others"]


def test_nothing_found_is_never_a_flat_refusal(book: Catalogue) -> None:
    """Where nothing is found the sentence says on what it rests; where nothing was stated it says that."""
    assert shown(book, {**NONE, "status": "not_eligible"}).sentence == "按目前填写的情况，还没有找到可以享受的政策。"
    assert shown(book, MISSING, is_blank=True).sentence == "还没有填写情况。"


def test_groups_come_in_the_order_of_use(book: Catalogue) -> None:
    """Entitled first, then what others decide, what is open, what is not for the firm (folded), what is not in force."""
    states = ["unconfirmed", "not_open", "does_not_apply", "not_eligible", "needs_information", "needs_decision"]
    changes = [{**NONE, "status": state, "reason": "ended"} for state in states]
    found = shown(book, *changes, {"status": "applies"}, {})
    assert [group.key for group in found.groups] == [
        *("eligible", "needs_decision", "needs_information", "applies"),
        *("not_eligible", "does_not_apply", "not_open", "unconfirmed"),
    ]
    marks = {group.key: group.mark for group in found.groups}
    assert (marks["eligible"], marks["needs_decision"], marks["needs_information"], marks["not_eligible"]) == tuple(
        "●◐◔○"
    )
    assert [group.key for group in found.groups if group.is_folded] == list(reversed(states[:4]))


def test_what_ends_first_stands_first(book: Catalogue) -> None:
    """Within a group the nearest deadline leads; no end at all comes last."""
    untils = [None, "2027-12-31", "2026-12-31"]
    found = shown(book, *({"version": {"from": "2020-01-01", "until": until}} for until in untils))
    assert [each.ends and each.ends.year for each in found.groups[0].cards] == [2026, 2027, None]


def test_what_needs_fewest_answers_stands_first(book: Catalogue) -> None:
    """Among open schemes the one that a single answer settles leads."""
    found = shown(book, MISSING, {**MISSING, "missing": ["vat_status"]})
    assert [len(each.missing) for each in found.groups[0].cards] == [1, 2]


def test_what_most_schemes_wait_for_is_asked_first(book: Catalogue) -> None:
    """All facts that some open scheme misses are known to the page, the most awaited first."""
    found = shown(book, {**MISSING, "missing": ["legal_form", "vat_status"]}, {**MISSING, "missing": ["vat_status"]})
    assert found.missing == ("vat_status", "legal_form")


def test_what_others_are_paid_by_decision_stands_apart(book: Catalogue) -> None:
    """What a department may grant to a bank, worker or area is not counted as open to the firm."""
    found = shown(book, {"status": "needs_decision", "recipient": "area"}, {"status": "needs_decision"})
    assert [group.key for group in found.groups] == ["needs_decision", "others_decision"]
    assert "1项由部门决定；1项钱不付给贵单位，也由部门决定" in found.rest


def test_very_many_open_schemes_are_folded(book: Catalogue) -> None:
    """Where hardly anything was stated the next questions come before a list of everything that is open."""
    assert [group.is_folded for group in shown(book, *[MISSING] * 20).groups] == [False]
    assert [group.is_folded for group in shown(book, *[MISSING] * 21).groups] == [True]


def test_open_schemes_stand_under_the_fact_they_wait_for(book: Catalogue) -> None:
    """The fact that most open schemes wait for comes first, each scheme once, and how many its answer settles is said."""
    alone = {**MISSING, "missing": ["vat_status"]}
    (group,) = shown(book, MISSING, alone, {**MISSING, "missing": ["district"]}).groups
    assert [(wait.fact.fact, len(wait.cards)) for wait in group.waits] == [("vat_status", 2), ("district", 1)]
    assert group.waits[0].said == "答了就能定1项；1项答了还差别的答案。"
