"""The site answers everybody else while strangers send what is made to hold it up: files, spreadsheets, slow connections."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from matcher.accounts import passwords
from matcher.accounts.service import NewAccount, add_account
from matcher.db.database import open_engine, session
from matcher.db.migration import migrate
from tests.conftest import count
from tests.fixtures.hostile import SHEETS, tree_of_fields

PASSWORD = "海河边上的第七盏灯-0417"
PATIENCE = 300  # seconds after which an answer has not come at all
SLOW = 50  # more than there are threads, however few of the other things are sent
ANSWERED = {200, 422, 429, 503}
FULL = os.environ.get("MATCHER_FULL") == "1"


@dataclass
class Client:
    """One visitor: an address (as the proxy in front tells it) and a cookie."""

    port: int
    address: str = "203.0.113.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        """The status and the text of an answer; its cookies are kept."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"X-Forwarded-For": self.address, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        connection.request(method, path, body or None, headers | ({"Content-Type": kind} if kind else {}))
        with connection.getresponse() as answer:
            text = answer.read().decode()
            for told in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = told.partition(";")[0].partition("=")
                self.cookies[name] = value
        connection.close()
        return answer.status, text

    def token(self, path: str) -> str:
        """The token of a page."""
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.send("GET", path)[1])
        assert found is not None
        return found[1]

    def upload(self, path: str, token: str, name: str, content: bytes, **fields: str) -> int:
        """The status of the answer to a form with a file."""
        parts = [f'name="{key}"\r\n\r\n{value}' for key, value in {"csrf_token": token, **fields}.items()]
        body = b"".join(f"--B\r\nContent-Disposition: form-data; {part}\r\n".encode() for part in parts)
        body += f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode()
        body += b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n--B--\r\n"
        return self.send("POST", path, body, "multipart/form-data; boundary=B")[0]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a site of two processes, behind one proxy as it believes, with a clerk's account."""
    folder = tmp_path_factory.mktemp("load")
    url = f"sqlite:///{folder}/matcher.db"
    migrate(url)
    engine = open_engine(url)
    with session(engine) as register:
        new = NewAccount("clerk", "Clerk", "clerk", "heping", passwords.hashed(PASSWORD))
        add_account(register, new, datetime(2026, 1, 5, 1, tzinfo=UTC))
    engine.dispose()
    env = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "s" * 32, "MATCHER_INSTANCE": str(folder)}
    env |= {"PROXIES": "1", "JOBS": "off", "WEB_CONCURRENCY": "2"}
    command = [str(Path(sys.executable).with_name("matcher")), "serve", "--port", "0"]
    # Into a file: nobody reads the access log of so many requests while they go on, and a full pipe would hold them up.
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        assert server.stdout is not None
        try:
            line = next(line for line in server.stdout if line.startswith("Serving on "))
            yield int(line.rsplit(":", 1)[1])
        finally:
            server.terminate()
            server.stdout.read()


STARTS = (
    b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    b"POST /verify HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 200000\r\n\r\n",
    b"GET /verify/offline HTTP/1.1\r\nHost: x\r\n\r\n" * 20,
)
"""A header and a body of which a byte comes now and then, and questions whose answers nobody reads."""


def opened(port: int, number: int) -> socket.socket:
    """A slow connection, the kinds in turn."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    one.connect(("127.0.0.1", port))
    one.sendall(STARTS[number % 3])
    return one


@pytest.fixture
def slow(port: int) -> Iterator[list[socket.socket]]:
    """Slow connections; one that the site gives up is opened anew."""
    held = [opened(port, number) for number in range(SLOW)]
    stop = threading.Event()

    def trickle() -> None:
        while not stop.wait(0.5):
            for number in range(SLOW):
                if number % 3 == 2:
                    continue
                try:
                    held[number].sendall(b"a")
                except OSError:
                    held[number].close()
                    held[number] = opened(port, number)

    thread = threading.Thread(target=trickle)
    thread.start()
    yield held
    stop.set()
    thread.join()
    for one in held:
        one.close()


def worst_while(port: int, *attacks: Callable[[], int]) -> tuple[float, int, Counter[int]]:
    """Send all attacks at once and ask for /healthz until they are over: its longest answer (s), how often it was asked,
    and the answers to the attacks.
    """
    worst, asked = 0.0, 0
    with ThreadPoolExecutor(len(attacks)) as sending:
        sent = [sending.submit(one) for one in attacks]
        while not asked or not all(one.done() for one in sent):
            began = time.monotonic()
            status, text = Client(port, "203.0.113.250").send("GET", "/healthz")
            worst, asked = max(worst, time.monotonic() - began), asked + 1
            assert (status, text) == (200, "ok\n")
            time.sleep(0.05)
        return worst, asked, Counter(one.result() for one in sent)


def signed_in(port: int) -> Client:
    """A clerk at the desk."""
    clerk = Client(port)
    form = urlencode({"csrf_token": clerk.token("/desk/sign-in"), "name": "clerk", "password": PASSWORD})
    status, _ = clerk.send("POST", "/desk/sign-in", form.encode(), "application/x-www-form-urlencoded")
    assert status == 303
    return clerk


def test_hostile_load(port: int, slow: list[socket.socket]) -> None:
    """Under hostile files and spreadsheets, all at once, and fifty slow connections, everything is answered, and
    /healthz within a second (under MATCHER_FULL).
    """
    pdf, visitor, clerk = tree_of_fields(), Client(port), signed_in(port)
    token, desk_token = visitor.token("/verify"), clerk.token("/desk/runs")

    def letter(number: int) -> Callable[[], int]:
        stranger = Client(port, f"198.51.100.{number}", dict(visitor.cookies))
        return lambda: stranger.upload("/verify", token, "letter.pdf", pdf)

    def sheet(name: str) -> Callable[[], int]:
        sender = Client(port, cookies=dict(clerk.cookies))
        return lambda: sender.upload(
            "/desk/runs", desk_token, "a.xlsx", SHEETS[name], as_of="2026-03-31", language="zh"
        )

    letters = [letter(number) for number in range(count(100))]
    names = sorted(SHEETS)
    sheets = [sheet(names[number % len(names)]) for number in range(count(20))]
    worst, asked, answers = worst_while(port, *letters, *sheets)
    print(f"\n/healthz asked {asked} times, worst {worst:.3f} s; answers {dict(answers)}")
    assert set(answers) <= ANSWERED
    assert answers[200] + answers[422] > 0
    if FULL:
        assert worst <= 1.0


def test_slow_connections_get_their_answer(port: int, slow: list[socket.socket]) -> None:
    """A slow client is no enemy: when the rest of its request comes, it is answered."""
    slow[0].sendall(b"\r\n\r\n")
    assert slow[0].recv(15) == b"HTTP/1.1 200 OK"
