"""What the tests of the desk share: databases of both kinds, an installation to be backed up, an empty place to restore it to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, text
from sqlmodel import Session

from matcher.accounts.models import Account
from matcher.audit.trail import append
from matcher.cases.models import Case
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order
from matcher.letters.register import RegisterEntry
from matcher.ops.backup.whole import Place
from tests.fixtures.issuing import NOON
from tests.ops.backup.backups import AT, event


@pytest.fixture
def place(office: Office, engine: Engine) -> Place:
    """An installation with a letter, a case, an account, a trail, keys and a secret."""
    (office.instance / "secret_key").write_text("a" * 64)
    return Place(engine.url, office.instance, office.keys.folder)


@pytest.fixture
def letter(office: Office, order: Callable[..., Order]) -> RegisterEntry:
    """The letter in it, issued with the case and the entry that stand beside it."""

    def beside(writing: Session, entry: RegisterEntry) -> None:
        writing.add(
            Account(
                id=1, name="li.na", display_name="李娜", role="clerk", centre="heping",
                password_hash="x", created_at=AT, password_changed_at=AT,
            )
        )  # fmt: skip
        writing.flush()
        writing.add(
            Case(
                centre="heping", origin="blank", opened_by=1, opened_at=AT, changed_at=AT,
                facts={"employees": 12}, sources={},
            )
        )  # fmt: skip
        append(writing, event("letter.issued", entry.number))

    return issue(office, order(), NOON, beside=beside)


@pytest.fixture
def elsewhere(url: URL, tmp_path: Path) -> Iterator[Place]:
    """An empty place on the same kind of database: another folder, or another database of the server."""
    new = tmp_path / "elsewhere"
    if url.drivername == "sqlite":
        yield Place(URL.create("sqlite", database=str(new / "matcher.db")), new / "instance", new / "instance" / "keys")
        return
    name = f"r_{uuid4().hex}"
    admin = create_engine(
        url.set(query={k: v for k, v in url.query.items() if k != "options"}), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield Place(url.set(database=name), new / "instance", new / "instance" / "keys")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
