"""Holds the speed of whole letters, decided, set, signed and verified, against the same letter set without any proof."""

from __future__ import annotations

import itertools
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from statistics import median

import pytest

from matcher.letters.pdf.render import render_pdf
from matcher.letters.proof.keys import KeyFolder
from matcher.letters.proof.paper import Issued, compose_letter, decide, issue_pdf
from matcher.letters.proof.verify import verify
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks.measure import one_core
from tests.benchmarks.test_letters import another_name
from tests.conftest import count
from tests.fixtures.signed_letters import AT, BEICHEN, Office

WARM, ROUNDS = 3, 15


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> KeyFolder:
    """The keys of a centre."""
    made = KeyFolder(tmp_path_factory.mktemp("keys"))
    made.new(BEICHEN, date(2026, 1, 5))
    return made


def whole(office: Office, rare: str = "") -> Callable[[], Issued]:
    """One letter from its decision to its signature, each time for a firm that no letter was for yet."""
    key, places = office.key, itertools.count(1)

    def issue() -> Issued:
        place = next(places)
        receipt = office.receipt(place, name=f"天津市{another_name(place)}{rare}有限公司")
        return issue_pdf(office.rulebook, receipt, decide(office.rulebook, receipt), key, AT)

    return issue


def milliseconds(jobs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median of each, all in turns on one core."""
    rounds: dict[str, list[float]] = {name: [] for name in jobs}
    with one_core():
        for number in range(WARM + ROUNDS):
            for name, job in jobs.items():
                start = time.process_time()
                job()
                if number >= WARM:
                    rounds[name].append((time.process_time() - start) * 1000)
    return {name: median(taken) for name, taken in rounds.items()}


def test_cost_of_proof(rulebook: Rulebook, folder: KeyFolder, record_property: Callable[[str, object], None]) -> None:
    """Deciding, receipt, QR code, archive form and signature together cost no more than setting the bare letter once more."""
    office = Office(rulebook, folder)
    issue, issued = whole(office), whole(office)()
    words = compose_letter(rulebook, issued.receipt, decide(rulebook, issued.receipt))
    bare = replace(words, qr=None, code=None)
    against = office.against()
    taken = milliseconds(
        {
            "whole": issue,
            "rare": whole(office, rare="堃"),
            "bare": lambda: render_pdf(bare),
            "verified": lambda: verify(issued.pdf, against),
        }
    )
    for name, value in taken.items():
        record_property(name, round(value, 1))
        print(f"{name}: {value:.0f} ms")
    assert taken["whole"] < 2 * taken["bare"]
    assert taken["rare"] < 1.5 * taken["whole"]
    assert taken["verified"] < 4 * taken["whole"]


def test_memory(rulebook: Rulebook, folder: KeyFolder) -> None:
    """Issuing thousands of letters takes no more memory than issuing a hundred."""
    issue = whole(Office(rulebook, folder))
    for _ in range(100):
        issue()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(count(5000)):
        issue()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1.1 * before
