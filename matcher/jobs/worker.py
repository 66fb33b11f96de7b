"""The worker: takes up what the database says is to be done, at its start, every minute, and when the queue wakes it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from huey import crontab
from huey.consumer import Consumer

from matcher.desk.runs.perform import perform
from matcher.issuing import Office
from matcher.jobs import screening
from matcher.jobs.queue import RUN, SCREENING, open_queue, send
from matcher.store import reading
from matcher.store.desk.runs import unfinished

_GRACE_SECONDS = 20
"""After SIGTERM or Ctrl-C a chunk of rows, or a letter, has this time to be finished."""


class Worker:
    """Works for one site until it is told to stop."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._queue = open_queue(office.instance, {RUN: self._run, SCREENING: self._screen})
        self._stopping: Callable[[], bool] = lambda: False
        self._queue.on_startup("take up")(self.take_up)
        self._queue.periodic_task(crontab(minute="*"), name="look")(self._look)

    def work(self) -> None:
        """Work until SIGTERM or SIGINT; what is under way then stays as far as it is."""
        consumer = Consumer(
            self._queue,
            workers=1,
            max_delay=1.0,
            scheduler_interval=5,
            graceful_signal="TERM",
            shutdown_timeout=_GRACE_SECONDS,
        )
        self._stopping = consumer.stop_flag.is_set
        consumer.run()

    def take_up(self) -> None:
        """Put everything that is to be done into the queue."""
        with reading(self._office.engine) as opened:
            found = [(RUN, one) for one in unfinished(opened)]
            found += [(SCREENING, one) for one in screening.unfinished(opened)]
        for name, number in found:
            send(self._queue, name, number)

    def _look(self) -> None:
        """Take up what a lost message left behind; where messages wait there is work enough."""
        if self._queue.pending_count() == 0:
            self.take_up()

    def _run(self, number: int) -> None:
        perform(self._office, number, _now, self._stopping)

    def _screen(self, number: int) -> None:
        screening.perform(self._office, number, _now, self._stopping)


def log_to_stderr() -> None:
    """Say on standard error what went wrong, and nothing else."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")


def _now() -> datetime:
    return datetime.now(UTC)
