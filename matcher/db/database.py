"""Opens the database that the address names: an engine, and sessions that commit as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from matcher.places import instance_dir
from matcher.settings import settings

from .faults import StoreError, translate

# ---------------------------------------------------------------------------------------------------------------------
# Reads the address of the database, and refuses a bad one without repeating it: there may be a password in it.
# ---------------------------------------------------------------------------------------------------------------------


_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2")

_SQLITE = ("sqlite", "sqlite+pysqlite")


def database_url() -> URL:
    """The address from DATABASE_URL, or `matcher.db` in the instance folder; StoreError as in :func:`read_url`."""
    named = settings().database_url
    return read_url(named.strip() if named else URL.create("sqlite", database=str(instance_dir() / "matcher.db")))


def read_url(address: str | URL) -> URL:
    """Read an address: ``sqlite:///path``, ``postgresql://…`` or ``postgres://…`` (both through psycopg 3).

    :raises StoreError: when it is neither, or cannot be read; the message never repeats the address.
    """
    try:
        url = make_url(address)
    except Exception:  # SQLAlchemy raises several kinds, some with a piece of the password in the message
        raise _bad_address() from None
    if url.drivername in _POSTGRESQL:
        return _with_hidden_password(url.set(drivername="postgresql+psycopg"))
    path = url.database or ""
    # In memory, the migrated schema would be gone with the connection that made it.
    if url.drivername in _SQLITE and path and ":memory:" not in path and not path.startswith("file:"):
        return url.set(drivername="sqlite")
    raise _bad_address()


def _with_hidden_password(url: URL) -> URL:
    """Move a password that stands in the query, as libpq allows, to where SQLAlchemy masks it."""
    password = url.query.get("password")
    if password is None:
        return url
    return url.difference_update_query(["password"]).set(
        password=password if isinstance(password, str) else password[-1]
    )


def _bad_address() -> StoreError:
    return StoreError(
        "DATABASE_URL 无法识别。请写成 sqlite:///文件路径 或 postgresql://用户:密码@主机/库名"
        "（密码中的特殊字符用百分号编码）。",
        "DATABASE_URL cannot be read. Write sqlite:///path/to/file or postgresql://user:password@host/name "
        "(special characters in the password percent-encoded).",
    )


# ---------------------------------------------------------------------------------------------------------------------
# Opens the database that the address names: an engine, and sessions that commit as a whole or roll back.
# ---------------------------------------------------------------------------------------------------------------------


_WAIT_SECONDS = 15

"""How long to wait for another writer (SQLite) or for the server to answer (PostgreSQL)."""

_READS = "matcher_reads"

"""The execution option of a connection that only reads."""


def open_engine(address: str | URL | None = None) -> Engine:
    """An engine on the address, or on :func:`database_url`; nothing is connected yet.

    Values of rows never appear in its errors (``hide_parameters``): they are facts of firms.

    :raises StoreError: for a bad address, or when the folder of a SQLite file cannot be made.
    """
    url = database_url() if address is None else read_url(address)
    return sqlite_engine(url) if url.drivername == "sqlite" else _postgresql_engine(url)


@contextmanager
def session(engine: Engine) -> Iterator[Session]:
    """A session over one transaction: committed at the end, rolled back as a whole when anything is raised.

    Records stay readable after it. On SQLite it takes the write lock at its first statement, so that two writers
    queue and none fails half-way; who only reads takes :func:`reading`.

    :raises StoreError: in place of the driver's error (ConstraintError for a refused row).
    """
    try:
        with Session(engine, expire_on_commit=False) as active, active.begin():
            yield active
    except DBAPIError as error:
        raise translate(error, engine.url) from None


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads: it waits for no writer, no writer waits for it, and what it would write is refused.

    On SQLite all of its statements see the database as it was at the first. Records stay readable after it.

    :raises StoreError: in place of the driver's error, and for an attempt to write.
    """
    options: dict[str, Any] = {"postgresql_readonly": True} if engine.name == "postgresql" else {_READS: True}
    try:
        with Session(engine.execution_options(**options), expire_on_commit=False) as active:
            yield active
    except DBAPIError as error:
        raise translate(error, engine.url) from None


def sqlite_engine(
    url: URL, pragmas: tuple[str, ...] = ("foreign_keys = ON", "cache_size = -16384"), wait: int = _WAIT_SECONDS
) -> Engine:
    """An engine on a SQLite file that is made first, for its owner alone; every connection starts with the pragmas.

    WAL is not among them: it stays with the file, and migrating turns it on.

    :param wait: seconds to wait for another writer (``busy_timeout``).
    """

    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin or commit by itself: _begin does
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    _make(Path(url.database or "").absolute())
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": wait})
    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin)
    return engine


def sqlite_folder(url: URL) -> Path:
    """The folder of a SQLite file, absolute."""
    return Path(url.database or "").absolute().parent


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": _WAIT_SECONDS})


def _begin(connection: Connection) -> None:
    # Set at every beginning, since the connection was perhaps a reader's before.
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
    # A transaction that reads first and writes later fails on SQLite when another wrote in between, without waiting.
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _make(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        make_private(file)
    except OSError as error:
        raise StoreError(
            f"无法建立数据库文件 {file}（{error.strerror}）。请更换 DATABASE_URL 或修改权限。",
            f"Cannot make the database {file} ({error.strerror}). Change DATABASE_URL or the rights.",
        ) from None


def make_private(file: Path) -> None:
    """Make an empty file that its owner alone may read, if there is none; what SQLite puts beside it takes over its rights.

    :raises OSError: when it cannot be made.
    """
    # One that is there is not even opened: closing it would free the locks that this process has on it.
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
