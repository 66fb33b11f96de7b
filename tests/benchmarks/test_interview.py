"""Holds the length of the interview: how much is settled after few answers and screens, and how that compares with asking all."""

from __future__ import annotations

import itertools
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
from matcher.engine.ask.survey import Survey, survey
from matcher.engine.check import check
from matcher.firms.profile import read_facts
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks.interviewed import AS_OF, completed, generated
from tests.conftest import count

DRAWN, COMPARED = count(1000), count(100)
Firm = tuple[dict[str, Scalar], date]


@dataclass(frozen=True)
class Walk:
    """What is measured of one interview; the interview itself holds too much to hold a thousand of them.

    ``early``: the share settled after 12 answers; ``screens``: until 80 % are settled; ``money``: the answers until nine tenths of the
    certain money are found. ``first``: the answers before the first range; ``is_inside``: it holds the final figures; ``widens``: the
    screens after which the range is wider, though no figure out of the ordinary was told; ``is_right``: the offer to stop.
    """

    early: float
    screens: int
    money: int
    answers: int
    first: int
    is_inside: bool
    widens: int
    is_right: bool

    @classmethod
    def of(cls, one: Played) -> Walk:
        """Measure an interview."""
        return cls(
            early=one.settled_after(12) / one.in_force,
            screens=one.screens_until(0.8) or len(one.turns),
            money=_money_found(one),
            answers=one.answers,
            first=one.turns[0].answers,
            is_inside=_is_inside(one),
            widens=_widens(one),
            is_right=_is_right_to_stop(one),
        )


@dataclass(frozen=True)
class Lengths:
    """The middle of many interviews."""

    early: float
    screens: float
    money: float
    answers: float

    @classmethod
    def of(cls, name: str, walks: Sequence[Walk]) -> Lengths:
        """Sum up, and print for whoever runs the benchmark."""
        found = cls(*(median(getattr(one, part) for one in walks) for part in ("early", "screens", "money", "answers")))
        print(
            f"{name:34s} {found.early:6.1%} after 12, 80 % on screen {found.screens:g}, "
            f"nine tenths of the money by answer {found.money:g}, whole walk {found.answers:g} answers"
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
def walks(rulebook: Rulebook, whole: list[Firm]) -> list[Walk]:
    """The whole firms, interviewed."""
    return [Walk.of(play(rulebook, facts, day)) for facts, day in whole]


@pytest.fixture(scope="module")
def drawn_walks(rulebook: Rulebook, drawn: list[Firm]) -> list[Walk]:
    """The drawn firms, interviewed."""
    return [Walk.of(play(rulebook, facts, day)) for facts, day in drawn]


def vocabulary(rulebook: Rulebook) -> list[str]:
    """What a firm can be asked at all, in the vocabulary's order."""
    return [name for name, fact in rulebook.facts.items() if fact.stated_by == "firm"]


def test_the_whole_firms_are_soon_through(walks: list[Walk]) -> None:
    """At the median 60 % settled after 12 answers, 80 % by screen 9, all in 45; nine tenths of the money by answer 20."""
    found = Lengths.of("whole firms", walks)
    assert found.early >= 0.6
    assert found.screens <= 9
    assert found.money <= 20
    assert found.answers <= 45


def test_drawn_firms_are_soon_through(drawn_walks: list[Walk]) -> None:
    """Firms that nobody wrote by hand, which say yes to a fifth of everything; nine tenths of the money by answer 20."""
    found = Lengths.of("drawn firms", drawn_walks)
    assert found.early >= 0.6
    assert found.screens <= 9
    assert found.money <= 20
    assert found.answers <= 45


def test_the_first_range_holds_what_firms_end_with(walks: list[Walk], drawn_walks: list[Walk]) -> None:
    """After five answers, in 95 of 100 firms, given and drawn."""
    for name, some in (("whole", walks), ("drawn", drawn_walks)):
        inside = sum(one.is_inside for one in some)
        print(f"the first range holds the end in {inside} of {len(some)} {name} firms")
        assert all(one.first <= 5 for one in some)
        assert inside >= 0.95 * len(some)


def test_the_range_only_narrows(walks: list[Walk], drawn_walks: list[Walk]) -> None:
    """From screen to screen neither end moves outwards, unless a figure out of the ordinary is told: that is said."""
    widened = sum(one.widens > 0 for one in (*walks, *drawn_walks))
    print(f"the range widens unsaid in {widened} of {len(walks) + len(drawn_walks)} firms")
    assert not widened


def test_the_offer_to_stop_is_right(walks: list[Walk], drawn_walks: list[Walk]) -> None:
    """Going on would have changed no status and less than a hundredth of the money, in 95 of 100 firms, given and drawn."""
    for name, some in (("whole", walks), ("drawn", drawn_walks)):
        right = sum(one.is_right for one in some)
        print(f"the offer to stop is right in {right} of {len(some)} {name} firms")
        assert right >= 0.95 * len(some)


def _widens(one: Played) -> int:
    """After how many screens the range is wider without a new surprise."""
    ends = [turn.after.estimate for turn in one.turns if turn.after is not None]
    return sum(
        (new.low < old.low or new.high > old.high) and {*new.surprises} <= {*old.surprises}
        for old, new in itertools.pairwise(ends)
    )


def _certain(one: Survey) -> int:
    """The certain money of a year, fen."""
    return one.estimate.headline.cash + one.estimate.headline.less


def _money_found(one: Played) -> int:
    """After how many answers nine tenths of the certain money that the firm ends with are found; 0 where there is none."""
    assert one.whole is not None
    end, answers = _certain(one.whole), 0
    if not end:
        return 0
    for turn in one.turns:
        answers += turn.answers
        if turn.after is not None and 10 * _certain(turn.after) >= 9 * end:
            return answers
    return answers


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
    sure, end = _certain(stop), _certain(one.whole)
    return len(stop.settled) == len(one.whole.settled) and abs(end - sure) <= max(end, 1) / 100


def test_half_the_answers_of_any_other_order_do(rulebook: Rulebook, whole: list[Firm], walks: list[Walk]) -> None:
    """Until all that can be settled is, the vocabulary's order and a random one take at least twice as many answers."""
    order, chance = vocabulary(rulebook), random.Random(12)
    told = whole[:COMPARED]
    ours = median(one.answers for one in walks[:COMPARED])
    listed = median(play_in_order(rulebook, *firm, order).answers for firm in told)
    mixed = median(play_in_order(rulebook, *firm, chance.sample(order, len(order))).answers for firm in told)
    print(f"answers: {ours:g}, in the vocabulary's order {listed:g}, in a random order {mixed:g}")
    assert 2 * ours <= listed
    assert 2 * ours <= mixed


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
