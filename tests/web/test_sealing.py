"""Tests of the seal: only this site opens it, for one use, for a time, and its length tells little."""

import pytest

from matcher.web.sealing import SealBroken, SealExpired, decrypt, derive, encrypt, seal, unseal

OLD, NEW = "an-old-secret-of-thirty-two-characters", "a-new-secret-of-thirty-two-characters."
DAY = 24 * 3600


def test_what_was_sealed_opens_again() -> None:
    """Whatever bytes went in come out, empty ones and zeros at the end too."""
    for plain in (b"", b"answers", b"\0\0", bytes(5000)):
        assert unseal([NEW], "cookie", seal(NEW, "cookie", plain, 100), 100, 1) == plain


def test_the_same_is_never_sealed_alike() -> None:
    """Two seals over the same words have nothing in common, so nobody sees that nothing changed."""
    first, second = (seal(NEW, "cookie", b"answers", 100) for _ in range(2))
    assert sum(a == b for a, b in zip(first, second, strict=True)) < len(first) / 4


def test_every_changed_character_is_noticed() -> None:
    """Tampered with anywhere, cut short or grown, a seal is broken."""
    text = seal(NEW, "cookie", b"answers", 100)
    for place in range(0, len(text) - 1, 5):
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(SealBroken):
            unseal([NEW], "cookie", text[:place] + other + text[place + 1 :], 100, DAY)
    for wrong in (text[:-8], text + "AAAA", "", "A", "不是", "\udcff", "=" * 40):
        with pytest.raises(SealBroken):
            unseal([NEW], "cookie", wrong, 100, DAY)


def test_a_seal_opens_for_its_use_alone() -> None:
    """What was sealed for a form is no cookie."""
    with pytest.raises(SealBroken):
        unseal([NEW], "cookie", seal(NEW, "base", b"answers", 100), 100, DAY)


def test_a_rotated_secret_still_opens_as_a_fallback() -> None:
    """Sealed under the old secret it opens while that is among the fallbacks, and no longer."""
    text = seal(OLD, "cookie", b"answers", 100)
    assert unseal([NEW, OLD], "cookie", text, 100, DAY) == b"answers"
    with pytest.raises(SealBroken):
        unseal([NEW], "cookie", text, 100, DAY)


def test_a_seal_runs_out() -> None:
    """It opens on the last second of its age and not after; that it expired is told from damage."""
    text = seal(NEW, "cookie", b"answers", 100)
    assert unseal([NEW], "cookie", text, 100 + DAY, DAY) == b"answers"
    with pytest.raises(SealExpired):
        unseal([NEW], "cookie", text, 101 + DAY, DAY)


def test_the_length_comes_in_steps() -> None:
    """A few bytes more or less cannot be told from the length."""
    lengths = {len(seal(NEW, "cookie", bytes(size), 100)) for size in range(0, 1800)}
    assert len(lengths) <= 1800 // 192 + 2


def test_a_key_for_one_use_is_not_the_key_for_another() -> None:
    """Keys of different uses differ, and none opens what another encrypted."""
    one, other = derive(NEW, "draft"), derive(NEW, "draft name")
    assert one != other
    with pytest.raises(SealBroken):
        decrypt(other, encrypt(one, b"answers", "draft"), "draft")
