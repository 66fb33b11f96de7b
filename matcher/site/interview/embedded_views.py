"""The check inside a page of another site: the same questions and sums, in a frame that works without any cookie.

What was answered is in no cookie and nowhere on the server: each page carries it sealed in its form, and the next one
comes back with it. Only sites of `MATCHER_EMBED_ORIGINS` may show the frame, and only the one that its address names:
the browser holds the page to it. That site is told how high the page is and, at the end, status and sum of each scheme.
"""

from __future__ import annotations

import json
from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from matcher.answers import Answers, cookie, joined
from matcher.engine.choose import Headline
from matcher.presentation import SCHEMES, catalogue, ledger, rest
from matcher.settings import settings
from matcher.web import database, frame_in, language

from . import posted, screens
from .posted import Posted
from .result_views import going_on, results_of
from .views import BLANK_OF, faults_of, looking, settles
from .visits import Visit, is_due, progress

pages = Blueprint("embed", __name__)

ORIGIN = "origin"

_USE = "embedded answers"

_TRAIL = "trail"

_SCRIPT, _SCRIPT_SECONDS = "embed.js", 3600

_FORBIDDEN, _NOT_FOUND, _UNPROCESSABLE = 403, 404, 422

Answer = tuple[str, int] | str

# A way back of so many screens: no interview has more.
_LONGEST_TRAIL = 100


@pages.get("/embed.js")
def script() -> Response:
    """The script that a page of another site loads: it puts the frame where it stands."""
    if not settings().embed_origins:
        abort(_NOT_FOUND)
    asset = current_app.extensions["assets"][_SCRIPT]
    answer = Response(asset.body, mimetype=asset.mimetype)
    answer.headers["Cache-Control"] = f"public, max-age={_SCRIPT_SECONDS}"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # or no other site could load it
    return answer


@pages.get("/embed/check")
def check() -> Answer:
    """The first question; `?origin=` names the site around, `?scheme=` picks schemes, `?lang=` the language."""
    _require_origin()
    book = catalogue()
    return _next(Visit(book, Answers(schemes=book.chosen(request.args.getlist(SCHEMES)))), ())


@pages.post("/embed/check")
def tell() -> Answer:
    """What a screen brought, and what comes next: another screen, the same with what is wrong, or the results.

    No token is asked for: nothing is kept that a foreign form could change, and the page says nothing but what was sent.
    """
    _require_origin()
    here, trail = Visit(catalogue(), cookie.base(request, _USE)), _trail()
    language.use(request.form.get("switch"), request.form.get("lang"))
    do = request.form.get("do", "")
    if do == "back" and trail:
        return _screen(here, trail[-1], trail[:-1], None)
    if do == "on":
        return _next(here, trail)
    if do == "outcome":
        return _outcome(here, trail)
    back = posted.read(here.book, request.form, here.told.facts)
    if not back.every:
        return _outcome(here, trail) if "switch" in request.form else _next(here, trail)
    is_look = bool({"switch", "look"} & request.form.keys())
    if is_look:
        return _screen(looking(here, back), back.every, trail, back)
    if back.faults:
        return _screen(here, back.every, trail, back), _UNPROCESSABLE
    if back.is_choosing and do != "result":
        return _screen(looking(here, back), back.every, trail, back, is_picking=True), _UNPROCESSABLE
    told = back.added_to(here.book, here.answers, database.seconds(), BLANK_OF.get(do, "unsure"))
    after = Visit(here.book, told)
    trail = (*trail, back.every)[-_LONGEST_TRAIL:]
    return _outcome(after, trail) if do == "result" or settles(here, after) else _next(after, trail)


@pages.post("/embed/whole")
def whole() -> Response:
    """Out of the frame, in a window of its own: what was answered goes to the site's own pages, beside what was told there."""
    if not settings().embed_origins:
        abort(_NOT_FOUND)
    told = joined(cookie.load(request), cookie.base(request, _USE))
    answer = cast(Response, redirect(url_for("result.result"), 303))
    cookie.save(answer, told)
    return answer


@pages.after_request
def _let_in(answer: Response) -> Response:
    """Let the site that the address names show the page, where it is one of those that may."""
    origin = request.args.get(ORIGIN, "")
    if request.endpoint != "embed.whole" and origin in settings().embed_origins:
        frame_in(answer, origin)
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"  # it holds what a firm told
    return answer


def _require_origin() -> None:
    allowed = settings().embed_origins
    if not allowed:
        abort(_NOT_FOUND)
    origin = request.args.get(ORIGIN, "")
    if origin not in allowed:
        abort(Response(render_template("embed/refused.html", origin=origin[:200]), _FORBIDDEN))


def _trail() -> tuple[tuple[str, ...], ...]:
    """The screens that were answered, oldest first, by what they asked; names of facts, never values."""
    book, told = catalogue(), request.form.get(_TRAIL, "")
    found = (posted.askable(book, one.split()) for one in told.split("|")[-_LONGEST_TRAIL:])
    return tuple(one for one in found if one)


def _next(here: Visit, trail: tuple[tuple[str, ...], ...]) -> str:
    screen = here.survey.screen
    if screen is None:
        return _outcome(here, trail)
    return _screen(here, tuple(one.fact for one in screen.asks), trail, None)


def _screen(
    here: Visit,
    facts: tuple[str, ...],
    trail: tuple[tuple[str, ...], ...],
    back: Posted | None,
    is_picking: bool = False,
) -> str:
    lang = language.lang()
    screen = screens.shown(here, screens.screen_of(here, facts), back, lang)
    return render_template(
        "embed/ask.html",
        screen=screen,
        progress=progress(here, lang),
        is_picking=is_picking,
        many=len(screen.posed) > 1,
        is_stalled=back is None and is_due(here),
        faults=faults_of(screen),
        **_carried(here, trail, request.form.get(cookie.FIELD) if back else None),
    )


def _outcome(here: Visit, trail: tuple[tuple[str, ...], ...]) -> str:
    lang, money = language.lang(), here.money
    found = results_of(here, lang)
    return render_template(
        "embed/result.html",
        results=found,
        ledger=ledger(here.book, money, lang),
        rest=rest(found, money, (), lang),
        following=here.survey.screen,
        go_on=going_on(here, lang),
        edition=here.book.rulebook.hash[:12],
        outcome=json.dumps(_outcome_json(here, money), ensure_ascii=False),
        **_carried(here, trail, None),
    )


def _carried(here: Visit, trail: tuple[tuple[str, ...], ...], base: str | None) -> dict[str, Any]:
    """What every page of the frame has: whose frame it is, and all that was answered, sealed."""
    origin = request.args[ORIGIN]
    return {
        "origin": origin,
        "address": url_for("embed.tell", origin=origin),
        "base": base or cookie.field(here.answers, _USE),
        "trail": "|".join(" ".join(one) for one in trail),
    }


def _outcome_json(here: Visit, money: Headline) -> dict[str, Any]:
    """What the site around is told: status and sum of each scheme; nothing that the firm told of itself."""
    stated = money.to_json()
    del stated["entries"]
    return {
        "version": 1,
        "as_of": here.as_of.isoformat(),
        "rulebook": here.book.rulebook.hash,
        "money": stated,
        "decisions": [
            {
                "scheme": one.scheme,
                "name": here.book.scheme(one.scheme).name.to_json(),
                "status": one.status,
                "amount": None if one.amount is None else one.amount.to_json(),
            }
            for one in here.decisions
        ],
    }
