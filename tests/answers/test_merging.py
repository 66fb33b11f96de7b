"""Tests of merging: two tabs, each of which must find its own changes and the other's."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.answers.answers import Answers, Entry, GateTold
from matcher.answers.merging import differing, joined, merged

FACTS = ("employees", "total_assets", "annual_revenue")
entries = st.one_of(
    st.none(),
    st.builds(Entry, value=st.sampled_from(["1", "2", True, 1])),
    st.builds(Entry, band=st.just(("1", "5", False, True)), is_unsure=st.booleans()),
    st.just(Entry(is_unsure=True)),
)


def built(told: dict[str, tuple[Entry | None, int]]) -> Answers:
    """Answers with these entries, each at its time."""
    found = Answers()
    for fact, (entry, at) in told.items():
        found = found.with_entry(fact, entry, at) if entry else found
    return found


answers = st.builds(built, st.fixed_dictionaries({fact: st.tuples(entries, st.integers(1, 9)) for fact in FACTS}))


@given(answers, answers)
def test_where_only_one_side_changed_that_side_holds(base: Answers, changed: Answers) -> None:
    """A tab that changed nothing takes over all of the other's changes, whichever of the two sends its form."""
    for together in (merged(base, changed, base), merged(base, base, changed)):
        assert (together.facts, together.bands, together.unsure) == (changed.facts, changed.bands, changed.unsure)


@given(answers, answers, answers)
def test_no_answer_comes_from_nowhere(base: Answers, theirs: Answers, mine: Answers) -> None:
    """Every merged entry is one side's own; a fact that both sides tell is never lost."""
    together = merged(base, theirs, mine)
    for fact in FACTS:
        assert together.entry(fact) in (theirs.entry(fact), mine.entry(fact))
        if theirs.entry(fact) and mine.entry(fact):
            assert together.entry(fact)


@given(answers, answers)
def test_joining_loses_no_fact(older: Answers, newer: Answers) -> None:
    """Two sets put together tell every fact that either tells, and only differ where both do."""
    together = joined(older, newer)
    assert together.answered == older.answered | newer.answered
    assert set(differing(older, newer)) <= older.answered & newer.answered


def test_of_two_changes_the_later_holds() -> None:
    """Both tabs answered the same question anew: the time decides, and the form sent now where times are equal."""
    base = Answers().with_answer("employees", 10, 1)
    theirs, mine = base.with_answer("employees", 20, 8), base.with_answer("employees", 30, 5)
    assert merged(base, theirs, mine).facts == {"employees": 20}
    assert merged(base, mine, theirs).facts == {"employees": 20}
    assert merged(base, theirs, base.with_answer("employees", 30, 8)).facts == {"employees": 30}


def test_an_answer_taken_back_just_now_is_gone() -> None:
    """Who empties a field means it, even if another tab changed the same answer before."""
    base = Answers().with_answer("employees", 10, 1)
    assert merged(base, base.with_answer("employees", 20, 8), base.without("employees")).is_empty


def test_ticks_day_and_schemes_merge_too() -> None:
    """Papers ticked in either tab are ticked, unticked ones are not; a day or choice changed in one tab is changed."""
    base = Answers(ticked=frozenset("ab"), as_of="2026-01-01")
    theirs = replace(base, ticked=frozenset("abc"), as_of="2026-02-01")
    mine = replace(base, ticked=frozenset("ad"), schemes=("six-taxes-two-fees",))
    together = merged(base, theirs, mine)
    assert together.ticked == frozenset("acd")
    assert (together.as_of, together.schemes) == ("2026-02-01", ("six-taxes-two-fees",))


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "expected"),
    [
        ({}, {"g": "some"}, {}, {"g": "some"}),
        ({}, {}, {"g": "none"}, {"g": "none"}),
        ({"g": "some"}, {"g": "some"}, {"g": "unsure"}, {"g": "unsure"}),
        ({"g": "some"}, {"g": "none"}, {"g": "some"}, {"g": "none"}),
        ({}, {"g": "none", "h": "some"}, {"g": "some"}, {"g": "some", "h": "some"}),
    ],
)
def test_gates_merge_like_facts(
    base: dict[str, GateTold], theirs: dict[str, GateTold], mine: dict[str, GateTold], expected: dict[str, GateTold]
) -> None:
    """What one side changed stays changed; of two changes the later, mine where the times are unknown."""
    assert merged(Answers(gates=base), Answers(gates=theirs), Answers(gates=mine)).gates == expected
