"""One visit: what was told so far, how far the interview is, and when it had better stop."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from flask import request

from matcher.answers import Answers, cookie
from matcher.engine import Decision
from matcher.engine.ask import Screen, Survey, Told, screen_for, survey
from matcher.presentation import Catalogue, asked_day, catalogue, money_range
from matcher.text import AMOUNT, figures, sentences

# ---------------------------------------------------------------------------------------------------------------------
# One visit: what was told so far, on which day and about which schemes it is asked, and what the engine makes of it.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """Answers with the rulebook they are asked of. What the engine says is worked out once, when first wanted."""

    book: Catalogue
    answers: Answers

    @cached_property
    def as_of(self) -> date:
        """The day asked about; today in Tianjin where none was told."""
        return asked_day(self.answers.as_of or "")[0]

    @cached_property
    def told(self) -> Told:
        """The answers as the engine reads them."""
        return self.answers.told(self.book.rulebook)

    @cached_property
    def survey(self) -> Survey:
        """What is settled and what to ask next."""
        return survey(self.book.rulebook, self.told, self.as_of, self.slugs or None)

    @property
    def slugs(self) -> tuple[str, ...]:
        """The schemes chosen; none means all."""
        return self.book.chosen(self.answers.schemes)

    def screen(self, fact: str) -> Screen:
        """The question for one fact, whatever was answered to it."""
        return screen_for(self.book.rulebook, self.told, self.as_of, fact, self.slugs or None)


def visit() -> Visit:
    """The visit of this request, by what is kept of it."""
    return Visit(catalogue(), cookie.load(request))


# ---------------------------------------------------------------------------------------------------------------------
# Says how far the interview is: schemes settled, the money as a range that only narrows, and what was found so far.
# ---------------------------------------------------------------------------------------------------------------------


_MOST_FOUND = 8


@dataclass(frozen=True)
class Found:
    """A scheme that the firm is entitled to, with its money in short words (empty: none)."""

    name: str
    amount: str


@dataclass(frozen=True)
class Progress:
    """`settled` of `in_force` schemes; the money; the schemes found, the most money first, and how many more there are.

    `stands` says in a sentence how many the firm has, services left aside as on the results, and how many are open.
    """

    settled: int
    in_force: int
    money: str
    found: tuple[Found, ...]
    more: int
    stands: str


def progress(visit: Visit, lang: str) -> Progress:
    """How far a visit is."""
    survey = visit.survey
    held = [one for one in survey.decisions if one.status == "eligible" and (one.recipient or "").startswith("firm_")]
    held.sort(key=lambda one: -(one.amount.high if one.amount else 0))
    found = tuple(Found(visit.book.scheme(one.scheme).name.get(lang), _amount(one, lang)) for one in held)
    shown = found[:_MOST_FOUND]
    money = money_range(survey.outlook, lang)
    left = len(survey.in_force) - len(survey.settled)
    entitled = sum(visit.book.scheme(one.scheme).kind != "service" for one in held)
    stands = sentences.say(
        "能享受{held}，还有{open}项没定。", lang, held=sentences.count(lang, entitled, "scheme"), open=left
    )
    return Progress(len(survey.settled), len(survey.in_force), money, shown, len(found) - len(shown), stands)


def _amount(decision: Decision, lang: str) -> str:
    amount = decision.amount
    if amount is None or amount.kind == "none":
        return ""
    high = figures.about(amount.high, lang, up=True)
    if amount.kind == "exact":
        return figures.about(amount.high, lang)
    if amount.kind == "ceiling":
        return f"{AMOUNT['ceiling'].before.get(lang)}{figures.blank(lang)}{high}"
    return sentences.say("{low}到{high}", lang, low=figures.about(amount.low, lang), high=high)


# ---------------------------------------------------------------------------------------------------------------------
# Says when the interview had better stop: when the last screens settled nothing, the results come first.
# ---------------------------------------------------------------------------------------------------------------------


# After so many screens on which nothing was settled; the start page is not one of them.
_EMPTY = 2


def is_due(visit: Visit) -> bool:
    """Whether nothing was settled on the last two screens, and the next would go on like that: it asks for no sum."""
    survey, answers = visit.survey, visit.answers
    times = sorted(set(answers.told_at.values()))
    if survey.screen is None or survey.screen.refines or len(times) <= _EMPTY:
        return False
    earlier = Visit(visit.book, _before(answers, times[-_EMPTY]))
    return len(earlier.survey.settled) >= len(survey.settled)


def _before(answers: Answers, at: int) -> Answers:
    """The answers told before a time, in seconds since 1970."""
    later = {name for name, told_at in answers.told_at.items() if told_at >= at}
    gates = {gate: told for gate, told in answers.gates.items() if gate not in later}
    return replace(answers.without(*later), gates=gates)
