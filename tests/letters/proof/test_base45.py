"""Base45 as RFC 9285 writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.letters.proof.encoding import decode, encode


@pytest.mark.parametrize(
    ("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"", "")]
)
def test_examples(data: bytes, text: str) -> None:
    """The RFC's own examples."""
    assert (encode(data), decode(text)) == (text, data)


@given(st.binary(max_size=300))
def test_round_trip(data: bytes) -> None:
    """Whatever is written is read back."""
    assert decode(encode(data)) == data


@pytest.mark.parametrize("text", ["A", "GGW", "::", "bb8", "BB8 ", "é00"])
def test_refused(text: str) -> None:
    """What it never writes is refused: a character left over, a number too great, another character."""
    with pytest.raises(ValueError, match=r"left over|not a character|more than"):
        decode(text)
