"""The interface for programs: an application of its own, with room for many requests, and somebody who asks it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.api.access import SETTING
from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from matcher.web.database import engine
from tests.fixtures.pages import SECRET


@pytest.fixture(scope="module")
def api(rulebook: Rulebook, database: str) -> Iterator[Flask]:
    """The application, in which a stranger may ask as much as he likes."""
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "DATABASE_URL": database, SETTING: 10**9})
    yield app
    with app.app_context():
        engine().dispose()


@pytest.fixture
def program(api: Flask) -> FlaskClient:
    """A program without a key and without cookies."""
    return api.test_client(use_cookies=False)
