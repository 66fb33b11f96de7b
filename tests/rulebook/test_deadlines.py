"""The days that an author writes into a version: what no firm could keep is refused, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.rulebook.load import load
from tests.rulebook.faulty import EQUIPMENT, line_of, saying, sow

GOOD = "{what: {zh: 申报, en: the return}, closes: 2024-05-31, source: 某号, confidence: high}"
VERSION = "{from: 2018-01-01, until: 2021-12-31, instrument:"


def write(rules: Path, deadline: str, at: str = VERSION) -> Path:
    """Put a deadline into a version of a scheme; return the file."""
    file = rules / EQUIPMENT
    sow(file, at, f"{at.split('instrument:', maxsplit=1)[0]}deadlines: [{deadline}], instrument:")
    return file


def test_a_day_may_lie_after_the_version(rules: Path) -> None:
    """A claim is often due after the rules have ended."""
    write(rules, GOOD)
    version = next(one for one in load(rules).schemes["equipment-deduction"].versions if one.deadlines)
    assert str(version.deadlines[0].closes) == "2024-05-31"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("closes: 2024-05-31", "closes: 2017-05-31", "closes on 2017-05-31, before the version begins on 2018-01-01"),
        ("closes: 2024-05-31", "opens: 2022-01-01", "opens on 2022-01-01, after the version ends on 2021-12-31"),
        (
            "closes: 2024-05-31",
            "opens: 2024-06-01, closes: 2024-05-31",
            "upside down: opens 2024-06-01, closes 2024-05-31",
        ),
        ("closes: 2024-05-31, ", "", "a deadline has one end (closes, recurs or within), or only says when it opens"),
        ("closes: 2024-05-31", "closes: 2024-05-31, recurs: {each: month, day: 15}", "a deadline has one end"),
        ("closes: 2024-05-31", "recurs: {day: 15}", "one of the two"),
        ("closes: 2024-05-31", "recurs: {after: year, day: 31}", "it stands with year, and only there"),
        ("closes: 2024-05-31", "recurs: {each: month, month: 5, day: 31}", "it stands with year, and only there"),
        ("closes: 2024-05-31", "recurs: {each: year, month: 2, day: 30}", "month 2 has no day 30"),
        (
            "closes: 2024-05-31",
            "within: {fact: equipment_unit_price, months: 12}",
            "'equipment_unit_price' is no day that a firm states",
        ),
        (", source: 某号", "", "source is missing"),
        (", en: the return", "", "en is missing"),
    ],
)
def test_a_day_that_cannot_be_kept_is_refused(rules: Path, old: str, new: str, said: str) -> None:
    """One fault each, at the line of the version."""
    file = write(rules, GOOD.replace(old, new))
    assert saying(rules, said) == [(EQUIPMENT, line_of(file, "deadlines:"))]
