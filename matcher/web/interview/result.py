"""The results page: the answer in a sentence, how its total is reached, every scheme, and what to take along."""

from flask import Blueprint, Response, redirect, render_template, request

from matcher.tianjin import today
from matcher.web import figures, language, words
from matcher.web.interview import pause
from matcher.web.interview.choice import total
from matcher.web.interview.progress import money_range, progress
from matcher.web.interview.visit import Visit, visit
from matcher.web.results import results

pages = Blueprint("result", __name__)


def _going_on(here: Visit, lang: str) -> str:
    """What answering on brings: more settled schemes, hardly any, or only sums; empty where nothing is left to ask."""
    survey = here.survey
    if survey.screen is None:
        return ""
    if not survey.is_through:
        return words.say("result.go_on.stalled" if pause.is_due(here) else "result.go_on.text", lang)
    left = len(survey.in_force) - len(survey.settled)
    if left:
        return words.say("result.refine.left", lang, count=words.count(lang, left, "scheme"))
    return words.say("result.refine.text", lang)


@pages.get("/result")
def result() -> str | Response:
    """The results on what was told; to the start where nothing was told yet."""
    here, lang = visit(), language.lang()
    if here.answers.is_empty:
        return redirect(f"{request.script_root}/", 303)  # type: ignore[return-value]
    decisions = here.survey.decisions
    stated = [decision.to_json() for decision in decisions]
    money = money_range(here.survey.outlook, lang)
    return render_template(
        "interview/result.html",
        results=results(here.book, stated, here.as_of, False, lang, money, here.survey.unreckoned),
        progress=progress(here, lang),
        total=total(here, decisions, lang),
        following=here.survey.screen,
        go_on=_going_on(here, lang),
        ask_at=f"{request.script_root}/ask",
        edition=here.book.rulebook.hash[:12],
        decisions=decisions,
        visit=here,
        firm=here.told.facts.get("name") or words.say("sheet_pdf.no_name", lang),
        written_on=figures.day(today(), lang),
    )
