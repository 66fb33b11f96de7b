"""The size class of 工信部联企业〔2011〕300号, worked out by the engine, against the reference rows."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from matcher.engine.check import world_of
from matcher.engine.derive import figures, possible
from matcher.engine.status import derived_in
from matcher.rulebook.language.nodes import Derived
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook

DAY = date(2022, 9, 15)
CLASSES = frozenset({"large", "medium", "small", "micro"})
FEN_PER_10K_YUAN = 1_000_000


@pytest.fixture(scope="module")
def size_class(rulebook: Rulebook) -> Derived:
    """The enumeration as a scheme that asks for the size reads it."""
    return derived_in(rulebook.scheme_at("social-insurance-deferral", DAY))["size_class"]


def facts_of(row: dict[str, str]) -> dict[str, Scalar]:
    """A reference row as told facts; an empty cell is untold."""
    facts: dict[str, Scalar] = {"industry": row["industry_code"]}
    if row["employees"]:
        facts["employees"] = int(row["employees"])
    for fact, column in (("annual_revenue", "revenue_10k_yuan"), ("total_assets", "total_assets_10k_yuan")):
        if row[column]:
            facts[fact] = int(Decimal(row[column]) * FEN_PER_10K_YUAN)
    return facts


def test_reference_rows(rulebook: Rulebook, size_class: Derived, reference_dir: Path) -> None:
    """Every row comes to its class; an industry outside the standard stays unplaced."""
    with (reference_dir / "size_tests.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    wrong = []
    for row in rows:
        expected = CLASSES if row["expected"] == "not_covered" else {row["expected"]}
        found = possible(size_class, world_of(rulebook, facts_of(row), DAY))
        if found != expected:
            wrong.append((row["id"], sorted(found), row["expected"]))
    assert rows
    assert not wrong


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"industry": "3670", "employees": 999}, {"medium", "small", "micro"}),
        ({"industry": "3670", "employees": 19}, {"micro"}),
        ({"industry": "3670", "annual_revenue": 40_000_000_000}, CLASSES),
        ({"industry": "4710", "employees": 1}, CLASSES),
        ({"industry": "59", "employees": 1}, CLASSES),
        ({"industry": "70", "annual_revenue": 0, "total_assets": 0, "employees": 0}, CLASSES),
        ({"size_sector": "catering", "employees": 9}, {"micro"}),
        ({"size_sector": "catering", "industry": "3670", "employees": 19}, {"small", "micro"}),
        ({}, CLASSES),
    ],
)
def test_half_told(rulebook: Rulebook, size_class: Derived, facts: dict[str, Scalar], expected: set[str]) -> None:
    """One figure under its bound counts as far as it goes; an indicator that the sector does not list counts nothing."""
    assert possible(size_class, world_of(rulebook, facts, DAY)) == expected


@pytest.mark.parametrize(
    ("industry", "counted"),
    [
        ("3670", ("employees", "annual_revenue")),
        ("4710", ("annual_revenue", "total_assets")),
        ("7111", ("employees", "total_assets")),
        ("0111", ("annual_revenue",)),
        ("8514", ("employees",)),
        ("5311", ()),
    ],
)
def test_figures_that_count(rulebook: Rulebook, size_class: Derived, industry: str, counted: tuple[str, ...]) -> None:
    """A class is put down to the figures that its sector looks at, not to others that were told."""
    facts: dict[str, Scalar] = {"industry": industry, "employees": 0, "annual_revenue": 0, "total_assets": 0}
    assert figures(size_class, world_of(rulebook, facts, DAY)) == counted
