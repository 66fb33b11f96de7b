"""Real workers for the tests: started as the command line starts them, watched by way of the database."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from matcher.letters.issue import Office
from matcher.ops import worker as keeper

WORKER = keeper.COMMAND
PATIENCE = 20 * 60 * 30
"""Polls of a twentieth of a second after which a worker has got stuck."""


def settings_of(office: Office) -> dict[str, str]:
    """The environment in which a program works on the office's database and folder."""
    kept = {name: told for name, told in os.environ.items() if name not in ("REDIS_URL", "MATCHER_KEYS", "JOBS")}
    address = office.engine.url.render_as_string(hide_password=False)
    return {**kept, "DATABASE_URL": address, "MATCHER_INSTANCE": str(office.instance)}


@contextmanager
def worker(office: Office) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker on the office's database and folder; killed at the end, if it lives."""
    process = subprocess.Popen(WORKER, env=settings_of(office))
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(process: subprocess.Popen[bytes] | subprocess.Popen[str], is_so: Callable[[], bool]) -> None:
    """Wait for the database to say so, as long as the worker lives."""
    for _ in range(PATIENCE):
        if is_so():
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the worker ended with {process.returncode}")
    raise AssertionError("the worker has got stuck")
