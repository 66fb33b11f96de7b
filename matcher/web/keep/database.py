"""Opens the database of the site at its first use: most visits never need one, and workers must not share a connection."""

from __future__ import annotations

from threading import Lock

from flask import current_app
from sqlalchemy import Engine

from matcher.store import open_engine

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
