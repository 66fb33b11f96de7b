"""An installation to be backed up, and an empty place to restore it to, on both kinds of database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, text
from sqlmodel import Session

from matcher.desk.backup import database
from matcher.desk.backup.whole import Place, back_up
from matcher.issuing import Office, Order, issue
from matcher.store import (
    RegisterEntry,
)
from matcher.store.desk import Account, Case
from matcher.store.desk.audit import Event, append
from tests.issuing.conftest import NOON, archives, backend, empty_url, engine, heping, new_url, office, order, url

__all__ = ["archives", "backend", "empty_url", "engine", "heping", "new_url", "office", "order", "url"]

on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""For what has nothing to do with the kind of database."""

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def event(action: str, subject: str) -> Event:
    """An entry of the trail."""
    return Event(AT, "li.na", "clerk", "heping", action, subject, "10.0.0.7", {})


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


def made(place: Place, tmp_path: Path, *, with_secrets: bool = True) -> Path:
    """A backup of the place."""
    target = tmp_path / f"{uuid4().hex}.tar.gz"
    back_up(place, target, AT, with_secrets=with_secrets)
    return target


def is_untouched(place: Place) -> bool:
    """Whether nothing at all stands there."""
    files = [path for path in place.instance.parent.rglob("*") if path.is_file()]
    return not files and database.is_empty(place.url)
