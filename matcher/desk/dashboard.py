"""The dashboard: what a centre has done, as drawings with the same in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Blueprint, render_template, request

from matcher.accounts import CITY, me, require
from matcher.cases import Figures, Waits, figures
from matcher.db import reading
from matcher.letters import centres
from matcher.presentation import Scale, catalogue
from matcher.text import MONTHS, desk_labels, sentences, sum_in_yuan, today
from matcher.web import engine, language

pages = Blueprint("desk_dashboard", __name__)

ALL = "all"

_STATES = ("open", "waiting", "decided", "closed")

_MOST_SCHEMES = 15

_EXPLAINED = ("money", "schemes")

"""The charts under whose heading stands what they count."""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its value in words, where it starts and how wide it is, in per cent."""

    name: str
    said: str
    start: str
    wide: str


@dataclass(frozen=True)
class Chart:
    """Bars on one scale. ``key`` names it among the words; ``total`` is all of it in words, None where that says nothing."""

    key: str
    bars: tuple[Bar, ...]
    total: str | None


@pages.get("/desk/dashboard")
@require("dashboard.see")
def index() -> str:
    """The own centre's last twelve months; for the city's desk all centres', or one's."""
    own, lang = me().centre, language.lang()
    asked = request.args.get("centre", ALL if own == CITY else own)
    centre = asked if own == CITY and asked in centres() else ALL if own == CITY else own
    with reading(engine()) as opened:
        found = figures(opened, None if centre == ALL else centre, today())
    return render_template(
        "desk/dashboard.html",
        centre=centre,
        centres=tuple(centres().values()) if own == CITY else (),
        charts=_charts(found, lang),
        explained=_EXPLAINED,
        decided=_wait(found.decided, lang),
        lettered=_wait(found.lettered, lang),
        deferred=_yuan(sum(one.sums["deferred_fen"] for one in found.months), lang),
        others=_yuan(sum(one.sums["others_fen"] for one in found.months), lang),
        first=_month(found.months[0].first, lang),
        last=_month(found.months[-1].first, lang),
    )


def _charts(found: Figures, lang: str) -> list[Chart]:
    def count(number: int) -> str:
        return f"{number:,}"

    def yuan(fen: int) -> str:
        return _yuan(fen, lang)

    states = [(sentences.say(desk_labels.CASE_STATE[state], lang), found.states.get(state, 0)) for state in _STATES]
    months = [(_month(one.first, lang), one) for one in found.months]
    return [
        _chart("cases", states, count),
        _chart("opened", [(name, one.cases) for name, one in months], count),
        _chart("letters", [(name, one.letters) for name, one in months], count),
        _chart("money", [(name, one.sums["firm_fen"]) for name, one in months], yuan),
        _chart("schemes", _schemes(found.schemes, lang), count, is_sum=False),
    ]


def _schemes(found: Mapping[str, int], lang: str) -> list[tuple[str, int]]:
    schemes = catalogue().rulebook.schemes
    named = ((schemes[slug].name.get(lang) if slug in schemes else slug, count) for slug, count in found.items())
    return list(named)[:_MOST_SCHEMES]


def _chart(key: str, values: Sequence[tuple[str, int]], said: Callable[[int], str], *, is_sum: bool = True) -> Chart:
    scale = Scale(Decimal(0), Decimal(max((value for _, value in values), default=0) or 1))
    zero = Decimal(0)
    bars = tuple(Bar(name, said(value), scale.at(zero), scale.between(zero, Decimal(value))) for name, value in values)
    return Chart(key, bars, said(sum(value for _, value in values)) if is_sum else None)


def _wait(found: Waits, lang: str) -> str:
    if found.median_days is None:
        return sentences.say("还没有", lang)
    return sentences.say("中位数{days}天（{cases}件）", lang, days=f"{found.median_days:g}", cases=found.cases)


def _yuan(fen: int, lang: str) -> str:
    return sum_in_yuan(fen, lang)


def _month(first: date, lang: str) -> str:
    if lang == "zh":
        return f"{first.year}年{first.month}月"
    return f"{MONTHS[first.month - 1]} {first.year}"
