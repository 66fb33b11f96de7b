"""Looks into a signed file for what no letter has, and takes out the receipt.

The signature shows already that the file is as the centre's key signed it. This is a second wall, for the day a key signs
what is no letter: only what letters are made of is let through, whatever else PDF may know.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

import pikepdf

from .container import Container, Revision, RevisionError, revisions_of
from .receipt import LARGEST as LARGEST_RECEIPT

_CATALOG = frozenset(
    {
        "/AF", "/AcroForm", "/Extensions", "/Lang", "/MarkInfo", "/Metadata", "/Names", "/Outlines", "/OutputIntents",
        "/Pages", "/Perms", "/StructTreeRoot", "/Type", "/Version", "/ViewerPreferences",
    }
)  # fmt: skip

_PAGE = frozenset(
    {
        "/Annots", "/BleedBox", "/Contents", "/MediaBox", "/Parent", "/Resources", "/StructParents", "/Tabs", "/TrimBox",
        "/Type",
    }
)  # fmt: skip

_FIELD = frozenset({"/F", "/FT", "/P", "/Rect", "/Subtype", "/T", "/Type", "/V"})

_SIGNATURE = frozenset({"/ByteRange", "/Contents", "/Filter", "/M", "/Name", "/SubFilter", "/Type"})

# Since 0.3.0: that nothing may be added (DocMDP), by the same signature.
_CERTIFYING = _SIGNATURE | {"/Reference"}

_OUTLINE = frozenset({"/Count", "/Dest", "/First", "/Last", "/Next", "/Parent", "/Prev", "/Title"})

# Scripts, actions, layers, and content from elsewhere: wherever they stand, no letter has any.
_NEVER = frozenset({"/AA", "/OpenAction", "/JS", "/OC", "/OCProperties", "/OCGs", "/DSS", "/XFA", "/URI"})

_MOST_PAGES = 300


def receipt_in(container: Container) -> bytes | None:
    """The only attachment's bytes; None where there is not just one, or it is longer than a receipt.

    :raises ValueError: the file is not put together as a letter is, or holds what no letter has. The library's own errors.
    """
    first, second = revisions_of(container.pdf)
    with pikepdf.open(BytesIO(container.pdf), attempt_recovery=False) as pdf:
        _must_be_ours(pdf, container, first, second)
        receipt = _receipt(pdf)
        if pdf.get_warnings():
            raise RevisionError("a reader had to guess")
    return receipt


def _must_be_ours(pdf: pikepdf.Pdf, container: Container, first: Revision, second: Revision) -> None:
    root = pdf.Root
    _only(root, _CATALOG)
    _only(root.Names, frozenset({"/EmbeddedFiles"}))
    _only(root.AcroForm, frozenset({"/Fields", "/SigFlags"}))
    if pdf.is_encrypted or not 0 < len(pdf.pages) <= _MOST_PAGES:
        raise RevisionError("encrypted, or without end")
    (field,) = _items(root.AcroForm.Fields)
    _must_be_the_field(field, pdf, container, second)
    widgets = [widget for page in pdf.pages for widget in _items(page.obj.get("/Annots", []))]
    if len(widgets) != 1 or widgets[0].objgen != field.objgen:
        raise RevisionError("another annotation than the signature's")
    for page in pdf.pages:
        _only(page.obj, _PAGE)
    rewritten = {root.objgen[0], root.Metadata.objgen[0], pdf.trailer.Info.objgen[0], field.P.objgen[0]}
    added = {root.AcroForm.objgen[0], field.objgen[0], field.V.objgen[0], second.table.number}
    if set(second.objects) != rewritten | added or added & set(first.objects):
        raise RevisionError("signing added something else")
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            _must_be_harmless(one)


def _must_be_the_field(field: Any, pdf: pikepdf.Pdf, container: Container, second: Revision) -> None:
    """One signature field that shows nothing, and its value is what the signed ranges enclose."""
    signature = field.V
    certifies = "/Perms" in pdf.Root
    if set(field.keys()) != _FIELD or set(signature.keys()) != (_CERTIFYING if certifies else _SIGNATURE):
        raise RevisionError("another form of signature")
    if certifies:
        _must_certify(pdf.Root.Perms, signature)
    if (field.FT, field.Subtype, str(field.T)) != ("/Sig", "/Widget", "Signature") or any(field.Rect):
        raise RevisionError("another field than the signature's")
    if field.P.objgen not in {page.obj.objgen for page in pdf.pages}:
        raise RevisionError("the signature is on no page")
    placed = second.objects[signature.objgen[0]]
    if not placed.start < container.start < container.stop < placed.stop:
        raise RevisionError("the signature stands elsewhere")
    if bytes(signature.Contents)[: len(container.cms)] != container.cms:
        raise RevisionError("another signature")


def _must_certify(permissions: Any, signature: Any) -> None:
    """The permissions name this signature, which allows no change whatever."""
    _only(permissions, frozenset({"/DocMDP"}))
    (reference,) = _items(signature.Reference)
    allowed = reference.TransformParams
    if permissions.DocMDP.objgen != signature.objgen or reference.TransformMethod != "/DocMDP" or allowed.P != 1:
        raise RevisionError("another permission than that nothing may change")


def _must_be_harmless(one: Any) -> None:
    keys = set(one.keys())
    if keys & _NEVER or (isinstance(one, pikepdf.Stream) and "/F" in keys):
        raise RevisionError("a script, an action, a layer, or content from elsewhere")
    if "/Dest" in keys and not keys <= _OUTLINE:
        raise RevisionError("a link")
    if one.get("/Type") == "/Annot" and one.get("/Subtype") != "/Widget":
        raise RevisionError("an annotation")
    if one.get("/Subtype") in ("/PS", "/Movie", "/3D", "/RichMedia"):
        raise RevisionError("something that moves")


def _receipt(pdf: pikepdf.Pdf) -> bytes | None:
    references = {one.objgen: one for one in _items(pdf.Root.AF)}
    names = pdf.Root.Names.EmbeddedFiles.Names
    if len(references) != 1 or len(names) != 2:
        return None
    (attached,) = references.values()
    stream = attached.EF.F
    if names[1].EF.F.objgen != stream.objgen or stream.get("/Filter") != "/FlateDecode":
        return None
    return _inflated(stream.read_raw_bytes())


def _inflated(packed: bytes) -> bytes | None:
    """The content, as far as a receipt may be long: a few bytes can stand for gigabytes."""
    inflater = zlib.decompressobj()
    content = inflater.decompress(packed, LARGEST_RECEIPT + 1)
    whole = inflater.eof and not inflater.unused_data and len(content) <= LARGEST_RECEIPT
    return content if whole else None


def _only(one: Any, allowed: frozenset[str]) -> None:
    beyond = set(one.keys()) - allowed
    if beyond:
        raise RevisionError(f"no letter has {', '.join(sorted(beyond))}")


def _items(listed: Any) -> list[Any]:
    return list(listed)
