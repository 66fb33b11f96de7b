"""The queue that wakes a worker, and the claim that lets one worker at a time have a piece of work."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from matcher import places
from matcher.settings import settings

from .database import make_private, sqlite_folder
from .faults import StoreError

# ---------------------------------------------------------------------------------------------------------------------
# Lets one worker at a time have a run. The claim ends with the process, however it ends: nothing has to expire.
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# The queue: wakes a worker. What there is to do stands in the database, so a message that is lost is no work lost.
# ---------------------------------------------------------------------------------------------------------------------


FILE = "jobs.db"

RUN, SCREENING, DELIVERY, IMPACT = "run", "screening", "delivery", "impact"

Work = Callable[[int], None]

"""Does a run, a screening, a delivery or an impact study, told its number."""

_WAIT_SECONDS = 15

_log = logging.getLogger(__name__)


class _Plain(Serializer):  # type: ignore[misc]
    """Messages as JSON: whoever can write into the queue must not thereby run code here, as with pickles."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


def open_queue(instance: Path, works: Mapping[str, Work]) -> Huey:
    """The queue of a site: on the Redis that ``REDIS_URL`` names, else in a SQLite file of its instance folder.

    :param works: what a worker does for a message of each name; whoever only sends gives what does nothing.
    :raises StoreError: where Redis is wanted and its client is not installed.
    """
    redis = settings().redis_url
    common = {"name": "matcher", "results": False, "serializer": _Plain()}
    if redis:
        try:
            queue = RedisHuey(url=redis, **common)
        except ConfigurationError:
            raise StoreError(
                "设置了 REDIS_URL，但没有安装 redis：请运行 pip install redis，或去掉 REDIS_URL。",
                "REDIS_URL is set but redis is not installed: pip install redis, or unset REDIS_URL.",
            ) from None
    else:
        instance.mkdir(parents=True, exist_ok=True)
        make_private(instance / FILE)
        queue = SqliteHuey(filename=str(instance / FILE), timeout=_WAIT_SECONDS, **common)
    for name, work in works.items():
        _register(queue, name, work)
    return queue


def enqueue_run(run_id: int, instance: Path | None = None) -> None:
    """Wake a worker for a run. Where the queue does not answer, the workers find the run by themselves within a minute."""
    enqueue(RUN, run_id, instance)


def enqueue_screening(screening_id: int, instance: Path | None = None) -> None:
    """Wake a worker for a screening, as `enqueue_run` does for a run."""
    enqueue(SCREENING, screening_id, instance)


def enqueue_impact(study_id: int, instance: Path | None = None) -> None:
    """Wake a worker for an impact study, as `enqueue_run` does for a run."""
    enqueue(IMPACT, study_id, instance)


def send(queue: Huey, name: str, number: int) -> None:
    """Put a message into an open queue."""
    queue.enqueue(queue._registry.string_to_task(f"{__name__}.{name}")((number,)))


def enqueue(name: str, number: int, instance: Path | None) -> None:
    """Wake a worker for the work of this name and number."""
    try:
        queue = open_queue(instance or places.instance_dir(), {name: _nothing})
        try:
            send(queue, name, number)
        finally:
            queue.storage.close()
    except Exception as error:  # whatever is wrong with SQLite or Redis: the work itself is safe in the database
        _log.warning("the queue did not take %s %s: %s", name, number, type(error).__name__)


def _register(queue: Huey, name: str, work: Work) -> None:
    def task(number: int) -> None:
        work(number)

    queue.task(name=name)(task)


def _nothing(number: int) -> None:
    return None
