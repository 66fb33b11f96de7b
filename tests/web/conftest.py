"""Fixtures of the web tests: the application on the real rulebook, a client that has a token, a server, a browser."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from matcher.db.migration import migrate
from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from matcher.web.database import engine

from .databases import new_database, open_server

SECRET = "a-secret-for-the-tests-and-nothing-else"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# A general taxpayer that the settlement found small and low-profit: half of 38,642.57 in August 2022.
ENTITLED = {
    "as_of": "2022-08-15",
    "scheme": "six-taxes-two-fees",
    "fact_vat_status": "general",
    "fact_legal_form": "company",
    "fact_is_before_first_settlement": "false",
    "fact_small_low_profit_per_settlement": "true",
    "fact_six_taxes_two_fees_payable": "38,642.57",
}


@dataclass
class Page:
    """An answer of the application, parsed."""

    response: TestResponse
    root: Element

    @property
    def text(self) -> str:
        """All words of the page, white space closed up."""
        return words(self.root)

    def by_id(self, name: str) -> Element:
        """The element with this id. Raises AssertionError if there is none."""
        found = self.root.find(f".//*[@id='{name}']")
        assert found is not None, f"nothing has the id {name}"
        return found

    def value(self, name: str) -> str | None:
        """What stands in the field of this name: its text, the ticked chip, or the selected entry."""
        for field in self.root.iterfind(f".//*[@name='{name}']"):
            if field.tag == "select":
                return next((o.get("value") for o in field.iter("option") if o.get("selected") is not None), "")
            if field.get("type") != "radio" or field.get("checked") is not None:
                return field.get("value")
        return None


def words(element: Element) -> str:
    """The words inside an element, white space closed up."""
    return " ".join("".join(element.itertext()).split())


@dataclass
class Visitor:
    """A browser without scripts: it keeps cookies and sends the token that the page gave it."""

    client: FlaskClient

    def get(self, path: str = "/") -> Page:
        """Open a page."""
        return parsed(self.client.get(path))

    def token(self) -> str:
        """The token of a fresh page."""
        return self.get().value("csrf_token") or ""

    def post(self, form: Mapping[str, object], path: str = "/all", **headers: str) -> TestResponse:
        """Send a form with a good token; unless told otherwise, the one with all questions on one page."""
        page = self.get("/all")
        sent = {"csrf_token": page.value("csrf_token"), "base": page.value("base"), **form}
        return self.client.post(path, data=sent, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def answer(self, form: Mapping[str, object], path: str = "/all") -> Page:
        """Send a form and read the page that it comes to."""
        return self.followed(self.post(form, path))

    def followed(self, response: TestResponse) -> Page:
        """The page that an answer is, or leads to."""
        return self.get(response.headers["Location"]) if response.status_code == 303 else parsed(response)


def parsed(response: TestResponse) -> Page:
    """A response as a page."""
    return Page(response, tinyhtml5.parse(response.get_data(as_text=True), namespace_html_elements=False))


@pytest.fixture(scope="session")
def server() -> Iterator[Engine]:
    """The PostgreSQL server of the tests."""
    with open_server() as engine:
        yield engine


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a migrated database for the web tests: on SQLite, and where `both_backends` is on PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('web')}/matcher.db"
        migrate(address)
        yield address
        return
    with new_database(request.getfixturevalue("server")) as address:
        migrate(address)
        yield address


@pytest.fixture(scope="session")
def app(rulebook: Rulebook, database: str) -> Iterator[Flask]:
    """The application on the rulebook of this checkout, with a database of its own."""
    settings = {"RULEBOOK": rulebook, "DATABASE_URL": database}
    app = create_app({"SECRET_KEY": SECRET, **settings})
    yield app
    with app.app_context():
        engine().dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A visitor who has not been here before."""
    return Visitor(app.test_client())


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """The address of the application, served on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield running
        running.close()
