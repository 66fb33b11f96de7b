"""The results page: the answer in a sentence, how its total is reached, every scheme, and what to take along."""

from flask import Blueprint, Response, redirect, render_template, request

from matcher.web import language
from matcher.web.interview.choice import total
from matcher.web.interview.progress import money_range, progress
from matcher.web.interview.visit import visit
from matcher.web.results import results

pages = Blueprint("result", __name__)


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
        ask_at=f"{request.script_root}/ask",
        edition=here.book.rulebook.hash[:12],
        decisions=decisions,
        visit=here,
    )
