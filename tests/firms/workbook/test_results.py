"""The workbook of results: the same decisions as the engine's, sums exact and apart, text never a formula."""

import datetime
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from matcher.engine.check import check
from matcher.firms.profile import read_facts
from matcher.firms.workbook.results import MOST, Checked, results
from matcher.rulebook.rulebook import Rulebook
from matcher.text.statuses import STATUS

DAY = datetime.date(2026, 3, 31)
TOLD: list[dict[str, object]] = [
    {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"},
    {"vat_status": "small_scale", "six_taxes_two_fees_payable": "0.03", "district": "nankai"},
    {},
]
Sheets = Mapping[str, list[list[Any]]]


@pytest.fixture(scope="module")
def firms(rulebook: Rulebook) -> list[Checked]:
    """Three firms, decided."""
    made = []
    for number, told in enumerate(TOLD):
        facts, _ = read_facts(rulebook, told)
        decisions = [one.to_json() for one in check(rulebook, facts, DAY)]
        made.append(Checked(number + 2, f"=企业{number}", "911201047061033945", decisions, told))
    return made


def read(content: bytes) -> Sheets:
    """Every sheet as its rows."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return {name: list(book.get_sheet_by_name(name).iter_rows()) for name in book.sheet_names}


@pytest.fixture(scope="module")
def sheets(rulebook: Rulebook, firms: list[Checked]) -> Sheets:
    """Their results in Chinese."""
    return read(results(rulebook, firms, DAY))


def test_the_matrix_holds_every_decision(rulebook: Rulebook, firms: list[Checked], sheets: Sheets) -> None:
    """A row a firm, a column a scheme in the catalogue's order, the status in words."""
    head, *rows = sheets["企业×政策"]
    assert head[5:] == [scheme.name.zh for scheme in rulebook.schemes.values()]
    for firm, row in zip(firms, rows, strict=True):
        assert row[:3] == [firm.line, firm.name, firm.credit_code]
        status = {one["scheme"]: one["status"] for one in firm.decisions}
        assert [cell.split("\n")[0] for cell in row[5:]] == [STATUS[status[slug]].short.zh for slug in rulebook.schemes]
    assert rows[0][3:5] == ["", ""]  # no sums were reckoned of them
    assert rows[0][5] == "可享受\n19,321.29 元"


def test_sums_are_numbers_exact_to_the_fen(firms: list[Checked], sheets: Sheets) -> None:
    """One row a positive decision, in yuan, with whose it is, the ground and until when."""
    head, *rows = sheets["金额"]
    positive = [
        (firm.line, one["scheme"])
        for firm in firms
        for one in firm.decisions
        if one["status"] in ("eligible", "needs_decision", "applies")
    ]
    assert [(row[0], row[4]) for row in rows] == positive
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows if row[4] == "six-taxes-two-fees"}
    assert [found[line]["金额（元）"] for line in (2, 3)] == [19321.29, 0.02]
    assert found[2]["归谁"] == "企业少缴或少付"
    assert "财政部 税务总局公告2023年第12号 第二条" in found[2]["依据"]
    assert found[2]["有效期至"] == datetime.date(2027, 12, 31)


def test_the_figures_in_the_file_are_plain_decimals(rulebook: Rulebook) -> None:
    """No binary fraction shows, up to the largest sums that firms tell."""
    facts, _ = read_facts(rulebook, {"vat_status": "small_scale", "six_taxes_two_fees_payable": "1999999999999.98"})
    decisions = [one.to_json() for one in check(rulebook, facts, DAY, ["six-taxes-two-fees"])]
    content = results(rulebook, [Checked(2, "甲", "x", decisions)], DAY, schemes=["six-taxes-two-fees"])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert "<v>999999999999.99</v>" in packed.read("xl/worksheets/sheet3.xml").decode()


def _decision(scheme: str, status: str, recipient: str, amount: Mapping[str, str]) -> dict[str, Any]:
    nothing = {
        "extra": {},
        "missing": [],
        "failing": [],
        "reason": None,
        "version": None,
        "clauses": [],
        "warnings": [],
    }
    return {"scheme": scheme, "status": status, "recipient": recipient, "amount": amount, **nothing}


def test_sums_of_different_kinds_are_never_added(rulebook: Rulebook) -> None:
    """Paid, spared, deferred and others' money stand apart, by status; ceilings and ranges apart from exact sums."""
    exact, ceiling, range_ = (
        {"kind": "exact", "value": "100.10"},
        {"kind": "ceiling", "value": "5000000.00"},
        {"kind": "range", "low": "1.00", "high": "2.50"},
    )
    decisions = [
        _decision("six-taxes-two-fees", "eligible", "firm_price", exact),
        _decision("small-low-profit-income-tax", "eligible", "firm_price", exact),
        _decision("manufacturing-tax-deferral", "eligible", "firm_deferral", exact),
        _decision("guarantee-fee-rebate", "needs_decision", "institution", ceiling),
        _decision("smart-manufacturing-fund", "needs_decision", "firm_cash", ceiling),
        _decision("vat-credit-refund", "needs_decision", "firm_cash", range_),
    ]
    rows = read(results(rulebook, [Checked(2, "甲", "x", decisions), Checked(3, "乙", "y", decisions)], DAY))["汇总"]
    sums = {(row[0], row[1]): row[2:10] for row in rows if row[1] in ("可享受", "待部门决定") and row[2] != "可享受"}
    assert sums == {
        ("款项付给企业", "待部门决定"): [4, "", 2, 10_000_000, 2, 2, 5, 0],
        ("企业少缴或少付", "可享受"): [4, 400.4, 0, "", 0, "", "", 0],
        ("企业缓缴，到期仍要缴", "可享受"): [2, 200.2, 0, "", 0, "", "", 0],
        ("付给机构，不付给企业", "待部门决定"): [2, "", 2, 10_000_000, 0, "", "", 0],
    }


def test_the_summary_names_day_edition_and_counts(rulebook: Rulebook, firms: list[Checked]) -> None:
    """Also how many rows were left out, and for each scheme how many firms have which status."""
    rows = read(results(rulebook, firms, DAY, "en", left_out=7))["Summary"]
    told = {row[0]: row[1] for row in rows[:5]}
    assert told["as of"] == "2026-03-31"
    assert told["rulebook"] == rulebook.hash[:12]
    assert (told["firms decided"], told["rows with faults, not decided"]) == (3, 7)
    counts = next(row for row in rows if row[1] == "six-taxes-two-fees")
    assert counts[2:5] == [2, 0, 1]


def test_what_is_missing_is_named_the_most_useful_first(rulebook: Rulebook, sheets: Sheets) -> None:
    """At most ten facts a firm; what settles most by itself comes first."""
    _, *rows = sheets["缺少的信息"]
    for line in (2, 3, 4):
        own = [row for row in rows if row[0] == line]
        assert 0 < len(own) <= MOST
        assert [row[5] for row in own] == sorted((row[5] for row in own), reverse=True)
    labels = {fact.label.zh for fact in rulebook.facts.values()}
    assert {row[3] for row in rows} <= labels


def test_the_same_input_gives_the_same_bytes(rulebook: Rulebook, firms: list[Checked]) -> None:
    """Whatever the clock says; nothing of it is a formula or a link."""
    content = results(rulebook, iter(firms), DAY, "en")
    assert results(rulebook, firms, DAY, "en") == content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        texts = [packed.read(name).decode() for name in packed.namelist()]
        assert {part.date_time[:3] for part in packed.infolist()} <= {(1980, 1, 1), (1980, 1, 31)}
    assert not [text for text in texts if re.search("<f>|<hyperlink", text)]


def test_decisions_without_reasons_do(rulebook: Rulebook, firms: list[Checked], sheets: Sheets) -> None:
    """A job may keep the essence only: the same sheets, but for the grounds."""
    short = [
        Checked(one.line, one.name, one.credit_code, [{**it, "reasons": None} for it in one.decisions]) for one in firms
    ]
    made = read(results(rulebook, short, DAY))
    assert {name: rows for name, rows in made.items() if name != "金额"} == {
        name: rows for name, rows in sheets.items() if name != "金额"
    }
