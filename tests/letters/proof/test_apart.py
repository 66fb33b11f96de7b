"""A stranger's file is opened in a process of its own: it ends in time, and the next file is verified as ever."""

from __future__ import annotations

import zlib

import pytest

from matcher.letters.proof.isolated import LIMITS, verify_apart
from matcher.letters.proof.paper import Issued
from matcher.letters.proof.rulebook_archive import Shelf
from tests.fixtures.hostile import PDFS
from tests.fixtures.signed_letters import WRITTEN_ON, Office


def test_as_in_this_process(office: Office, letters: list[Issued]) -> None:
    """An honest letter comes out as it does in this process, under the rulebook of this program."""
    assert verify_apart(letters[0].pdf, office.trust(), WRITTEN_ON, Shelf()).valid


def test_too_slow(office: Office, letters: list[Issued]) -> None:
    """What takes longer than is allowed is stopped and said to be no letter; the next one is verified as ever."""
    verdict = verify_apart(letters[0].pdf, office.trust(), WRITTEN_ON, Shelf(), seconds=0.001)
    assert [one.word for one in verdict.faults] == ["too_heavy"]
    assert verify_apart(letters[0].pdf, office.trust(), WRITTEN_ON, Shelf()).valid


def test_bomb(office: Office) -> None:
    """A file whose table of contents stands for four gigabytes is refused without taking them."""
    packer = zlib.compressobj(9)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = start + block * 256  # each block unpacks by itself to sixteen megabytes
    head = b"%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length "
    pdf = head + b"%d>>\nstream\n" % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    verdict = verify_apart(pdf, office.trust(), WRITTEN_ON, Shelf())
    assert {one.part for one in verdict.faults} == {"file"}


@pytest.mark.parametrize("name", sorted(PDFS))
def test_made_to_be_slow(office: Office, name: str) -> None:
    """Trees of fields and of pages, many fields, a huge table of contents: ten seconds of computing at most, then a refusal."""
    assert LIMITS.computing_seconds <= 10
    verdict = verify_apart(PDFS[name](), office.trust(), WRITTEN_ON, Shelf(), seconds=600)
    assert {one.part for one in verdict.faults} <= {"file", "code"}  # what has no signature may be the scan of a letter
    assert verdict.faults
    assert "too_heavy" not in {
        one.word for one in verdict.faults
    }  # the container is refused before its trees are walked
