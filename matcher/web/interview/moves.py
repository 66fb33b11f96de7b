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
    """All that moves by kind (`gained`, `lost`, `changed`; `unconfirmed` says little), and the money before and after."""

    kinds: tuple[tuple[str, tuple[Move, ...]], ...]
    before: str
    after: str

    @property
    def count(self) -> int:
        """How many schemes move."""
        return sum(len(found) for _, found in self.kinds)


_KINDS = ("gained", "lost", "changed", "unconfirmed")
_WORTH = {"eligible": 2, "needs_decision": 1}
_TONES = {"eligible": "held", "needs_decision": "department", "needs_information": "open", "applies": "bound"}


def moves(before: Visit, after: Visit, lang: str) -> Moves:
    """What moves from one visit to the other, kind by kind in the catalogue's order."""
    was = {one.scheme: one for one in before.survey.decisions}
    now = {one.scheme: one for one in after.survey.decisions}
    moved = [(was[slug], one) for slug, one in now.items() if slug in was and _essence(was[slug]) != _essence(one)]
    found = {kind: tuple(_move(before, *pair, lang) for pair in moved if _kind(*pair) == kind) for kind in _KINDS}
    no_money = words.say("what_if.no_money", lang)
    before_money, after_money = (money_range(one.survey.outlook, lang) or no_money for one in (before, after))
    return Moves(tuple((kind, some) for kind, some in found.items() if some), before_money, after_money)


def _kind(was: Decision, now: Decision) -> str:
    """Whether a scheme came within reach, was lost, or only changed; of one whose rules are not known on a day, neither."""
    less, more = (_WORTH.get(one.status, 0) for one in (was, now))
    if not less and not more and "unconfirmed" in (was.status, now.status):
        return "unconfirmed"
    return "changed" if less == more else "gained" if less < more else "lost"


def _move(visit: Visit, was: Decision, now: Decision, lang: str) -> Move:
    return Move(visit.book.scheme(now.scheme).name.get(lang), _side(was, lang), _side(now, lang))


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
