"""Messages handed in to a mail server: they arrive as they were written, and what is not sent is said."""

import pytest

from matcher.contacts.mail import MailError, MailServer, mail_server
from tests.fixtures.mail import REFUSED, Mailbox


def test_a_message_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    """Chinese in subject and text, from whom the settings say, to one address."""
    server = mail_server()
    assert server is not None
    server.send("li.na@example.com", "六税两费减半", "天津海河乳品有限公司：\n可以享受。\n")
    (message,) = mailbox.messages
    assert (message["Subject"], message["From"], message["To"]) == (
        "六税两费减半",
        "fuwu@example.gov.cn",
        "li.na@example.com",
    )
    assert message.get_content().replace("\r\n", "\n") == "天津海河乳品有限公司：\n可以享受。\n"
    assert mailbox.recipients == [["li.na@example.com"]]


def test_an_address_that_the_server_does_not_know_is_named(mailbox: Mailbox) -> None:
    """Nothing was sent, and the clerk is told which address."""
    server = mail_server()
    assert server is not None
    with pytest.raises(MailError, match=REFUSED):
        server.send(REFUSED, "x", "x")
    with pytest.raises(MailError):
        server.send("a@b.cn", "x\nBcc: c@d.cn", "x")
    assert mailbox.messages == []


@pytest.mark.usefixtures("mailbox")
def test_a_password_goes_over_an_encrypted_connection_alone(mailbox: Mailbox) -> None:
    """A server that offers no TLS gets none: nothing is sent."""
    plain = mail_server()
    assert plain is not None
    with pytest.raises(MailError):
        MailServer(plain.host, plain.port, "a@b.cn", user="fuwu", password="geheim").send("li@example.com", "x", "x")
    assert mailbox.messages == []


def test_a_server_that_is_not_there_is_said() -> None:
    """And what to do instead."""
    with pytest.raises(MailError, match="复制"):
        MailServer("127.0.0.1", 9, "a@b.cn").send("li@example.com", "x", "x")


@pytest.mark.parametrize(
    ("address", "port", "is_tls"),
    [
        ("smtp://mail.example.cn", 587, False),
        ("smtps://u:p%40@mail.example.cn", 465, True),
        ("smtp://m.cn:25", 25, False),
    ],
)
def test_the_settings_name_the_server(monkeypatch: pytest.MonkeyPatch, address: str, port: int, is_tls: bool) -> None:
    """Without a sender there is none."""
    monkeypatch.setenv("MATCHER_SMTP", address)
    monkeypatch.delenv("MATCHER_MAIL_FROM", raising=False)
    assert mail_server() is None
    monkeypatch.setenv("MATCHER_MAIL_FROM", "a@b.cn")
    found = mail_server()
    assert found is not None
    assert (found.port, found.is_tls) == (port, is_tls)
    assert found.password == ("p@" if found.user else "")
