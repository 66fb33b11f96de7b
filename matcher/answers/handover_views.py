"""Handing over to the service centre: the consent, the code, and taking it back with the same code."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for

from matcher.presentation import catalogue, entries
from matcher.text import codes, interview_labels, sentences
from matcher.web import language, one_try, sealing

from . import cookie, presentation, store
from .presentation import require_token, said

pages = Blueprint("handover", __name__)

require_token(pages)


# The code is made with the page that asks for consent, so that sending it twice makes one handover.
_CODE, _CODE_SECONDS = "new code", 12 * 3600

_UNPROCESSABLE, _NOT_FOUND = 422, 404


@dataclass(frozen=True)
class Standing:
    """How a handover stands, in words: its days, and each time it was opened."""

    made: str
    expires: str
    withdrawn: str | None
    opened: tuple[str, ...]
    consent: str


@pages.get("/hand-over")
def form() -> str:
    """What will be handed over, to whom and for how long, with the consent to give; and the way to take it back."""
    return _form("", "")


def _form(typed: str, wrong: str) -> str:
    """The page with a code typed into the field at its end and what is wrong with it, empty: nothing."""
    answers, lang = cookie.load(request), language.lang()
    return render_template(
        "keep/handover.html",
        groups=presentation.told_groups(catalogue().rulebook, answers, lang),
        is_empty=answers.is_empty,
        consent=sentences.say(interview_labels.CONSENT[store.CONSENT], lang),
        version=store.CONSENT,
        code=sealing.close(_CODE, store.new_code().encode()),
        typed=typed,
        wrong=wrong,
    )


@pages.post("/hand-over")
def hand_over() -> Response | tuple[str, int]:
    """Hand over and show the code; sent twice, the same code stands."""
    answers, made = cookie.load(request), sealing.opened(_CODE, request.form.get("code", ""), _CODE_SECONDS)
    if answers.is_empty:
        return said("nothing", _UNPROCESSABLE)
    if request.form.get("consent") != store.CONSENT:
        return said("no_consent", _UNPROCESSABLE, back=url_for("handover.form"))
    if made is None:
        return said("stale", 400, back=url_for("handover.form"))
    code = made.decode()
    found = standing(store.hand_over(code, answers))
    answer = make_response(render_template("keep/code.html", code=codes.spaced(code), standing=found))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/hand-over/withdraw")
def withdraw() -> str | tuple[str, int]:
    """Say how a handover stands, or take it back: whoever has the code may."""
    typed = entries.shown(request.form.get("code", ""))
    try:
        code = codes.read_code(typed)
    except codes.CodeMistyped:
        return _form(
            typed,
            sentences.say(
                "移交码写错了：共12个字符，不含0、1、2、5、8和B、I、L、O、Q、S、U、Z。请对照再输一次；这次不计入次数。",
                language.lang(),
            ),
        ), _UNPROCESSABLE
    with one_try(request, "code") as going_on:
        found = store.withdraw(code) if request.form.get("do") == "withdraw" else store.look(code)
        going_on.was_right = found is not None
    if found is None:
        return said("no_code", _NOT_FOUND, back=url_for("handover.form", _anchor="withdraw"))
    return render_template("keep/standing.html", standing=standing(found), code=codes.spaced(code))


def standing(found: store.HandedOver) -> Standing:
    """A handover's days and openings in words."""
    lang = language.lang()
    return Standing(
        made=presentation.moment(found.made_at, lang),
        expires=presentation.moment(found.expires_at, lang),
        withdrawn=presentation.moment(found.withdrawn_at, lang) if found.withdrawn_at else None,
        opened=tuple(presentation.moment(at, lang) for at in found.opened_at),
        consent=found.consent,
    )
