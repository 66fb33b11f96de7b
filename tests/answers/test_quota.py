"""Tests of how much strangers may store: by address, by wider network, in all; and that no answer is lost by a refusal."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlmodel import col, select

from matcher.answers.answers import Answers
from matcher.answers.models import Draft, Handover
from matcher.answers.quota import DAY, MOST_OF_ONE_KB, SETTING, WIDER
from matcher.db.database import session
from matcher.web import database as clock
from matcher.web.database import engine
from matcher.web.limits import hashed, network_of, wider_network_of
from matcher.web.models import Attempt
from tests.answers.conftest import NAME, Tell
from tests.fixtures.pages import Visitor, parsed

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fresh_tries")]
WAYS = pytest.mark.parametrize("way", ["/link", "/hand-over"])


@pytest.fixture(autouse=True)
def _empty(app: Flask) -> Iterator[None]:
    """Nothing is stored before, and the setting is as before afterwards."""
    with app.app_context(), session(engine()) as writing:
        writing.execute(delete(Draft).where(col(Draft.size) >= 0))
        writing.execute(delete(Handover).where(col(Handover.size) >= 0))
    yield
    app.config[SETTING] = 1024


def form(owner: Visitor, way: str) -> dict[str, str]:
    """What the page of a way to store sends."""
    if way == "/link":
        return {"key": owner.get("/save").value("key") or "", "days": "30"}
    return {"code": owner.get("/hand-over").value("code") or "", "consent": "1"}


def stored_before(app: Flask, address: str, kilobytes: int) -> None:
    """So much was stored from this address an hour ago."""
    at = clock.moment() - timedelta(hours=1)
    with app.app_context(), session(engine()) as writing:
        client, wider = hashed(network_of(address)), hashed(wider_network_of(address))
        writing.add(Attempt(purpose="storage", client=client, subject=wider, weight=kilobytes, made_at=at))


def stored(app: Flask) -> int:
    """How many rows of answers lie in the store."""
    with app.app_context(), session(engine()) as reading:
        return len(reading.exec(select(Draft)).all()) + len(reading.exec(select(Handover)).all())


@WAYS
def test_an_address_stores_so_much_a_day(app: Flask, owner: Visitor, tell: Tell, answers: Answers, way: str) -> None:
    """Then it is told when and what to do meanwhile; nothing is stored, nothing told is lost, and others go on."""
    stored_before(app, "127.0.0.1", MOST_OF_ONE_KB)
    refused = owner.post(form(owner, way), way)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(23 * 3600))
    page = parsed(refused)
    assert "23小时" in page.text
    assert stored(app) == 0
    saved = owner.post({"found": page.value("found")}, "/save")
    assert saved.mimetype == "application/json"
    assert NAME in saved.text
    assert NAME in owner.get("/answers").text
    other = tell(answers)
    other.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert other.post(form(other, way), way).status_code == 200


@WAYS
def test_a_day_later_there_is_room_again(app: Flask, owner: Visitor, way: str) -> None:
    """What was counted goes, and with it the rows that counted it."""
    stored_before(app, "127.0.0.1", MOST_OF_ONE_KB)
    with app.app_context(), session(engine()) as writing:
        writing.exec(select(Attempt)).one().made_at -= DAY
    assert owner.post(form(owner, way), way).status_code == 200
    with app.app_context(), session(engine()) as reading:
        assert [row.weight for row in reading.exec(select(Attempt))] == [1]


def test_a_customer_with_many_networks_is_one(app: Flask, owner: Visitor) -> None:
    """Of IPv6 a /64 stores as much as an address, and all of a /48 four times that."""
    for n in range(WIDER):
        stored_before(app, f"2001:db8:5:{n:x}::1", MOST_OF_ONE_KB)
    owner.client.environ_base["REMOTE_ADDR"] = "2001:db8:5:99::1"
    assert owner.post(form(owner, "/link"), "/link").status_code == 429
    owner.client.environ_base["REMOTE_ADDR"] = "2001:db8:6:99::1"
    assert owner.post(form(owner, "/link"), "/link").status_code == 200


@pytest.mark.parametrize(("way", "other"), [("/link", "/hand-over"), ("/hand-over", "/link")])
def test_a_full_store_says_so(app: Flask, owner: Visitor, way: str, other: str) -> None:
    """With 503 and the way out; links and handovers have their own room, so that neither shuts the other out."""
    table = Draft if way == "/link" else Handover
    until = clock.moment() + timedelta(days=1)
    kept = {"id": "f" * 64, "ciphertext": b"-", "size": 1024 * 1024, "expires_at": until}
    with app.app_context(), session(engine()) as writing:
        writing.add(table(**kept, **({} if table is Draft else {"consent": "1", "made_at": clock.moment()})))
    app.config[SETTING] = 1
    refused = owner.post(form(owner, way), way)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "3600")
    assert parsed(refused).value("found")
    assert owner.post(form(owner, other), other).status_code == 200


@WAYS
def test_sending_twice_is_counted_once(app: Flask, owner: Visitor, way: str) -> None:
    """What is there already takes no more room."""
    sent = form(owner, way)
    assert [owner.post(sent, way).status_code for _ in range(3)] == [200] * 3
    with app.app_context(), session(engine()) as reading:
        assert len(reading.exec(select(Attempt).where(Attempt.purpose == "storage")).all()) == 1


def test_long_answers_are_counted_too(app: Flask, tell: Tell) -> None:
    """What is too long for the cookie lies on the server: the page that is refused offers all of it as a file."""
    stored_before(app, "127.0.0.1", MOST_OF_ONE_KB)
    visitor = tell(Answers().with_answer("employees", 5, 1_790_000_000))
    aside = {f"fact_of_before_{n}": sha256(bytes([n])).hexdigest() for n in range(200)}
    page = visitor.get("/save")
    data = {"csrf_token": page.value("csrf_token"), "file": (_file(aside), "answers.json")}
    offered = parsed(visitor.client.post("/open", data=data))
    sent = {"csrf_token": offered.value("csrf_token"), "found": offered.value("found"), "how": "instead"}
    refused = visitor.client.post("/open/take", data=sent)
    assert refused.status_code == 429
    assert "fact_of_before_199" in visitor.post({"found": parsed(refused).value("found")}, "/save").text
    assert "5" in visitor.get("/answers").text


def _file(facts: dict[str, str]) -> object:
    return io.BytesIO(json.dumps({"facts": facts}).encode())


def test_a_page_that_is_too_old_saves_nothing(owner: Visitor) -> None:
    """A forged or outdated field is no file of answers."""
    assert owner.post({"found": "made-up"}, "/save").status_code == 400
