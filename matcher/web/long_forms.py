"""Cuts fields that are far too long while a form arrives, so that the page can say which field it was and keep the others."""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Ten million bytes of Chinese come as thirty million characters, each byte as `%E9`.
LARGEST_FORM = 32 * 1024 * 1024
_FORM = "application/x-www-form-urlencoded"
# As it is sent: some seven thousand Chinese characters, far more than any field may hold and any sealed one needs.
_LONGEST_FIELD = 64 * 1024
_CHUNK = 64 * 1024


def install(app: Flask) -> None:
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
    while left > 0 and (chunk := stream.read(min(left, _CHUNK))):
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
