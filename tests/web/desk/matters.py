"""What the tests of firms, cases and letters share: firms in the register, cases of them, forms as a page has them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from matcher.accounts.models import CentreSetting
from matcher.audit.models import AuditEntry
from matcher.cases.models import Case
from matcher.db.database import session
from matcher.firms.register import FirmEntry, Told, add_statement, enter_firms
from matcher.firms.search.names import keys_of
from matcher.letters.order import keep_rulebook
from matcher.places import rules_dir
from matcher.rulebook.rulebook import Rulebook
from matcher.web.database import engine

from ..conftest import Page
from .conftest import Visitor

NAME, CODE = "天津市喆堃镕科技有限公司", "91120101MA05TX9C3R"
FIRM_ID, OTHER_ID = "F-000001", "F-000002"
FACTS = {
    "district": "heping",
    "legal_form": "company",
    "employees": 12,
    "established_on": "2019-04-01",
    "vat_status": "small_scale",
}
IMPORTED = datetime(2026, 1, 6, 2, tzinfo=UTC)
SCHEME = "six-taxes-two-fees"


@contextmanager
def store_of(app: Flask) -> Iterator[Session]:
    """A transaction on the application's database."""
    with app.app_context(), session(engine()) as register:
        yield register


@pytest.fixture
def firm(desk_app: Flask) -> str:
    """A firm in the register of which a list told some facts, and the firm itself one more; and another firm."""
    with store_of(desk_app) as register:
        entries = (
            FirmEntry(FIRM_ID, NAME, CODE, ("天津喆堃商贸有限公司",), None, FACTS, 2),
            FirmEntry(OTHER_ID, "天津海河乳品有限公司", "91120000103064074F", (), None, {"district": "beichen"}, 3),
        )
        enter_firms(register, entries, Told("imported", date(2026, 1, 5), IMPORTED), _keys)
        add_statement(
            register, FIRM_ID, {"annual_revenue": "3120000.00"}, Told("declared", date(2026, 2, 1), IMPORTED, "heping")
        )
    return FIRM_ID


def _keys(name: str) -> tuple[tuple[str, ...], str, str]:
    found = keys_of(name)
    return found.grams, found.initials, found.core_initials


@pytest.fixture(scope="session")
def kept_rules(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the rulebook is kept already: keeping it loads it anew, which no test need wait for twice."""
    folder = tmp_path_factory.mktemp("rulebooks")
    keep_rulebook(rulebook.hash, rules_dir(), folder)
    return folder


@pytest.fixture
def issues(desk_app: Flask, kept_rules: Path) -> Flask:
    """The application, ready to issue letters without reading the rules again."""
    shutil.copytree(kept_rules, Path(desk_app.config["INSTANCE"]) / "rulebooks")
    return desk_app


def client(visitor: Visitor) -> FlaskClient:
    """The visitor's browser."""
    return visitor.client


def fields(root: Element, form_id: str = "selfcheck") -> dict[str, list[str]]:
    """What a browser would send of a form as it stands, but for its buttons."""
    form = root.find(f".//form[@id='{form_id}']")
    assert form is not None, form_id
    found: dict[str, list[str]] = {}
    for one in form.iter():
        name = one.get("name")
        if not name or one.tag == "button":
            continue
        if one.tag == "select":
            options = list(one.iter("option"))
            chosen = next((o for o in options if o.get("selected") is not None), options[0])
            found.setdefault(name, []).append(chosen.get("value") or "")
        elif one.tag == "textarea":
            found.setdefault(name, []).append("".join(one.itertext()))
        elif one.get("type") not in ("radio", "checkbox") or one.get("checked") is not None:
            found.setdefault(name, []).append(one.get("value") or "")
    return found


def open_case(clerk: Visitor, firm_id: str = FIRM_ID, **more: str) -> int:
    """The number of a case that a clerk opens from a firm's page, though there may be one already."""
    page = clerk.get(f"/desk/firms/{firm_id}")
    form = {"csrf_token": page.value("csrf_token"), "firm": firm_id, "once": page.value("once"), "sure": "1", **more}
    return number(client(clerk).post("/desk/cases/new", data=form))


def number(response: TestResponse) -> int:
    """The number of the case that an answer leads to."""
    found = re.search(r"/desk/cases/(\d+)", response.headers.get("Location", ""))
    assert found, (response.status_code, response.get_data(as_text=True)[:600])
    return int(found[1])


def save(clerk: Visitor, case_id: int, page: Page | None = None, do: str = "save", **changes: object) -> TestResponse:
    """Send a case's form as the page has it (a fresh one unless told), with these changes; None leaves a field out."""
    path = f"/desk/cases/{case_id}"
    sent = {**fields((page or clerk.get(path)).root), "do": do, **changes}
    return client(clerk).post(path, data={name: value for name, value in sent.items() if value is not None})


def case_now(app: Flask, case_id: int) -> Case:
    """The case as the store has it."""
    with store_of(app) as register:
        return register.get_one(Case, case_id)


def trail(app: Flask, action: str = "") -> list[tuple[str, str, str]]:
    """The audit trail: actor, action, subject; of one action or of all."""
    with store_of(app) as register:
        found = register.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
        return [(each.actor, each.action, each.subject) for each in found if each.action == action or not action]


def countersigned(app: Flask, centre: str = "heping") -> None:
    """From now on letters of the centre need a second signature."""
    with store_of(app) as register:
        register.add(CentreSetting(centre=centre, needs_countersign=True))


def letter_form(page: Page, *schemes: str, **changes: object) -> dict[str, object]:
    """The form for a letter as its page has it, on these schemes."""
    return {**fields(page.root, "letter"), "scheme": list(schemes), **changes}


def ask_letter(clerk: Visitor, case_id: int, *schemes: str, **changes: object) -> TestResponse:
    """Ask for a letter of a case, on one scheme unless told otherwise."""
    path = f"/desk/cases/{case_id}/letters"
    return client(clerk).post(path, data=letter_form(clerk.get(path), *(schemes or (SCHEME,)), **changes))


def issued_code(response: TestResponse) -> str:
    """The code of the letter that an answer leads to."""
    found = re.search(r"/desk/letters/([0-9A-Z]{12})$", response.headers.get("Location", ""))
    assert found, (response.status_code, response.get_data(as_text=True)[:2000])
    return found[1]
