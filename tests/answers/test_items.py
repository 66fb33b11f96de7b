"""Further loans, projects, machines among the answers: kept in few bytes, written into the file, read back, merged."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

from matcher.answers import file, wire
from matcher.answers.answers import Answers, OtherItem
from matcher.answers.merging import merged
from matcher.answers.presentation import told_groups
from matcher.firms import open_profiles, read_told
from matcher.rulebook import Rulebook

TOLD = Answers(
    facts={"employees": 20, "loan_principal": "900000", "makes_the_product": True},
    told_at={"employees": 5},
    others=(
        OtherItem("loan", "loan-2", "流动资金贷款", {"loan_principal": "2000000", "loan_term": 12}),
        OtherItem("loan", "loan-3", "", {}),
    ),
)


def test_packed_answers_hold_the_items() -> None:
    """They come back as they were; answers without any are packed as before."""
    assert wire.unpack(wire.pack(TOLD)) == TOLD
    alone = replace(TOLD, others=())
    assert wire.unpack(wire.pack(alone)) == alone
    assert not TOLD.is_empty
    assert not Answers(others=TOLD.others).is_empty


def test_the_first_loan_is_the_one_told_flat(rulebook: Rulebook) -> None:
    """And the engine is given all of them."""
    read = TOLD.items(rulebook)
    assert read.faults == []
    assert [(one.id, one.facts.get("loan_principal")) for one in read.items.all] == [
        ("loan-1", 90_000_000), ("loan-2", 200_000_000), ("loan-3", None),
    ]  # fmt: skip
    assert read.firm == {"employees": 20, "makes_the_product": True}


def test_a_fact_of_two_kinds_stays_flat_for_the_kind_of_which_there_is_one(rulebook: Rulebook) -> None:
    """A second machine leaves what was told of the product."""
    two = replace(TOLD, others=(OtherItem("equipment", "equipment-2", "", {}),))
    read = two.items(rulebook)
    assert read.firm["makes_the_product"] is True
    assert read.items.of("equipment")[0].facts == {"makes_the_product": True}


def test_the_file_is_a_profile_and_comes_back(rulebook: Rulebook) -> None:
    """`matcher check` reads it; the first loan becomes the flat one again."""
    data = file.write(rulebook, TOLD)
    (profile,) = open_profiles(rulebook, "-", BytesIO(data)).profiles
    assert profile.faults == ()
    assert [one.id for one in profile.items.of("loan")] == ["loan-1", "loan-2", "loan-3"]
    found = file.read(rulebook, data, 10)
    assert found.faults == ()
    assert (dict(found.answers.facts), found.answers.others) == (dict(TOLD.facts), TOLD.others)


def test_a_file_of_one_loan_is_as_it_was(rulebook: Rulebook) -> None:
    """Without an item there is no such key."""
    assert "items" not in json.loads(file.write(rulebook, replace(TOLD, others=())))


def test_faulty_items_of_a_file_are_named_and_none_is_taken(rulebook: Rulebook) -> None:
    """What is told flat is read all the same."""
    found = file.read(rulebook, b'{"facts": {"employees": 3}, "items": {"loan": [{"facts": {"loan_term": "x"}}]}}', 0)
    assert [one.field for one in found.faults] == ["loan-1.loan_term"]
    assert (dict(found.answers.facts), found.answers.others) == ({"employees": 3}, ())


def test_what_one_tab_adds_is_not_lost_in_another() -> None:
    """Mine, where I changed them, else theirs."""
    base = replace(TOLD, others=())
    assert merged(base, base, TOLD).others == TOLD.others
    assert merged(base, TOLD, base.with_answer("employees", 3, 9)).others == TOLD.others


def test_what_is_handed_over_has_every_item_under_its_name(rulebook: Rulebook) -> None:
    """A clerk reads the further loans beside the facts; one without a name has its number."""
    groups = told_groups(rulebook, TOLD, "zh")
    items = [group for group in groups if group.is_item]
    assert [group.heading for group in items] == ["流动资金贷款", "贷款3"]
    assert [row.value for row in items[0].rows] == ["2,000,000元", "12个月"]


BELONGING = Answers(
    facts={"employees": 20, "loan_principal": "900000", "project_actual_investment": "30000000"},
    others=(
        OtherItem("loan", "loan-2", "设备贷款", {"loan_principal": "2000000"}, "project-1"),
        OtherItem("project", "project-2", "二期", {"project_actual_investment": "5000000"}),
    ),
    owners={"loan": "project-2"},
    complete=frozenset({"loan"}),
)


def test_what_a_loan_is_for_and_that_these_are_all_is_held_everywhere(rulebook: Rulebook) -> None:
    """In the packed answers, in the file, at the hand-over to a case, and before the engine."""
    assert wire.unpack(wire.pack(BELONGING)) == BELONGING
    found = file.read(rulebook, file.write(rulebook, BELONGING), 10)
    assert found.faults == ()
    assert (found.answers.others, dict(found.answers.owners)) == (BELONGING.others, {"loan": "project-2"})
    assert found.answers.complete == {"loan"}
    assert merged(BELONGING, BELONGING, replace(BELONGING, complete=frozenset())).complete == frozenset()
    assert BELONGING.items(rulebook).faults == []
    for read in (BELONGING.items(rulebook), read_told(rulebook, BELONGING.keyed)):
        assert {one.id: one.owner for one in read.items.of("loan")} == {"loan-1": "project-2", "loan-2": "project-1"}
        assert read.items.complete == {"loan"}


def test_a_project_told_flat_may_own_a_loan(rulebook: Rulebook) -> None:
    """Though there be one of each."""
    one = Answers(
        facts={"loan_principal": "900000", "project_actual_investment": "30000000"}, owners={"loan": "project-1"}
    )
    for told in (one, file.read(rulebook, file.write(rulebook, one), 10).answers):
        (loan,) = told.items(rulebook).items.of("loan")
        assert (loan.id, loan.owner) == ("loan-1", "project-1")


def test_ids_of_another_program_s_file_become_ours(rulebook: Rulebook) -> None:
    """The first of a kind is told flat here, so that it has our number, also where another names it."""
    data = {"items": {
        "project": [{"id": "project-north", "facts": {"project_actual_investment": "1"}}],
        "loan": [{"id": "loan-a", "facts": {}}, {"id": "loan-b", "for": "project-north", "facts": {}}],
    }}  # fmt: skip
    found = file.read(rulebook, json.dumps(data).encode(), 10)
    assert found.faults == ()
    assert [(one.id, one.owner) for one in found.answers.others] == [("loan-b", "project-1")]
    assert found.answers.items(rulebook).faults == []
