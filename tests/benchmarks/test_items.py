"""Holds the speed of a firm with several loans, projects, machines …: one of each as one told flat, ten of each linear, the best set."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from matcher.engine import Item, Items, check
from matcher.engine.choose import TooTangled, best_of
from matcher.firms.profile import read_facts
from matcher.rulebook.language import ITEM_KINDS
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks.measure import Timing, one_core, race
from tests.benchmarks.peer import Peer
from tests.engine.test_items import kind_in, parted, told_cases

DAY = date(2026, 11, 24)

FIRM = {
    "legal_form": "company",
    "employees": 30,
    "annual_revenue": "5000000",
    "total_assets": "8000000",
    "industry": "3411",
    "district": "heping",
}

Firm = dict[str, Scalar]


@pytest.fixture(scope="module")
def firm(rulebook: Rulebook) -> Firm:
    """What a firm tells of itself."""
    facts, faults = read_facts(rulebook, FIRM)
    assert not faults
    return dict(facts)


@pytest.fixture(scope="module")
def told(all_cases: Path) -> dict[str, list[Firm]]:
    """What is told of items of each kind in the worked cases."""
    found: dict[str, list[Firm]] = {kind: [] for kind in ITEM_KINDS}
    for slug, cases in sorted(told_cases(all_cases).items()):
        kind = kind_in(slug)
        assert kind is not None
        found[kind] += [parted(facts, kind)[1] for _, facts in cases]
    return found


def items_of(told: dict[str, list[Firm]], each: int, seed: int) -> Items:
    """So many items of each kind, each told as several worked cases do; half of them are for a project."""
    source, made = random.Random(seed), []
    for kind in ITEM_KINDS:
        for number in range(1, each + 1):
            some = source.sample(told[kind], min(len(told[kind]), 6))
            facts = {name: value for one in some for name, value in one.items()}
            of_project = kind in ("loan", "equipment", "product") and source.random() < 0.5
            owner = f"project-{source.randrange(1, each + 1)}" if of_project else None
            made.append(Item(kind, f"{kind}-{number}", facts, owner=owner))
    return Items(tuple(made))


def flat(firm: Firm, items: Items) -> Firm:
    """The same firm with the one item of each kind told flat."""
    return firm | {name: value for one in items.all for name, value in one.facts.items()}


@pytest.fixture(scope="module")
def timings(rulebook: Rulebook, firm: Firm, told: dict[str, list[Firm]]) -> dict[str, Timing]:
    """One run: each firm told flat, with one item of each kind, with ten and with twenty; every scheme with its status and sum."""

    def alone(seed: int) -> Items:
        return Items(tuple(Item(one.kind, one.id, one.facts) for one in items_of(told, 1, seed).all))

    def decided(asked: tuple[Firm, Items]) -> object:
        return check(rulebook, asked[0], DAY, items=asked[1])

    seeds = range(20)
    peers = [
        Peer("one of each kind told flat", decided, [(flat(firm, alone(seed)), Items()) for seed in seeds], str),
        Peer("one item of each kind", decided, [(firm, alone(seed)) for seed in seeds], str),
        Peer("ten of each kind", decided, [(firm, items_of(told, 10, seed)) for seed in seeds], str, slow=True),
        Peer("twenty of each kind", decided, [(firm, items_of(told, 20, seed)) for seed in seeds], str, slow=True),
    ]
    found = race(peers)
    for name, timing in found.items():
        low, middle, high = (one / 1000 for one in (min(timing.rounds), timing.median, max(timing.rounds)))
        print(f"{name:30s} {low:8.1f} {middle:8.1f} {high:8.1f} ms a firm")
    return found


def test_one_item_is_no_slower_than_one_told_flat(timings: dict[str, Timing]) -> None:
    """Within 10 %."""
    assert timings["one item of each kind"].times(timings["one of each kind told flat"]) <= 1.1


def test_many_items_take_their_number(timings: dict[str, Timing]) -> None:
    """Twenty of each kind take at most twice what ten take, and 10 % for what the machine does meanwhile."""
    assert timings["twenty of each kind"].times(timings["ten of each kind"]) <= 2.2


def _chosen(rulebook: Rulebook, firm: Firm, told: dict[str, list[Firm]]) -> Iterator[tuple[int, float, bool]]:
    """Of firms with one to ten items of each kind: how many offers, the milliseconds of the best set, and whether it was found."""
    for seed in range(200):
        items = items_of(told, 1 + seed % 10, seed)
        decisions = check(rulebook, firm, DAY, items=items)
        start, is_found = time.process_time(), True  # one thread, and nothing of it waits
        try:
            best_of(rulebook, firm, decisions, DAY, items)
        except TooTangled:
            is_found = False
        taken = (time.process_time() - start) * 1000
        yield sum(one.status in ("eligible", "needs_decision") for one in decisions), taken, is_found


def test_the_best_set_of_fifty_offers_comes_in_nine_milliseconds(
    rulebook: Rulebook, firm: Firm, told: dict[str, list[Firm]]
) -> None:
    """At the median; what is too tangled is given up and said."""
    with one_core():
        found = list(_chosen(rulebook, firm, told))
    some = [(taken, offers) for offers, taken, _ in found if offers <= 50]
    worst, most = max(some)
    given_up = sum(not is_found for _, _, is_found in found)
    print(f"{len(some)} firms with at most 50 offers: {median(taken for taken, _ in some):.1f} ms at the median, "
          f"{worst:.1f} ms at worst ({most} offers); {given_up} of {len(found)} given up as too tangled")  # fmt: skip
    assert median(taken for taken, _ in some) <= 9
