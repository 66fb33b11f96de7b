"""Workbooks for the tests of lists: made by hand, so that they may be wrong, or by XlsxWriter."""

import datetime
import io
import zipfile
from collections.abc import Sequence

import xlsxwriter

Cells = Sequence[str | float | bool | datetime.date | None]
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def workbook(sheet: str) -> bytes:
    """The smallest .xlsx with this sheet."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    parts = {
        "_rels/.rels": relations.format(
            f'<Relationship Id="r1" Target="xl/workbook.xml" Type="{relation}/officeDocument"/>'
        ),
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{relation}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations.format(
            f'<Relationship Id="r1" Target="worksheets/sheet1.xml" Type="{relation}/worksheet"/>'
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


def rows(*lines: list[str]) -> str:
    """Rows of a sheet, every cell as text; what begins with = is a formula with a value of its own."""
    made = []
    for number, cells in enumerate(lines, start=1):
        inner = "".join(
            f'<c r="{chr(65 + at)}{number}" t="str"><f>{cell[1:]}</f><v>value</v></c>'
            if cell.startswith("=")
            else f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for at, cell in enumerate(cells)
        )
        made.append(f'<row r="{number}">{inner}</row>')
    return SHEET.format("".join(made))


def written(*sheets: Sequence[Cells], merged: Sequence[str] = (), hidden: Sequence[int] = ()) -> bytes:
    """An .xlsx with these sheets, numbers and days as such; ``merged`` ranges of the first, ``hidden`` sheets by number."""
    made = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    with xlsxwriter.Workbook(made, options) as book:
        for number, lines in enumerate(sheets):
            sheet = book.add_worksheet(f"表{number + 1}")
            for at, cells in enumerate(lines):
                sheet.write_row(at, 0, cells)
            if number in hidden:
                sheet.hide()
            for area in merged if number == 0 else ():
                sheet.merge_range(area, "合并")
        book.worksheets()[-1].activate()
    return made.getvalue()
