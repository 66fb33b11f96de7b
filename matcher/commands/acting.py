"""What the command line does, as the audit trail remembers it."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

from matcher.store.desk.audit import Event

ROLE = "cli"
_LONGEST = 60


def event(action: str, subject: str, centre: str | None = None, **detail: object) -> Event:
    """An event of this moment, done by whoever is signed in to this machine (``cli:<user>``)."""
    return Event(datetime.now(UTC), f"cli:{_user()[:_LONGEST]}", ROLE, centre, action, subject, "local", detail)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need have no name
        return "?"
