"""All questions on one page: shows the form, decides what was posted, and gives the letter as a download."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, cast

from flask import Blueprint, Response, redirect, render_template, request, url_for

from matcher.answers import Answers, cookie, said
from matcher.engine import district_of
from matcher.firms import numbers
from matcher.letters.compose import compose
from matcher.letters.pdf import render
from matcher.presentation import (
    AS_OF,
    SCHEMES,
    Catalogue,
    Intake,
    Ledger,
    Question,
    Results,
    SelfCheckForm,
    catalogue,
    entries,
    field_name,
    form_class,
    ledger,
    results,
    sections,
    take_in,
)
from matcher.site.interview import Visit, visit
from matcher.text import figures, sentences, today
from matcher.web import database, download, language, token_holds

pages = Blueprint("selfcheck", __name__)

_OK, _UNPROCESSABLE, _BAD_REQUEST, _CONFLICT = 200, 422, 400, 409

# The button that brings a section's questions, the list of schemes, and that results stand above.
OPEN, _SCHEME_LIST, TICKS, RESULTS, HERE = "open", "schemes", "ticks", "results", "here"


@dataclass(frozen=True)
class Asked:
    """A posted form as it was read, whether it may be acted upon, and all answers with it: the form's and those kept."""

    form: SelfCheckForm
    intake: Intake
    is_stale: bool
    visit: Visit

    @property
    def is_good(self) -> bool:
        """Whether there is nothing to put right first."""
        return not self.is_stale and not self.intake.faults


@pages.get("/all")
def start() -> str:
    """The form with the answers kept, and with the results above it where they were asked for (`?results=1`).

    `?scheme=` picks schemes, `?lang=` the language, `?open=` the section to open, `?here=` the groups that stand on the
    page besides. Facts are never read from an address.
    """
    book, here = catalogue(), visit()
    form = form_class(book)(data=_typed(book, here.answers))
    form.scheme.data = list(book.chosen(request.args.getlist(SCHEMES))) or list(here.slugs)
    found = _results(book, here) if RESULTS in request.args else None
    base = cookie.field(here.answers)
    return _page(book, form, take_in(book, form), base, found, brought=_fields_of(book, request.args.getlist(HERE)))


@pages.post("/all")
def answer() -> tuple[str, int] | Response:
    """Keeps the answers and leads to the page that shows them, or gives the form with its faults and all that was typed.

    What was kept is shown by an address of its own: no page that answers a form holds answers that are good, so that none
    of them need be stored by the browser for its way back.
    """
    book = catalogue()
    asked = _asked(book)
    if not asked.is_good:
        return _refused(book, asked)
    here = asked.visit
    if request.form.get("do") == "look":  # a look while still answering keeps nothing
        base = request.form.get(cookie.FIELD, "")
        return _page(
            book, asked.form, asked.intake, base, _results(book, here), _ledger(book, here), brought=_brought()
        ), _OK
    is_only_opened = OPEN in request.form and RESULTS not in request.form
    is_form_alone = request.form.get("do") == "narrow" or is_only_opened
    is_form_alone = is_form_alone or ("switch" in request.form and here.answers.is_empty)
    shown: dict[str, Any] = {} if is_form_alone else {RESULTS: "1"}
    if OPEN in request.form:
        shown |= {OPEN: request.form[OPEN], HERE: _groups_sent()}
    response = cast(Response, redirect(url_for("selfcheck.start", **shown), 303))
    cookie.save(response, here.answers)
    return response


def _results(book: Catalogue, here: Visit) -> Results:
    """All decisions of a visit, as the page shows them."""
    lang = language.lang()
    stated = [decision.to_json() for decision in here.survey.decisions]
    waits, district = here.survey.unreckoned, district_of(here.told.facts)
    return results(book, stated, here.as_of, here.answers.is_empty, lang, "", waits, district, here.survey.unasked)


def _ledger(book: Catalogue, here: Visit) -> Ledger:
    """The three numbers of a visit."""
    return ledger(book, here.money, language.lang())


def _groups_sent() -> list[str]:
    """The groups whose questions stood whole on the page that was sent, and whether the list of schemes did.

    A question that stands among the first or the next ones does not bring its whole group.
    """
    return [*request.form.getlist(HERE), *([TICKS] if TICKS in request.form else [])]


def _fields_of(book: Catalogue, groups: list[str]) -> set[str]:
    """The fields of these groups."""
    fields = {field_name(fact) for fact in book.asked(()) if book.fact(fact).group in groups}
    return fields | ({TICKS} if TICKS in groups else set())


def _brought() -> Collection[str]:
    """The fields that were sent, where a section was opened: what was typed into them may not be kept yet."""
    return request.form.keys() if OPEN in request.form else ()


@pages.post("/letter")
def letter() -> Response | tuple[str, int]:
    """The letter on the posted facts and those kept as a PDF, or the form with its faults. Nothing about it is stored; from a
    draft of the rules none is made."""
    book = catalogue()
    if book.rulebook.is_draft:
        return said("draft_rules", _CONFLICT, url_for("selfcheck.start"))
    asked = _asked(book)
    if not asked.is_good:
        return _refused(book, asked)
    here, lang = asked.visit, language.lang()
    facts, decisions = here.several.firm, here.decisions
    name = facts.get("name")
    addressee = name if isinstance(name, str) else None
    composed = compose.compose_letter_of(
        book.rulebook,
        facts,
        decisions,
        here.as_of,
        lang,
        addressee=addressee,
        written_on=today(),
        items=here.several.items,
    )
    title = "-".join(filter(None, (sentences.say("惠企政策核对函", lang), addressee, here.as_of.isoformat())))
    return download(render.render_pdf(composed), "application/pdf", f"{title}.pdf")


@pages.get("/letter")
def letter_without_form() -> Response:
    """Whoever opens the letter's address without a form is shown the form."""
    return redirect(url_for("selfcheck.start"), 303)  # type: ignore[return-value]


def _typed(book: Catalogue, answers: Answers) -> dict[str, str]:
    """The answers as one would type them, by the form's fields."""
    kept = {fact: answers.facts[fact] for fact in book.asked(()) if fact in answers.facts}
    typed = {field_name(fact): numbers.typed(book.fact(fact).type, value) for fact, value in kept.items()}
    return {AS_OF: answers.as_of or "", **typed}


def _asked(book: Catalogue) -> Asked:
    # Repeated fields are kept: the form marks those that were answered twice.
    form = form_class(book)(request.form)
    language.use(request.form.get("switch"), request.args.get("lang"), form.lang.data)
    intake, is_stale = take_in(book, form), not token_holds(request.form.get("csrf_token"))
    told = _told(book, form, intake)
    if _show_what_others_told(book, form, intake, told):
        intake = take_in(book, form)
    return Asked(form, intake, is_stale, Visit(book, told))


def _told(book: Catalogue, form: SelfCheckForm, intake: Intake) -> Answers:
    """All answers: those of this form, and what another tab told since the form was shown."""
    asked = [fact for fact in book.asked(()) if field_name(fact) in request.form]
    mine = cookie.base(request).with_form(intake.stated, asked, database.seconds())
    if {AS_OF, SCHEMES} & request.form.keys():
        mine = replace(mine, as_of=intake.as_of.isoformat() if form.as_of.data else None, schemes=intake.slugs)
    return cookie.merge(request, mine)


def _show_what_others_told(book: Catalogue, form: SelfCheckForm, intake: Intake, told: Answers) -> bool:
    """Fill into the form what it did not bring itself, and say whether there was anything."""
    wrong = {fault.field for fault in intake.faults}
    brought = [fact for fact in book.asked(()) if fact in told.facts and told.facts[fact] != intake.stated.get(fact)]
    missing = [fact for fact in brought if field_name(fact) not in wrong]
    for fact in missing:
        form[field_name(fact)].data = numbers.typed(book.fact(fact).type, told.facts[fact])
    return bool(missing)


def _refused(book: Catalogue, asked: Asked) -> tuple[str, int]:
    is_look = request.form.get("do") == "look"
    code = _BAD_REQUEST if asked.is_stale else _OK if is_look else _UNPROCESSABLE
    base = request.form.get(cookie.FIELD, "")
    return _page(book, asked.form, asked.intake, base, is_stale=asked.is_stale, brought=request.form.keys()), code


def _page(
    book: Catalogue,
    form: SelfCheckForm,
    intake: Intake,
    base: str,
    found: Results | None = None,
    money: Ledger | None = None,
    is_stale: bool = False,
    brought: Collection[str] = (),
) -> str:
    """The page; ``brought``: the fields that stand on it whatever is asked next."""
    lang, opened, sent = language.lang(), request.values.get(OPEN, ""), brought
    shown = sections(book, form, intake, lang, found.missing if found else (), opened, sent)
    questions = {question.name: question for section in shown for question in section.every}
    is_long = any(not section.is_here for section in shown)
    on_page = {question.name for section in shown if section.is_here for question in section.every}
    if request.form.get("do") == "look":  # the answer is put into the page that was sent
        on_page = set(request.form)
    return render_template(
        "selfcheck.html",
        form=form,
        sections=shown,
        schemes=book.rulebook.schemes.values(),
        families=book.families(intake.slugs),
        chosen=intake.slugs,
        day_typed=entries.shown(form.as_of.data or ""),
        on_page=on_page,
        has_schemes=not is_long or bool(intake.slugs) or opened == _SCHEME_LIST or TICKS in sent,
        opened=opened,
        as_of_echo=None if not form.as_of.data or intake.faults_of(AS_OF) else f"= {figures.day(intake.as_of, lang)}",
        as_of_faults=[text.get(lang) for text in intake.faults_of(AS_OF)],
        faults=_summary(intake, questions, lang),
        is_stale=is_stale,
        results=found,
        ledger=money,
        base=base,
        edition=book.rulebook.hash[:12],
    )


def _summary(intake: Intake, questions: dict[str, Question], lang: str) -> list[tuple[str, str]]:
    """Every fault with the field it links to: (field, what is wrong with which question)."""
    labels = {name: question.label for name, question in questions.items()}
    labels[AS_OF] = sentences.say("按哪一天的规定看？", lang)
    return [(f.field, f"{_led(labels.get(f.field, f.field), lang)}{f.text.get(lang)}") for f in intake.faults]


def _led(label: str, lang: str) -> str:
    """A label before what is said of it: after a question mark no colon."""
    is_question = label.endswith(("？", "?"))
    return label + (("" if is_question else "：") if lang == "zh" else (" " if is_question else ": "))
