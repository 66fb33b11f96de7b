"""Databases of the test server for the web's tests: one that is set up once in a process, and copies of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from matcher.db.database import read_url
from tests.store.conftest import ABSENT, SERVER

BACKENDS = ("sqlite", "postgresql")


def both_backends(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks for the site's database on both kinds; for ``pytest_generate_tests`` of a module or folder."""
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", BACKENDS, indirect=True, scope="session")


@contextmanager
def open_server() -> Iterator[Engine]:
    """The test server, to make databases in; without one the test is skipped, and fails in CI."""
    if not os.environ.get(SERVER):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ABSENT)
    engine = create_engine(read_url(os.environ[SERVER]), isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@contextmanager
def new_database(server: Engine, template: str | None = None) -> Iterator[str]:
    """The address of a database of its own, a copy of the template's if there is one; it goes at the end."""
    name = f"w_{uuid4().hex}"
    copied = "" if template is None else f" TEMPLATE {read_url(template).database}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}{copied}"))
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
