"""The twelve characters of a letter."""

from __future__ import annotations

import pytest

from matcher.letters.proof.statement import code_of
from matcher.text.codes import ALPHABET, CodeMistyped, read_code, spaced

CODE = code_of("TJ1:TEST")


def test_one_code_a_letter() -> None:
    """The code follows from the QR text alone, and differs for each."""
    assert code_of("TJ1:TEST") == CODE
    assert len({code_of(f"TJ1:{number}") for number in range(2000)}) == 2000


@pytest.mark.parametrize("typed", [CODE, spaced(CODE), CODE.lower(), " ".join(CODE), "　".join(CODE), f"（{CODE}）"])
def test_read(typed: str) -> None:
    """It is read however people type it."""
    assert read_code(typed) == CODE


def test_slips() -> None:
    """One character wrong, two neighbours that changed places, one too few: each is told from a code that no letter has."""
    wrong = [CODE[:at] + sign + CODE[at + 1 :] for at in range(12) for sign in ALPHABET if sign != CODE[at]]
    swapped = [CODE[:at] + CODE[at + 1] + CODE[at] + CODE[at + 2 :] for at in range(11) if CODE[at] != CODE[at + 1]]
    for typed in (*wrong, *swapped, CODE[:-1], CODE + "3", "", "0" * 12):
        with pytest.raises(CodeMistyped):
            read_code(typed)
