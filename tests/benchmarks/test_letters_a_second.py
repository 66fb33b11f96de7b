"""Whole letters of three pages into a register: how many a second on one worker and on two, what memory and room they take.

    script/bench tests/benchmarks/test_letters_a_second.py

The figures are printed with the machine's load; what is asserted are shares of what the machine did with other work at the same time.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import pypdf
import pytest
import yaml
from sqlalchemy import text

from matcher.db.database import open_engine, reading
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order
from matcher.letters.register import kept_file
from tests.benchmarks.test_letters import another_name
from tests.conftest import count
from tests.fixtures.issuing import NOON

FIRMS = Path(__file__).parents[1] / "worked_cases/given/firms/firms.yaml"

# Given firms whose letter has three pages, in Chinese and in English.
THREE_PAGES = ("furniture-in-difficulty", "restaurant-chain-2022", "bicycle-exporter", "orchard-cooperative")

WARM = 2  # letters of each firm before anything is measured

MOST_ROOM = 120_000  # bytes of the database a letter

ROUNDS = 5  # of one worker and two by turns

Make = Callable[[int], Order]


@pytest.fixture
def of_three_pages(order: Callable[..., Order]) -> Make:
    """The order of that number: a letter of three pages to a firm that no letter was for yet, each with figures of its own."""
    told = {one["id"]: one for one in yaml.safe_load(FIRMS.read_text(encoding="utf-8"))}

    def make(number: int) -> Order:
        firm = told[THREE_PAGES[number % len(THREE_PAGES)]]
        facts: dict[str, Any] = {**firm["facts"], "name": f"天津市{another_name(number)}有限公司"}
        revenue = facts.get("annual_revenue")
        if revenue is not None:
            facts["annual_revenue"] = int(float(revenue)) + number
        return order(facts, as_of=firm["as_of"], schemes=None)

    return make


def _issue(office: Office, url: str, wanted: list[Order], begin: Any, taken: Any) -> None:
    """A worker: its own connection; warm, it waits for the others, then issues its orders and says what it took."""
    own = replace(office, engine=open_engine(url))
    for one in wanted[: WARM * len(THREE_PAGES)]:
        issue(own, one, NOON)
    begin.wait()
    start, computed = time.perf_counter(), time.process_time()
    for one in wanted[WARM * len(THREE_PAGES) :]:
        issue(own, one, NOON)
    taken.put((time.perf_counter() - start, time.process_time() - computed))


def _compute(_: Office, __: str, wanted: list[Order], begin: Any, taken: Any) -> None:
    """The peer: computing that shares nothing, as long as so many letters take about."""
    begin.wait()
    start, computed = time.perf_counter(), time.process_time()
    for _one in wanted:
        sum(at * at for at in range(2_000_000))
    taken.put((time.perf_counter() - start, time.process_time() - computed))


def _at_once(work: Callable[..., None], office: Office, shares: list[list[Order]]) -> tuple[float, float]:
    """Seconds until the last of so many workers is through, and seconds of computing of all."""
    fork = get_context("fork")
    begin, taken = fork.Barrier(len(shares)), fork.Queue()
    url = office.engine.url.render_as_string(hide_password=False)
    office.engine.dispose()  # no connection is shared with a process
    workers = [fork.Process(target=work, args=(office, url, share, begin, taken)) for share in shares]
    for one in workers:
        one.start()
    found = [taken.get(timeout=3_000) for _ in workers]
    for one in workers:
        one.join()
    return max(seconds for seconds, _ in found), sum(computed for _, computed in found)


@pytest.mark.both_databases
def test_two_workers_issue_nearly_twice_as_many(office: Office, of_three_pages: Make) -> None:
    """As many times more letters than one as two processes compute more than one: nothing that they share holds them up."""
    issue(office, of_three_pages(0), NOON)  # with it come the dictionary of outlines, templates and faces
    with reading(office.engine) as register:
        made = kept_file(register, f"津和惠函〔{NOON.year}〕1号")
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 3
    letters, warm = count(200), WARM * len(THREE_PAGES)
    orders: Iterator[Order] = (of_three_pages(number) for number in range(1, 10**6))
    rates: dict[int, list[float]] = {1: [], 2: []}
    computing: dict[int, list[float]] = {1: [], 2: []}
    peer: dict[int, list[float]] = {1: [], 2: []}
    each = max(1, letters // 2 // ROUNDS)
    for _ in range(ROUNDS):  # by turns, so that what else the machine does meets all of them
        for workers in (1, 2):
            shares = [[next(orders) for _ in range(warm + each)] for _ in range(workers)]
            seconds, computed = _at_once(_issue, office, shares)
            rates[workers].append(workers * each / seconds)
            computing[workers].append(computed / (workers * each))
            peer[workers].append(workers / _at_once(_compute, office, [share[:10] for share in shares])[0])
    times, alone = (median(two / one for one, two in zip(found[1], found[2], strict=True)) for found in (rates, peer))
    print(
        f"\nletters a second: {median(rates[1]):.1f} on one worker, {median(rates[2]):.1f} on two ({times:.2f} times); "
        f"computing alone: {alone:.2f} times; {median(computing[1]) * 1000:.0f} ms of computing a letter on one, "
        f"{median(computing[2]) * 1000:.0f} on two; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    assert times >= 0.8 * alone


def test_memory_is_flat_and_each_letter_takes_little_room(office: Office, of_three_pages: Make) -> None:
    """1,000 letters (a tenth outside the bench): no more memory than after the first fifty, 120 kB of the database each."""
    numbers = iter(range(10**6))
    for _ in range(50):
        issue(office, of_three_pages(next(numbers)), NOON)
    memory, room, letters = _resident(), _room(office), count(1_000)
    for _ in range(letters):
        issue(office, of_three_pages(next(numbers)), NOON)
    each = (_room(office) - room) / letters
    print(
        f"\n{letters} letters: {memory / 1000:.0f} MB before, {_resident() / 1000:.0f} MB behind; {each / 1000:.0f} kB of the database each"
    )
    assert _resident() <= memory * 1.1
    assert each <= MOST_ROOM


def _resident() -> int:
    """The memory this process has in use, in kB."""
    status = Path("/proc/self/status")
    if not status.is_file():
        pytest.skip("SKIPPED: no /proc on this system")
    return int(status.read_text(encoding="ascii").partition("VmRSS:")[2].split()[0])


def _room(office: Office) -> int:
    """Bytes of a SQLite database in use."""
    with office.engine.connect() as connection:
        pages, free, size = (
            int(connection.execute(text(f"PRAGMA {name}")).scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size
