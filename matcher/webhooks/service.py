"""Keeps webhooks, and makes deliveries of what the audit trail says happened since each was last looked at."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from matcher.audit import AuditEntry, audit_head
from matcher.db import EntryError
from matcher.letters import IssuedLetter, find_issued
from matcher.rulebook import Text

from .models import Webhook, WebhookDelivery
from .sending import Unsent, target_of

EVENTS: Mapping[str, Text] = {
    "letter.asked": Text(zh="申请了函件，等复核", en="a letter was asked for and waits for a second signature"),
    "letter.issued": Text(zh="签发了函件", en="a letter was issued"),
    "letter.refused": Text(zh="退回了函件申请", en="a letter was turned down"),
    "letter.revoked": Text(zh="撤销了函件", en="a letter was revoked"),
    "outreach.told": Text(zh="告知了企业", en="firms were told of a scheme"),
    "outreach.untold": Text(zh="取消了告知标记", en="the mark of firms as told was taken off"),
}

"""What can be told: actions of the audit trail."""

TEST = "webhook.test"

PAUSES = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, 300, 600, 840, 1200, 1440))

"""How long to wait after each try that failed; after the last the delivery is given up, some three days after the first."""

MOST, KEPT = 20, timedelta(days=30)

_AT_ONCE = 500


def add_webhook(
    session: Session, centre: str, url: str, events: Collection[str], secret: str, account_id: int, at: datetime
) -> Webhook:
    """Add a webhook, told what happens from now on; ``secret`` encrypted. Raises EntryError."""
    url = url.strip()
    try:
        target_of(url)
    except Unsent:
        raise EntryError(
            ("url",),
            "请写以 https:// 开头的网址，不超过500个字符，不含用户名。",
            "Write an address that begins with https://, of at most 500 characters, without a user name.",
        ) from None
    if not events or set(events) - EVENTS.keys():
        raise EntryError(("events",), "请至少选一项。", "Choose at least one.")
    if len(webhooks(session, (centre,))) >= MOST:
        raise EntryError(("url",), f"最多{MOST}个推送地址。", f"At most {MOST} webhooks.")
    last = audit_head(session).number
    chosen = [one for one in EVENTS if one in events]
    made = Webhook(
        centre=centre, url=url, events=chosen, secret=secret, last_entry=last, account_id=account_id, created_at=at
    )
    session.add(made)
    session.flush()
    return made


def webhooks(session: Session, centres: Sequence[str]) -> Sequence[Webhook]:
    """The webhooks of these centres, the oldest first."""
    return session.exec(select(Webhook).where(col(Webhook.centre).in_(centres)).order_by(col(Webhook.id))).all()


def deliveries(session: Session, webhook_id: int, limit: int) -> Sequence[WebhookDelivery]:
    """The last deliveries of a webhook, the newest first."""
    wanted = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    return session.exec(wanted.order_by(col(WebhookDelivery.id).desc()).limit(limit)).all()


def add_test(session: Session, webhook: Webhook, at: datetime) -> WebhookDelivery:
    """A delivery that says nothing but that it comes from here."""
    return _add(session, webhook, TEST, at, {"centre": webhook.centre}, at)


def active(session: Session) -> Sequence[int]:
    """The webhooks that are told something."""
    return [one for one in session.exec(select(Webhook.id).where(col(Webhook.is_active))) if one is not None]


def collect(session: Session, webhook_id: int, now: datetime) -> int:
    """Make a delivery of each event since the webhook was last looked at; how many. Old deliveries that are over go."""
    webhook = session.get(Webhook, webhook_id, with_for_update=True, populate_existing=True)
    if webhook is None or not webhook.is_active:
        return 0
    wanted = select(AuditEntry).where(col(AuditEntry.number) > webhook.last_entry).order_by(col(AuditEntry.number))
    entries = session.exec(wanted.limit(_AT_ONCE)).all()
    made = 0
    for entry in entries:
        if entry.centre == webhook.centre and entry.action in webhook.events:
            _add(session, webhook, entry.action, entry.at, dict(_data(session, entry)), now)
            made += 1
    if entries:
        webhook.last_entry = entries[-1].number
        session.add(webhook)
    over = delete(WebhookDelivery).where(
        col(WebhookDelivery.webhook_id) == webhook_id,
        col(WebhookDelivery.state) != "waiting",
        col(WebhookDelivery.created_at) <= now - KEPT,
    )
    session.execute(over)
    return made


def due(session: Session, now: datetime) -> Sequence[int]:
    """The deliveries whose time has come, the first to be tried first."""
    wanted = select(WebhookDelivery.id).where(WebhookDelivery.state == "waiting", col(WebhookDelivery.next_at) <= now)
    found = session.exec(wanted.order_by(col(WebhookDelivery.next_at), col(WebhookDelivery.id)).limit(_AT_ONCE))
    return [one for one in found if one is not None]


def settle(session: Session, delivery_id: int, status: int | None, fault: str | None, at: datetime) -> None:
    """Note what came of a try: taken (2xx), to be tried again after a pause, or given up. 410 ends the webhook."""
    one = session.get(WebhookDelivery, delivery_id, with_for_update=True, populate_existing=True)
    if one is None or one.state != "waiting":
        return
    one.tries, one.tried_at, one.status, one.fault = one.tries + 1, at, status, fault
    is_gone = status == 410
    if status is not None and 200 <= status < 300:
        one.state, one.next_at = "delivered", None
    elif is_gone or one.event == TEST or one.tries > len(PAUSES):
        one.state, one.next_at = "failed", None
    else:
        one.next_at = at + PAUSES[one.tries - 1]
    session.add(one)
    if is_gone:
        webhook = session.get_one(Webhook, one.webhook_id)
        webhook.is_active = False
        session.add(webhook)


def _add(
    session: Session, webhook: Webhook, event: str, at: datetime, data: Mapping[str, Any], now: datetime
) -> WebhookDelivery:
    body = json.dumps({"type": event, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
    made = WebhookDelivery(
        webhook_id=webhook.id or 0,
        message_id=f"msg_{secrets.token_urlsafe(24)}",
        event=event,
        body=body,
        created_at=now,
        next_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _data(session: Session, entry: AuditEntry) -> Iterator[tuple[str, Any]]:
    """What is told of an event: numbers and codes by which more may be asked for with a key, nothing of a firm."""
    kind, _, name = entry.subject.partition(" ")
    yield "centre", entry.centre
    yield "entry", entry.number
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    if kind == "letter":
        issued = find_issued(session, name)
        yield "number", name
        yield "code", issued.code if issued else None
        yield "supersedes", _superseded(session, name)
    if kind == "scheme":
        yield "scheme", name
        yield "firms", len(detail.get("firms", ()))
    if kind == "case" or "case" in detail:
        number = name if kind == "case" else str(detail["case"])
        yield "case", int(number) if number.isdecimal() else None


def _superseded(session: Session, number: str) -> list[str]:
    wanted = select(IssuedLetter.number).where(IssuedLetter.superseded_by == number)
    return list(session.exec(wanted.order_by(IssuedLetter.number)))
