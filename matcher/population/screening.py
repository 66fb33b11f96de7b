"""Decides a whole table of firms, partition by partition: what is finished is never done again, and nothing partial is ever shown."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import polars as pl
from polars.exceptions import PolarsError

from matcher.rulebook import Rulebook

from .compiled import compile_edition
from .edition import COLUMNS, EditionColumns
from .output import OutputError, check_output, writing
from .row_groups import join
from .summary import Tallies, tallied
from .table import Partition, Table, TableError, kind_of, rows_at_once

_VERSION = 5
"""Of partitions and of the reading that makes them: those of another are done again."""

Engine = Literal["polars", "duckdb"]
"""What works the columns out in this process. Both come to the same lines, so that either goes on where the other was stopped."""

LEVEL = 1
"""Of zstd: with lines of a screening a seventh faster than the usual 3, and the file no larger (2 % smaller, measured)."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: the day, the schemes (None: all), whether every line is wanted, whether wrong cells count as unknown, an earlier
    output of which only changes are wanted, how many firms make a partition (None: as many as the schemes allow), and by which engine."""

    day: date
    schemes: tuple[str, ...] | None = None
    everything: bool = False
    lenient: bool = False
    since: Path | None = None
    rows: int | None = None
    engine: Engine = "polars"

    def partitions(self, table: Table) -> list[Partition]:
        """The partitions of a table."""
        return table.partitions(self.rows or rows_at_once(self.schemes))


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where the partitions of an output lie until it is whole: a folder beside it."""

    out: Path

    @property
    def folder(self) -> Path:
        """The folder."""
        return self.out.with_name(f".{self.out.name}.parts")

    def part(self, number: int) -> Path:
        """The lines of one partition: Parquet, whatever the output is to be."""
        return self.folder / f"part-{number:06d}.parquet"

    def tallies(self, number: int) -> Path:
        """What one partition came to; its being there says that the partition is finished."""
        return self.folder / f"part-{number:06d}.json"

    def begin(self, manifest: dict[str, Any]) -> None:
        """Keep what is finished of the same work, and nothing of any other."""
        path, written = self.folder / "manifest.json", json.dumps(manifest, sort_keys=True)
        with writing(self.out):
            if self.folder.exists() and (not path.exists() or path.read_text(encoding="utf-8") != written):
                shutil.rmtree(self.folder)
            self.folder.mkdir(exist_ok=True)
            if not path.exists():
                path.write_text(written, encoding="utf-8")

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Where the table is refused, the folder goes: a corrected table, or one read leniently, is other work."""
        try:
            yield
        except TableError:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def waiting(self, partitions: list[Partition]) -> list[int]:
        """The numbers of the partitions that are not finished."""
        return [number for number in range(len(partitions)) if not self.tallies(number).exists()]


def manifest_of(rulebook: Rulebook, table: Table, order: Order) -> dict[str, Any]:
    """What an output is made of: partitions of the same may be gone on with."""
    inputs = [*table.paths, *([order.since] if order.since else [])]
    stats = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in inputs]
    return {
        "version": _VERSION,
        "rulebook": rulebook.hash,
        "as_of": order.day.isoformat(),
        "schemes": order.schemes,
        "everything": order.everything,
        "lenient": order.lenient,
        "rows": order.rows,
        "inputs": hashlib.sha256(repr(stats).encode()).hexdigest(),
    }


class Worker:
    """Does one partition after another of a table, and writes each whole."""

    def __init__(self, rulebook: Rulebook, table: Table, order: Order, workplace: Workplace) -> None:
        self.table, self.order, self.workplace = table, order, workplace
        self.edition = compile_edition(rulebook, order.day, table.facts, order.schemes)
        self.partitions = order.partitions(table)
        self.reckon = _reckoning(self.edition, order.engine)

    def do(self, number: int) -> int:
        """Decide a partition and write it. Returns how many firms it has."""
        part = self.partitions[number]
        exact = self.edition.exact
        asked, worked = exact.asked, exact.worked
        chunk = self.table.read(part, self.edition.needed, self.edition.lexicon, lenient=self.order.lenient)
        decided = self.edition.decide(chunk, self.reckon)
        lines = decided.all_lines(everything=self.order.everything)
        found = pl.concat([one for one in lines if one.height] or lines[:1])
        if self.order.since is not None:
            found = _changed(found, pl.concat(decided.all_lines(everything=True)), self.order.since, chunk.ids)
        tallies = tallied(self.edition, decided, chunk)
        tallies = tallies.with_counts(exact=exact.asked - asked, worked=exact.worked - worked, lines=found.height)
        self._write(number, found, tallies)
        return part.rows

    def _write(self, number: int, found: pl.DataFrame, tallies: Tallies) -> None:
        """The lines first, then what they come to: each under another name until it is whole."""
        path = self.workplace.part(number)
        draft = path.with_suffix(f".{os.getpid()}.draft")
        with writing(self.workplace.out):
            try:
                found.write_parquet(draft, compression_level=LEVEL)
                draft.replace(path)
                draft.write_text(tallies.to_json(), encoding="utf-8")
                draft.replace(self.workplace.tallies(number))
            finally:
                draft.unlink(missing_ok=True)


def _reckoning(edition: EditionColumns, engine: Engine) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """What works out an edition's columns."""
    if engine == "polars":
        return edition.reckon
    from .duckdb_engine import InDuckDB  # so that nobody else loads DuckDB

    return InDuckDB(edition).reckon


_VALUES = [name for name in COLUMNS if name not in ("as_of",)]


def _changed(found: pl.DataFrame, everything: pl.DataFrame, since: Path, ids: pl.Series) -> pl.DataFrame:
    """The lines that are new or other than before, and how it now stands with firms that had a line and have none."""
    firms = pl.DataFrame({"firm": ids}).lazy()
    before = pl.scan_parquet(since).join(firms, on="firm", how="semi").collect()
    before = before.with_columns(pl.col("scheme").cast(found.schema["scheme"], strict=False)).drop_nulls("scheme")
    pairs = ["firm", "scheme"]
    gone = everything.join(before, on=pairs, how="semi").join(found, on=pairs, how="anti")
    current = pl.concat([found, gone])
    same = before.select(pl.col(name).cast(found.schema[name]) for name in _VALUES)
    return current.join(same, on=_VALUES, how="anti", nulls_equal=True, maintain_order="left")


def prepare(rulebook: Rulebook, table: Table, order: Order, out: Path) -> Workplace:
    """The place for the partitions of an output. Raises OutputError; TableError where the earlier output is none."""
    if order.since is not None:
        _check_since(order.since)
    check_output(out)
    if order.engine == "duckdb" and find_spec("duckdb") is None:
        raise OutputError(
            zh="没有安装 duckdb：pip install 'eligibility-matcher[duckdb]'。",
            en="duckdb is not installed: pip install 'eligibility-matcher[duckdb]'.",
        )
    workplace = Workplace(out)
    workplace.begin(manifest_of(rulebook, table, order))
    return workplace


def _check_since(path: Path) -> None:
    try:
        names = pl.scan_parquet(path).collect_schema().names()
    except (PolarsError, OSError) as error:
        said = str(error).splitlines()[0][:200]
        raise TableError(zh=f"{path.name} 读不了：{said}。", en=f"{path.name} cannot be read: {said}.") from None
    if set(COLUMNS) - set(names):
        raise TableError(zh=f"{path.name} 不是筛查的结果。", en=f"{path.name} is no output of `matcher screen`.")


def screen(rulebook: Rulebook, table: Table, order: Order, out: Path, done: Callable[[int], None]) -> Tallies:
    """Screen a table in this process and write the output. ``done`` is told of every partition's firms.

    :raises TableError: where cells are wrong; OutputError where the output cannot be written.
    """
    workplace = prepare(rulebook, table, order, out)
    worker = Worker(rulebook, table, order, workplace)
    waiting = workplace.waiting(worker.partitions)
    done(sum(part.rows for part in worker.partitions) - sum(worker.partitions[number].rows for number in waiting))
    with workplace.at_work():
        for number in waiting:
            done(worker.do(number))
    return finish(workplace, worker.partitions)


def finish(workplace: Workplace, partitions: list[Partition]) -> Tallies:
    """Put the partitions together under the final name, at once; the folder goes. Parquet is copied, not written anew."""
    parts = [workplace.part(number) for number in range(len(partitions))]
    tallies = Tallies.sum(
        Tallies.from_json(workplace.tallies(number).read_text(encoding="utf-8")) for number in range(len(partitions))
    )
    out, kind, draft = workplace.out, kind_of(workplace.out), workplace.folder / f"whole.{os.getpid()}.draft"
    with writing(out):
        lines = pl.scan_parquet(parts) if parts else pl.LazyFrame(schema=dict.fromkeys(COLUMNS, pl.String))
        if kind == "csv":
            lines.sink_csv(draft)
        elif kind == "arrow":
            lines.sink_ipc(draft)
        elif parts:
            join(parts, draft)
        else:
            lines.sink_parquet(draft)
        draft.replace(out)
        shutil.rmtree(workplace.folder, ignore_errors=True)
    return tallies
