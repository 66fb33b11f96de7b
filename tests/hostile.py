"""Small files made to take a reader's time or memory, or to bring it down, for the tests of what strangers may send."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from tests.firms.xlsx import SHEET, workbook


def pdf_of(objects: Iterable[str]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start, size = len(out), len(places) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode() + b"".join(b"%010d 00000 n \n" % one for one in places)
    return bytes(out) + f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()


def tree_of_fields(levels: int = 40) -> bytes:
    """Four kilobytes that stand for 2 to the power of `levels` fields: each level has the next one twice for its kids."""
    yes = "<</Type/Catalog/Pages 2 0 R/AF[]/AcroForm<</SigFlags 3/Fields[4 0 R 4 0 R]>>>>"
    kids = [f"<</T(f{at})/Kids[{at + 1} 0 R {at + 1} 0 R]>>" for at in range(4, 4 + levels)]
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return pdf_of([yes, "<</Type/Pages/Count 1/Kids[3 0 R]>>", page, *kids, "<</T(last)/FT/Sig>>"])


def tree_of_pages(levels: int = 40) -> bytes:
    """The same with pages, signed by nobody."""
    kids = [f"<</Type/Pages/Count 2/Kids[{at + 1} 0 R {at + 1} 0 R]>>" for at in range(2, 2 + levels)]
    return pdf_of(["<</Type/Catalog/Pages 2 0 R/AF[]>>", *kids, "<</Type/Page/MediaBox[0 0 9 9]>>"])


def many_fields(number: int = 180_000) -> bytes:
    """As many fields to sign in, each empty."""
    fields = " ".join(f"<</T(f{at})/FT/Sig>>" for at in range(number))
    return pdf_of([f"<</Type/Catalog/AF[]/AcroForm<</SigFlags 3/Fields[{fields}]>>>>"])


def table_of_contents(megabytes: int = 1024) -> bytes:
    """A table of contents that unpacks to so many megabytes, each row told as what differs from the one before."""
    packer = zlib.compressobj(9)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress((b"\x02" + bytes(4)) * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = start + block * (megabytes // 5)
    size = (megabytes // 5) << 20
    head = f"<</Type/XRef/Size {size}/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>/Length {len(packed)}>>"
    pdf = b"%PDF-1.7\n1 0 obj\n" + head.encode() + b"\nstream\n" + packed
    return pdf + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


PDFS = {
    "tree_of_fields": tree_of_fields,
    "tree_of_pages": tree_of_pages,
    "many_fields": many_fields,
    "table_of_contents": table_of_contents,
}


def sheet_with(inner: str, before: str = "", after: str = "") -> bytes:
    """A workbook of one sheet: rows, and what stands before and after them."""
    return workbook(
        SHEET.replace("<sheetData>", before + "<sheetData>")
        .replace("</sheetData>", "</sheetData>" + after)
        .format(inner)
    )


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>企业名称</t></is></c><c r="B1" t="inlineStr"><is><t>信用代码</t></is></c></row>'


def cell_at(reference: str) -> bytes:
    """A list with a heading and one cell there."""
    return sheet_with(HEAD + f'<row r="2"><c {reference}><v>1</v></c></row>')


SHEETS = {
    "below_any_row": cell_at('r="A4294967295"'),
    "row_99999999": cell_at('r="A99999999"'),
    "row_1048577": cell_at('r="A1048577"'),
    "column_XFE": cell_at('r="XFE2"'),
    "row_0": cell_at('r="A0"'),
    "no_reference": cell_at('r=""'),
    "single_quotes": cell_at("r='A4294967295'"),
    "blanks": cell_at('t="n"\n r = "A4294967295"'),
    "after_a_sign": cell_at('t=">" r="A4294967295"'),
    "as_a_number": cell_at('r="A&#52;294967295"'),
    "row_far": sheet_with(HEAD + '<row r="4294967295"><c><v>1</v></c></row>'),
    "dimension": sheet_with(HEAD, before='<dimension ref="A1:XFD4294967295"/>'),
    "dimension_wide": sheet_with(HEAD, before='<dimension ref="A1:ZZZZZZ9"/>'),
    "merged": sheet_with(HEAD, after='<mergeCells count="1"><mergeCell ref="A1:A4294967295"/></mergeCells>'),
    "shared_formula": sheet_with(
        HEAD + '<row r="2"><c r="A2"><f t="shared" si="0" ref="A2:A99999999">1</f><v>1</v></c></row>'
    ),
}
"""Workbooks that name cells which no sheet has."""
