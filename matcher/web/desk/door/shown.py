"""The pages of the door: the form to sign in with, what is said there, and the form that waited meanwhile."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from matcher.web import language, words
from matcher.web.desk.door import carried
from matcher.web.desk.door.carried import Carried

_BAD_REQUEST = 400
_FORBIDDEN = 403
_UNPROCESSABLE = 422


def form(fault: str | None = None, code: int = 200, **values: object) -> tuple[str, int]:
    """The form to sign in with; `fault` is the key of what is wrong. Name, target and waiting form are kept."""
    said = words.say(fault, language.lang(), **values) if fault else None
    return _page(said, code, request.form.get(carried.FIELD, ""), request.values.get("next", "")), code


def second(first: str, fault: str | None = None, code: int = 200) -> tuple[str, int]:
    """The second step: the code of the app, with the first step sealed in `first`."""
    said = words.say(fault, language.lang()) if fault else None
    waiting, wanted = request.form.get(carried.FIELD, ""), request.form.get("next", "")
    page = render_template("desk/sign_in_code.html", first=first, fault=said, carried=waiting, next=wanted)
    return page, code


def ended(account_id: int | None) -> tuple[str, int]:
    """The session is over and a form came: the form to sign in with, which carries the other one along."""
    form = carried.sent(account_id)
    waiting = carried.close(form) if form else None
    said = words.say("desk.ended.kept" if waiting else "desk.ended.lost", language.lang())
    return _page(said, _FORBIDDEN, waiting or "", ""), _FORBIDDEN


def closed() -> Response:
    """What a script gets that asks without a session."""
    return Response(words.say("desk.ended.script", language.lang()), _FORBIDDEN, mimetype="text/plain")


def leave() -> tuple[str, int]:
    """The button to sign out once more, on a page with a token that holds: the other was too old, or not of this site."""
    return render_template("desk/sign_out.html"), _BAD_REQUEST


def again(form: Carried, code: int = 200) -> tuple[str, int]:
    """The page with the form that waited, to be sent again with a fresh token."""
    return render_template("desk/again.html", form=form), code


def _page(said: str | None, code: int, waiting: str, wanted: str) -> str:
    name = request.form.get("name", "") if request.path.startswith("/desk/sign-in") else ""
    is_notice = code == _FORBIDDEN
    return render_template("desk/sign_in.html", said=said, is_notice=is_notice, name=name, carried=waiting, next=wanted)
