"""What is told to an address: every event of the centre once, again until it is taken, and what the desk shows of it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from matcher.audit.models import AuditEntry
from matcher.audit.trail import Event, append
from matcher.web.database import engine
from matcher.webhooks.delivery import perform, take_up
from matcher.webhooks.models import Webhook, WebhookDelivery
from matcher.webhooks.service import KEPT, PAUSES
from matcher.webhooks.signing import signature
from tests.fixtures.desk import Visitor
from tests.fixtures.pages import SECRET

Store = Callable[[], AbstractContextManager[Session]]
SignedIn = Callable[[str], Visitor]

AT = datetime(2030, 1, 1, 4, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)


class Listener:
    """A receiver on this machine: what it heard, and the status that it answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append(({name.lower(): told for name, told in self.headers.items()}, body))
                self.send_response(listener.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A receiver."""
    made = Listener()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(10)


@pytest.fixture
def administrator(signed_in: SignedIn) -> Visitor:
    """Heping's administrator."""
    return signed_in("administrator")


def added(desk: Visitor, url: str, *events: str) -> str:
    """Add a webhook at the desk and read its secret."""
    form = {
        "url": url,
        "centre": "heping",
        "events": list(events or ("letter.issued", "letter.revoked", "outreach.told")),
    }
    page = desk.answer(form, "/desk/webhooks")
    return (page.by_id("secret").text or "").strip()


def happened(store: Store, action: str, subject: str, centre: str = "heping", **detail: object) -> None:
    """An entry of the trail."""
    with store() as register:
        append(register, Event(AT, "clerk", "clerk", centre, action, subject, "?", detail))


def tried(app: Flask, now: datetime) -> int:
    """What the worker does at a moment: how many deliveries it tried."""
    with app.app_context():
        found = take_up(engine(), now)
        for number in found:
            perform(engine(), number, lambda: now, [SECRET], allowed=LOOPBACK)
    return len(found)


def test_what_happens_is_told_once_and_signed(
    desk_app: Flask, store: Store, administrator: Visitor, listener: Listener
) -> None:
    """Events of the centre that were chosen, since it was added; numbers alone; the signature is right; not a second time."""
    happened(store, "letter.issued", "letter 津和惠函〔2029〕9号")
    secret = added(administrator, listener.url)
    happened(store, "letter.issued", "letter 津和惠函〔2030〕1号", case=7)
    happened(store, "letter.issued", "letter 津东惠函〔2030〕1号", "hedong")
    happened(store, "case.seen", "case 7")
    happened(store, "outreach.told", "scheme six-taxes-two-fees", firms=["F-1", "F-2"])
    assert (tried(desk_app, AT), tried(desk_app, AT + timedelta(days=1))) == (2, 0)
    bodies = [json.loads(body) for _, body in listener.heard]
    assert [one["type"] for one in bodies] == ["letter.issued", "outreach.told"]
    assert (bodies[0]["data"]["number"], bodies[0]["data"]["case"]) == ("津和惠函〔2030〕1号", 7)
    assert (bodies[1]["data"]["scheme"], bodies[1]["data"]["firms"]) == ("six-taxes-two-fees", 2)
    for headers, body in listener.heard:
        told = headers["webhook-id"], int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == signature(secret, *told, body)
        assert told[1] == int(AT.timestamp())
    page = administrator.get("/desk/webhooks/1").text
    assert page.count("已收下") == 2
    assert secret not in page + administrator.get("/desk/webhooks").text
    with store() as register:
        assert secret not in register.exec(select(Webhook)).one().secret


@pytest.mark.both_databases
def test_what_is_not_taken_is_tried_again_with_the_same_id(
    desk_app: Flask, store: Store, administrator: Visitor, listener: Listener
) -> None:
    """After longer and longer pauses, until it is taken; the address and the moment of the try are signed anew."""
    secret = added(administrator, listener.url)
    happened(store, "letter.revoked", "letter 津和惠函〔2030〕1号")
    listener.status = 503
    now = AT
    assert (tried(desk_app, now), tried(desk_app, now + PAUSES[0] - timedelta(seconds=1))) == (1, 0)
    now += PAUSES[0]
    assert tried(desk_app, now) == 1
    listener.status, now = 200, now + PAUSES[1]
    assert (tried(desk_app, now), tried(desk_app, now + timedelta(days=9))) == (1, 0)
    assert len({headers["webhook-id"] for headers, _ in listener.heard}) == 1
    headers, body = listener.heard[-1]
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    assert headers["webhook-signature"] == signature(secret, headers["webhook-id"], int(now.timestamp()), body)
    with store() as register:
        one = register.exec(select(WebhookDelivery)).one()
        assert (one.state, one.tries, one.status) == ("delivered", 3, 200)


def test_it_is_given_up_at_last_and_forgotten_later(
    desk_app: Flask, store: Store, administrator: Visitor, listener: Listener
) -> None:
    """After some three days; a month later nothing is kept of it. A redirect is no success."""
    added(administrator, listener.url)
    happened(store, "letter.issued", "letter 津和惠函〔2030〕1号")
    listener.status, now, number = 302, AT, 0
    while tried(desk_app, now):
        number += 1
        now += timedelta(days=1)
    assert number == len(PAUSES) + 1
    assert sum(PAUSES, timedelta()) < timedelta(days=4)
    assert "没有送到" in administrator.get("/desk/webhooks/1").text
    happened(store, "letter.issued", "letter 津和惠函〔2030〕2号")
    listener.status = 200
    assert tried(desk_app, AT + KEPT + timedelta(days=1)) == 1
    with store() as register:
        assert [one.state for one in register.exec(select(WebhookDelivery))] == ["delivered"]


def test_an_address_that_is_gone_is_told_nothing_more(
    desk_app: Flask, store: Store, administrator: Visitor, listener: Listener
) -> None:
    """410 ends it; a new secret begins it again, with what happened meanwhile."""
    added(administrator, listener.url)
    happened(store, "letter.issued", "letter 津和惠函〔2030〕1号")
    listener.status = 410
    assert tried(desk_app, AT) == 1
    happened(store, "letter.issued", "letter 津和惠函〔2030〕2号")
    assert tried(desk_app, AT + timedelta(days=1)) == 0
    assert "410" in administrator.get("/desk/webhooks/1").text
    administrator.answer({}, "/desk/webhooks/1/secret", at="/desk/webhooks/1")
    listener.status = 200
    assert tried(desk_app, AT + timedelta(days=1)) == 1
    assert json.loads(listener.heard[-1][1])["data"]["number"] == "津和惠函〔2030〕2号"


def test_without_a_setting_nothing_goes_to_this_machine(
    desk_app: Flask, store: Store, administrator: Visitor, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk says that the address is in a network of our own; nothing was connected to."""
    monkeypatch.delenv("MATCHER_WEBHOOK_NETWORKS", raising=False)
    added(administrator, listener.url)
    assert administrator.post({}, "/desk/webhooks/1/test", at="/desk/webhooks/1").status_code == 303
    with desk_app.app_context():
        perform(engine(), 1, lambda: datetime.now(UTC) + timedelta(minutes=1), [SECRET])
    assert listener.heard == []
    assert "地址在内网或不能用" in administrator.get("/desk/webhooks/1").text


@pytest.mark.both_databases
def test_two_workers_send_it_once(desk_app: Flask, store: Store, administrator: Visitor, listener: Listener) -> None:
    """Both find it due; one has it, and for the other there is nothing left."""
    added(administrator, listener.url)
    happened(store, "letter.issued", "letter 津和惠函〔2030〕1号")
    with desk_app.app_context():
        (number,) = take_up(engine(), AT)
        found = engine()
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        perform(found, number, lambda: AT, [SECRET], allowed=LOOPBACK)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(listener.heard) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://a.example/"},
        {"url": ""},
        {"url": "https://u:p@a.example/"},
        {"events": []},
        {"events": ["case.seen"]},
    ],
)
def test_what_cannot_be_added_is_said(administrator: Visitor, change: dict[str, Any]) -> None:
    """The form comes back with what is wrong."""
    form = {"url": "https://a.example/", "centre": "heping", "events": ["letter.issued"], **change}
    assert administrator.post(form, "/desk/webhooks").status_code == 422
    assert "还没有推送地址" in administrator.get("/desk/webhooks").text


def test_each_centre_has_its_own(administrator: Visitor, signed_in: SignedIn, store: Store) -> None:
    """Another centre's are neither added nor seen; removing one ends it, and all of it is in the trail."""
    form = {"url": "https://a.example/", "centre": "hedong", "events": ["letter.issued"]}
    assert administrator.post(form, "/desk/webhooks").status_code == 403
    added(administrator, "https://a.example/hook")
    assert signed_in("clerk").client.get("/desk/webhooks").status_code == 403
    assert administrator.post({}, "/desk/webhooks/1/remove", at="/desk/webhooks/1").status_code == 303
    assert administrator.client.get("/desk/webhooks/1").status_code == 403
    with store() as register:
        found = [one.action for one in register.exec(select(AuditEntry))]
    assert {"webhook.added", "webhook.removed"} <= set(found)
