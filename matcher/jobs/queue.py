"""The queue: wakes a worker. What there is to do stands in the database, so a message that is lost is no work lost."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.registry import Message
from huey.serializer import Serializer

from matcher import places
from matcher.store.database import make_private
from matcher.store.faults import StoreError

FILE = "jobs.db"
RUN, SCREENING = "run", "screening"
Work = Callable[[int], None]
"""Does a run or a screening, told its number."""

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
    redis = os.environ.get("REDIS_URL")
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
    _enqueue(RUN, run_id, instance)


def enqueue_screening(screening_id: int, instance: Path | None = None) -> None:
    """Wake a worker for a screening, as `enqueue_run` does for a run."""
    _enqueue(SCREENING, screening_id, instance)


def send(queue: Huey, name: str, number: int) -> None:
    """Put a message into an open queue."""
    queue.enqueue(queue._registry.string_to_task(f"{__name__}.{name}")((number,)))


def _enqueue(name: str, number: int, instance: Path | None) -> None:
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
