"""A firm with several loans, projects, machines: each is decided for itself, and one told flat is decided as it always was."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.engine import Item, Items, check
from matcher.engine.choose import best_of
from matcher.engine.decision import Decision
from matcher.firms.profile import read_facts
from matcher.firms.values import read_date
from matcher.rulebook.language import ItemKind, kind_of
from matcher.rulebook.language.types import Scalar
from matcher.workbench.cases import find_cases
from tests.conftest import count
from tests.engine.firms import Asked, asked, figures_near, open_days, the_rulebook

Facts = Mapping[str, Scalar]

SETTLED = {"eligible", "not_eligible", "needs_decision", "applies", "does_not_apply"}


def kind_in(slug: str) -> ItemKind | None:
    """The kind of item that a scheme is about."""
    return kind_of(the_rulebook().schemes[slug].object)


def parted(facts: Facts, kind: ItemKind) -> tuple[dict[str, Scalar], dict[str, Scalar]]:
    """What is the firm's and what is the item's."""
    own = {name: value for name, value in facts.items() if kind in the_rulebook().facts[name].of}
    return {name: value for name, value in facts.items() if name not in own}, own


def decided(slug: str, day: date, firm: Facts, *items: Item) -> dict[str, Decision]:
    """The decision on each item by its id."""
    found = check(the_rulebook(), firm, day, [slug], items=Items(items))
    assert all(one.item is not None for one in found)
    return {one.item.id: one for one in found if one.item is not None}


def essence(decision: Decision) -> object:
    """All that a decision says, but for the item that it names."""
    return replace(decision, item=None).to_json()


# --- one item --------------------------------------------------------------------------------------------------------


@settings(max_examples=count(4000))
@given(asked())
def test_one_item_told_as_such_is_decided_as_if_it_were_told_flat(one: Asked) -> None:
    """Over all schemes, whatever is told; only the item is named besides."""
    kind = kind_in(one.slug)
    if kind is None:
        return
    firm, own = parted(one.facts, kind)
    (flat,) = check(the_rulebook(), one.facts, one.day, [one.slug])
    (alone,) = check(the_rulebook(), firm, one.day, [one.slug], items=Items((Item(kind, "a", own),)))
    assert essence(alone) == essence(flat)
    assert alone.to_json()["item"] == {"kind": kind, "id": "a", "name": None}
    assert "item" not in flat.to_json()


def test_what_is_about_the_firm_is_decided_once_whatever_items_it_has() -> None:
    """And without any item of it."""
    items = Items((Item("loan", "a", {"loan_term": 12}), Item("project", "b")))
    for slug in ("six-taxes-two-fees", "chain-leader-enterprise"):
        found = check(the_rulebook(), {"employees": 5}, date(2024, 3, 1), [slug], items=items)
        (flat,) = check(the_rulebook(), {"employees": 5}, date(2024, 3, 1), [slug])
        assert [one.to_json() for one in found] == [flat.to_json()]


def test_an_item_takes_the_facts_of_what_it_is_for() -> None:
    """A loan for equipment of a project knows what is told of both, and its own counts before theirs."""
    items = Items((
        Item("project", "p", {"project_progress": Fraction(1, 2)}),
        Item("project", "q", {"project_progress": Fraction(1, 3)}),
        Item("equipment", "e", {"makes_the_product": True, "equipment_unit_price": 5}, owner="p"),
        Item("loan", "l", {"loan_term": 3}, owner="e"),
        Item("product", "g", {"makes_the_product": False}, owner="e"),
    ))  # fmt: skip
    loan, product = items.of("loan")[0], items.of("product")[0]
    firm: dict[str, Scalar] = {"employees": 5}
    assert items.facts_of(firm, loan) == {
        "employees": 5, "project_progress": Fraction(1, 2), "makes_the_product": True, "equipment_unit_price": 5, "loan_term": 3,
    }  # fmt: skip
    assert items.facts_of(firm, product)["makes_the_product"] is False


# --- two that differ at a bound --------------------------------------------------------------------------------------


@cache
def told_cases(folder: Path) -> dict[str, list[tuple[date, dict[str, Scalar]]]]:
    """The worked cases of every scheme about an item: the day, and what is told."""
    found: dict[str, list[tuple[date, dict[str, Scalar]]]] = {}
    for case in find_cases([str(folder)]).cases:
        if "scheme" not in case.content or "items" in case.content or kind_in(case.subject) is None:
            continue
        facts, faults = read_facts(the_rulebook(), case.content["facts"])
        day = read_date(case.content["as_of"])
        if not faults and isinstance(day, date):
            found.setdefault(case.subject, []).append((day, dict(facts)))
    return found


def neighbours(slug: str, day: date, name: str, value: Scalar) -> Iterator[tuple[Scalar, Scalar]]:
    """Pairs of values of a fact that lie next to each other, those at the bounds of the rules among them."""
    fact = the_rulebook().facts[name]
    low, high = fact.bounds
    if fact.type == "boolean":
        yield True, False
    elif fact.type == "enum":
        words = list(fact.values)
        yield from pairwise(words)
    elif fact.type == "date":
        assert isinstance(value, date)
        years = [date(year, month, 1) for year in range(2014, 2029) for month in range(1, 13)]
        for turn in years:
            yield turn - timedelta(days=1), turn
            yield turn, turn + timedelta(days=1)
    elif fact.type != "text":
        step = Fraction(1, 10000) if fact.type in ("rate", "number") else Fraction(1)
        for number in figures_near(the_rulebook().scheme_at(slug, day)):
            for left, right in ((number - step, number), (number, number + step)):
                if (low is None or left >= low) and (high is None or right <= high):
                    yield left, right


def at_a_bound(
    slug: str, cases: list[tuple[date, dict[str, Scalar]]]
) -> tuple[date, dict[str, Scalar], str, Scalar, Scalar] | None:
    """A case with two neighbouring values of one of the item's facts of which the statuses differ, both settled."""
    kind = kind_in(slug)
    assert kind is not None
    for day, facts in cases:
        if the_rulebook().scheme_at(slug, day).body is None:
            continue
        own = parted(facts, kind)[1]
        numbers = [name for name in own if the_rulebook().facts[name].type not in ("boolean", "enum")]
        for name in (*numbers, *(name for name in own if name not in numbers)):
            for left, right in neighbours(slug, day, name, facts[name]):
                statuses = {
                    check(the_rulebook(), {**facts, name: value}, day, [slug])[0].status for value in (left, right)
                }
                if len(statuses) == 2 and statuses <= SETTLED:
                    return day, facts, name, left, right
    return None


ABOUT_ITEMS = sorted({slug for slug, _ in open_days() if kind_in(slug) is not None})


@pytest.mark.parametrize("slug", ABOUT_ITEMS)
def test_two_items_that_differ_at_a_bound_are_decided_each_for_itself(slug: str, all_cases: Path) -> None:
    """As the same scheme decides each alone; in either order; and of what is unknown in one the other stays settled."""
    kind = kind_in(slug)
    found = at_a_bound(slug, told_cases(all_cases)[slug])
    assert found is not None
    day, facts, name, left, right = found
    assert kind is not None
    firm, own = parted(facts, kind)
    one, other = Item(kind, "a", {**own, name: left}), Item(kind, "b", {**own, name: right})
    both = decided(slug, day, firm, one, other)
    assert both["a"].status != both["b"].status
    for item in (one, other):
        (alone,) = check(the_rulebook(), {**firm, **item.facts}, day, [slug])
        assert essence(both[item.id]) == essence(alone)
    backwards = decided(slug, day, firm, other, one)
    assert {id_: decision.to_json() for id_, decision in backwards.items()} == {
        id_: decision.to_json() for id_, decision in both.items()
    }
    silent = decided(slug, day, firm, Item(kind, "a"), other)
    assert essence(silent["b"]) == essence(both["b"])


# --- all of them together --------------------------------------------------------------------------------------------


def test_the_order_of_the_items_never_matters(all_cases: Path) -> None:
    """Every permutation gives the same decisions and the same best set."""
    day = date(2026, 11, 24)
    source = random.Random(7)
    numbered = [
        Item(kind, f"{kind}-{index}", parted(source.choice(cases)[1], kind)[1])
        for index, (slug, cases) in enumerate(sorted(told_cases(all_cases).items()))
        for kind in (kind_in(slug),)
        if kind is not None
    ]
    firm, _ = read_facts(
        the_rulebook(), {"legal_form": "company", "employees": 30, "annual_revenue": "5000000", "industry": "3411"}
    )
    seen = set()
    for _ in range(3):
        source.shuffle(numbered)
        items = Items(tuple(numbered))
        found = check(the_rulebook(), firm, day, items=items)
        by_name = sorted((one.scheme, one.item.id if one.item else "", one.status, str(one.amount)) for one in found)
        best = best_of(the_rulebook(), firm, found, day, items)
        seen.add((tuple(by_name), tuple(one.key for one in best.chosen), best.total))
    assert len(seen) == 1


@st.composite
def _firms(draw: st.DrawFn) -> tuple[str, date, dict[str, Scalar], list[Item]]:
    """A scheme about an item, and up to five items of a firm."""
    first = draw(asked().filter(lambda one: kind_in(one.slug) is not None))
    kind = kind_in(first.slug)
    assert kind is not None
    firm, own = parted(first.facts, kind)
    others = draw(st.lists(st.sampled_from(["", *sorted(own)]), max_size=4))
    return first.slug, first.day, firm, [
        Item(kind, f"i{index}", {name: value for name, value in own.items() if name != left})
        for index, left in enumerate(("", *others))
    ]  # fmt: skip


@settings(max_examples=count(1000))
@given(_firms())
def test_one_more_item_changes_no_decision_on_the_others(
    drawn: tuple[str, date, dict[str, Scalar], list[Item]],
) -> None:
    """Nothing in the rules of today speaks of several at once."""
    slug, day, firm, items = drawn
    whole = decided(slug, day, firm, *items)
    fewer = decided(slug, day, firm, *items[:-1]) if len(items) > 1 else {}
    assert {id_: essence(one) for id_, one in fewer.items()} == {id_: essence(whole[id_]) for id_ in fewer}
