"""Changes what a reader of a letter sees, or what a program does with it, and leaves the text underneath as it was."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

SEGMENTS = {  # of a figure as a pocket calculator shows it: top, upper left and right, middle, lower left and right, bottom
    "0": "1110111", "1": "0010010", "2": "1011101", "3": "1011011", "4": "0111010",
    "5": "1101011", "6": "1101111", "7": "1010010", "8": "1111111", "9": "1111011",
}  # fmt: skip
_BARS = ((0, 18, 10, 2), (0, 10, 2, 10), (8, 10, 2, 10), (0, 9, 10, 2), (0, 0, 2, 10), (8, 0, 2, 10), (0, 0, 10, 2))


def figure(text: str, x: float, y: float) -> bytes:
    """A white box with a figure on it, drawn in rectangles: no text that anybody could extract."""
    parts = [f"q 1 g {x - 4} {y - 6} {14 * len(text) + 8} 32 re f 0 g"]
    for place, sign in enumerate(text):
        for on, (left, bottom, wide, high) in zip(SEGMENTS.get(sign, "0000000"), _BARS, strict=True):
            if on == "1":
                parts.append(f"{x + 14 * place + left} {y + bottom} {wide} {high} re f")
    return "\n".join([*parts, "Q"]).encode()


def drawn_over(pdf: Pdf) -> None:
    """Another sum in outlines over the page."""
    page = pdf.pages[0]
    page.contents_add(b"q", prepend=True)
    page.contents_add(b"Q\n" + figure("91932129", 200, 400))


def annotated(pdf: Pdf) -> None:
    """A note of which only its look is there, laid over the page."""
    page = pdf.pages[0].obj
    look = pdf.make_stream(figure("91932129", 10, 10))
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 60])
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, F=4, Rect=Array([180, 380, 380, 440]), AP=Dictionary(N=look))
    page.Annots = Array([*page.get("/Annots", []), pdf.make_indirect(note)])


def layered(pdf: Pdf) -> None:
    """What the page says is put into a layer that is switched off, with another figure beside it."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("letter")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer])))
    page = pdf.pages[0]
    page.obj.Resources.Properties = Dictionary(L0=layer)
    page.contents_add(b"/OC /L0 BDC", prepend=True)
    page.contents_add(b"EMC\n" + figure("91932129", 200, 400))


def hidden(pdf: Pdf) -> None:
    """All text is made invisible, and a figure stands there instead."""
    page = pdf.pages[0]
    data = page.obj.Contents.read_bytes() if not isinstance(page.obj.Contents, Array) else b""
    page.obj.Contents = pdf.make_stream(data.replace(b"BT\n", b"BT\n3 Tr\n") + b"\n" + figure("91932129", 200, 400))


def codes_swapped(pdf: Pdf) -> None:
    """Two signs change places on the page, and in the table from which their text is read as well: the text stays."""
    for page in pdf.pages:
        name, (one, two) = _most_used(page)
        font, current, written = page.obj.Resources.Font[name], "", []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = str(operands[0])
            shown = [_swapped(each, one, two) if current == name else each for each in operands]
            written.append((shown, operator))
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(written))
        if "/Swapped" not in font:
            font.Swapped = True
            table, left, right = font.ToUnicode.read_bytes(), b"<%s>" % one.hex().encode(), b"<%s>" % two.hex().encode()
            font.ToUnicode = pdf.make_stream(table.replace(left, b"<!>").replace(right, left).replace(b"<!>", right))


def _most_used(page: pikepdf.Page) -> tuple[str, tuple[bytes, bytes]]:
    """The two signs that one face of the page shows most often."""
    counted: Counter[tuple[str, bytes]] = Counter()
    current = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = str(operands[0])
        for each in operands:
            for piece in each if isinstance(each, Array) else [each]:
                data = bytes(piece) if isinstance(piece, String) else b""
                counted.update((current, data[at : at + 2]) for at in range(0, len(data), 2))
    name = counted.most_common(1)[0][0][0]
    first, second = [code for (face, code), _ in counted.most_common() if face == name][:2]
    return name, (first, second)


def _swapped(operand: Any, one: bytes, two: bytes) -> Any:
    if isinstance(operand, Array):
        return Array([_swapped(piece, one, two) for piece in operand])
    if not isinstance(operand, String):
        return operand
    data = bytes(operand)
    codes = [data[at : at + 2] for at in range(0, len(data), 2)]
    return String(b"".join({one: two, two: one}.get(code, code) for code in codes))


def glyphs_shifted(pdf: Pdf) -> None:
    """Every code is shown by the glyph behind its own."""
    for font in _composite_fonts(pdf):
        descendant = font.DescendantFonts[0]
        count = 4096
        codes = list(range(count))
        codes[1:count] = [*range(2, count), 1]
        table = b"".join(code.to_bytes(2, "big") for code in codes)
        if "/FontFile3" in descendant.FontDescriptor:
            font.Encoding = _shifted(pdf)
        else:
            descendant.CIDToGIDMap = pdf.make_stream(table)


def _shifted(pdf: Pdf) -> pikepdf.Object:
    """A CMap that takes each code for the glyph behind it."""
    text = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> def /CMapName /Next def /CMapType 1 def
1 begincodespacerange <0000> <FFFF> endcodespacerange 1 begincidrange <0000> <FFF0> 1 endcidrange
endcmap end end"""
    info = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
    return pdf.make_stream(text, Type=Name.CMap, CMapName=Name.Next, CIDSystemInfo=info)


def widths_changed(pdf: Pdf) -> None:
    """Every glyph is said to be half as wide, so that signs lie over each other."""
    for font in _composite_fonts(pdf):
        descendant = font.DescendantFonts[0]
        descendant.W, descendant.DW = Array([0, 65535, 250]), 250


def page_added(pdf: Pdf) -> None:
    """One page more, without any text."""
    pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[-1].contents_add(figure("2500000", 100, 600))


def page_first(pdf: Pdf) -> None:
    """One page more in front of the letter."""
    page_added(pdf)
    pdf.pages.insert(0, pdf.pages[-1])
    del pdf.pages[-1]


def page_dropped(pdf: Pdf) -> None:
    """The last page goes; where there is one only, it becomes a blank."""
    if len(pdf.pages) > 1:
        del pdf.pages[-1]
    else:
        pdf.pages[0].obj.Contents = pdf.make_stream(b"")


def turned(pdf: Pdf) -> None:
    """The page is turned upside down."""
    pdf.pages[0].obj.Rotate = 180


def cropped(pdf: Pdf) -> None:
    """Only the upper half of the page is shown."""
    pdf.pages[0].obj.CropBox = Array([0, 421, 595, 842])


def action(pdf: Pdf) -> None:
    """A script runs when the file is opened."""
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('2500000')"))


def linked(pdf: Pdf) -> None:
    """The whole page is a link to elsewhere."""
    page = pdf.pages[0].obj
    act = Dictionary(S=Name.URI, URI=String("https://example.com/"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 595, 842]), Border=Array([0, 0, 9]), A=act)
    page.Annots = Array([*page.get("/Annots", []), pdf.make_indirect(link)])


def attached(pdf: Pdf) -> None:
    """One attachment more."""
    pdf.attachments["other.json"] = b"{}"


def receipt_replaced(pdf: Pdf) -> None:
    """The receipt says another sum."""
    stream: Any = pdf.Root.AF[0].EF.F
    stream.write(stream.read_bytes().replace(b"19321.29", b"91932.12"))


def nothing(_: Pdf) -> None:
    """Nothing but that the file is written anew."""


CHANGES = (
    drawn_over, annotated, layered, hidden, codes_swapped, glyphs_shifted, widths_changed, page_added, page_first, page_dropped, turned,
    cropped, action, linked, attached, receipt_replaced, nothing,
)  # fmt: skip


def _composite_fonts(pdf: Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/Subtype") == "/Type0"]
