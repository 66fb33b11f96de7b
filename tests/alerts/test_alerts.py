"""Alerts by e-mail: a stranger's address is written to once, its owner confirms, is told what changed, and stops it at a click."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlmodel import col, delete, select

from matcher.alerts.models import AlertChange, AlertSubscription
from matcher.alerts.sending import MOST_REFUSED, AlertsOffError, Sent, send_alerts
from matcher.alerts.service import read_address
from matcher.db.database import reading, session
from matcher.db.faults import EntryError
from matcher.presentation.law_changes import changes_of_law
from matcher.rulebook.rulebook import Rulebook
from matcher.web.database import engine
from tests.fixtures.desk import Visitor
from tests.fixtures.mail import REFUSED, Mailbox
from tests.fixtures.pages import parsed

AT = datetime(2026, 12, 2, 4, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("offered")


@pytest.fixture
def offered(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server and an address of the site are set, and nobody has asked for anything yet."""
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "http://localhost")


@pytest.fixture
def in_app(desk_app: Flask) -> Iterator[None]:
    """Within the application, whose database the sending works on."""
    with desk_app.app_context():
        yield


def ask(visitor: Visitor, address: str, **more: str) -> tuple[int, str]:
    """Fill in the form; the status and the words of the page."""
    token = visitor.get("/alerts").value("csrf_token")
    answer = visitor.client.post("/alerts", data={"csrf_token": token, "address": address, **more})
    return answer.status_code, parsed(answer).text


def link_in(body: str, path: str) -> str:
    """The path of a link in a message."""
    found = re.search(rf"http://localhost(/alerts/{path}/[^\s>]+)", body)
    assert found, body
    return found[1]


def subscribed(visitor: Visitor, mailbox: Mailbox, address: str, **more: str) -> None:
    """Ask, and confirm as the owner of the address would."""
    assert ask(visitor, address, **more)[0] == 200
    path = link_in(mailbox.messages[-1].get_content(), "confirm")
    assert parsed(visitor.client.get(path)).root.find(".//form[@method='post']") is not None
    assert "已订阅" in visitor.client.post(path).text


def known_before(but: tuple[str, date]) -> None:
    """Forget that the site knew one change of the law, as if the rules had told it first today."""
    with session(engine()) as writing:
        writing.execute(delete(AlertChange).where(col(AlertChange.scheme) == but[0], col(AlertChange.day) == but[1]))


def everybody() -> list[AlertSubscription]:
    """All who are subscribed."""
    with reading(engine()) as opened:
        return list(opened.exec(select(AlertSubscription)))


def test_an_owner_confirms_is_told_once_and_stops(
    nobody: Visitor, mailbox: Mailbox, rulebook: Rulebook, in_app: None
) -> None:
    """Nothing is kept before the confirmation; a change that becomes known is told once, with a link that forgets the address."""
    assert ask(nobody, "Owner@Example.com")[0] == 200
    assert everybody() == []
    subscribed(nobody, mailbox, "owner@example.com")
    (one,) = everybody()
    assert (one.address, one.schemes) == ("owner@example.com", None)
    assert send_alerts(engine(), rulebook, AT) == Sent(), "what was there before is no news"
    change = next(changes_of_law(rulebook, AT.date()))
    known_before((change.scheme.slug, change.day))
    assert send_alerts(engine(), rulebook, AT) == Sent(messages=1)
    assert send_alerts(engine(), rulebook, AT) == Sent()
    message = mailbox.messages[-1]
    body = message.get_content()
    assert change.scheme.name.zh in body
    assert f"http://localhost/scheme/{change.scheme.slug}?as_of={change.day}" in body
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = link_in(message["List-Unsubscribe"], "stop")
    assert path in body
    assert parsed(nobody.client.get(path)).root.find(".//form[@method='post']") is not None
    assert len(everybody()) == 1, "a link that a mail program opens by itself stops nothing"
    assert nobody.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert everybody() == []
    again = nobody.client.post(path)
    assert (again.status_code, "没有找到这个订阅" in again.text) == (200, True)


def test_a_link_opened_again_says_what_has_come_of_it(nobody: Visitor, mailbox: Mailbox, in_app: None) -> None:
    """Confirmed already, in either language; stopped already, or a link of which half was copied, which must not seem to have stopped
    anything."""
    subscribed(nobody, mailbox, "owner@example.com")
    body = mailbox.messages[-1].get_content()
    path = link_in(body, "confirm")
    for lang, words in (("zh", "已订阅"), ("en", "You are subscribed")):
        page = parsed(nobody.client.get(path.replace("lang=zh", f"lang={lang}")))
        assert words in page.text
        assert page.root.find(".//form[@method='post']") is None
        switch = page.root.find(".//a[@class='switch']")
        assert switch is not None
        assert str(switch.get("href")).startswith(path.partition("?")[0]), "the other language is the same page"
    nobody.client.get("/?lang=zh")
    token = everybody()[0].token
    for half in (token[:-1], "0" * 43):
        pages = [parsed(nobody.client.open(f"/alerts/stop/{half}", method=one)) for one in ("GET", "POST")]
        assert ["已退订" in page.text for page in pages] == [False, False]
    assert len(everybody()) == 1
    assert "已退订" in nobody.client.post(f"/alerts/stop/{token}").text
    assert "没有找到这个订阅" in nobody.client.get(f"/alerts/stop/{token}").text
    asks = parsed(nobody.client.get(path)).root.find(".//form[@method='post']")
    assert asks is not None, "whoever stopped may begin anew within the link's two days, by the button"


def test_messages_say_who_sends_them_and_tell_nothing_of_the_reader(
    nobody: Visitor, mailbox: Mailbox, rulebook: Rulebook, in_app: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site and its operator under each; links in the language of the message, in which no address can be read."""
    monkeypatch.setenv("MATCHER_OPERATOR", "天津市政务服务办公室")
    monkeypatch.setenv("MATCHER_OPERATOR_PHONE", "022-12345678")
    nobody.client.set_cookie("lang", "en")
    assert ask(nobody, "owner@example.com")[0] == 200
    nobody.client.post(link_in(mailbox.messages[-1].get_content(), "confirm"))
    change = next(changes_of_law(rulebook, AT.date()))
    known_before((change.scheme.slug, change.day))
    send_alerts(engine(), rulebook, AT)
    assert len(mailbox.messages) == 2
    for message in mailbox.messages:
        lines = message.get_content().splitlines()
        assert message["From"] == "fuwu@example.gov.cn"
        assert message["Message-ID"].endswith("@example.gov.cn>")
        assert message["Auto-Submitted"] == "auto-generated"
        assert lines[-2:] == ["http://localhost", "天津市政务服务办公室, 022-12345678"]
        links = re.findall(r"http://localhost/\S+", "\n".join(lines))
        assert links
        assert all("lang=en" in link and "owner" not in link for link in links)


def test_one_who_wants_some_schemes_hears_of_those_alone(
    nobody: Visitor, mailbox: Mailbox, rulebook: Rulebook, in_app: None
) -> None:
    """Asked for from a scheme's page, in the language of the page; whoever asks again changes the wish."""
    slugs = list(dict.fromkeys(one.scheme.slug for one in changes_of_law(rulebook, AT.date())))
    nobody.client.set_cookie("lang", "en")
    assert f"/alerts?scheme={slugs[0]}" in nobody.client.get(f"/scheme/{slugs[0]}").text
    assert ask(nobody, "some@example.com", scheme=slugs[0], which="these")[0] == 200
    nobody.client.post(link_in(mailbox.messages[-1].get_content(), "confirm"))
    assert [one.schemes for one in everybody()] == [[slugs[0]]]
    changes = {one.scheme.slug: one for one in changes_of_law(rulebook, AT.date())}
    known_before((slugs[1], changes[slugs[1]].day))
    assert send_alerts(engine(), rulebook, AT) == Sent()
    known_before((slugs[0], changes[slugs[0]].day))
    assert send_alerts(engine(), rulebook, AT) == Sent(messages=1)
    assert changes[slugs[0]].scheme.name.en in mailbox.messages[-1].get_content()
    assert mailbox.messages[-1]["Subject"] == "Support schemes for firms: 1 change"
    ask(nobody, "some@example.com", scheme=slugs[0], which="all")
    nobody.client.post(link_in(mailbox.messages[-1].get_content(), "confirm"))
    assert [one.schemes for one in everybody()] == [None]


def test_the_page_says_the_same_of_every_address_and_writes_to_it_twice_a_day(
    nobody: Visitor, mailbox: Mailbox, in_app: None
) -> None:
    """Whoever asks cannot find out who is subscribed, nor flood a stranger's mailbox; a network asks so often an hour."""
    subscribed(nobody, mailbox, "known@example.com")
    known, unknown = ask(nobody, "known@example.com"), ask(nobody, "other@example.com")
    assert known[0] == unknown[0] == 200
    assert known[1].replace("known@", "other@") == unknown[1]
    before = len(mailbox.messages)
    assert ask(nobody, "known@example.com") == known
    assert len(mailbox.messages) == before, "the third of a day"
    assert [ask(nobody, f"a{number}@example.com")[0] for number in range(17)] == [200] * 16 + [429]


def test_what_is_wrong_is_said(nobody: Visitor, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """No address, one that the mail server does not know, a forged or altered link, a server that does not answer, none at all."""
    for typed in ("nobody", "a@b", "a@b.cn\r\nBcc: c@d.cn", "a b@c.cn", f"{'a' * 250}@b.cn"):
        assert ask(nobody, typed)[0] == 422
        with pytest.raises(EntryError):
            read_address(typed)
    assert ask(nobody, REFUSED)[0] == 422
    assert not mailbox.messages
    token = nobody.get("/alerts").value("csrf_token")
    told = {"csrf_token": token, "address": "nobody", "which": "all", "scheme": "six-taxes-two-fees"}
    page = parsed(nobody.client.post("/alerts", data=told))
    field = page.root.find(".//input[@name='address']")
    assert field is not None
    assert (field.get("value"), "autofocus" in field.attrib) == ("nobody", True)
    chosen = page.root.findall(".//input[@name='which'][@checked]")
    assert [one.get("value") for one in chosen] == ["all"], "what was chosen stays chosen"
    assert nobody.client.get("/alerts/confirm/abc").status_code == 400
    assert nobody.client.post("/alerts/confirm/abc").status_code == 400
    assert nobody.client.post("/alerts", data={"address": "a@b.cn"}).status_code == 400
    monkeypatch.setenv("MATCHER_SMTP", "smtp://127.0.0.1:1")
    assert ask(nobody, "a@example.com")[0] == 503
    monkeypatch.delenv("MATCHER_SMTP")
    assert nobody.client.get("/alerts").status_code == 404
    assert [nobody.client.open("/alerts/stop/abc", method=one).status_code for one in ("GET", "POST")] == [200, 200]


def test_what_cannot_be_sent_is_sent_next_time_and_a_dead_address_forgotten(
    nobody: Visitor, mailbox: Mailbox, rulebook: Rulebook, in_app: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that does not answer costs nobody a message; one that does not know an address three times ends the subscription."""
    subscribed(nobody, mailbox, "owner@example.com")
    change = next(changes_of_law(rulebook, AT.date()))
    known_before((change.scheme.slug, change.day))
    told = len(mailbox.messages)
    with monkeypatch.context() as patched:
        patched.setenv("MATCHER_SMTP", "smtp://127.0.0.1:1")
        assert send_alerts(engine(), rulebook, AT) == Sent(failed=1)
    assert send_alerts(engine(), rulebook, AT) == Sent(messages=1)
    assert len(mailbox.messages) == told + 1
    with session(engine()) as writing:
        one = writing.exec(select(AlertSubscription)).one()
        one.address, one.last_change = REFUSED, 0
        writing.add(one)
    sent = [send_alerts(engine(), rulebook, AT) for _ in range(MOST_REFUSED)]
    assert sent == [*[Sent(failed=1)] * (MOST_REFUSED - 1), replace(Sent(failed=1), forgotten=1)]
    assert everybody() == []
    monkeypatch.delenv("MATCHER_PUBLIC_URL")
    with pytest.raises(AlertsOffError, match="MATCHER_PUBLIC_URL"):
        send_alerts(engine(), rulebook, AT)
