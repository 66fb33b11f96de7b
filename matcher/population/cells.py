"""Told cells read column by column: exact whole numbers, days, words; what is wrong with a cell, and what columns cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from matcher.firms import read_value
from matcher.rulebook import Fact, Text
from matcher.rulebook.language import Scalar

from .graph import PARTS, largest
from .polars_engine import WORDS, Lexicon

_EPOCH = date(1970, 1, 1).toordinal()

_EXACT_FLOATS = 2**53

_DECIMAL = r"^-?[0-9]{1,16}(\.[0-9]{1,12})?$"


class ColumnFault(Exception):
    """A column of a type that its fact cannot be read from. ``text``: what is wrong and what to do, in both languages."""

    def __init__(self, name: str, text: Text) -> None:
        super().__init__(f"{name}: {text.zh} / {text.en}")
        self.name, self.text = name, text


@dataclass(frozen=True, slots=True)
class Cells:
    """A column as the engine's columns have it (null: unknown), the rows that are wrong, and what the column cannot hold."""

    column: pl.Series
    wrong: list[int]
    odd: dict[int, Scalar]


def read_cells(fact: Fact, told: pl.Series, lexicon: Lexicon) -> Cells:
    """Read a column. Raises ColumnFault where its type is none that the fact is told in."""
    if told.dtype == pl.Null:
        return Cells(pl.Series(told.name, [None] * len(told), dtype=held_as(fact)), [], {})
    match fact.type:
        case "boolean":
            column = _booleans(fact, told)
        case "enum":
            column = _words(fact, told, lexicon)
        case "text":
            column = _texts(fact, told)
        case "date":
            column = _days(fact, told)
        case _:
            column = _numbers(fact, told)
    return _checked(fact, told, column.alias(told.name))


def check_type(fact: Fact, dtype: pl.DataType) -> None:
    """Raise ColumnFault where a fact cannot be read from a column of this type."""
    read_cells(fact, pl.Series(fact.id, [], dtype=dtype), Lexicon())


def held_as(fact: Fact) -> Any:
    """The type of a fact's column."""
    if fact.id == "industry":
        return pl.Enum([])
    return {"boolean": pl.Boolean, "enum": WORDS, "text": pl.String}.get(fact.type, pl.Int64)


def _checked(fact: Fact, told: pl.Series, column: pl.Series) -> Cells:
    """What could not be read, or lies outside the fact's bounds, is wrong; unless columns merely cannot hold it.

    Whether there is any such cell is told by two counts and two ends: rows are looked at only where there is one.
    """
    least, most = _ends(fact) if column.dtype == pl.Int64 else (None, None)
    low, high = (column.min(), column.max()) if column.dtype == pl.Int64 else (None, None)
    is_inside = (least is None or low is None or low >= least) and (most is None or high is None or high <= most)  # type: ignore[operator]
    if is_inside and column.null_count() == told.null_count():
        return Cells(column, [], {})
    lost = told.is_not_null() & column.is_null()
    outside = pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(told))
    if least is not None:
        outside = outside | (column < least)
    if most is not None:
        outside = outside | (column > most)
    rows = (lost | outside.fill_null(value=False)).arg_true().to_list()
    wrong, odd = [], dict[int, Scalar]()
    for row in rows:
        value, reasons = read_value(fact, as_told(told[row], fact))
        if reasons or value is None:
            wrong.append(row)
        else:
            odd[row] = value
    if rows:
        bad = pl.Series(rows, dtype=pl.UInt32)
        column = column.to_frame().with_columns(
            pl.when(pl.arange(0, pl.len(), dtype=pl.UInt32).is_in(bad.implode())).then(None).otherwise(pl.first()).alias(told.name)
        ).to_series()  # fmt: skip
    return Cells(column, wrong, odd)


def _ends(fact: Fact) -> tuple[int | None, int | None]:
    """The least and the most, as columns hold them, that a cell may be and still be reckoned with here."""
    parts = PARTS if fact.type in ("rate", "number") else 1
    least, most = (None if bound is None else bound * parts for bound in fact.bounds)
    low, high = (None if least is None else -int(-least // 1)), (None if most is None else int(most // 1))
    if fact.type == "date":
        return low, high
    far = largest(fact)
    return (-far if low is None else max(low, -far)), (far if high is None else min(high, far))


def as_told(value: Any, fact: Fact) -> Any:
    """A cell as a profile would state it: figures as decimal text, the words of a CSV's yes and no as such, a moment with its hour."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if fact.type == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower(), value)
    if fact.type in ("integer", "money", "rate", "number") and isinstance(value, (int, float, Decimal)):
        return (
            value
            if isinstance(value, bool)
            else format(Decimal(repr(value) if isinstance(value, float) else value), "f")
        )
    return value.strip() if isinstance(value, str) else value


def _booleans(fact: Fact, told: pl.Series) -> pl.Series:
    if told.dtype == pl.Boolean:
        return told
    if told.dtype == pl.String:
        word = pl.first().str.strip_chars().str.to_lowercase()
        return told.to_frame().select(pl.when(word == "true").then(True).when(word == "false").then(False)).to_series()
    raise _refused(fact, told, "true 或 false", "true or false")


def _words(fact: Fact, told: pl.Series, lexicon: Lexicon) -> pl.Series:
    if told.dtype not in (pl.String, pl.Categorical, pl.Enum):
        raise _refused(fact, told, "文本", "text")
    numbers = {word: lexicon.number(word) for word in fact.values}
    return _by_value(told, lambda text: numbers.get(text.strip()), WORDS)


def _by_value(told: pl.Series, read: Callable[[str], Any], dtype: Any) -> pl.Series:
    """A column of words, each word that occurs read once."""
    named = _enumerated(told)
    words = words_of(named)
    if not words:
        return pl.Series([None], dtype=dtype).new_from_index(0, len(told))
    return pl.Series([read(word) for word in words], dtype=dtype).gather(named.to_physical().cast(pl.UInt32))


def _enumerated(told: pl.Series) -> pl.Series:
    """A column of words as an enumeration of those that occur."""
    if isinstance(told.dtype, pl.Enum):
        return told
    text = told.cast(pl.String)
    return text.cast(pl.Enum(text.drop_nulls().unique()))


def _texts(fact: Fact, told: pl.Series) -> pl.Series:
    if told.dtype not in (pl.String, pl.Categorical, pl.Enum):
        raise _refused(
            fact,
            told,
            f"文本（数字会丢掉开头的零；用 Polars 读 CSV 时：schema_overrides={{'{fact.id}': pl.String}}）",
            f"text (a number loses its leading zeros; reading a CSV with Polars: schema_overrides={{'{fact.id}': pl.String}})",
        )
    if fact.id == "industry":
        return _codes(fact, told)
    text = told.cast(pl.String).str.strip_chars()
    return text.to_frame().select(pl.when(pl.first().str.len_chars() > 0).then(pl.first())).to_series()


def _codes(fact: Fact, told: pl.Series) -> pl.Series:
    """Codes as an enumeration of those that occur: what is asked of one is asked once."""
    named = _enumerated(told)
    read = {word: read_value(fact, word.strip())[0] for word in words_of(named)}
    codes = sorted({str(code) for code in read.values() if code is not None})
    return _by_value(named, read.__getitem__, pl.Enum(codes))


def words_of(column: pl.Series) -> list[str]:
    """The words of a column that is an enumeration, each at its number."""
    assert isinstance(column.dtype, pl.Enum)
    return column.dtype.categories.to_list()


def _days(fact: Fact, told: pl.Series) -> pl.Series:
    if told.dtype == pl.String:
        strict = told.to_frame().select(
            pl.when(pl.first().str.strip_chars().str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).then(pl.first().str.strip_chars())
        ).to_series()  # fmt: skip
        told = strict.str.to_date("%Y-%m-%d", strict=False)
    if isinstance(told.dtype, pl.Datetime):
        told = _midnights(told)
    if told.dtype != pl.Date:
        raise _refused(fact, told, "日期（年-月-日）", "a date (year-month-day)")
    return told.cast(pl.Int32).cast(pl.Int64) + _EPOCH


def _midnights(told: pl.Series) -> pl.Series:
    """The day of each moment that is the first of its day, in its own zone where it has one: pandas and Spark keep days so. With an hour
    it is unknown (to be looked at singly)."""
    local = pl.first().dt.replace_time_zone(None)
    return told.to_frame().select(pl.when(local == local.dt.truncate("1d")).then(local.dt.date())).to_series()


def _numbers(fact: Fact, told: pl.Series) -> pl.Series:
    places = {"integer": 0, "money": 2}.get(fact.type, 6)
    if told.dtype.is_integer():
        most = 2**62 // 10**places
        fitting = pl.when(pl.first().is_between(-most, most)).then(pl.first())
        return (
            told.to_frame()
            .select(
                (fitting.cast(pl.Int64) if told.dtype != pl.UInt64 else fitting.cast(pl.Int64, strict=False))
                * 10**places
            )
            .to_series()
        )
    if told.dtype == pl.Float64:
        return _floats(told, places)
    if told.dtype.is_decimal():
        return _fixed(told, places)
    if told.dtype == pl.String:
        return _decimals(told, places)
    if told.dtype == pl.Float32:
        raise ColumnFault(fact.id, Text(
            zh="32 位浮点数存不下精确的分，请改用文本、Decimal 或 64 位浮点数",
            en="a 32-bit float cannot hold exact fen: write text, Decimal or 64-bit floats",
        ))  # fmt: skip
    raise _refused(fact, told, "数字", "numbers")


def _floats(told: pl.Series, places: int) -> pl.Series:
    """The shortest decimal of a float, where it has no more places than these; unknown (to be looked at singly) else."""
    values = told.fill_null(float("nan")).to_numpy()
    with np.errstate(invalid="ignore", over="ignore"):
        rounded = np.rint(values * 10**places)
        is_exact = (rounded / 10**places == values) & (np.abs(rounded) < _EXACT_FLOATS)
    whole = pl.Series(np.where(is_exact, rounded, 0).astype(np.int64))
    return pl.select(pl.when(pl.Series(is_exact)).then(whole)).to_series()


def _fixed(told: pl.Series, places: int) -> pl.Series:
    """Decimals of a fixed number of places, by the whole numbers that they are kept as."""
    assert isinstance(told.dtype, pl.Decimal)
    kept, more = told.to_physical(), places - told.dtype.scale
    if more < 0:
        whole = pl.when(pl.first() % 10**-more == 0).then(pl.first() // 10**-more)
        kept = kept.to_frame().select(whole).to_series()
    narrow = kept.cast(pl.Int64, strict=False)  # what does not fit is lost, and looked at singly
    if more <= 0:
        return narrow
    most = 2**62 // 10**more
    fits = pl.first().is_between(-most, most)
    return narrow.to_frame().select(pl.when(fits).then(pl.first() * 10**more)).to_series()


def _decimals(told: pl.Series, places: int) -> pl.Series:
    """Plain decimals with at most so many places (noughts behind them do not count)."""
    text = pl.first().str.strip_chars()
    fraction = text.str.extract(r"\.([0-9]+)$").fill_null("").str.strip_chars_end("0")
    whole = text.str.extract(r"^-?([0-9]+)").cast(pl.Int64, strict=False)
    below = fraction.str.pad_end(places, "0").cast(pl.Int64, strict=False).fill_null(0)
    sign = pl.when(text.str.starts_with("-")).then(-1).otherwise(1)
    fits = text.str.contains(_DECIMAL) & (fraction.str.len_chars() <= places) & (whole < 2**62 // 10**places)
    return told.to_frame().select(pl.when(fits).then(sign * (whole * 10**places + below))).to_series()


def _refused(fact: Fact, told: pl.Series, zh: str, en: str) -> ColumnFault:
    return ColumnFault(
        fact.id, Text(zh=f"这一列是 {told.dtype}，应为{zh}", en=f"the column is {told.dtype}; it must be {en}")
    )
