"""Writes pages as PDF/A-3a and PDF/UA-1 with their attachments, and keeps the faces between letters."""

from __future__ import annotations

import base64
import copy
import zlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache, partial
from importlib.resources import files
from io import BytesIO
from typing import Any

import pydyf
import weasyprint
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import get_hb_object_data
from weasyprint.urls import URLFetcher

from matcher.letters.compose import Attachment

from .fonts import numbers_are_glyphs
from .markup import Code
from .subsetting import compact, outlines

# ---------------------------------------------------------------------------------------------------------------------
# Keeps the faces between letters and packs what goes into a file once, where WeasyPrint reads and packs all anew.
# ---------------------------------------------------------------------------------------------------------------------


KEPT: dict[Any, Any] = {}  # key of a face in WeasyPrint → the face as it was first read, with nothing of a letter in it

LEVEL = 6  # one step of zlib's nine more or less is 1 % of the file; the last three take three times as long

# Face, glyphs and whether some are missing → the subset. Headings and labels use the same few glyphs in letter after letter.
SUBSETS: dict[tuple[Any, tuple[int, ...], bool], bytes] = {}

SUBSETS_KEPT = 32


class Faces(dict[Any, Any]):
    """The faces of one letter, as WeasyPrint asks for them and fills them in; one met in an earlier letter is there already.

    Reading a face copies the whole font file, seven megabytes of it; which glyphs a letter uses is noted afresh.
    """

    def __contains__(self, key: object) -> bool:
        if not super().__contains__(key) and key in KEPT:
            super().__setitem__(key, _fresh(key))
        return super().__contains__(key)

    def __setitem__(self, key: Any, face: Any) -> None:
        if _plain(face):
            face.file_content = b""
            KEPT[key] = face
            face = _fresh(key)
        super().__setitem__(key, face)


def _plain(face: Any) -> bool:
    """Whether the face is outlines and nothing else: pictures and variable faces are WeasyPrint's own business."""
    return not (face.bitmap or face.png or face.svg or face.colr or "fvar" in face.tables)


def _fresh(key: Any) -> Any:
    face = copy.copy(KEPT[key])
    face.widths, face.to_unicode, face.missing = {}, {}, {}
    face.clean = partial(_clean, key, face)
    return face


def _clean(key: Any, face: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Cut the face down to the glyphs of this letter, or take what another letter with the same glyphs left.

    Where HarfBuzz cannot, as with thousands of glyphs of some faces, the whole face goes in, as WeasyPrint would do it.
    """
    wanted = (key, tuple(sorted(to_unicode)), bool(face.missing))
    if wanted not in SUBSETS:
        own = numbers_are_glyphs(face.family)
        face.file_content = b"" if own is None else compact(face, to_unicode, own)
        if own is None or not (own or face.file_content):
            face.subset(to_unicode, hinting)
        if not face.file_content:
            face.file_content = get_hb_object_data(face.hb_face)
            return
        if len(SUBSETS) >= SUBSETS_KEPT:
            del SUBSETS[next(iter(SUBSETS))]
    else:
        face.file_content = SUBSETS.pop(wanted)
    SUBSETS[wanted] = face.file_content  # the last one used goes last


_OUTLINES = "/CIDFontType0C"


class _Fixed(pydyf.Object):  # type: ignore[misc]  # pydyf has no types
    """An object whose bytes do not change any more."""

    data = b""

    @classmethod
    def of(cls, one: Any) -> Any:
        """The same object, its bytes worked out once."""
        fixed = cls()
        fixed.data, fixed.number, fixed.generation, fixed.free = one.data, one.number, one.generation, one.free
        return fixed


class _FixedStream(_Fixed, pydyf.Stream):  # type: ignore[misc]
    """A stream whose bytes do not change any more."""


def _fix(pdf: Any) -> None:
    """Work out the bytes of every object of `pdf` now: it is asked for each of them twice, to write them and for their digest."""
    pdf.objects = [
        one if one.free == "f" else (_FixedStream if isinstance(one, pydyf.Stream) else _Fixed).of(one)
        for one in pdf.objects
    ]


def pack(pdf: Any) -> None:
    """Compress every stream of `pdf` now: it is asked for its bytes twice, and would be compressed each time.

    Outlines stay as they are: compressed they take four fifths, and letters that have the same could no longer share them where they
    are kept (`letters/packing.py`).
    """
    for one in pdf.objects:
        if getattr(one, "compress", False):
            if one.extra.get("Subtype") == _OUTLINES:
                one.compress = False
                continue
            one.stream, one.compress = [_packed(one)], False
            one.extra["Filter"] = "/FlateDecode"


def _packed(stream: Any) -> bytes:
    """The bytes of a stream, compressed; subsets and profiles, which come again, are kept."""
    if stream.extra.get("Subtype") == "/OpenType" or "N" in stream.extra:
        return _kept(stream.stream[0])
    stream.compress = False
    return zlib.compress(_content(stream), LEVEL)


@lru_cache(maxsize=SUBSETS_KEPT)
def _kept(content: bytes) -> bytes:
    return zlib.compress(content, LEVEL)


def _content(stream: Any) -> bytes:
    """What pydyf would write between the words stream and endstream."""
    data: bytes = stream.data
    return data[data.index(b"stream\n") + 7 : -10]


# ---------------------------------------------------------------------------------------------------------------------
# Writes pages as a file for the archive and for screen readers: PDF/A-3a and PDF/UA-1, with what is attached.
# ---------------------------------------------------------------------------------------------------------------------


# WeasyPrint writes one variant's mark; PDF/UA's stands beside it, with the extension schema that PDF/A asks for then.
ACCESSIBLE = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" \
rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>The part of ISO 14289 the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""

END = b"</rdf:RDF>"


def write(
    document: weasyprint.Document,
    attachments: Sequence[Attachment],
    code: Code | None,
    dated: date,
    fetcher: URLFetcher,
) -> bytes:
    """The bytes of the file; the same pages, attachments and date give the same bytes.

    :param code: the QR code whose place is kept on one of the pages.
    :param dated: the date the attachments carry, since a clock would make every file another one.
    """
    embedded = [_embedded(attachment, dated, fetcher) for attachment in sorted(attachments, key=lambda one: one.name)]
    document.color_profiles["sRGB"] = _colours()
    document.fonts = Faces()
    pdf = document.write_pdf(
        pdf_variant="pdf/a-3a", output_intent="sRGB", attachments=embedded, finisher=partial(_finish, code=code)
    )
    assert isinstance(pdf, bytes)
    return pdf


def _colours() -> ColorProfile:
    """The colours the file is meant for, new for each: once its name was asked for, a profile gives other bytes."""
    return ColorProfile(BytesIO(_profile()), "sRGB2014.icc", "relative-colorimetric", ("r", "g", "b"))


@cache
def _profile() -> bytes:
    """The profile WeasyPrint brings; left to itself it opens the file for every document and never closes it."""
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


def _embedded(attachment: Attachment, dated: date, fetcher: URLFetcher) -> weasyprint.Attachment:
    """WeasyPrint's own object, which serves one document only; a data address is how it takes a media type."""
    midnight = datetime(dated.year, dated.month, dated.day, tzinfo=UTC)
    return weasyprint.Attachment(
        url=f"data:{attachment.mime};base64,{base64.b64encode(attachment.data).decode()}",
        url_fetcher=fetcher,
        name=attachment.name,
        description=attachment.description,
        created=midnight,
        modified=midnight,
        relationship=attachment.relationship,
    )


def _finish(_: weasyprint.Document, pdf: Any, code: Code | None) -> None:
    _mark_accessible(pdf)
    if "AF" in pdf.catalog:  # WeasyPrint lists every attachment twice
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    _name_outlines(pdf)
    pdf.catalog.get("Names", {}).pop("Dests", None)  # nothing in a letter leads to another place in it
    if code is not None and not any(code.put_into(one.stream) for one in pdf.objects if hasattr(one, "stream")):
        raise RuntimeError("no page keeps the place of the QR code: does this WeasyPrint draw in another way?")
    pack(pdf)
    _fix(pdf)


def _name_outlines(pdf: Any) -> None:
    """Put the bare outlines in the place of fonts that were made compact, as readers want them, and name no map, which only other
    kinds of fonts have."""
    for one in pdf.objects:
        if isinstance(one, dict) and one.get("Subtype") == "/CIDFontType0":
            one.pop("CIDToGIDMap", None)
        extra = getattr(one, "extra", {})
        if extra.get("Subtype") == "/OpenType" and (bare := outlines(one.stream[0])):
            one.stream, extra["Subtype"] = [bare], _OUTLINES


def _mark_accessible(pdf: Any) -> None:
    """Put the PDF/UA mark into the metadata, inside the one description WeasyPrint wrote: a packet holds only one."""
    packet = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    packet.stream = [part.replace(END, ACCESSIBLE + END) for part in packet.stream]
