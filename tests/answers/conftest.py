"""Fixtures of the pages of keeping: owners who have told something already, and what their browsers hold."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask, Response, request
from sqlalchemy import delete
from sqlmodel import col
from werkzeug.test import TestResponse

from matcher.answers import cookie as keep
from matcher.answers.answers import Answers
from matcher.answers.cookie import COOKIE
from matcher.db.database import session
from matcher.rulebook.rulebook import Rulebook
from matcher.web.database import engine
from matcher.web.models import Attempt
from tests.fixtures.pages import Visitor


class Keeper(Visitor):
    """A visitor of the pages of keeping, with the token of the small page that they start from."""

    def post(self, form: Mapping[str, object], path: str = "/save", **headers: str) -> TestResponse:
        """Send a form with a good token."""
        sent = {"csrf_token": self.get("/save").value("csrf_token"), **form}
        return self.client.post(path, data=sent, headers=headers)


Tell = Callable[[Answers], Visitor]
NAME = "天津市喆堃镕科技有限公司"


@pytest.fixture
def answers() -> Answers:
    """A firm that told some facts exactly, one as a band, and is unsure of others."""
    return (
        Answers(as_of="2026-03-01", schemes=("six-taxes-two-fees",), ticked=frozenset({"six-taxes-two-fees:0"}))
        .with_answer("name", "天津市喆堃镕科技有限公司", 1_790_000_000)
        .with_answer("employees", 212, 1_790_000_007)
        .with_answer("six_taxes_two_fees_payable", "38642.57", 1_790_000_030)
        .with_answer("is_tech_sme", False, 1_790_000_040)
        .with_band("annual_revenue", ("1000000", "5000000", False, True), 1_790_000_050)
        .with_unsure("total_assets", 1_790_000_060)
    )


@pytest.fixture(scope="session")
def everything(rulebook: Rulebook) -> Answers:
    """An answer to every question a firm can be asked: too much for a cookie."""
    found = Answers()
    for number, fact in enumerate(rulebook.facts.values()):
        if fact.type == "money":
            found = found.with_answer(
                fact.id, f"{number * 7919 % 100_000}.{number % 90 + 10}", 1_790_000_000 + number * 37
            )
        elif fact.stated_by == "firm":
            found = found.with_unsure(fact.id, 1_790_000_000 + number * 41)
    return found


@pytest.fixture
def tell(app: Flask) -> Tell:
    """Gives a visitor whose browser holds these answers."""

    def visitor(answers: Answers) -> Visitor:
        client = app.test_client()
        with app.test_request_context("/"):
            response = Response()
            keep.save(response, answers)
        client.set_cookie(COOKIE, response.headers["Set-Cookie"].partition(";")[0].partition("=")[2])
        return Keeper(client)

    return visitor


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A visitor who has not been here before, on the pages of keeping."""
    return Keeper(app.test_client())


@pytest.fixture
def owner(tell: Tell, answers: Answers) -> Visitor:
    """An owner who has told the firm's answers."""
    return tell(answers)


@pytest.fixture
def held(app: Flask) -> Callable[[Visitor], Answers]:
    """What a visitor's browser holds now."""

    def found(visitor: Visitor) -> Answers:
        cookie = visitor.client.get_cookie(COOKIE)
        headers = {"Cookie": f"{COOKIE}={cookie.value}"} if cookie else {}
        with app.test_request_context("/", headers=headers):
            return keep.load(request)

    return found


@pytest.fixture
def fresh_tries(app: Flask) -> None:
    """No try of another test counts."""
    with app.app_context(), session(engine()) as writing:
        writing.execute(delete(Attempt).where(col(Attempt.id).is_not(None)))
