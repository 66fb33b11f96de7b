"""The statement in the QR code: what it says, how long it is, and that it is read back from the printed page."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

import pytest
import segno
import zxingcpp
from PIL import Image

from matcher.letters.proof.encoding import CAPITALS, SMALL, packed, qr_text, read_qr, statement_of, unpacked
from matcher.letters.proof.page_statement import mark_of
from matcher.letters.proof.paper import Issued
from matcher.letters.proof.statement import PREFIX, Page, StatementError
from tests.fixtures.signed_letters import AS_OF, FIRM, VALID_UNTIL, WRITTEN_ON, Office


def version(text: str) -> int | str:
    """The version of the code that holds a text at level M."""
    found: int | str = segno.make(text, error="m", micro=False, boost_error=False).version
    return found


def test_one_scheme_in_full(office: Office, letters: list[Issued]) -> None:
    """A letter on one scheme says all of it: number, kind, firm, dates, scheme, result, the sum in fen, the receipt's hash."""
    signed = read_qr(letters[0].qr)
    receipt = letters[0].receipt
    assert signed.statement == statement_of(receipt)
    matter = signed.statement.matter
    assert isinstance(matter, Page)
    (line,) = matter.lines
    assert (line.mark, line.status, line.amount, line.fen) == (
        mark_of("six-taxes-two-fees"),
        "eligible",
        "exact",
        1_932_129,
    )
    assert (signed.statement.number, signed.statement.credit_code) == ("津辰惠函〔2026〕1号", "91120113MA06ABCD1X")
    assert (signed.statement.written_on, signed.statement.valid_until) == (WRITTEN_ON, VALID_UNTIL)
    assert (signed.statement.name, signed.statement.kind) == (FIRM["name"], "eligibility")
    assert (signed.statement.version, signed.statement.as_of) == (3, AS_OF)
    assert receipt.evidence.startswith(signed.statement.evidence)
    assert signed.is_signed_by(bytes.fromhex(office.key.public.paper))
    assert signed.key_id == office.key.id


def test_several_in_full(letters: list[Issued]) -> None:
    """A letter on several says each scheme with money in it, its sum, the three numbers, and how many there are in all."""
    matter = read_qr(letters[1].qr).statement.matter
    assert isinstance(matter, Page)
    assert matter.numbers is not None
    assert sum(matter.numbers) == sum(one.fen or 0 for one in matter.lines if one.group != "apart")
    assert (mark_of("six-taxes-two-fees") in {one.mark for one in matter.lines}, sum(matter.counts)) == (True, 3)


@pytest.mark.parametrize(
    "name", ["天", "天津市和平区麦香阁面馆", "天津喆堃镕㙍𫖯商贸行", "Bohai Machinery Co., Ltd.", "恒通" * 100]
)
@pytest.mark.parametrize("schemes", [("six-taxes-two-fees",), ("six-taxes-two-fees", "small-scale-vat")])
def test_the_name_is_signed(office: Office, name: str, schemes: tuple[str, ...]) -> None:
    """The firm's name is in the statement, whole where the code holds it; of a longer one its start and its end."""
    text = qr_text(statement_of(office.receipt(99_999, schemes, name=name)), office.key)
    told = read_qr(text).statement.name
    assert told is not None
    start, ellipsis, end = told.partition("…")
    assert name.startswith(start)
    assert name.endswith(end)
    assert bool(ellipsis) == (len(name) > 100)
    assert len(told) > 16 or told == name
    assert version(text) <= 15


def test_another_name_is_another_statement(office: Office) -> None:
    """Two firms whose names differ only where it was left out have statements that differ all the same."""
    one, other = (statement_of(office.receipt(name="恒通" * 100 + sign + "恒通" * 100)) for sign in "甲乙")
    assert one.name == other.name
    assert one.evidence != other.evidence


def test_version_1_is_read(office: Office) -> None:
    """A letter of a register before names were signed is still read, and its receipt gives the same statement again."""
    old = office.receipt().model_copy(update={"format": 1})
    text = qr_text(statement_of(old), office.key)
    assert text.startswith(PREFIX)
    signed = read_qr(text)
    assert signed.statement == statement_of(old)
    assert (signed.statement.version, signed.statement.name, signed.statement.kind) == (1, None, None)
    assert signed.is_signed_by(bytes.fromhex(office.key.public.paper))
    assert old.rulebook.startswith((signed.statement.rulebook or b"").hex() or "none")


def test_packed(office: Office) -> None:
    """Every slug and every kind of credit code comes out of its bytes as it went in, and takes fewer of them."""
    for slug in office.rulebook.schemes:
        assert unpacked(packed(slug, SMALL), SMALL) == slug
        assert len(packed(slug, SMALL)) < len(slug)
    for code in ("91120113MA06ABCD1X", "000000000000000000", "Z" * 18, "91120113ma06", "", "无"):
        assert unpacked(packed(code, CAPITALS), CAPITALS) == code
    assert len(packed("91120113MA06ABCD1X", CAPITALS)) == 12


def test_a_newer_version_is_refused(office: Office) -> None:
    """A statement of a version that this program does not know is no statement to it, though its signature holds."""
    older = office.receipt().model_copy(update={"format": 2})
    newer = dataclasses.replace(statement_of(older), version=4)
    with pytest.raises(StatementError):
        read_qr(qr_text(newer, office.key))


def test_same_each_time(office: Office, letters: list[Issued]) -> None:
    """The same letter has the same statement, byte for byte: the code on a reprint is the code on the original."""
    assert qr_text(statement_of(letters[0].receipt), office.key) == letters[0].qr


@pytest.mark.parametrize("text", ["", "TJ1:", "TJ1:A", "HC1:6BF", "TJ1:" + "0" * 300, "TJ1:" + "0" * 500])
def test_no_statement(text: str) -> None:
    """What is no statement is refused, whatever it is."""
    with pytest.raises(StatementError):
        read_qr(text)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_read_from_the_page(letters: list[Issued], at: int, tmp_path: Path) -> None:
    """A camera reads the code back from the page as it is printed, at 300 dots an inch: six to a module."""
    command = ["pdftoppm", "-r", "300", "-gray", "-", str(tmp_path / "page")]
    subprocess.run(command, input=letters[at].pdf, check=True, timeout=60)
    read = {found.text for page in tmp_path.iterdir() for found in zxingcpp.read_barcodes(Image.open(page))}
    assert letters[at].qr in read
