"""Offices that sign letters, and a few letters really signed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from matcher.letters.proof.keys import KeyFolder
from matcher.letters.proof.paper import Issued
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.signed_letters import BEICHEN, Office


@pytest.fixture
def new_office(rulebook: Rulebook, tmp_path: Path) -> Office:
    """An office of the test's own, whose keys it may change."""
    folder = KeyFolder(tmp_path / "keys")
    folder.new(BEICHEN, date(2026, 1, 5))
    return Office(rulebook, folder)


@pytest.fixture(scope="session")
def office(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose key stays the same."""
    folder = KeyFolder(tmp_path_factory.mktemp("office") / "keys")
    folder.new(BEICHEN, date(2026, 1, 5))
    return Office(rulebook, folder)


@pytest.fixture(scope="session")
def letters(office: Office) -> list[Issued]:
    """A few letters: one scheme, several, in two languages."""
    several = ("six-taxes-two-fees", "small-scale-vat", "guarantee-fee-rebate")
    return [
        office.issue(office.receipt()),
        office.issue(office.receipt(2, several)),
        office.issue(office.receipt(3, lang="both")),
    ]


@pytest.fixture(scope="session")
def parts() -> Callable[..., list[str]]:
    """The parts that a verdict finds fault with."""
    return lambda verdict: [one.part for one in verdict.faults]
