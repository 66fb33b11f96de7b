"""What comes out of verifying a letter, and what the register adds to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from matcher.letters.proof.faults import Fault, fault
from matcher.letters.proof.statement import Statement
from matcher.rulebook import Text

State = Literal["valid", "expired", "revoked", "superseded", "unknown"]
Reproduced = Literal["conclusion", "page", "other_setting"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says of a letter: the SHA-256 of its file, and the text of its QR code as they were issued.

    ``by`` is the number of the letter in its place.
    """

    state: Literal["valid", "revoked", "superseded"]
    sha256: str
    qr: str
    on: date | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out. ``statement`` is what the letter says, where its signature could be checked or no list was at hand.

    ``issuer`` is the centre whose key signed it, where there is a statement and a list. ``qr`` is the text of its QR code.
    ``reproduced`` says what this program could make again from the receipt, which is a second word beside the signature:
    the conclusion, and the page byte for byte, or with other fonts or words. Empty where it was not tried.
    """

    state: State
    number: str | None = None
    faults: tuple[Fault, ...] = ()
    statement: Statement | None = None
    on: date | None = None  # since when it is revoked or superseded, or until when it held
    by: str | None = None
    issuer: Text | None = None
    qr: str | None = None
    reproduced: tuple[Reproduced, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether all agree and the letter holds."""
        return self.state == "valid" and not self.faults

    @property
    def altered(self) -> bool:
        """Whether something shows that this is not what the centre signed."""
        return any(one.shows_change for one in self.faults)

    def to_json(self) -> dict[str, Any]:
        """As `matcher verify --json` prints it."""
        faults = [one.to_json() for one in self.faults]
        return {
            "valid": self.valid,
            "state": self.state,
            "number": self.number,
            "faults": faults,
            "reproduced": list(self.reproduced),
        }


def beside_register(verdict: Verdict, standing: Standing | None, sha256: str | None = None) -> Verdict:
    """The verdict once the register was asked for its number: whether it issued this, and whether it still holds.

    The number alone proves nothing: whoever has a stolen key can sign something else under a number that was issued.

    :param sha256: of the file that was verified; None where it was the QR code.
    """
    if standing is None:
        return replace(verdict, state="unknown", faults=(*verdict.faults, fault("not_registered")))
    if sha256 is not None and sha256 != standing.sha256:
        return replace(verdict, state="unknown", faults=(*verdict.faults, fault("register_other")))
    if verdict.qr != standing.qr:
        other = fault("register_other_statement")
        return replace(verdict, state="unknown", faults=(*verdict.faults, other))
    if verdict.statement is None or standing.state == "valid":
        return verdict
    return replace(verdict, state=standing.state, on=standing.on, by=standing.by)
