"""Answers what went wrong with a page in both languages: what happened, that nothing was lost, and the way back."""

import secrets

from flask import Flask, g, render_template, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from matcher.sandbox import Busy

# A browser still sending when the answer comes shows a broken connection: so much of too large a body is read first.
_DRAINED = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_KNOWN = (400, 403, 404, 405, 413, 429, 500, 503)
# Which methods are allowed (405), and when to come again (429, 503); the page's own type and length are set by Flask.
_KEPT = ("Allow", "Retry-After")


def install(app: Flask) -> None:
    """Show our own page for every refusal and failure."""
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(Busy, _busy)


def new_incident() -> str:
    """A short number that stands both on the error page and in the log."""
    g.incident = secrets.token_hex(4)
    return str(g.incident)


def _page(error: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if code == 413:
        drain()
    words = code if code in _KNOWN else (400 if code < 500 else 500)
    page = render_template("error.html", code=code, words=words, incident=g.get("incident"), home=_home())
    kept = {name: value for name, value in error.get_headers(request.environ) if name in _KEPT}
    return page, code, kept


def _busy(error: Busy) -> tuple[str, int, dict[str, str]] | HTTPException:
    return _page(ServiceUnavailable(retry_after=error.seconds))


def drain() -> None:
    """Read away the rest of the body, up to a limit."""
    body, left = request.environ["wsgi.input"], min(request.content_length or 0, _DRAINED)
    while left > 0 and (chunk := body.read(min(left, _CHUNK))):
        left -= len(chunk)


def _home() -> str:
    # Not url_for: it does not work for a request that was refused before it was routed.
    return f"{request.script_root}/"
