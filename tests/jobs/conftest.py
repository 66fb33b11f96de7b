"""What the tests of runs share: an office, who asks, lists of drawn firms, and runs over them."""

import csv
import io
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from matcher.accounts.models import Account
from matcher.batches.models import Run, RunLetters
from matcher.batches.service import NewRun, line_up, new_run
from matcher.batches.sheets import look
from matcher.db.database import session
from matcher.letters.issue import Office
from matcher.letters.order import centres, keep_rulebook
from matcher.letters.proof.keys import KeyFolder
from matcher.places import rules_dir
from matcher.rulebook.rulebook import Rulebook
from tests.store.conftest import backend, empty_url, engine, new_url, url

__all__ = ["backend", "empty_url", "engine", "new_url", "url"]

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY = date(2026, 11, 24)
DRAWN = 4000

Row = dict[str, str]
LineUp = Callable[..., int]


@pytest.fixture(scope="session")
def drawn(generated_firms: Callable[[int, Path], Path], tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """4,000 made-up firms of Tianjin, as a list of them would have them."""
    made = generated_firms(DRAWN, tmp_path_factory.mktemp("firms"))
    with made.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def archives(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the rulebook is kept already."""
    folder = tmp_path_factory.mktemp("rulebooks")
    keep_rulebook(rulebook.hash, rules_dir(), folder)
    return folder


@pytest.fixture
def office(engine: Engine, rulebook: Rulebook, archives: Path, tmp_path: Path) -> Office:
    """An office in which Heping has a key; its folder is the instance folder of a worker."""
    instance = tmp_path / "instance"
    shutil.copytree(archives, instance / "rulebooks")
    keys = KeyFolder(instance / "keys")
    keys.new(centres()["heping"], date(2026, 11, 1))
    return Office(engine, keys, rulebook, rules_dir(), instance)


@pytest.fixture
def clerk(engine: Engine) -> Account:
    """Who asks for the runs."""
    account = Account(
        name="li.na",
        display_name="李娜",
        role="clerk",
        centre="heping",
        password_hash="-",
        created_at=NOON,
        password_changed_at=NOON,
    )
    with session(engine) as writing:
        writing.add(account)
    return account


@pytest.fixture
def lined_up(office: Office, clerk: Account) -> LineUp:
    """Uploads a list, takes the guesses for its columns, and gives the id of the run that now waits for a worker."""

    def line(content: bytes, filename: str = "firms.csv", letters: RunLetters = "none", as_of: date = DAY) -> int:
        assert clerk.id is not None
        looked = look(office.rulebook, content, filename)
        with session(office.engine) as writing:
            asked = NewRun("heping", clerk.id, filename, "zh", as_of, letters)
            run = new_run(writing, asked, content, "text/csv", NOON)
            assert run.id is not None
            line_up(writing, run.id, {one.column: one.fact for one in looked.guesses})
            return run.id

    return line


def as_csv(rows: Sequence[Row], encoding: str = "utf-8-sig") -> bytes:
    """A list as a file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def run_of(office: Office, run_id: int) -> Run:
    """The run as it stands."""
    with session(office.engine) as reading:
        return reading.get_one(Run, run_id)
