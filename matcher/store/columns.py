"""Column types that read back exactly what was written, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator


class AwareDateTime(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond; a time without a zone is refused, and none ever comes back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time (ValueError) and turn any other into UTC, since SQLite keeps no zone."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a time without a zone cannot be stored: pass an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC, whether the driver returned no zone (SQLite) or the session's own (PostgreSQL)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CanonicalJson(TypeDecorator[object]):
    """JSON as canonical text (see :func:`canonical`).

    Text and not the database's JSON: PostgreSQL's jsonb rewrites what it is given, and a hash taken of the stored
    text must come out the same on every database. ``None`` is NULL. Changes inside a stored value are not noticed:
    records are written once.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object | None, dialect: Dialect) -> str | None:
        """The canonical text of a value; ValueError for what JSON does not carry exactly."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object | None:
        """The value that the text stands for."""
        return None if value is None else json.loads(value)


def canonical(value: object) -> str:
    """One text for one value: keys sorted, no spaces, Chinese as it is.

    :raises ValueError: for a float (figures travel as decimal strings), for text that is not Unicode, and for
        anything else that would not come back the same; the message names the place, never the value.
    """
    _must_be_exact(value, "$")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _must_be_exact(value: object, place: str) -> None:
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, str):
        _must_be_unicode(value, place)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(f"{place}: a key must be text, not {type(key).__name__}")
            _must_be_unicode(key, place)
            _must_be_exact(inner, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            _must_be_exact(inner, f"{place}[{index}]")
    else:
        raise ValueError(f"{place}: {type(value).__name__} is not stored; write figures as decimal strings")


def _must_be_unicode(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{place}: the text holds half a character (a lone surrogate)") from None
