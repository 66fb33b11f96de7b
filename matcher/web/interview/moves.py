"""Compares two visits: which schemes move when an answer or the day changes, and how the total moves."""

from dataclasses import dataclass

from matcher.engine import Decision
from matcher.web import figures, words
from matcher.web.interview.progress import money_range
from matcher.web.interview.visit import Visit


@dataclass(frozen=True)
class Side:
    """What a decision says, short: its status in words and its money (empty: none)."""

    status: str
    tone: str
    money: str


@dataclass(frozen=True)
class Move:
    """One scheme that moves."""

    name: str
    before: Side
    after: Side


@dataclass(frozen=True)
class Moves:
    """All that moves, and the money before and after (empty: none in it)."""

    schemes: tuple[Move, ...]
    before: str
    after: str


_TONES = {"eligible": "held", "needs_decision": "department", "needs_information": "open", "applies": "bound"}


def moves(before: Visit, after: Visit, lang: str) -> Moves:
    """What moves from one visit to the other, in the catalogue's order."""
    was = {one.scheme: one for one in before.survey.decisions}
    found = tuple(
        Move(before.book.scheme(one.scheme).name.get(lang), _side(was[one.scheme], lang), _side(one, lang))
        for one in after.survey.decisions
        if one.scheme in was and _essence(was[one.scheme]) != _essence(one)
    )
    no_money = words.say("what_if.no_money", lang)
    before_money, after_money = (money_range(one.survey.outlook, lang) or no_money for one in (before, after))
    return Moves(found, before_money, after_money)


def _essence(decision: Decision) -> tuple[object, ...]:
    return decision.status, decision.amount, decision.recipient


def _side(decision: Decision, lang: str) -> Side:
    amount = decision.amount
    money = ""
    if amount is not None and amount.kind == "range":
        low, high = figures.about(amount.low, lang), figures.about(amount.high, lang, up=True)
        money = words.say("money.span", lang, low=low, high=high)
    elif amount is not None and amount.kind != "none":
        ceiling = words.say("amount.ceiling", lang) + figures.blank(lang) if amount.kind == "ceiling" else ""
        money = ceiling + figures.about(amount.high, lang)
    return Side(words.say(f"group.{decision.status}", lang), _TONES.get(decision.status, "away"), money)
