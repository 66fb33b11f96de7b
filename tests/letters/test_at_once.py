"""Whole letters issued at once, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from matcher.db.database import session
from matcher.letters.issue import Office, issue
from matcher.letters.models import IssuedLetter
from matcher.letters.order import Order
from matcher.letters.proof.receipt import read_receipt
from tests.conftest import count
from tests.fixtures.issuing import NOON

pytestmark = pytest.mark.both_databases


def test_letters_issued_at_once(office: Office, order: Callable[..., Order]) -> None:
    """200 letters (eight outside the bench) are set, signed and kept by four at once: every number once, in its file."""
    letters = count(200, 25)
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: issue(office, order(), NOON).place, range(letters)))
    assert sorted(given) == list(range(1, letters + 1))
    with session(office.engine) as reading:
        receipts = {row.number: row.receipt for row in reading.exec(select(IssuedLetter))}
    assert len(receipts) == letters
    assert all(read_receipt(receipt.encode()).number == number for number, receipt in receipts.items())
