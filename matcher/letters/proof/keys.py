"""Keeps the keys that letters are signed with, in a folder of their own, and what becomes public of them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from matcher import places
from matcher.rulebook import Text
from matcher.settings import settings
from matcher.text import BilingualError

from .trust import KeyState, PublicKey, SignedBefore, TrustList, Withdrawn, fingerprint_of

# ---------------------------------------------------------------------------------------------------------------------
# What becomes public of a centre's keys: their id, and the certificate that goes into the signed files.
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# Keeps the keys that letters are signed with, in a folder of their own that only its owner may read.
# ---------------------------------------------------------------------------------------------------------------------


PUBLIC = "keys.json"

_ROOT = "root.pem"

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600

_PEM_END, _SEALED = b"-----END", b"ENCRYPTED PRIVATE KEY"


class KeyFolderError(BilingualError):
    """The keys cannot be had or changed; ``text`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A centre's private keys with what is public of them."""

    public: PublicKey
    paper: Ed25519PrivateKey
    file: ec.EllipticCurvePrivateKey

    @property
    def id(self) -> str:
        """The key's id: twelve hexadecimal digits of the hash of its Ed25519 key."""
        return self.public.id

    def sign(self, statement: bytes) -> bytes:
        """The Ed25519 signature over a statement, 64 bytes; the same each time."""
        return self.paper.sign(statement)


class KeyFolder:
    """A folder of keys: one file for each private pair, one list of what is public."""

    def __init__(self, folder: Path, passphrase: str | None = None) -> None:
        self.folder = folder
        self._passphrase = passphrase.encode() if passphrase else None

    @classmethod
    def own(cls) -> KeyFolder:
        """The folder of this installation, `keys/` in its instance folder (``MATCHER_KEYS`` names another);
        ``MATCHER_KEYS_PASSPHRASE`` opens it."""
        told = settings()
        return cls(told.keys or places.instance_dir() / "keys", told.keys_passphrase)

    def public(self) -> tuple[PublicKey, ...]:
        """All keys there ever were, oldest first. Raises KeyFolderError for a list that cannot be read."""
        try:
            listed = json.loads((self.folder / PUBLIC).read_bytes())
            return tuple(PublicKey.model_validate(one) for one in listed)
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise KeyFolderError(
                f"读不了公钥列表 {PUBLIC}：{error}", f"the list of keys, {PUBLIC}, cannot be read: {error}"
            ) from None

    def active(self, centre: str) -> PublicKey | None:
        """The key with which a centre signs now."""
        return next((one for one in self.public() if one.centre == centre and one.state == "active"), None)

    def signing(self, centre: str) -> SigningKey:
        """The same with its private halves. Raises KeyFolderError if there is none, or it cannot be opened."""
        public = self.active(centre)
        if public is None:
            raise KeyFolderError(
                f"{centre} 还没有可用的密钥，请先运行 matcher keys new {centre}",
                f"{centre} has no key to sign with; make one with: matcher keys new {centre}",
            )
        paper, file = self._private(f"{public.id}.pem")
        assert isinstance(paper, Ed25519PrivateKey)
        assert isinstance(file, ec.EllipticCurvePrivateKey)
        return SigningKey(public, paper, file)

    def known_key(self, key_id: str) -> PublicKey:
        """What is public of a key, open or closed. Raises KeyFolderError for an unknown one."""
        found = next((one for one in self.public() if one.id == key_id), None)
        if found is None:
            raise KeyFolderError(f"没有密钥 {key_id}", f"there is no key {key_id}")
        return found

    def new(self, centre: Centre, today: date) -> PublicKey:
        """Make the first key of a centre. Raises KeyFolderError where it has one already."""
        if self.active(centre.id) is not None:
            raise KeyFolderError(
                f"{centre.id} 已有密钥；换新的请用 matcher keys rotate {centre.id}",
                f"{centre.id} has a key already; for another one: matcher keys rotate {centre.id}",
            )
        made = self._made(centre, today)
        self._list((*self.public(), made))
        return made

    def rotate(self, centre: Centre, today: date, last: Mapping[int, int]) -> PublicKey:
        """Close the centre's key as retired after the last numbers it signed (by year), and make the next one.

        :raises KeyFolderError: where that cannot be done; the centre then signs with the key it had.
        """
        active = self.active(centre.id)
        made = self._made(centre, today)
        keys = self.public()
        if active is not None:
            keys = _with(keys, _closed(active, "retired", today, "", last))
        self._list((*keys, made))
        return made

    def revoke(
        self, key_id: str, today: date, reason: str, last: Mapping[int, int], signed: SignedBefore | None = None
    ) -> PublicKey:
        """Close a key for good: it vouches for what it ``signed`` before and for nothing else, whatever date stands there.

        Without ``signed`` it vouches for nothing. Raises KeyFolderError for an unknown key.
        """
        found = self.known_key(key_id)
        known = {int(year): number for year, number in found.last.items()}
        closed = _closed(found, "revoked", today, reason, known or last, found.signed_before or signed)
        self._list(_with(self.public(), closed))
        return closed

    def trust_list(self, today: date, letters: Mapping[str, Withdrawn]) -> TrustList:
        """The signed list of all keys and of the letters withdrawn (by number)."""
        root = self._root()
        listed = TrustList(
            dated=today.isoformat(),
            root=root.public_key().public_bytes_raw().hex(),
            keys=self.public(),
            letters={number: letters[number] for number in sorted(letters)},
        )
        return listed.model_copy(update={"signature": root.sign(listed.signed).hex()})

    def root_fingerprint(self) -> str | None:
        """The sign of the root key that this folder's lists are signed with; None where there is none, or it is locked."""
        if not (self.folder / _ROOT).exists():
            return None
        try:
            return fingerprint_of(self._root().public_key().public_bytes_raw())
        except KeyFolderError:
            return None

    def known(self) -> TrustList | None:
        """The keys as they are here, unsigned, for whoever has this folder anyway; None where there are none."""
        keys = self.public()
        return TrustList(dated="", root="", keys=keys) if keys else None

    def _made(self, centre: Centre, today: date) -> PublicKey:
        """A new pair, whose private halves are kept; it stands in no list yet."""
        self._root()  # the list that vouches for this key is signed with it
        self._seal()
        paper, file = Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
        public = made_public(centre, paper, file, today)
        self._keep(f"{public.id}.pem", paper, file)
        return public

    def _seal(self) -> None:
        """Encrypt the keys that were made before there was a passphrase, so that none is left in clear."""
        for path in sorted(self.folder.glob("*.pem")) if self._passphrase else ():
            if _SEALED not in path.read_bytes():
                self._keep(path.name, *self._private(path.name))

    def _list(self, keys: tuple[PublicKey, ...]) -> None:
        shown = [one.model_dump(mode="json", exclude=None if one.signed_before else {"signed_before"}) for one in keys]
        text = json.dumps(shown, ensure_ascii=False, indent=1)
        self._write(PUBLIC, text.encode() + b"\n")

    def _root(self) -> Ed25519PrivateKey:
        """The key that signs the trust list, made when it is first needed."""
        if not (self.folder / _ROOT).exists():
            self._keep(_ROOT, Ed25519PrivateKey.generate())
        root = self._private(_ROOT)[0]
        assert isinstance(root, Ed25519PrivateKey)
        return root

    def _keep(self, name: str, *keys: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> None:
        sealed: KeySerializationEncryption = NoEncryption()
        if self._passphrase:
            sealed = BestAvailableEncryption(self._passphrase)
        self._write(name, b"".join(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed) for key in keys))

    def _private(self, name: str) -> list[Ed25519PrivateKey | ec.EllipticCurvePrivateKey]:
        try:
            blocks = _blocks((self.folder / name).read_bytes())
            # One that was made before there was a passphrase opens to everybody, to whoever has set one since too.
            opened = [load_pem_private_key(block, self._passphrase if _SEALED in block else None) for block in blocks]
            return [one for one in opened if isinstance(one, Ed25519PrivateKey | ec.EllipticCurvePrivateKey)]
        except (OSError, ValueError, TypeError) as error:
            raise KeyFolderError(
                f"打不开密钥 {name}（{error}）；若已加密，请在 MATCHER_KEYS_PASSPHRASE 中给出口令",
                f"the key {name} cannot be opened ({error}); "
                "if it is encrypted, put the passphrase into MATCHER_KEYS_PASSPHRASE",
            ) from None

    def _write(self, name: str, content: bytes) -> None:
        """Complete or not at all, and readable by the owner alone from the first byte on."""
        try:
            self.folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, _FILE_MODE)
                file.write(content)
            Path(draft).replace(self.folder / name)
        except OSError as error:
            raise KeyFolderError(
                f"写不了密钥目录 {self.folder}：{error.strerror}",
                f"the folder of keys, {self.folder}, cannot be written: {error.strerror}",
            ) from None


def _closed(
    key: PublicKey,
    state: KeyState,
    today: date,
    reason: str,
    last: Mapping[int, int],
    signed: SignedBefore | None = None,
) -> PublicKey:
    change = {
        "state": state,
        "until": key.until or today.isoformat(),
        "reason": reason,
        "last": {str(year): number for year, number in sorted(last.items())},
        "signed_before": signed,
    }
    return key.model_copy(update=change)


def _with(keys: tuple[PublicKey, ...], changed: PublicKey) -> tuple[PublicKey, ...]:
    return tuple(changed if one.id == changed.id else one for one in keys)


def _blocks(pem: bytes) -> list[bytes]:
    lines, blocks, block = pem.splitlines(keepends=True), [], b""
    for line in lines:
        block += line
        if line.startswith(_PEM_END):
            blocks.append(block)
            block = b""
    return blocks
