"""The receipt: the same bytes for the same letter, and nothing else is read as one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from matcher.letters.proof.paper import Issued
from matcher.letters.proof.receipt import ReceiptError, read_receipt, stated_of
from matcher.text.values import typed_value
from tests.fixtures.signed_letters import Office


def test_round_trip(letters: list[Issued]) -> None:
    """What is written is read back, and is the same bytes again."""
    for letter in letters:
        assert read_receipt(letter.receipt.to_bytes()) == letter.receipt


def test_facts_keep_their_values(office: Office) -> None:
    """Facts of every type come out of their text as the engine took them."""
    told: dict[str, Any] = {
        "six_taxes_two_fees_payable": 1,
        "employees_end_last_month": 212,
        "is_before_first_settlement": False,
        "name": "喆　镕 <b>",
    }
    by_type = {fact.type: fact.id for fact in office.rulebook.facts.values()}
    told |= {by_type["rate"]: Fraction(1, 3), by_type["date"]: date(2026, 1, 5)}
    known = office.rulebook.facts
    assert {name: typed_value(known[name], stated_of(known[name], value)) for name, value in told.items()} == told
    receipt = read_receipt(office.receipt(**told).to_bytes())
    assert receipt.facts["six_taxes_two_fees_payable"].value == "0.01"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: data.replace(b'"format":3', b'"format":4'),
        lambda data: data.replace(b'"format":3', b'"format":1'),
        lambda data: data.replace(b'"as_of":"2026', b'"as_of":"2O26'),
        lambda data: data.replace(b"{", b"{ ", 1),
        lambda data: data.replace(b'"format"', b'"more":1,"format"'),
        lambda _: b"[" * 100_000,
        lambda data: data + b" " * 600_000,
    ],
)
def test_refused(letters: list[Issued], change: Any) -> None:
    """Anything but the one way in which a receipt is written is refused."""
    with pytest.raises(ReceiptError):
        read_receipt(change(letters[0].receipt.to_bytes()))
