"""Writes pages as a file for the archive and for screen readers: PDF/A-3a and PDF/UA-1, with what is attached."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache, partial
from importlib.resources import files
from io import BytesIO
from typing import Any

import weasyprint
from weasyprint.css import ColorProfile
from weasyprint.urls import URLFetcher

from matcher.letters.attachment import Attachment
from matcher.letters.code import Code
from matcher.letters.embedding import Faces, pack

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
    if code is not None and not any(code.put_into(one.stream) for one in pdf.objects if hasattr(one, "stream")):
        raise RuntimeError("no page keeps the place of the QR code: does this WeasyPrint draw in another way?")
    pack(pdf)


def _mark_accessible(pdf: Any) -> None:
    """Put the PDF/UA mark into the metadata, inside the one description WeasyPrint wrote: a packet holds only one."""
    packet = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    packet.stream = [part.replace(END, ACCESSIBLE + END) for part in packet.stream]
