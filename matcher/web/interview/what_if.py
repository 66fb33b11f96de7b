"""What if: change answers or the day and see, side by side, only what moves. Nothing is kept unless one says so."""

from dataclasses import replace
from datetime import date, timedelta

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from matcher.rulebook import Text
from matcher.tianjin import today
from matcher.web import entries, figures, keep, language, words
from matcher.web.forms import AS_OF
from matcher.web.intake import asked_day
from matcher.web.interview import posted
from matcher.web.interview.moves import moves
from matcher.web.interview.posted import Posted
from matcher.web.interview.recorded import answer
from matcher.web.interview.screens import plain_question
from matcher.web.interview.visit import Visit, visit
from matcher.web.questions import Question
from matcher.web.security import token_holds

pages = Blueprint("what_if", __name__)
_UNPROCESSABLE, _BAD_REQUEST = 422, 400
_PRESET, _ADD = "as_of_preset", "add"


@pages.get("/what-if")
def what_if() -> str:
    """Every answer and the day, to be changed."""
    here = visit()
    return _page(here, posted.known(here.book, sorted(here.answers.answered)), None, (), None)


@pages.post("/what-if")
def look() -> tuple[str, int] | Response:
    """What would move; or, where that was pressed, keep the change and go to the results."""
    here = visit()
    form = _with_preset(request.form)
    back = posted.read(here.book, form)
    day, wrong = asked_day(form.get(AS_OF, ""))
    language.use(form.get("switch"), form.get("lang"))
    facts = tuple(dict.fromkeys((*back.asked, *posted.known(here.book, [form.get(_ADD, "")]))))
    is_stale = not token_holds(form.get("csrf_token"))
    if is_stale or wrong or back.faults:
        return _page(here, facts, back, wrong, None, is_stale), _BAD_REQUEST if is_stale else _UNPROCESSABLE
    changed = _changed(here, back, None if not form.get(AS_OF, "").strip() else day)
    if form.get("do") == "keep":
        told = keep.merge(request, changed)
        answer: Response = redirect(f"{request.script_root}/result", 303)  # type: ignore[assignment]
        keep.save(answer, told)
        return answer
    return _page(here, facts, back, (), Visit(here.book, changed)), 200


def _with_preset(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form with the day of the button that was pressed."""
    if not form.get(_PRESET):
        return form
    preset = form.copy()
    preset[AS_OF] = form[_PRESET]
    return preset


def _changed(here: Visit, back: Posted, day: date | None) -> keep.Answers:
    """The answers with those that differ; a band or a 不清楚 whose field was left blank stays."""
    told, at = here.answers, keep.seconds()
    for fact, value in back.stated.items():
        if told.facts.get(fact) != value:
            told = told.with_answer(fact, value, at)
    emptied = [fact for fact in back.asked if fact in here.answers.facts and fact not in back.stated]
    return replace(told.without(*emptied), as_of=None if day in (None, today()) else day.isoformat())


def _page(
    here: Visit,
    facts: tuple[str, ...],
    back: Posted | None,
    wrong: tuple[Text, ...],
    after: Visit | None,
    is_stale: bool = False,
) -> str:
    lang = language.lang()
    typed = entries.shown((_with_preset(request.form) if back else {}).get(AS_OF, here.answers.as_of or ""))
    questions = [_with_kept(here, plain_question(here, fact, back, lang), lang) for fact in facts]
    waited = [fact for one in here.survey.decisions for fact in one.missing if fact not in facts]
    return render_template(
        "interview/what_if.html",
        groups=_groups(here, questions, lang),
        typed=typed,
        echo=f"= {figures.day(after.as_of, lang)}" if after and typed else None,
        day_faults=[text.get(lang) for text in wrong],
        days=_days(lang),
        more=[(fact, here.book.fact(fact).label.get(lang)) for fact in posted.known(here.book, waited)],
        moves=None if after is None else moves(here, after, lang),
        is_changed=after is not None and after.answers != here.answers,
        faults=[(one.name, one.label, one.faults) for one in questions if one.faults],
        is_stale=is_stale,
        base=keep.field(here.answers),
    )


def _with_kept(here: Visit, asked: Question, lang: str) -> Question:
    """The question; where its empty field hides a band or a 不清楚, that is said beneath it."""
    is_hidden = asked.fact in here.answers.answered and asked.fact not in here.answers.facts
    if asked.control != "text" or asked.value or not is_hidden:
        return asked
    return replace(asked, echo=words.say("what_if.kept", lang, said=answer(here, asked.fact, lang).said))


def _groups(here: Visit, questions: list[Question], lang: str) -> list[tuple[str, list[Question]]]:
    groups: dict[str, list[Question]] = {}
    for one in questions:
        groups.setdefault(here.book.fact(one.fact).group, []).append(one)
    return [(words.group(name, lang), groups[name]) for name in sorted(groups, key=words.group_rank)]


def _days(lang: str) -> list[tuple[str, str]]:
    """Days worth a button: today, the start of the epidemic relief, and the same day of next year."""
    now = today()
    days = (now, date(2022, 3, 1), now + timedelta(days=365))
    return [(day.isoformat(), figures.day(day, lang)) for day in days]
