"""The pages to read: the document clause by clause, and the sheet of each scheme's rule on a day, also to print."""

from io import BytesIO

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.alerts import is_offered
from matcher.engine import district_of
from matcher.letters.compose import reference
from matcher.letters.pdf import render
from matcher.presentation import (
    AS_OF,
    asked_day,
    catalogue,
    document_shown,
    entry_note,
    entry_sum,
    scheme_sheet,
)
from matcher.site.interview import visit
from matcher.text import figures, today
from matcher.web import language

pages = Blueprint("document", __name__)

_UNPROCESSABLE = 422


@pages.get("/document")
def document() -> str:
    """The 21 measures clause by clause, each beside its schemes."""
    book = catalogue()
    shown = document_shown(book, today(), language.lang())
    return render_template("document.html", document=shown, edition=book.rulebook.hash[:12])


@pages.get("/scheme/<slug>")
def scheme(slug: str) -> tuple[str, int]:
    """The sheet of a scheme, `?as_of=` on a day (today unless given); a day that cannot be read is said beside its field."""
    book, lang = catalogue(), language.lang()
    if slug not in book.rulebook.schemes:
        abort(404)
    typed = request.args.get(AS_OF, "")
    day, faults = asked_day(typed)
    here = visit()
    told = None if here.answers.is_empty else here
    money = told.money.entries_of(slug) if told else ()
    page = render_template(
        "scheme.html",
        sheet=scheme_sheet(book, slug, day, lang, district_of(here.told.facts)),
        mine=entry_sum(money, lang) if money else "",
        mine_note=next((note for one in money if (note := entry_note(one, lang))), ""),
        is_told=told is not None,
        typed=typed,
        as_of=day.isoformat(),
        day=figures.day(day, lang),
        faults=[text.get(lang) for text in faults],
        edition=book.rulebook.hash[:12],
        has_alerts=is_offered(),
    )
    return page, _UNPROCESSABLE if faults else 200


@pages.get("/scheme/<slug>/sheet.pdf")
def scheme_pdf(slug: str) -> Response | AnyResponse:
    """The same on paper; a day that cannot be read leads back to the page, which says so."""
    book, lang = catalogue(), language.lang()
    if slug not in book.rulebook.schemes:
        abort(404)
    typed = request.args.get(AS_OF, "")
    day, faults = asked_day(typed)
    if faults:
        return redirect(url_for(".scheme", slug=slug, as_of=typed), 303)
    paper = reference.compose_rule_sheet(book.rulebook, slug, day, lang, written_on=today())
    return send_file(
        BytesIO(render.render_pdf(paper)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{slug}-{day.isoformat()}.pdf",
    )
