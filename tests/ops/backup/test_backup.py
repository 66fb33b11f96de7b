"""Backup and restore: a rehearsal on both databases."""

import stat
import tarfile
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyrage import x25519
from sqlalchemy import Engine, text

from matcher.audit.models import AuditEntry
from matcher.audit.trail import append
from matcher.cases.models import Case
from matcher.db.database import open_engine, reading, session
from matcher.db.faults import StoreError
from matcher.db.migration import migrate_down
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order
from matcher.letters.proof.keys import KeyFolder
from matcher.letters.proof.rulebook_archive import Shelf
from matcher.letters.proof.verify import Against, verify
from matcher.letters.register import RegisterEntry, kept_file, list_issued
from matcher.ops.backup import database
from matcher.ops.backup.archive import BackupError
from matcher.ops.backup.whole import Place, back_up, restore
from tests.fixtures.issuing import NOON
from tests.ops.backup.backups import AT, event, made


@pytest.mark.both_databases
def test_what_was_backed_up_while_others_wrote_is_all_there(
    place: Place, letter: RegisterEntry, elsewhere: Place, engine: Engine, tmp_path: Path
) -> None:
    """The letter's bytes verify under the restored keys and rulebook, the trail is whole, every count is as it was."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with session(engine) as writing:
                append(writing, event("case.changed", "case 1"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        archive = made(place, tmp_path)
    finally:
        stop.set()
        writer.join()
    found = restore(elsewhere, archive)
    assert found.chain.whole
    restored = open_engine(elsewhere.url)
    with reading(restored) as opened:
        assert database.state_of(opened.connection()).rows == found.manifest.rows
        assert [one.number for one in list_issued(opened)] == [letter.number]
        assert opened.get_one(Case, 1).facts == {"employees": 12}
        assert opened.get_one(AuditEntry, 1).subject == letter.number
        pdf = kept_file(opened, letter.number)
    restored.dispose()
    trust = KeyFolder(elsewhere.keys).trust_list(date(2026, 11, 24), {})
    shelf = Shelf(elsewhere.instance / "rulebooks")
    verdict = verify(pdf, Against(trust, date(2026, 11, 24), shelf.find))
    assert (verdict.valid, verdict.number, verdict.faults) == (True, letter.number, ())


@pytest.mark.both_databases
def test_letters_go_on_where_they_stopped(
    place: Place, letter: RegisterEntry, elsewhere: Place, office: Office, order: Callable[..., Order], tmp_path: Path
) -> None:
    """The restored installation signs the next number with the same key, and its triggers still refuse changes."""
    restore(elsewhere, made(place, tmp_path))
    restored = open_engine(elsewhere.url)
    again = replace(office, engine=restored, keys=KeyFolder(elsewhere.keys), instance=elsewhere.instance)
    entry = issue(again, order(), NOON)
    assert (entry.place, entry.key_id) == (letter.place + 1, letter.key_id)
    with pytest.raises(StoreError), session(restored) as writing:
        writing.connection().execute(text("UPDATE audit_entry SET actor = 'x'"))
    restored.dispose()


def test_only_its_owner_reads_it(place: Place, letter: RegisterEntry, elsewhere: Place, tmp_path: Path) -> None:
    """The archive, the secret and the keys are of mode 600, before and after."""
    archive = made(place, tmp_path)
    restore(elsewhere, archive)
    for path in (archive, elsewhere.instance / "secret_key", *elsewhere.keys.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_without_secrets_letters_still_verify(
    place: Place, letter: RegisterEntry, elsewhere: Place, tmp_path: Path
) -> None:
    """No private key and no secret is in it; the public list of keys is."""
    archive = made(place, tmp_path, with_secrets=False)
    with tarfile.open(archive) as opened:
        names = opened.getnames()
    assert not [name for name in names if name.endswith(".pem") or name == "secret_key"]
    restore(elsewhere, archive)
    assert KeyFolder(elsewhere.keys).known_key(letter.key_id).centre == "heping"


def test_an_archive_is_never_written_over(place: Place, tmp_path: Path) -> None:
    """A file of that name stays as it is."""
    target = tmp_path / "kept.tar.gz"
    target.write_bytes(b"mine")
    with pytest.raises(BackupError, match="exists"):
        back_up(place, target, AT, with_secrets=True)
    assert target.read_bytes() == b"mine"


@pytest.mark.both_databases
def test_a_place_that_holds_something_is_refused(
    place: Place, letter: RegisterEntry, elsewhere: Place, tmp_path: Path
) -> None:
    """A database, a key or a secret in the way is named, and stays."""
    archive = made(place, tmp_path)
    with pytest.raises(BackupError, match="secret_key"):
        restore(place, archive)
    restore(elsewhere, archive)
    before = {path: path.read_bytes() for path in elsewhere.instance.rglob("*") if path.is_file()}
    bare = replace(elsewhere, instance=tmp_path / "bare", keys=tmp_path / "bare" / "keys")
    with pytest.raises(BackupError, match="something is there already"):
        restore(bare, archive)
    assert not bare.instance.exists()
    assert before == {path: path.read_bytes() for path in elsewhere.instance.rglob("*") if path.is_file()}


@pytest.mark.both_databases
def test_an_older_schema_is_brought_up_to_date(place: Place, elsewhere: Place, tmp_path: Path) -> None:
    """An archive of the revision before the newest ends up at the newest."""
    migrate_down(place.url, "0006")
    archive = made(place, tmp_path)
    assert restore(elsewhere, archive).manifest.revision == "0006"
    restored = open_engine(elsewhere.url)
    with restored.connect() as connection:
        assert database.state_of(connection).revision == max(database.known_revisions())
    restored.dispose()


def test_an_encrypted_one_opens_for_its_key_alone(
    place: Place, letter: RegisterEntry, elsewhere: Place, tmp_path: Path
) -> None:
    """Nothing of it can be read; without a key, with another, changed or cut nothing is restored; with its own all is."""
    own, other = x25519.Identity.generate(), x25519.Identity.generate()
    keys = {"own": f"# made by age-keygen\n{own}\n", "other": str(other), "none": "nothing"}
    for name, told in keys.items():
        (tmp_path / name).write_text(told)
    archive = tmp_path / "all.tar.gz.age"
    back_up(place, archive, AT, with_secrets=True, recipients=[str(own.to_public())])
    sealed = archive.read_bytes()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert not tarfile.is_tarfile(archive)
    assert b"PRIVATE KEY" not in sealed
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    (changed := tmp_path / "changed").write_bytes(sealed[:-300] + bytes([sealed[-300] ^ 1]) + sealed[-299:])
    (cut := tmp_path / "cut").write_bytes(sealed[: len(sealed) // 2])
    for file, key, words in (
        (archive, None, "--identity"),
        (archive, "other", "the key is another one"),
        (archive, "none", "no private key"),
        (changed, "own", "changed or cut"),
        (cut, "own", "changed or cut"),
    ):
        with pytest.raises(BackupError, match=words):
            restore(elsewhere, file, tmp_path / key if key else None)
        assert not elsewhere.instance.exists()
    with pytest.raises(BackupError, match="exists"):
        back_up(place, archive, AT, with_secrets=True, recipients=[str(own.to_public())])
    assert archive.read_bytes() == sealed
    with pytest.raises(BackupError, match="no public key"):
        back_up(place, tmp_path / "never", AT, with_secrets=True, recipients=["age1nonsense"])
    found = restore(elsewhere, archive, tmp_path / "own")
    assert found.chain.whole
    assert found.manifest.has_secrets
    assert (elsewhere.instance / "secret_key").read_text() == "a" * 64
