"""Reads the address of the database, and refuses a bad one without repeating it: there may be a password in it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sqlalchemy import URL, make_url

from matcher.places import instance_dir
from matcher.store.faults import StoreError

_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2")
_SQLITE = ("sqlite", "sqlite+pysqlite")


def database_url(environ: Mapping[str, str] = os.environ) -> URL:
    """The address from DATABASE_URL, or `matcher.db` in the instance folder; StoreError as in :func:`read_url`."""
    named = environ.get("DATABASE_URL", "").strip()
    return read_url(named or URL.create("sqlite", database=str(instance_dir() / "matcher.db")))


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
