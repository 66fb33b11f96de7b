"""Letters made side by side: the same files, and one that is too slow or faulty stops no other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from matcher.letters import Attachment, Letter, render_pdf
from matcher.letters.batch import render_many

RECEIPT = Attachment("receipt.json", b"{}", "application/json", description="核对回执")
ENDLESS = "天津" * 2_000_000


def test_letters_beside_a_slow_and_a_faulty_one(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """What is too slow is ended and said to be, what cannot be made says why, and the rest come out as ever, in order."""
    letter = write(decide("eligible"), kind="eligibility")
    other = dataclasses.replace(letter, addressee="天津喆堃镕商贸行")
    slow = dataclasses.replace(letter, opening=(ENDLESS,))
    faulty = dataclasses.replace(letter, qr="A" * 9000)
    made = list(render_many([(one, [RECEIPT]) for one in (letter, slow, faulty, other)], workers=2, seconds_each=6))
    expected = [render_pdf(letter, attachments=[RECEIPT]), None, None, render_pdf(other, attachments=[RECEIPT])]
    assert [one.pdf for one in made] == expected
    assert "took too long" in made[1].fault
    assert "too large" in made[2].fault
    assert made[0].fault == made[3].fault == ""


def test_no_letters() -> None:
    """Nothing to make is no error."""
    assert list(render_many([])) == []
