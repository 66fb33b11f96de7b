"""Files handed out to be saved, and numbers of pages in long lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote

from flask import Response, request, send_file, stream_with_context

# ---------------------------------------------------------------------------------------------------------------------
# Hands out a file to be saved and not to be kept by the browser: a firm's papers are nothing for a shared computer's
# cache.
# ---------------------------------------------------------------------------------------------------------------------


# The name's beginning for a program that reads none but ASCII names, where the true name has no such letter.
_ASCII_NAME = "tianjin-support"


def download(content: bytes | Iterator[str] | Iterator[bytes], media_type: str, name: str) -> Response:
    """A file under this name, always to be saved, never opened in the page nor kept in a cache.

    What comes piece by piece is sent as it comes; the request stands until the last piece.
    """
    if isinstance(content, bytes):
        answer = send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
    else:
        answer = Response(stream_with_context(content), mimetype=media_type)
    names = {"filename": _ascii(name)}
    if not name.isascii():
        names["filename*"] = f"UTF-8''{quote(name, safe='')}"
    answer.headers.set("Content-Disposition", "attachment", **names)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ascii(name: str) -> str:
    """A whole name in ASCII: 惠企政策日期.ics is tianjin-support.ics, a day in the name is kept."""
    if name.isascii():
        return name
    stem, dot, ending = name.rpartition(".")
    rest = "-".join(re.findall(r"[A-Za-z0-9_]+", stem if dot else name))
    whole = rest if re.search("[A-Za-z]", rest) else "-".join(filter(None, (_ASCII_NAME, rest)))
    return f"{whole}{dot}{ending if dot else ''}"


# ---------------------------------------------------------------------------------------------------------------------
# Which page of a long list is asked for, and how many there are.
# ---------------------------------------------------------------------------------------------------------------------


_LONGEST = 6


def page_number() -> int:
    """The page that the address asks for, from 1; the first where it says none that there can be."""
    told = request.args.get("page", "")
    return max(1, int(told)) if told.isascii() and told.isdecimal() and len(told) <= _LONGEST else 1


def last_page(total: int, on_a_page: int) -> int:
    """How many pages so many rows take; an empty list has one."""
    return max(1, -(-total // on_a_page))
