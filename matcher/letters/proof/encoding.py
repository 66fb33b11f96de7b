"""Writes a statement as CBOR in as few bytes as it needs and in the 45 characters that a QR code packs best."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import cbor2

from matcher.text import fen_of

from . import page_statement
from .keys import KEY_ID_BYTES, SigningKey
from .receipt import Receipt, canonical
from .statement import (
    AMOUNTS,
    EVIDENCE_BYTES,
    KINDS,
    LIST_BYTES,
    LONGEST,
    PREFIX,
    RULEBOOK_BYTES,
    STATUSES,
    Many,
    One,
    Page,
    PageStated,
    SignedStatement,
    Statement,
    StatementError,
)

# ---------------------------------------------------------------------------------------------------------------------
# Writes bytes in the 45 characters that a QR code packs best (RFC 9285), and reads them back.
# ---------------------------------------------------------------------------------------------------------------------


ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

_BASE = len(ALPHABET)

_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Two bytes as three characters, a last single byte as two."""
    return "".join(_written(data[at : at + 2]) for at in range(0, len(data), 2))


def decode(text: str) -> bytes:
    """The bytes that ``text`` stands for. Raises ValueError for what `encode` never writes."""
    if len(text) % 3 == 1:
        raise ValueError("one character is left over")
    return b"".join(_read_pair(text[at : at + 3]) for at in range(0, len(text), 3))


def _written(pair: bytes) -> str:
    number, signs = int.from_bytes(pair, "big"), ""
    for _ in range(len(pair) + 1):
        number, digit = divmod(number, _BASE)
        signs += ALPHABET[digit]
    return signs


def _read_pair(signs: str) -> bytes:
    number = 0
    for sign in reversed(signs):
        if sign not in _VALUES:
            raise ValueError(f"{sign!r} is not a character of base45")
        number = number * _BASE + _VALUES[sign]
    if number >= 256 ** (len(signs) - 1):
        raise ValueError(f"{signs!r} stands for more than its bytes hold")
    return number.to_bytes(len(signs) - 1, "big")


# ---------------------------------------------------------------------------------------------------------------------
# Writes a statement as a row of CBOR and reads it back; every value in as few bytes as it needs.
#
# Version 2 packs codes and slugs (five or six bits a character instead of eight) and writes names in GB 18030 (two
# bytes a character instead of three), so that most firms' names fit the code whole.
# ---------------------------------------------------------------------------------------------------------------------


_FIRST_DAY = date(2020, 1, 1)  # days are counted from here, which takes two bytes until 2199

CAPITALS, SMALL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789abcdefghijklmnopqrstuvwxyz-"

_NAMES = "gb18030"


def written(statement: Statement, key_id: bytes) -> bytes:
    """The bytes that are signed; the same each time."""
    if statement.version == 3:
        row = page_statement.row_of(statement, lambda code: packed(code, CAPITALS))
    else:
        row = _row_1(statement) if statement.version == 1 else _row(statement)
    return cbor2.dumps([statement.version, key_id, *row], canonical=True)


def read(data: bytes) -> tuple[Statement, bytes]:
    """The statement in these bytes, and the id of its key. Raises an error of any kind where there is none."""
    version, key_id, *row = cbor2.loads(data)
    if version == 3:
        return page_statement.read_row(row, lambda code: unpacked(code, CAPITALS)), key_id
    if version not in (1, 2):
        raise ValueError("newer than this program")
    return (_read_1 if version == 1 else _read)(row), key_id


def _row(statement: Statement) -> list[Any]:
    matter, code, until = statement.matter, statement.credit_code, statement.valid_until
    if isinstance(matter, One):
        told: list[Any] = [packed(matter.scheme, SMALL), STATUSES.index(matter.status)]
        told += [AMOUNTS.index(matter.amount), matter.fen]
    else:
        assert isinstance(matter, Many)
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
        assert isinstance(matter, Many)
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


# ---------------------------------------------------------------------------------------------------------------------
# States a letter in the text of its QR code, and reads that text back.
#
# A code of version 10 at level M holds 204 bytes after its mark: 140 for the statement, 64 for the signature
# (Ed25519). What the rest of the statement leaves is the name's: 18 to 27 Chinese characters, by scheme. Of a longer
# name the middle is left out.
# ---------------------------------------------------------------------------------------------------------------------


MOST_BYTES, _SIGNATURE_BYTES = 140, 64

ELLIPSIS = "…"


def statement_of(receipt: Receipt) -> Statement:
    """What goes into the QR code of the letter with this receipt."""
    if receipt.format == 3:
        return _fitted(_page_statement(receipt), page_statement.most_bytes(receipt.site) - _SIGNATURE_BYTES)
    said = [_one(decision) for decision in receipt.decisions]
    stated = receipt.facts.get("credit_code")
    written_on = receipt.day("written_on")
    assert written_on is not None
    first = receipt.format == 1
    whole = Statement(
        number=receipt.number,
        credit_code=stated.value if stated else None,
        written_on=written_on,
        valid_until=receipt.day("valid_until"),
        matter=said[0] if len(said) == 1 else _many(said, receipt),
        evidence=receipt.evidence[:EVIDENCE_BYTES],
        kind=None if first else receipt.kind,
        name=None if first else receipt.name,
        rulebook=bytes.fromhex(receipt.rulebook)[:RULEBOOK_BYTES] if first else None,
        version=receipt.format,
    )
    return _fitted(whole, MOST_BYTES)


def _page_statement(receipt: Receipt) -> Statement:
    page, written_on, stated = receipt.page, receipt.day("written_on"), receipt.facts.get("credit_code")
    assert page is not None
    assert written_on is not None
    lines = [
        PageStated(
            page_statement.mark_of(one.scheme),
            one.group,
            one.status,
            one.recipient,
            one.amount,
            one.fen,
            one.closes,
            one.note,
            receipt.label_of(one.item),
        )
        for one in page.summary().lines
    ]
    return Statement(
        number=receipt.number,
        credit_code=stated.value if stated else None,
        written_on=written_on,
        valid_until=receipt.day("valid_until"),
        matter=Page(tuple(lines), page.numbers, len(page.more), page.free, page_statement.status_counts(page.counts)),
        evidence=receipt.evidence[:EVIDENCE_BYTES],
        kind=receipt.kind,
        name=receipt.name,
        version=3,
        as_of=receipt.day("as_of"),
    )


def qr_text(statement: Statement, key: SigningKey) -> str:
    """The statement signed with the centre's key, as the QR code has it; the same each time."""
    signed = written(statement, bytes.fromhex(key.id))
    if statement.version == 3:
        return page_statement.PREFIX_3 + page_statement.encode_43(signed + key.sign(signed))
    return PREFIX + encode(signed + key.sign(signed))


def is_statement(text: str) -> bool:
    """Whether a text begins as the statement of a letter does, with or without an address in front of it."""
    return page_statement.bare(text).startswith((PREFIX, page_statement.PREFIX_3))


def read_qr(text: str) -> SignedStatement:
    """The statement that a phone read, with or without the address in front of it.

    Raises StatementError for anything but what `qr_text` writes.
    """
    text = page_statement.bare(text)
    if not text.startswith((PREFIX, page_statement.PREFIX_3)) or len(text) > LONGEST:
        raise StatementError("not the code of a letter")
    third = text.startswith(page_statement.PREFIX_3)
    try:
        data = page_statement.decode_43(text[len(PREFIX) :]) if third else decode(text.removeprefix(PREFIX))
        signed, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
        statement, key_id = read(signed)
        again = written(statement, key_id)
    except Exception as error:  # whatever stood in there, it was no statement of ours
        raise StatementError("the code is damaged, or newer than this program") from error
    if again != signed or len(key_id) != KEY_ID_BYTES or third != (statement.version == 3):
        raise StatementError("the code is damaged")
    return SignedStatement(statement, key_id.hex(), signed, signature)


_ITEM_LENGTHS = (40, 20, 12, 8, 6, 4, 3, 2)


def _fitted(statement: Statement, most: int) -> Statement:
    """With as much of the names as the code holds: first the ends of the items' names go, then the middle of the firm's."""
    for length in _ITEM_LENGTHS:
        short = _with_shorter_items(statement, length)
        if len(written(short, bytes(KEY_ID_BYTES))) <= most:
            return short
    return _with_shorter_name(_with_shorter_items(statement, _ITEM_LENGTHS[-1]), most)


def _with_shorter_items(statement: Statement, length: int) -> Statement:
    """With at most so many characters of each item's name, the last of a cut one an ellipsis."""
    page = statement.matter
    if not isinstance(page, Page) or all(one.item is None for one in page.lines):
        return statement
    lines = (
        one if one.item is None or len(one.item) <= length else replace(one, item=one.item[: length - 1] + ELLIPSIS)
        for one in page.lines
    )
    return replace(statement, matter=replace(page, lines=tuple(lines)))


def _with_shorter_name(statement: Statement, most: int) -> Statement:
    """With as much of the firm's name as the code holds: of one too long the middle goes, character by character."""
    name = statement.name or ""
    for kept in range(len(name), 0, -1):
        short = name if kept == len(name) else name[: kept - kept // 2] + ELLIPSIS + name[len(name) - kept // 2 :]
        fitted = replace(statement, name=short)
        if len(written(fitted, bytes(KEY_ID_BYTES))) <= most:
            return fitted
    return replace(statement, name=None) if name else statement


def _one(decision: dict[str, Any]) -> One:
    amount = decision["amount"] or {"kind": "none"}
    figure = amount.get("high", amount.get("value"))
    return One(decision["scheme"], decision["status"], amount["kind"], None if figure is None else fen_of(figure))


def _many(said: list[One], receipt: Receipt) -> Many:
    if receipt.format == 1:
        total: int | None = sum(one.fen or 0 for one in said if one.amount == "exact")
    else:
        total = None if receipt.total is None else fen_of(receipt.total)
    listed = canonical([[one.scheme, one.status, one.amount, one.fen] for one in said])
    return Many(len(said), total, hashlib.sha256(listed).digest()[:LIST_BYTES])
