"""The short statement in the QR code: what the letter says, signed, so that it can be checked from paper alone.

A code of version 10 at level M holds 207 bytes: 143 for the statement, 64 for the signature (Ed25519).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from matcher.letters.proof import base45
from matcher.letters.proof.receipt import Receipt, canonical
from matcher.letters.values import fen_of

if TYPE_CHECKING:
    from matcher.letters.proof.keys import SigningKey

PREFIX = "TJ1:"
KEY_ID_BYTES, RULEBOOK_BYTES, EVIDENCE_BYTES, LIST_BYTES, _SIGNATURE_BYTES = 6, 8, 12, 16, 64
LONGEST = 400  # characters; a code of version 10 holds 311
_FIRST_DAY = date(2020, 1, 1)  # days are counted from here, which takes two bytes until 2199
# Written as their places in these rows: new ones only ever at the end.
STATUSES = (
    "eligible", "needs_decision", "applies", "needs_information",
    "not_eligible", "does_not_apply", "unconfirmed", "not_open",
)  # fmt: skip
AMOUNTS = ("none", "exact", "ceiling", "range")


class StatementError(ValueError):
    """A text that no statement is."""


@dataclass(frozen=True, slots=True)
class One:
    """What the letter says of its only scheme. ``fen`` is the sum, or the upper end of a range; None without a figure."""

    scheme: str
    status: str
    amount: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class Many:
    """What the letter says of several schemes: how many, the sum of the exact amounts, and the hash of the list."""

    count: int
    fen: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement. ``rulebook`` and ``evidence`` are the first bytes of their SHA-256."""

    number: str
    credit_code: str | None
    written_on: date
    valid_until: date | None
    matter: One | Many
    rulebook: bytes
    evidence: bytes


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """A statement as it was read, with the key it names and the signature still to be checked."""

    statement: Statement
    key_id: str
    signed: bytes
    signature: bytes

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the owner of this Ed25519 key (32 bytes) signed it."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True


def statement_of(receipt: Receipt) -> Statement:
    """What goes into the QR code of the letter with this receipt."""
    said = [_one(decision) for decision in receipt.decisions]
    stated = receipt.facts.get("credit_code")
    written_on = receipt.day("written_on")
    assert written_on is not None
    return Statement(
        number=receipt.number,
        credit_code=stated.value if stated else None,
        written_on=written_on,
        valid_until=receipt.day("valid_until"),
        matter=said[0] if len(said) == 1 else _many(said),
        rulebook=bytes.fromhex(receipt.rulebook)[:RULEBOOK_BYTES],
        evidence=receipt.evidence[:EVIDENCE_BYTES],
    )


def qr_text(statement: Statement, key: SigningKey) -> str:
    """The text of the QR code: the statement signed with the centre's key; the same each time."""
    signed = cbor2.dumps([1, bytes.fromhex(key.id), *_row(statement)], canonical=True)
    return PREFIX + base45.encode(signed + key.sign(signed))


def read_qr(text: str) -> SignedStatement:
    """The statement that a phone read. Raises StatementError for anything but what `qr_text` writes."""
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        raise StatementError("not the code of a letter")
    try:
        data = base45.decode(text.removeprefix(PREFIX))
        signed, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
        version, key_id, *row = cbor2.loads(signed)
        statement = _read(row)
        again = cbor2.dumps([1, key_id, *_row(statement)], canonical=True)
    except Exception as error:  # whatever stood in there, it was no statement of ours
        raise StatementError("the code is damaged") from error
    if version != 1 or again != signed or len(key_id) != KEY_ID_BYTES:
        raise StatementError("the code is damaged, or newer than this program")
    return SignedStatement(statement, key_id.hex(), signed, signature)


def _one(decision: dict[str, Any]) -> One:
    amount = decision["amount"] or {"kind": "none"}
    figure = amount.get("high", amount.get("value"))
    return One(decision["scheme"], decision["status"], amount["kind"], None if figure is None else fen_of(figure))


def _many(said: list[One]) -> Many:
    total = sum(one.fen or 0 for one in said if one.amount == "exact")
    listed = canonical([[one.scheme, one.status, one.amount, one.fen] for one in said])
    return Many(len(said), total, hashlib.sha256(listed).digest()[:LIST_BYTES])


def _row(statement: Statement) -> list[Any]:
    matter = statement.matter
    if isinstance(matter, One):
        told: list[Any] = [matter.scheme, STATUSES.index(matter.status), AMOUNTS.index(matter.amount), matter.fen]
    else:
        told = [matter.count, matter.fen, matter.digest]
    days = [_days(statement.written_on), _days(statement.valid_until)]
    return [statement.number, statement.credit_code, *days, told, statement.rulebook, statement.evidence]


def _read(row: list[Any]) -> Statement:
    number, credit_code, written_on, valid_until, told, rulebook, evidence = row
    matter: One | Many
    if len(told) == 3:
        matter = Many(*told)
    else:
        scheme, status, amount, fen = told
        matter = One(scheme, STATUSES[status], AMOUNTS[amount], fen)
    day = _day(written_on)
    words = [number, credit_code or "", *([told[0]] if isinstance(matter, One) else [])]
    if day is None or not all(isinstance(one, str) for one in words) or not isinstance(matter.fen, int | None):
        raise ValueError("a part of the statement is missing")
    return Statement(number, credit_code, day, _day(valid_until), matter, rulebook, evidence)


def _days(day: date | None) -> int | None:
    return None if day is None else (day - _FIRST_DAY).days


def _day(days: int | None) -> date | None:
    return None if days is None else _FIRST_DAY + timedelta(days=days)
