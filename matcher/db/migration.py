"""Brings the schema of a database to a revision, in one transaction, however many processes ask for it at once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from matcher.places import migrations_dir

from .database import database_url, open_engine, read_url, sqlite_engine, sqlite_folder
from .faults import StoreError, shown, translate

_WAIT_SECONDS = 120

"""How long a migration waits for another to end."""

_LOCK_KEY = 0x6D61746368

"""The PostgreSQL advisory lock: any number that nothing else in the same database takes."""

# A table is rebuilt by copying it, which foreign keys would forbid; they are checked at the end instead.
_PRAGMAS = ("foreign_keys = OFF", "journal_mode = WAL")


def migrate(address: str | URL | None = None, revision: str = "head") -> None:
    """Bring the schema up to the revision; started twice at once, one waits for the other.

    :param address: as :func:`matcher.db.database.open_engine` takes it.
    :raises StoreError: when the database cannot be reached, or is of a revision that this version does not know.
    """
    _migrate(address, command.upgrade, revision)


def migrate_down(address: str | URL | None, revision: str) -> None:
    """Take the schema back to the revision (``base``: to nothing, data and all); otherwise as :func:`migrate`."""
    _migrate(address, command.downgrade, revision)


def _migrate(address: str | URL | None, step: Callable[[Config, str], None], revision: str) -> None:
    url = database_url() if address is None else read_url(address)
    engine = _engine(url)
    try:
        with _lock(url), engine.begin() as connection:
            _wait_for_others(connection)
            step(_alembic(connection), revision)
            _must_refer_to_rows(connection)
    except DBAPIError as error:
        raise translate(error, url) from None
    except CommandError as error:
        raise _misfit(url, error) from None
    finally:
        engine.dispose()


def _engine(url: URL) -> Engine:
    return sqlite_engine(url, _PRAGMAS, _WAIT_SECONDS) if url.drivername == "sqlite" else open_engine(url)


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _lock(url: URL) -> AbstractContextManager[None]:
    """On SQLite, hold the folder: turning WAL on fails at once when another process is at it, whatever the wait.

    The folder and not the file, since closing any handle on the file would drop SQLite's own locks.
    """
    return _hold(sqlite_folder(url)) if url.drivername == "sqlite" else nullcontext()


@contextmanager
def _hold(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # this frees the lock, as the end of the process would


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def _must_refer_to_rows(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StoreError(
            "升级会使一些记录失去所引用的记录，已全部撤销；数据未变。请保留数据库并联系开发者。",
            "The migration would leave rows that refer to nothing; it is undone and the data is as before. "
            "Keep the database and report this.",
        )


def _misfit(url: URL, error: CommandError) -> StoreError:
    return StoreError(
        f"数据库 {shown(url)} 的版本与本程序不符（{error}）。请安装写入该数据库的程序版本。",
        f"The schema of {shown(url)} does not fit this version ({error}). Install the version that wrote it.",
    )
