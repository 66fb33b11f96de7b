"""The worker: takes up what the database says is to be done, and is kept going beside the site."""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from huey import crontab
from huey.consumer import Consumer

from matcher import webhooks
from matcher.batches import perform, unfinished
from matcher.cases import decide_ahead
from matcher.db import DELIVERY, IMPACT, RUN, SCREENING, open_queue, reading, send
from matcher.letters import Office
from matcher.outreach import ImpactStudy, Screening, impact_study, passes, screening
from matcher.settings import settings
from matcher.text import day_of

from .secret import secret_key

# ---------------------------------------------------------------------------------------------------------------------
# The worker: takes up what the database says is to be done, at its start, every minute, and when the queue wakes it.
# ---------------------------------------------------------------------------------------------------------------------


_GRACE_SECONDS = 20

"""After SIGTERM or Ctrl-C a chunk of rows, or a letter, has this time to be finished."""


class Worker:
    """Works for one site until it is told to stop."""

    def __init__(self, office: Office) -> None:
        self._office = office
        works = {RUN: self._run, SCREENING: self._screen, DELIVERY: self._deliver, IMPACT: self._study}
        self._queue = open_queue(office.instance, works)
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
            found += [(SCREENING, one) for one in passes.unfinished(opened, Screening)]
            found += [(IMPACT, one) for one in passes.unfinished(opened, ImpactStudy)]
        found += [(DELIVERY, one) for one in webhooks.take_up(self._office.engine, _now())]
        for name, number in found:
            send(self._queue, name, number)

    def _look(self) -> None:
        """Take up what a lost message left behind; where messages wait there is work enough."""
        if self._queue.pending_count() == 0:
            self.take_up()
        if self._queue.pending_count() == 0:
            decide_ahead(self._office, day_of(_now()), self._is_wanted)

    def _is_wanted(self) -> bool:
        """Whether the worker is to end, or something waits that somebody asked for."""
        return self._stopping() or self._queue.pending_count() > 0

    def _run(self, number: int) -> None:
        perform(self._office, number, _now, self._stopping)

    def _screen(self, number: int) -> None:
        screening.perform(self._office, number, _now, self._stopping)

    def _study(self, number: int) -> None:
        impact_study.perform(self._office, number, _now, self._stopping)

    def _deliver(self, number: int) -> None:
        secrets = [secret_key(self._office.instance), *settings().secret_key_fallbacks]
        webhooks.perform(self._office.engine, number, _now, secrets)


def log_to_stderr() -> None:
    """Say on standard error what went wrong, and nothing else."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")


def _now() -> datetime:
    return datetime.now(UTC)


# ---------------------------------------------------------------------------------------------------------------------
# Keeps a worker going beside the site: starts it again when it dies, and ends it when the site has ended.
# ---------------------------------------------------------------------------------------------------------------------


# -P: a folder called matcher where the site was started from must not be taken for the program.
COMMAND = (sys.executable, "-P", "-c", "from matcher.cli import main; main()", "jobs")

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


def start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a keeper. It ends, and its worker with it, when its standard input is closed, as it is when we end."""
    return subprocess.Popen(
        [*COMMAND, "--keep"], stdin=subprocess.PIPE, env=environment, start_new_session=True, close_fds=True
    )


def stop(keeper: subprocess.Popen[bytes], seconds: float) -> None:
    """Let a keeper end its worker and wait for both."""
    assert keeper.stdin is not None
    keeper.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        keeper.wait(seconds)


def keep() -> None:
    """Be the keeper: run one worker after the other until standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    pause = _FIRST_PAUSE
    while True:
        began = time.monotonic()
        worker = subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL)
        try:
            has_died = _wait(worker)
        finally:
            worker.terminate()
            worker.wait()
        if not has_died or _input_ends(pause):
            return
        has_lived = time.monotonic() - began > _LONGEST_PAUSE
        pause = _FIRST_PAUSE if has_lived else min(pause * 2, _LONGEST_PAUSE)


def _wait(worker: subprocess.Popen[bytes]) -> bool:
    """Wait until the worker has died (True) or standard input has ended (False)."""
    death = os.pidfd_open(worker.pid)
    try:
        with selectors.DefaultSelector() as waiting:
            waiting.register(death, selectors.EVENT_READ)
            waiting.register(sys.stdin.fileno(), selectors.EVENT_READ)
            return {key.fd for key, _ in waiting.select()} == {death}
    finally:
        os.close(death)


def _input_ends(seconds: float) -> bool:
    """Whether standard input ends within these seconds."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(sys.stdin.fileno(), selectors.EVENT_READ)
        return bool(waiting.select(seconds))
