"""Answers what went wrong with a page in both languages, and cuts fields that are far too long while a form arrives."""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING

from flask import Flask, Response, current_app, g, render_template, request, url_for
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from matcher.sandbox import Busy

from .access_log import request_id
from .security import is_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


# ---------------------------------------------------------------------------------------------------------------------
# Answers what went wrong with a page in both languages: what happened, that nothing was lost, and the way back.
# ---------------------------------------------------------------------------------------------------------------------


# A browser still sending when the answer comes shows a broken connection: so much of too large a body is read first.
_DRAINED = 64 * 1024 * 1024

_CHUNK = 64 * 1024

_KNOWN = (400, 403, 404, 405, 413, 429, 500, 503)

# Which methods are allowed (405), and when to come again (429, 503); the page's own type and length are set by Flask.
_KEPT = ("Allow", "Retry-After")


Answer = tuple[str, int, dict[str, str]] | HTTPException | Response

_OTHERS = "matcher.error_pages"


def install(app: Flask) -> None:
    """Show our own page for every refusal and failure."""
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(Busy, _busy)


def answer_under(app: Flask, prefix: str, page: Callable[[HTTPException], Response]) -> None:
    """Let ``page`` make the answer to a refusal or failure of whatever lies under this part of the address."""
    app.extensions.setdefault(_OTHERS, {})[prefix] = page


def new_incident() -> str:
    """The number of the request that failed: it stands on the error page, in the log of failures and in the access log."""
    g.incident = request_id()
    return str(g.incident)


def _page(error: HTTPException) -> Answer:
    code = error.code or 500
    if code < 400:
        return error
    if code == 413:
        drain()
    others: dict[str, Callable[[HTTPException], Response]] = current_app.extensions.get(_OTHERS, {})
    for prefix, page_of in others.items():
        if request.path.startswith(prefix):
            return page_of(error)
    words = code if code in _KNOWN else (400 if code < 500 else 500)
    if request_ctx.url_adapter is None:
        # Refused before it was routed, for its host name: the page has addresses all the same.
        request_ctx.url_adapter = current_app.url_map.bind("localhost", script_name=request.script_root)
    if is_desk(request.path):
        home = url_for("desk_home.home")
        page = render_template(
            "desk/error.html", words=words, incident=g.get("incident"), home=home, largest=_largest_here()
        )
    else:
        page = render_template(
            "error.html", code=code, words=words, incident=g.get("incident"), home=url_for("start.start")
        )
    kept = {name: value for name, value in error.get_headers(request.environ) if name in _KEPT}
    return page, code, kept


def _largest_here() -> str:
    """How much may be sent to this page: ``5 MB``, ``256 KB``."""
    most = request.max_content_length or current_app.config["MAX_CONTENT_LENGTH"] or 0
    return f"{most // 10**6} MB" if most >= 10**6 else f"{most // 1024} KB"


def _busy(error: Busy) -> Answer:
    return _page(ServiceUnavailable(retry_after=error.seconds))


def drain() -> None:
    """Read away the rest of the body, up to a limit."""
    body, left = request.environ["wsgi.input"], min(request.content_length or 0, _DRAINED)
    while left > 0 and (chunk := body.read(min(left, _CHUNK))):
        left -= len(chunk)


# ---------------------------------------------------------------------------------------------------------------------
# Cuts fields that are far too long while a form arrives, so that the page can say which field it was and keep the
# others.
# ---------------------------------------------------------------------------------------------------------------------


# Ten million bytes of Chinese come as thirty million characters, each byte as `%E9`.
LARGEST_FORM = 32 * 1024 * 1024

_FORM = "application/x-www-form-urlencoded"

# As it is sent: some seven thousand Chinese characters, far more than any field may hold and any sealed one needs.
_LONGEST_FIELD = 64 * 1024

_FORM_CHUNK = 64 * 1024


def install_long_forms(app: Flask) -> None:
    """Cut the fields of long forms; a form still too long for the application, or beyond `LARGEST_FORM`, it refuses itself."""
    app.wsgi_app = _Cutter(app.wsgi_app, app.config["MAX_CONTENT_LENGTH"])  # type: ignore[method-assign]


class _Cutter:
    """Hands every request on; a form longer than `most` bytes with its fields cut. Holds little more than `most` at a time."""

    def __init__(self, app: WSGIApplication, most: int) -> None:
        self._app, self._most = app, most

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = _length(environ)
        if self._most < length <= LARGEST_FORM and environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == _FORM:
            body, missing = _cut(environ["wsgi.input"], length, self._most)
            # What never came stays missing: the application must not take half a form for a whole one.
            environ.update({"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body) + missing)})
        return self._app(environ, start_response)


def _length(environ: WSGIEnvironment) -> int:
    told = environ.get("CONTENT_LENGTH") or ""
    return int(told) if told.isdecimal() else 0


def _cut(stream: IO[bytes], left: int, most: int) -> tuple[bytes, int]:
    """The next `left` bytes with no field longer than it may be, and how many did not come. Beyond `most` all is dropped."""
    kept, room = bytearray(), _LONGEST_FIELD
    while left > 0 and (chunk := stream.read(min(left, _FORM_CHUNK))):
        left -= len(chunk)
        if len(kept) > most:
            continue
        for number, piece in enumerate(chunk.split(b"&")):
            if number:
                kept += b"&"
                room = _LONGEST_FIELD
            kept += piece[:room]
            room -= min(room, len(piece))
    return bytes(kept), left
