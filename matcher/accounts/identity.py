"""A sign-in service (OpenID Connect): what is asked of it, what it may answer, and whose account that is.

Authlib speaks the protocol: code flow with state, nonce and PKCE (S256), the tokens' signature and times. What it leaves to its
users is held here: the issuer must be the one of the settings, word for word; the audience this desk alone; the signature one of
a key pair; the state no older than ten minutes; redirects are not followed.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from joserfc.errors import JoseError
from requests import RequestException, Timeout
from sqlmodel import Session, select

from matcher.settings import GroupRight, settings

from .models import NO_PASSWORD, Account, ExternalIdentity
from .service import NewAccount, add_account, change_account, find_account

TIMEOUT = 5

"""Seconds that the service may take for an answer."""

PAUSE = 15

"""Seconds for which it is not asked again after it gave none: who signs in with a password must not wait behind those who cannot."""

LEEWAY = 60

"""Seconds that its clock may be off."""

# Signatures of key pairs alone: with a shared secret, or none, a token would say nothing of who made it.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")

_HOUR = 3600

_SILENT = {"until": 0.0}

_LONGEST_SUBJECT = 255

_LONGEST_NAME, _LONGEST_DISPLAY = 50, 64


class ServiceError(Exception):
    """The service cannot be reached, or is not what the settings say."""


class NotProven(Exception):
    """What came back does not prove who somebody is. ``str()`` says why, for the log; nothing of a token is in it."""


class Denied(NotProven):
    """The service itself says no: somebody turned back, or may not."""


@dataclass(frozen=True)
class Proven:
    """Who somebody is by the service's word: ``subject`` is theirs for ever, the other names may change."""

    issuer: str
    subject: str
    name: str
    display_name: str
    groups: frozenset[str]
    id_token: str

    @property
    def right(self) -> GroupRight | None:
        """The first of the settings' groups that the person is in; None: no right here."""
        return next((one for one in settings().oidc_groups if one.group in self.groups), None)


def is_offered() -> bool:
    """Whether a sign-in service is set, with all that it takes."""
    told = settings()
    return bool(told.oidc_issuer and told.oidc_client_id and told.oidc_client_secret and told.oidc_groups)


def ask(redirect_uri: str) -> tuple[str, dict[str, Any]]:
    """The address at which the service asks the person, and what must be remembered until they come back. Raises ServiceError."""
    try:
        with _asking():
            asked = client().create_authorization_url(redirect_uri)
    except (ValueError, KeyError, RuntimeError) as error:
        raise ServiceError(type(error).__name__) from error
    return asked["url"], {
        "state": asked["state"],
        "nonce": asked["nonce"],
        "code_verifier": asked["code_verifier"],
        "redirect_uri": redirect_uri,
    }


def fault() -> str | None:
    """Why nobody can sign in through the service that is set, in one word for whoever runs the site; None where all is well."""
    try:
        with _asking():
            found = client()
            found.fetch_jwk_set(force=True)
    except ServiceError as error:
        return str(error)
    except (ValueError, KeyError, RuntimeError) as error:
        return type(error).__name__
    return None


def prove(remembered: Mapping[str, Any], told: Mapping[str, str]) -> Proven:
    """Who came back. ``told`` are the fields of the address. Raises NotProven, Denied, ServiceError."""
    if told.get("state") != remembered["state"]:
        raise NotProven("state")
    if told.get("error"):
        raise Denied(told["error"] if re.fullmatch(r"[a-z_]{1,40}", told["error"]) else "error")
    if "iss" in told and told["iss"] != settings().oidc_issuer:  # RFC 9207
        raise NotProven("iss of the answer")
    try:
        with _asking():
            return _asked(remembered, told.get("code", ""))
    except OAuthError as error:
        raise NotProven(f"token endpoint: {type(error).__name__}") from error
    except JoseError as error:
        raise NotProven(f"{type(error).__name__} {getattr(error, 'claim', '') or ''}".strip()) from error
    except (ValueError, KeyError, TypeError, RuntimeError) as error:
        raise NotProven(type(error).__name__) from error


def _asked(remembered: Mapping[str, Any], code: str) -> Proven:
    """Who the code stands for, by the service's word."""
    service = client()
    token = service.fetch_access_token(
        redirect_uri=remembered["redirect_uri"],
        code=code,
        state=remembered["state"],
        code_verifier=remembered["code_verifier"],
    )
    if not isinstance(token.get("id_token"), str):
        raise NotProven("no id_token")
    claims = service.parse_id_token(
        token,
        nonce=remembered["nonce"],
        claims_options={
            "iss": {"essential": True, "value": settings().oidc_issuer},
            "aud": {"essential": True, "value": settings().oidc_client_id},
        },
        leeway=LEEWAY,
    )
    if [claims.get("aud")] not in ([settings().oidc_client_id], [[settings().oidc_client_id]]):
        raise NotProven("aud")
    return _proven(service, token, dict(claims))


def logout_address(id_token: str, back: str | None) -> str | None:
    """Where the service ends the person's session too; None where it offers no such thing or cannot be asked."""
    try:
        with _asking():
            asked = client().create_logout_url(back, id_token, client_id=settings().oidc_client_id)
    except (ServiceError, ValueError, KeyError, RuntimeError):
        return None
    return str(asked["url"])


def client() -> FlaskOAuth2App:
    """The service as Authlib knows it; what it says of itself is asked anew every hour. Raises ServiceError, RequestException."""
    told = settings()
    if not is_offered():
        raise ServiceError("not set")
    found = _client(told.oidc_issuer or "", told.oidc_client_id, told.oidc_client_secret, told.oidc_scope, _hours())
    metadata = found.load_server_metadata()
    if metadata.get("issuer") != told.oidc_issuer:
        raise ServiceError("another issuer")
    metadata["id_token_signing_alg_values_supported"] = list(ALGORITHMS)
    return found


def forget() -> None:
    """Ask the service anew what it says of itself, at the next sign-in."""
    _client.cache_clear()
    _SILENT["until"] = 0.0


@contextmanager
def _asking() -> Iterator[None]:
    """Ask the service; ServiceError where it cannot be reached, and at once where it let somebody wait in vain a moment ago."""
    if time.monotonic() < _SILENT["until"]:
        raise ServiceError("silent a moment ago")
    try:
        yield
    except RequestException as error:  # a ValueError, some of them: so before those
        if isinstance(error, Timeout):
            _SILENT["until"] = time.monotonic() + PAUSE
        raise ServiceError(type(error).__name__) from error


def _hours() -> int:
    return int(time.monotonic() // _HOUR)


@lru_cache(maxsize=2)
def _client(issuer: str, client_id: str | None, secret: str | None, scope: str, hours: int) -> FlaskOAuth2App:
    return FlaskOAuth2App(
        FlaskIntegration("desk"),
        "desk",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": " ".join(dict.fromkeys(("openid", *scope.split()))),
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT,
            "max_redirects": 0,
            "trust_env": False,
        },
    )


def _proven(service: FlaskOAuth2App, token: dict[str, Any], claims: dict[str, Any]) -> Proven:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or "\0" in subject:
        raise NotProven("sub")
    named = settings().oidc_groups_claim
    if named not in claims and service.load_server_metadata().get("userinfo_endpoint"):
        more = dict(service.userinfo(token=token))
        if more.get("sub") != subject:
            raise NotProven("sub of userinfo")
        claims = {**more, **claims}
    groups = claims.get(named, [])
    groups = [groups] if isinstance(groups, str) else groups
    return Proven(
        settings().oidc_issuer or "",
        subject,
        _text(claims.get("preferred_username")),
        _text(claims.get("name")) or _text(claims.get("preferred_username")),
        frozenset(one for one in groups if isinstance(one, str)) if isinstance(groups, list) else frozenset(),
        token["id_token"],
    )


def _text(told: object) -> str:
    """A name as it may be shown: without control characters, and short."""
    if not isinstance(told, str):
        return ""
    return "".join(sign for sign in told if unicodedata.category(sign)[0] != "C").strip()[:_LONGEST_DISPLAY]


# ---------------------------------------------------------------------------------------------------------------------
# Whose account a person of the service has.
# ---------------------------------------------------------------------------------------------------------------------


def identity_of(session: Session, account: Account) -> ExternalIdentity | None:
    """Who of the service an account belongs to; None where it is local alone."""
    return session.exec(select(ExternalIdentity).where(ExternalIdentity.account_id == account.id)).one_or_none()


def account_of(session: Session, proven: Proven) -> Account | None:
    """The account of a person, by issuer and subject alone; None where there is none yet."""
    found = session.get(ExternalIdentity, (proven.issuer, proven.subject))
    return None if found is None else session.get(Account, found.account_id)


def link(session: Session, account: Account, proven: Proven, now: datetime) -> None:
    """Let a person of the service have this account."""
    session.add(
        ExternalIdentity(issuer=proven.issuer, subject=proven.subject, account_id=account.id or 0, linked_at=now)
    )
    session.flush()


def new_account(session: Session, proven: Proven, right: GroupRight, now: datetime) -> Account:
    """Make an account for a person who has none, without a password. A name that somebody has is never theirs."""
    name = _free_name(session, proven)
    wanted = NewAccount(name, proven.display_name or name, right.role, right.centre, NO_PASSWORD)
    made = add_account(session, wanted, now)
    link(session, made, proven, now)
    return made


def follow_groups(session: Session, account: Account, right: GroupRight) -> tuple[str, ...]:
    """Give the account role and centre by its groups; what changed. Raises EntryError for the city's last administrator."""
    return change_account(session, account, account.display_name, right.role, right.centre)


def _free_name(session: Session, proven: Proven) -> str:
    folded = unicodedata.normalize("NFKC", proven.name).lower().partition("@")[0]
    bare = re.sub(r"[^a-z0-9._-]+", "-", folded)[:_LONGEST_NAME].strip("._-")
    base = bare if len(bare) > 1 else "person"
    number, name = 1, base
    while find_account(session, name) is not None:
        number += 1
        name = f"{base}-{number}"
    return name
