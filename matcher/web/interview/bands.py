"""Bands of a figure: how one is written in a form, read back, kept, and said in words (不到20人, 20到300人)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from matcher.engine.ask import Band
from matcher.firms.profile import read_facts
from matcher.rulebook import Fact, Rulebook
from matcher.web import figures, words
from matcher.web.keep import BandTold

End = int | Fraction | date | None
_PARTS = 4


def told(fact: Fact, band: Band) -> BandTold:
    """A band as it is kept: its ends as a profile file states them."""
    return _plain(fact, band.low), _plain(fact, band.high), band.low_open, band.high_open


def value(fact: Fact, band: Band) -> str:
    """A band as the value of a form's field: `low|high|open|open`."""
    low, high, low_open, high_open = told(fact, band)
    return "|".join((low or "", high or "", "01"[low_open], "01"[high_open]))


def read(rulebook: Rulebook, fact: Fact, text: str) -> BandTold | None:
    """The band that a field's value stands for; None where it is none, or an end of it is no value of the fact."""
    parts = text.split("|")
    if len(parts) != _PARTS or not set(parts[2:]) <= {"0", "1"}:
        return None
    low, high = (part or None for part in parts[:2])
    ends = [end for end in (low, high) if end is not None]
    if not ends or any(read_facts(rulebook, {fact.id: end})[1] for end in ends):
        return None
    return low, high, parts[2] == "1", parts[3] == "1"


def said(fact: Fact, band: Band, lang: str) -> str:
    """A band in words. Whole numbers and days are said by the first and last that lie in it."""
    least = fact.bounds[0]
    band = _closed(fact, band)
    low = None if band.low is None or (band.low == least and band.low != band.high) else _said(fact, band.low, lang)
    high = None if band.high is None else _said(fact, band.high, lang)
    if low is not None and low == high:
        return low
    kind = "band.day" if fact.type == "date" else "band"
    ends = ("" if low is None else ("over" if band.low_open else "from"), "" if high is None else _to(band))
    return words.say(f"{kind}.{'_'.join(filter(None, ends)) or 'any'}", lang, low=low, high=high)


def _to(band: Band) -> str:
    return "under" if band.high_open else "to"


def _closed(fact: Fact, band: Band) -> Band:
    if fact.type not in ("integer", "date"):
        return band
    low, high = band.low, band.high
    if band.low_open and low is not None:
        low = low + timedelta(days=1) if isinstance(low, date) else low + 1
    if band.high_open and high is not None:
        high = high - timedelta(days=1) if isinstance(high, date) else high - 1
    return Band(low, high)


def _plain(fact: Fact, end: End) -> str | None:
    if end is None or isinstance(end, date):
        return None if end is None else end.isoformat()
    return format(figures.decimal(Fraction(end) / 100 if fact.type == "money" else Fraction(end)), "f")


def _said(fact: Fact, end: int | Fraction | date, lang: str) -> str:
    if fact.type == "money" and not isinstance(end, date):
        return figures.yuan_in_words(Decimal(figures.decimal(Fraction(end) / 100)), lang).split(" = ")[-1]
    return figures.stated(fact, end.isoformat() if isinstance(end, date) else figures.decimal(Fraction(end)), lang)
