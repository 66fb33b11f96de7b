"""What a firm's decisions come to in money, as the desk says it in one line: by the one function that sums it up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from matcher.engine import Decision
from matcher.engine.choose import NUMBERS, UNTALLIED, Headline, TooTangled, headline
from matcher.firms import ReadItems
from matcher.rulebook import Rulebook
from matcher.text import figures, sentences, site_labels


def money_of(rulebook: Rulebook, told: ReadItems, decisions: Iterable[Decision], day: date) -> Headline:
    """The three sums of some decisions on a firm and its several loans, projects …; `UNTALLIED` where nobody can vouch for them."""
    try:
        return headline(rulebook, told.firm, decisions, day, told.items)
    except TooTangled:
        return UNTALLIED


class BareSum(NamedTuple):
    """One of the three sums without its unit, or the words that stand in its place."""

    text: str
    is_worded: bool


def bare_sums(money: Headline, lang: str) -> tuple[BareSum, ...]:
    """The three `NUMBERS` for the fields of a page."""
    unsaid = money.without_figure
    return tuple(
        BareSum(sentences.say(site_labels.UNSAID[unsaid[name]], lang), True)
        if name in unsaid
        else BareSum(figures.bare_sum(fen), False)
        for name, fen in zip(NUMBERS, money.numbers, strict=True)
    )


def money_words(money: Headline, lang: str) -> str:
    """Cash, tax and fees less, and what is still possible, in one line; in words what has no figure."""
    unsaid = money.without_figure
    if len(unsaid) == len(NUMBERS):
        return sentences.say("金额{unsaid}", lang, unsaid=sentences.say(site_labels.UNSAID[unsaid["cash"]], lang))
    if "possible" in unsaid:
        return sentences.say(
            "现金{cash}，少缴{less}，还可能多少{unsaid}",
            lang,
            cash=figures.sum_in_yuan(money.cash, lang),
            less=figures.sum_in_yuan(money.less, lang),
            unsaid=sentences.say(site_labels.UNSAID[unsaid["possible"]], lang),
        )
    return sentences.say(
        "现金{cash}，少缴{less}，还可能{possible}",
        lang,
        cash=figures.sum_in_yuan(money.cash, lang),
        less=figures.sum_in_yuan(money.less, lang),
        possible=figures.sum_in_yuan(money.possible, lang),
    )
