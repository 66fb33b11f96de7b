"""Column types that read back exactly what was written on either database, and long lists of keys in parts."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar, TypeVar, get_args

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# ---------------------------------------------------------------------------------------------------------------------
# Column types that read back exactly what was written, on SQLite and on PostgreSQL alike.
# ---------------------------------------------------------------------------------------------------------------------


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


class PackedText(TypeDecorator[str]):
    """Text that is long and compresses well, such as a decision's reasons: kept as ``zlib:`` and its packed bytes in base64.

    What was written before, and is no longer than `_SHORT`, stands there as it is. No text of ours begins with ``zlib:``, and one
    that did would be refused (ValueError).
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it is kept."""
        if value is None or len(value) <= _SHORT:
            if value is not None and value.startswith(_PACKED):
                raise ValueError(f"a text that begins with {_PACKED} cannot be stored")
            return value
        return _PACKED + b64encode(zlib.compress(value.encode())).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The text that was written."""
        if value is None or not value.startswith(_PACKED):
            return value
        return zlib.decompress(b64decode(value[len(_PACKED) :])).decode()


_PACKED, _SHORT = "zlib:", 1000


class PackedJson(TypeDecorator[object]):
    """JSON as `CanonicalJson` has it, kept as `PackedText`. No database can look into it."""

    impl = PackedText
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


# ---------------------------------------------------------------------------------------------------------------------
# Long lists of keys in parts: a statement takes only so many.
# ---------------------------------------------------------------------------------------------------------------------


IN_ONE = 500

Key = TypeVar("Key")


def parts(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """The keys, `IN_ONE` at a time; nothing for none."""
    return (keys[start : start + IN_ONE] for start in range(0, len(keys), IN_ONE))


# ---------------------------------------------------------------------------------------------------------------------
# The tables of the store: what was decided, which letters were made of it and issued, what owners keep or hand over.
# ---------------------------------------------------------------------------------------------------------------------


SHA256_LENGTH = 64

# Every constraint has a name, so that a later migration can change it on SQLite as well.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Register(SQLModel):
    """The base of every table of the store. Table models do not validate: entries.py does, before a row is made."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


def one_of(column: str, values: object) -> CheckConstraint:
    """A CHECK for a column with these strings; a native enum cannot be migrated in step on both databases."""
    listed = ", ".join(f"'{value}'" for value in get_args(values))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def digest_of(column: str) -> CheckConstraint:
    """A CHECK for a column with a SHA-256 in hexadecimal."""
    return CheckConstraint(f"length({column}) = {SHA256_LENGTH} AND {column} = lower({column})", name=column)
