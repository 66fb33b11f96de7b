"""A desk at which much was done is as quick as an empty one: no page reads what it does not show.

Under ``script/bench`` with 100,000 firms and 1,000 cases, and the seconds of a page too; else with a thirtieth. What is compared is
what SQLite has to do for a page, at that desk and at one with a few firms and cases, whose lists are as long as a page shows.
On PostgreSQL, under ``script/bench`` alone, it is the statements and the seconds, of which the server's are not this process's.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from matcher.rulebook.rulebook import Rulebook
from matcher.web.database import close_engine, engine
from tests.benchmarks.desk_pages import Cost, addresses, cost
from tests.fixtures.databases import new_database
from tests.fixtures.desk import FILE, Visitor
from tests.tools.desk_data import fill

FULL = os.environ.get("MATCHER_FULL") == "1"
FIRMS, CASES = (100_000, 1_000) if FULL else (3_000, 400)
FEW_FIRMS, FEW_CASES = 200, 60
TIMES = 5 if FULL else 1
ROUNDS = 4 if FULL else 1
"""Both desks are measured by turns: a machine that is slower for a minute is slower for both."""

MOST_STEPS = CASES / FEW_CASES if FULL else 3.0
"""So much more may SQLite do: a list is counted in its index, once a case; never once a firm."""
FREE = 250
"""Hundreds of steps that cost nobody anything: a millisecond."""
MOST_TIMES = 2
"""So many times the time that the page of the small desk takes."""

ONLY_WHOLE = pytest.mark.skipif(not FULL, reason="only its seconds differ from SQLite's")

SignedIn = Callable[[str], Visitor]


def costs(
    app: Flask, rulebook: Rulebook, folder: Path, signed_in: SignedIn, desks: Mapping[str, tuple[int, int]]
) -> list[dict[str, Cost]]:
    """Fill the database at each address with so many firms and cases, and say what each page takes there at the fewest."""
    firms: dict[str, str] = {}
    found: dict[str, dict[str, Cost]] = {}
    for _ in range(ROUNDS):
        for at, (size, cases) in desks.items():
            app.config.update({"DATABASE_URL": at})
            with app.app_context():
                close_engine()
                if at not in firms:
                    firms[at] = fill(engine(), rulebook, folder, size, cases)[3]
            client, pages = signed_in("clerk").client, addresses(firms[at], 4, "天津", "天津海河")
            now = {name: cost(app, client, path, TIMES) for name, path in pages.items()}
            found[at] = {name: min(now[name], found.get(at, now)[name], key=lambda one: one.seconds) for name in now}
    with app.app_context():
        close_engine()
    return list(found.values())


@pytest.fixture
def second_database(backend: str, desk_folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of another database as `desk_database` gives one."""
    if backend == "sqlite":
        shutil.copytree(desk_folder, tmp_path / "second")
        yield f"sqlite:///{tmp_path}/second/{FILE}"
        return
    with new_database(request.getfixturevalue("server"), request.getfixturevalue("desk_template")) as address:
        yield address


@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=ONLY_WHOLE)], indirect=True)
def test_no_page_reads_what_it_does_not_show(
    desk_app: Flask, second_database: str, signed_in: SignedIn, rulebook: Rulebook, tmp_path: Path
) -> None:
    """As many statements, and hardly more work for the database; whole: at most twice the time as well."""
    desks = {desk_app.config["DATABASE_URL"]: (FEW_FIRMS, FEW_CASES), second_database: (FIRMS, CASES)}
    few, many = costs(desk_app, rulebook, tmp_path, signed_in, desks)
    for name, cost_ in many.items():
        times = cost_.seconds / few[name].seconds
        sys.stderr.write(f"{name:24} {times:.2f} times the time; {few[name]} {cost_}\n")
    slow = {
        name: (few[name], many[name])
        for name in few
        if many[name].statements > few[name].statements + 2
        or many[name].steps > MOST_STEPS * few[name].steps + FREE
        or (FULL and many[name].seconds > MOST_TIMES * few[name].seconds)
    }
    assert not slow
