"""The form for a letter of a case: which schemes, by what came out, which kind, and which letter it replaces."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from sqlmodel import Session

from matcher.desk.cases.case import decisions_on
from matcher.engine import Decision
from matcher.engine.decision import POSITIVE
from matcher.issuing import VALID_DAYS
from matcher.issuing.extract import STATES
from matcher.letters.proof import KeyFolderError
from matcher.store import RegisterEntry, find_issued, list_issued
from matcher.store.desk import Case, CaseLetter
from matcher.store.desk.case_letters import letters_of_case, needs_countersign
from matcher.tianjin import today
from matcher.web import language
from matcher.web.catalogue import catalogue
from matcher.web.desk.office import has_key
from matcher.web.desk.once import new_once
from matcher.web.desk.people import People, people

KINDS, LANGUAGES = ("eligibility", "missing"), ("zh", "en", "both")
_ORDER = ("eligible", "needs_decision", "applies", "needs_information", "not_eligible", "does_not_apply")


@dataclass(frozen=True)
class Offered:
    """Schemes of one status, to choose from; those that a letter usually speaks of are ticked."""

    status: str
    schemes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Desk:
    """A case with what can be said of it in a letter."""

    case: Case
    letters: tuple[CaseLetter, ...]
    people: People
    needs_second: bool
    valid: tuple[RegisterEntry, ...]


def load(active: Session, case: Case) -> Desk:
    """Read what the form needs; what a letter may replace are the firm's letters of this centre that hold."""
    assert case.id is not None
    asked = tuple(letters_of_case(active, case.id))
    numbers = {letter.number for letter in asked}
    of_firm = list_issued(active, case.centre, case.credit_code) if case.credit_code else ()
    valid = tuple(entry for entry in of_firm if entry.withdrawal is None)
    if case.credit_code is None:
        found = [find_issued(active, number) for number in numbers if number]
        valid = tuple(entry for entry in found if entry is not None and entry.withdrawal is None)
    named = people(active, [each for letter in asked for each in (letter.asked_by, letter.settled_by)])
    return Desk(case, asked, named, needs_countersign(active, case.centre), valid)


def letter_page(at_hand: Desk, wrong: str = "") -> str:
    """The page with the form, as it was sent or as it begins; `wrong` says why nothing was issued."""
    book, lang, case = catalogue(), language.lang(), at_hand.case
    _, decisions = decisions_on(book.rulebook, case.facts, case.as_of or today(), case.schemes)
    is_sent = request.method == "POST"
    ticked = set(request.form.getlist("scheme")) if is_sent else {d.scheme for d in decisions if d.status in POSITIVE}
    try:
        is_able = has_key(case.centre)
    except KeyFolderError as error:
        is_able, wrong = True, error.text.get(lang)
    return render_template(
        "desk/letter_form.html",
        case=case,
        letters=at_hand.letters,
        people=at_hand.people,
        needs_second=at_hand.needs_second,
        valid=at_hand.valid,
        states=STATES,
        today=today(),
        offered=_offered(decisions, lang),
        ticked=ticked,
        kinds=KINDS,
        languages=LANGUAGES,
        kind=request.form.get("kind", KINDS[0]),
        chosen_language=request.form.get("language", LANGUAGES[0]),
        valid_days=request.form.get("valid_days", str(VALID_DAYS)),
        supersedes=request.form.get("supersedes", request.args.get("supersedes", "")),
        once=request.form.get("once") or new_once(),
        wrong=wrong,
        has_key=is_able,
    )


def _offered(decisions: tuple[Decision, ...], lang: str) -> tuple[Offered, ...]:
    found = []
    for status in _ORDER:
        of_status = tuple(
            (d.scheme, catalogue().scheme(d.scheme).name.get(lang)) for d in decisions if d.status == status
        )
        if of_status:
            found.append(Offered(status, of_status))
    return tuple(found)
