"""A list of firms with several machines: each has its own line in the results and in the letter, as in a case."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from matcher.batches.processing import perform
from matcher.batches.rows import decided_rows, kept_run_file, letters_of
from matcher.db.database import reading
from matcher.firms.workbook.results import Checked, results
from matcher.letters.issue import Office
from matcher.letters.proof.paper import printed_text
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.proof.signed_file import receipt_of_file
from matcher.letters.register import kept_file
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.pages import Visitor
from tests.fixtures.runs import NOON, LineUp, Row, as_csv, run_of

SCHEME = "vehicle-purchase-tax-nev"

CAR = {"nev_in_purchase_tax_catalogue": "是", "nev_purchase_kind": "other_vehicle", "nev_vehicles_bought": "1"}


def with_cars(row: Row) -> Row:
    """The firm with two cars, the second with a name, and a third of which little is known."""
    second = {f"equipment-2.{name}": value for name, value in CAR.items()}
    prices = {"nev_taxable_price": "200000", "equipment-2.nev_taxable_price": "100000"}
    return {**row, **CAR, **second, **prices, "设备2名称": "乙车", "设备3名称": "丙车"}


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    """Every sheet as its rows."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return {name: list(book.get_sheet_by_name(name).iter_rows()) for name in book.sheet_names}


@pytest.mark.both_databases
def test_each_machine_has_its_line_in_the_results_and_in_the_letter(
    office: Office, rulebook: Rulebook, drawn: list[Row], lined_up: LineUp
) -> None:
    """Decided as a case would be; a firm counts once by the best of them, and sums are of all."""
    run_id = lined_up(as_csv([with_cars(drawn[0]), {**with_cars(drawn[1]), "设备3名称": ""}]), letters="zip")
    perform(office, run_id, lambda: NOON)
    run = run_of(office, run_id)
    assert run.state == "done"
    with reading(office.engine) as opened:
        kept = [one for row in decided_rows(opened, run_id) for one in row.decisions if one["scheme"] == SCHEME]
        book = kept_run_file(opened, run_id, "results")
        pdfs = [kept_file(opened, number) for number, _ in letters_of(opened, run_id)]
    assert [(one["item"]["id"], one["status"]) for one in kept[:3]] == [
        ("equipment-1", "eligible"), ("equipment-2", "eligible"), ("equipment-3", "needs_information"),
    ]  # fmt: skip
    assert run.summary is not None
    assert run.summary[SCHEME] == {"eligible": 2}
    assert book is not None
    sheets = sheets_of(book.content)
    head, *sums = sheets["金额"]
    rows = [dict(zip(head, row, strict=True)) for row in sums if row[4] == SCHEME]
    assert [(one["行"], one["哪一笔、哪个"], one["金额（元）"]) for one in rows] == [
        (2, "设备1", 10_000), (2, "乙车", 5_000), (3, "设备1", 10_000), (3, "乙车", 5_000),
    ]  # fmt: skip
    at = sheets["企业×政策"][0].index(rulebook.schemes[SCHEME].name.zh)
    assert sheets["企业×政策"][1][at] == (
        "设备1：可享受 10,000 元\n乙车：可享受 5,000 元\n丙车：还缺信息"
    )  # fmt: skip
    missing = sheets_of(results(rulebook, [Checked(2, "甲", "x", kept[:3])], run.as_of, schemes=[SCHEME]))["缺少的信息"]
    assert {str(row[3]).partition("：")[0] for row in missing[1:]} == {"丙车"}
    for pdf in pdfs:
        lines = [one.item for one in read_receipt(receipt_of_file(pdf)).page.lines if one.scheme == SCHEME]
        assert lines == ["equipment-1", "equipment-2"]
        assert "乙车" in printed_text(pdf)


def test_the_columns_of_a_sheet_that_are_not_read_are_named_to_the_clerk(signed_in: Callable[[str], Visitor]) -> None:
    """With their sheet, as those of the list itself; a heading with nothing under it is not worth a word."""
    out, code = io.BytesIO(), "91120101MA05TX9C3R"
    with xlsxwriter.Workbook(out) as book:
        for name, rows in {
            "企业": [["企业名称", "统一社会信用代码"], ["甲公司", code]],
            "贷款": [["统一社会信用代码", "名称", "备注", "经手"], [code, "设备贷款", "x", ""]],
        }.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    clerk = signed_in("clerk")
    form = {"csrf_token": clerk.get("/desk/runs").value("csrf_token"), "as_of": "2026-11-24", "language": "zh"}
    file = (io.BytesIO(out.getvalue()), "list.xlsx")
    answer = clerk.client.post("/desk/runs", data={**form, "letters": "none", "file": file})
    assert "“贷款”中没有读取的列：备注。" in clerk.get(answer.location).text
