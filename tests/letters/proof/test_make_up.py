"""A file is no letter of ours as soon as one thing in its make-up is not as a letter has it, whoever signed it."""

from __future__ import annotations

import re
import zlib

import pytest

from matcher.letters.proof.container import ContainerError, RevisionError, read_container, revisions_of
from matcher.letters.proof.contents import receipt_in
from matcher.letters.proof.paper import Issued
from matcher.letters.proof.signed_file import sign_pdf
from tests.fixtures.signed_letters import AT, Office


@pytest.fixture(scope="module")
def letter(letters: list[Issued]) -> bytes:
    """A genuine letter."""
    return letters[0].pdf


def edited(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """The file with a text as long in its place, where it last stands."""
    assert len(old) == len(new), (old, new)
    before, found, after = pdf.rpartition(old)
    assert found, old
    return before + new + after


def index_of(pdf: bytes) -> bytes:
    """Which objects the last table names, as it is written."""
    found = re.findall(rb"/Index \[ ([0-9 ]+) \]", pdf)
    return bytes(found[-1])


def as_numbered(pdf: bytes, text: bytes) -> bytes:
    """A text that names objects 182 to 190, with the numbers that they have in this file: how many fonts it holds moves them."""
    by = int(index_of(pdf).split()[-2]) - 189
    return re.sub(rb"\b(18[2-9]|190)\b", lambda found: b"%d" % (int(found[1]) + by), text)


def length_of(pdf: bytes) -> bytes:
    """A stream's length in the last revision, as it is written."""
    return re.findall(rb"/Subtype /XML\n/Filter /FlateDecode\n/Length ([0-9]+)\n", pdf)[-1]


def other(number: bytes, by: int = 1) -> bytes:
    """Another number as long."""
    return b"%0*d" % (len(number), int(number) - by)


def test_a_genuine_letter_is_put_together_as_letters_are(letter: bytes) -> None:
    """Two revisions to the last byte, and the receipt inside."""
    assert revisions_of(letter)[1].stop == len(letter)
    assert receipt_in(read_container(letter)) is not None


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"%PDF-1.7", b"%PDF-1.6", "it begins otherwise"),
        (b"/Prev PREV", b"/Prev OTHER", "do not follow each other"),
        (b"/Root 2 0 R", b"/Root 7 0 R", "its tables differ"),
        (b"\n189 0 obj", b"\n190 0 obj", "object 190 stands there twice"),
        (b"\n189 0 obj", b"\n189 1 obj", "no object at byte"),
        (b"startxref\nXREF", b"startxref\nOTHER", "its table is elsewhere"),
        (b"/Length LENGTH\n", b"/Length OTHER\n", "has another length"),
        (b"/Type /XRef\n/Filter", b"/Type /XReg\n/Filter", "its table is none"),
        (b"/W [ 1 8 2 ]", b"/W [ 1 9 2 ]", "its table is none"),
        (b"/W [ 1 8 2 ]", b"/V [ 1 8 2 ]", "stands there 0 times"),
        (b"/Size SIZE", b"/Size OTHER", "its table names an object twice"),
        (b"189 4 ]", b"189 3 ]", "its table has another length"),
        (b"189 4 ]", b"188 4 ]", "the table names other objects than there are"),
        (b" 184 2 189 4 ]", b" 184 2 182 4 ]", "its table names an object twice"),
    ],
)
def test_another_make_up_of_the_file_is_refused(letter: bytes, old: bytes, new: bytes, why: str) -> None:
    """Header, objects, lengths and tables: two readers must not be able to see two files."""
    numbers = {
        b"PREV": re.findall(rb"/Prev ([0-9]+)", letter)[-1],
        b"XREF": re.findall(rb"startxref\n([0-9]+)", letter)[-1],
        b"SIZE": re.findall(rb"/Size ([0-9]+)", letter)[-1],
        b"LENGTH": length_of(letter),
    }
    old, new, why = as_numbered(letter, old), as_numbered(letter, new), as_numbered(letter, why.encode()).decode()
    for word, number in numbers.items():
        if word in old:
            old, new = old.replace(word, number), new.replace(b"OTHER", other(number, 5 if word == b"SIZE" else 1))
    with pytest.raises(RevisionError, match=why):
        revisions_of(edited(letter, old, new))


def test_what_stands_behind_a_letter_is_refused(letter: bytes) -> None:
    """Not even a well-formed object may follow."""
    with pytest.raises(RevisionError, match="something is behind it"):
        revisions_of(letter + letter[-1:])


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"/SigFlags 3", b"/SigFlagz 3", "no letter has /SigFlagz"),
        (b"/DisplayDocTitle true", b"/DisplayDocTitle null", ""),
        (b"/T (Signature)", b"/T (Signatura)", "another field than the signature's"),
        (b"/F 132", b"/Z 132", "another form of signature"),
        (b"/P 7 0 R", b"/P 1 0 R", "the signature is on no page"),
        (b"/Annots [ 190 0 R ]", b"/Annots [ 189 0 R ]", "another annotation than the signature's"),
        (b"/TransformMethod /DocMDP", b"/TransformMethod /DocMDQ", "another permission than that nothing may change"),
        (b"/Tabs /S", b"/Tabz /S", "no letter has /Tabz"),
    ],
)
def test_other_contents_beside_the_signature_are_refused(letter: bytes, old: bytes, new: bytes, why: str) -> None:
    """The field, the page it is on, and what it permits."""
    container = read_container(edited(letter, as_numbered(letter, old), as_numbered(letter, new)))
    if not why:
        assert receipt_in(container) is not None
        return
    with pytest.raises(RevisionError, match=why):
        receipt_in(container)


@pytest.mark.parametrize(
    ("old", "new"), [(b"/Contents <3082", b"/Contents <3083"), (b"00000000>", b"00000001>"), (b"<3082", b"<308A")]
)
def test_bytes_that_are_no_signature_or_stand_behind_it_are_refused(letter: bytes, old: bytes, new: bytes) -> None:
    """The gap holds the signature and zeros."""
    with pytest.raises(ContainerError, match="signature_bad"):
        read_container(edited(letter, old, new))


def signed_anew(letter: bytes, office: Office, old: bytes, new: bytes) -> bytes:
    """The letter as it was set, a text among its packed objects changed, signed with the centre's own key."""
    first, _ = revisions_of(letter)
    packed = next(one for one in first.objects.values() if b"/Type /ObjStm" in one.head)
    table = first.table
    assert packed.data is not None
    assert table.data is not None
    assert packed.stop == table.start
    text = zlib.decompress(packed.data)
    data = zlib.compress(edited(text, old, new), 9)
    head = re.sub(rb"/Length [0-9]+", b"/Length %d" % len(data), packed.head)
    begun = (
        letter[: packed.start]
        + b"%d 0 obj\n" % packed.number
        + head
        + b">>\nstream\n"
        + data
        + b"\nendstream\nendobj\n"
    )
    rows = bytearray(zlib.decompress(table.data))
    rows[table.number * 6 + 1 : table.number * 6 + 4] = len(begun).to_bytes(3, "big")
    ranks = zlib.compress(bytes(rows), 9)
    head = re.sub(rb"/Length [0-9]+", b"/Length %d" % len(ranks), table.head)
    whole = begun + b"%d 0 obj\n" % table.number + head + b">>\nstream\n" + ranks + b"\nendstream\nendobj\n"
    return sign_pdf(whole + b"\nstartxref\n%d\n%%%%EOF\n" % len(begun), office.key, AT)


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (b"/Type /StructElem", ""),
        (b"/OC   /StructElem", "a script, an action, a layer, or content from elsewhere"),
        (b"/Dest /StructElem", "a link"),
        (b"/Type /Annot     ", "an annotation"),
        (b"/Subtype /3D     ", "something that moves"),
    ],
)
def test_the_centres_own_signature_makes_no_letter_of_what_may_act(
    letter: bytes, office: Office, new: bytes, why: str
) -> None:
    """Scripts, links, layers and moving pictures: whoever signed them, no letter has any."""
    container = read_container(signed_anew(letter, office, b"/Type /StructElem", new))
    if not why:
        assert receipt_in(container) is not None
        return
    with pytest.raises(RevisionError, match=why):
        receipt_in(container)
