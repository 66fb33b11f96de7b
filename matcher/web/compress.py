"""Packs pages, styles and scripts with gzip: the document, clause by clause, shrinks to a sixth of its size."""

import gzip

from flask import Flask, Response, request

_PACKED = ("text/html", "text/css", "text/javascript", "image/svg+xml")
_SMALLEST = 1024
_LEVEL = 5


def install(app: Flask) -> None:
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
