"""The trust list: which keys sign letters, from when until when, and which letters no longer hold; itself signed.

Format 2 names, for a key that was revoked, what it truly signed before: once a key is stolen nothing else tells a letter
of the centre from one of the thief's, who can write any number and any date. Format 1 has no such names, and its revoked
keys vouch for nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from matcher.rulebook import Text

from .receipt import canonical

LARGEST = 32 * 1024 * 1024  # a revoked key's letters take 72 bytes each

DIGEST_BYTES = 16  # of SHA-256: to find another text with the same is out of reach

# Counters are asked to fetch the list every week. Of a letter withdrawn today a list knows nothing until it is fetched
# again: two weeks is one fetch missed, and a sixth of the 90 days for which a letter usually holds.
STALE_AFTER = timedelta(days=14)

_NUMBER = re.compile(r"(.+)〔(\d{4})〕([1-9]\d{0,8})号")

KeyState = Literal["active", "retired", "revoked"]

Hex = Annotated[str, Field(pattern=r"^([0-9a-f]{2})*$")]

Digest = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{2 * DIGEST_BYTES}}}$")]

Iso = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class TrustListError(ValueError):
    """A trust list that cannot be used: damaged, or not signed by its own root."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SignedBefore(_Shape):
    """What a key signed before it was revoked: the digests of the texts of QR codes, and of whole files."""

    statements: tuple[Digest, ...] = ()
    files: tuple[Digest, ...] = ()


class PublicKey(_Shape):
    """A centre's pair of public keys: Ed25519 for the paper, a P-256 certificate for the file.

    ``last``: once the key is closed, the last number it signed, by year; what it seems to have signed beyond is false,
    whatever date stands on it. ``signed_before``: once it is revoked, all that it vouches for.
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
    signed_before: SignedBefore | None = None

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

    def vouches_for_statement(self, qr: str) -> bool:
        """Whether a QR code's text that this key signed may be the centre's: a revoked key could be in any hands."""
        if self.state != "revoked":
            return True
        return self.signed_before is not None and digest(qr.encode()) in self.signed_before.statements

    def vouches_for_file(self, pdf: bytes) -> bool:
        """The same for a whole file."""
        if self.state != "revoked":
            return True
        return self.signed_before is not None and digest(pdf) in self.signed_before.files


class Withdrawn(_Shape):
    """A letter that no longer holds: revoked, or superseded by the letter ``by``."""

    state: Literal["revoked", "superseded"]
    on: Iso
    by: str | None = None


class TrustList(_Shape):
    """Every key there was, and every letter that was withdrawn, as of ``dated``; signed with the root key."""

    format: Literal[1, 2] = 2
    dated: Iso | Literal[""]
    root: Hex
    keys: tuple[PublicKey, ...]
    letters: dict[str, Withdrawn] = Field(default_factory=dict)
    signature: Hex = ""

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        return canonical({name: value for name, value in self._shown().items() if name != "signature"})

    @property
    def fingerprint(self) -> str:
        """The root key's sign, to be compared with the one the city publishes."""
        return fingerprint_of(bytes.fromhex(self.root))

    def is_stale(self, day: date) -> bool:
        """Whether on that day the list is too old to know which letters were withdrawn; a list without a day never is."""
        return bool(self.dated) and day - date.fromisoformat(self.dated) > STALE_AFTER

    def to_bytes(self) -> bytes:
        """The file: JSON, indented for people."""
        text = json.dumps(self._shown(), ensure_ascii=False, indent=1, sort_keys=True)
        return text.encode() + b"\n"

    def key(self, key_id: str) -> PublicKey | None:
        """The key of this id."""
        return next((one for one in self.keys if one.id == key_id), None)

    def key_of_certificate(self, der: bytes) -> PublicKey | None:
        """The key with this certificate."""
        return next((one for one in self.keys if one.certificate_der == der), None)

    def _shown(self) -> dict[str, Any]:
        shown = self.model_dump(mode="json")
        if self.format == 1:
            for one in shown["keys"]:
                del one["signed_before"]
        return shown


def digest(data: bytes) -> str:
    """The digest by which a list names what a key signed."""
    return hashlib.sha256(data).hexdigest()[: 2 * DIGEST_BYTES]


def fingerprint_of(root: bytes) -> str:
    """The sign of a root key (Ed25519, 32 bytes): 32 hexadecimal digits in groups of four, as they are compared by eye."""
    shown = hashlib.sha256(root).hexdigest()[:32]
    return " ".join(shown[at : at + 4] for at in range(0, 32, 4))


def read_trust_list(data: bytes) -> TrustList:
    """The list in these bytes, its signature checked. Raises TrustListError."""
    if len(data) > LARGEST:
        raise TrustListError("too large")
    try:
        found = TrustList.model_validate_json(data)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.root)).verify(
            bytes.fromhex(found.signature), found.signed
        )
        if found.format == 1 and any(one.signed_before for one in found.keys):
            raise TrustListError("format 1 does not name what a key signed")
    except InvalidSignature:
        raise TrustListError("its signature does not fit: it was changed after it was made") from None
    except (ValidationError, ValueError, RecursionError) as error:
        raise TrustListError(str(error).splitlines()[0]) from None
    return found


def read_number(number: str) -> tuple[str, int, int] | None:
    """A document number as letter mark, year and place: 津和惠函〔2026〕12号; None for any other text."""
    found = _NUMBER.fullmatch(number)
    return None if found is None else (found[1], int(found[2]), int(found[3]))
