"""The addresses of what is taken along: result sheet, checklist, calendar. Facts come from what is kept, never from the address."""

from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request

from matcher.tianjin import today
from matcher.web import keep, language, words
from matcher.web.downloads import download
from matcher.web.interview.visit import visit
from matcher.web.papers.checklist import checklist, counted
from matcher.web.papers.dates import calendar, days
from matcher.web.papers.sheet import sheet_pdf
from matcher.web.saving.said import guard, said

pages = Blueprint("take", __name__, url_prefix="/take")
guard(pages)
TICK = "tick"


@pages.before_request
def _need_answers() -> Response | None:
    """Without answers there is nothing to take along: on to the start."""
    if keep.load(request).is_empty:
        return redirect(f"{request.script_root}/", 303)  # type: ignore[return-value]
    return None


@pages.get("/result.pdf")
def result_pdf() -> Response:
    """The result sheet."""
    here, lang = visit(), language.lang()
    pdf = sheet_pdf(here, today(), lang)
    return download(pdf, "application/pdf", f"{words.say('sheet_pdf.file', lang)}-{here.as_of.isoformat()}.pdf")


@pages.get("/dates.ics")
def dates_ics() -> Response | tuple[str, int]:
    """The days to keep in mind, for the calendar of a phone; where there are none, a page that says so: no file may be empty."""
    here, lang = visit(), language.lang()
    found = days(here.book, here.survey.decisions, max(here.as_of, today()), lang)
    if not found:
        return said("no_dates", back="/result")
    return download(calendar(found, today(), lang), "text/calendar", f"{words.say('dates.file', lang)}.ics")


@pages.get("/checklist")
def papers() -> str:
    """The papers to bring, by where they go."""
    here, lang = visit(), language.lang()
    parts = checklist(here.book, here.survey.decisions, here.answers.ticked, lang, here.slugs)
    return render_template(
        "papers/checklist.html",
        parts=parts,
        counts={part.key: counted(part, lang) for part in parts},
        base=keep.field(here.answers),
        edition=here.book.rulebook.hash[:12],
    )


@pages.post("/checklist")
def tick() -> Response:
    """Keep what is ticked off; papers that this list does not show stay as they were."""
    here = visit()
    base = keep.base(request)
    parts = checklist(here.book, here.survey.decisions, frozenset(), "zh")
    listed = {paper.name for part in parts for counter in part.counters for paper in counter.papers}
    ticked = (base.ticked - listed) | (listed & set(request.form.getlist(TICK)))
    answer: Response = redirect(f"{request.script_root}/take/checklist", 303)  # type: ignore[assignment]
    keep.save(answer, keep.merge(request, replace(base, ticked=frozenset(ticked))))
    return answer
