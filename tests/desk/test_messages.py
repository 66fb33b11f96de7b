"""Whom a centre reaches at a firm and at departments, its texts, and telling a firm: copied, noted, sent."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import select

from matcher.cases.models import FirmNote
from matcher.cases.service import forget_firm
from matcher.contacts.models import FirmContact
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
