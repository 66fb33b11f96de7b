"""Private links: answers locked away under a key that stands in the link alone, for seven or thirty days.

Whoever has the link reads a copy into his own browser. What lies under it never changes, and is withdrawn only from the
browser that made it: the link goes to others, and none of them may change or end what the owner shares.
"""

from __future__ import annotations

import re
from datetime import timedelta

import segno
from flask import Blueprint, Response, make_response, render_template, request

from matcher.presentation import own_address
from matcher.text import figures, today
from matcher.web import language

from . import cookie, file, store
from .presentation import require_token, said
from .views import offer, redirect_to

pages = Blueprint("links", __name__)

require_token(pages)

DAYS = ("7", "30")

_KEY = re.compile(r"[A-Za-z0-9_-]{24}")

_NOT_FOUND, _UNPROCESSABLE = 404, 422

_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    # Never more than scheme and host, to anybody: the key stands in the path. Not no-referrer: with that, browsers that
    # do not send Sec-Fetch-Site would post `Origin: null`, which is refused as a foreign form.
    "Referrer-Policy": "strict-origin",
    "Cache-Control": "no-store",
}


@pages.get("/link")
def form() -> Response:
    """Whoever opens the address without a key is shown where links are made."""
    return redirect_to("saving.hub", "link")


@pages.post("/link")
def make() -> Response | tuple[str, int]:
    """Lock the answers away and show the link; sent twice, the same link stands."""
    answers, key, days = cookie.load(request), store.read_new(request.form.get("key", "")), request.form.get("days", "")
    if answers.is_empty:
        return said("nothing", _UNPROCESSABLE)
    if key is None or days not in DAYS:
        return said("stale", 400)
    store.put_new(key, answers, int(days))
    last = figures.day(today() + timedelta(days=int(days)), language.lang())
    address = own_address("links.ask", key=key)
    page = render_template("keep/link.html", address=address, code=_square(address), key=key, last=last)
    answer = _private(page)
    store.remember(answer, key)
    return answer


@pages.get("/link/<key>")
def ask(key: str) -> Response:
    """Ask before opening: a program that looks at links for a preview opens nothing."""
    if not _KEY.fullmatch(key) or store.look_into_locker(key) is None:
        return _private(*said("no_link", _NOT_FOUND))
    return _private(render_template("keep/open_link.html", key=key, is_own=store.is_own(request, key)))


@pages.post("/link/open")
def open_link() -> Response | tuple[str, int]:
    """Take the answers under a key, or ask first as for a file."""
    found = store.look_into_locker(request.form.get("key", ""))
    return said("no_link", _NOT_FOUND) if found is None else offer(file.Found(found), "result")


@pages.post("/link/withdraw")
def withdraw() -> tuple[str, int]:
    """Delete what lies under a key, in the browser that made the link: it leads nowhere from now on."""
    key = request.form.get("key", "")
    if not store.is_own(request, key):
        return said("link_not_own", _NOT_FOUND)
    store.clear(key)
    return said("link_withdrawn")


def _square(address: str | None) -> str:
    """The address as a QR code in a picture of its own, for a phone that is held before the screen; empty without one."""
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=3, omitsize=True)) if address else ""


def _private(page: str, code: int = 200) -> Response:
    answer = make_response(page, code)
    answer.headers.update(_HEADERS)
    return answer
