"""Workers of one centre that are killed while they issue, and one whose clock is a day behind."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlmodel import func, select

from matcher.db.database import open_engine, reading
from matcher.letters.issue import Office, issue
from matcher.letters.models import IssuedLetter
from matcher.letters.numbers import LOST_AFTER, void_lost, voided
from matcher.letters.order import Order, Refusal
from matcher.letters.proof.verify import Against, verify
from matcher.letters.register import kept_file
from tests.conftest import count
from tests.fixtures.issuing import NOON

pytestmark = pytest.mark.both_databases

WORKERS = 8

TOO_LONG = 480  # seconds, after which the test gives up and fails


def test_killed_workers_leave_no_gap_without_a_reason(
    office: Office, order: Callable[..., Order], tmp_path: Path
) -> None:
    """Eight workers issue 200 letters (ten outside the bench), one of them with yesterday's clock, and are killed at random: every
    place is a letter that the verifier accepts, or void with a reason; none is there twice."""
    chance, fork = random.Random(16), get_context("fork")
    url = office.engine.url.render_as_string(hide_password=False)
    wanted, killed = count(200, 20), 0
    running: dict[int, BaseProcess] = {}
    issue(office, order(), NOON)  # the day of the series, that a clock may stand behind
    office.engine.dispose()
    deadline = time.monotonic() + TOO_LONG
    while _letters(office) < wanted:
        assert time.monotonic() < deadline
        for number in range(WORKERS):
            if number not in running or not running[number].is_alive():
                worker = fork.Process(target=_work, args=(office, order(), url, number, tmp_path), daemon=True)
                worker.start()
                running[number] = worker
        victim = running[chance.randrange(WORKERS)]
        victim.join(chance.uniform(0.5, 3.0))
        if victim.is_alive() and victim.pid is not None:
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()
            killed += 1
    for worker in running.values():
        worker.kill()
        worker.join()
    void_lost(office.engine, NOON + LOST_AFTER * 2)
    against = Against(office.keys.trust_list(NOON.date(), {}), NOON.date(), lambda _: office.rulebook)
    with reading(office.engine) as register:
        letters = register.exec(select(IssuedLetter)).all()
        void = {one.place: one.reason for one in voided(register, "heping")}
        places = [one.place for one in letters]
        faulty = [one.number for one in letters if verify(kept_file(register, one.number), against).exit_code != 0]
    print(f"{len(letters)} letters, {killed} workers killed, {len(void)} places void")
    assert killed
    assert sorted([*places, *void]) == list(range(1, max([*places, *void]) + 1))
    assert all(void.values())
    assert faulty == []
    assert (tmp_path / "refused").is_file()


def _letters(office: Office) -> int:
    with reading(office.engine) as register:
        return register.exec(select(func.count()).select_from(IssuedLetter)).one()


def _work(office: Office, wanted: Order, url: str, number: int, folder: Path) -> None:
    """Issue letters until killed; the first worker believes that it is yesterday, and is refused."""
    own = Office(open_engine(url), office.keys, office.rulebook, office.rules, office.instance)
    if number == 0:
        try:
            issue(own, wanted, NOON - timedelta(days=1))
        except Refusal as error:
            (folder / "refused").write_text(str(error))
            return
        (folder / "issued-yesterday").touch()
    while True:
        issue(own, wanted, NOON)
