"""Serves the static files under addresses with a hash of their content, so that browsers may keep them for ever."""

import hashlib
import mimetypes
from dataclasses import dataclass

from flask import Flask, Response, abort, current_app, request

from matcher import places

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
    return f"{request.script_root}/static/{asset.digest}/{name}"


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
