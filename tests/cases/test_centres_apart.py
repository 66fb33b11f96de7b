"""What one centre was told or saw is no other centre's: not in a case, not on the firm's page, not after forgetting."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlmodel import select

from matcher.firms.models import FirmStatement
from tests.fixtures.desk import FILE, Visitor
from tests.fixtures.desk_cases import FIRM_ID, case_now, open_case, save, store_of

SignedIn = Callable[[str], Visitor]
FIGURE = "4711"


@pytest.fixture
def confirmed(firm: str, desk_app: Flask, signed_in: SignedIn) -> int:
    """A case at Heping whose clerk has seen the number of employees on paper and written it into the register."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    save(clerk, case_id, fact_employees=FIGURE, source_employees="confirmed")
    clerk.post({}, f"/desk/cases/{case_id}/write-back", at=f"/desk/cases/{case_id}")
    with store_of(desk_app) as register:
        told = register.exec(select(FirmStatement).where(FirmStatement.source == "confirmed")).all()
    assert [(one.centre, str(one.facts["employees"])) for one in told] == [("heping", FIGURE)]
    return case_id


def shows(visitor: Visitor, path: str) -> bool:
    """Whether a page holds the figure."""
    return FIGURE in visitor.get(path).response.text.replace(",", "")


def test_another_centre_sees_nothing_of_it(confirmed: int, desk_app: Flask, signed_in: SignedIn) -> None:
    """Neither before it has a case of the firm nor after; the centre itself sees it in its next case."""
    other = signed_in("hedong.clerk")
    assert not shows(other, f"/desk/firms/{FIRM_ID}")
    theirs = open_case(other)
    assert case_now(desk_app, theirs).facts["employees"] == 12
    assert "annual_revenue" not in case_now(desk_app, theirs).facts
    for path in (f"/desk/firms/{FIRM_ID}", f"/desk/cases/{theirs}"):
        assert not shows(other, path)
    clerk = signed_in("clerk")
    assert str(case_now(desk_app, open_case(clerk)).facts["employees"]) == FIGURE
    assert shows(clerk, f"/desk/firms/{FIRM_ID}")


@pytest.mark.both_databases
def test_forgotten_at_one_centre_it_is_gone(confirmed: int, desk_app: Flask, signed_in: SignedIn) -> None:
    """With the centre's last case of the firm what it saw goes from the register; an empty case opened later has none of it."""
    clerk, supervisor = signed_in("clerk"), signed_in("supervisor")
    second = open_case(clerk)
    supervisor.post({}, f"/desk/cases/{confirmed}/forget")
    assert shows(clerk, f"/desk/firms/{FIRM_ID}")
    supervisor.post({}, f"/desk/cases/{second}/forget")
    with store_of(desk_app) as register:
        assert [one.source for one in register.exec(select(FirmStatement).where(FirmStatement.firm_id == FIRM_ID))] == [
            "imported"
        ]
    for visitor in (clerk, signed_in("hedong.clerk"), signed_in("tianjin.supervisor")):
        opened = open_case(visitor)
        assert case_now(desk_app, opened).facts["employees"] == 12
        assert not shows(visitor, f"/desk/firms/{FIRM_ID}")


def test_forgetting_leaves_other_centres_theirs(confirmed: int, desk_app: Flask, signed_in: SignedIn) -> None:
    """What Hedong has seen of the firm stays Hedong's."""
    other = signed_in("hedong.clerk")
    theirs = open_case(other)
    save(other, theirs, fact_employees="815", source_employees="confirmed")
    other.post({}, f"/desk/cases/{theirs}/write-back", at=f"/desk/cases/{theirs}")
    signed_in("supervisor").post({}, f"/desk/cases/{confirmed}/forget")
    assert "815" in other.get(f"/desk/firms/{FIRM_ID}").response.text


@contextmanager
def somebody_writes(desk_app: Flask) -> Iterator[None]:
    """Another process holds SQLite's write lock meanwhile."""
    connection = sqlite3.connect(f"{desk_app.config['INSTANCE']}/{FILE}", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_who_looks_waits_for_no_writer(firm: str, desk_app: Flask, signed_in: SignedIn) -> None:
    """Lists, searches and the form of a new case are shown while somebody writes, and are in no cache."""
    clerk = signed_in("supervisor")
    case_id = open_case(clerk)
    with somebody_writes(desk_app):
        for path in ("/desk", "/desk/cases", "/desk/cases/new", "/desk/firms?q=喆堃", f"/desk/cases/{case_id}/forget"):
            response = clerk.client.get(path)
            assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
