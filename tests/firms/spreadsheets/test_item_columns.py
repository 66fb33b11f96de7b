"""Tests of lists in which a firm has several loans: a column says which it is of, 贷款1…, 贷款2…."""

from pathlib import Path

import pytest

from matcher.firms.item_keys import read_told
from matcher.firms.spreadsheets.columns import Columns
from matcher.firms.spreadsheets.guessing import guess
from matcher.firms.spreadsheets.lists import read_rows
from matcher.firms.spreadsheets.tables import open_table
from matcher.rulebook.rulebook import Rulebook

HEADINGS = ("企业名称", "统一社会信用代码", "贷款1本金（万元）", "贷款2本金（万元）", "贷款2名称", "贷款 3：贷款期限")


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("贷款1本金", "loan_principal"),
        ("贷款2本金（万元）", "loan-2.loan_principal"),
        ("贷款2 – 贷款本金（元）", "loan-2.loan_principal"),
        ("设备12名称", "equipment-12.name"),
        ("loan-2.loan_term", "loan-2.loan_term"),
        ("贷款21本金", None),
        ("贷款2从业人员数", None),
    ],
)
def test_a_heading_says_which_it_is_of(rulebook: Rulebook, heading: str, column: str | None) -> None:
    """The first is the firm's own; past twenty, or of what is no fact of a loan, nothing is named."""
    assert Columns(rulebook).named(heading) == column


def test_a_row_tells_of_each(rulebook: Rulebook, tmp_path: Path) -> None:
    """Sums in the unit of their heading; a bad cell is named with the loan it is of."""
    rows = ("甲公司,91120101MA05TX9C3R,90,48,设备贷款,24", "乙公司,91120000103064074F,90,很多,设备贷款,24")
    path = tmp_path / "list.csv"
    path.write_text("\n".join((",".join(HEADINGS), *rows)), encoding="utf-8")
    table = open_table(rulebook, path, path.name)
    mapping = {one.column: one.fact for one in guess(table.headings, rulebook)}
    assert mapping[3] == "loan-2.loan_principal"
    good, bad = read_rows(rulebook, table, mapping)
    assert not good.faults
    told = read_told(rulebook, good.facts)
    assert [(one.id, one.name) for one in told.items.all] == [
        ("loan-1", None),
        ("loan-2", "设备贷款"),
        ("loan-3", None),
    ]
    assert [one.facts.get("loan_principal") for one in told.items.all] == [90_000_000, 48_000_000, None]
    assert [fault.fact for fault in bad.faults] == ["loan-2.loan_principal"]
    assert "贷款2" in bad.faults[0].reason.zh
