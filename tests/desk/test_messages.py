"""Whom a centre reaches at a firm and at departments, its texts, and telling a firm: copied, noted, sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlmodel import select

from matcher.cases.models import FirmNote
from matcher.cases.service import forget_firm
from matcher.contacts.models import DepartmentContact, FirmContact, MessageText
from matcher.contacts.service import MOST_CONTACTS, add_firm_contact, firm_contacts, person_of
from matcher.db.faults import EntryError
from matcher.outreach.models import FirmTold
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import FIRM_ID, NAME, SCHEME, client, open_case, store_of, trail
from tests.fixtures.mail import Mailbox

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")
PAGE = f"/desk/firms/{FIRM_ID}"
MESSAGE = f"/desk/message?firm={FIRM_ID}"


def entered(clerk: Visitor, **told: str) -> None:
    """Somebody at the firm is entered on its page."""
    clerk.post({"firm": FIRM_ID, **told}, "/desk/firms/contacts", at=PAGE)


def test_people_at_a_firm_are_the_centres_own_and_forgotten_with_it(signed_in: SignedIn, desk_app: Flask) -> None:
    """They stand on its page; a wrong entry is refused in words; another centre sees none."""
    clerk = signed_in("clerk")
    entered(clerk, name="李娜", role="会计", phone="022-2345 6789")
    assert "022-2345 6789" in clerk.get(PAGE).text
    entered(clerk, name="王强")
    assert "请写电话或电子邮箱" in clerk.get(PAGE).text
    with store_of(desk_app) as register:
        (found,) = register.exec(select(FirmContact)).all()
        assert found.centre == "heping"
        forget_firm(register, FIRM_ID, "heping")
        assert not register.exec(select(FirmContact)).all()
    entered(clerk, name="李娜", email="li.na@example.com")
    with store_of(desk_app) as register:
        other = register.exec(select(FirmContact)).one()
        other.centre = "hexi"
        register.add(other)
    assert "li.na@example.com" not in clerk.get(PAGE).text
    clerk.post({"firm": FIRM_ID, "drop": "1"}, "/desk/firms/contacts", at=PAGE)
    with store_of(desk_app) as register:
        assert len(register.exec(select(FirmContact)).all()) == 1


def test_a_text_of_the_centre_is_filled_for_the_firm_and_noted(signed_in: SignedIn, desk_app: Flask) -> None:
    """The usual one where there is none; then the centre's own, by scheme; handing it over stands in the thread and counts as told."""
    clerk = signed_in("clerk")
    open_case(clerk)
    usual = clerk.get(f"{MESSAGE}&scheme={SCHEME}")
    assert f"{NAME}：" in "".join(usual.root.find(".//textarea").itertext())  # type: ignore[union-attr]
    told = {"title": "六税两费", "scheme": SCHEME, "body": "【企业】：请看【政策】。"}
    clerk.post(told, "/desk/texts", at="/desk/texts")
    clerk.post(
        {"department": "和平区税务局", "scheme": SCHEME, "name": "张科", "phone": "022-111222"},
        "/desk/contacts",
        at="/desk/contacts",
    )
    assert "张科" in clerk.get("/desk/contacts").text
    page = clerk.get(f"{MESSAGE}&scheme={SCHEME}")
    filled = "".join(page.root.find(".//textarea").itertext())  # type: ignore[union-attr]
    assert filled.strip().startswith(f"{NAME}：请看")
    assert "【" not in filled
    assert "张科" in page.text
    assert "没有设邮件服务器" in page.text
    clerk.post({"firm": FIRM_ID, "scheme": SCHEME, "body": filled, "do": "note"}, "/desk/message", at=MESSAGE)
    assert "请看" in clerk.get(PAGE).text
    with store_of(desk_app) as register:
        assert [one.kind for one in register.exec(select(FirmNote))] == ["message"]
        assert [one.scheme for one in register.exec(select(FirmTold))] == [SCHEME]
    assert len(trail(desk_app, "firm.messaged")) == 1


def test_a_message_is_sent_to_the_person_chosen(signed_in: SignedIn, desk_app: Flask, mailbox: Mailbox) -> None:
    """By the mail server; a person of another firm or without an address gets nothing, and nothing is noted."""
    clerk = signed_in("clerk")
    entered(clerk, name="李娜", email="li.na@example.com")
    page = clerk.get(MESSAGE)
    chosen = page.root.find(".//select[@name='contact']/option")
    assert chosen is not None
    sent = {
        "firm": FIRM_ID,
        "subject": "告知",
        "body": "第一行\n第二行",
        "do": "send",
        "csrf_token": page.value("csrf_token") or "",
    }
    client(clerk).post("/desk/message", data=sent)
    assert mailbox.messages == []
    client(clerk).post("/desk/message", data={**sent, "contact": chosen.get("value") or ""})
    assert [message["Subject"] for message in mailbox.messages] == ["告知"]
    assert mailbox.messages[0].get_content().splitlines() == ["第一行", "第二行"]
    with store_of(desk_app) as register:
        notes = [one.text for one in register.exec(select(FirmNote))]
    assert len(notes) == 1
    assert "li.na@example.com" in notes[0]


def test_a_contact_or_a_text_is_taken_away_by_its_own_centre(signed_in: SignedIn, desk_app: Flask) -> None:
    """With an entry in the trail; what is another centre's stays."""
    clerk, elsewhere = signed_in("clerk"), signed_in("hedong.clerk")
    entered(clerk, name="李娜", phone="022-2345 6789")
    clerk.post({"department": "和平区税务局", "name": "张科", "phone": "022-111222"}, "/desk/contacts")
    clerk.post({"title": "通知", "body": "【企业】：请看。"}, "/desk/texts")
    for visitor, left in ((elsewhere, 1), (clerk, 0)):
        visitor.post({"firm": FIRM_ID, "drop": "1"}, "/desk/firms/contacts", at="/desk/me")
        visitor.post({"drop": "1"}, "/desk/contacts", at="/desk/me")
        visitor.post({"drop": "1"}, "/desk/texts", at="/desk/me")
        with store_of(desk_app) as register:
            kept = [len(register.exec(select(one)).all()) for one in (FirmContact, DepartmentContact, MessageText)]
        assert kept == [left] * 3
    assert [len(trail(desk_app, done)) for done in ("firm.contact_dropped", "contact.dropped", "text.dropped")] == [
        1,
        1,
        1,
    ]


def test_what_cannot_be_kept_is_refused_in_words(signed_in: SignedIn, desk_app: Flask) -> None:
    """A department without a name, a text without a word, a text that is gone."""
    clerk = signed_in("clerk")
    for path, told, words in (
        ("/desk/contacts", {"department": " ", "name": "张科", "phone": "022-111222"}, "请写部门的名称。"),
        ("/desk/texts", {"title": "通知", "body": " "}, "请写1至4000字。"),
        ("/desk/texts", {"title": "通知", "body": "请看。", "text": "99"}, "这段话已经不在了。"),
    ):
        clerk.post(told, path)
        assert words in clerk.get(path).text
    clerk.post({"firm": FIRM_ID, "body": " ", "do": "note"}, "/desk/message", at=MESSAGE)
    assert "请写1至4000字" in clerk.get(PAGE).text
    assert clerk.client.get("/desk/message?firm=F-999999").status_code == 404
    with store_of(desk_app) as register:
        assert not register.exec(select(MessageText)).all()


def test_the_same_person_entered_again_takes_the_earlier_entrys_place(signed_in: SignedIn, desk_app: Flask) -> None:
    """Also where as many are kept as may be; one more is refused."""
    person = person_of({"name": "李娜", "phone": "022-2345 6789"})
    at = datetime(2026, 1, 6, 2, tzinfo=UTC)
    with store_of(desk_app) as register:
        for number in range(MOST_CONTACTS):
            add_firm_contact(register, FIRM_ID, "heping", replace(person, name=f"第{number}人"), 1, at)
        add_firm_contact(register, FIRM_ID, "heping", replace(person, name="第7人", phone="022-1"), 1, at)
        found = firm_contacts(register, FIRM_ID, "heping")
        assert [one.phone for one in found if one.name == "第7人"] == ["022-1"]
        with pytest.raises(EntryError, match="50"):
            add_firm_contact(register, FIRM_ID, "heping", person, 1, at)
