"""A page that says one thing, and what the pages of keeping share: stale forms, too many tries, a store out of reach."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, render_template, request

from matcher.store import StoreError
from matcher.web import language, words
from matcher.web.keep.quota import StorageFull
from matcher.web.keep.tries import TooManyTries
from matcher.web.saving import offered
from matcher.web.security import token_holds

_WAYS = {"/save": "keep.back", "/": "keep.home"}
_BAD_REQUEST, _TOO_MANY, _UNAVAILABLE = 400, 429, 503


def install(app: Flask) -> None:
    """Answer in words where the store or the limit on tries says no."""
    app.register_error_handler(TooManyTries, _too_many)
    app.register_error_handler(StoreError, _no_store)
    app.register_error_handler(StorageFull, _full)


def guard(pages: Blueprint) -> None:
    """Refuse every post to these pages whose token does not hold: from another site, or from a page left open too long."""
    pages.before_request(_refuse_stale)


def said(key: str, code: int = 200, back: str = "/save", **values: object) -> tuple[str, int]:
    """The page of the words `said.<key>` and `said.<key>.text`; `back` is where its button leads."""
    lang = language.lang()
    heading, text = words.say(f"said.{key}", lang), words.say(f"said.{key}.text", lang, **values)
    way = words.say(_WAYS.get(back, "keep.again"), lang)
    # The desk's frame asks the store who is signed in.
    frame = "desk/_frame.html" if _is_desk() and code != _UNAVAILABLE else "_frame.html"
    return render_template("keep/said.html", frame=frame, heading=heading, text=text, back=back, way=way), code


def _is_desk() -> bool:
    return request.path.startswith("/desk/")


def _refuse_stale() -> tuple[str, int] | None:
    if request.method != "POST" or token_holds(request.form.get("csrf_token")):
        return None
    return said("stale", _BAD_REQUEST, back=request.path if _is_desk() else "/save")


def _too_many(error: TooManyTries) -> tuple[str, int, dict[str, str]]:
    count = words.count(language.lang(), error.minutes, "minute")
    page, code = said("too_many", _TOO_MANY, back=request.path if _is_desk() else "/save", wait=count)
    return page, code, {"Retry-After": str(error.minutes * 60)}


def _full(error: StorageFull) -> tuple[str, int, dict[str, str]]:
    """Nothing was stored: what was told is in this page, to be saved as a file instead."""
    lang, key = language.lang(), "said.full_own" if error.is_own else "said.full"
    hours = -(-error.minutes // 60)
    wait = words.count(lang, error.minutes, "minute") if error.minutes < 120 else words.count(lang, hours, "hour")
    page = render_template(
        "keep/full.html",
        heading=words.say(key, lang),
        text=words.say(f"{key}.text", lang, wait=wait),
        found=offered.close_if_short(error.answers) if error.answers else "",
    )
    return page, _TOO_MANY if error.is_own else _UNAVAILABLE, {"Retry-After": str(error.minutes * 60)}


def _no_store(error: StoreError) -> tuple[str, int]:
    # Its own words name the database: they are for whoever runs the site, and hold no fact.
    current_app.logger.error("the store did not answer: %s", error.en)
    return said("no_store", _UNAVAILABLE, back="/")
