"""For notebooks: decisions on a frame of firms, or on one firm, in one call."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from matcher.rulebook import Rulebook, Text, load

from .compiled import compile_edition
from .table import ID, TableError, chunk_of, meant_by

_PLAIN = "biufM"  # numpy's yes and no, whole numbers, floats and moments

_CORRECT = Text(
    zh="改正（matcher.faults 列出全部），或写 wrong_as_unknown=True 把这些格当作未知。",
    en="Correct them (matcher.faults lists all), or take them as unknown with wrong_as_unknown=True.",
)


def decide(
    frame: Any, as_of: date | str, schemes: Iterable[str] | str | None = None, *, wrong_as_unknown: bool = False
) -> pl.DataFrame:
    """Decide every scheme (or those named) for every firm, a line for each: firm, scheme, as_of, status, recipient, kind, low, high
    (fen).

    :param frame: a Polars or pandas frame whose columns are ids of facts (money in yuan) and, for the firms' names, ``id`` (in pandas
        also an index of that name); one firm as a dictionary, or several in a list. Other columns are not read, which a warning says.
    :param as_of: a day, or what writes one as 2026-03-31.
    :param schemes: the slugs of some schemes, or of one.
    :param wrong_as_unknown: values that cannot be read count as unknown, instead of ending all.
    :raises TableError: where a value cannot be read, naming the first of them, a firm is there twice, or there is no such scheme or day;
        ColumnFault where a whole column cannot be read. `faults` has all that is wrong with a frame, as a frame.

    >>> from datetime import date
    >>> firm = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
    >>> decide(firm, date(2026, 3, 31), ["six-taxes-two-fees"]).select("status", "kind", "low").row(0)
    ('eligible', 'exact', 1932129)
    >>> firm["vat_status"] = "smallscale"
    >>> decide(firm, date(2026, 3, 31), ["six-taxes-two-fees"], wrong_as_unknown=True)["status"].to_list()
    ['needs_information']
    """
    rulebook = load()
    told = as_frame(frame)
    schemes = [schemes] if isinstance(schemes, str) else None if schemes is None else list(schemes)
    _check(told, [slug for slug in schemes or () if slug not in rulebook.schemes])
    names = [name for name in told.columns if name in rulebook.facts]
    _warn(rulebook, [name for name in told.columns if name not in rulebook.facts and name != ID])
    edition = compile_edition(rulebook, _day(as_of), names, schemes)
    chunk = chunk_of(rulebook, told.select(ID, *names), edition.lexicon, lenient=wrong_as_unknown, to_do=_CORRECT)
    decided = edition.decide(chunk)
    return pl.concat(decided.all_lines(everything=True))


def _warn(rulebook: Rulebook, ignored: list[str]) -> None:
    """Say what is not read, with the fact that it was probably meant for."""
    if not ignored:
        return
    listed = [f"{name} ({meant}?)" if (meant := meant_by(rulebook, name)) else name for name in ignored[:12]]
    more = " …" if len(ignored) > 12 else ""
    said = f"{', '.join(listed)}{more}"
    warnings.warn(f"不认识、没有读的列：{said} / columns that are no facts, not read: {said}", stacklevel=3)


def _day(as_of: object) -> date:
    """A day without its hour: pandas and Polars give both."""
    if isinstance(as_of, date):
        return as_of.date() if isinstance(as_of, datetime) else as_of
    try:
        return date.fromisoformat(str(as_of))
    except ValueError:
        raise TableError(
            zh=f"as_of 应为日期，例如 2026-03-31，而不是 {as_of!r}。", en=f"as_of must be a day such as 2026-03-31, not {as_of!r}."
        ) from None  # fmt: skip


def _check(told: pl.DataFrame, unknown: list[str]) -> None:
    if told[ID].has_nulls():
        row = int(told[ID].is_null().arg_true()[0]) + 1
        raise TableError(zh=f"第 {row} 行没有 {ID}。", en=f"row {row} has no {ID}.")
    if unknown:
        names = ", ".join(unknown[:5])
        raise TableError(zh=f"没有这些政策：{names}", en=f"there are no such schemes: {names}")
    twice = told[ID].filter(told[ID].is_duplicated()).unique(maintain_order=True).cast(pl.String).to_list()
    if twice:
        some = ", ".join(str(one) for one in twice[:5])
        raise TableError(
            zh=f"{ID} 出现不止一次：{some}。", en=f"{ID} occurs more than once: {some}. A firm has one row."
        )


def as_frame(frame: Any) -> pl.DataFrame:
    """A frame of firms, or one firm, as `decide` takes it; firms without an ``id`` are numbered from 1. Raises TypeError."""
    told = _polars(frame)
    if ID in told.columns:
        return told
    return told.with_columns(pl.Series(ID, [str(number) for number in range(1, told.height + 1)], dtype=pl.String))


def _polars(frame: Any) -> pl.DataFrame:
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, Mapping):
        return _of_firms([frame])
    if hasattr(frame, "isna") and hasattr(frame, "columns"):  # pandas, which need not be installed
        return _of_pandas(frame.reset_index() if frame.index.name == ID else frame)
    if isinstance(frame, Sequence) and not isinstance(frame, str) and all(isinstance(one, Mapping) for one in frame):
        return _of_firms(frame)
    raise TypeError(
        f"a Polars or pandas frame, a dictionary, or a list of dictionaries is wanted, not {type(frame).__name__}"
    )


def _of_pandas(frame: Any) -> pl.DataFrame:
    twice = [str(name) for name in frame.columns[frame.columns.duplicated()]]
    if twice:
        raise TableError(
            zh=f"不止一列叫 {', '.join(twice[:5])}。", en=f"more than one column is called {', '.join(twice[:5])}."
        )
    columns = []
    for name in frame.columns:
        told = frame[name]
        if isinstance(told.dtype, np.dtype) and told.dtype.kind in _PLAIN:
            columns.append(pl.Series(str(name), told.to_numpy(), nan_to_null=True))
        else:
            cells = zip(told.tolist(), told.isna(), strict=True)
            columns.append(_column(str(name), [None if is_untold else cell for cell, is_untold in cells]))
    return pl.DataFrame(columns)


def _of_firms(firms: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A row for each firm, also for one that tells nothing."""
    names = dict.fromkeys(name for one in firms for name in one)
    columns = [_column(name, [one.get(name) for one in firms]) for name in names]
    return pl.DataFrame(columns) if columns else pl.DataFrame({ID: [str(number + 1) for number in range(len(firms))]})


def _column(name: str, values: list[Any]) -> pl.Series:
    """Values of one kind as they are; several kinds in one column as text, each as it would be written."""
    try:
        return pl.Series(name, values)
    except (TypeError, OverflowError, PolarsError):
        return pl.Series(name, [None if value is None else _written(value) for value in values], dtype=pl.String)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
