"""Refusals of the interface as `application/problem+json` (RFC 9457), every bad field of a request with its path."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from matcher.firms import Fault
from matcher.rulebook import Text
from matcher.web import access_log

MEDIA_TYPE = "application/problem+json"

TITLES: Mapping[int, Text] = {
    400: Text(zh="请求读不懂", en="The request cannot be read"),
    401: Text(zh="密钥不对或已失效", en="The key is wrong or no longer valid"),
    403: Text(zh="这把密钥不能做这件事", en="This key may not do that"),
    404: Text(zh="没有这个地址或这项内容", en="There is nothing at this address"),
    405: Text(zh="这个地址不接受这种请求", en="This address does not take that method"),
    409: Text(zh="与现有的情况冲突", en="This conflicts with what is there"),
    413: Text(zh="请求太大", en="The request is too large"),
    415: Text(zh="内容类型不对", en="The content type is not taken here"),
    422: Text(zh="有的内容不能用，逐项列在 errors 里", en="Some of it cannot be used; errors lists each"),
    429: Text(zh="请求太多，请稍后再试", en="Too many requests: try again later"),
    500: Text(zh="我们这里出了错", en="Something failed on our side"),
    503: Text(zh="暂时不能答复，请稍后再试", en="No answer for the moment: try again later"),
}

"""What each status says. Further statuses answer with the words of their hundred."""

_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


class ProblemError(Exception):
    """A request that is refused: the status, what is wrong in both languages, and each bad field."""

    def __init__(
        self, status: int, text: Text, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(text.en)
        self.status, self.text, self.faults, self.headers = status, text, tuple(faults), dict(headers or {})


def refused(faults: Sequence[Fault], status: int = 422) -> ProblemError:
    """The refusal of a request for these faults; the detail is the first of them."""
    return ProblemError(status, faults[0].text, faults)


def of_problem(error: ProblemError) -> Response:
    """The answer that a refusal is."""
    return _answer(error.status, error.text, error.faults, error.headers)


def of_http_error(error: HTTPException) -> Response:
    """The same for what the server itself refuses (no such address, too large) or fails at."""
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers(request.environ) if name in _HEADERS}
    return _answer(status, _title(status), (), headers)


def problem_json(status: int, text: Text, faults: Sequence[Fault] = ()) -> dict[str, Any]:
    """The members of a problem: the standard's own, and `errors`, `text` and `request_id`."""
    lang = request.accept_languages.best_match(("zh", "en")) or "zh"
    found: dict[str, Any] = {
        "type": f"/api/v1/docs#problem-{status}",
        "title": _title(status).get(lang),
        "status": status,
        "detail": text.get(lang),
        "text": text.to_json(),
        "errors": [{"pointer": one.pointer, **one.to_json()} for one in faults],
        "request_id": g.get("incident") or access_log.request_id(),
    }
    return found


def _answer(status: int, text: Text, faults: Sequence[Fault], headers: Mapping[str, str]) -> Response:
    body = json.dumps(problem_json(status, text, faults), ensure_ascii=False)
    answer = Response(body + "\n", status, headers=dict(headers), mimetype=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("Accept-Language")
    return answer


def _title(status: int) -> Text:
    return TITLES.get(status) or TITLES[400 if status < 500 else 500]
