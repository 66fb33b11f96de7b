"""Archives that restore nothing, and places that are left as they are."""

import gzip
import io
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, text

from matcher.db.database import read_url
from matcher.db.faults import StoreError
from matcher.letters.register import RegisterEntry
from matcher.ops.backup.archive import MANIFEST, BackupError
from matcher.ops.backup.whole import Place, back_up, restore
from tests.ops.backup.backups import AT, is_untouched, made


def remade(
    archive: Path, target: Path, change: Callable[[tarfile.TarInfo, bytes], list[tuple[tarfile.TarInfo, bytes]]]
) -> Path:
    """The archive written anew, each member as the change gives it."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            for entry, data in change(member, content.read()):
                entry.size = len(data) if entry.isreg() else 0
                new.addfile(entry, io.BytesIO(data))
    return target


def newer(member: tarfile.TarInfo, data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    """A manifest of a revision that nobody knows."""
    return [(member, data.replace(b'"revision": "0', b'"revision": "9') if member.name == MANIFEST else data)]


def beside_it(name: str, kind: bytes = tarfile.REGTYPE) -> Callable[..., list[tuple[tarfile.TarInfo, bytes]]]:
    """One more member behind the last-but-all: a name that leads elsewhere, a link."""

    def change(member: tarfile.TarInfo, data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        if member.name != MANIFEST:
            return [(member, data)]
        more = tarfile.TarInfo(name)
        more.type, more.linkname = kind, "/etc/passwd"
        return [(member, data), (more, b"x")]

    return change


def one_bit(member: tarfile.TarInfo, data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    """The database with one bit turned."""
    if member.name.startswith("database"):
        data = data[:5000] + bytes([data[5000] ^ 1]) + data[5001:]
    return [(member, data)]


def without_keys(member: tarfile.TarInfo, data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    """Nothing of the keys."""
    return [] if member.name.startswith("keys/") else [(member, data)]


def manifest_elsewhere(member: tarfile.TarInfo, data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    """A manifest that lists a part outside."""
    if member.name == MANIFEST:
        data = data.replace(b'"secret_key"', b'"../secret_key"')
    return [(member, data)]


CHANGES = {
    "newer": newer,
    "one bit": one_bit,
    "missing": without_keys,
    "unlisted": beside_it("more"),
    "outside": beside_it("../../outside"),
    "absolute": beside_it("/tmp/outside"),
    "listed outside": manifest_elsewhere,
    "symbolic link": beside_it("keys/link.pem", tarfile.SYMTYPE),
    "hard link": beside_it("keys/link.pem", tarfile.LNKTYPE),
    "device": beside_it("keys/null", tarfile.CHRTYPE),
    "twice": beside_it("manifest.json"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_archive_restores_nothing(
    name: str, place: Place, letter: RegisterEntry, elsewhere: Place, tmp_path: Path
) -> None:
    """Whatever was done to it is found before anything stands in its place."""
    bad = remade(made(place, tmp_path), tmp_path / "bad.tar.gz", CHANGES[name])
    with pytest.raises(BackupError):
        restore(elsewhere, bad)
    assert is_untouched(elsewhere)
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("share", [0, 1, 10, 50, 90, 99])
def test_a_truncated_archive_restores_nothing(
    share: int, place: Place, letter: RegisterEntry, elsewhere: Place, tmp_path: Path
) -> None:
    """Cut off at any place, it is refused."""
    archive = made(place, tmp_path)
    os.truncate(archive, archive.stat().st_size * share // 100)
    with pytest.raises(BackupError):
        restore(elsewhere, archive)
    assert is_untouched(elsewhere)


@pytest.mark.parametrize("content", [b"", b"not an archive", gzip.compress(b"x" * 2000)], ids=["empty", "text", "gzip"])
def test_what_is_no_archive_restores_nothing(content: bytes, elsewhere: Place, tmp_path: Path) -> None:
    """An empty file, any other file, and another gzip file."""
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(BackupError):
        restore(elsewhere, tmp_path / "other")
    assert is_untouched(elsewhere)


@pytest.mark.both_databases
def test_a_changed_count_restores_nothing(
    place: Place, letter: RegisterEntry, elsewhere: Place, tmp_path: Path
) -> None:
    """A manifest that counts other rows than the database has is refused after the database was read, and undone."""

    def change(member: tarfile.TarInfo, data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        return [(member, data.replace(b'"case_file": 1', b'"case_file": 2') if member.name == MANIFEST else data)]

    bad = remade(made(place, tmp_path), tmp_path / "bad.tar.gz", change)
    with pytest.raises(BackupError, match="manifest"):
        restore(elsewhere, bad)
    assert is_untouched(elsewhere)


@pytest.mark.both_databases
def test_a_file_in_the_way_at_the_last_moment_undoes_all(
    place: Place, letter: RegisterEntry, elsewhere: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last files cannot be put, the database is taken away again."""
    archive = made(place, tmp_path)
    blocked = replace(elsewhere, keys=tmp_path / "blocked" / "keys")
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(BackupError):
        restore(blocked, archive)
    assert is_untouched(elsewhere)


def test_a_broken_trail_is_told(
    place: Place, letter: RegisterEntry, engine: Engine, elsewhere: Place, tmp_path: Path
) -> None:
    """What was changed before the backup is restored as it is, and said."""
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_no_update"))
        connection.execute(text("UPDATE audit_entry SET actor = 'wu' WHERE number = 1"))
    found = restore(elsewhere, made(place, tmp_path))
    assert found.chain.broken is not None
    assert found.chain.broken.number == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_missing_programs_are_named(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL without pg_dump the message says what to install, and no archive is left."""
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None)
    with pytest.raises(BackupError, match="postgresql-client"):
        back_up(place, tmp_path / "none.tar.gz", AT, with_secrets=True)
    assert not (tmp_path / "none.tar.gz").exists()


def test_a_database_that_does_not_answer_is_named(place: Place, tmp_path: Path) -> None:
    """No server and no database: the message names the address without its password, and nothing is left behind."""
    gone = read_url(f"postgresql://matcher:geheim@/matcher?host={tmp_path}/none")
    for away in (
        replace(place, url=gone),
        replace(place, url=URL.create("sqlite", database=str(tmp_path / "none.db"))),
    ):
        with pytest.raises(StoreError) as refused:
            back_up(away, tmp_path / "none.tar.gz", AT, with_secrets=True)
        assert "geheim" not in str(refused.value)
        assert not (tmp_path / "none.tar.gz").exists()
    elsewhere = Place(gone, tmp_path / "new", tmp_path / "new" / "keys")
    with pytest.raises(StoreError):
        restore(elsewhere, made(place, tmp_path))
    assert not elsewhere.instance.exists()


def test_a_damaged_database_is_not_backed_up(place: Place, tmp_path: Path) -> None:
    """A file that is no database any more is refused, and no archive is left."""
    (tmp_path / "bad.db").write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(BackupError):
        back_up(
            replace(place, url=URL.create("sqlite", database=str(tmp_path / "bad.db"))),
            tmp_path / "x",
            AT,
            with_secrets=True,
        )
    assert not (tmp_path / "x").exists()
