"""Plays an interview with a firm's known facts as the answers: what was asked on which screen, and what each settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from matcher.engine import Band
from matcher.rulebook import Gate, Rulebook
from matcher.rulebook.language import Scalar

from .presumed import presume
from .readings import Told
from .screens import Ask
from .survey import Survey, survey


@dataclass(frozen=True)
class Turn:
    """One screen: its questions, how many schemes were settled after each answer, and those that this screen settled. A list to tick is
    one answer, whatever is ticked in it. ``refines``: no status hung on it, only a sum. ``after``: the survey after it."""

    questions: tuple[str, ...]
    settled_after: tuple[int, ...]
    settles: tuple[str, ...]
    refines: bool = False
    after: Survey | None = None

    @property
    def answers(self) -> int:
        """How many answers it takes."""
        return len(self.settled_after)


@dataclass
class Played:
    """A whole interview. ``told``: all answers. ``first``: how many of the schemes in force need no answer at all. ``turns``: the
    screens, those that ask for a sum alone among them. ``whole``: the survey with everything told that the firm knows."""

    in_force: int
    first: int
    told: Told
    turns: list[Turn] = field(default_factory=list)
    whole: Survey | None = None

    @property
    def settled(self) -> int:
        """How many schemes are settled in the end."""
        return self.turns[-1].settled_after[-1] if self.turns else self.first

    @property
    def questions(self) -> tuple[str, ...]:
        """Every question in the order asked."""
        return tuple(name for turn in self.turns for name in turn.questions)

    @property
    def answers(self) -> int:
        """How many answers the whole interview takes."""
        return sum(turn.answers for turn in self.turns)

    @property
    def needed(self) -> int:
        """After how many answers all that is settled in the end was settled."""
        return next(number for number in range(self.answers + 1) if self.settled_after(number) == self.settled)

    def settled_after(self, answers: int) -> int:
        """How many schemes are settled after so many answers."""
        counts = [self.first, *(count for turn in self.turns for count in turn.settled_after)]
        return counts[min(answers, len(counts) - 1)]

    def screens_until(self, share: float) -> int | None:
        """After how many screens that share of the schemes in force is settled; None where it never is."""
        counts = [self.first, *(turn.settled_after[-1] for turn in self.turns)]
        return next((number for number, count in enumerate(counts) if count >= share * self.in_force), None)


def play(rulebook: Rulebook, facts: Mapping[str, Scalar], as_of: date, schemes: Iterable[str] | None = None) -> Played:
    """Interview a firm that answers by ``facts``, until nothing is left to ask; what it does not know is 不清楚."""
    slugs = None if schemes is None else tuple(schemes)
    now = survey(rulebook, Told(), as_of, slugs)
    played = Played(len(now.in_force), len(now.settled), Told())
    while now.screen is not None:
        screen, before = now.screen, set(now.settled)
        asked: list[str] = []
        counts: list[int] = []
        for ask in screen.asks:
            if asked and not ask.refines and not screen.is_list and not can_turn(rulebook, now, ask.fact):
                continue  # an answer on the same screen made it needless
            played.told = tell(rulebook, now, played.told, ask, facts)
            asked.append(ask.fact)
            if not screen.is_list:
                now = survey(rulebook, played.told, as_of, slugs)
                counts.append(len(now.settled))
        if screen.is_list:
            now = survey(rulebook, played.told, as_of, slugs)
            counts.append(len(now.settled))
        new = tuple(slug for slug in now.settled if slug not in before)
        played.turns.append(Turn(tuple(asked), tuple(counts), new, screen.refines, now))
    never = frozenset[str]() if slugs else rulebook.likely.only_by_name | presume(rulebook, played.told).moot
    every = {name: value for name, value in facts.items() if name not in never}
    played.whole = survey(rulebook, replace(played.told, facts={**played.told.facts, **every}), as_of, slugs)
    return played


def play_in_order(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    as_of: date,
    order: Sequence[str],
    schemes: Iterable[str] | None = None,
) -> Played:
    """The same firm asked for the facts of a list, one a screen, whether or not they change anything: what to compare with."""
    slugs = None if schemes is None else tuple(schemes)
    now = survey(rulebook, Told(), as_of, slugs)
    played = Played(len(now.in_force), len(now.settled), Told())
    for name in order:
        before, played.told = set(now.settled), played.told.answered(name, facts.get(name))
        if name in facts and any(name in rulebook.scheme_at(slug, as_of).facts for slug in now.in_force):
            now = survey(rulebook, played.told, as_of, slugs)
        new = tuple(slug for slug in now.settled if slug not in before)
        played.turns.append(Turn((name,), (len(now.settled),), new))
    return played


def can_turn(rulebook: Rulebook, now: Survey, fact: str) -> bool:
    """Whether an answer, to a fact or a gate, can still turn the status of an open scheme."""
    beneath = rulebook.gates[fact].none if fact in rulebook.gates else (fact,)
    return not now.waits.isdisjoint(beneath)


def tell(rulebook: Rulebook, now: Survey, told: Told, ask: Ask, facts: Mapping[str, Scalar]) -> Told:
    """What is told once a firm with these facts has answered a question."""
    gate = rulebook.gates.get(ask.fact)
    if gate is None:
        return told.answered(ask.fact, answer(ask, facts))
    if denies(gate, now, facts):
        return told.with_no(gate)
    return told.passed(gate, unsure=not facts.keys() & (gate.none.keys() | gate.moot))


def denies(gate: Gate, now: Survey, facts: Mapping[str, Scalar]) -> bool:
    """Whether a firm answers "no": it knows that of all that open schemes wait for beneath, and nothing it knows speaks
    against it."""
    waited = {name for one in now.decisions for name in one.missing if name in gate.none} - now.unasked.facts
    if gate.upto:
        within = [facts[name] <= most for name, most in gate.upto.items() if name in facts]  # type: ignore[operator]
        return len(within) == len(gate.upto) and all(within)
    known = {name for name in gate.none if name in facts}
    return bool(known) and waited <= known and all(facts[name] == gate.none[name] for name in known)


def answer(ask: Ask, facts: Mapping[str, Scalar]) -> Scalar | Band | None:
    """What a firm with these facts answers: where bands are offered, the one that holds its figure."""
    value = facts.get(ask.fact)
    if value is None or ask.form != "bands" or isinstance(value, str):
        return value
    return next((band for band in ask.bands if band.holds(value)), value)
