"""What each page of the desk costs: seconds, statements, and steps of SQLite's machine, which a busy computer does not change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from matcher.web.database import engine

STEPS = 100
"""Instructions of SQLite's machine that are counted as one."""


@dataclass(frozen=True)
class Cost:
    """What one page took: seconds of this process (on PostgreSQL that pass; the fewest of some), statements, and hundreds of steps."""

    seconds: float
    statements: int
    steps: int


def addresses(firm_id: str, case_id: int, q: str, brand: str) -> dict[str, str]:
    """The pages that a clerk opens all day, by a short name.

    :param q: what fills the list of suggestions at the smallest desk too.
    :param brand: what a few firms there have in their names, and hundreds elsewhere.
    """
    return {
        "today": "/desk",
        "counter": "/desk/counter",
        "counter with a firm": f"/desk/counter?firm={firm_id}",
        "search": f"/desk/firms?q={q}",
        "hits": f"/desk/firms?part=hits&q={q}",
        "firm": f"/desk/firms/{firm_id}",
        "message": f"/desk/message?firm={firm_id}&scheme=six-taxes-two-fees",
        "cases": "/desk/cases",
        "cases by name": "/desk/cases?sort=name",
        "cases, oldest": "/desk/cases?sort=changed&assignee=me",
        "cases overdue": "/desk/cases?due=overdue&sort=due",
        "cases found": f"/desk/cases?q={q}",
        "case": f"/desk/cases/{case_id}",
        "letter form": f"/desk/cases/{case_id}/letters",
        "letters": "/desk/letters",
        "letters found": f"/desk/letters?q={q}",
        "lists": "/desk/runs",
        "list": "/desk/runs/1",
        "outreach": "/desk/outreach",
        "outreach of a scheme": "/desk/outreach/heping/six-taxes-two-fees",
        "compare": "/desk/outreach/compare",
        "dashboard": "/desk/dashboard",
        "outlook": "/desk/outlook",
        "people": "/desk/contacts",
        "texts": "/desk/texts",
        "palette": f"/desk/palette?q={q}",
        "hits of a brand": f"/desk/firms?part=hits&q={brand}",
        "palette of a brand": f"/desk/palette?q={brand}",
        "handover": "/desk/handover",
        "me": "/desk/me",
    }


@contextmanager
def counted(app: Flask) -> Iterator[dict[str, int]]:
    """Counts statements and steps of the application's database meanwhile."""
    found = {"statements": 0, "steps": 0}

    def step() -> int:
        found["steps"] += 1
        return 0

    def begin(connection: Any, *_: object) -> None:
        found["statements"] += 1
        if opened.dialect.name == "sqlite":
            connection.connection.dbapi_connection.set_progress_handler(step, STEPS)

    with app.app_context():
        opened = engine()
    event.listen(opened, "before_cursor_execute", begin)
    try:
        yield found
    finally:
        event.remove(opened, "before_cursor_execute", begin)


def cost(app: Flask, client: FlaskClient, address: str, times: int = 1) -> Cost:
    """What a page takes once it was opened before; it must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    with app.app_context():  # a server's work is no time of this process: what one waits for counts there
        clock = time.process_time if engine().dialect.name == "sqlite" else time.perf_counter
    seconds = []
    for _ in range(times):
        began = clock()
        client.get(address)
        seconds.append(clock() - began)
    with counted(app) as found:
        client.get(address)
    return Cost(min(seconds), found["statements"], found["steps"])
