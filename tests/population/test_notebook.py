"""In a notebook: `matcher.decide` for frames and single firms, with faults that say what is wrong; a decision shows itself."""

from __future__ import annotations

import doctest
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

import matcher
from matcher.engine.check import check
from matcher.population import notebook
from matcher.population.cells import ColumnFault
from matcher.population.table import TableError
from matcher.rulebook.rulebook import Rulebook

DAY = date(2026, 3, 31)

TAXES = "six-taxes-two-fees"

FIRMS = {
    "id": ["A", "B", "C"],
    "vat_status": ["small_scale", None, "small_scale"],
    "six_taxes_two_fees_payable": ["38642.57", "100", None],
    "remark": ["x", "y", "z"],
}


class Foreign:
    """A frame as pandas has it: columns by name, untold cells as NaN."""

    columns = tuple(FIRMS)

    def __getitem__(self, name: str) -> np.ndarray[Any, Any]:
        return np.array([float("nan") if cell is None else cell for cell in FIRMS[name]], dtype=object)

    def to_dict(self) -> None:
        """What tells a frame of pandas."""


def test_the_examples_run() -> None:
    """The examples in the documentation of `matcher.decide` give what they show."""
    assert doctest.testmod(notebook).attempted >= 3
    assert doctest.testmod(notebook).failed == 0


@pytest.mark.parametrize("frame", [pl.DataFrame(FIRMS), Foreign()], ids=["polars", "pandas"])
def test_a_frame_is_decided_as_a_check_decides(rulebook: Rulebook, frame: Any) -> None:
    """A line for each firm and scheme, what is no fact not read."""
    lines = matcher.decide(frame, DAY, [TAXES])
    told = [
        ("A", {"vat_status": "small_scale", "six_taxes_two_fees_payable": 3864257}),
        ("B", {"six_taxes_two_fees_payable": 10000}),
    ]
    for firm, facts in told:
        decision = check(rulebook, facts, DAY, [TAXES])[0]
        low = None if decision.amount is None or decision.amount.kind == "none" else decision.amount.low
        assert lines.filter(firm=firm).select("status", "low").row(0) == (decision.status, low)
    assert lines.height == 3


BAD: dict[str, tuple[Any, Any, type[Exception], str]] = {
    "no sum": ({"six_taxes_two_fees_payable": "a lot"}, [TAXES], TableError, "six_taxes_two_fees_payable"),
    "no word": ({"vat_status": "smallish"}, [TAXES], TableError, "vat_status"),
    "another type": ({"vat_status": 3}, [TAXES], ColumnFault, "vat_status"),
    "no scheme": ({"vat_status": "general"}, ["no-such-scheme"], TableError, "no-such-scheme"),
    "twice": (
        pl.DataFrame({"id": ["A", "A"], "vat_status": ["general", "general"]}),
        [TAXES],
        TableError,
        "more than once",
    ),
    "no frame": ([1, 2], [TAXES], TypeError, "list"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_said(case: str) -> None:
    """The fact, scheme or firm that is wrong is named."""
    frame, schemes, kind, said = BAD[case]
    with pytest.raises(kind, match=said):
        matcher.decide(frame, DAY, schemes)


def test_a_decision_shows_itself(rulebook: Rulebook) -> None:
    """Status and sum in both languages; what is missing by name; nothing that a browser would obey."""
    entitled, open_ = (
        check(rulebook, facts, DAY, [TAXES])[0]._repr_html_()
        for facts in (
            {"vat_status": "small_scale", "six_taxes_two_fees_payable": 3864257},
            {"six_taxes_two_fees_payable": 100},
        )
    )
    assert "19,321.29元" in entitled
    assert "19,321.29 yuan" in entitled
    assert "<th>missing</th><td>vat_status" in open_
    assert "<th>amount</th>" not in open_
