"""Creations that happen once: an `Idempotency-Key` sent again, at once or within a day, has the answer of the first time.

The key is entered before anything is made, with a digest of the request, and what is made carries a token of it in its own
table. So a process that dies between making and answering makes nothing twice: whoever sends again finds what was made.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Response, request
from sqlalchemy import delete, update
from sqlmodel import Session, col

from matcher.db import ConstraintError, session
from matcher.rulebook import Text
from matcher.web import engine, now

from .access import client_of_key
from .models import ApiCreation
from .operations import JSON
from .problems import ProblemError

KEPT = timedelta(hours=24)

LEASE = timedelta(seconds=15)

"""A request that has not been answered for so long may have broken off: the next with its key goes on where it was. Where the first
is only slow, what is made still carries one token, and its table takes that once."""

_KEY = re.compile(r"[!-~]{1,255}")

_HEADER = "Idempotency-Key"


@dataclass(frozen=True)
class Created:
    """What was made: its address and what is said of it, no fact of a firm among it."""

    location: str
    body: Mapping[str, Any]
    status: int = 201


def created_once(make: Callable[[str], Created]) -> Response:
    """Make something at the first request with its key; answer a later one as the first.

    :param make: makes it, given a token that is the same each time the key is tried, and gives what was made by that token where
        it was made already. What it refuses (ProblemError) leaves the key free.
    :raises ProblemError: 400 without a key, 409 while the first request is being answered, 422 for another request under the key.
    """
    name, told = _name(), request.headers.get(_HEADER, "")
    if not _KEY.fullmatch(told):
        text = Text(
            zh="请写 Idempotency-Key：1 至 255 个可见 ASCII 字符，每次创建一个，重发时不变",
            en="send Idempotency-Key: 1 to 255 visible ASCII characters, one for each creation, the same when sent again",
        )
        raise ProblemError(400, text)
    entry = _entered(name, _digest(told.encode()))
    if entry.status is not None:
        return _answer(entry, is_again=True)
    try:
        made = make(entry.token)
    except ProblemError:
        _let_go(entry)
        raise
    except Exception:
        _let_others(entry)
        raise
    entry.status, entry.location = made.status, made.location
    entry.body = json.dumps(made.body, ensure_ascii=False) + "\n"
    with session(engine()) as writing:
        writing.merge(entry)
    return _answer(entry)


def _entered(client_id: int, key: str) -> ApiCreation:
    """The entry of this key, which is ours to answer unless it has its answer."""
    try:
        with session(engine()) as writing:
            return _found(writing, client_id, key) or _added(writing, client_id, key)
    except ConstraintError:  # two at the same moment: this one was second
        with session(engine()) as writing:
            found = _found(writing, client_id, key)
        if found is None:
            raise _busy() from None
        return found


def _found(writing: Session, client_id: int, key: str) -> ApiCreation | None:
    over = delete(ApiCreation).where(col(ApiCreation.created_at) <= now() - KEPT)  # of whichever client
    writing.execute(over)
    found = writing.get(ApiCreation, (client_id, key), with_for_update=True)
    if found is None:
        return None
    if found.request_digest != _request_digest():
        text = Text(
            zh="这个 Idempotency-Key 已用于另一个请求；新的请求请换一个",
            en="this Idempotency-Key was used for another request: choose another for a new one",
        )
        raise ProblemError(422, text)
    if found.status is None:
        # Begun in the future, it was begun before the clock was put back.
        if abs(now() - found.begun_at) < LEASE:
            raise _busy()
        found.begun_at = now()
        writing.add(found)
    return found


def _added(writing: Session, client_id: int, key: str) -> ApiCreation:
    made = ApiCreation(
        client_id=client_id,
        key_digest=key,
        request_digest=_request_digest(),
        token=secrets.token_urlsafe(32),
        created_at=now(),
        begun_at=now(),
    )
    writing.add(made)
    writing.flush()
    return made


def _let_go(entry: ApiCreation) -> None:
    """Nothing was made: the key may be used again, for this or a mended request."""
    with session(engine()) as writing:
        writing.execute(delete(ApiCreation).where(*_ours(entry)))


def _let_others(entry: ApiCreation) -> None:
    """It broke off, and something may have been made: the next goes on at once with the same token."""
    with session(engine()) as writing:
        writing.execute(update(ApiCreation).where(*_ours(entry)).values(begun_at=entry.begun_at - LEASE))


def _ours(entry: ApiCreation) -> tuple[Any, ...]:
    return (
        col(ApiCreation.client_id) == entry.client_id,
        col(ApiCreation.key_digest) == entry.key_digest,
        col(ApiCreation.token) == entry.token,
        col(ApiCreation.status).is_(None),
    )


def _answer(entry: ApiCreation, *, is_again: bool = False) -> Response:
    made = Response(entry.body, entry.status, mimetype=JSON)
    made.headers["Location"] = entry.location or ""
    made.headers["Cache-Control"] = "no-store"
    if is_again:
        made.headers["Idempotent-Replayed"] = "true"
    return made


def _name() -> int:
    client = client_of_key()
    assert client is not None
    return client.client_id


def _request_digest() -> str:
    """The method, the address and the body, byte for byte."""
    head = f"{request.method} {request.full_path}\n".encode()
    return _digest(head + request.get_data())


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _busy() -> ProblemError:
    text = Text(
        zh="同一个 Idempotency-Key 的请求还在办理，请稍后再发",
        en="a request with this Idempotency-Key is being answered: send it again later",
    )
    return ProblemError(409, text, headers={"Retry-After": "5"})
