"""Locks answers away on the server under a key that only the owner gets: in the cookie, or in a private link."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from matcher.store import reading, session
from matcher.store.drafts import delete_draft, find_draft, put_draft
from matcher.store.tables import Draft
from matcher.web.keep import clock, quota, wire
from matcher.web.keep.answers import Answers
from matcher.web.keep.database import engine
from matcher.web.keep.seal import SealBroken, decrypt, derive, encrypt

_USE = "draft"
_KEY_BYTES = 18  # 144 bits: 24 characters of a link, without padding


def new_key() -> str:
    """A key for one locker: 24 characters that may stand in an address."""
    return urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def put(key: str, answers: Answers, days: int) -> None:
    """Lock answers away for so many days, in place of what lay under this key. Raises StorageFull, StoreError."""
    _put(key, answers, days, is_new=False)


def put_new(key: str, answers: Answers, days: int) -> None:
    """The same under a key that only now comes into use: what lies under it already stays. Raises StorageFull, StoreError."""
    _put(key, answers, days, is_new=True)


def look(key: str) -> Answers | None:
    """What lies under this key; None where there is nothing, or no longer. Raises StoreError."""
    with reading(engine()) as opened:
        found = find_draft(opened, _name(key), clock.moment())
    if found is None:
        return None
    try:
        return wire.unpack(decrypt(derive(key, _USE), found.ciphertext, _USE))
    except (SealBroken, ValueError):
        return None


def clear(key: str) -> bool:
    """Throw away what lies under this key; whether there was anything. Raises StoreError."""
    with session(engine()) as writing:
        return delete_draft(writing, _name(key))


def _put(key: str, answers: Answers, days: int, *, is_new: bool) -> None:
    now = clock.moment()
    ciphertext = encrypt(derive(key, _USE), wire.pack(answers), _USE)
    try:
        with session(engine()) as writing:
            if is_new and find_draft(writing, _name(key), now) is not None:
                return
            grown = put_draft(writing, _name(key), ciphertext, now + timedelta(days=days), now)
            quota.charge(writing, Draft, grown)
    except quota.StorageFull as full:
        full.answers = answers
        raise


def _name(key: str) -> str:
    """The name of the row: it comes out of the key, and the key does not come out of it."""
    return derive(key, "draft name").hex()
