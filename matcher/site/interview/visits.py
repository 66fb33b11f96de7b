"""One visit: what was told so far, how far the interview is, and when it had better stop."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import request

from matcher.answers import Answers, cookie
from matcher.engine import Decision, with_items
from matcher.engine.ask import Screen, Survey, Told, screen_for, survey
from matcher.engine.choose import UNTALLIED, Headline, TooTangled, headline
from matcher.firms import ReadItems
from matcher.presentation import Catalogue, asked_day, catalogue, money_range
from matcher.rulebook.language import ITEM_KINDS, ItemKind
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

    @cached_property
    def several(self) -> ReadItems:
        """The items of the kinds with more than one, and what is told of the firm beside them."""
        return self.answers.items(self.book.rulebook)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """The survey's decisions, in place of the first of several items one for each; in the catalogue's order."""
        read = self.several
        return with_items(self.book.rulebook, self.survey.decisions, read.firm, read.items, self.as_of)

    @cached_property
    def money(self) -> Headline:
        """The three numbers of what was told; none has a figure where too much bears on each other to choose."""
        try:
            firm, items = self.several.firm, self.several.items
            return headline(self.book.rulebook, firm, self.decisions, self.as_of, items)
        except TooTangled:
            return UNTALLIED

    @property
    def slugs(self) -> tuple[str, ...]:
        """The schemes chosen; none means all."""
        return self.book.chosen(self.answers.schemes)

    @property
    def kinds_told(self) -> tuple[ItemKind, ...]:
        """The kinds of item (a loan, a project) of which there is one by what was told, so that another one may be told."""
        rulebook = self.book.rulebook
        nothing = {fact: value for gate in rulebook.gates.values() for fact, value in gate.none.items()}
        there = {fact for fact, value in self.told.facts.items() if value and value != nothing.get(fact)}
        told = {kind for fact in there for kind in rulebook.facts[fact].of}
        return tuple(kind for kind in ITEM_KINDS if kind in told or self.answers.others_of(kind))

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
    """`settled` of `in_force` schemes; the money; the schemes found, the most money first, and how many more there are: services,
    which are open to all, are left aside as on the results. `stands` says in a sentence how many the firm has and how many are open.
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
    held = [
        one
        for one in survey.decisions
        if one.status == "eligible"
        and (one.recipient or "").startswith("firm_")
        and visit.book.scheme(one.scheme).kind != "service"
    ]
    held.sort(key=lambda one: -(one.amount.high if one.amount else 0))
    found = tuple(Found(visit.book.scheme(one.scheme).name.get(lang), _amount(one, lang)) for one in held)
    shown = found[:_MOST_FOUND]
    money = money_range(survey.outlook, lang)
    left = len(survey.in_force) - len(survey.settled)
    stands = sentences.say(
        "能享受{held}，还有{open}项没定。", lang, held=sentences.count(lang, len(held), "scheme"), open=left
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
# Says when the interview had better stop: when going on would change nothing worth the time.
# ---------------------------------------------------------------------------------------------------------------------


def is_due(visit: Visit) -> bool:
    """Whether going on would change no status and hardly any of the money, though something may still be asked."""
    return visit.survey.screen is not None and visit.survey.offers_to_stop
