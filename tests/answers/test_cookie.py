"""Tests of the answers' cookie: kept, damaged, expired, rotated, too long, merged from two tabs, deleted."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, Response, request
from sqlmodel import select

from matcher.answers import cookie as keep
from matcher.answers import wire
from matcher.answers.answers import Answers
from matcher.answers.cookie import COOKIE, DAYS, LONGEST_COOKIE
from matcher.answers.models import Draft
from matcher.db.database import session
from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from matcher.web import database as clock
from matcher.web.database import engine
from matcher.web.sealing import seal
from tests.fixtures.pages import SECRET


@contextmanager
def visit(app: Flask, cookie: str | None = None, **form: str) -> Iterator[None]:
    """A request that brings this cookie and, if any, this form."""
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie is not None else {}
    with app.test_request_context("/", method="POST", data=form, headers=headers):
        yield


def saved(app: Flask, answers: Answers, cookie: str | None = None) -> str:
    """The cookie that a visit with this cookie leaves when these answers are saved."""
    with visit(app, cookie):
        response = Response()
        keep.save(response, answers)
    line = response.headers["Set-Cookie"]
    assert line.startswith(f"{COOKIE}=")
    return line.partition(";")[0].partition("=")[2]


def loaded(app: Flask, cookie: str | None) -> tuple[Answers, str | None]:
    """What a visit with this cookie finds, and what it has to say about it."""
    with visit(app, cookie):
        return keep.load(request), keep.trouble(request)


def drafts(app: Flask) -> list[Draft]:
    """The rows that lie on the server."""
    with app.app_context(), session(engine()) as reading:
        return list(reading.exec(select(Draft)))


def told(answers: Answers) -> tuple[object, ...]:
    """The answers but for the vocabulary, which saving notes."""
    return answers.facts, answers.bands, answers.unsure, answers.told_at, answers.as_of, answers.ticked


def test_answers_come_back_with_the_cookie(app: Flask, answers: Answers) -> None:
    """The next visit finds all that was told, and the cookie shows nothing of it."""
    cookie = saved(app, answers)
    back, trouble = loaded(app, cookie)
    assert (told(back), trouble) == (told(answers), None)
    assert len(cookie) < LONGEST_COOKIE
    for word in ("employees", "212", "38642"):
        assert word not in cookie


def test_the_cookie_is_shut_off(app: Flask, answers: Answers) -> None:
    """No script reads it, no other site sends it, it lasts thirty days, and by https it goes by https alone."""
    with app.test_request_context("/", base_url="https://localhost"):
        response = Response()
        keep.save(response, answers)
    line = response.headers["Set-Cookie"]
    assert f"Max-Age={DAYS * 24 * 3600};" in line
    assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"} <= set(line.split("; "))


def test_no_cookie_is_nothing_told(app: Flask) -> None:
    """A first visit has no answers and no trouble."""
    assert loaded(app, None) == (Answers(), None)


def test_a_tampered_cookie_is_said_to_be_damaged(app: Flask, answers: Answers) -> None:
    """Cut, changed or invented, it opens nothing and breaks nothing."""
    cookie = saved(app, answers)
    changed = cookie[:60] + ("A" if cookie[60] != "A" else "B") + cookie[61:]
    for wrong in (changed, cookie[:-9], "junk", "%F0%9F%98%80", seal(SECRET, COOKIE, b"Ajunk", clock.seconds())):
        assert loaded(app, wrong) == (Answers(), "damaged")


def test_an_expired_cookie_is_said_to_be_expired(app: Flask, answers: Answers) -> None:
    """After thirty days and a second a copied cookie opens no more."""
    packed = b"A" + wire.pack(answers)
    age = DAYS * 24 * 3600
    assert told(loaded(app, seal(SECRET, COOKIE, packed, clock.seconds() - age + 60))[0]) == told(answers)
    assert loaded(app, seal(SECRET, COOKIE, packed, clock.seconds() - age - 1)) == (Answers(), "expired")


def test_a_rotated_secret_loses_nothing(app: Flask, rulebook: Rulebook, answers: Answers, everything: Answers) -> None:
    """Cookies sealed under the secret of yesterday open while it is a fallback, those with a locked part too."""
    rotated = create_app(
        {
            "SECRET_KEY": "another-secret-for-the-tests-and-nothing-else",
            "SECRET_KEY_FALLBACKS": [SECRET],
            "RULEBOOK": rulebook,
            "DATABASE_URL": app.config["DATABASE_URL"],
        }
    )
    for one in (answers, everything):
        cookie = saved(app, one)
        assert told(loaded(rotated, cookie)[0]) == told(one)
        renewed = saved(rotated, one, cookie)
        assert loaded(app, renewed) == (Answers(), "damaged")
    with rotated.app_context():
        engine().dispose()


@pytest.mark.both_databases
def test_what_is_too_long_lies_locked_on_the_server(app: Flask, everything: Answers) -> None:
    """The cookie holds the key, the server a row that tells nothing; each save writes that same row."""
    before = {row.id for row in drafts(app)}
    cookie = saved(app, everything)
    assert len(cookie) < 500
    assert told(loaded(app, cookie)[0]) == told(everything)
    changed = everything.with_answer("employees", 7, 1_790_009_999)
    again = saved(app, changed, cookie)
    assert told(loaded(app, again)[0]) == told(changed)
    (row,) = [row for row in drafts(app) if row.id not in before]
    assert b"employees" not in row.ciphertext
    assert row.id not in again


def test_the_locked_part_goes_when_it_is_not_needed(app: Flask, answers: Answers, everything: Answers) -> None:
    """Answers that fit the cookie again, or that are deleted, leave no row behind."""
    before = {row.id for row in drafts(app)}
    saved(app, answers, saved(app, everything))
    assert {row.id for row in drafts(app)} <= before
    cookie = saved(app, everything)
    with visit(app, cookie):
        response = Response()
        keep.forget(response)
    assert {row.id for row in drafts(app)} <= before
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    assert loaded(app, cookie) == (Answers(), "gone")


@pytest.mark.both_databases
def test_expired_rows_are_purged_on_use(app: Flask, everything: Answers) -> None:
    """A row whose time is up opens no more, and the next save of anybody throws it away."""
    cookie = saved(app, everything)
    with app.app_context(), session(engine()) as writing:
        for row in writing.exec(select(Draft)):
            row.expires_at = clock.moment()
            writing.add(row)
    assert loaded(app, cookie) == (Answers(), "gone")
    saved(app, everything)
    assert len(drafts(app)) == 1


def test_two_tabs_merge(app: Flask, answers: Answers) -> None:
    """Both tabs started from the same answers and changed different ones: the second to send keeps both changes."""
    cookie = saved(app, answers)
    with visit(app, cookie):
        base = keep.field(keep.load(request))
    cookie = saved(app, answers.with_answer("employees", 300, clock.seconds()), cookie)
    with visit(app, cookie, base=base):
        mine = keep.base(request).without("name").with_answer("total_assets", "5", clock.seconds())
        merged = keep.merge(request, mine)
    assert merged.facts == {
        "employees": 300,
        "six_taxes_two_fees_payable": "38642.57",
        "is_tech_sme": False,
        "total_assets": "5",
    }


@pytest.mark.parametrize("base", ["", "junk"])
def test_without_a_readable_base_nothing_is_taken_back(app: Flask, answers: Answers, base: str) -> None:
    """A form that does not say what it started from adds and changes, and deletes nothing."""
    with visit(app, saved(app, answers), base=base):
        merged = keep.merge(request, Answers().with_answer("employees", 1, clock.seconds()))
    assert merged.facts == {**answers.facts, "employees": 1}


def test_without_cookies_the_form_brings_everything(app: Flask, answers: Answers) -> None:
    """A browser that refuses cookies, or whose cookie ran out meanwhile, loses nothing of what its form brought."""
    with visit(app):
        base = keep.field(answers)
    with visit(app, base=base):
        mine = keep.base(request).with_answer("employees", 1, clock.seconds())
        assert keep.merge(request, mine).facts == {**answers.facts, "employees": 1}


def test_answers_of_an_older_vocabulary_are_fitted(app: Flask) -> None:
    """A cookie from before the vocabulary changed opens; what is no longer known stands aside."""
    old = Answers(facts={"employees": 3, "floor_space": "70"}, told_at={"employees": 1}, vocabulary="000000000000")
    found, _ = loaded(app, seal(SECRET, COOKIE, b"A" + wire.pack(old), clock.seconds()))
    assert (found.facts, found.aside) == ({"employees": 3}, {"floor_space": "70"})
