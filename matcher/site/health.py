"""What machines ask about this process: whether it lives, whether it can work, and its figures."""

from __future__ import annotations

import hmac
import json
from typing import Any

from flask import Flask, Response, abort, current_app, request
from sqlalchemy import text

from matcher.db import StoreError, open_queue, reading
from matcher.presentation import catalogue, office
from matcher.settings import settings
from matcher.web import engine, metrics

_UNREADY = 503


def install(app: Flask) -> None:
    """Add the addresses; figures are counted only where somebody may read them."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", figures)
    if settings().metrics_token:
        metrics.install(app)


def healthz() -> Response:
    """Whether this process answers and its database does: 200, or 503 where it does not, or was never migrated."""
    problem = _database()
    if problem is not None:
        current_app.logger.error("the database did not answer: %s", problem)
        return _plain("数据库没有响应 / the database does not answer\n", _UNREADY)
    return _plain("ok\n", 200)


def readyz() -> Response:
    """Whether all that requests need is there - database, rules, queue - each named; 503 where one of them is not."""
    parts: dict[str, Any] = {
        "database": "down" if _database() is not None else "ok",
        "rulebook": catalogue().rulebook.hash,
        "queue": _queue(),
    }
    is_ready = "down" not in parts.values()
    answer = Response(json.dumps({"ready": is_ready, **parts}) + "\n", 200 if is_ready else _UNREADY)
    answer.mimetype = "application/json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def figures() -> Response:
    """Requests by page and status, and how long they took, as Prometheus reads them; nothing without the token of the settings."""
    token = settings().metrics_token
    told = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(told.encode("utf-8", "replace"), token.encode()):
        abort(404)
    body, media_type = metrics.exposition()
    return Response(body, content_type=media_type, headers={"Cache-Control": "no-store"})


def _database() -> str | None:
    try:
        with reading(engine()) as register:
            # A table is read: for a bare `select 1` SQLite would not even look whether its file is still there.
            register.connection().execute(text("select 1 from alembic_version"))
    except StoreError as error:
        return error.en
    return None


def _queue() -> str:
    """Whether the queue takes messages; work itself waits in the database and is found without it."""
    try:
        queue = open_queue(office().instance, {})
        try:
            queue.pending_count()
        finally:
            queue.storage.close()
    except Exception as error:  # whatever is wrong with SQLite or Redis
        current_app.logger.error("the queue did not answer: %s", type(error).__name__)
        return "down"
    return "ok"


def _plain(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
