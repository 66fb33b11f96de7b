"""States a letter in the text of its QR code, and reads that text back.

A code of version 10 at level M holds 204 bytes after its mark: 140 for the statement, 64 for the signature (Ed25519).
What the rest of the statement leaves is the name's: 18 to 27 Chinese characters, by scheme. Of a longer name the middle
is left out.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from matcher.letters.proof import base45
from matcher.letters.proof.certificates import KEY_ID_BYTES
from matcher.letters.proof.keys import SigningKey
from matcher.letters.proof.packing import read, written
from matcher.letters.proof.receipt import Receipt, canonical
from matcher.letters.proof.statement import (
    EVIDENCE_BYTES,
    LIST_BYTES,
    LONGEST,
    PREFIX,
    RULEBOOK_BYTES,
    Many,
    One,
    SignedStatement,
    Statement,
    StatementError,
)
from matcher.letters.values import fen_of

MOST_BYTES, _SIGNATURE_BYTES = 140, 64
ELLIPSIS = "…"


def statement_of(receipt: Receipt) -> Statement:
    """What goes into the QR code of the letter with this receipt."""
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
    return _fitted(whole)


def qr_text(statement: Statement, key: SigningKey) -> str:
    """The text of the QR code: the statement signed with the centre's key; the same each time."""
    signed = written(statement, bytes.fromhex(key.id))
    return PREFIX + base45.encode(signed + key.sign(signed))


def read_qr(text: str) -> SignedStatement:
    """The statement that a phone read. Raises StatementError for anything but what `qr_text` writes."""
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        raise StatementError("not the code of a letter")
    try:
        data = base45.decode(text.removeprefix(PREFIX))
        signed, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
        statement, key_id = read(signed)
        again = written(statement, key_id)
    except Exception as error:  # whatever stood in there, it was no statement of ours
        raise StatementError("the code is damaged, or newer than this program") from error
    if again != signed or len(key_id) != KEY_ID_BYTES:
        raise StatementError("the code is damaged")
    return SignedStatement(statement, key_id.hex(), signed, signature)


def _fitted(statement: Statement) -> Statement:
    """With as much of the name as the code holds: of one too long the middle goes, character by character."""
    name = statement.name or ""
    for kept in range(len(name), 0, -1):
        short = name if kept == len(name) else name[: kept - kept // 2] + ELLIPSIS + name[len(name) - kept // 2 :]
        fitted = replace(statement, name=short)
        if len(written(fitted, bytes(KEY_ID_BYTES))) <= MOST_BYTES:
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
