"""The printed SQL, run on DuckDB, says what the exact reading says, or that a firm must be read exactly."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date

import duckdb
import polars as pl
import pytest

from matcher.engine.check import check
from matcher.population.graph import NotColumnar
from matcher.population.sql import DIALECTS, statement
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.population.told import frame
from tests.tools.random_profiles import Profiles

SOME = (
    "six-taxes-two-fees", "small-scale-vat", "high-tech-enterprise-income-tax", "disability-employment-fund-relief",
    "vehicle-purchase-tax-nev", "encouraged-foreign-project-duty-free", "labour-market-conduct", "skills-upgrade-allowance",
)  # fmt: skip


@pytest.fixture(autouse=True)
def deep() -> Iterator[None]:
    """As `matcher sql` has it: a statement is as deep as the tables of a rule are long."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize("day", [date(2026, 12, 1), *([date(2022, 9, 1)] if count(10) == 10 else [])], ids=str)
def test_duckdb_says_what_a_check_says(rulebook: Rulebook, day: date) -> None:
    """Status, recipient and amount of every scheme (eight of them under script/test); few firms are left to be read exactly."""
    profiles = Profiles(rulebook, day, seed=4)
    firms = [profiles.draw() for _ in range(count(300) if count(10) == 10 else 30)]
    table = frame(rulebook, firms, rulebook.facts).with_columns(
        pl.col(name).str.to_date() for name, fact in rulebook.facts.items() if fact.type == "date"
    )
    connection = duckdb.connect()
    spelled = {"boolean": "BOOLEAN", "date": "DATE"}
    columns = ", ".join(f"{name} {spelled.get(fact.type, 'VARCHAR')}" for name, fact in rulebook.facts.items())
    connection.execute(f"CREATE TABLE firms (id VARCHAR, {columns})")
    connection.executemany(
        f"INSERT INTO firms VALUES ({', '.join('?' * table.width)})", [list(row) for row in table.rows()]
    )
    left = answers = without = 0
    whole = os.environ.get("MATCHER_FULL") == "1"
    for slug in rulebook.parsed if whole else SOME:
        try:
            written = statement(rulebook, slug, day, "duckdb")
        except NotColumnar:  # a told day moved by months: no statement is printed
            without += 1
            continue
        found = {row[0]: row[3:] for row in connection.execute(written).fetchall()}
        for number, facts in enumerate(firms):
            status, recipient, kind, low, high = found[f"F{number}"]
            answers += 1
            if status == "exact":
                left += 1
                continue
            decision = check(rulebook, facts, day, [slug])[0]
            amount = decision.amount
            ends = (None, None) if amount is None or amount.kind == "none" else (amount.low, amount.high)
            assert (status, recipient, kind) == (decision.status, decision.recipient, amount and amount.kind), (
                slug,
                facts,
            )
            assert (low, high) == ends, (slug, facts)
    assert left < answers / 20
    assert without <= 8


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_written(rulebook: Rulebook, dialect: str) -> None:
    """A statement comes out for each, and asks for what is unknown instead of taking it for a no."""
    written = statement(rulebook, "six-taxes-two-fees", date(2026, 12, 1), dialect)
    assert written.startswith("SELECT")
    assert "needs_information" in written
