"""Files and pictures that somebody made out of a good letter to deceive: whatever is added, hidden, swapped or moved, none is accepted."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageOps
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from matcher.letters.pdf.render import render_pdf
from matcher.letters.proof.isolated import _verify, verify_apart
from matcher.letters.proof.page_statement import PREFIX_3
from matcher.letters.proof.paper import Issued, compose_letter, decide
from matcher.letters.proof.rulebook_archive import Shelf
from matcher.letters.proof.verdict import Verdict
from matcher.letters.proof.verify import verify_statement
from tests.fixtures.hostile import pdf_of
from tests.fixtures.signed_letters import WRITTEN_ON, Office
from tests.letters.proof.test_handled import coded_page, photographed
from tests.letters.proof.test_picture import stored

SCHEMES = ("six-taxes-two-fees", "small-scale-vat", "guarantee-fee-rebate")
FACTS = {"period_sales": 15_500_000, "employees": 4, "tax_filing_cycle": "quarterly", "district": "beichen"}

Attack = Callable[[Issued, Issued, Office], bytes]


@pytest.fixture(scope="module")
def good(office: Office) -> Issued:
    """The letter that is attacked."""
    return office.issue(office.receipt(31, SCHEMES, **FACTS))


@pytest.fixture(scope="module")
def other(office: Office) -> Issued:
    """Another valid one, of another firm, whose parts are to be borrowed."""
    return office.issue(
        office.receipt(32, SCHEMES, name="天津市别家有限公司", credit_code="91120101MA05TX9C3R", **FACTS)
    )


@pytest.fixture
def verdict_on(office: Office) -> Callable[[bytes], Verdict]:
    """The verdict on a file or picture, as `matcher verify` and the site give it."""
    trust = office.trust()
    return lambda data: _verify(data, trust, WRITTEN_ON, Shelf())


# --- what is written behind the signed file -------------------------------------------------------------------------


def _behind(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with an incremental update, as an editor saves it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    found = writer.root["/Pages"]["/Kids"][0].get_object()
    while "/Kids" in found:
        found = found["/Kids"][0].get_object()
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    return found


def second_attachment(letter: Issued, another: Issued, _: Office) -> bytes:
    """A second attachment of the name of the receipt."""

    def add(writer: IncrementalPdfFileWriter) -> None:
        made = EmbeddedFileObject.from_file_data(writer, data=another.receipt.to_bytes(), compress=True)
        embed_file(writer, FileSpec(file_spec_string="receipt.json", embedded_data=made))

    return _behind(letter.pdf, add)


def _draw_field(writer: IncrementalPdfFileWriter) -> None:
    """A field of a form in the middle of the page."""
    field = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.pdf_string("sum"),
            pdf_name("/V"): generic.pdf_string("9,999,999"),
            pdf_name("/DA"): generic.pdf_string("/Helv 20 Tf 0 g"),
            pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(one) for one in (60, 500, 300, 560)),
            pdf_name("/F"): generic.NumberObject(4),
        }
    )
    page = _page(writer)
    page[pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(field)])


def field_over_the_page(letter: Issued, _: Issued, __: Office) -> bytes:
    """A form's field whose value is drawn over a number."""
    return _behind(letter.pdf, _draw_field)


def hidden_layer(letter: Issued, _: Issued, __: Office) -> bytes:
    """A layer that is switched off, under which what the page draws is put."""

    def add(writer: IncrementalPdfFileWriter) -> None:
        layer = writer.add_object(
            generic.DictionaryObject({pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): generic.pdf_string("x")})
        )
        off = generic.DictionaryObject({pdf_name("/OFF"): generic.ArrayObject([layer])})
        writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject(
            {pdf_name("/OCGs"): generic.ArrayObject([layer]), pdf_name("/D"): off}
        )
        writer.update_root()

    return _behind(letter.pdf, add)


def pages_turned_round(letter: Issued, _: Issued, __: Office) -> bytes:
    """The pages in another order."""

    def turn(writer: IncrementalPdfFileWriter) -> None:
        kids = writer.root["/Pages"]["/Kids"]
        kids.reverse()
        writer.update_container(kids)

    return _behind(letter.pdf, turn)


# --- what is changed within it ---------------------------------------------------------------------------------------


def other_permissions(letter: Issued, _: Issued, __: Office) -> bytes:
    """A DocMDP that lets forms be filled in: one digit in its place."""
    assert letter.pdf.count(b"/P 1") == 1
    return letter.pdf.replace(b"/P 1", b"/P 2")


def receipt_of_another(letter: Issued, another: Issued, _: Office) -> bytes:
    """The attachment swapped with that of another valid letter, and the file saved."""
    return _saved(letter.pdf, lambda pdf: _put_receipt(pdf, another))


def first_page_of_another(letter: Issued, another: Issued, _: Office) -> bytes:
    """The first page of another valid letter before this one's annex."""

    def swap(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(BytesIO(another.pdf)) as opened:
            page = opened.pages[0]
            del page.Annots
            pdf.pages.insert(0, page)
            del pdf.pages[1]

    return _saved(letter.pdf, swap)


def _put_receipt(pdf: pikepdf.Pdf, another: Issued) -> None:
    for name in list(pdf.attachments):
        del pdf.attachments[name]
    pdf.attachments["receipt.json"] = pikepdf.AttachedFileSpec(pdf, another.receipt.to_bytes(), filename="receipt.json")


def _saved(file: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(file)) as opened:
        change(opened)
        opened.save(out)
    return out.getvalue()


ON_FILES: dict[Attack, str] = {
    second_attachment: "added",
    field_over_the_page: "added",
    hidden_layer: "added",
    pages_turned_round: "added",
    other_permissions: "changed",
    receipt_of_another: "changed",
    first_page_of_another: "changed",
}


@pytest.mark.parametrize("attack", list(ON_FILES), ids=lambda one: one.__name__)
def test_what_is_done_to_a_signed_file_is_seen(
    good: Issued, other: Issued, office: Office, verdict_on: Callable[[bytes], Verdict], attack: Attack
) -> None:
    """Added behind it, changed in it, saved with something else in it: altered, and the reason is named."""
    made = attack(good, other, office)
    verdict = verdict_on(made)
    assert (verdict.exit_code, verdict.integrity) == (3, "altered")
    assert [one.word for one in verdict.faults] == [ON_FILES[attack]] or verdict.faults[0].word == "resaved"


# --- prints to a file, which have no signature of their own -----------------------------------------------------------


@pytest.fixture(scope="module")
def print_out(office: Office, good: Issued) -> bytes:
    """The letter printed to a file: its words and its code, and no signature."""
    return render_pdf(compose_letter(office.rulebook, good.receipt, decide(office.rulebook, good.receipt)))


def field_on_print(pdf: pikepdf.Pdf) -> None:
    """A form's field whose value is drawn over a number; the words beneath stay."""
    form = pdf.make_stream(b"q 1 g 0 0 240 60 re f Q BT /H 20 Tf 10 20 Td (9,999,999) Tj ET")
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 240, 60]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    form.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(H=font))
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="sum", V="9,999,999", F=4,
        Rect=[60, 500, 300, 560], AP=pikepdf.Dictionary(N=form),
    )  # fmt: skip
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(field)])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pdf.pages[0].Annots)


def stamp_on_print(pdf: pikepdf.Pdf) -> None:
    """A stamp, which viewers draw over the page."""
    field_on_print(pdf)
    del pdf.Root.AcroForm
    stamp = pdf.pages[0].Annots[0]
    stamp.Subtype = pikepdf.Name.Stamp
    del stamp.FT


def layer_on_print(pdf: pikepdf.Pdf) -> None:
    """All the page draws is put in a layer that is switched off."""
    layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="x"))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))
    pdf.pages[0].Resources.Properties = pikepdf.Dictionary(X=layer)


@pytest.mark.parametrize("attack", [field_on_print, stamp_on_print, layer_on_print], ids=lambda one: one.__name__)
def test_what_a_print_never_has_is_no_print(
    print_out: bytes, verdict_on: Callable[[bytes], Verdict], attack: Callable[[pikepdf.Pdf], None]
) -> None:
    """What is drawn over the words, or hides them, is not among the words that are compared: such a file is not believed."""
    assert verdict_on(print_out).exit_code == 0
    verdict = verdict_on(_saved(print_out, attack))
    assert (verdict.exit_code, [one.word for one in verdict.faults]) == (3, ["not_as_set"])


def test_two_codes_of_two_letters_are_not_read_as_one(
    good: Issued, other: Issued, print_out: bytes, verdict_on: Callable[[bytes], Verdict]
) -> None:
    """Of a picture of two letters, or of one with the code of another on its back, nobody knows which one is asked about."""
    first, second = (coded_page(one.pdf, 150) for one in (good, other))
    beside = Image.new("L", (first.width * 2, first.height), 255)
    beside.paste(first, (0, 0))
    beside.paste(second, (first.width, 0))
    twice = Image.new("L", beside.size, 255)
    twice.paste(first, (0, 0))
    twice.paste(first, (first.width, 0))
    for seen in (stored(beside), _saved(print_out, lambda pdf: _with_page_of(pdf, other))):
        verdict = verdict_on(seen)
        assert (verdict.exit_code, [one.word for one in verdict.faults]) == (7, ["codes_several"])
    assert verdict_on(stored(twice)).exit_code == 0


def _with_page_of(pdf: pikepdf.Pdf, another: Issued) -> None:
    with pikepdf.open(BytesIO(another.pdf)) as opened:
        page = opened.pages[0]
        del page.Annots
        pdf.pages.append(page)


# --- the code's text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text, 0),
        (lambda text: f"https://example.org/v#{text}", 0),
        (
            lambda text: f"HTTPS://\u0435xample.org/V#{text}",
            0,
        ),  # a Cyrillic letter in the address: what is signed is behind it
        (lambda text: text[:-2], 7),
        (lambda text: text[:-40], 7),
        (lambda text: text + "AA", 7),
        (lambda text: text + text, 7),
        (lambda text: text.lower(), 7),
        (lambda text: PREFIX_3, 7),
        (lambda text: text.replace("A", "\u0410"), 7),
        (lambda text: f"https://example.org/v#https://example.org/v#{text}", 7),
    ],
)
def test_a_code_cut_lengthened_or_respelt_is_none(
    good: Issued, office: Office, change: Callable[[str], str], code: int
) -> None:
    """Only the whole statement as it was signed holds; whatever address stands before it proves nothing and spoils nothing."""
    text = good.qr.partition("#")[2] or good.qr
    verdict = verify_statement(change(text), office.against())
    assert verdict.exit_code == code, verdict.faults


# --- what is meant to take all time or memory -------------------------------------------------------------------------


def many_pages(number: int = 10_000) -> bytes:
    """A PDF of so many empty pages."""
    kids = " ".join(f"{at + 3} 0 R" for at in range(number))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return pdf_of(["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {number}/Kids[{kids}]>>", *[page] * number])


def huge_page() -> bytes:
    """A page of five metres square."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]>>"
    return pdf_of(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", page])


def huge_picture() -> bytes:
    """A white picture of 20,000 by 20,000: half a gigabyte of pixels in some kilobytes."""
    return stored(Image.new("1", (20_000, 20_000), 1), "PNG")


def large_picture() -> bytes:
    """One that Pillow still opens."""
    return stored(Image.new("1", (10_000, 10_000), 1), "PNG")


@pytest.mark.parametrize("made", [many_pages, huge_page, huge_picture, large_picture], ids=lambda one: one.__name__)
def test_what_is_large_is_refused_in_time(office: Office, letters: list[Issued], made: Callable[[], bytes]) -> None:
    """Unreadable, by the limits or before them; and the next letter is verified as ever."""
    assert verify_apart(made(), office.trust(), WRITTEN_ON, Shelf(), seconds=600).exit_code == 7
    assert verify_apart(letters[0].pdf, office.trust(), WRITTEN_ON, Shelf(), seconds=600).valid


def test_a_print_with_thousands_of_pages_behind_it_is_no_letter(
    office: Office, print_out: bytes, verdict_on: Callable[[bytes], Verdict]
) -> None:
    """Its first page is the letter's; what follows is not, and takes no more time than is allowed."""

    def lengthen(pdf: pikepdf.Pdf) -> None:
        for _ in range(3000):
            pdf.add_blank_page()

    verdict = verify_apart(_saved(print_out, lengthen), office.trust(), WRITTEN_ON, Shelf(), seconds=600)
    assert verdict.exit_code in (0, 7)


# --- pictures of an honest letter -------------------------------------------------------------------------------------


def mirrored(letter: Issued) -> bytes:
    """Taken by the camera that shows oneself."""
    return stored(ImageOps.mirror(coded_page(letter.pdf, 150)))


def lying(letter: Issued) -> bytes:
    """Stored lying on its side, with a note how to turn it."""
    page = coded_page(letter.pdf, 150)
    noted = page.getexif()
    noted[0x0112] = 6
    return stored(page.transpose(Image.Transpose.ROTATE_90), exif=noted.tobytes())


def upside_down(letter: Issued) -> bytes:
    """Put into the scanner the wrong way round."""
    return stored(coded_page(letter.pdf, 150).transpose(Image.Transpose.ROTATE_180))


def by_phone(letter: Issued) -> bytes:
    """Held askew, in poor light."""
    return photographed(letter.pdf, random.Random(5))


def inverted(letter: Issued) -> bytes:
    """A screen in its dark colours."""
    return stored(ImageOps.invert(coded_page(letter.pdf, 150)), "PNG")


@pytest.mark.parametrize("taken", [mirrored, lying, upside_down, by_phone, inverted], ids=lambda one: one.__name__)
def test_an_honest_picture_is_read_whichever_way_it_lies(
    good: Issued, verdict_on: Callable[[bytes], Verdict], taken: Callable[[Issued], bytes]
) -> None:
    """Valid, by the code alone."""
    verdict = verdict_on(taken(good))
    assert (verdict.exit_code, verdict.proved, verdict.number) == (0, "code", good.receipt.number)


def test_a_screenshot_is_read_or_said_to_be_unreadable(good: Issued, verdict_on: Callable[[bytes], Verdict]) -> None:
    """At 72 dots an inch a module is hardly two dots: the code is read, or asked for again, and never said to be altered."""
    page = coded_page(good.pdf, 150)
    small = page.resize((page.width * 72 // 150, page.height * 72 // 150), Image.Resampling.BILINEAR)
    verdict = verdict_on(stored(small, "PNG"))
    assert verdict.exit_code in (0, 7), verdict.faults
    assert verdict.integrity != "altered"
