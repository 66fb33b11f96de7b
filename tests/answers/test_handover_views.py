"""Tests of handing over to the service centre: consent, code, record of openings, withdrawal, limits."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select

from matcher.answers import store as handovers
from matcher.answers.answers import Answers
from matcher.answers.models import Handover, HandoverOpening
from matcher.answers.store import HandedOver, new_code
from matcher.db.database import session
from matcher.site.app import create_app
from matcher.text.codes import ALPHABET, read_code
from matcher.web import database as clock
from matcher.web.database import engine
from matcher.web.limits import MOST_OF_ONE
from matcher.web.models import Attempt
from tests.answers.conftest import NAME, Tell
from tests.fixtures.pages import SECRET, Page, Visitor, parsed

pytestmark = pytest.mark.usefixtures("fresh_tries")


def handed(owner: Visitor) -> str:
    """The code under which the owner's answers are handed over, as the page shows it."""
    form = {"code": owner.get("/hand-over").value("code"), "consent": "1"}
    return "".join(owner.answer(form, "/hand-over").by_id("handover-code").itertext())


def opened(app: Flask, code: str) -> HandedOver | None:
    """The service centre opens what lies under a code."""
    with app.app_context():
        return handovers.open_for_centre(read_code(code))


def rows(app: Flask) -> list[Handover]:
    """All handovers as they lie in the store."""
    with app.app_context(), session(engine()) as reading:
        return list(reading.exec(select(Handover)))


def spoilt(code: str) -> str:
    """The code with a slip of the pen."""
    return code[:-1] + next(char for char in ALPHABET if char != code[-1])


def test_nothing_readable_lies_in_the_store(owner: Visitor, app: Flask) -> None:
    """Neither the code nor a fact stands in the row; the consent's version does, and thirty days."""
    before = {row.id for row in rows(app)}
    code = read_code(handed(owner))
    (row,) = [row for row in rows(app) if row.id not in before]
    assert row.ciphertext
    for secret in (NAME.encode(), b"employees", b"38642", code.encode()):
        assert secret not in row.ciphertext
    assert code.lower() not in row.id
    assert (row.consent, row.expires_at - row.made_at) == ("1", timedelta(days=30))


def test_without_consent_nothing_is_handed_over(owner: Visitor, app: Flask) -> None:
    """The page shows the consent and what will be handed over; unticked, no row is made."""
    page = owner.get("/hand-over")
    assert "30天" in page.text
    assert NAME in page.text
    before = len(rows(app))
    assert owner.post({"code": page.value("code")}, "/hand-over").status_code == 422
    assert owner.post({"code": page.value("code"), "consent": "0"}, "/hand-over").status_code == 422
    assert len(rows(app)) == before


@pytest.mark.both_databases
def test_sending_twice_hands_over_once(owner: Visitor, app: Flask) -> None:
    """The same page sent again shows the same code; it brings nothing back that was withdrawn meanwhile."""
    form = {"code": owner.get("/hand-over").value("code"), "consent": "1"}
    first = owner.answer(form, "/hand-over")
    number, code = len(rows(app)), "".join(first.by_id("handover-code").itertext())
    assert code in owner.answer(form, "/hand-over").text
    owner.post({"code": code, "do": "withdraw"}, "/hand-over/withdraw")
    assert "撤回时间" in owner.answer(form, "/hand-over").text
    assert len(rows(app)) == number


@pytest.mark.both_databases
def test_the_owner_sees_the_record_and_withdraws(owner: Visitor, app: Flask) -> None:
    """The code shows each opening; withdrawn, the contents are gone at once."""
    code = handed(owner)
    assert "没有打开过" in owner.answer({"code": code, "do": "look"}, "/hand-over/withdraw").text
    assert opened(app, code)
    assert "没有打开过" not in owner.answer({"code": code, "do": "look"}, "/hand-over/withdraw").text
    assert "已撤回" in owner.answer({"code": code, "do": "withdraw"}, "/hand-over/withdraw").text
    found = opened(app, code)
    assert found is not None
    assert found.answers is None
    with app.app_context(), session(engine()) as reading:
        withdrawn = [row for row in reading.exec(select(Handover)) if row.withdrawn_at]
        assert all(row.ciphertext is None for row in withdrawn)
        assert reading.exec(select(HandoverOpening)).all()


@pytest.mark.both_databases
def test_an_expired_handover_is_gone(owner: Visitor, app: Flask) -> None:
    """After its days neither desk nor owner finds it, and the next handover purges it with its openings."""
    code = handed(owner)
    opened(app, code)
    with app.app_context(), session(engine()) as writing:
        for row in writing.exec(select(Handover)):
            row.expires_at = clock.moment()
            writing.add(row)
    assert opened(app, code) is None
    assert owner.post({"code": code, "do": "look"}, "/hand-over/withdraw").status_code == 404
    handed(owner)
    assert len(rows(app)) == 1
    with app.app_context(), session(engine()) as reading:
        assert reading.exec(select(HandoverOpening)).all() == []


def test_a_handover_outlives_a_rotated_secret(owner: Visitor, app: Flask) -> None:
    """Made under yesterday's secret, it opens while that is a fallback."""
    code = handed(owner)
    settings = {"RULEBOOK": app.extensions["catalogue"].rulebook, "DATABASE_URL": app.config["DATABASE_URL"]}
    settings |= {"SECRET_KEY_FALLBACKS": [SECRET]}
    rotated = create_app({"SECRET_KEY": "quite-another-secret-for-the-tests-only", **settings})
    found = opened(rotated, code)
    assert found is not None
    assert found.answers is not None
    assert found.answers.facts["name"] == NAME
    with rotated.app_context():
        engine().dispose()


# --- wrong codes


def test_a_slip_is_told_from_a_wrong_code_and_costs_no_try(owner: Visitor, visitor: Visitor, app: Flask) -> None:
    """A mistyped code is said to be mistyped as often as it comes; a wrong one is not found, and counts."""
    for _ in range(MOST_OF_ONE + 2):
        assert "写错了" in visitor.answer({"code": spoilt(new_code()), "do": "look"}, "/hand-over/withdraw").text
    page = visitor.answer({"code": new_code(), "do": "withdraw"}, "/hand-over/withdraw")
    assert "没有这个移交码" in page.text
    with app.app_context(), session(engine()) as reading:
        assert len(reading.exec(select(Attempt)).all()) == 1


def test_guessing_is_stopped(owner: Visitor, visitor: Visitor, tell: Tell, answers: Answers) -> None:
    """After ten wrong codes an address waits, right code or not; the page says how long, and another address need not."""
    code = handed(owner)
    for _ in range(MOST_OF_ONE):
        assert visitor.post({"code": new_code(), "do": "look"}, "/hand-over/withdraw").status_code == 404
    response = visitor.post({"code": code, "do": "look"}, "/hand-over/withdraw")
    assert response.status_code == 429
    assert "15分钟" in parsed(response).text
    assert response.headers["Retry-After"] == "900"
    other = tell(answers)
    other.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert other.post({"code": code, "do": "look"}, "/hand-over/withdraw").status_code == 200


def test_right_codes_do_not_count(owner: Visitor) -> None:
    """An owner may look at the record as often as wanted."""
    code = handed(owner)
    for _ in range(MOST_OF_ONE + 2):
        assert owner.post({"code": code, "do": "look"}, "/hand-over/withdraw").status_code == 200


def test_guessing_from_many_addresses_holds_nobody_up(owner: Visitor, app: Flask) -> None:
    """However many codes strangers get wrong, an owner looks at her own: 49 bits are not guessed."""
    code = handed(owner)
    with app.app_context(), session(engine()) as writing:
        for number in range(210):
            writing.add(Attempt(purpose="code", client=f"{number:064x}", made_at=clock.moment()))
    assert owner.post({"code": code, "do": "look"}, "/hand-over/withdraw").status_code == 200


def test_the_addresses_are_not_kept(visitor: Visitor, app: Flask) -> None:
    """A try is kept under a keyed hash; a network of IPv6 counts as one."""
    for last in ("1", "2"):
        visitor.client.environ_base["REMOTE_ADDR"] = f"2001:db8:0:7::{last}"
        visitor.post({"code": new_code(), "do": "look"}, "/hand-over/withdraw")
    with app.app_context(), session(engine()) as reading:
        clients = {row.client for row in reading.exec(select(Attempt))}
    assert len(clients) == 1
    assert "2001" not in clients.pop()


@pytest.mark.parametrize("code", ["", "x" * 10_000, "不清楚", "<b>", "😀"])
def test_junk_codes_are_answered_in_words(visitor: Visitor, code: str) -> None:
    """Whatever is typed for a code, the page says what a code looks like."""
    page: Page = visitor.answer({"code": code, "do": "look"}, "/hand-over/withdraw")
    assert page.response.status_code == 422
    assert "12个字符" in page.text


def test_who_told_nothing_hands_nothing_over(visitor: Visitor, tell: Tell) -> None:
    """Without answers the page says so, and a forged form makes no row."""
    assert "先答几个问题" in visitor.get("/hand-over").text
    assert visitor.post({"consent": "1", "code": "x"}, "/hand-over").status_code == 422
