"""Tests of joining two clerks' changes to one case."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from matcher.cases.merging import AS_OF, Clash, merge
from matcher.cases.models import CaseRevision
from matcher.cases.service import Content


def content(as_of: date | None = None, **facts: object) -> Content:
    """Facts that the firm stated."""
    return Content(facts, {name: {"source": "declared", "on": "2026-11-24"} for name in facts}, as_of)


def revision(version: int, account: int, **facts: object) -> CaseRevision:
    """A version of the facts."""
    told = content(**facts)
    at = datetime(2026, 11, 24, version, tzinfo=UTC)
    return CaseRevision(
        case_id=1, version=version, account_id=account, made_at=at, facts=dict(told.facts), sources=dict(told.sources)
    )


def test_what_only_one_changed_is_taken() -> None:
    """Mine goes in, theirs stays, and each is named."""
    found = merge(content(a=1, b=2, c=3), content(a=9, b=2, c=3), content(a=1, b=8, d=4))
    assert found.content.facts == {"a": 9, "b": 8, "d": 4}
    assert (found.mine, found.theirs, found.clashes) == (("a",), ("b", "c", "d"), ())


def test_what_both_changed_alike_is_no_clash() -> None:
    """Two clerks who write the same agree."""
    found = merge(content(a=1), content(a=2), content(a=2))
    assert (found.mine, found.clashes) == ((), ())


def test_what_both_changed_differently_is_shown_with_who_wrote_theirs() -> None:
    """Theirs stands until somebody chooses; the last version that changed it says by whom."""
    since = [revision(2, 7, a=1, b=5), revision(3, 8, a=4, b=5), revision(4, 9, a=4, b=6)]
    found = merge(content(a=1, b=5), content(a=2, b=5), content(a=4, b=6), since)
    assert found.content.facts == {"a": 4, "b": 6}
    assert found.clashes == (Clash("a", 2, 4, since[1]),)


def test_taking_out_clashes_with_changing() -> None:
    """An emptied field is a change too."""
    assert [(c.mine, c.theirs) for c in merge(content(a=1), content(), content(a=2)).clashes] == [(None, 2)]
    assert [(c.mine, c.theirs) for c in merge(content(a=1), content(a=2), content()).clashes] == [(2, None)]


def test_yes_and_one_are_not_the_same() -> None:
    """A figure that became a yes has changed."""
    assert merge(content(a=1), content(a=True), content(a=1)).mine == ("a",)


def test_the_source_is_part_of_what_is_told() -> None:
    """Who saw the paper changes the fact, who wrote it down and when does not."""
    base = Content({"a": 1}, {"a": {"source": "declared", "by": "li.na"}})
    seen = Content({"a": 1}, {"a": {"source": "confirmed", "by": "li.na"}})
    again = Content({"a": 1}, {"a": {"source": "declared", "by": "wang.fang"}})
    assert merge(base, seen, base).content.sources == seen.sources
    assert merge(base, again, base).mine == ()


def test_the_day_is_merged_like_a_fact() -> None:
    """Changed by one it is taken, by both differently it clashes."""
    first, second = date(2026, 3, 1), date(2026, 4, 1)
    assert merge(content(), content(first), content()).content.as_of == first
    assert [clash.name for clash in merge(content(), content(first), content(second)).clashes] == [AS_OF]


told = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2) | st.booleans())


@given(told, told, told)
def test_nothing_is_lost_whoever_changed_what(
    base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    """Each fact ends as mine or theirs, both sides of a clash are at hand, and without a change of mine all is theirs."""
    found = merge(content(**base), content(**mine), content(**theirs))
    clashing = {clash.name: clash for clash in found.clashes}
    for name in {*base, *mine, *theirs}:
        ends = found.content.facts.get(name)
        assert any(ends is side.get(name) or ends == side.get(name) for side in (mine, theirs))
        if name in clashing:
            assert (clashing[name].mine, clashing[name].theirs) == (mine.get(name), theirs.get(name))
    assert merge(content(**base), content(**base), content(**theirs)).content.facts == theirs
