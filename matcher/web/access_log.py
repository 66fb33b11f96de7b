"""The access log: one line of JSON for each request, on standard error unless `ACCESS_LOG` is off.

A line says when, under which number, by which method, which page (the pattern of its address, never the address itself:
a private link has its key in there), what the answer was and how long it took. It says nothing of who asked and nothing
that was told: no address of a visitor, no query, no name, no cookie.
"""

from __future__ import annotations

import json
import logging
import secrets
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, TextIO, cast

from flask import Flask, Response, current_app, request
from flask.logging import wsgi_errors_stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SETTING = "ACCESS_LOG"

HEADER = "X-Request-ID"

_ID, _BEGAN = "matcher.request_id", "matcher.began"

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_log = logging.getLogger("matcher.access")


def install(app: Flask) -> None:
    """Number every request, tell the number in the header X-Request-ID of its answer, and log it.

    Installed before what else works on answers, so that the time of that is counted too.
    """
    app.config.setdefault(SETTING, True)
    app.wsgi_app = _Numbering(app.wsgi_app)  # type: ignore[method-assign]
    app.after_request(_write)
    if not _log.handlers:
        handler = logging.StreamHandler(cast(TextIO, wsgi_errors_stream))
        handler.setFormatter(logging.Formatter("%(message)s"))
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.propagate = False


def request_id() -> str:
    """The number of this request: 12 hexadecimal digits, also on the page that tells of a failure."""
    return str(request.environ.setdefault(_ID, secrets.token_hex(6)))


class _Numbering:
    """Gives each request its number and the moment at which it came."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[_ID], environ[_BEGAN] = secrets.token_hex(6), perf_counter()
        return self._app(environ, start_response)


def _write(answer: Response) -> Response:
    answer.headers[HEADER] = request_id()
    if current_app.config[SETTING]:
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "id": request_id(),
            "method": request.method if request.method in _METHODS else "other",
            "route": request.url_rule.rule if request.url_rule else None,
            "status": answer.status_code,
            "ms": round((perf_counter() - request.environ[_BEGAN]) * 1000, 1),
        }
        _log.info("%s", json.dumps(line))
    return answer
