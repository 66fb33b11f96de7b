"""What visitors said seems wrong with a result: the reports of one's own centre, and the button that ends one."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from matcher.accounts import me, record, require
from matcher.answers import moment, reports
from matcher.db import session
from matcher.presentation import catalogue, office
from matcher.text import STATUS
from matcher.web import engine, language

pages = Blueprint("desk_reports", __name__)


@pages.get("/desk/reports")
@require("handover.open")
def listing() -> str:
    """The reports of the own centre, the newest first."""
    lang, book = language.lang(), catalogue().rulebook
    rows = [
        {
            "id": one.id,
            "at": moment(one.made_at, lang),
            "scheme": book.schemes[one.report.scheme].name.get(lang),
            "slug": one.report.scheme,
            "status": STATUS[one.report.status].heading.get(lang),  # type: ignore[index]
            "report": one.report,
        }
        for one in reports.left_for(office().instance, me().centre)
        if one.report.scheme in book.schemes and one.report.status in STATUS
    ]
    return render_template("desk/reports.html", rows=rows)


@pages.post("/desk/reports/<report>/done")
@require("handover.open")
def done(report: str) -> BaseResponse:
    """One that was dealt with is thrown away; that it was is in the audit trail."""
    if not reports.done(office().instance, me().centre, report):
        abort(403)  # what lies at another centre is not told from what lies nowhere
    with session(engine()) as active:
        record(active, "report.done", report)
    return redirect(url_for("desk_reports.listing"), 303)
