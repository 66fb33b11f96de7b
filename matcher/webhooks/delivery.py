"""What the worker does for webhooks: makes deliveries of what happened, and tries those whose time has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from matcher import __version__
from matcher.db import claimed, reading, session
from matcher.settings import settings

from .models import Webhook, WebhookDelivery
from .sending import Network, Resolver, Unsent, post, resolve
from .service import active, collect, due, settle
from .signing import SecretLostError, opened, signature

_WHAT = "delivery"

Clock = Callable[[], datetime]


def take_up(engine: Engine, now: datetime) -> Sequence[int]:
    """The deliveries that are to be tried now, those of what happened since the last look among them."""
    with reading(engine) as register:
        told = active(register)
    for webhook_id in told:
        with session(engine) as writing:
            collect(writing, webhook_id, now)
    with reading(engine) as register:
        return due(register, now)


def perform(
    engine: Engine,
    delivery_id: int,
    clock: Clock,
    site_secrets: Sequence[str | bytes],
    *,
    allowed: Sequence[Network] | None = None,
    resolver: Resolver = resolve,
) -> None:
    """Try a delivery, if no other worker is at it and its time has come, and note what came of it.

    It is sent at least once: a worker that dies between the answer and the note sends it again, with the same `webhook-id`.
    """
    with claimed(engine, _WHAT, delivery_id) as is_ours:
        if not is_ours:
            return
        with reading(engine) as register:
            one = register.get(WebhookDelivery, delivery_id)
            webhook = register.get(Webhook, one.webhook_id) if one else None
        if one is None or webhook is None or one.state != "waiting" or (one.next_at and one.next_at > clock()):
            return
        status, fault = None, None
        try:
            status = _sent(webhook, one, clock(), site_secrets, allowed, resolver)
        except Unsent as error:
            fault = error.fault
        except SecretLostError:
            fault = "secret"
        with session(engine) as writing:
            settle(writing, delivery_id, status, fault, clock())


def _sent(
    webhook: Webhook,
    one: WebhookDelivery,
    at: datetime,
    site_secrets: Sequence[str | bytes],
    allowed: Sequence[Network] | None,
    resolver: Resolver,
) -> int:
    secret, body, moment = opened(site_secrets, webhook.secret), one.body.encode(), int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"eligibility-matcher/{__version__}",
        "webhook-id": one.message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret, one.message_id, moment, body),
    }
    networks = settings().webhook_networks if allowed is None else allowed
    return post(webhook.url, body, headers, networks, resolver=resolver)
