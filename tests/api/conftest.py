"""The interface for programs: an application of its own, with room for many requests, and somebody who asks it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.api.access import SETTING
from matcher.api.operations import SCOPES
from matcher.api.service import MOST_A_MINUTE, add_client, new_key
from matcher.db.database import session
from matcher.firms.register import FirmEntry, Told, enter_firms
from matcher.firms.search.names import keys_of
from matcher.letters.order import centres
from matcher.letters.proof.keys import KeyFolder
from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from matcher.web.database import engine
from tests.fixtures.pages import SECRET


@pytest.fixture(scope="module")
def api(
    rulebook: Rulebook, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, archives: Path
) -> Iterator[Flask]:
    """The application on a database that no other module writes to, in which a stranger may ask as much as he likes."""
    folder = tmp_path_factory.mktemp("api")
    instance, file = folder / "instance", shutil.copy(migrated_file, folder / "matcher.db")
    shutil.copytree(archives, instance / "rulebooks")
    KeyFolder(instance / "keys").new(centres()["heping"], date(2026, 1, 5))
    settings = {"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "DATABASE_URL": f"sqlite:///{file}", SETTING: 10**9}
    app = create_app({**settings, "INSTANCE": str(instance)})
    yield app
    with app.app_context():
        engine().dispose()


@pytest.fixture
def program(api: Flask) -> FlaskClient:
    """A program without a key and without cookies."""
    return api.test_client(use_cookies=False)


@pytest.fixture(scope="module")
def key(api: Flask) -> str:
    """The key of Heping's program, which may do everything; one firm stands in the register."""
    at = datetime(2026, 11, 24, 4, tzinfo=UTC)
    with api.app_context(), session(engine()) as register:
        found = keys_of("天津市喆堃镕科技有限公司")
        entry = FirmEntry("F-1", "天津市喆堃镕科技有限公司", "91120101MA05TX9C3R", (), None, {"district": "heping"}, 2)
        enter_firms(
            register,
            (entry,),
            Told("imported", date(2026, 1, 5), at),
            lambda _: (found.grams, found.initials, found.core_initials),
        )
        client = add_client(register, "和平区政务网", "heping", list(SCOPES), MOST_A_MINUTE, at)
        return new_key(register, client, datetime.now(UTC))
