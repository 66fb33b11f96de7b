"""Files that cannot be used: each gets a clear answer, the choices stay, and nothing of it is kept."""

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from matcher.batches.models import RunRow
from matcher.batches.sheets import LARGEST_UPLOAD
from matcher.db.database import reading
from matcher.firms.spreadsheets.rows import MOST_ROWS
from matcher.web.database import engine
from tests.batches.test_views import GOOD, HEAD, listed, number, runs_of, send, started, uploaded, worked
from tests.fixtures.desk import Visitor
from tests.fixtures.pages import parsed

NAME, CODE = GOOD[0].split(",")[:2]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def clerk(signed_in: Callable[[str], Visitor]) -> Visitor:
    """A clerk of Heping."""
    return signed_in("clerk")


def workbook(*rows: tuple[object, ...], merge: str | None = None) -> bytes:
    """An .xlsx with the usual headings and these rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", "成立日期"])
        for at, row in enumerate(rows, start=1):
            sheet.write_row(at, 0, row)
        if merge:
            sheet.merge_range(merge, NAME)
    return out.getvalue()


def with_sheet(rows_of_xml: bytes) -> bytes:
    """An .xlsx whose sheet has other rows, as no program would write it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook((NAME, CODE)))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            content = old.read(part)
            if part == SHEET:
                content = content.replace(b"</sheetData>", rows_of_xml + b"</sheetData>")
            new.writestr(part, content)
    return out.getvalue()


def bomb() -> bytes:
    """Two hundred kilobytes that unpack to two hundred megabytes."""
    return with_sheet(b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"0" * 200_000_000 + b"</t></is></c></row>")


def million() -> bytes:
    """A million rows of one cell."""
    return with_sheet(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(3, 1_000_003)))


UNUSABLE = {
    "bomb.xlsx": (bomb, "太大或压缩异常"),
    "million.xlsx": (million, "行"),
    "program.xlsx": (lambda: b"MZ\x90\0" + bytes(4096), "不是 Excel 表格"),
    "old.xls": (lambda: b"\xd0\xcf\x11\xe0" + bytes(512), "旧版 .xls"),
    "old.xlsx": (lambda: b"\xd0\xcf\x11\xe0" + bytes(512), "旧版 .xls"),
    "letter.pdf": (lambda: b"%PDF-1.7", "只接受"),
    "utf-16.csv": (lambda: HEAD.encode("utf-16"), "没有企业"),
    "picture.csv": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "UTF-8"),
    "empty.csv": (lambda: b"", "空"),
    "headings.csv": (lambda: listed(), "没有企业"),
    "long.csv": (
        lambda: listed(*(f"企业{at},{CODE},,,," for at in range(MOST_ROWS + 1))),
        f"最多 {MOST_ROWS} 家企业",
    ),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_leaves_nothing(clerk: Visitor, desk_app: Flask, name: str) -> None:
    """It is said what is wrong and what to do; what was chosen stays; there is no run."""
    make, said = UNUSABLE[name]
    answer = send(clerk, make(), name, as_of="2026-10-01", language="en", letters="zip")
    page = parsed(answer)
    assert answer.status_code == 422
    fault = page.by_id("file-fault").text or ""
    assert said in fault
    assert (page.value("as_of"), page.value("language"), page.value("letters")) == ("2026-10-01", "en", "zip")
    assert runs_of(desk_app) == []


def test_a_file_that_is_too_large_is_refused_on_the_page(clerk: Visitor, desk_app: Flask) -> None:
    """More than 20 MB are answered on the page with the form, not by a bare error."""
    answer = send(clerk, bytes(LARGEST_UPLOAD + 100_000), "large.csv")
    assert answer.status_code == 413
    assert "超过20 MB" in parsed(answer).text
    assert runs_of(desk_app) == []


def test_other_pages_of_runs_take_no_large_form(clerk: Visitor, desk_app: Flask) -> None:
    """Only the upload may be large."""
    path = uploaded(clerk, listed(*GOOD))
    answer = clerk.client.post(f"{path}/start", data={"csrf_token": "x" * 400_000})  # type: ignore[attr-defined]
    assert answer.status_code in (400, 413)
    assert runs_of(desk_app)[0].state == "mapping"


def test_no_file_at_all_is_said(clerk: Visitor) -> None:
    """The button without a file."""
    answer = clerk.post({"as_of": "2026-11-24"}, "/desk/runs", content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "请选择要上传的文件" in parsed(answer).text


def test_a_day_that_is_none_is_said_beside_its_field(clerk: Visitor) -> None:
    """The thirtieth of February keeps its field."""
    page = parsed(send(clerk, listed(*GOOD), as_of="2026-02-30"))
    assert page.by_id("as_of-fault") is not None
    assert page.value("as_of") == "2026-02-30"


FAULTY = {
    "formula": (lambda: listed(f"=cmd|calc,{CODE},,,,"), "企业名称不会以 = + - @ 开头"),
    "twice": (lambda: listed(GOOD[0], GOOD[0], GOOD[1]), "与第 3 行相同"),
    "number": (lambda: listed(f"{NAME},{CODE},,许多,,"), "许多"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_bad_row_is_listed_and_not_checked(clerk: Visitor, desk_app: Flask, name: str) -> None:
    """Formulas, credit codes that stand twice, words for numbers: the row is named with its reason."""
    make, said = FAULTY[name]
    path = uploaded(clerk, make())
    started(clerk, path)
    worked(desk_app, path)
    assert said in clerk.get(path).text
    with desk_app.app_context(), reading(engine()) as opened:
        bad = opened.get_one(RunRow, (number(path), 2))
    assert bad.faults
    assert (bad.facts, bad.outcome) == (None, None)


def test_merged_cells_are_named(clerk: Visitor, desk_app: Flask) -> None:
    """Rows under merged cells are refused by the name of the range, the others go on."""
    rows = (NAME, CODE, ""), (NAME, "911201047061033945", ""), ("天津市红桥区何大哥烟酒店", "92120106779791263T", "")
    path = uploaded(clerk, workbook(*rows, merge="A2:A3"), "merged.xlsx")
    started(clerk, path)
    worked(desk_app, path)
    page = clerk.get(path)
    assert "A2:A3 是合并单元格" in page.text
    assert "共3行：1行可核对，2行有误" in page.text


def test_a_day_as_text_and_a_count_of_days_are_read(clerk: Visitor, desk_app: Flask) -> None:
    """2022年3月1日 is a day; so is 44621, as a spreadsheet counts days, under the heading of one."""
    rows = (NAME, CODE, "2022年3月1日"), ("天津市红桥区何大哥烟酒店", "92120106779791263T", "44621")
    path = uploaded(clerk, workbook(*rows), "days.xlsx")
    started(clerk, path)
    worked(desk_app, path)
    with desk_app.app_context(), reading(engine()) as opened:
        both = [opened.get_one(RunRow, (number(path), line)) for line in (2, 3)]
    assert [row.facts and row.facts["established_on"] for row in both] == ["2022-03-01"] * 2


def test_a_large_file_without_a_session_is_sent_to_the_door(nobody: Visitor, desk_app: Flask) -> None:
    """Whoever is not signed in uploads nothing, however large it is, and is not met by a failure."""
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(bytes(1_000_000)), "a.csv", "file")})
    answer = nobody.client.post(  # type: ignore[attr-defined]
        "/desk/runs", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code in (303, 401, 403, 413), answer.get_data(as_text=True)[:400]
    assert runs_of(desk_app) == []
