"""Says how far the interview is: schemes settled, the money as a range that only narrows, and what was found so far."""

from dataclasses import dataclass

from matcher.engine import Decision
from matcher.engine.ask import Outlook
from matcher.web import figures, words
from matcher.web.interview.visit import Visit

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
    stands = words.say("progress.stands", lang, held=words.count(lang, entitled, "scheme"), open=left)
    return Progress(len(survey.settled), len(survey.in_force), money, shown, len(found) - len(shown), stands)


def money_range(outlook: Outlook, lang: str) -> str:
    """The range in one clause; empty where there is no money in it at all."""
    low, high = outlook.low, outlook.high
    if high == low:
        return words.say("money.sure", lang, low=figures.about(low, lang)) if low else ""
    if high is None:
        count = words.count(lang, len(outlook.unbounded), "scheme")
        key = "money.unbounded" if low else "money.no_end"
        return words.say(key, lang, low=figures.about(low, lang), count=count)
    said = {"low": figures.about(low, lang), "high": figures.about(high, lang, up=True)}
    return words.say("money.range" if low else "money.at_most", lang, **said)


def _amount(decision: Decision, lang: str) -> str:
    amount = decision.amount
    if amount is None or amount.kind == "none":
        return ""
    high = figures.about(amount.high, lang, up=True)
    if amount.kind == "exact":
        return figures.about(amount.high, lang)
    if amount.kind == "ceiling":
        return f"{words.say('amount.ceiling', lang)}{figures.blank(lang)}{high}"
    return words.say("money.span", lang, low=figures.about(amount.low, lang), high=high)
