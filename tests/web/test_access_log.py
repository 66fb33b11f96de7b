"""The access log: one line a request, with what an operator needs and nothing of a visitor; `/healthz` asks the database."""

import json
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from matcher.db.migration import migrate
from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from tests.fixtures.pages import SECRET

Make = Callable[..., Flask]
KEY = "K" * 24


@pytest.fixture
def make(rulebook: Rulebook, tmp_path: Path) -> Make:
    """Builds the application on a database of its own, migrated already."""
    address = f"sqlite:///{tmp_path}/matcher.db"
    migrate(address)

    def build(**config: object) -> Flask:
        return create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "DATABASE_URL": address, **config})

    return build


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was logged since the last look."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/document", "/document", 200),
        ("HEAD", "/document", "/document", 200),
        ("GET", f"/link/{KEY}?lang=en", "/link/<key>", 404),
        ("GET", "/scheme/six-taxes-two-fees?as_of=2026-03-31", "/scheme/<slug>", 200),
        ("GET", "/desk/cases/7", "/desk/cases/<int:case_id>", 303),
        ("GET", "/no/such/page", None, 404),
        ("DELETE", "/document", None, 405),
        ("BREW", "/document", None, 405),
    ],
)
def test_a_request_is_a_line(
    make: Make, capsys: pytest.CaptureFixture[str], method: str, path: str, route: str | None, status: int
) -> None:
    """The pattern of the address stands in it, never the address; the number is that of the answer's header."""
    answer = make().test_client().open(path, method=method)
    (line,) = lines(capsys)
    assert list(line) == ["at", "id", "method", "route", "status", "ms"]
    assert (line["route"], line["status"]) == (route, status)
    assert line["method"] == (method if method != "BREW" else "other")
    assert line["id"] == answer.headers["X-Request-ID"]
    assert line["ms"] >= 0


def test_nothing_of_a_visitor_is_logged(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """No key of a link, no query, no address, no word that was typed, no cookie, no header."""
    client = make().test_client()
    client.get(f"/link/{KEY}?told=赵钱孙", environ_base={"REMOTE_ADDR": "203.0.113.9"}, headers={"Referer": "http://r"})
    client.post("/all", data={"fact_name": "赵钱孙公司"}, headers={"User-Agent": "Curious/1.0"})
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 2
    for hidden in (KEY, "赵", "\\u8d75", "203.0.113", "http://r", "Curious", "fact_name"):
        assert hidden not in told


def test_it_can_be_switched_off(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer has its number all the same."""
    answer = make(ACCESS_LOG=False).test_client().get("/document")
    assert lines(capsys) == []
    assert len(answer.headers["X-Request-ID"]) == 12


def test_a_failure_has_one_number_everywhere(
    make: Make, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """On the page, in the log of failures, in the access log and in the header: whoever reads it out is helped."""
    app = make(PROPAGATE_EXCEPTIONS=False)

    @app.get("/fails")
    def fails() -> str:
        raise ValueError

    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/fails")
    (line,) = lines(capsys)
    assert (line["route"], line["status"]) == ("/fails", 500)
    assert line["id"] == answer.headers["X-Request-ID"]
    assert line["id"] in answer.text
    assert f"incident {line['id']}" in caplog.text


def test_each_request_has_its_own_number(make: Make) -> None:
    """Also from one visitor, and whatever number a stranger sends along."""
    client = make(ACCESS_LOG=False).test_client()
    found = {client.get("/healthz", headers={"X-Request-ID": "mine"}).headers["X-Request-ID"] for _ in range(50)}
    assert len(found) == 50
    assert "mine" not in found


def spoiled(file: Path) -> None:
    """The database's file with other bytes in it."""
    file.write_bytes(b"no database" * 1000)


def emptied(file: Path) -> None:
    """A database without a table."""
    file.unlink()
    sqlite3.connect(file).close()


@pytest.mark.parametrize("harm", [spoiled, emptied])
def test_health_says_when_the_database_does_not_answer(
    make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], None]
) -> None:
    """503 with the reason in both languages; the particulars, which name files, are in the log alone."""
    app = make()
    for ending in ("-wal", "-shm"):
        (tmp_path / f"matcher.db{ending}").unlink(missing_ok=True)
    harm(tmp_path / "matcher.db")
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.mimetype) == (503, "text/plain")
    assert answer.text == "数据库没有响应 / the database does not answer\n"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "the database did not answer" in caplog.text


def test_health_waits_for_no_writer(make: Make, tmp_path: Path) -> None:
    """Somebody who writes for long does not make the site look ill."""
    app = make()
    with sqlite3.connect(tmp_path / "matcher.db", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert app.test_client().get("/healthz").text == "ok\n"
        writer.execute("ROLLBACK")
    writer.close()
