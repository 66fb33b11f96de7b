"""For notebooks: decisions on a frame of firms, or on one firm, in one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from matcher.rulebook import load

from .compiled import compile_edition
from .table import ID, TableError, chunk_of


def decide(
    frame: Any, as_of: date | str, schemes: Iterable[str] | str | None = None, *, wrong_as_unknown: bool = False
) -> pl.DataFrame:
    """Decide every scheme (or those named) for every firm, a line for each: firm, scheme, as_of, status, recipient, kind, low, high
    (fen).

    :param frame: a Polars or pandas frame whose columns are ids of facts (money in yuan) and, for the firms' names, ``id``; or one firm
        as a dictionary. Other columns are not read.
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
    edition = compile_edition(rulebook, _day(as_of), names, schemes)
    decided = edition.decide(chunk_of(rulebook, told.select(ID, *names), edition.lexicon, lenient=wrong_as_unknown))
    return pl.concat(decided.all_lines(everything=True))


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
        return pl.DataFrame({name: [value] for name, value in frame.items()})
    if hasattr(frame, "to_dict") and hasattr(frame, "columns"):  # pandas, which need not be installed
        columns = {
            str(name): [None if value != value else value for value in frame[name].tolist()] for name in frame.columns
        }
        return pl.DataFrame(columns)
    raise TypeError(f"a Polars or pandas frame, or a dictionary, is wanted, not {type(frame).__name__}")
