"""For notebooks: everything that is wrong with a frame of firms, as a frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from matcher.firms import read_value, shown
from matcher.rulebook import Fact, Rulebook, Text, load

from .cells import ColumnFault, as_told, read_cells
from .notebook import as_frame
from .polars_engine import Lexicon
from .table import ID, meant_by

SCHEMA = pl.Schema({
    "row": pl.UInt32, "id": pl.String, "column": pl.String, "value": pl.String, "wrong": pl.String, "to_do": pl.String,
    "is_refused": pl.Boolean,
})  # fmt: skip

_Fault = tuple[int | None, str | None, str, str | None, str, str, bool]

_TO_DO = {
    "boolean": Text(zh="写 true 或 false", en="Write true or false"),
    "date": Text(zh="写成年-月-日，如 2026-07-01", en="Write year-month-day, such as 2026-07-01"),
    "money": Text(zh="写多少元，最多两位小数", en="Write yuan, with at most two decimals"),
    "integer": Text(zh="写整数", en="Write a whole number"),
    "rate": Text(zh="写小数，如 0.05 是 5%", en="Write a decimal, such as 0.05 for 5%"),
    "number": Text(zh="写数字", en="Write a number"),
    "text": Text(zh="写文本", en="Write text"),
}

_EMPTY = Text(zh="；不知道就留空。", en=", or leave it empty where it is not known.")

_MOST_WORDS = 12


def faults(frame: Any, lang: str = "zh") -> pl.DataFrame:
    """Everything that is wrong with a frame of firms, a line for each fault, column by column; no line where all can be read.

    Columns: ``row`` (from 1; null where a whole column is meant), ``id`` of the firm, ``column``, ``value`` as it stands there, what is
    ``wrong``, what ``to_do``, and ``is_refused``: whether `decide` refuses the frame because of it; a column that is no fact is not read,
    and no more.

    :param frame: as `decide` takes it.
    :param lang: of the two texts: ``zh`` or ``en``.

    >>> import polars as pl
    >>> firms = pl.DataFrame({
    ...     "id": ["A", "B"],
    ...     "vat_status": ["small_scale", "smallscale"],
    ...     "employees": ["12", "about 30"],
    ...     "employes": [12, 30],
    ... })
    >>> found = faults(firms, "en")
    >>> found.select("row", "id", "column", "value").rows()
    [(2, 'B', 'vat_status', 'smallscale'), (2, 'B', 'employees', 'about 30'), (None, None, 'employes', None)]
    >>> found["to_do"][1]
    'Write a whole number, or leave it empty where it is not known.'
    >>> found["to_do"][2]
    'Perhaps employees is meant.'
    """
    told = as_frame(frame)
    rulebook = load()
    return pl.DataFrame(list(_found(rulebook, told, lang)), schema=SCHEMA, orient="row")


def _found(rulebook: Rulebook, told: pl.DataFrame, lang: str) -> Iterator[_Fault]:
    ids = told[ID].cast(pl.String, strict=False)
    twice = Text(zh="编号出现不止一次", en="the id occurs more than once")
    one_row = Text(zh="每家企业只留一行。", en="Leave one row for each firm.")
    for row in (ids.is_duplicated() & ids.is_not_null()).arg_true().to_list():
        yield row + 1, ids[row], ID, ids[row], twice.get(lang), one_row.get(lang), True
    none = Text(zh="没有编号", en="there is no id")
    number = Text(zh="给每家企业一个编号。", en="Give each firm an id.")
    for row in ids.is_null().arg_true().to_list():
        yield row + 1, None, ID, None, none.get(lang), number.get(lang), True
    for name in told.columns:
        if name in rulebook.facts:
            yield from _of_column(rulebook.facts[name], told[name], ids, lang)
        elif name != ID:
            wrong = Text(zh="没有这项情况，这一列没有读", en="there is no such fact: the column is not read")
            near = meant_by(rulebook, name)
            do = (
                Text(zh=f"是不是 {near}？", en=f"Perhaps {near} is meant.")
                if near
                else Text(zh="不用改。", en="Nothing need be done.")
            )
            yield None, None, name, None, wrong.get(lang), do.get(lang), False


def _of_column(fact: Fact, column: pl.Series, ids: pl.Series, lang: str) -> Iterator[_Fault]:
    do = (_to_do(fact).get(lang) + _EMPTY.get(lang)).strip()
    try:
        wrong = read_cells(fact, column, Lexicon()).wrong
    except ColumnFault as fault:
        yield None, None, fact.id, None, fault.text.get(lang), do, True
        return
    for row in wrong:
        reasons = read_value(fact, as_told(column[row], fact))[1]
        said = ("；" if lang == "zh" else "; ").join(one.get(lang) for one in reasons)
        yield row + 1, ids[row], fact.id, shown(column[row]), said, do, True


def _to_do(fact: Fact) -> Text:
    if fact.type != "enum":
        return _TO_DO[fact.type]
    words = list(fact.values)
    some = ", ".join(words[:_MOST_WORDS]) + (" …" if len(words) > _MOST_WORDS else "")
    return Text(zh=f"写其中一个：{some}", en=f"Write one of {some}")
