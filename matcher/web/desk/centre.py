"""What a centre settles for itself: whether its letters need a second signature, and how long declared facts are kept."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from matcher.issuing import centres
from matcher.store import EntryError, reading, session
from matcher.store.desk.centre_settings import save_settings, settings_of
from matcher.web import language, words
from matcher.web.desk.accounts import reached
from matcher.web.desk.gate import allow, guard, me, reach, record
from matcher.web.keep.database import engine

pages = Blueprint("desk_centre", __name__)
guard(pages)

_REFUSED = 422


@pages.get("/desk/accounts/centre")
@allow("centre.set")
def centre() -> str:
    """The form with what holds for the centre."""
    wanted = _wanted(request.args.get("centre"))
    with reading(engine()) as register:
        found = settings_of(register, wanted)
    return _form(wanted, found.needs_countersign, str(found.retention_days))


@pages.post("/desk/accounts/centre")
@allow("centre.set")
def settle() -> Response | tuple[str, int]:
    """Settle it."""
    wanted = _wanted(request.form.get("centre"))
    needs_countersign, told = "needs_countersign" in request.form, request.form.get("retention_days", "").strip()
    try:
        with session(engine()) as writing:
            days = int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else 0
            changed = save_settings(writing, wanted, needs_countersign, days)
            if changed:
                record(writing, "centre.set", f"centre {wanted}", wanted, fields=list(changed))
    except EntryError as error:
        fault = error.zh if language.lang() == "zh" else error.en
        return _form(wanted, needs_countersign, told, fault), _REFUSED
    flash(words.say("desk.centre.done", language.lang()))
    return redirect(f"{request.script_root}/desk/accounts/centre?centre={wanted}", 303)


def _wanted(told: str | None) -> str:
    """The centre that is meant, one's own where none is said; the page of refusal for one that is out of reach."""
    wanted = told or me().centre
    reach(wanted if wanted in centres() else None)
    return wanted


def _form(centre: str, needs_countersign: bool, retention_days: str, fault: str | None = None) -> str:
    return render_template(
        "desk/centre.html",
        centre=centre,
        centres=reached(),
        needs_countersign=needs_countersign,
        retention_days=retention_days,
        fault=fault,
    )
