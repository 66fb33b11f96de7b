"""The messages: the one that asks for confirmation, and those that tell what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from matcher.contacts import AddressRefusedError, MailError, MailServer, mail_server
from matcher.db import reading, session
from matcher.presentation import LawChange, change_words, changes_of_law
from matcher.rulebook import Rulebook
from matcher.settings import settings
from matcher.text import BilingualError, day_of, punctuation, sentences

from .models import AlertSubscription
from .service import changes_after, note_changes

MOST_REFUSED = 3

"""An address that the mail server does not know at so many sendings in a row is forgotten."""


class AlertsOffError(BilingualError):
    """Nothing can be sent; ``text`` says which setting is missing."""


@dataclass(frozen=True)
class Sent:
    """What a sending came to: messages handed in, those that were not (they are tried at the next), addresses forgotten."""

    messages: int = 0
    failed: int = 0
    forgotten: int = 0


def is_offered() -> bool:
    """Whether alerts can be had: a mail server, somebody who sends, and the address that links in messages begin with."""
    return mail_server() is not None and settings().public_url is not None


def stop_link(token: str, lang: str) -> str:
    """Where a subscription is stopped, in the language of the message."""
    return f"{settings().public_url}/alerts/stop/{token}?lang={lang}"


def signature(lang: str) -> str:
    """The last lines of every message: which site it is from, and who runs that."""
    told = settings()
    who = punctuation(lang).comma.join(one for one in (told.operator, told.operator_phone) if one)
    return "\n".join(one for one in ("-- ", sentences.say("天津惠企政策自查", lang), told.public_url, who) if one)


def send_confirmation(server: MailServer, address: str, sealed: str, lang: str) -> None:
    """Ask the owner of an address whether the wish is theirs. Raises MailError."""
    body = sentences.say(
        "有人在天津惠企政策自查网站填了这个邮箱，要收政策变化的提醒。\n\n是您填的，请在48小时内打开下面的链接确认：\n{link}\n\n"
        "不是您，就不用管这封邮件：不确认就什么也不会保存。",
        lang,
        link=f"{settings().public_url}/alerts/confirm/{sealed}?lang={lang}",
    )
    subject = sentences.say("请确认：订阅政策变化", lang)
    server.send(address, subject, f"{body}\n\n{signature(lang)}\n", _AUTOMATIC)


def send_alerts(engine: Engine, book: Rulebook, at: datetime) -> Sent:
    """Tell every subscriber what became known since they were told last, one message each. One that fails is tried again next time.

    :raises AlertsOffError: where a setting is missing; StoreError without the database.
    """
    server = mail_server()
    if server is None or not is_offered():
        raise AlertsOffError(
            "发不了提醒：请设 MATCHER_SMTP、MATCHER_MAIL_FROM 和 MATCHER_PUBLIC_URL（邮件里的链接以它开头）",
            "no alerts can be sent: set MATCHER_SMTP, MATCHER_MAIL_FROM and MATCHER_PUBLIC_URL (links in messages begin with it)",
        )
    present = {(one.scheme.slug, one.day, one.kind): one for one in changes_of_law(book, day_of(at))}
    with session(engine) as writing:
        last = note_changes(writing, present.values(), at)
    with reading(engine) as opened:
        due = opened.exec(select(AlertSubscription).where(col(AlertSubscription.last_change) < last)).all()
        news = changes_after(opened, min((one.last_change for one in due), default=last))
    messages = failed = forgotten = 0
    for one in due:
        after = [change for change in news if (change.id or 0) > one.last_change]
        # What the rules no longer say is not told any more.
        told = [present[key] for change in after if (key := (change.scheme, change.day, change.kind)) in present]
        wanted = [change for change in told if one.schemes is None or change.scheme.slug in one.schemes]
        try:
            if wanted:
                _send(server, one, wanted)
                messages += 1
        except AddressRefusedError:
            failed += 1
            with session(engine) as writing:
                forgotten += _refused(writing, one)
        except MailError:
            failed += 1
        else:
            with session(engine) as writing:
                _told(writing, one, last)
    return Sent(messages, failed, forgotten)


def _send(server: MailServer, one: AlertSubscription, changes: Sequence[LawChange]) -> None:
    lang, link = one.language, stop_link(one.token, one.language)
    lines = [sentences.say("您订阅的惠企政策有变化：", lang)]
    for change in changes:
        lines += ["", f"• {change.scheme.name.get(lang)}{punctuation(lang).colon}{change_words(change, lang)}"]
        lines += [f"  {change.instrument}"] if change.instrument else []
        lines.append(
            f"  {settings().public_url}/scheme/{change.scheme.slug}?as_of={change.day.isoformat()}&lang={lang}"
        )
    lines += ["", sentences.say("不想再收，请打开：{link}", lang, link=link)]
    other = f"{settings().public_url}/alerts?lang={lang}"
    lines += [sentences.say("想改收哪些政策，请再填一次邮箱：{link}", lang, link=other), "", signature(lang), ""]
    subject = sentences.say("惠企政策：{count}", lang, count=sentences.count(lang, len(changes), "scheme_change"))
    one_click = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    server.send(one.address, subject, "\n".join(lines), {**_AUTOMATIC, **one_click})


_AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def _told(writing: Session, one: AlertSubscription, last: int) -> None:
    found = writing.get(AlertSubscription, one.id)
    if found is not None:  # they may have stopped it meanwhile
        found.last_change, found.refused = last, 0
        writing.add(found)


def _refused(writing: Session, one: AlertSubscription) -> bool:
    """Count it; whether the address is forgotten for it."""
    found = writing.get(AlertSubscription, one.id)
    if found is None:
        return False
    found.refused += 1
    if found.refused < MOST_REFUSED:
        writing.add(found)
        return False
    writing.delete(found)
    return True
