"""The addresses under `/api/v1`: what holds for all of them - keys, limits, refusals as problems, no cookies."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, request

from matcher.web import UploadRefusedError, errors

from . import access
from .acting import acting
from .operations import DESK_SCOPES, operation_of
from .problems import ProblemError, of_http_error, of_problem

PREFIX = "/api/v1"

pages = Blueprint("api", __name__, url_prefix=PREFIX)


def install(app: Flask) -> None:
    """Answer whatever goes wrong under `/api/` as a problem, also where no page was found."""
    errors.answer_under(app, "/api/", of_http_error)
    app.after_request(_for_anybody)


@pages.errorhandler(ProblemError)
def _refused(error: ProblemError) -> Response:
    return of_problem(error)


@pages.errorhandler(UploadRefusedError)
def _not_taken(error: UploadRefusedError) -> Response:
    return of_problem(ProblemError(422 if error.is_found else 503, error.text))


@pages.before_request
def _admit() -> None:
    declared = operation_of(current_app, request.endpoint)
    if declared is None or request.method == "OPTIONS":
        return
    if declared.largest is not None:
        request.max_content_length = declared.largest
    access.require_scope(declared.scope)
    if declared.scope in DESK_SCOPES:
        acting()  # now, and not within a transaction of what it does


def _for_anybody(answer: Response) -> Response:
    """Pages of other sites may read the answers: no cookie is looked at here, so nobody's session is in them."""
    if not request.path.startswith("/api/"):
        return answer
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = (
        "ETag, Idempotent-Replayed, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID"
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = answer.headers.get("Allow", "GET")
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key, If-None-Match"
        answer.headers["Access-Control-Max-Age"] = "86400"
    answer.headers.setdefault("Cache-Control", "no-store")
    return access.tell_limit(answer)
