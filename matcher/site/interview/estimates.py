"""The first figure as a page shows it: a range for a year and three bars, what is sure, what may be applied for, what is one step away."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.engine import Decision
from matcher.engine.ask import Estimate, survey
from matcher.engine.choose import Headline
from matcher.firms import read_facts
from matcher.presentation import Results, questions
from matcher.text import figures, interview_labels, sentences

from .visits import Visit

# So many schemes are tried with their nearest step taken; trying one costs as much as deciding it anew.
_MOST_STEPS = 3

# The groups of schemes that may still bring money; so many figures are named that are wanted for it.
_MAY_PAY, _MOST_WANTED = ("eligible", "needs_decision", "needs_information"), 3


@dataclass(frozen=True)
class Bar:
    """One bar: its mark and tone as everywhere, the sum in words, and its stretches in per cent of the scale."""

    key: str
    mark: str
    name: str
    means: str
    amount: str
    solid: str
    hatched: str


@dataclass(frozen=True)
class Shown:
    """`low` and `high` in words; `is_told`: nothing is estimated any more. `surprises`: in words, what is unusual for such a
    firm, so that the range moved."""

    low: str
    high: str
    is_told: bool
    bars: tuple[Bar, ...]
    surprises: str


def shown(visit: Visit, lang: str) -> Shown | None:
    """The estimate of a visit; None before there is one: until something is known of the firm's size."""
    found = visit.survey.estimate
    if not {"employees", "annual_revenue"} & {*visit.told.facts, *visit.told.bands}:
        return None
    sure, may = found.between("sure"), found.between("may")
    step = _one_step(visit)
    top = max(sure[1], may[1], step, 1)
    bars = (
        _bar("sure", "●", *sure, top, lang),
        _bar("may", "◐", *may, top, lang),
        _bar("step", "◔", 0, step, top, lang),
    )
    unusual = sentences.listed([visit.book.fact(name).label.get(lang) for name in found.surprises], lang)
    said = sentences.say("{facts}和同类企业常见的不一样，估算已按您填的改了。", lang, facts=unusual) if unusual else ""
    return Shown(figures.about(found.low, lang), figures.about(found.high, lang, up=True), found.is_told, bars, said)


def _bar(key: str, mark: str, low: int, high: int, top: int, lang: str) -> Bar:
    words = interview_labels.ESTIMATE_BAR[key]
    amount = (
        sentences.say("{low}到{high}", lang, low=figures.about(low, lang), high=figures.about(high, lang, up=True))
        if low < high
        else figures.about(high, lang)
    )
    return Bar(
        key,
        mark,
        sentences.say(words[0], lang),
        sentences.say(words[1], lang),
        amount,
        f"{100 * low / top:.1f}%",
        f"{100 * (high - low) / top:.1f}%",
    )


def _one_step(visit: Visit) -> int:
    """What the nearest steps of some schemes that the firm misses may bring, in fen a year."""
    missed = [one for one in visit.survey.decisions if _is_missed(visit, one)][:_MOST_STEPS]
    return sum(_after_step(visit, one) for one in missed)


def _is_missed(visit: Visit, decision: Decision) -> bool:
    """Whether a scheme with money is missed by something that the firm told and may lawfully change."""
    if decision.status != "not_eligible" or not decision.failing:
        return False
    facts = visit.book.rulebook.facts
    can_change = all(facts[name].advise not in (None, "never") for name in decision.failing)
    return visit.book.scheme(decision.scheme).kind == "support" and can_change


def _after_step(visit: Visit, decision: Decision) -> int:
    near = decision.near_miss
    changes = near[0]["changes"] if near else []
    if not changes:
        return 0
    facts, faults = read_facts(visit.book.rulebook, {one["fact"]: one["to"] for one in changes})
    if faults:
        return 0
    told = visit.told
    for name, value in facts.items():
        told = told.answered(name, value)
    return survey(visit.book.rulebook, told, visit.as_of, [decision.scheme]).estimate.high


@dataclass(frozen=True)
class Wanted:
    """A figure or answer without which a scheme's money is not known: the ``fact``, what is asked, for which scheme, and in words what
    such firms have of it in a year at most."""

    fact: str
    asked: str
    scheme: str
    amount: str


def wanted(visit: Visit, found: Results, money: Headline, lang: str) -> tuple[Wanted, ...]:
    """What to tell first, so that the three numbers hold more: of schemes that may bring money and stand in none of them, most first.

    Without it the last screen speaks of tens of thousands and the result of nothing, though nothing was denied.
    """
    cards = {card.slug: card for group in found.groups if group.key in _MAY_PAY for card in group.cards}
    told: dict[str, Wanted] = {}
    for one in visit.survey.estimate.reaches:
        if len(told) == _MOST_WANTED:
            break
        card = cards.get(one.scheme)
        if card is None or not one.high or money.entries_of(one.scheme):
            continue
        for fact in (*card.missing, *card.reckoned_by)[:1]:
            asked, _ = questions.as_asked(visit.book.fact(fact.fact), lang)
            amount = figures.about(one.high, lang, up=True)
            told.setdefault(fact.fact, Wanted(fact.fact, asked, card.plain_name, amount))
    return tuple(told.values())


def price(visit: Visit, schemes: tuple[str, ...]) -> int:
    """What the schemes that wait for an answer may come to together, in fen a year."""
    return priced(visit.survey.estimate, schemes)


def priced(found: Estimate, schemes: tuple[str, ...]) -> int:
    """The same of an estimate."""
    return sum(one.high for one in found.reaches if one.scheme in schemes)
