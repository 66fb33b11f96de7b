"""The addresses of what is taken along: result sheet, checklist, calendar, and the note that says a result seems wrong."""

from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from matcher.answers import cookie, require_token, said
from matcher.engine import district_of
from matcher.engine.ask import survey
from matcher.presentation import card, entries, scheme_sheet
from matcher.site.interview import Told, Visit, answer, visit
from matcher.text import STATUS, figures, sentences, today
from matcher.web import download, language

from .checklist import checklist, counted, phones
from .dates import calendar, days
from .sheet import sheet_pdf

# ---------------------------------------------------------------------------------------------------------------------
# The addresses of what is taken along: result sheet, checklist, calendar. Facts come from what is kept, never from
# the address.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("take", __name__, url_prefix="/take")

require_token(pages)

TICK = "tick"


@pages.before_request
def _need_answers() -> Response | None:
    """Without answers there is nothing to take along: on to the start."""
    if cookie.load(request).is_empty:
        return redirect(url_for("start.start"), 303)  # type: ignore[return-value]
    return None


@pages.get("/result.pdf")
def result_pdf() -> Response:
    """The result sheet."""
    here, lang = visit(), language.lang()
    pdf = sheet_pdf(here, today(), lang)
    return download(pdf, "application/pdf", f"{sentences.say('惠企政策自查结果', lang)}-{here.as_of.isoformat()}.pdf")


@pages.get("/dates.ics")
def dates_ics() -> Response | tuple[str, int]:
    """The days to keep in mind, for the calendar of a phone; where there are none, a page that says so: no file may be empty."""
    here, lang = visit(), language.lang()
    found = days(here.book, here.survey.decisions, max(here.as_of, today()), lang)
    if not found:
        return said("no_dates", back=url_for("result.result"))
    return download(calendar(found, today(), lang), "text/calendar", f"{sentences.say('惠企政策日期', lang)}.ics")


@pages.get("/checklist")
def papers() -> str:
    """The papers to bring, by where they go."""
    here, lang = visit(), language.lang()
    district = district_of(here.told.facts)
    parts = checklist(here.book, here.survey.decisions, here.answers.ticked, lang, here.slugs, district)
    return render_template(
        "papers/checklist.html",
        parts=parts,
        counts={part.key: counted(part, lang) for part in parts},
        base=cookie.field(here.answers),
        edition=here.book.rulebook.hash[:12],
    )


@pages.post("/checklist")
def tick() -> Response:
    """Keep what is ticked off; papers that this list does not show stay as they were."""
    here = visit()
    base = cookie.base(request)
    parts = checklist(here.book, here.survey.decisions, frozenset(), "zh")
    listed = {paper.name for part in parts for counter in part.counters for paper in counter.papers}
    ticked = (base.ticked - listed) | (listed & set(request.form.getlist(TICK)))
    answer: Response = redirect(url_for("take.papers"), 303)  # type: ignore[assignment]
    cookie.save(answer, cookie.merge(request, replace(base, ticked=frozenset(ticked))))
    return answer


# ---------------------------------------------------------------------------------------------------------------------
# The note that says a result seems wrong: facts, rule, edition and decision on one paper, and whom to ask. Nothing
# is kept.
# ---------------------------------------------------------------------------------------------------------------------


wrong_pages = Blueprint("wrong", __name__)

require_token(wrong_pages)

TEXT = "text"

_MOST_SIGNS = 2000


@wrong_pages.get("/wrong/<slug>")
def blank(slug: str) -> str | Response:
    """The note with a field for what the owner thinks is wrong."""
    return _note(slug, "")


@wrong_pages.post("/wrong/<slug>")
def filled(slug: str) -> str | Response:
    """The same with the owner's words on it, to be printed."""
    lines = request.form.get(TEXT, "")[:_MOST_SIGNS].splitlines()
    return _note(slug, "\n".join(entries.printable(line) for line in lines).strip())


def _note(slug: str, text: str) -> str | Response:
    here, lang = visit(), language.lang()
    if slug not in here.book.rulebook.schemes:
        abort(404)
    if here.answers.is_empty:
        return redirect(url_for("document.scheme", slug=slug), 303)  # type: ignore[return-value]
    decision = survey(here.book.rulebook, here.told, here.as_of, (slug,)).decisions[0].to_json()
    sheet = scheme_sheet(here.book, slug, here.as_of, lang)
    return render_template(
        "papers/wrong.html",
        it=card(here.book, decision, here.as_of, lang, district=district_of(here.told.facts)),
        sheet=sheet,
        status=STATUS[decision["status"]].heading.get(lang),
        instrument=next((past.instrument for past in sheet.history if past.is_shown), None),
        facts=_facts_used(here, slug, lang),
        firm=here.told.facts.get("name"),
        phones=phones(here.book.scheme(slug)),
        text=text,
        most=_MOST_SIGNS,
        as_of=figures.day(here.as_of, lang),
        written_on=figures.day(today(), lang),
        edition=here.book.rulebook.hash,
    )


def _facts_used(here: Visit, slug: str, lang: str) -> list[Told]:
    """What was told of the facts that the scheme reads, in the vocabulary's order."""
    read = here.book.rulebook.facts_needed((slug,))
    return [answer(here, fact, lang) for fact in read if fact in here.answers.answered]
