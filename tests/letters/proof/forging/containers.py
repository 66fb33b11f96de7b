"""Wraps a changed letter so that a verifier may take the genuine signature for its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from unittest.mock import patch

import pikepdf
from pyhanko.sign.signers import PdfSigner

from matcher.letters.proof.keys import SigningKey
from matcher.letters.proof.signed_file import sign_pdf
from tests.fixtures.signed_letters import AT

from .pieces import Change, Genuine, Pieces, changed, literal, taken_apart

Wrap = Callable[[Genuine, Change, SigningKey], bytes]


def saved(genuine: Genuine, change: Change, _: SigningKey) -> bytes:
    """Opened, changed, and saved: the signature is still there and covers what it says no more."""
    return changed(genuine.pdf, change)


def transplanted(genuine: Genuine, change: Change, _: SigningKey) -> bytes:
    """Saved, with ranges that fit the new file and the genuine signature between them."""
    pdf = changed(genuine.pdf, change)
    start = pdf.index(b"<", pdf.index(b"/Contents <3082") if b"/Contents <3082" in pdf else pdf.index(b"<3082"))
    stop = pdf.index(b">", start) + 1
    found = re.search(rb"/ByteRange \[ ?[0-9 ]+\]", pdf)
    assert found is not None
    text = b"/ByteRange [0 %d %d %d]" % (start, stop, len(pdf) - stop)
    assert len(text) <= len(found[0])
    return pdf[: found.start()] + text.ljust(len(found[0])) + pdf[found.end() :]


def appended(genuine: Genuine, change: Change, _: SigningKey) -> bytes:
    """The genuine file untouched, and the changed one behind it as its newest revision."""
    pieces = taken_apart(changed(genuine.pdf, change))
    return _behind(genuine.pdf, pieces)


def appended_and_covered(genuine: Genuine, change: Change, _: SigningKey) -> bytes:
    """The same, with a last figure of the range that reaches to the new end."""
    pdf = appended(genuine, change, _)
    found = re.search(rb"(/ByteRange \[0 \d+ (\d+) )(\d+)(\] *)", pdf)
    assert found is not None
    text = found[1] + b"%d" % (len(pdf) - int(found[2])) + b"]"
    return pdf[: found.start()] + text.ljust(len(found[0])) + pdf[found.end() :]


def signed_by_stranger(genuine: Genuine, change: Change, stranger: SigningKey) -> bytes:
    """Changed and signed anew, with a key that only looks like the centre's."""
    return _sign_all_the_same(changed(genuine.pdf, _unsigned_after(change)), stranger)


def in_the_gap(genuine: Genuine, change: Change, _: SigningKey, split: int = 15) -> bytes:
    """The whole changed letter between the two signed ranges, which are cut elsewhere than they were.

    What is signed stays byte for byte, and so does the signed end of the file: it says where the last table is, and there
    stands the forger's. The signature is a literal string that takes half of the room of the hexadecimal one it stands for;
    the changed letter takes the other half.
    """
    pieces = taken_apart(changed(genuine.pdf, change))
    head, tail, table_at = genuine.signed[:split], genuine.signed[split:], genuine.table_at
    filled = genuine.cms
    for _round in range(4):  # the gap must be twice as long as what it is filled with
        gap = _gap(genuine, pieces, split, table_at, filled)
        missing = len(gap) - 2 * len(filled) - 2
        if missing == 0:
            break
        filled = filled + bytes(max(0, missing))
    return head + gap + tail


def in_a_split_range(genuine: Genuine, change: Change, key: SigningKey) -> bytes:
    """The same, cut in the midst of the word that says where the genuine ranges are, so that it stands there no more."""
    return in_the_gap(genuine, change, key, genuine.signed.index(b"/ByteRange") + 6)


def in_a_cut_before_it(genuine: Genuine, change: Change, key: SigningKey) -> bytes:
    """The same, cut right where the genuine gap was."""
    return in_the_gap(genuine, change, key, len(genuine.before))


def signed_beside(genuine: Genuine, change: Change, stranger: SigningKey) -> bytes:
    """The genuine file, the changed one behind it, and a stranger's signature over all of it."""
    pdf = _behind(genuine.pdf, taken_apart(changed(genuine.pdf, _unsigned_after(change))))
    return _sign_all_the_same(pdf, stranger)


def _sign_all_the_same(pdf: bytes, stranger: SigningKey) -> bytes:
    """Sign as letters are signed, with a program that does not mind that a signature there forbids all changes."""
    with patch.object(PdfSigner, "_enforce_certification_constraints", lambda *_: None):
        return sign_pdf(pdf, stranger, AT)


WRAPS: tuple[Wrap, ...] = (
    saved, transplanted, appended, appended_and_covered, signed_by_stranger, in_the_gap, in_a_split_range,
    in_a_cut_before_it, signed_beside,
)  # fmt: skip


def _gap(genuine: Genuine, pieces: Pieces, split: int, table_at: int, filled: bytes) -> bytes:
    """Objects, the table where the signed end of the file looks for it, and the signature, whose string ends the gap."""
    places: dict[int, int] = {}
    gap, later = b"\n", []
    for number, text in pieces.objects.items():
        if number == pieces.signature:
            continue
        if split + len(gap) + len(text) < table_at - 2:
            places[number] = split + len(gap)
            gap += text
        else:
            later.append(number)
    gap = gap.ljust(table_at - split - 1) + b"\n"
    end = split + len(gap) + len(pieces.table({}))
    behind = b""
    for number in later:
        places[number] = end + len(behind)
        behind += pieces.objects[number]
    places[pieces.signature] = end + len(behind)
    size = 2 * len(filled) + 2
    ranges = b"%d %d %d" % (split, split + size, len(genuine.signed) - split)
    head = b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 %s]"
    signature = head % (pieces.signature, ranges.ljust(40)) + b" /M (D:20260401013000Z) /Contents "
    return gap + pieces.table(places) + behind + signature + literal(filled) + b" >>\nendobj\n"


def _behind(pdf: bytes, pieces: Pieces) -> bytes:
    places, body = {}, b""
    for number, text in pieces.objects.items():
        places[number] = len(pdf) + len(body)
        body += text
    table = pieces.table(places)
    return pdf + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body))


def _unsigned_after(change: Change) -> Change:
    def both(pdf: pikepdf.Pdf) -> None:
        change(pdf)
        if "/AcroForm" in pdf.Root:
            field = pdf.Root.AcroForm.Fields[0].objgen
            del pdf.Root.AcroForm
            for page in pdf.pages:
                if "/Annots" in page.obj:
                    page.obj.Annots = pikepdf.Array([one for one in page.obj.Annots if one.objgen != field])

    return both
