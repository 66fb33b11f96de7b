"""The second factor under the secrets of the running site."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from matcher.desk import second_factor
from matcher.store.desk import Account
from matcher.web.keep.sealed import secrets


def takes(account: Account, code: str, now: datetime) -> int | None:
    """The time step of a code that is right and was not used yet, else None. FactorBroken where the secret cannot be had."""
    if account.totp_secret is None:
        return None
    secret = second_factor.opened(secrets(), account.totp_secret, account.id or 0)
    return second_factor.step_of(secret, code, now, account.totp_last)


def resealed(account: Account) -> str | None:
    """The account's secret as it is to be kept on: under the site's present secret, where an older one sealed it."""
    if account.totp_secret is None:
        return None
    try:
        second_factor.opened(secrets()[:1], account.totp_secret, account.id or 0)
    except second_factor.FactorBroken:
        return kept(account, second_factor.opened(secrets(), account.totp_secret, account.id or 0))
    return account.totp_secret


def kept(account: Account, secret: bytes) -> str:
    """The secret as the account keeps it."""
    return second_factor.sealed(current_app.config["SECRET_KEY"], secret, account.id or 0)
