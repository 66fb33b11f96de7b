"""What becomes public of a centre's keys: their id, and the certificate that goes into the signed files."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from matcher.letters.proof.trust import PublicKey
from matcher.rulebook import Text

KEY_ID_BYTES = 6  # of the hash of the Ed25519 key: the statement in the QR code has room for no more
_YEARS = 20  # a certificate must outlive the letters it is checked against; the trust list closes it, not its end


@dataclass(frozen=True, slots=True)
class Centre:
    """Who issues letters: its id, its name, and the letter mark (机关代字) of its document numbers."""

    id: str
    name: Text
    mark: str


def made_public(centre: Centre, paper: Ed25519PrivateKey, file: ec.EllipticCurvePrivateKey, today: date) -> PublicKey:
    """What the trust list says of a new pair of keys; its certificate counts from the day before ``today``."""
    raw = paper.public_key().public_bytes_raw()
    return PublicKey(
        id=hashlib.sha256(raw).hexdigest()[: 2 * KEY_ID_BYTES],
        centre=centre.id,
        centre_name=centre.name,
        mark=centre.mark,
        paper=raw.hex(),
        certificate=base64.b64encode(_certificate(centre, file, today).public_bytes(Encoding.DER)).decode(),
        since=today.isoformat(),
    )


def _certificate(centre: Centre, key: ec.EllipticCurvePrivateKey, today: date) -> x509.Certificate:
    """A certificate that vouches for itself: the trust list is what makes it worth anything."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, "天津"),
            x509.NameAttribute(NameOID.COMMON_NAME, centre.name.zh),
        ]
    )
    start = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=1)  # it is morning there first
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=365 * _YEARS))
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
