"""Tests of handover codes: readable, typed in any way, slips told from wrong codes."""

import pytest

from matcher.answers.store import keys, new_code
from matcher.text.codes import ALPHABET, LENGTH, CodeMistyped, read_code, spaced

SECRET = "a-secret-of-more-than-thirty-two-characters"


def test_codes_have_no_look_alikes() -> None:
    """Twelve characters of an alphabet in which nothing looks like anything else; each code is another."""
    made = [new_code() for _ in range(200)]
    assert {len(code) for code in made} == {LENGTH}
    assert set("".join(made)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL2Z5S8BQU")
    assert len(set(made)) == len(made)


def test_a_code_is_read_however_it_is_typed() -> None:
    """Case, hyphens, blanks and full width do not matter."""
    code = new_code()
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    for typed in (code, spaced(code), code.lower(), f"  {spaced(code).lower()}\n", code.replace("", " "), wide):
        assert read_code(typed) == code


def test_every_slip_is_noticed() -> None:
    """One wrong character, or two neighbours that changed places, is never another valid code."""
    for _ in range(20):
        code = new_code()
        for place in range(LENGTH):
            for char in set(ALPHABET) - {code[place]}:
                with pytest.raises(CodeMistyped):
                    read_code(code[:place] + char + code[place + 1 :])
            swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
            if swapped != code:
                with pytest.raises(CodeMistyped):
                    read_code(swapped)


@pytest.mark.parametrize("typed", ["", "ACDE", "O" * 12, "A" * 4000, "不清楚", "\x00" * 12, "😀" * 12])
def test_junk_is_no_code(typed: str) -> None:
    """What can be no code is said to be mistyped."""
    with pytest.raises(CodeMistyped):
        read_code(typed)


def test_name_and_key_need_code_and_secret() -> None:
    """Another code or another secret gives another name and another key, and the two tell nothing of each other."""
    code, other = new_code(), new_code()
    found = keys(SECRET, code)
    assert keys(SECRET, code) == found
    assert keys(SECRET, other).name != found.name
    assert keys(SECRET + "x", code).key != found.key
    assert found.key.hex() != found.name
