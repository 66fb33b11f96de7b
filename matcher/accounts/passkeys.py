"""Passkeys (WebAuthn) as second factor beside codes: what a browser is asked, what is believed of its answer, and what is kept.

py_webauthn reads and checks the answers. A challenge is sealed and holds for one account as it is now: its epoch and how often
its passkeys were used stand in it, so that no challenge works twice. Passkeys are offered only where the site knows the one
address that it has (`MATCHER_PUBLIC_URL`, by https or on this machine): they hold for that host alone.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session, col, select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from matcher.db import EntryError
from matcher.settings import settings
from matcher.web import sealing

from .models import Account, Passkey
from .service import end_sessions, set_second_factor

MOST = 10

"""Passkeys of one account."""

_LONGEST_NAME, _LONGEST_ID, _LONGEST_ANSWER = 64, 1400, 16_000

_ISSUER = "Tianjin desk"

_NEW, _USE = "passkey to be added", "passkey to be shown"

_SECONDS = 10 * 60


class PasskeyError(Exception):
    """A browser's answer is not believed. ``str()`` says why, for the log."""


@dataclass(frozen=True)
class Place:
    """Where passkeys hold: the host (RP id) and the origin as browsers write it."""

    host: str
    origin: str


@dataclass(frozen=True)
class Asked:
    """What a browser is asked: options as JSON, and the challenge sealed for the form."""

    options: str
    challenge: str


def place() -> Place | None:
    """Where passkeys hold; None where browsers offer none: without an address of the site, by http, or by number."""
    parts = urlsplit(settings().public_url or "")
    host = (parts.hostname or "").lower()
    if not host or (parts.scheme != "https" and host != "localhost") or _is_number(host):
        return None
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return Place(host, f"{parts.scheme}://{host}{port}")


def passkeys_of(session: Session, account: Account) -> Sequence[Passkey]:
    """The passkeys of an account, the oldest first."""
    return session.exec(select(Passkey).where(Passkey.account_id == account.id).order_by(col(Passkey.id))).all()


def ask_to_add(session: Session, account: Account) -> Asked | None:
    """What the browser is asked to make a new one; None where it cannot."""
    at = place()
    if at is None:
        return None
    options = generate_registration_options(
        rp_id=at.host,
        rp_name=_ISSUER,
        user_name=account.name,
        user_display_name=account.display_name,
        user_id=f"account {account.id}".encode(),
        exclude_credentials=_descriptors(passkeys_of(session, account)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return Asked(options_to_json(options), _closed(session, _NEW, account, options.challenge))


def add(session: Session, account: Account, challenge: str, told: str, name: str, now: datetime) -> Passkey:
    """Keep a new passkey. Raises PasskeyError for an answer that is not believed, EntryError for a name or number that cannot be."""
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise EntryError(("name",), "给它起个名字，1至64个字。", "Give it a name of 1 to 64 characters.")
    kept = passkeys_of(session, account)
    if len(kept) >= MOST:
        raise EntryError(
            ("name",), f"最多{MOST}个通行密钥，请先删一个。", f"At most {MOST} passkeys: remove one first."
        )
    at, asked = place(), _opened(session, _NEW, account, challenge)
    if at is None or asked is None or len(told) > _LONGEST_ANSWER:
        raise PasskeyError("challenge")
    try:
        found = verify_registration_response(
            credential=told, expected_challenge=asked, expected_rp_id=at.host, expected_origin=at.origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyError(type(error).__name__) from error
    credential = bytes_to_base64url(found.credential_id)
    is_known = session.exec(select(Passkey.id).where(Passkey.credential_id == credential)).first() is not None
    if is_known or len(credential) > _LONGEST_ID:
        raise PasskeyError("known")
    made = Passkey(
        account_id=account.id or 0,
        credential_id=credential,
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
        name=name.strip(),
        added_at=now,
    )
    session.add(made)
    session.flush()
    return made


def ask_to_show(session: Session, account: Account) -> Asked | None:
    """What the browser is asked to show one; None where the account has none, or none can be asked for here."""
    at, kept = place(), passkeys_of(session, account)
    if at is None or not kept:
        return None
    options = generate_authentication_options(
        rp_id=at.host,
        allow_credentials=_descriptors(kept),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Asked(options_to_json(options), _closed(session, _USE, account, options.challenge))


def shown(session: Session, account: Account, challenge: str, told: str, now: datetime) -> Passkey:
    """The passkey of the account that was shown; from now on this challenge is used. Raises PasskeyError.

    A count that does not rise says that the key was copied: it is not believed either.
    """
    at, asked = place(), _opened(session, _USE, account, challenge)
    if at is None or asked is None or len(told) > _LONGEST_ANSWER:
        raise PasskeyError("challenge")
    try:
        credential = parse_authentication_credential_json(told)
        found = next(
            one for one in passkeys_of(session, account) if base64url_to_bytes(one.credential_id) == credential.raw_id
        )
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=asked,
            expected_rp_id=at.host,
            expected_origin=at.origin,
            credential_public_key=base64url_to_bytes(found.public_key),
            credential_current_sign_count=found.sign_count,
        )
    except StopIteration:
        raise PasskeyError("unknown") from None
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyError("count" if "sign count" in str(error) else type(error).__name__) from error
    found.sign_count, found.uses, found.used_at = verified.new_sign_count, found.uses + 1, now
    session.add(found)
    session.flush()
    return found


def has_second_factor(session: Session, account: Account) -> bool:
    """Whether a password alone does not let the account in."""
    return account.totp_secret is not None or bool(passkeys_of(session, account))


def remove(session: Session, account: Account, passkey: Passkey, keep: str | None = None) -> None:
    """Take a passkey away; the account's sessions end, except one."""
    session.delete(passkey)
    end_sessions(session, account, keep)


def reset_second_factor(session: Session, account: Account) -> None:
    """Take codes and passkeys away, and end the account's sessions: a way back in for whoever lost the device."""
    for one in passkeys_of(session, account):
        session.delete(one)
    set_second_factor(session, account, None, None)


def _descriptors(kept: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in kept]


def _closed(session: Session, use: str, account: Account, challenge: bytes) -> str:
    whose = [account.id, account.epoch, _uses(session, account), bytes_to_base64url(challenge)]
    return sealing.close(use, json.dumps(whose).encode())


def _opened(session: Session, use: str, account: Account, told: str) -> bytes | None:
    packed = sealing.opened(use, told, _SECONDS)
    if packed is None:
        return None
    *whose, challenge = json.loads(packed)
    return base64url_to_bytes(challenge) if whose == [account.id, account.epoch, _uses(session, account)] else None


def _uses(session: Session, account: Account) -> list[int]:
    """How often each of the account's passkeys was used: one more use, one more or one less key, and a challenge is over."""
    return [one.uses for one in passkeys_of(session, account)]


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
