"""The worker beside the site: started with it, started again when it dies, ended with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from matcher.letters.issue import Office
from matcher.ops import worker as keeper
from tests.fixtures.runs import LineUp, Row, as_csv, run_of
from tests.fixtures.workers import settings_of, wait_until

SITE = (sys.executable, "-c", "from matcher.cli import main; main()", "serve")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that live."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(told) for told in file.read().split()]


def has_ended(pid: int) -> bool:
    """Whether a process is gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@contextmanager
def site(office: Office, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """The whole site on a free port; ended at the end."""
    env = {**settings_of(office), "HOST": "127.0.0.1", "PORT": "0", "WEB_CONCURRENCY": "1", **more}
    with subprocess.Popen(SITE, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().startswith("Serving on")
            yield process
        finally:
            process.terminate()
            process.wait(60)


def test_a_worker_that_dies_is_started_again(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """A run that comes after the death is done all the same; closing the input ends both."""
    keeping = keeper.start(settings_of(office))
    try:
        first = lined_up(as_csv(drawn[:2]))
        wait_until(keeping, lambda: run_of(office, first).state == "done")
        (worker,) = children(keeping.pid)
        os.kill(worker, signal.SIGKILL)
        second = lined_up(as_csv(drawn[:2]))
        wait_until(keeping, lambda: run_of(office, second).state == "done")
        (worker,) = children(keeping.pid)
    finally:
        keeper.stop(keeping, 60)
    assert keeping.returncode == 0
    assert has_ended(worker)


def test_the_site_brings_its_worker(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """A run is done while the site is up; with the site the worker ends."""
    with site(office) as serving:
        run_id = lined_up(as_csv(drawn[:2]))
        wait_until(serving, lambda: run_of(office, run_id).state == "done")
        started = [pid for child in children(serving.pid) for pid in (child, *children(child))]
    assert serving.returncode == 0
    assert all(has_ended(pid) for pid in started)


def test_without_jobs_the_site_stands_alone(office: Office) -> None:
    """JOBS=off starts no keeper: the server has its web worker and nothing else."""
    with site(office, JOBS="off") as serving:
        assert len(children(serving.pid)) == 1
