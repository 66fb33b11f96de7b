"""What the tests of issuing share: an office with its own register, keys and folder, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from matcher.firms.profile import read_facts
from matcher.letters.issue import Office
from matcher.letters.order import Order, centres, keep_rulebook
from matcher.letters.proof.keys import Centre, KeyFolder
from matcher.places import rules_dir
from matcher.rulebook.rulebook import Rulebook
from tests.store.conftest import backend, empty_url, engine, new_url, url

__all__ = ["backend", "empty_url", "engine", "new_url", "url"]

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
"""Noon in Tianjin."""

FIRM = {
    "name": "天津市喆堃镕科技有限公司",
    "credit_code": "91120101MA05TX9C3R",
    "vat_status": "small_scale",
    "six_taxes_two_fees_payable": "38642.57",
}


@pytest.fixture
def heping() -> Centre:
    """The centre that issues in these tests."""
    return centres()["heping"]


@pytest.fixture(scope="session")
def archives(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the rulebook is kept already: keeping it loads it anew, which no test need wait for twice."""
    folder = tmp_path_factory.mktemp("rulebooks")
    keep_rulebook(rulebook.hash, rules_dir(), folder)
    return folder


@pytest.fixture
def office(engine: Engine, rulebook: Rulebook, heping: Centre, archives: Path, tmp_path: Path) -> Office:
    """An office in which Heping has a key."""
    shutil.copytree(archives, tmp_path / "rulebooks")
    keys = KeyFolder(tmp_path / "keys")
    keys.new(heping, date(2026, 11, 1))
    return Office(engine, keys, rulebook, rules_dir(), tmp_path)


@pytest.fixture
def order(rulebook: Rulebook, heping: Centre) -> Callable[..., Order]:
    """Makes an order for one firm and one scheme; facts and anything else may be told otherwise."""

    def make(facts: Mapping[str, object] = FIRM, **changes: Any) -> Order:
        read, faults = read_facts(rulebook, facts)
        assert not faults
        return replace(Order(heping, read, date(2026, 11, 24), ("six-taxes-two-fees",)), **changes)

    return make
