"""The note that says a result seems wrong: facts, rule, edition and decision on one paper, and whom to ask. Nothing is kept."""

from flask import Blueprint, Response, abort, redirect, render_template, request

from matcher.engine.ask import survey
from matcher.tianjin import today
from matcher.web import entries, figures, language
from matcher.web.cards import card
from matcher.web.interview.recorded import Told, answer
from matcher.web.interview.visit import Visit, visit
from matcher.web.papers.phones import phones
from matcher.web.saving.said import guard
from matcher.web.sheets import scheme_sheet

pages = Blueprint("wrong", __name__)
guard(pages)
TEXT = "text"
_MOST_SIGNS = 2000


@pages.get("/wrong/<slug>")
def blank(slug: str) -> str | Response:
    """The note with a field for what the owner thinks is wrong."""
    return _note(slug, "")


@pages.post("/wrong/<slug>")
def filled(slug: str) -> str | Response:
    """The same with the owner's words on it, to be printed."""
    lines = request.form.get(TEXT, "")[:_MOST_SIGNS].splitlines()
    return _note(slug, "\n".join(entries.printable(line) for line in lines).strip())


def _note(slug: str, text: str) -> str | Response:
    here, lang = visit(), language.lang()
    if slug not in here.book.rulebook.schemes:
        abort(404)
    if here.answers.is_empty:
        return redirect(f"{request.script_root}/scheme/{slug}", 303)  # type: ignore[return-value]
    decision = survey(here.book.rulebook, here.told, here.as_of, (slug,)).decisions[0].to_json()
    sheet = scheme_sheet(here.book, slug, here.as_of, lang)
    return render_template(
        "papers/wrong.html",
        it=card(here.book, decision, here.as_of, lang),
        sheet=sheet,
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
