"""In a notebook: `matcher.decide` for frames and single firms, with faults that say what is wrong; a decision shows itself."""

from __future__ import annotations

import doctest
import warnings
from datetime import date, datetime
from typing import Any

import pandas as pd
import polars as pl
import pytest

import matcher
from matcher.engine.check import check
from matcher.population import frame_faults, notebook
from matcher.population.cells import ColumnFault
from matcher.population.table import TableError
from matcher.rulebook.rulebook import Rulebook
from matcher.text import TIANJIN

DAY = date(2026, 3, 31)

TAXES = "six-taxes-two-fees"

FIRMS = {
    "id": ["A", "B", "C"],
    "vat_status": ["small_scale", None, "small_scale"],
    "six_taxes_two_fees_payable": ["38642.57", "100", None],
    "remark": ["x", "y", "z"],
}


def test_the_examples_run() -> None:
    """The examples in the documentation of `matcher.decide` and `matcher.faults` give what they show."""
    for module, least in ((notebook, 5), (frame_faults, 5)):
        done = doctest.testmod(module)
        assert (done.failed, done.attempted >= least) == (0, True)


NOT_READ = pytest.mark.filterwarnings("ignore:不认识、没有读的列")  # the remark

FRAMES = {
    "polars": pl.DataFrame(FIRMS),
    "pandas": pd.DataFrame(FIRMS),
    "pandas, indexed": pd.DataFrame(FIRMS).set_index("id"),
    "pandas, its own types": pd.DataFrame(FIRMS).convert_dtypes().astype({"vat_status": "category"}),
    "dictionaries": [dict(zip(FIRMS, firm, strict=True)) for firm in zip(*FIRMS.values(), strict=True)],
}


@NOT_READ
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
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
    "no firm's name": (pl.DataFrame({"id": ["A", None]}), [TAXES], TableError, "row 2 has no id"),
    "two columns of a name": (
        pd.DataFrame([["general", "general"]], columns=["vat_status"] * 2),
        [TAXES],
        TableError,
        "more than one column is called vat_status",
    ),
    "no frame": ([1, 2], [TAXES], TypeError, "list"),
    "no firm": ("general", [TAXES], TypeError, "str"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_said(case: str) -> None:
    """The fact, scheme or firm that is wrong is named."""
    frame, schemes, kind, said = BAD[case]
    with pytest.raises(kind, match=said):
        matcher.decide(frame, DAY, schemes)


@NOT_READ
@pytest.mark.parametrize(
    "day", ["2026-03-31", datetime(2026, 3, 31, 9, 30, tzinfo=TIANJIN)], ids=["text", "with an hour"]
)
def test_a_day_and_a_scheme_may_be_told_as_one_writes_them(day: Any) -> None:
    """A text, a time of that day, one slug without a list: the same lines."""
    assert matcher.decide(pl.DataFrame(FIRMS), day, TAXES).equals(matcher.decide(pl.DataFrame(FIRMS), DAY, [TAXES]))


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", 2026, None])
def test_what_is_no_day_is_refused(day: Any) -> None:
    """With what a day looks like, and no TypeError from within."""
    with pytest.raises(TableError, match="as_of must be a day such as 2026-03-31"):
        matcher.decide({"vat_status": "general"}, day)


def test_numbers_and_days_of_pandas_are_what_they_say(rulebook: Rulebook) -> None:
    """Untold numbers of each kind are unknown and no TypeError, days kept as moments are days; an hour is refused, and what to do is
    said in the notebook's words."""
    frame = pd.DataFrame({
        "employees": pd.array([12, None, 30], dtype="Int64"),
        "six_taxes_two_fees_payable": [38642.57, float("nan"), 7],
        "established_on": pd.to_datetime(["2020-01-05", None, "2021-02-01"]),
        "is_before_first_settlement": pd.array([True, None, False], dtype="boolean"),
    })  # fmt: skip
    assert matcher.faults(frame).is_empty()
    told = {"employees": [12, None, 30], "six_taxes_two_fees_payable": ["38642.57", None, "7"],
            "established_on": ["2020-01-05", None, "2021-02-01"], "is_before_first_settlement": [True, None, False]}  # fmt: skip
    assert matcher.decide(frame, DAY).equals(matcher.decide(pl.DataFrame(told), DAY))
    with pytest.raises(TableError, match=r"(?s)established_on: 2020-01-05T09:30:00: .*wrong_as_unknown=True"):
        matcher.decide(frame.assign(established_on=pd.Timestamp("2020-01-05 09:30")), DAY, [TAXES])


def test_a_firm_is_told_in_values_of_several_kinds() -> None:
    """Numbers and texts in one column are each read as they are written; a firm that tells nothing is a firm."""
    firms: list[dict[str, Any]] = [{"six_taxes_two_fees_payable": 100}, {"six_taxes_two_fees_payable": "7.50"}, {}]
    lines = matcher.decide([{"vat_status": "small_scale", **one} for one in firms], DAY, [TAXES])
    assert lines["low"].to_list() == [5000, 375, None]
    assert matcher.decide({}, DAY, [TAXES])["status"].to_list() == ["needs_information"]


def test_columns_that_are_not_read_are_named() -> None:
    """A mistyped fact changes nothing unsaid; a frame of facts alone warns of nothing."""
    with pytest.warns(UserWarning, match=r"not read: remark, employes \(employees\?\)"):
        matcher.decide({"remark": "x", "employes": 3, "vat_status": "general"}, DAY, [TAXES])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        matcher.decide({"id": "A", "vat_status": "general"}, DAY, [TAXES])


def test_all_faults_of_a_frame_are_listed_at_once() -> None:
    """Cell by cell and column by column: row, firm, value, what is wrong and what to do, in either language; the frame then decides with
    what is wrong as unknown, and one that is right has none."""
    frame = pl.DataFrame({
        "id": ["A", "B", "A", None],
        "vat_status": ["small_scale", "smallish", None, "general"],
        "six_taxes_two_fees_payable": ["a lot", "12.345", "7", "-1"],
        "is_before_first_settlement": [1, 0, 1, 0],
        "remark": ["x", "y", "z", "x"],
    })  # fmt: skip
    english, chinese = (matcher.faults(frame, lang) for lang in ("en", "zh"))
    assert english.select("row", "id", "column", "value", "is_refused").rows() == [
        (1, "A", "id", "A", True),
        (3, "A", "id", "A", True),
        (4, None, "id", None, True),
        (2, "B", "vat_status", "smallish", True),
        (1, "A", "six_taxes_two_fees_payable", "a lot", True),
        (2, "B", "six_taxes_two_fees_payable", "12.345", True),
        (4, None, "six_taxes_two_fees_payable", "-1", True),
        (None, None, "is_before_first_settlement", None, True),
        (None, None, "remark", None, False),
    ]
    assert english["wrong"].null_count() == english["to_do"].null_count() == 0
    assert all(text.isascii() or "…" in text for text in english["to_do"])
    assert [text for text in chinese["to_do"] if not text.strip()] == []
    assert chinese["to_do"][4] == "写多少元，最多两位小数；不知道就留空。"
    with pytest.raises(TableError):
        matcher.decide(frame[:2].select("id", "vat_status"), DAY, [TAXES])
    lines = matcher.decide(frame[:2].select("id", "vat_status"), DAY, [TAXES], wrong_as_unknown=True)
    assert lines["status"].to_list() == ["eligible", "needs_information"]
    assert matcher.faults(pl.DataFrame(FIRMS)).filter("is_refused").height == 0


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
