"""Holds the length of the interview: how much is settled after few answers and screens, and how that compares with asking all."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import pytest
import yaml

from matcher.engine.ask.play import Played, play, play_in_order
from matcher.engine.ask.readings import Told
from matcher.engine.ask.survey import survey
from matcher.engine.check import check
from matcher.firms.profile import read_facts
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks.interviewed import AS_OF, completed, generated
from tests.conftest import count

DRAWN, COMPARED = count(1000), count(100)
Firm = tuple[dict[str, Scalar], date]


@dataclass(frozen=True)
class Lengths:
    """The middle of many interviews. ``early``: the share settled after 12 answers; ``screens``: until 80 % are settled."""

    early: float
    screens: float
    answers: float

    @classmethod
    def of(cls, name: str, played: Sequence[Played]) -> Lengths:
        """Sum up, and print for whoever runs the benchmark."""
        most = max(len(one.turns) for one in played)
        found = cls(
            early=median(one.settled_after(12) / one.in_force for one in played),
            screens=median(one.screens_until(0.8) or most for one in played),
            answers=median(one.answers for one in played),
        )
        print(
            f"{name:34s} {found.early:6.1%} after 12, 80 % on screen {found.screens:g}, whole walk {found.answers:g} answers"
        )
        return found


@pytest.fixture(scope="module")
def whole(rulebook: Rulebook, given_cases: Path) -> list[Firm]:
    """The whole firms that were given."""
    given = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    return [(read_facts(rulebook, one["facts"])[0], one["as_of"]) for one in given]


@pytest.fixture(scope="module")
def drawn(rulebook: Rulebook, repo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Firm]:
    """Companies of the generator, completed."""
    script = repo_root / "tests" / "tools" / "generate_firms.py"
    chance = random.Random(1000)
    companies = generated(tmp_path_factory.mktemp("firms"), script, DRAWN)
    return [(completed(rulebook, company, chance), AS_OF) for company in companies]


@pytest.fixture(scope="module")
def played(rulebook: Rulebook, whole: list[Firm]) -> list[Played]:
    """The whole firms, interviewed."""
    return [play(rulebook, facts, day) for facts, day in whole]


def vocabulary(rulebook: Rulebook) -> list[str]:
    """What a firm can be asked at all, in the vocabulary's order."""
    return [name for name, fact in rulebook.facts.items() if fact.stated_by == "firm"]


def test_the_whole_firms_are_soon_through(rulebook: Rulebook, played: list[Played]) -> None:
    """At the median 60 % settled after 12 answers, and the whole walk in 45; 80 % by screen 10 (to be brought to 9)."""
    found = Lengths.of("whole firms", played)
    assert found.early >= 0.6
    assert found.answers <= 45
    assert found.screens <= 10


def test_generated_firms_are_soon_through(rulebook: Rulebook, drawn: list[Firm]) -> None:
    """Firms that nobody wrote by hand, which say yes to a fifth of everything: half settled after 12 answers."""
    found = Lengths.of("generated firms", [play(rulebook, facts, day) for facts, day in drawn])
    assert found.early >= 0.5
    assert found.answers <= len(vocabulary(rulebook)) / 4


def test_the_first_range_holds_what_firms_end_with(played: list[Played]) -> None:
    """After five answers, in 95 of 100 firms; and it only narrows, unless a figure out of the ordinary is told."""
    inside = [_is_inside(one) for one in played]
    assert all(one.turns[0].answers <= 5 for one in played)
    print(f"first range holds the end in {sum(inside)} of {len(inside)}")
    assert sum(inside) >= 0.95 * len(inside)


def test_the_offer_to_stop_is_right(played: list[Played]) -> None:
    """Going on would have changed no status and less than a hundredth of the money, in 95 of 100 firms."""
    right = [_is_right_to_stop(one) for one in played]
    print(f"right to stop in {sum(right)} of {len(right)}")
    assert sum(right) >= 0.95 * len(right)


def _is_inside(one: Played) -> bool:
    first = one.turns[0].after
    assert first is not None
    assert one.whole is not None
    end = one.whole.estimate.as_told()
    return first.estimate.low <= end.low and end.high <= first.estimate.high


def _is_right_to_stop(one: Played) -> bool:
    assert one.whole is not None
    stop = next((turn.after for turn in one.turns if turn.after is not None and turn.after.offers_to_stop), None)
    if stop is None:
        return True
    sure, end = (found.estimate.headline.cash + found.estimate.headline.less for found in (stop, one.whole))
    return len(stop.settled) == len(one.whole.settled) and abs(end - sure) <= max(end, 1) / 100


def test_half_the_answers_of_any_other_order_do(rulebook: Rulebook, whole: list[Firm], played: list[Played]) -> None:
    """Until all that can be settled is, the vocabulary's order and a random one take at least twice as many answers."""
    ours = Lengths.of("whole firms, for comparison", played[:COMPARED])
    order, chance = vocabulary(rulebook), random.Random(12)
    mixed = [chance.sample(order, len(order)) for _ in whole[:COMPARED]]
    told = whole[:COMPARED]
    listed = Lengths.of("in the vocabulary's order", [play_in_order(rulebook, *firm, order) for firm in told])
    shuffled = Lengths.of(
        "in a random order",
        [play_in_order(rulebook, *firm, own) for firm, own in zip(told, mixed, strict=True)],
    )
    print(f"ratios: {ours.answers / listed.answers:.2f} and {ours.answers / shuffled.answers:.2f}")
    assert 2 * ours.answers <= listed.answers
    assert 2 * ours.answers <= shuffled.answers


def test_a_page_does_not_wait_for_the_next_question(rulebook: Rulebook, whole: list[Firm]) -> None:
    """A survey of the whole catalogue after one answer more takes no longer, in the middle, than a check without memory."""
    facts, day = whole[0]
    surveys, checks = [], []
    for number in range(10, 30):
        told = dict(list(facts.items())[:number])
        surveys.append(_taken(lambda told=told: survey(rulebook, Told(told), day)))  # type: ignore[misc]
        checks.append(_taken(lambda told=told: check(rulebook, told, day)))  # type: ignore[misc]
    print(f"after one answer more: a survey {median(surveys):.1f} ms, a check {median(checks):.1f} ms")
    assert median(surveys) <= median(checks)


def _taken(job: Callable[[], object]) -> float:
    """Milliseconds that a job takes."""
    start = time.perf_counter()
    job()
    return (time.perf_counter() - start) * 1000
