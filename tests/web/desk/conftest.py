"""Fixtures of the desk's tests: an application of its own for each test, accounts of every role, visitors signed in.

`accounts` are called after role and centre: at Heping `clerk`, `supervisor`, `administrator`, `auditor`; elsewhere
`hedong.clerk`, `hedong.supervisor`, `tianjin.supervisor`, `tianjin.auditor`, `tianjin.administrator`. All have PASSWORD.
"""

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab
from sqlalchemy import Engine
from sqlmodel import Session, select
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse

from matcher.accounts import passwords, sessions
from matcher.accounts.models import Account
from matcher.accounts.service import NewAccount, add_account
from matcher.db.database import open_engine, session
from matcher.db.migration import migrate
from matcher.letters.order import centres
from matcher.letters.proof.keys import KeyFolder
from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from matcher.web.database import close_engine, engine
from tests.store.conftest import backend

from ..browsing import DESKTOP, new_context
from ..conftest import SECRET, Page, parsed
from ..databases import new_database

__all__ = ["backend"]

FILE = "matcher.db"
PASSWORD = "海河边上的第七盏灯-0417"
EVERYONE = {
    "clerk": ("clerk", "heping"),
    "supervisor": ("supervisor", "heping"),
    "administrator": ("administrator", "heping"),
    "auditor": ("auditor", "heping"),
    "hedong.clerk": ("clerk", "hedong"),
    "hedong.supervisor": ("supervisor", "hedong"),
    "tianjin.supervisor": ("supervisor", "tianjin"),
    "tianjin.auditor": ("auditor", "tianjin"),
    "tianjin.administrator": ("administrator", "tianjin"),
}
LONG_AGO = datetime(2026, 1, 5, 1, tzinfo=UTC)

Form = Mapping[str, object]


@dataclass
class Visitor:
    """A browser without scripts at the desk; it sends the token that the page at the path gave it."""

    app: Flask
    client: FlaskClient

    def get(self, path: str = "/desk") -> Page:
        """Open a page."""
        return parsed(self.client.get(path))

    def post(self, form: Form, path: str, at: str | None = None, **more: Any) -> TestResponse:
        """Send a form to a path, with the token of the page `at` (the same path unless told otherwise)."""
        token = self.get(at or path).value("csrf_token") or self.get("/desk/me").value("csrf_token")
        return self.client.post(path, data={"csrf_token": token, **form}, **more)

    def answer(self, form: Form, path: str, at: str | None = None) -> Page:
        """Send a form and read the page that comes back."""
        return parsed(self.post(form, path, at))


@pytest.fixture(scope="session")
def desk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what each test gets a copy of: a migrated database with the accounts, and keys of two centres."""
    folder = tmp_path_factory.mktemp("desk")
    set_up(f"sqlite:///{folder}/{FILE}")
    keys = KeyFolder(folder / "keys")
    for centre in ("heping", "tianjin"):
        keys.new(centres()[centre], date(2026, 1, 5))
    return folder


@pytest.fixture(scope="session")
def desk_template(server: Engine) -> Iterator[str]:
    """The address of such a database on PostgreSQL."""
    with new_database(server) as address:
        set_up(address)
        yield address


def set_up(address: str) -> None:
    """Make the tables and the accounts; nothing stays connected."""
    migrate(address)
    opened = open_engine(address)
    with session(opened) as register:
        for name, (role, centre) in EVERYONE.items():
            add_account(register, NewAccount(name, name.title(), role, centre, hashed()), LONG_AGO)
    opened.dispose()


@cache
def hashed() -> str:
    """The hash of PASSWORD, which takes a while on purpose."""
    return passwords.hashed(PASSWORD)


@pytest.fixture(scope="session")
def desk_site(rulebook: Rulebook) -> Flask:
    """The application, put together once; `desk_app` gives it to one test after another."""
    return create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook})


@pytest.fixture
def desk_database(backend: str, desk_folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that no other test sees, in `instance` on SQLite, on the server on PostgreSQL."""
    instance = tmp_path / "instance"
    if backend == "sqlite":
        shutil.copytree(desk_folder, instance)
        yield f"sqlite:///{instance}/{FILE}"
        return
    shutil.copytree(desk_folder, instance, ignore=shutil.ignore_patterns(f"{FILE}*"))
    template = request.getfixturevalue("desk_template")
    with new_database(request.getfixturevalue("server"), template) as address:
        yield address


@pytest.fixture
def desk_app(desk_site: Flask, desk_database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application with a database and an instance folder that no other test sees."""
    settings = dict(desk_site.config)
    desk_site.config.update({"DATABASE_URL": desk_database, "INSTANCE": str(tmp_path / "instance")})
    yield desk_site
    with desk_site.app_context():
        close_engine()
    desk_site.config.clear()
    desk_site.config.update(settings)


@pytest.fixture
def store(desk_app: Flask) -> Callable[[], AbstractContextManager[Session]]:
    """Opens a transaction on the application's database: ``with store() as register``."""

    def opened() -> AbstractContextManager[Session]:
        with desk_app.app_context():
            return session(engine())

    return opened


@pytest.fixture
def accounts(desk_app: Flask) -> dict[str, Account]:
    """The accounts by name, as they are at the start."""
    with desk_app.app_context(), session(engine()) as register:
        return {account.name: account for account in register.exec(select(Account))}


@pytest.fixture
def nobody(desk_app: Flask) -> Visitor:
    """A visitor who is not signed in."""
    return Visitor(desk_app, desk_app.test_client())


@pytest.fixture
def signed_in(desk_app: Flask) -> Callable[[str], Visitor]:
    """Gives a visitor who has signed in under this name."""

    def visitor(name: str) -> Visitor:
        client = desk_app.test_client()
        with desk_app.app_context(), session(engine()) as register:
            account = register.exec(select(Account).where(Account.name == name)).one()
            with client.session_transaction() as held:
                sessions.stamp(held, register, account, datetime.now(UTC))
        return Visitor(desk_app, client)

    return visitor


class Answering(WSGIRequestHandler):
    """Lets go of a connection that a browser keeps open and says nothing on."""

    timeout = 20


@pytest.fixture
def desk_address(desk_app: Flask) -> Iterator[str]:
    """The address of the application, served on a free port of this machine.

    What a page had asked for when it was closed is answered before the database goes, or it would open another one.
    """
    server = make_server("127.0.0.1", 0, desk_app, threaded=True, request_handler=Answering)
    server.daemon_threads = False  # so that closing the server waits for each of them
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def at_desk(desk_app: Flask, desk_address: str, signed_in: Callable[[str], Visitor]) -> Iterator[Callable[..., Tab]]:
    """Opens a tab of a browser that is signed in: ``at_desk(browser, "clerk")``; without a name nobody is."""
    contexts: list[BrowserContext] = []

    def opened(browser: Browser, name: str | None, viewport: Mapping[str, int] = DESKTOP, lang: str = "zh") -> Tab:
        context = new_context(browser, viewport=dict(viewport), base_url=desk_address, accept_downloads=True)
        contexts.append(context)
        cookies = [{"name": "lang", "value": lang, "url": desk_address}]
        if name is not None:
            cookie = signed_in(name).client.get_cookie(desk_app.config["SESSION_COOKIE_NAME"])
            cookies.append({"name": cookie.key, "value": cookie.value, "url": desk_address})
        context.add_cookies(cookies)  # type: ignore[arg-type]
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
