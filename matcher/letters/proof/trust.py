"""The trust list: which keys sign letters, from when until when, and which letters no longer hold; itself signed."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from matcher.letters.proof.receipt import canonical
from matcher.rulebook import Text

LARGEST = 8 * 1024 * 1024
_NUMBER = re.compile(r"(.+)〔(\d{4})〕([1-9]\d{0,8})号")

KeyState = Literal["active", "retired", "revoked"]
Hex = Annotated[str, Field(pattern=r"^([0-9a-f]{2})*$")]
Iso = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class TrustListError(ValueError):
    """A trust list that cannot be used: damaged, or not signed by its own root."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PublicKey(_Shape):
    """A centre's pair of public keys: Ed25519 for the paper, a P-256 certificate for the file.

    ``last``: once the key is closed, the last number it signed, by year; what it seems to have signed beyond is false,
    whatever date stands on it.
    """

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    centre: str
    centre_name: Text
    mark: str  # 机关代字, with which its document numbers begin
    paper: Hex
    certificate: str  # DER in base64
    since: Iso
    until: Iso | None = None
    state: KeyState = "active"
    reason: str = ""
    last: dict[str, int] = Field(default_factory=dict)

    @property
    def certificate_der(self) -> bytes:
        """The certificate's bytes."""
        return base64.b64decode(self.certificate)

    def covers(self, number: str, written_on: date) -> bool:
        """Whether this key may have signed the letter of this number and date."""
        read = read_number(number)
        if read is None or read[0] != self.mark or written_on < date.fromisoformat(self.since):
            return False
        if self.state == "active":
            return True
        _, year, place = read
        within = self.until is None or written_on <= date.fromisoformat(self.until)
        return within and place <= self.last.get(str(year), 0)


class Withdrawn(_Shape):
    """A letter that no longer holds: revoked, or superseded by the letter ``by``."""

    state: Literal["revoked", "superseded"]
    on: Iso
    by: str | None = None


class TrustList(_Shape):
    """Every key there was, and every letter that was withdrawn, as of ``dated``; signed with the root key."""

    format: Literal[1] = 1
    dated: Iso | Literal[""]
    root: Hex
    keys: tuple[PublicKey, ...]
    letters: dict[str, Withdrawn] = Field(default_factory=dict)
    signature: Hex = ""

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))

    @property
    def fingerprint(self) -> str:
        """The root key's sign, to be compared with the one the city publishes."""
        digest = hashlib.sha256(bytes.fromhex(self.root)).hexdigest()[:32]
        return " ".join(digest[at : at + 4] for at in range(0, 32, 4))

    def to_bytes(self) -> bytes:
        """The file: JSON, indented for people."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True)
        return text.encode() + b"\n"

    def key(self, key_id: str) -> PublicKey | None:
        """The key of this id."""
        return next((one for one in self.keys if one.id == key_id), None)

    def key_of_certificate(self, der: bytes) -> PublicKey | None:
        """The key with this certificate."""
        return next((one for one in self.keys if one.certificate_der == der), None)


def read_trust_list(data: bytes) -> TrustList:
    """The list in these bytes, its signature checked. Raises TrustListError."""
    if len(data) > LARGEST:
        raise TrustListError("too large")
    try:
        found = TrustList.model_validate_json(data)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.root)).verify(
            bytes.fromhex(found.signature), found.signed
        )
    except InvalidSignature:
        raise TrustListError("its signature does not fit: it was changed after it was made") from None
    except (ValidationError, ValueError, RecursionError) as error:
        raise TrustListError(str(error).splitlines()[0]) from None
    return found


def read_number(number: str) -> tuple[str, int, int] | None:
    """A document number as letter mark, year and place: 津和惠函〔2026〕12号; None for any other text."""
    found = _NUMBER.fullmatch(number)
    return None if found is None else (found[1], int(found[2]), int(found[3]))
