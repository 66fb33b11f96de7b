"""A whole site under load while things break: what was accepted is there, once; what was not says so; afterwards all is well.

Programs send creations with an Idempotency-Key and send again what was not answered, as docs/api.md tells them to.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from matcher.audit.check import verify
from matcher.cases.models import Case
from matcher.db.database import open_engine, reading
from tests.benchmarks.load import Site, site
from tests.fixtures.databases import new_database

PATIENCE = 120

SENDERS = 4


@dataclass
class Load:
    """Programs that open cases as long as they are let: what was accepted by key, and every other status that was seen."""

    running: Site
    accepted: dict[str, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def send(self, sender: int) -> None:
        """Open one case after the other, each until it is accepted."""
        for number in count():
            if self.over.is_set():
                return
            key, deadline = f"{sender}-{number}", time.monotonic() + PATIENCE
            while key not in self.accepted:
                assert time.monotonic() < deadline, self.seen
                self._try(key)

    def _try(self, key: str) -> None:
        body = json.dumps({"facts": {"name": f"天津{key}企业"}}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.running.key}"}
        try:
            asked = Request(f"{self.running.url}/api/v1/cases", body, {**headers, "Idempotency-Key": key})
            with urlopen(asked, timeout=60) as answer:
                self.accepted[key] = json.load(answer)["id"]
        except HTTPError as error:
            with error:
                self.seen.add(error.code)
            self.over.wait(0.05)
        except (OSError, HTTPException):  # the worker that had it is gone, or another is not there yet
            self.over.wait(0.05)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with two workers on SQLite."""
    with site(tmp_path_factory.mktemp("faults")) as found:
        yield found


@pytest.fixture
def on_postgres(server: Engine, tmp_path: Path) -> Iterator[Site]:
    """One on PostgreSQL."""
    with new_database(server) as address, site(tmp_path, address) as found:
        yield found


def under_load(running: Site, breaks: Callable[[Load], None]) -> Load:
    """Break something while programs send; they end once it is mended and each has gone on with what it was at."""
    load = Load(running)
    with ThreadPoolExecutor(SENDERS) as pool:
        sending = [pool.submit(load.send, sender) for sender in range(SENDERS)]
        try:
            wait_for(lambda: len(load.accepted) > SENDERS)
            breaks(load)
            before = len(load.accepted)
            wait_for(lambda: len(load.accepted) > before + SENDERS)
        finally:
            load.over.set()
        for one in sending:
            one.result()
    return load


def wait_for(is_so: Callable[[], bool]) -> None:
    """Until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def must_be_whole(load: Load) -> None:
    """Each accepted case is there under its number, once; none beside is there twice; the trail holds."""
    engine = open_engine(load.running.database)
    with reading(engine) as register:
        found = {case.id: case.name for case in register.exec(select(Case))}
        chain = verify(register)
    engine.dispose()
    assert {number: f"天津{key}企业" for key, number in load.accepted.items()}.items() <= found.items()
    assert len(set(found.values())) == len(found)
    assert chain.whole
    with urlopen(f"{load.running.url}/readyz", timeout=60) as answer:
        assert answer.status == 200


def test_workers_that_are_killed_lose_nothing(running: Site) -> None:
    """SIGKILL to one after the other, in the midst of it."""

    def breaks(load: Load) -> None:
        for _ in range(3):
            workers, before = running.workers(), len(load.accepted)
            os.kill(workers[0], signal.SIGKILL)
            wait_for(lambda: len(load.accepted) > before + SENDERS)  # noqa: B023

    load = under_load(running, breaks)
    must_be_whole(load)
    assert load.seen <= {409, 503}


def test_a_full_disk_is_said_and_loses_nothing(running: Site) -> None:
    """As long as nothing can be written the site says so (503) and goes on answering what needs no writing; then all goes on."""

    def breaks(load: Load) -> None:
        for pid in running.workers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        wait_for(lambda: 503 in load.seen)
        with urlopen(f"{running.url}/api/v1/schemes", timeout=60) as answer:
            assert answer.status == 200
        for pid in running.workers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    load = under_load(running, breaks)
    must_be_whole(load)
    assert load.seen <= {409, 503}


def restart(server: Engine) -> None:
    """The database goes down at once, as at a power cut of its machine, and comes back."""
    with server.connect() as connection:
        folder = connection.scalar(text("SHOW data_directory"))
    server.dispose()
    (program,) = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1:]
    as_owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    command = [*as_owner, str(program), "-D", str(folder), "-m", "immediate", "-w", "-s", "restart"]
    subprocess.run(command, check=True, cwd="/tmp", stdout=subprocess.DEVNULL, timeout=120)


def test_a_database_that_is_restarted_loses_nothing(server: Engine, on_postgres: Site) -> None:
    """Twice, without a warning; while it is away the site says so (503), and it finds it again by itself."""

    def breaks(load: Load) -> None:
        for _ in range(2):
            before = len(load.accepted)
            restart(server)
            wait_for(lambda: len(load.accepted) > before + SENDERS)  # noqa: B023

    load = under_load(on_postgres, breaks)
    must_be_whole(load)
    assert load.seen <= {409, 503}


def test_an_upload_that_breaks_off_leaves_nothing(running: Site) -> None:
    """Half a body, and the connection is gone: no case, no file, no worker that waits for it."""
    where = urlsplit(running.url)
    head = (
        f"POST /api/v1/cases HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {running.key}\r\n"
        "Idempotency-Key: half\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    )
    for _ in range(20):
        with socket.create_connection((where.hostname or "", where.port or 0), 30) as connection:
            connection.sendall(head.encode() + b'{"facts": {"name": "half')
    load = under_load(running, lambda _: None)
    must_be_whole(load)
    assert load.seen <= {409}
    engine = open_engine(running.database)
    with reading(engine) as register:
        assert register.exec(select(Case).where(Case.name == "half")).first() is None
    engine.dispose()
