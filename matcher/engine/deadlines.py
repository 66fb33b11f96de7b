"""The days of a decision that a firm must keep, reckoned for the day asked about and what the firm told, and said in words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from matcher.rulebook import Deadline, Recurrence, SchemeEdition, Text
from matcher.rulebook.language import Scalar
from matcher.text import figures, sentences

from .reasons import last_day_of
from .reckon import shift
from .record import DeadlineRecord

_FILES_BY = "tax_filing_cycle"


@dataclass(frozen=True, slots=True)
class Due:
    """A day to keep. ``opens`` and ``closes`` (both included) are None where they are not known; ``rule``: how a day that comes
    again is reckoned, in words; ``source``, ``confidence``: where the day is written, and how surely."""

    what: Text
    opens: date | None
    closes: date | None
    rule: Text | None
    source: str
    confidence: str

    def to_json(self) -> DeadlineRecord:
        """As in a decision: days in ISO form."""
        return {
            "what": self.what.to_json(),
            "opens": None if self.opens is None else self.opens.isoformat(),
            "closes": None if self.closes is None else self.closes.isoformat(),
            "rule": None if self.rule is None else self.rule.to_json(),
            "source": self.source,
            "confidence": self.confidence,
        }


def due_days(edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date) -> tuple[Due, ...]:
    """The days of the version in force on ``as_of``, those that close first before the others; none where it has no rules."""
    if edition.version is None or edition.body is None:
        return ()
    found = [_due(one, edition, facts, as_of) for one in edition.version.deadlines]
    return tuple(sorted(found, key=lambda one: one.closes or date.max))


def due_records(edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date) -> list[DeadlineRecord]:
    """The same as a decision has them."""
    return [one.to_json() for one in due_days(edition, facts, as_of)]


def _due(one: Deadline, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date) -> Due:
    closes, rule = one.closes, None
    if one.recurs is not None:
        period = _period(edition, facts)
        closes, rule = _next(one.recurs, period, as_of), _words(one.recurs, period)
    elif one.within is not None:
        told = facts.get(one.within.fact)
        closes = (
            date.fromordinal(shift(told.toordinal(), one.within.months, "months")) if isinstance(told, date) else None
        )
        months = one.within.months
        rule = Text(zh=f"{months}个月内", en=f"within {months} months")
    return Due(one.what, one.opens, closes, rule, one.source, one.confidence)


def _period(edition: SchemeEdition, facts: Mapping[str, Scalar]) -> str:
    """What the day asked about stands for: the scheme's period, a month for a firm that files by the month."""
    period = edition.scheme.period
    return "month" if period == "quarter" and facts.get(_FILES_BY) == "monthly" else period


def _next(recurs: Recurrence, period: str, as_of: date) -> date | None:
    """The day that closes what the day asked about stands for, or the next one on or after it."""
    if recurs.after == "period":
        end = last_day_of(period, as_of)
        year, month = divmod(end.year * 12 + end.month, 12)
        return _day(year, month + 1, recurs)
    if recurs.after == "year":
        return _day(as_of.year + 1, recurs.month or 1, recurs)
    year, month = as_of.year, as_of.month if recurs.each == "month" else recurs.month or 1
    found = _day(year, month, recurs)
    if found is None or found >= as_of:
        return found
    if recurs.each == "year":
        return _day(year + 1, month, recurs)
    return _day(year + month // 12, month % 12 + 1, recurs)


def _day(year: int, month: int, recurs: Recurrence) -> date | None:
    """The day in a month; None beyond the calendar's end."""
    if year > date.max.year:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, last if recurs.day == "last" else min(int(recurs.day), last))


_AFTER = {
    "day": ("次月{day}前", "by {day} of the next month"),
    "month": ("次月{day}前", "by {day} of the next month"),
    "quarter": ("季度结束后次月{day}前", "by {day} of the month after the quarter"),
    "year": ("年度结束后次月{day}前", "by {day} of the month after the year"),
}

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _words(recurs: Recurrence, period: str) -> Text:
    """How the day is reckoned: 季度结束后次月15日前, by the 15th of the month after the quarter."""
    if recurs.month is None:
        zh = "月底" if recurs.day == "last" else f"{recurs.day}日"
        en = "the end" if recurs.day == "last" else f"the {_ordinal(int(recurs.day))}"
        after = _AFTER[period] if recurs.after == "period" else ("每月{day}前", "by {day} of each month")
        return Text(zh=after[0].format(day=zh).replace("月月底", "月底"), en=after[1].format(day=en))
    name = _MONTHS[recurs.month - 1]
    zh = f"{recurs.month}月底" if recurs.day == "last" else f"{recurs.month}月{recurs.day}日"
    en = f"the end of {name}" if recurs.day == "last" else f"{recurs.day} {name}"
    if recurs.after == "year":
        return Text(zh=f"次年{zh}前", en=f"by {en} of the next year")
    return Text(zh=f"每年{zh}前", en=f"by {en} each year")


def _ordinal(day: int) -> str:
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


# ---------------------------------------------------------------------------------------------------------------------
# The same days in words, wherever they are read: from when, until when, how many days are left.
# ---------------------------------------------------------------------------------------------------------------------


SOON_DAYS = 90


def said_days(
    deadlines: Iterable[DeadlineRecord] | None, as_of: date, lang: str, *, counted: bool = True
) -> tuple[str, ...]:
    """The days that still matter on ``as_of``, each in a sentence; ``counted``: with the days left where few are."""
    return tuple(_said(one, as_of, lang, counted) for one in deadlines or () if not _is_over(one, as_of))


def first_to_close(deadlines: Iterable[DeadlineRecord] | None, as_of: date, *, recurring: bool = True) -> date | None:
    """The nearest last day on or after ``as_of``; None where there is none. ``recurring``: also of what comes again every month or
    year."""
    counted = (one["closes"] for one in deadlines or () if recurring or one["rule"] is None)
    days = (date.fromisoformat(closes) for closes in counted if closes)
    return min((day for day in days if day >= as_of), default=None)


def _is_over(deadline: DeadlineRecord, as_of: date) -> bool:
    closes = deadline["closes"]
    return closes is not None and date.fromisoformat(closes) < as_of


def _said(deadline: DeadlineRecord, as_of: date, lang: str, counted: bool) -> str:
    what, rule = deadline["what"][lang], deadline["rule"]
    opens, closes = (date.fromisoformat(on) if on else None for on in (deadline["opens"], deadline["closes"]))
    if closes is None:
        if opens is not None:
            return sentences.say("{what}：{day}起", lang, what=what, day=figures.day(opens, lang))
        return sentences.say("{what}：{rule}", lang, what=what, rule=rule[lang] if rule else "")
    left = (closes - as_of).days
    key = (
        sentences.Sentence("{what}：{first}开始，{day}截止")
        if opens is not None and opens > as_of
        else sentences.Sentence("{what}：{day}截止，只剩{left}")
        if counted and left <= SOON_DAYS
        else sentences.Sentence("{what}：{day}截止")
    )
    first = figures.day(opens, lang) if opens else ""
    day = figures.day(closes, lang)
    return sentences.say(key, lang, what=what, first=first, day=day, left=sentences.count(lang, left, "day"))
