"""Sends a message by e-mail, through the server that the settings name; there is none where they name none."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

from matcher.settings import settings
from matcher.text import BilingualError

_SECONDS = 20

_OK = 250

_NO_HEADERS: Mapping[str, str] = {}

_PORTS = {"smtp": 587, "smtps": 465}


class MailError(BilingualError):
    """A message that was not sent; ``text`` says why and what to do."""


class AddressRefusedError(MailError):
    """The server knows no such address."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages are handed in: host and port, TLS from the start or on request, who signs in, and who sends."""

    host: str
    port: int
    sender: str
    is_tls: bool = False
    user: str = ""
    password: str = ""

    def check(self) -> None:
        """Go as far as handing in a message would, without one. Raises MailError: no answer, not our account, not our sender."""
        where = f"{self.host}:{self.port}"
        try:
            with self._connected() as server:
                server.ehlo_or_helo_if_needed()
                code, said = server.mail(self.sender)
                server.rset()
        except smtplib.SMTPAuthenticationError:
            raise MailError(
                f"邮件服务器 {where} 不接受本站的账号。请检查 MATCHER_SMTP 里的用户名和密码",
                f"the mail server {where} refuses this site's account. Check the user and password in MATCHER_SMTP",
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise MailError(
                f"邮件服务器 {where} 用不了（{why}）。请检查 MATCHER_SMTP 和网络",
                f"the mail server {where} cannot be used ({why}). Check MATCHER_SMTP and the network",
            ) from None
        if code != _OK:
            why = said.decode("utf-8", "replace")
            raise MailError(
                f"邮件服务器 {where} 不让 {self.sender} 发信（{code} {why}）。请改 MATCHER_MAIL_FROM，或请邮件管理员放行",
                f"the mail server {where} does not let {self.sender} send ({code} {why}). Change MATCHER_MAIL_FROM, or let its "
                "administrator allow it",
            )

    def send(self, to: str, subject: str, body: str, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        """Hand a message in. Raises MailError: the server does not answer, refuses who sends, or refuses the address.

        A password goes over a connection under TLS alone.
        """
        message = EmailMessage()
        try:
            message["From"], message["To"], message["Subject"] = self.sender, to, subject
        except ValueError:  # a line break in an address or a subject
            raise _refused_address(to) from None
        message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain=self._sender_host())
        for name, value in headers.items():
            message[name] = value
        message.set_content(body)
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused:
            raise _refused_address(to) from None
        except smtplib.SMTPAuthenticationError:
            raise MailError(
                "邮件服务器不接受本站的账号，没有发出。请管理员检查 MATCHER_SMTP。",
                "The mail server refuses this site's account; nothing was sent. An administrator must check MATCHER_SMTP.",
            ) from None
        except (OSError, smtplib.SMTPException):
            raise MailError(
                "邮件服务器没有回应或拒收，没有发出。请过一会儿再试，或复制后自己发。",
                "The mail server does not answer or refuses; nothing was sent. Try again later, or copy the text.",
            ) from None

    def _sender_host(self) -> str:
        """What stands after the @ of who sends: filters distrust another name, and the server's own may be of our network alone."""
        return parseaddr(self.sender)[1].rpartition("@")[2] or self.host

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        with closing(self._opened()) as server:
            if not self.is_tls:
                server.ehlo()
                if self.user or server.has_extn("starttls"):
                    server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            yield server
            with suppress(OSError, smtplib.SMTPException):  # the message is handed in, whatever is said at parting
                server.quit()

    def _opened(self) -> smtplib.SMTP:
        if self.is_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=_SECONDS)


def mail_server() -> MailServer | None:
    """The server of the settings; None where none is named, or nobody who sends."""
    told, sender = settings().smtp, settings().mail_from
    if not told or not sender:
        return None
    parts = urlsplit(told)
    port = parts.port or _PORTS.get(parts.scheme, 25)
    user, password = (unquote(one) if one else "" for one in (parts.username, parts.password))
    return MailServer(parts.hostname or "", port, sender, parts.scheme == "smtps", user, password)


def _refused_address(to: str) -> AddressRefusedError:
    return AddressRefusedError(
        f"邮件服务器不认这个地址：{to}。没有发出，请和企业核对。",
        f"The mail server does not know this address: {to}. Nothing was sent: check it with the firm.",
    )
