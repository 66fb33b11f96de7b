import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, text

from matcher.db.database import open_engine, read_url
from matcher.db.migration import migrate

SERVER = "DATABASE_URL_POSTGRES"
ABSENT = f"{SERVER} is not set: the store is not tested on PostgreSQL (script/test starts a server and sets it)"


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on; without a server the PostgreSQL half is skipped, and fails in CI."""
    if request.param == "postgresql" and not os.environ.get(SERVER):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ABSENT)
    return request.param


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it aloud at the end of the run when half of these tests did not run."""
    if not os.environ.get(SERVER):
        terminalreporter.write_line(ABSENT, yellow=True, bold=True)


@pytest.fixture
def new_url(backend: str, tmp_path: Path) -> Iterator[Callable[[], URL]]:
    """Makes one empty database after another: a file in its own folder, or a schema of the test server."""
    if backend == "sqlite":
        yield lambda: URL.create("sqlite", database=str(tmp_path / uuid4().hex / "matcher.db"))
        return
    server = read_url(os.environ[SERVER])
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make() -> URL:
        made.append(f"t_{uuid4().hex}")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {made[-1]}"))
        return server.update_query_dict({"options": f"-csearch_path={made[-1]}"})

    yield make
    with admin.connect() as connection:
        for schema in made:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def empty_url(new_url: Callable[[], URL]) -> URL:
    """The address of a database with nothing in it."""
    return new_url()


@pytest.fixture
def url(empty_url: URL) -> URL:
    """The address of a database at the newest revision, without rows."""
    migrate(empty_url)
    return empty_url


@pytest.fixture
def engine(url: URL) -> Iterator[Engine]:
    """An engine on a migrated database."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def answer() -> dict[str, object]:
    """What record_decisions is told of one answer: two schemes decided for one firm."""
    return {
        "receipt_id": "R-2026-000123",
        "created_at": datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC),
        "as_of": date(2026, 2, 28),
        "rulebook_hash": "0123456789abcdef" * 4,
        "profile": {"name": "天津市喆堃镕科技有限公司", "six_taxes_two_fees_payable": "38642.57", "employees": 212},
        "decisions": [
            {"scheme": "six-taxes-two-fees", "status": "eligible", "amount": {"kind": "exact", "value": "19321.29"}},
            {"scheme": "guarantee-fee-rebate", "status": "not_open", "amount": None},
        ],
        "origin": "web",
    }


@pytest.fixture
def letter() -> dict[str, object]:
    """What record_letter is told of one letter, but for its decision record."""
    return {
        "kind": "eligibility",
        "language": "zh",
        "pdf": b"%PDF-1.7 one letter",
        "made_at": datetime(2026, 3, 1, 8, 30, 16, tzinfo=UTC),
        "schemes": ["six-taxes-two-fees"],
    }
