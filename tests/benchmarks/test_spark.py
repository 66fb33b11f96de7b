"""Spark in local mode says what Polars says. Wants the extra `spark` and a Java; neither is needed by script/test."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from matcher.population.edition import COLUMNS
from matcher.population.output import OutputError
from matcher.population.screening import Order, screen
from matcher.population.spark import screen_on_spark
from matcher.population.table import open_table
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks import city

pytest.importorskip("pyspark", reason="extra `spark`")


@pytest.mark.skipif(shutil.which("java") is None, reason="no Java")
def test_spark_writes_the_lines_of_polars(rulebook: Rulebook, tmp_path: Path) -> None:
    """The whole catalogue over 2,000 firms: the same lines."""
    path, ours, theirs = tmp_path / "firms.parquet", tmp_path / "ours.parquet", tmp_path / "spark.parquet"
    city.write(path, 2_000, 6, gaps=True)
    table, order = open_table(rulebook, [path]), Order(city.DAY)
    screen(rulebook, table, order, ours, lambda _: None)
    assert screen_on_spark(rulebook, table, order, theirs) == pl.read_parquet(ours).height
    one, other = (
        pl.read_parquet(out)
        .with_columns(pl.col("scheme", "status", "recipient", "kind").cast(pl.String))
        .sort("firm", "scheme")
        for out in (ours, theirs)
    )
    assert one.select(COLUMNS).equals(other.select(COLUMNS))


@pytest.mark.skipif(shutil.which("java") is None, reason="no Java")
def test_a_task_says_which_firms_cells_are_wrong(rulebook: Rulebook, tmp_path: Path) -> None:
    """By the firm, since a task knows no row of a file; in either language, with what to do, and nothing is left."""
    path, out = tmp_path / "firms.csv", tmp_path / "out.parquet"
    path.write_text("id,vat_status\nA,small_scale\nB,smallish\n", encoding="utf-8")
    with pytest.raises(OutputError) as refused:
        screen_on_spark(rulebook, open_table(rulebook, [path]), Order(city.DAY), out)
    assert "企业 B vat_status：smallish，" in refused.value.text.zh
    assert "firm B vat_status: smallish: must be one of" in refused.value.text.en
    assert "--lenient" in refused.value.text.en
    assert [one.name for one in tmp_path.iterdir()] == ["firms.csv"]
