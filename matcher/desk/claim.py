"""Lets one worker at a time have a run. The claim ends with the process, however it ends: nothing has to expire."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from matcher.store.database import sqlite_folder
from matcher.store.faults import StoreError

_KEY = "(hashtext('matcher ' || current_schema() || :what), :number)"
_LOCK, _UNLOCK = text(f"SELECT pg_try_advisory_lock{_KEY}"), text(f"SELECT pg_advisory_unlock{_KEY}")


@contextmanager
def claimed(engine: Engine, what: str, number: int) -> Iterator[bool]:
    """Whether the run (``what``: ``run``) is ours until the block ends; False where another worker has it.

    By a lock of the server on PostgreSQL, which workers on other machines see too; by a file beside a SQLite database.

    :raises StoreError: where the file cannot be made.
    """
    if engine.name == "postgresql":
        key = {"what": what, "number": number}
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # its own: where it breaks the lock goes with it, and it must not return to the pool
            is_ours = bool(connection.scalar(_LOCK, key))
            try:
                yield is_ours
            finally:
                if is_ours and not connection.closed:
                    with contextlib.suppress(DBAPIError):  # the server ends the lock with the connection
                        connection.execute(_UNLOCK, key)
        return
    handle = _open(sqlite_folder(engine.url) / "claims", f"{what}-{number}.lock")
    try:
        yield _locked(handle)
    finally:
        os.close(handle)  # this frees the lock, as the end of the process would


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(folder: Path, name: str) -> int:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            f"写不了 {folder}（{error.strerror}）。请检查权限。",
            f"{folder} cannot be written ({error.strerror}). Check the rights.",
        ) from None
