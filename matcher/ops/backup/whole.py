"""Backs up all that an installation keeps into one file, and restores it where nothing is yet."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from matcher import __version__
from matcher.audit import Chain, Head, verify
from matcher.db import migrate, open_engine, reading, translate

from . import database, encryption
from .archive import DATABASE, SECRET, BackupError, Manifest, measured, pack, unpack

# ---------------------------------------------------------------------------------------------------------------------
# The files that an installation keeps beside its database: where they lie, and how they come out and in.
# ---------------------------------------------------------------------------------------------------------------------


FOLDER_MODE = 0o700

_PUBLIC = "keys.json"

_PLAIN = ".archive"  # no part of an archive begins with a dot


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps what it keeps."""

    url: URL
    instance: Path
    keys: Path


def kept(place: Place, with_secrets: bool, folder: Path) -> dict[str, Path]:
    """The files beside the database, copied first: what is measured and what is packed must be the same bytes."""
    found = {f"rulebooks/{path.name}": path for path in sorted((place.instance / "rulebooks").glob("*.zip"))}
    keys = sorted(place.keys.glob("*.pem")) if with_secrets else []
    found |= {f"keys/{path.name}": path for path in (*keys, place.keys / _PUBLIC) if path.is_file()}
    if with_secrets and (place.instance / SECRET).is_file():
        found[SECRET] = place.instance / SECRET
    copies = {}
    for name, path in found.items():
        copies[name] = folder / name
        copies[name].parent.mkdir(exist_ok=True)
        shutil.copyfile(path, copies[name])
    return copies


def readable_secrets(place: Place) -> list[str]:
    """The names of the private keys and secrets that whoever has a backup with them can read: no passphrase encrypts them."""
    keys = [path for path in sorted(place.keys.glob("*.pem")) if b"ENCRYPTED PRIVATE KEY" not in path.read_bytes()]
    return [path.name for path in (*keys, place.instance / SECRET) if path.is_file()]


def in_the_way(place: Place) -> list[Path]:
    """What is there already that a restore would have to overwrite."""
    folders = [path for path in (place.instance / "rulebooks", place.keys) if path.is_dir() and any(path.iterdir())]
    return folders + [path for path in (place.instance / SECRET,) if path.exists()]


def put(place: Place, manifest: Manifest, folder: Path) -> None:
    """Put the files where they belong; those already put are taken away again if one cannot be."""
    done: list[Path] = []
    try:
        for name in manifest.parts:
            if name == DATABASE[manifest.database]:
                continue
            kind, _, file = name.rpartition("/")
            home = {"": place.instance, "keys": place.keys, "rulebooks": place.instance / "rulebooks"}[kind]
            home.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            new_file(folder / name, home / file)
            done.append(home / file)
    except BaseException:
        for path in done:
            path.unlink(missing_ok=True)
        raise


def new_file(source: Path, target: Path) -> None:
    """Copy to a place where nothing is, complete or not at all, readable by the owner alone."""
    handle, draft = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, source.open("rb") as content:
            shutil.copyfileobj(content, file)
        os.link(draft, target)  # unlike a rename, a link never replaces
    finally:
        os.unlink(draft)


# ---------------------------------------------------------------------------------------------------------------------
# Backs up all that an installation keeps into one file, and restores it where nothing is yet.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what a walk over its audit trail found."""

    manifest: Manifest
    chain: Chain


def back_up(
    place: Place, target: Path, at: datetime, *, with_secrets: bool, recipients: Sequence[str] = ()
) -> Manifest:
    """Write everything into one archive, while the site goes on; gives its manifest.

    The database comes first and the files after it: a letter's rulebook and key are there before the letter is.

    :param with_secrets: whether the private keys and the secret key go into it.
    :param recipients: public keys of age for which the file is encrypted; without any it lies in clear.
    :raises BackupError: when it cannot be made; there is then no archive. StoreError where the database does not answer.
    """
    keys = encryption.read_recipients(recipients)
    engine = open_engine(place.url)
    try:
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as folder:
            copy = Path(folder) / DATABASE[engine.name]
            state = database.dump(engine, copy)
            parts = {copy.name: copy, **kept(place, with_secrets, Path(folder))}
            manifest = Manifest(
                version=__version__,
                made_at=at,
                database=engine.name,
                db_schema=state.db_schema,
                revision=state.revision,
                rows=state.rows,
                audit_head=state.audit_head,
                has_secrets=with_secrets,
                parts=measured(parts),
            )
            plain = Path(folder) / _PLAIN if keys else target
            pack(plain, manifest, parts)
            if keys:
                encryption.encrypt(plain, target, keys)
            return manifest
    except DBAPIError as error:
        raise translate(error, place.url) from None
    except OSError as error:
        raise BackupError(f"备份未完成：{error.strerror}。", f"The backup failed: {error.strerror}.") from None
    finally:
        engine.dispose()


def restore(place: Place, archive: Path, identity: Path | None = None) -> Restored:
    """Read an archive into an installation that holds nothing yet, and bring its schema up to date.

    Whatever is wrong with the archive is found before anything stands in its place.

    :param identity: a file with the private key of age that opens an encrypted archive.
    :raises BackupError: when something is there already, or the archive is damaged, of another kind of database, or of
        a newer version of the program. StoreError where the database does not answer.
    """
    try:
        _must_be_empty(place)
    except DBAPIError as error:
        raise translate(error, place.url) from None
    keys = encryption.read_identities(identity)
    made = not place.instance.exists()
    place.instance.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=place.instance, prefix=".restore-") as folder:
            if encryption.is_encrypted(archive):
                plain = Path(folder) / _PLAIN
                encryption.decrypt(archive, plain, keys)
                archive = plain
            manifest = unpack(archive, Path(folder))
            _must_fit(place, manifest)
            with _database(place, manifest, Path(folder)) as chain:
                put(place, manifest, Path(folder))
            return Restored(manifest, chain)
    except DBAPIError as error:
        raise translate(error, place.url) from None
    except OSError as error:
        raise BackupError(f"恢复未完成：{error.strerror}。", f"Nothing was restored: {error.strerror}.") from None
    finally:
        if made and not any(place.instance.iterdir()):
            place.instance.rmdir()


def _must_be_empty(place: Place) -> None:
    names = [str(path) for path in in_the_way(place)]
    if not database.is_empty(place.url):
        names.insert(0, place.url.set(query={}).render_as_string(hide_password=True))
    if names:
        raise BackupError(
            f"以下位置已有内容，未恢复任何内容：{'、'.join(names)}。请先移走，或换一个空的位置。",
            f"Nothing was restored, since something is there already: {', '.join(names)}. "
            "Move it away, or restore to an empty place.",
        )


def _must_fit(place: Place, manifest: Manifest) -> None:
    kind = "sqlite" if place.url.drivername == "sqlite" else "postgresql"
    if manifest.database != kind:
        raise BackupError(
            f"备份取自 {manifest.database}，而 DATABASE_URL 指向 {kind}。",
            f"The backup is of {manifest.database}, and DATABASE_URL leads to {kind}.",
        )
    if manifest.revision not in database.known_revisions():
        raise BackupError(
            f"备份的表结构版本 {manifest.revision} 比本程序新（备份由 {manifest.version} 版写入）。请先升级程序。",
            f"The backup's schema, {manifest.revision}, is newer than this program (version {manifest.version} wrote it): "
            "update the program first.",
        )


@contextmanager
def _database(place: Place, manifest: Manifest, folder: Path) -> Iterator[Chain]:
    """The restored database, its audit trail walked; gone again if what is done with it fails."""
    part = folder / DATABASE[manifest.database]
    if manifest.database == "sqlite":
        _must_agree(database.sqlite_state(part), manifest)
        staged = URL.create("sqlite", database=str(part))
        migrate(staged)
        chain = _walked(staged, manifest)
        final = Path(place.url.database or "").absolute()
        final.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        new_file(part, final)
        try:
            yield chain
        except BaseException:
            final.unlink()
            raise
        return
    engine = open_engine(place.url)
    try:
        database.load_postgresql(engine, part, manifest.db_schema or "public")
        try:
            with engine.connect() as connection:
                _must_agree(database.state_of(connection), manifest)
            migrate(place.url)
            yield _walked(place.url, manifest)
        except BaseException:
            database.clear_postgresql(engine)
            raise
    finally:
        engine.dispose()


def _must_agree(state: database.State, manifest: Manifest) -> None:
    if (state.revision, state.rows, state.audit_head) != (manifest.revision, manifest.rows, manifest.audit_head):
        raise BackupError(
            "备份中的数据库与清单不符，未恢复任何内容。",
            "The database in the backup is not as its manifest says; nothing was restored.",
        )


def _walked(url: URL, manifest: Manifest) -> Chain:
    engine = open_engine(url)
    try:
        with reading(engine) as opened:
            return verify(opened, Head.read(manifest.audit_head))
    finally:
        engine.dispose()
