"""Guards every request: refuses posts from other sites, and sends the headers that keep foreign content out."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

_NO_FRAME = "frame-ancestors 'none'"

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        _NO_FRAME,
    )
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that, browsers send `Origin: null` even to ourselves and the check below would refuse it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_DESK = "/desk"

_API = "/api/"

_EMBEDDED = "/embed/"

_SAFE = ("GET", "HEAD", "OPTIONS")


def install(app: Flask) -> None:
    """Check where posts come from; add the headers to every answer; give templates `csrf_token()`."""
    app.before_request(_refuse_foreign_posts)
    app.after_request(_add_headers)
    app.add_template_global(generate_csrf, "csrf_token")


def is_desk(path: str) -> bool:
    """Whether a path is one of the desk: a page whose view declares a right, or the site does not start."""
    return path == _DESK or path.startswith(f"{_DESK}/")


def is_api(path: str) -> bool:
    """Whether a path is one of the interface for programs, which looks at no cookie: its posts may come from anywhere."""
    return path.startswith(_API)


def is_embedded(path: str) -> bool:
    """Whether a path is one of the check inside pages of other sites, which looks at no cookie and sets none."""
    return path.startswith(_EMBEDDED)


def frame_in(answer: Response, origin: str) -> None:
    """Let pages of this origin alone show the answer in a frame. ``origin`` as the settings hold it: scheme, host, port."""
    answer.headers["Content-Security-Policy"] = _POLICY.replace(_NO_FRAME, f"frame-ancestors {origin}")


def token_holds(token: str | None) -> bool:
    """Whether a form's CSRF token belongs to this session and has not expired."""
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True


def _refuse_foreign_posts() -> None:
    if request.method not in _SAFE and not is_api(request.path) and not _is_ours():
        abort(403)


def _is_ours() -> bool:
    """A browser says where a post comes from; what says nothing (a script, an old browser) still needs the token."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _add_headers(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.is_secure:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store" if _shows_answers() else "private, no-cache"
    return answer


def _shows_answers() -> bool:
    """Whether the page may hold something of a firm: it must not lie in the cache of a shared computer.

    Good answers to a form lead to a page of their own, so that the back button has an address to go to.
    """
    if is_desk(request.path):
        return True
    return "answers" in g
