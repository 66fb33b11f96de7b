"""The folder of keys: who may read it, what a passphrase does, and how keys come and go."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from matcher.letters.proof.keys import KeyFolder, KeyFolderError
from matcher.letters.proof.trust import read_trust_list
from tests.fixtures.signed_letters import BEICHEN, HEPING

DAY = date(2026, 1, 5)


def test_private(tmp_path: Path) -> None:
    """Nobody but the owner may read the folder or anything in it."""
    folder = KeyFolder(tmp_path / "keys")
    folder.new(BEICHEN, DAY)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_passphrase(tmp_path: Path) -> None:
    """With a passphrase the keys are of no use without it."""
    made = KeyFolder(tmp_path, "correct horse").new(BEICHEN, DAY)
    pem = (tmp_path / f"{made.id}.pem").read_text()
    assert "ENCRYPTED" in pem
    for wrong in (None, "battery staple"):
        with pytest.raises(KeyFolderError, match="MATCHER_KEYS_PASSPHRASE"):
            KeyFolder(tmp_path, wrong).signing("beichen")
    assert KeyFolder(tmp_path, "correct horse").signing("beichen").id == made.id


def test_a_passphrase_that_was_set_later(tmp_path: Path) -> None:
    """Keys from before it still open; the next rotation leaves none in clear, whichever centre's, and the same root signs."""
    before = KeyFolder(tmp_path)
    old, other = before.new(BEICHEN, DAY), before.new(HEPING, DAY)
    root = before.root_fingerprint()
    folder = KeyFolder(tmp_path, "correct horse")
    assert folder.signing("beichen").id == old.id
    made = folder.rotate(BEICHEN, date(2027, 1, 4), {2026: 12})
    assert {path.stem for path in tmp_path.glob("*.pem")} == {"root", old.id, other.id, made.id}
    assert all("ENCRYPTED" in path.read_text() for path in tmp_path.glob("*.pem"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert (folder.signing("beichen").id, folder.signing("heping").id) == (made.id, other.id)
    with pytest.raises(KeyFolderError, match="MATCHER_KEYS_PASSPHRASE"):
        before.signing("heping")
    assert folder.trust_list(DAY, {}).fingerprint == root


def test_a_rotation_that_fails_leaves_the_centre_its_key(tmp_path: Path) -> None:
    """With the wrong passphrase nothing is closed: a centre without a key could sign nothing any more."""
    folder = KeyFolder(tmp_path, "correct horse")
    made = folder.new(BEICHEN, DAY)
    with pytest.raises(KeyFolderError, match="MATCHER_KEYS_PASSPHRASE"):
        KeyFolder(tmp_path, "battery staple").rotate(BEICHEN, date(2027, 1, 4), {2026: 12})
    assert [(one.id, one.state) for one in folder.public()] == [(made.id, "active")]
    assert folder.signing("beichen").id == made.id


def test_one_key_a_centre(tmp_path: Path) -> None:
    """A centre that has a key gets the next by rotation; one that has none is told how to make one."""
    folder = KeyFolder(tmp_path)
    first = folder.new(BEICHEN, DAY)
    with pytest.raises(KeyFolderError, match="rotate"):
        folder.new(BEICHEN, DAY)
    with pytest.raises(KeyFolderError, match="matcher keys new heping"):
        folder.signing("heping")
    folder.new(HEPING, DAY)
    second = folder.rotate(BEICHEN, date(2027, 1, 4), {2026: 12})
    assert folder.signing("beichen").id == second.id
    closed = next(one for one in folder.public() if one.id == first.id)
    assert (closed.state, closed.until, closed.last) == ("retired", "2027-01-04", {"2026": 12})


def test_revoked_after_retired(tmp_path: Path) -> None:
    """A key revoked after it was retired keeps the end and the last numbers it had."""
    folder = KeyFolder(tmp_path)
    first = folder.new(BEICHEN, DAY)
    folder.rotate(BEICHEN, date(2027, 1, 4), {2026: 12})
    closed = folder.revoke(first.id, date(2027, 3, 1), "遗失", {2026: 12, 2027: 3})
    assert (closed.state, closed.until, closed.last, closed.reason) == ("revoked", "2027-01-04", {"2026": 12}, "遗失")
    with pytest.raises(KeyFolderError, match="000000000000"):
        folder.revoke("0" * 12, DAY, "", {})


def test_trust_list(tmp_path: Path) -> None:
    """The list holds every key there ever was, nothing private, and is signed by the same root each time."""
    folder = KeyFolder(tmp_path)
    folder.new(BEICHEN, DAY)
    folder.rotate(BEICHEN, date(2027, 1, 4), {2026: 12})
    made = folder.trust_list(DAY, {})
    read = read_trust_list(made.to_bytes())
    assert [one.state for one in read.keys] == ["retired", "active"]
    assert read.fingerprint == folder.trust_list(date(2028, 1, 1), {}).fingerprint
    assert b"PRIVATE" not in made.to_bytes()
