"""On a cluster that runs Spark: the same compiled form over its partitions (`mapInArrow`). Wants the extra ``spark`` and a Java."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from matcher import places
from matcher.rulebook import Rulebook, Text, load

from .compiled import compile_edition
from .edition import COLUMNS, EditionColumns
from .output import OutputError, writing
from .screening import Order
from .table import ID, Table, TableError, chunk_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SCHEMA = (
    "firm string, scheme string, as_of date, status string, recipient string, kind string, low bigint, high bigint"
)

_editions: dict[tuple[object, ...], EditionColumns] = {}


def screen_on_spark(rulebook: Rulebook, table: Table, order: Order, out: Path) -> int:
    """Screen a table by Spark; ``out`` becomes a folder of Parquet files, at once when all are there. Returns the number of lines.

    :raises OutputError: where pyspark is not installed, Spark does not start, or a task fails for good.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise OutputError(
            zh="没有安装 pyspark：pip install 'eligibility-matcher[spark]'，并安装 Java 17。",
            en="pyspark is not installed: pip install 'eligibility-matcher[spark]', and a Java 17.",
        ) from None  # fmt: skip
    draft = out.with_name(f".{out.name}.draft")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # or tasks run in whatever python3 is first on PATH
    try:
        session = SparkSession.builder.appName("matcher screen").getOrCreate()
        lines(session, rulebook, read(session, table), order).write.mode("overwrite").parquet(str(draft.resolve()))
        with writing(out):
            for mark in draft.iterdir():  # Spark's own marks would be taken for data by whoever reads the folder
                if mark.suffix != ".parquet":
                    mark.unlink()
            if out.is_dir():
                shutil.rmtree(out)
            out.unlink(missing_ok=True)
            draft.rename(out)
        written: int = session.read.parquet(str(out.resolve())).count()
        return written
    except (PySparkException, OSError, RuntimeError) as error:
        said = _said(error)
        raise OutputError(zh=f"Spark 没有完成：{said.zh}", en=f"Spark did not finish: {said.en}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _said(error: Exception) -> Text:
    """What a task refused, in either language; else the fault that ended it, which stands below where it happened."""
    told = str(error) or type(error).__name__
    refused = re.search(r"TableError: (.+?) / (.+?)(?:\n\n|\Z)", told, re.DOTALL)
    if refused:
        return Text(zh=refused[1], en=refused[2].strip())
    faults = re.findall(r"^[\w.]*(?:Error|Exception|Fault)\b.*$", told, re.MULTILINE)
    line = (faults or told.splitlines())[-1 if faults else 0][:400]
    return Text(zh=line, en=line)


def read(session: SparkSession, table: Table) -> DataFrame:
    """The files of a table for Spark. Raises TableError for other files than Parquet and CSV."""
    paths = [str(path.resolve()) for path in table.paths]
    suffixes = {path.suffix.lower() for path in table.paths}
    if suffixes <= {".parquet", ".pq"}:
        return session.read.parquet(*paths)
    if suffixes == {".csv"}:
        return (
            session.read.option("header", value=True).option("multiLine", value=True).option("escape", '"').csv(paths)
        )
    raise TableError(zh="Spark 只读 .parquet 或 .csv 文件。", en="Spark reads .parquet or .csv files alone.")


def lines(session: SparkSession, rulebook: Rulebook, firms: DataFrame, order: Order) -> DataFrame:
    """The lines of a Spark frame of firms (`id` and ids of facts as columns), as `screen` writes them."""
    del session
    facts = tuple(name for name in firms.columns if name in rulebook.facts)
    rules = places.rules_dir()

    def decided(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield from _decided(rules, facts, order, batch)

    return firms.select(ID, *facts).mapInArrow(decided, _SCHEMA)


def _decided(rules: Path, facts: Sequence[str], order: Order, batch: Any) -> Iterator[Any]:
    """The lines of a batch; the rules are compiled once in a process."""
    key = (rules, tuple(facts), order)
    edition = _editions.get(key)
    if edition is None:
        places.choose_rules(rules)
        edition = _editions[key] = compile_edition(load(), order.day, facts, order.schemes)
    told = pl.from_arrow(batch)
    assert isinstance(told, pl.DataFrame)
    names = [ID, *(name for name in told.columns if name in set(edition.needed))]
    decided = edition.decide(
        chunk_of(edition.rulebook, told.select(names), edition.lexicon, lenient=order.lenient, first_row=None)
    )
    words = [name for name in COLUMNS if name not in ("as_of", "low", "high")]
    for number in range(len(edition.schemes)):
        found = decided.lines(number, everything=order.everything)
        if found.height:
            yield from (
                found.with_columns(pl.col(words).cast(pl.String))
                .to_arrow(compat_level=pl.CompatLevel.oldest())
                .to_batches()
            )
