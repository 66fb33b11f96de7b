"""The queue: plain messages, and no work lost where it does not answer."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from matcher.db.queue import FILE, RUN, enqueue_run, enqueue_screening, open_queue

NOBODY = "redis://127.0.0.1:1/0"
"""Where no Redis listens."""


@pytest.fixture(autouse=True)
def _without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)


def messages(instance: Path) -> list[list[object]]:
    """What lies in the queue of an instance folder."""
    with closing(sqlite3.connect(instance / FILE)) as file:
        return [json.loads(data) for (data,) in file.execute("SELECT data FROM task ORDER BY id")]


def test_messages_are_names_and_numbers_in_json(tmp_path: Path) -> None:
    """Nothing in the queue can be run as code."""
    enqueue_run(12, tmp_path)
    enqueue_screening(3, tmp_path)
    assert [(str(told[1]).rpartition(".")[2], told[6]) for told in messages(tmp_path)] == [
        ("run", [12]),
        ("screening", [3]),
    ]


def test_a_worker_gets_the_number_that_was_sent(tmp_path: Path) -> None:
    """What a sender puts in, a worker takes out."""
    done: list[int] = []
    queue = open_queue(tmp_path, {RUN: done.append})
    enqueue_run(12, tmp_path)
    queue.execute(queue.dequeue())
    queue.storage.close()
    assert done == [12]


def test_a_queue_that_cannot_be_written_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The database has the run: that it was not announced is logged, not raised."""
    blocked = tmp_path / "instance"
    blocked.write_text("a file where a folder should be")
    enqueue_run(12, blocked)
    assert "did not take run 12" in caplog.text


def test_redis_is_used_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No file is made then; a Redis that does not answer stops nobody either."""
    pytest.importorskip("redis")
    monkeypatch.setenv("REDIS_URL", NOBODY)
    enqueue_run(12, tmp_path)
    assert "did not take run 12" in caplog.text
    assert list(tmp_path.iterdir()) == []
