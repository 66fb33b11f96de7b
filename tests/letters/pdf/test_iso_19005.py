"""Clauses of ISO 19005-3 (PDF/A-3, level A) held by a list of our own: no validator of it is in a package registry."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pikepdf
import pytest

from matcher.letters.proof.keys import KeyFolder
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.signed_letters import BEICHEN, Office

SCHEMES = ("six-taxes-two-fees", "small-scale-vat", "guarantee-fee-rebate")


@pytest.fixture(scope="module")
def signed(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A signed letter on several schemes in both languages: every face, the attachment, the code and the field are in it."""
    folder = KeyFolder(tmp_path_factory.mktemp("keys"))
    folder.new(BEICHEN, date(2026, 1, 5))
    office = Office(rulebook, folder)
    return office.issue(office.receipt(1, SCHEMES, "both", name="天津喆堃镕科技有限公司")).pdf


@pytest.fixture
def opened(signed: bytes) -> Iterator[pikepdf.Pdf]:
    """The file taken apart."""
    with pikepdf.open(io.BytesIO(signed)) as document:
        yield document


def dictionaries(opened: pikepdf.Pdf) -> list[Any]:
    """Every dictionary that is an object of its own, and those of streams."""
    return [one for one in opened.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Stream)]


def test_file(signed: bytes, opened: pikepdf.Pdf) -> None:
    """6.1.2, 6.1.3: the header and a comment of four high bytes, an identifier, no lock; the catalogue names no other version."""
    assert re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", signed)
    assert len(opened.trailer.ID) == 2
    assert "/Encrypt" not in opened.trailer
    assert opened.Root.get("/Version", "/1.7") == "/1.7"


def test_streams(opened: pikepdf.Pdf) -> None:
    """6.1.7: no stream lies outside the file, none is packed by LZW or locked."""
    for one in dictionaries(opened):
        if isinstance(one, pikepdf.Stream):
            filters = one.get("/Filter", [])
            named = {str(filters)} if isinstance(filters, pikepdf.Name) else {str(name) for name in filters}
            assert named <= {"/FlateDecode"}
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(one.keys()) or one.get("/Type") == "/Filespec"


def test_colours(opened: pikepdf.Pdf) -> None:
    """6.2.3, 6.2.4: one output intent with a profile of three colours; no colour of another device is used."""
    (intent,) = opened.Root.OutputIntents
    assert (intent.S, int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
    for page in opened.pages:
        drawn = {str(one.operator) for one in pikepdf.parse_content_stream(page)}
        assert not drawn & {"k", "K"}


def test_fonts(opened: pikepdf.Pdf) -> None:
    """6.2.11: every font is embedded, has Unicode values, one width for each glyph that is drawn, and a subset's name."""
    fonts = [one for one in dictionaries(opened) if one.get("/Type") == "/Font"]
    whole = [one for one in fonts if one.Subtype == "/Type0"]
    assert len(whole) >= 4
    for one in whole:
        (below,) = one.DescendantFonts
        assert one.Encoding == "/Identity-H"
        assert one.ToUnicode.read_bytes().count(b"beginbfchar")
        assert {"/FontFile2", "/FontFile3"} & set(below.FontDescriptor.keys())
        assert re.fullmatch(r"/[A-Z]{6}\+.+", str(one.BaseFont))
        assert below.FontDescriptor.FontName == below.BaseFont
        assert (below.Subtype == "/CIDFontType2") == ("/CIDToGIDMap" in below)
        if "/FontFile3" in below.FontDescriptor:
            assert below.FontDescriptor.FontFile3.Subtype in ("/CIDFontType0C", "/OpenType")


def test_transparency_and_actions(opened: pikepdf.Pdf) -> None:
    """6.2.9, 6.5, 6.6: no picture is interpolated, nothing acts, no script runs, the catalogue opens nothing."""
    assert not {"/AA", "/OpenAction", "/JavaScript"} & set(opened.Root.keys())
    for one in dictionaries(opened):
        assert one.get("/S") not in ("/JavaScript", "/Launch", "/URI", "/GoTo", "/SubmitForm", "/ResetForm")
        assert not {"/AA", "/XFA"} & set(one.keys())
        assert one.get("/Interpolate") in (None, False)


def test_annotations(opened: pikepdf.Pdf) -> None:
    """6.3, 6.4: the only annotation is the field of the signature; it is not hidden, has words for a screen reader, and no appearance
    that would need one of its own; the form asks for none to be made."""
    form = opened.Root.AcroForm
    assert not form.get("/NeedAppearances", False)
    (field,) = form.Fields
    widgets = [one for page in opened.pages for one in page.get("/Annots", [])]
    assert [one.Subtype for one in widgets] == ["/Widget"] * len(widgets)
    for one in (*widgets, field):
        flags = int(one.get("/F", 4))
        assert flags & 4
        assert not flags & (1 | 2 | 32)
        if [float(side) for side in one.get("/Rect", [0, 0, 0, 0])] != [0, 0, 0, 0]:
            assert "/AP" in one
            assert "/StructParent" in one
            assert "/TU" in one


def test_metadata(opened: pikepdf.Pdf) -> None:
    """6.6.2, 6.6.4: the metadata are a stream of XML that is not packed twice, name the part and level, and agree with the information."""
    packet = opened.Root.Metadata
    assert (packet.Type, packet.Subtype) == ("/Metadata", "/XML")
    with opened.open_metadata() as marks:
        assert (marks["pdfaid:part"], marks["pdfaid:conformance"]) == ("3", "A")
        assert marks["dc:title"] == str(opened.docinfo.Title)


def test_structure(opened: pikepdf.Pdf) -> None:
    """6.7: marked, with a language, a tree whose parents are found from every page."""
    assert bool(opened.Root.MarkInfo.Marked)
    assert str(opened.Root.Lang)
    tree = opened.Root.StructTreeRoot
    numbers = [int(one) for one in list(tree.ParentTree.Nums)[::2]]
    assert [int(page.StructParents) for page in opened.pages] == sorted({int(p.StructParents) for p in opened.pages})
    assert {int(page.StructParents) for page in opened.pages} <= set(numbers)


def test_attachments(opened: pikepdf.Pdf) -> None:
    """6.8: what is attached has a type, a name in both ways, and what it is to the document; the catalogue lists it."""
    (listed,) = opened.Root.AF
    assert str(listed.F) == str(listed.UF) == "receipt.json"
    assert listed.AFRelationship == "/Data"
    assert listed.EF.F.Subtype == "/application/json"
    assert "/ModDate" in listed.EF.F.Params
