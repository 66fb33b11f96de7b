"""The printed SQL is written for every dialect; what it says on DuckDB and PostgreSQL is held in test_against_decide.py."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.population.sql import DIALECTS, statement
from matcher.rulebook.rulebook import Rulebook


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_written(rulebook: Rulebook, dialect: str) -> None:
    """A statement comes out for each, asks for what is unknown instead of taking it for a no, and never reckons in floats."""
    written = statement(rulebook, "six-taxes-two-fees", date(2026, 12, 1), dialect)
    assert written.startswith("WITH")
    assert "needs_information" in written
    assert "DOUBLE" not in written.upper()
    assert "FLOAT" not in written.upper()


def test_mysql_works_out_each_step_once(rulebook: Rulebook) -> None:
    """It would write a step into every place where the next reads it, twice as much with every step: whatever has a limit it keeps."""
    written = statement(rulebook, "sme-loan-interest-subsidy", date(2026, 12, 1), "mysql")
    assert written.count(" AS (SELECT ") == written.count(" LIMIT ") > 3
