"""Backups encrypted with age (https://age-encryption.org/v1): for public keys, so that the server cannot open its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pyrage

from .archive import BackupError, cannot_write

_HEADER = b"age-encryption.org/v1"

_MODE = 0o600

_LARGEST_KEY_FILE = 64 * 1024


def read_recipients(told: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """The public keys, as ``age-keygen`` prints them (``age1…``). Raises BackupError for one that is none."""
    found = []
    for one in told:
        try:
            found.append(pyrage.x25519.Recipient.from_str(one.strip()))
        except pyrage.RecipientError:
            raise BackupError(
                f"{one!r} 不是 age 的公钥。请填 age-keygen 给出的、以 age1 开头的一串。",
                f"{one!r} is no public key of age: give what age-keygen prints, which begins with age1.",
            ) from None
    return found


def read_identities(path: Path | None) -> list[pyrage.x25519.Identity]:
    """The private keys in a file of ``age-keygen``; none without a file. Raises BackupError for a file without one."""
    if path is None:
        return []
    try:
        with path.open("rb") as file:
            lines = file.read(_LARGEST_KEY_FILE).decode().split()
        found = [pyrage.x25519.Identity.from_str(one) for one in lines if one.startswith("AGE-SECRET-KEY-")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise BackupError(f"{path} 里没有 age 的私钥。", f"{path} holds no private key of age.")
    return found


def is_encrypted(archive: Path) -> bool:
    """Whether a file is one of age's; False for one that cannot be read, too."""
    try:
        with archive.open("rb") as file:
            return file.read(len(_HEADER)) == _HEADER
    except OSError:
        return False


def encrypt(plain: Path, target: Path, recipients: Sequence[pyrage.x25519.Recipient]) -> None:
    """Write what is in a file, encrypted, to a new one that its owner alone reads; complete or not at all.

    :raises BackupError: when there is such a file already, or it cannot be written.
    """
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    except OSError as error:
        raise cannot_write(target, error) from None
    try:
        with os.fdopen(handle, "wb") as file, plain.open("rb") as content:
            pyrage.encrypt_io(content, file, list(recipients))
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, (OSError, pyrage.EncryptError)):
            raise cannot_write(target, error) from None
        raise


def decrypt(archive: Path, plain: Path, identities: Sequence[pyrage.x25519.Identity]) -> None:
    """Write what an encrypted backup holds to a new file. Raises BackupError without the right key, or where it was changed."""
    if not identities:
        raise BackupError(
            f"{archive} 是加密的。请用 --identity 指出私钥文件（age-keygen 生成的）。什么都没有恢复。",
            f"{archive} is encrypted: name the file with the private key (of age-keygen) with --identity. Nothing was restored.",
        )
    try:
        handle = os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        with os.fdopen(handle, "wb") as file, archive.open("rb") as content:
            pyrage.decrypt_io(content, file, list(identities))
    except (OSError, pyrage.DecryptError):
        raise BackupError(
            f"{archive} 打不开：私钥不对，或者文件被改动、不完整。什么都没有恢复。",
            f"{archive} cannot be decrypted: the key is another one, or the file was changed or cut. Nothing was restored.",
        ) from None
