"""The database and the clock of the running site."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Lock
from typing import cast

from flask import current_app, g
from sqlalchemy import Engine

from matcher.db import open_engine

# ---------------------------------------------------------------------------------------------------------------------
# Opens the database of the site at its first use: most visits never need one, and workers must not share a
# connection.
# ---------------------------------------------------------------------------------------------------------------------


_KEY = "matcher.keep.engine"

_opening = Lock()


def close_engine() -> None:
    """Let go of the engine; the next use opens another."""
    with _opening:
        found: Engine | None = current_app.extensions.pop(_KEY, None)
    if found is not None:
        found.dispose()


def engine() -> Engine:
    """The engine of the running application, on its `DATABASE_URL` (else the environment's, else the instance folder).

    Raises StoreError for a bad address.
    """
    with _opening:
        found: Engine | None = current_app.extensions.get(_KEY)
        if found is None:
            found = open_engine(current_app.config.get("DATABASE_URL"))
            current_app.extensions[_KEY] = found
        return found


# ---------------------------------------------------------------------------------------------------------------------
# The time, in the two forms in which keeping answers needs it.
# ---------------------------------------------------------------------------------------------------------------------


def moment() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def seconds() -> int:
    """This moment in whole seconds since 1970, as `Answers.told_at` counts."""
    return int(moment().timestamp())


# ---------------------------------------------------------------------------------------------------------------------
# The door of every page of the desk: signed in, allowed, with a good token; and the trail of what was done behind
# it.
# ---------------------------------------------------------------------------------------------------------------------


def now() -> datetime:
    """The moment of this request, the same for everything that it writes."""
    if "desk_now" not in g:
        g.desk_now = datetime.now(UTC)
    return cast(datetime, g.desk_now)
