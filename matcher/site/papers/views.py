"""The addresses of what is taken along: result sheet, checklist, calendar, and the note that says a result seems wrong."""

from dataclasses import replace

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from matcher.accounts import CITY
from matcher.answers import cookie, reports, require_token, said
from matcher.engine import district_of
from matcher.engine.ask import survey
from matcher.letters import centres
from matcher.presentation import card, entries, office, scheme_sheet
from matcher.settings import settings
from matcher.site.interview import Told, Visit, answer, visit
from matcher.text import STATUS, figures, sentences, today
from matcher.web import RateLimit, download, language, now

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
    found = days(here.book, here.decisions, max(here.as_of, today()), lang)
    if not found:
        return said("no_dates", back=url_for("result.result"))
    return download(calendar(found, today(), lang), "text/calendar", f"{sentences.say('惠企政策日期', lang)}.ics")


@pages.get("/checklist")
def papers() -> str:
    """The papers to bring, by where they go."""
    here, lang = visit(), language.lang()
    district = district_of(here.told.facts)
    parts = checklist(here.book, here.decisions, here.answers.ticked, lang, here.slugs, district, here.told.facts)
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
    parts = checklist(here.book, here.decisions, frozenset(), "zh")
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

# Reports of one address in an hour, in each process.
_SENT = RateLimit(5, seconds=3600)


@wrong_pages.get("/wrong/<slug>")
def blank(slug: str) -> str | Response:
    """The note with a field for what the owner thinks is wrong."""
    return _note(slug, "")


@wrong_pages.post("/wrong/<slug>")
def filled(slug: str) -> str | Response | tuple[str, int]:
    """The same with the owner's words on it, to be printed; or sent to the centre where that is open; or as a file."""
    text = _typed(TEXT, _MOST_SIGNS)
    do = request.form.get("do", "")
    if do not in ("send", "file") or slug not in visit().book.rulebook.schemes or visit().answers.is_empty:
        return _note(slug, text)
    report = _report(visit(), slug, text)
    if do == "file" or not settings().reports:
        lines = (f"{label}：{value}" for label, value in _in_words(report).items())
        return download("\r\n".join(lines).encode("utf-8-sig"), "text/plain", f"{slug}-{today().isoformat()}.txt")
    if not text:
        return make_response(_note(slug, text, is_wordless=True), 422)
    _SENT.spend(request)
    try:
        reports.leave(office().instance, _centre(visit()), report, now())
    except reports.ReportsFull:
        return said("reports_full", 503, back=url_for("result.of_scheme", slug=slug))
    return said("report_sent", back=url_for("result.of_scheme", slug=slug))


def _typed(name: str, most: int) -> str:
    """What was typed into a field, without what no keyboard types."""
    lines = request.form.get(name, "")[:most].splitlines()
    return "\n".join(entries.printable(line) for line in lines).strip()


def _report(here: Visit, slug: str, text: str) -> reports.Report:
    """What is said, with the answers only where its author ticked that."""
    decision = survey(here.book.rulebook, here.told, here.as_of, (slug,)).decisions[0]
    told = _facts_used(here, slug, "zh") if request.form.get("answers") == "yes" else []
    return reports.Report(
        scheme=slug,
        day=here.as_of.isoformat(),
        status=decision.status,
        edition=here.book.rulebook.hash,
        text=text,
        reach=_typed("reach", 80),
        answers={one.label: one.said for one in told},
    )


def _in_words(report: reports.Report) -> dict[str, str]:
    """The report for a file that a person reads."""
    lang, scheme = language.lang(), visit().book.scheme(report.scheme)
    return {
        sentences.say("政策", lang): scheme.name.get(lang),
        sentences.say("按哪一天", lang): report.day,
        sentences.say("结果", lang): STATUS[report.status].heading.get(lang),  # type: ignore[index]
        sentences.say("规则版本", lang): report.edition,
        sentences.say("申报人的意见", lang): report.text,
        **report.answers,
    }


def _centre(here: Visit) -> str:
    """The centre of the firm's district; the city's where none was told."""
    district = district_of(here.told.facts)
    return district if district is not None and district in centres() else CITY


def _note(slug: str, text: str, *, is_wordless: bool = False) -> str | Response:
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
        is_wordless=is_wordless,
        is_open=settings().reports,
        most=_MOST_SIGNS,
        as_of=figures.day(here.as_of, lang),
        written_on=figures.day(today(), lang),
        edition=here.book.rulebook.hash,
    )


def _facts_used(here: Visit, slug: str, lang: str) -> list[Told]:
    """What was told of the facts that the scheme reads, in the vocabulary's order."""
    read = here.book.rulebook.facts_needed((slug,))
    return [answer(here, fact, lang) for fact in read if fact in here.answers.answered]
