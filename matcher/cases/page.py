"""The page of a case: what it holds, its form, what was found, and what two clerks changed differently."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from sqlmodel import Session, col, select

from matcher.accounts import CentreSetting, People, can, people, staff
from matcher.engine import district_of, with_items
from matcher.engine.ask import Survey, Told, survey
from matcher.firms import read_facts, read_key, read_told
from matcher.presentation import AS_OF, Intake, SelfCheckForm, catalogue, entries, results
from matcher.text import day_of, figures, today
from matcher.web import language, now

from .blueprint import history
from .closures import closure_of
from .files import FileShown, files_of, notes_of
from .form import Part, Shown, facts_of_case, parts, told_rows
from .form_reading import STATES, settings_of, stored_form
from .item_tables import tables, untold_kinds
from .letters import letters_of_case
from .models import Case, CaseLetter, CaseNote, CaseRevision, FirmClosure
from .money import money_of, money_words
from .presence_views import others_here
from .service import KEPT_DAYS, Content
from .stakes import stakes

_MOST_REVISIONS = 10


@dataclass(frozen=True)
class Loaded:
    """A case with all that belongs to it; a closed one with the day (`due`) from which what the firm told may be deleted."""

    case: Case
    notes: Sequence[CaseNote]
    files: Sequence[FileShown]
    letters: Sequence[CaseLetter]
    versions: Sequence[CaseRevision]
    people: People
    staff: Sequence[tuple[int, str]]
    due: date | None
    others_here: Sequence[str] = ()
    closure: FirmClosure | None = None

    @property
    def content(self) -> Content:
        """What the case says of its firm."""
        return Content(self.case.facts, self.case.sources, self.case.as_of)


@dataclass(frozen=True)
class Choice:
    """Something that two clerks changed differently: both values in words, mine as the form has it, and who wrote theirs."""

    name: str
    label: str
    sides: tuple[str, str]
    by: str
    at: datetime | None
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Drafted:
    """What was typed before and not saved: when, what it is called, the field of the first, and whether others saved since."""

    at: datetime
    labels: tuple[str, ...]
    first: str
    is_older: bool


@dataclass(frozen=True)
class Filled:
    """The form as it is to be shown: what was typed and is not saved yet, or what is stored.

    `is_kept`: what is not saved is kept as a draft. `cleared` are stored facts that were taken out; `facts` are all as the form
    has them (None: as the case has them).
    """

    form: SelfCheckForm
    intake: Intake
    sources: Mapping[str, Any]
    version: int
    settings: Mapping[str, str]
    was: Mapping[str, str]
    posted: Mapping[str, str] = field(default_factory=dict)
    here: Collection[str] = ()
    opened: str = ""
    note: str = ""
    choices: tuple[Choice, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    is_unsaved: bool = False
    is_kept: bool = False
    cleared: Collection[str] = ()
    drafted: Drafted | None = None
    facts: Mapping[str, Any] | None = None


def load(session: Session, case: Case) -> Loaded:
    """Read all that the page of a case shows."""
    assert case.id is not None
    notes, files, letters = notes_of(session, case.id), files_of(session, case.id), letters_of_case(session, case.id)
    wanted = select(CaseRevision).where(CaseRevision.case_id == case.id).order_by(col(CaseRevision.version).desc())
    versions = session.exec(wanted.limit(_MOST_REVISIONS + 1)).all()
    ids: list[int | None] = [case.assignee_id, case.opened_by, *(note.account_id for note in notes)]
    ids += [*(file.account_id for file in files), *(version.account_id for version in versions)]
    ids += [letter.asked_by for letter in letters]
    named, clerks = people(session, ids), staff(session, case.centre)
    here, closure = others_here(session, case.id, now()), closure_of(session, case.credit_code, case.firm_id)
    return Loaded(case, notes, files, letters, versions, named, clerks, _due(session, case), here, closure)


def _due(session: Session, case: Case) -> date | None:
    if case.closed_at is None or case.forgotten_at is not None:
        return None
    setting = session.get(CentreSetting, case.centre)
    return day_of(case.closed_at + timedelta(days=setting.retention_days if setting else KEPT_DAYS))


def stored(loaded: Loaded, opened: str = "", here: Collection[str] = ()) -> Filled:
    """The form as what is stored fills it in, with the groups that are to be on the page."""
    form, intake = stored_form(catalogue(), loaded.content)
    now = settings_of(loaded.case)
    return Filled(form, intake, loaded.case.sources, loaded.case.version, now, now, opened=opened, here=here)


def surveyed(intake: Intake, case: Case, schemes: str) -> Survey:
    """What the facts come to, with those that no form of today asks for."""
    book = catalogue()
    beside = {name: value for name, value in case.facts.items() if name not in facts_of_case(book)}
    others, _ = read_facts(book.rulebook, beside)
    slugs = book.chosen(schemes.split(","))
    return survey(
        book.rulebook,
        Told({**others, **intake.facts}, gates=frozenset(book.rulebook.gates)),
        intake.as_of,
        slugs or None,
    )


def render(loaded: Loaded, filled: Filled) -> str:
    """The page."""
    book, lang, case = catalogue(), language.lang(), loaded.case
    asked = surveyed(filled.intake, case, filled.settings["schemes"])
    told = read_told(book.rulebook, _kept(case, filled))
    decisions = with_items(book.rulebook, asked.decisions, told.firm, told.items, filled.intake.as_of)
    stated = [decision.to_json() for decision in decisions]
    money = money_words(money_of(book.rulebook, told, decisions, filled.intake.as_of), lang)
    district = district_of({**case.facts, **filled.intake.facts})
    is_blank, unasked = not filled.intake.facts, asked.unasked
    found = results(book, stated, filled.intake.as_of, is_blank, lang, money, district=district, unasked=unasked)
    aside = case.put_aside or ()
    by_money = [stake.fact for stake in stakes(book.rulebook, asked, aside)]
    awaited = tuple(dict.fromkeys((*by_money, *(name for name in found.missing if name not in aside))))
    is_ours = can("case.write", case.centre) and case.forgotten_at is None
    chosen = {choice.name for choice in filled.choices}
    shown = Shown(
        filled.form, filled.intake, filled.sources, filled.posted, filled.here, filled.opened, awaited, filled.cleared
    )
    known = told_rows(book, case.facts, case.sources, lang)
    waited = (*awaited, *(fact for one in decisions if one.item is not None for fact in one.missing))
    opened = (*filled.here, filled.opened)
    several = tables(
        book, _kept(case, filled), filled.sources, waited, filled.posted, filled.intake.faults, opened, lang
    )
    laid = _without(parts(book, shown, lang), chosen) if is_ours and case.state != "closed" else ()
    return render_template(
        "desk/case.html",
        loaded=loaded,
        case=case,
        filled=filled,
        parts=laid,
        on_page=_on_page(laid),
        open_at=url_for("desk_cases.case", case_id=case.id),
        only_read=not laid,
        told=known,
        several=several,
        more_kinds=untold_kinds(several, lang),
        others=tuple(row for row in known if row.fact not in facts_of_case(book) and not read_key(row.fact)),
        results=found,
        checked_on=figures.day(filled.intake.as_of, lang),
        is_ours=is_ours,
        states=STATES,
        families=book.families(filled.settings["schemes"].split(",")) if filled.opened == "schemes" else (),
        chosen=book.chosen(filled.settings["schemes"].split(",")),
        day_typed=entries.shown(filled.form.as_of.data or ""),
        day_faults=[text.get(lang) for text in filled.intake.faults_of(AS_OF)],
        today=today(),
        due=figures.day(loaded.due, lang) if loaded.due else "",
        history=history(book, loaded.versions, loaded.people, lang),
        is_day_clashing=AS_OF in chosen,
        others_here=loaded.others_here,
        closure=loaded.closure,
        put_aside=[book.fact(name).label.get(lang) for name in aside if name in book.rulebook.facts],
    )


def _kept(case: Case, filled: Filled) -> Mapping[str, Any]:
    """All facts as the form has them, those of items among them."""
    return case.facts if filled.facts is None else filled.facts


def _on_page(laid: Sequence[Part]) -> set[str]:
    """The fields on the page; a look is put into the page that was sent."""
    if request.form.get("look"):
        return set(request.form)
    return {row.question.name for part in laid for row in part.rows}


def _without(laid: Sequence[Part], names: Collection[str]) -> tuple[Part, ...]:
    """The parts without the facts that stand above to be chosen: a field must not be on the page twice."""
    return tuple(replace(part, rows=tuple(row for row in part.rows if row.question.fact not in names)) for part in laid)
