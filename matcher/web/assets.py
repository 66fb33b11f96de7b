"""Serves static files under addresses with a hash of their content, and packs pages with gzip."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass

from flask import Flask, Response, abort, current_app, request, url_for

from matcher import places

# ---------------------------------------------------------------------------------------------------------------------
# Serves the static files under addresses with a hash of their content, so that browsers may keep them for ever.
# ---------------------------------------------------------------------------------------------------------------------


_FOR_EVER = "public, max-age=31536000, immutable"

_SERVED = (".css", ".js", ".svg", ".png", ".ico", ".webmanifest")


@dataclass(frozen=True)
class Asset:
    """A static file, read once at start: its bytes, media type and content hash (16 hex digits)."""

    body: bytes
    mimetype: str
    digest: str


def install(app: Flask) -> None:
    """Read the static files and give templates `asset_url(name)`."""
    app.extensions["assets"] = _read()
    app.add_url_rule("/static/<digest>/<name>", "asset", _serve)
    app.add_template_global(asset_url, "asset_url")


def asset_url(name: str) -> str:
    """The address of a static file. Raises KeyError for a name that is not served."""
    asset = current_app.extensions["assets"][name]
    return url_for("asset", digest=asset.digest, name=name)


def _read() -> dict[str, Asset]:
    # Only files of the top folder are served: what letters need is read by the letters themselves.
    files = [path for path in sorted(places.static_dir().iterdir()) if path.suffix in _SERVED]
    return {path.name: _asset(path.name, path.read_bytes()) for path in files}


def _asset(name: str, body: bytes) -> Asset:
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(body, mimetype, hashlib.sha256(body).hexdigest()[:16])


def _serve(digest: str, name: str) -> Response:
    asset = current_app.extensions["assets"].get(name)
    if asset is None or asset.digest != digest:
        abort(404)
    answer = Response(asset.body, mimetype=asset.mimetype)
    answer.headers["Cache-Control"] = _FOR_EVER
    return answer


# ---------------------------------------------------------------------------------------------------------------------
# Packs pages, styles and scripts with gzip: the document, clause by clause, shrinks to a sixth of its size.
# ---------------------------------------------------------------------------------------------------------------------


_PACKED = ("text/html", "text/css", "text/javascript", "image/svg+xml")

_SMALLEST = 1024

_LEVEL = 5


def install_compression(app: Flask) -> None:
    """Pack what is worth packing for whoever can unpack it."""
    app.after_request(_pack)


def _pack(answer: Response) -> Response:
    """Pack one answer.

    A packed page must not hold a secret beside words that a stranger chose, or its length would betray the secret:
    here a stranger chooses nothing, because posts from other sites are refused and an address carries no answers.
    """
    if answer.mimetype not in _PACKED or answer.direct_passthrough or "Content-Encoding" in answer.headers:
        return answer
    if answer.cache_control.public:
        # Only what shared caches keep must say so; on the answer to a form it would cost browsers the way back.
        answer.vary.add("Accept-Encoding")
    body = answer.get_data()
    if len(body) >= _SMALLEST and request.accept_encodings["gzip"]:
        answer.set_data(gzip.compress(body, _LEVEL, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
