"""A table of firms in files: Parquet, CSV or Arrow, opened and checked as a whole, then read in partitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl
from polars.exceptions import PolarsError

from matcher.firms import nearest
from matcher.rulebook import Fact, Rulebook, Text
from matcher.rulebook.language import Scalar
from matcher.text import BilingualError, english_count

from .cells import ColumnFault, as_told, check_type, read_cells
from .over_items import FirmWithItems
from .polars_engine import Lexicon

ID = "id"

ROWS = 50_000
"""Firms in a partition where all schemes are asked: as many as are in memory at a time."""

_MOST_ROWS, _CELLS = 250_000, 2_500_000
"""Firms in one where few are, and firms times schemes: what is done once for each partition then weighs less."""

_MOST_SHOWN = 10

_PARQUET, _CSV, _ARROW = (".parquet", ".pq"), (".csv",), (".arrow", ".feather", ".ipc")

FileKind = Literal["parquet", "csv", "arrow"]


_CORRECT = Text(
    zh="改正，或用 --lenient 把这些格当作未知。", en="Correct them, or take them as unknown with --lenient."
)


class TableError(BilingualError):
    """Files that no firms can be read from. ``text``: where and what, and what to do, in both languages."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Some rows of one file, one after the other."""

    path: Path
    start: int
    rows: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """The firms of a partition: their ids, the facts as columns, what columns cannot hold (by row), how many cells were wrong and count
    as unknown, and the firms with several loans, projects … (by row), of which columns have what is told of the firm itself."""

    ids: pl.Series
    facts: pl.DataFrame
    odd: dict[int, dict[str, Scalar]] = field(default_factory=dict)
    wrong: int = 0
    with_items: Mapping[int, FirmWithItems] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Files of firms with the same facts. ``ignored``: columns that are no facts; ``rows``: how many firms."""

    rulebook: Rulebook
    paths: tuple[Path, ...]
    facts: tuple[str, ...]
    ignored: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def rows(self) -> int:
        """How many firms there are."""
        return sum(self.counts)

    def partitions(self, rows: int = ROWS) -> list[Partition]:
        """The table in parts of so many firms."""
        return [
            Partition(path, start, min(rows, count - start))
            for path, count in zip(self.paths, self.counts, strict=True)
            for start in range(0, count, rows)
        ]

    def read(self, part: Partition, names: Iterable[str], lexicon: Lexicon, *, lenient: bool = False) -> Chunk:
        """Read the facts of these names for the firms of a partition.

        :param lenient: a wrong cell counts as unknown instead of ending all.
        :raises TableError: where cells are wrong, naming the first of them.
        """
        wanted = [name for name in self.facts if name in set(names)]
        with _reading(part.path):
            frame = scan(part.path).slice(part.start, part.rows).select(ID, *wanted).collect()
        return chunk_of(self.rulebook, frame, lexicon, lenient=lenient, where=part.path.name, first_row=part.start + 1)


def rows_at_once(schemes: Sequence[str] | None) -> int:
    """How many firms make a partition where these schemes (None: all) are asked."""
    return ROWS if schemes is None else min(_MOST_ROWS, max(ROWS, _CELLS // max(len(schemes), 1)))


def open_table(rulebook: Rulebook, paths: Sequence[Path]) -> Table:
    """Open files and check names, types and ids. Raises TableError."""
    facts: tuple[str, ...] | None = None
    ignored: dict[str, None] = {}
    counts = []
    for path in paths:
        with _reading(path):
            schema = scan(path).collect_schema()
            counts.append(int(scan(path).select(pl.len()).collect().item()))
        if kind_of(path) == "csv" and any("\ufffd" in name for name in schema):
            raise _not_utf8(path)  # headings are decoded as far as it goes
        if ID not in schema:
            found = list(schema)[:8]
            if len(schema) == 1 and kind_of(path) == "csv" and any(mark in found[0] for mark in ";\t"):
                raise TableError(
                    zh=f"{path.name}：各列之间要用逗号隔开，这里用的是分号或制表符。",
                    en=f"{path.name}: columns must be separated by commas; here it is semicolons or tabs.",
                )
            raise TableError(
                zh=f"{path.name}：没有名为 {ID} 的列（有：{'、'.join(found)}）。请加上企业编号一列。",
                en=f"{path.name}: no column is called {ID} (there are: {', '.join(found)}). Add one with the firms' numbers.",
            )
        own = tuple(name for name in schema if name in rulebook.facts)
        for name in own:
            _check(rulebook.facts[name], schema[name], path)
        ignored.update(dict.fromkeys(name for name in schema if name not in rulebook.facts and name != ID))
        if facts is not None and set(own) != set(facts):
            other = sorted(set(own) ^ set(facts))[:8]
            raise TableError(
                zh=f"{path.name}：各文件的列不同（{'、'.join(other)}）。",
                en=f"{path.name}: the files have different columns ({', '.join(other)}).",
            )
        facts = own if facts is None else facts
    _check_ids(paths)
    return Table(rulebook, tuple(paths), facts or (), tuple(ignored), tuple(counts))


def meant_by(rulebook: Rulebook, column: str) -> str | None:
    """The fact that a column which is none was probably meant for: by its id or by its name in either language."""
    return nearest(column, {fact.id: (fact.label.zh, fact.label.en) for fact in rulebook.facts.values()})


def kind_of(path: Path) -> FileKind | None:
    """What kind of file a name says; None where we know none such."""
    suffix = path.suffix.lower()
    if suffix in _PARQUET:
        return "parquet"
    return "csv" if suffix in _CSV else "arrow" if suffix in _ARROW else None


def scan(path: Path) -> pl.LazyFrame:
    """A file as a lazy frame; a CSV's cells as text. Raises TableError for another kind of file."""
    match kind_of(path):
        case "parquet":
            return pl.scan_parquet(path)
        case "csv":
            return pl.scan_csv(path, infer_schema=False)
        case "arrow":
            return pl.scan_ipc(path)
    raise TableError(
        zh=f"{path.name}：只读 .parquet、.csv、.arrow 文件。",
        en=f"{path.name}: only .parquet, .csv and .arrow files are read.",
    )


def chunk_of(
    rulebook: Rulebook,
    frame: pl.DataFrame,
    lexicon: Lexicon,
    *,
    lenient: bool = False,
    where: str = "",
    first_row: int | None = 1,
    to_do: Text = _CORRECT,
) -> Chunk:
    """The firms of a frame. Raises TableError where cells are wrong, unless ``lenient``; ColumnFault for a type that does not fit.

    :param where: the file, as a fault names it.
    :param first_row: the row of the file that the first firm is in; None where nobody knows, and faults name the firm.
    :param to_do: what to do about wrong cells where the frame comes from.
    """
    columns, odd, wrong = [], dict[int, dict[str, Scalar]](), 0
    faults: list[Text] = []
    for name in frame.columns:
        if name == ID:
            continue
        fact = rulebook.facts[name]
        cells = read_cells(fact, frame[name], lexicon)
        columns.append(cells.column)
        wrong += len(cells.wrong)
        for row, value in cells.odd.items():
            odd.setdefault(row, {})[name] = value
        faults += _faults(fact, frame, cells.wrong, f"{where} " if where else "", first_row)
    if faults and not lenient:
        shown = faults[:_MOST_SHOWN]
        raise TableError(
            zh="\n".join(one.zh for one in shown) + f"\n共 {wrong} 格有错。{to_do.zh}",
            en="\n".join(one.en for one in shown) + f"\n{english_count(wrong, 'wrong cell')}. {to_do.en}",
        )
    ids = frame[ID].cast(pl.String)
    facts = pl.DataFrame(columns) if columns else pl.DataFrame(height=frame.height)
    return Chunk(ids, facts, odd, wrong)


def _faults(fact: Fact, frame: pl.DataFrame, wrong: list[int], where: str, first_row: int | None) -> list[Text]:
    """What is wrong with a column's cells: each wrong word once, at its first row, with how many more have it."""
    from matcher.firms import read_value, shown

    if not wrong:
        return []
    counted = pl.DataFrame({"cell": frame[fact.id].gather(wrong), "row": wrong}).group_by("cell", maintain_order=True)
    found = []
    for told, row, rows in counted.agg(pl.col("row").first(), pl.len().alias("rows")).head(_MOST_SHOWN).iter_rows():
        reasons = read_value(fact, as_told(told, fact))[1]
        zh, en = ("；".join(one.zh for one in reasons), "; ".join(one.en for one in reasons))
        more_zh, more_en = (f"等 {rows} 行", f" and {rows - 1:,} more") if rows > 1 else ("", "")
        place = (
            Text(zh=f"企业 {frame[ID][row]}", en=f"firm {frame[ID][row]}")
            if first_row is None
            else Text(zh=f"第 {first_row + row} 行", en=f"row {first_row + row}")
        )
        found.append(Text(
            zh=f"{where}{place.zh}{more_zh} {fact.id}：{shown(told)}，{zh}",
            en=f"{where}{place.en}{more_en} {fact.id}: {shown(told)}: {en}",
        ))  # fmt: skip
    return found


def _check(fact: Fact, dtype: pl.DataType, path: Path) -> None:
    try:
        check_type(fact, dtype)
    except ColumnFault as fault:
        raise TableError(
            zh=f"{path.name} 的 {fault.name} 列：{fault.text.zh}。", en=f"{path.name}, column {fault.name}: {fault.text.en}."
        ) from None  # fmt: skip


def _check_ids(paths: Sequence[Path]) -> None:
    """Every id is there, and there once: looked up by 64-bit hashes, and exactly where two agree."""
    hashes = []
    for path in paths:
        with _reading(path):
            ids = scan(path).select(pl.col(ID).cast(pl.String))
            found = ids.select(pl.col(ID).hash(seed=0).alias("hash"), pl.col(ID).is_null().alias("none")).collect(
                engine="streaming"
            )
        if found["none"].any():
            row = int(found["none"].arg_true()[0]) + 1
            raise TableError(zh=f"{path.name} 第 {row} 行没有 {ID}。", en=f"{path.name} row {row} has no {ID}.")
        hashes.append(found["hash"])
    every = pl.concat(hashes) if hashes else pl.Series([], dtype=pl.UInt64)
    if every.n_unique() == len(every):
        return
    twice = every.filter(every.is_duplicated()).unique()
    rows = pl.concat([scan(path).select(pl.col(ID).cast(pl.String)) for path in paths])
    repeats = rows.filter(pl.col(ID).hash(seed=0).is_in(twice.implode())).collect()[ID]
    repeated = repeats.filter(repeats.is_duplicated()).unique(maintain_order=True).to_list()
    if repeated:
        some = repeated[:5]
        raise TableError(
            zh=f"{len(repeated)} 个 {ID} 出现不止一次：{'、'.join(some)}。每家企业只能有一行。",
            en=f"{len(repeated)} values of {ID} occur more than once: {', '.join(some)}. A firm has one row.",
        )


def _not_utf8(path: Path) -> TableError:
    return TableError(
        zh=f"{path.name} 不是 UTF-8 编码（可能是 GBK）：请另存为“CSV UTF-8”，或存为 Parquet。",
        en=f"{path.name} is not UTF-8 (perhaps GBK): save it as “CSV UTF-8”, or as Parquet.",
    )


class _reading:
    """Turns what goes wrong while a file is read into a TableError that names it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PolarsError) and kind_of(self.path) == "csv" and "utf-8" in str(error).lower():
            raise _not_utf8(self.path) from None
        if isinstance(error, (PolarsError, OSError)):
            said = str(error).splitlines()[0][:200]
            raise TableError(
                zh=f"{self.path.name} 读不了：{said}。文件可能不完整或已损坏。",
                en=f"{self.path.name} cannot be read: {said}. The file may be incomplete or damaged.",
            ) from None  # fmt: skip
