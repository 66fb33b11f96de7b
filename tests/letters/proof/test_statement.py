"""The statement in the QR code: what it says, how long it is, and that it is read back from the printed page."""

from __future__ import annotations

import subprocess
from io import BytesIO

import pytest
import segno
import zxingcpp
from PIL import Image

from matcher.letters.proof import Issued, StatementError, qr_text, read_qr, statement_of
from matcher.letters.proof.statement import Many, One
from tests.letters.proof.conftest import VALID_UNTIL, WRITTEN_ON, Office


def version(text: str) -> int | str:
    """The version of the code that holds a text at level M."""
    found: int | str = segno.make(text, error="m", micro=False, boost_error=False).version
    return found


def test_one_scheme_in_full(office: Office, letters: list[Issued]) -> None:
    """A letter on one scheme says all of it: number, firm, dates, scheme, result, the sum in fen, both hashes."""
    signed = read_qr(letters[0].qr)
    receipt = letters[0].receipt
    assert signed.statement == statement_of(receipt)
    assert signed.statement.matter == One("six-taxes-two-fees", "eligible", "exact", 1_932_129)
    assert (signed.statement.number, signed.statement.credit_code) == ("津辰惠函〔2026〕1号", "91120113MA06ABCD1X")
    assert (signed.statement.written_on, signed.statement.valid_until) == (WRITTEN_ON, VALID_UNTIL)
    assert receipt.rulebook.startswith(signed.statement.rulebook.hex())
    assert receipt.evidence.startswith(signed.statement.evidence)
    assert signed.is_signed_by(bytes.fromhex(office.key.public.paper))
    assert signed.key_id == office.key.id


def test_several_in_short(office: Office, letters: list[Issued]) -> None:
    """A letter on several says how many, the sum of the exact amounts, and the hash of the list, which any change changes."""
    matter = read_qr(letters[1].qr).statement.matter
    assert isinstance(matter, Many)
    assert (matter.count, matter.fen) == (3, 1_932_129)
    receipt = letters[1].receipt
    other = ({**receipt.decisions[0], "status": "not_eligible"}, *receipt.decisions[1:])
    changed = statement_of(receipt.model_copy(update={"decisions": other})).matter
    assert isinstance(changed, Many)
    assert changed.digest != matter.digest


def test_version(office: Office) -> None:
    """The longest scheme with a great sum and a late number still fits a code of version 10."""
    longest = max(office.rulebook.schemes, key=len)
    receipt = office.receipt(99_999, (longest,))
    decision = {**receipt.decisions[0], "amount": {"kind": "exact", "value": "9999999999.99"}}
    text = qr_text(statement_of(receipt.model_copy(update={"decisions": (decision,)})), office.key)
    assert version(text) <= 10


def test_same_each_time(office: Office, letters: list[Issued]) -> None:
    """The same letter has the same statement, byte for byte: the code on a reprint is the code on the original."""
    assert qr_text(statement_of(letters[0].receipt), office.key) == letters[0].qr


@pytest.mark.parametrize("text", ["", "TJ1:", "TJ1:A", "HC1:6BF", "TJ1:" + "0" * 300, "TJ1:" + "0" * 500])
def test_no_statement(text: str) -> None:
    """What is no statement is refused, whatever it is."""
    with pytest.raises(StatementError):
        read_qr(text)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_read_from_the_page(letters: list[Issued], at: int) -> None:
    """A camera reads the code back from the page as it is printed, at 300 dots an inch: six to a module."""
    command = ["pdftoppm", "-r", "300", "-gray", "-png"]
    image = subprocess.run(command, input=letters[at].pdf, capture_output=True, check=True, timeout=60).stdout
    read = {found.text for page in _pages(image) for found in zxingcpp.read_barcodes(page)}
    assert letters[at].qr in read


def _pages(images: bytes) -> list[Image.Image]:
    """The PNG files that stand one after the other."""
    starts = [at for at in range(len(images)) if images.startswith(b"\x89PNG\r\n\x1a\n", at)]
    ends = [*starts[1:], len(images)]
    return [Image.open(BytesIO(images[start:end])) for start, end in zip(starts, ends, strict=True)]
