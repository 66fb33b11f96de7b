"""The short signed statement in the QR code, and the twelve characters by which a letter is verified without a phone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from matcher.letters.compose import Group, Note
from matcher.rulebook import AmountKind, Recipient, Status
from matcher.text import with_check

# ---------------------------------------------------------------------------------------------------------------------
# Makes the twelve characters by which a letter is verified without a phone.
# ---------------------------------------------------------------------------------------------------------------------


_PURPOSE = b"letter code\0"


def code_of(qr: str) -> str:
    """The code of the letter whose QR code holds this text, from its hash.

    The text ends with a signature, which nobody can make who lacks the key: so nobody can guess the code either.
    """
    return with_check(int.from_bytes(hashlib.sha256(_PURPOSE + qr.encode()).digest(), "big"))


# ---------------------------------------------------------------------------------------------------------------------
# The short statement in the QR code: what the letter says, signed, so that it can be checked from paper alone.
#
# Whom the letter is for stands in it by name and by credit code. A name that does not fit the code (see `stating`)
# stands there by its first and last characters with "…" between them. What is not said is bound all the same:
# `evidence` is the hash of the whole receipt, with every fact, decision and the rulebook in it.
# ---------------------------------------------------------------------------------------------------------------------


PREFIX = "TJ1:"

LONGEST = 700  # characters; those that are printed have 600 at most

RULEBOOK_BYTES, EVIDENCE_BYTES, LIST_BYTES = 8, 12, 16

Kind = Literal["eligibility", "missing"]

# Written as their places in these rows: new ones only ever at the end.
STATUSES: tuple[Status, ...] = (
    "eligible", "needs_decision", "applies", "needs_information",
    "not_eligible", "does_not_apply", "unconfirmed", "not_open",
)  # fmt: skip

AMOUNTS: tuple[AmountKind, ...] = ("none", "exact", "ceiling", "range")

KINDS: tuple[Kind, ...] = ("eligibility", "missing")


class StatementError(ValueError):
    """A text that no statement is."""


@dataclass(frozen=True, slots=True)
class One:
    """What the letter says of its only scheme. ``fen`` is the sum, or the upper end of a range; None without a figure."""

    scheme: str
    status: Status
    amount: AmountKind
    fen: int | None


@dataclass(frozen=True, slots=True)
class Many:
    """What the letter says of several schemes: how many, the hash of the list, and what the firm surely has in fen.

    ``fen`` is None where the letter prints no total. In version 1 it was the sum of all exact amounts, which is no total.
    """

    count: int
    fen: int | None
    digest: bytes


@dataclass(frozen=True, slots=True)
class PageStated:
    """A line of the first page (`compose.Line`). ``mark`` names the scheme; the sum is in fen; ``item`` is how the letter calls the
    one of several that it is about, or as much of that as the code holds."""

    mark: bytes
    group: Group
    status: Status
    recipient: Recipient | None
    amount: AmountKind
    fen: int | None
    closes: date | None
    note: Note
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """All of the first page: its lines, the three numbers in fen (cash, less, possible), and what is only counted there.

    ``more``: schemes for which it has no room; ``free``: services and titles without money; ``counts``: all schemes, by their
    status in the order of `STATUSES`. A letter that is no certificate has no numbers, and a line for each of its schemes.
    """

    lines: tuple[PageStated, ...]
    numbers: tuple[int, ...] | None
    more: int
    free: int
    counts: tuple[int, ...]

    @property
    def waiting(self) -> int:
        """For how many schemes facts are missing."""
        return dict(zip(STATUSES, self.counts, strict=False)).get("needs_information", 0)


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement. ``evidence`` and ``rulebook`` are the first bytes of their SHA-256.

    Version 1 has neither kind nor name, version 2 no rulebook (which the evidence covers); ``as_of``, by the rules of which day,
    stands in version 3 alone. A statement of version 3 without ``valid_until`` speaks of a day that is over.
    """

    number: str
    credit_code: str | None
    written_on: date
    valid_until: date | None
    matter: One | Many | Page
    evidence: bytes
    kind: Kind | None = None
    name: str | None = None
    rulebook: bytes | None = None
    version: Literal[1, 2, 3] = 2
    as_of: date | None = None

    @property
    def past(self) -> bool:
        """Whether the letter says how things stood on a day that was over when it was written."""
        return self.version == 3 and self.valid_until is None


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
