"""Parquet files are put together without being written anew, and whoever reads the whole finds every row of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from matcher.population.row_groups import NotParquetError, join


def part(number: int, rows: int) -> pl.DataFrame:
    """Rows of every kind of column that a screening writes, some of them empty."""
    return pl.DataFrame({
        "firm": [f"企业{number}-{row}" for row in range(rows)],
        "scheme": pl.Series(["a", "b"] * (rows // 2), dtype=pl.Enum(["a", "b"])),
        "as_of": [date(2026, 12, 1)] * rows,
        "low": [None if row % 3 else number * 10**12 + row for row in range(rows)],
    }, schema_overrides={"firm": pl.String, "as_of": pl.Date, "low": pl.Int64})  # fmt: skip


def written(folder: Path, frames: list[pl.DataFrame]) -> list[Path]:
    """They, each in a file of several row groups."""
    paths = [folder / f"{number}.parquet" for number in range(len(frames))]
    for path, frame in zip(paths, frames, strict=True):
        frame.write_parquet(path, row_group_size=30)
    return paths


def test_the_whole_is_every_part_in_its_order(tmp_path: Path) -> None:
    """Polars and DuckDB read the same rows, also where a filter leaves only some row groups to be read; a part without a row adds none."""
    frames = [part(1, 100), part(2, 0), part(3, 40), part(4, 1_000)]
    out, every = tmp_path / "whole.parquet", pl.concat(frames)
    join(written(tmp_path, frames), out)
    assert pl.read_parquet(out).equals(every)
    assert pl.read_parquet(out).schema == every.schema
    few = pl.scan_parquet(out).filter(pl.col("low") > 3 * 10**12 + 10).collect()
    assert few.equals(every.filter(pl.col("low") > 3 * 10**12 + 10))
    count, sum_, last = duckdb.sql(f"SELECT count(*), sum(low), max(firm) FROM '{out}'").fetchall()[0]
    assert (count, sum_, last) == (every.height, every["low"].sum(), every["firm"].max())


def test_other_columns_and_broken_files_are_refused(tmp_path: Path) -> None:
    """A file with another column, one that lacks its end, and one that is no Parquet file at all."""
    good = written(tmp_path, [part(1, 10)])[0]
    bad = tmp_path / "bad.parquet"
    part(1, 10).drop("low").write_parquet(bad)
    with pytest.raises(NotParquetError, match=r"bad\.parquet has other columns"):
        join([good, bad], tmp_path / "out.parquet")
    for content in (good.read_bytes()[:-20], b"", good.read_bytes()[:40] + good.read_bytes()[-8:]):
        bad.write_bytes(content)
        with pytest.raises(NotParquetError):
            join([good, bad], tmp_path / "out.parquet")
