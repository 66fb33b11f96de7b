"""Says the days of a decision that a firm must keep: from when, until when, how many days are left."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from matcher.text import figures, sentences

Json = Mapping[str, Any]

SOON_DAYS = 90


def said_days(deadlines: Iterable[Json] | None, as_of: date, lang: str) -> tuple[str, ...]:
    """The days that still matter on `as_of`, from a decision's JSON, each in a sentence."""
    return tuple(_said(one, as_of, lang) for one in deadlines or () if not is_over(one, as_of))


def is_over(deadline: Json, as_of: date) -> bool:
    """Whether its last day lies before `as_of`."""
    closes = deadline["closes"]
    return closes is not None and date.fromisoformat(closes) < as_of


def first_to_close(deadlines: Iterable[Json] | None, as_of: date) -> date | None:
    """The nearest last day on or after `as_of`; None where there is none."""
    days = (date.fromisoformat(one["closes"]) for one in deadlines or () if one["closes"])
    return min((day for day in days if day >= as_of), default=None)


def _said(deadline: Json, as_of: date, lang: str) -> str:
    what, rule = deadline["what"][lang], (deadline["rule"] or {}).get(lang)
    opens, closes = (date.fromisoformat(deadline[key]) if deadline[key] else None for key in ("opens", "closes"))
    if closes is None:
        if opens is not None:
            return sentences.say("{what}：{day}起", lang, what=what, day=figures.day(opens, lang))
        return sentences.say("{what}：{rule}", lang, what=what, rule=rule or "")
    left = (closes - as_of).days
    key = (
        sentences.Sentence("{what}：{first}开始，{day}截止")
        if opens is not None and opens > as_of
        else sentences.Sentence("{what}：{day}截止，只剩{left}")
        if left <= SOON_DAYS
        else sentences.Sentence("{what}：{day}截止")
    )
    first = figures.day(opens, lang) if opens else ""
    day = figures.day(closes, lang)
    return sentences.say(key, lang, what=what, first=first, day=day, left=sentences.count(lang, left, "day"))
