"""Holds the speed of one firm against the whole catalogue: every status and amount, and every reason."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from matcher.engine.decide import decider
from matcher.engine.explain import explainer
from matcher.firms.profile import read_facts
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks.measure import Timing, race
from tests.benchmarks.peer import Peer

DAY = date(2026, 11, 24)
RULES = 106


def varied(firm: Mapping[str, Scalar], rulebook: Rulebook, chance: random.Random) -> dict[str, Scalar]:
    """The same firm with every sum of money its own."""
    money = {name for name in firm if rulebook.facts[name].type == "money"}
    return {
        name: int(told) * chance.randrange(80, 120) // 100 if name in money else told for name, told in firm.items()
    }


@pytest.fixture(scope="module")
def timings(rulebook: Rulebook, given_cases: Path) -> dict[str, Timing]:
    """One run: ours by status, ours with reasons, as many small rules by hand, and in one list expression of zen-engine."""
    whole = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    told = [facts for facts, faults in (read_facts(rulebook, firm["facts"]) for firm in whole) if not faults]
    chance = random.Random(106)
    firms = [varied(chance.choice(told), rulebook, chance) for _ in range(400)]
    deciders = [decider(rulebook, DAY, slug) for slug in rulebook.parsed]
    for firm in firms:
        [one(firm) for one in deciders]
    open_ = [slug for slug in rulebook.parsed if rulebook.scheme_at(slug, DAY).body is not None]
    explainers = [explainer(rulebook, DAY, slug) for slug in open_]
    small = [{"a": chance.randrange(400), "b": chance.random() < 0.5} for _ in range(400)]
    rules = [(lambda firm, n=n: (firm["a"] <= n or firm["b"]) and n) for n in range(RULES)]
    peers = [
        Peer("ours, all statuses and amounts", lambda firm: [one(firm) for one in deciders], firms, str),  # type: ignore[arg-type]
        Peer("ours, all with full reasons", lambda firm: [one(firm) for one in explainers], firms, str, slow=True),  # type: ignore[arg-type]
        Peer("106 small rules by hand", lambda firm: [rule(firm) for rule in rules], small, str),  # type: ignore[arg-type]
        *_zen(small),
    ]
    found = race(peers)
    for name, timing in found.items():
        print(f"{name:35s} {min(timing.rounds):8.1f} {timing.median:8.1f} {max(timing.rounds):8.1f} µs a firm")
    return found


def _zen(small: list[dict[str, Any]]) -> list[Peer]:
    if importlib.util.find_spec("zen") is None:
        print("SKIPPED: zen-engine is not installed (extra `bench`)")
        return []
    import zen

    text = ", ".join(f"((a <= {n} or b) ? {n} : -1)" for n in range(RULES))
    compiled = zen.compile_expression(f"[{text}]")
    return [Peer("106 small rules, zen-engine", compiled.evaluate, small, str)]  # type: ignore[arg-type]


def test_all_statuses_come_in_a_third_of_a_millisecond(timings: dict[str, Timing]) -> None:
    """One firm against every scheme of the catalogue on one core: statuses and amounts in at most 0.3 ms."""
    assert timings["ours, all statuses and amounts"].median <= 300


def test_all_reasons_come_in_five_milliseconds(timings: dict[str, Timing]) -> None:
    """The same with every reasons tree in at most 5 ms."""
    assert timings["ours, all with full reasons"].median <= 5000
