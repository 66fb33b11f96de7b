"""Writes a statement as a row of CBOR and reads it back; every value in as few bytes as it needs.

Version 2 packs codes and slugs (five or six bits a character instead of eight) and writes names in GB 18030 (two bytes a
character instead of three), so that most firms' names fit the code whole.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import cbor2

from matcher.letters.proof.statement import AMOUNTS, KINDS, STATUSES, Many, One, Statement

_FIRST_DAY = date(2020, 1, 1)  # days are counted from here, which takes two bytes until 2199
CAPITALS, SMALL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789abcdefghijklmnopqrstuvwxyz-"
_NAMES = "gb18030"


def written(statement: Statement, key_id: bytes) -> bytes:
    """The bytes that are signed; the same each time."""
    row = _row_1(statement) if statement.version == 1 else _row(statement)
    return cbor2.dumps([statement.version, key_id, *row], canonical=True)


def read(data: bytes) -> tuple[Statement, bytes]:
    """The statement in these bytes, and the id of its key. Raises an error of any kind where there is none."""
    version, key_id, *row = cbor2.loads(data)
    if version not in (1, 2):
        raise ValueError("newer than this program")
    return (_read_1 if version == 1 else _read)(row), key_id


def _row(statement: Statement) -> list[Any]:
    matter, code, until = statement.matter, statement.credit_code, statement.valid_until
    if isinstance(matter, One):
        told: list[Any] = [packed(matter.scheme, SMALL), STATUSES.index(matter.status)]
        told += [AMOUNTS.index(matter.amount), matter.fen]
    else:
        told = [matter.count, matter.fen, matter.digest]
    return [
        statement.number.encode(_NAMES),
        KINDS.index(statement.kind or KINDS[0]),
        None if statement.name is None else statement.name.encode(_NAMES),
        None if code is None else packed(code, CAPITALS),
        _days(statement.written_on),
        None if until is None else (until - statement.written_on).days,
        told,
        statement.evidence,
    ]


def _read(row: list[Any]) -> Statement:
    number, kind, name, code, written_on, term, told, evidence = row
    day = _FIRST_DAY + timedelta(days=written_on)
    if len(told) == 4:
        told = [unpacked(told[0], SMALL), *told[1:]]
    return Statement(
        number=number.decode(_NAMES),
        credit_code=None if code is None else unpacked(code, CAPITALS),
        written_on=day,
        valid_until=None if term is None else day + timedelta(days=term),
        matter=_matter(told),
        evidence=evidence,
        kind=KINDS[kind],
        name=None if name is None else name.decode(_NAMES),
    )


def _row_1(statement: Statement) -> list[Any]:
    matter, until = statement.matter, statement.valid_until
    told: list[Any]
    if isinstance(matter, One):
        told = [matter.scheme, STATUSES.index(matter.status), AMOUNTS.index(matter.amount), matter.fen]
    else:
        told = [matter.count, matter.fen, matter.digest]
    days = [_days(statement.written_on), None if until is None else _days(until)]
    return [statement.number, statement.credit_code, *days, told, statement.rulebook, statement.evidence]


def _read_1(row: list[Any]) -> Statement:
    number, code, written_on, until, told, rulebook, evidence = row
    days = [None if day is None else _FIRST_DAY + timedelta(days=day) for day in (written_on, until)]
    if days[0] is None or not all(isinstance(one, str) for one in (number, code or "")):
        raise ValueError("a part of the statement is missing")
    return Statement(number, code, days[0], days[1], _matter(told), evidence, rulebook=rulebook, version=1)


def _matter(told: list[Any]) -> One | Many:
    if len(told) == 3:
        matter: One | Many = Many(*told)
    else:
        scheme, status, amount, fen = told
        matter = One(scheme, STATUSES[status], AMOUNTS[amount], fen)
    if not isinstance(matter.fen, int | None) or (isinstance(matter, One) and not isinstance(matter.scheme, str)):
        raise ValueError("a part of the statement is missing")
    return matter


def packed(text: str, alphabet: str) -> bytes | str:
    """`text` as a number whose digits are its characters, counted from 1; itself where it has any other character."""
    if not text or not set(text) <= set(alphabet):
        return text
    number = 0
    for sign in text:
        number = number * len(alphabet) + alphabet.index(sign) + 1
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def unpacked(data: bytes | str, alphabet: str) -> str:
    """What `packed` was given."""
    if isinstance(data, str):
        return data
    number, signs = int.from_bytes(data, "big"), []
    while number:
        number, place = divmod(number - 1, len(alphabet))
        signs.append(alphabet[place])
    return "".join(reversed(signs))


def _days(day: date) -> int:
    return (day - _FIRST_DAY).days
