"""Clients of the interface: admitted, given keys, and known again by a key."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam
from sqlalchemy import select as sqlalchemy_select
from sqlmodel import Session, col, select

from matcher.db import EntryError

from .models import ApiClient, ApiKey
from .operations import SCOPES

MOST_A_MINUTE = 100_000

GRACE = timedelta(days=7)

"""How long an old key goes on after another took its place, so that nothing stops while the new one is put in."""

_PREFIX = "mk_"

_SHOWN = 11

_LONGEST_NAME = 64

_OFTEN = timedelta(minutes=1)


@dataclass(frozen=True)
class KnownClient:
    """Who a request comes from, by its key."""

    client_id: int
    name: str
    scopes: frozenset[str]
    per_minute: int
    centre: str


def add_client(
    session: Session, name: str, centre: str, scopes: Collection[str], per_minute: int, now: datetime
) -> ApiClient:
    """Admit a client. Raises EntryError for a name, scopes or a limit that cannot be."""
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise EntryError(("name",), "名称为1至64个字。", "A name has 1 to 64 characters.")
    if not scopes or set(scopes) - SCOPES.keys():
        raise EntryError(("scopes",), "请至少选一项许可。", "Choose at least one permission.")
    if not 1 <= per_minute <= MOST_A_MINUTE:
        raise EntryError(
            ("per_minute",), f"每分钟次数为1至{MOST_A_MINUTE}。", f"The limit a minute is 1 to {MOST_A_MINUTE}."
        )
    made = ApiClient(name=name.strip(), centre=centre, scopes=sorted(scopes), per_minute=per_minute, created_at=now)
    session.add(made)
    session.flush()
    return made


def new_key(session: Session, client: ApiClient, now: datetime) -> str:
    """A new key of a client, to be shown once; those it has go on for `GRACE` more."""
    key = _PREFIX + secrets.token_urlsafe(32)
    for old in keys_of(session, client):
        if old.expires_at is None or old.expires_at > now + GRACE:
            old.expires_at = now + GRACE
            session.add(old)
    made = ApiKey(client_id=client.id or 0, digest=digest(key), prefix=key[:_SHOWN], created_at=now)
    session.add(made)
    session.flush()
    return key


def withdraw_keys(session: Session, client: ApiClient, now: datetime) -> None:
    """End every key of a client at once."""
    for key in keys_of(session, client):
        if key.expires_at is None or key.expires_at > now:
            key.expires_at = now
            session.add(key)


def clients(session: Session, centres: Sequence[str]) -> list[ApiClient]:
    """The clients that these centres admitted, by name."""
    wanted = select(ApiClient).where(col(ApiClient.centre).in_(centres)).order_by(ApiClient.name, col(ApiClient.id))
    return list(session.exec(wanted))


def keys_of(session: Session, client: ApiClient) -> list[ApiKey]:
    """The keys of a client, the newest first, also those that are over."""
    wanted = select(ApiKey).where(ApiKey.client_id == client.id).order_by(col(ApiKey.id).desc())
    return list(session.exec(wanted))


# Put together once: that costs more than asking the database does.
_BY_DIGEST = (
    sqlalchemy_select(
        col(ApiKey.id),
        col(ApiKey.expires_at),
        col(ApiKey.last_used_at),
        col(ApiClient.id),
        col(ApiClient.name),
        col(ApiClient.scopes),
        col(ApiClient.per_minute),
        col(ApiClient.centre),
    )
    .join(ApiClient, col(ApiKey.client_id) == col(ApiClient.id))
    .where(col(ApiKey.digest) == bindparam("digest"), col(ApiClient.is_active))
)


def known(session: Session, key: str, now: datetime) -> tuple[KnownClient, int | None] | None:
    """The client of a key that holds now, with the key's number where its last use is to be noted; None for any other key."""
    found = session.connection().execute(_BY_DIGEST, {"digest": digest(key)}).first()
    if found is None:
        return None
    key_id, expires_at, last_used_at, client_id, name, told, per_minute, centre = found
    if expires_at is not None and expires_at <= now:
        return None
    scopes = frozenset(str(one) for one in told) if isinstance(told, list) else frozenset()
    is_due = last_used_at is None or last_used_at + _OFTEN <= now
    return KnownClient(client_id or 0, name, scopes, per_minute, centre), key_id if is_due else None


def note_use(session: Session, key_id: int, now: datetime) -> None:
    """Note when a key was last used, to the minute."""
    row = session.get(ApiKey, key_id)
    if row is not None:
        row.last_used_at = now
        session.add(row)


def digest(key: str) -> str:
    """What is kept of a key. It has 256 random bits: a plain hash cannot be turned back, and needs no salt."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()
