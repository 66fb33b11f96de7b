"""Reads the form of a case: which facts, sources, day and settings it brings, beside what the case had when it was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from matcher.desk.cases.case import sources_of
from matcher.desk.cases.merging import AS_OF, Clash, Merged, merge
from matcher.desk.cases.sources import CONFIRMED, DECLARED, IMPORTED
from matcher.firms import read_facts
from matcher.store.desk import Case
from matcher.store.desk.cases import Content, revision, revisions_after
from matcher.web import figures
from matcher.web.catalogue import Catalogue
from matcher.web.desk.cases import industry
from matcher.web.desk.cases.form import SOURCE, facts_of_case, is_same, typed, value_words
from matcher.web.forms import SelfCheckForm, field_name, form_class
from matcher.web.intake import Intake, take_in

PICK = "pick_"
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Brought:
    """A form of a case as it was read. `base` is what it was filled in from, `content` what it says now."""

    sent: MultiDict[str, str]
    form: SelfCheckForm
    intake: Intake
    base: Content
    content: Content
    version: int
    undecided: tuple[str, ...]


def read_form(
    catalogue: Catalogue, session: Session, case: Case, sent: MultiDict[str, str], account: str, day: date
) -> Brought:
    """The form that was sent beside the version of the case that it was filled in from.

    What the form does not show stays as that version had it. `undecided` are the facts that two clerks changed and of
    which it still does not say whose is to hold.
    """
    version = _version(case, sent)
    base = _base(session, case, version)
    facts = facts_of_case(catalogue)
    picked_away = [fact for fact in (*facts, AS_OF) if sent.get(PICK + fact) == THEIRS]
    form = form_class(catalogue, facts)(sent, data=_fields(catalogue, base))
    for fact in picked_away:
        field = form.as_of if fact == AS_OF else form.of_fact(fact)
        field.data = _fields(catalogue, base).get(AS_OF if fact == AS_OF else field_name(fact), "")
    industry.pick(form, sent)
    intake = industry.explained(form, take_in(catalogue, form, facts))
    asked = [fact for fact in facts if field_name(fact) in sent and fact not in picked_away]
    content = _content(catalogue, base, intake, asked, account, day, sent)
    if AS_OF in sent and AS_OF not in picked_away:
        content = replace(content, as_of=intake.as_of if (form.as_of.data or "").strip() else None)
    clashed = [name for name in sent.getlist("clash") if name in facts or name == AS_OF]
    undecided = [name for name in clashed if sent.get(PICK + name) not in (MINE, THEIRS)]
    return Brought(sent, form, intake, base, content, version, tuple(undecided))


def stored_form(catalogue: Catalogue, content: Content) -> tuple[SelfCheckForm, Intake]:
    """The form filled in with what is stored."""
    facts = facts_of_case(catalogue)
    form = form_class(catalogue, facts)(data=_fields(catalogue, content))
    return form, take_in(catalogue, form, facts)


def merged_into(session: Session, case: Case, brought: Brought) -> Merged:
    """The case's content with the form's changes; where the form is of an older version, what others changed holds too.

    Facts of which the form says nothing yet clash again.
    """
    now = Content(case.facts, case.sources, case.as_of)
    assert case.id is not None
    found = merge(brought.base, brought.content, now, revisions_after(session, case.id, brought.version))
    again = tuple(
        Clash(name, _of(brought.content, name), _of(now, name), None)
        for name in brought.undecided
        if name not in {clash.name for clash in found.clashes}
    )
    return replace(found, clashes=(*found.clashes, *again))


def _version(case: Case, sent: Mapping[str, str]) -> int:
    told = sent.get("version", "")
    is_number = told.isascii() and told.isdecimal() and len(told) < 10
    return min(int(told), case.version) if is_number else case.version


def _base(session: Session, case: Case, version: int) -> Content:
    assert case.id is not None
    kept = revision(session, case.id, version)
    return Content(kept.facts, kept.sources, kept.as_of) if kept else Content({}, {})


def _fields(catalogue: Catalogue, content: Content) -> dict[str, str]:
    return {AS_OF: content.as_of.isoformat() if content.as_of else "", **typed(catalogue, content.facts)}


def _content(
    catalogue: Catalogue,
    base: Content,
    intake: Intake,
    asked: list[str],
    account: str,
    day: date,
    sent: Mapping[str, str],
) -> Content:
    """The base with what the form tells; a fact that is the same by the same source keeps its day and its clerk."""
    was, _ = read_facts(catalogue.rulebook, {name: base.facts[name] for name in asked if name in base.facts})
    facts, sources = dict(base.facts), dict(base.sources)
    for name in asked:
        had = (base.sources.get(name) or {}).get("source")
        if name not in intake.stated:
            facts.pop(name, None)
            sources.pop(name, None)
            continue
        is_kept = is_same(intake.facts.get(name), was.get(name))
        if not is_kept:
            facts[name] = intake.stated[name]
        source = _source(sent.get(SOURCE + name), had, is_kept)
        if not is_kept or source != had:
            sources |= sources_of((name,), source, day, account)
    return Content(facts, sources, base.as_of)


def _source(told: str | None, had: str | None, is_kept: bool) -> str:
    """What the form says of a fact's source; a value that the clerk changed is no list's any more."""
    if told == CONFIRMED or (told is None and is_kept and had == CONFIRMED):
        return CONFIRMED
    return IMPORTED if is_kept and had == IMPORTED and told != DECLARED else DECLARED


def _of(content: Content, name: str) -> Any:
    return content.as_of if name == AS_OF else content.facts.get(name)


def in_words(catalogue: Catalogue, name: str, value: Any, lang: str, nothing: str) -> str:
    """A value of either side in words; `nothing` where it was taken out."""
    if value is None:
        return nothing
    if name == AS_OF:
        return figures.day(value, lang)
    return value_words(catalogue, name, value, lang)
