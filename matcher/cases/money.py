"""What a firm's decisions come to in money, as the desk says it in one line: by the one function that sums it up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from matcher.engine import Decision
from matcher.engine.choose import Headline, headline
from matcher.firms import ReadItems
from matcher.rulebook import Rulebook
from matcher.text import figures, sentences


def money_of(rulebook: Rulebook, told: ReadItems, decisions: Iterable[Decision], day: date) -> Headline:
    """The three sums of some decisions on a firm and its several loans, projects …"""
    return headline(rulebook, told.firm, decisions, day, told.items)


def money_words(money: Headline, lang: str) -> str:
    """Cash, tax and fees less, and what is still possible, in one line."""
    return sentences.say(
        "现金{cash}，少缴{less}，还可能{possible}",
        lang,
        cash=figures.sum_in_yuan(money.cash, lang),
        less=figures.sum_in_yuan(money.less, lang),
        possible=figures.sum_in_yuan(money.possible, lang),
    )
