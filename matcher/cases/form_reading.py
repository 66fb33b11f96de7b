"""Reads the form of a case: facts, sources, day and settings, beside what the case has now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from matcher.accounts import me
from matcher.answers import three_way
from matcher.engine import REGISTERED_ON
from matcher.firms import read_facts, read_key, read_value
from matcher.presentation import (
    SCHEMES,
    Catalogue,
    FieldFault,
    Intake,
    SelfCheckForm,
    catalogue,
    field_name,
    form_class,
    take_in,
)
from matcher.rulebook import Fact
from matcher.text import figures, sentences, today

from . import form as case_form
from .content import CONFIRMED, DECLARED, IMPORTED, sources_of
from .form import SOURCE, facts_of_case, is_same, typed, value_words
from .items import ReadTables, fact_of, read_tables
from .merging import AS_OF, Clash, Merged, merge
from .models import Case, CaseState
from .service import Content, revision, revisions_after

# ---------------------------------------------------------------------------------------------------------------------
# Reads the form of a case: which facts, sources, day and settings it brings, beside what the case had when it was
# shown.
# ---------------------------------------------------------------------------------------------------------------------


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
    case_form.pick(form, sent)
    tables = read_tables(catalogue, base.facts, sent)
    for fact, value in tables.first.items():  # pasted for the first of a kind: the field says so from now on
        form.of_fact(fact).data = typed(catalogue, {fact: value})[field_name(fact)]
    intake = _not_yet_founded(case_form.explained(form, take_in(catalogue, form, facts)))
    intake = replace(intake, faults=(*intake.faults, *tables.faults))
    asked = [fact for fact in facts if (field_name(fact) in sent and fact not in picked_away) or fact in tables.first]
    content = _content(catalogue, base, intake, asked, account, day, sent)
    content = _with_tables(catalogue, content, tables, sent, account, day)
    if AS_OF in sent and AS_OF not in picked_away:
        content = replace(content, as_of=intake.as_of if (form.as_of.data or "").strip() else None)
    clashed = [name for name in sent.getlist("clash") if name in facts or name == AS_OF or read_key(name)]
    undecided = [name for name in clashed if sent.get(PICK + name) not in (MINE, THEIRS)]
    return Brought(sent, form, intake, base, content, version, tuple(undecided))


def _with_tables(
    catalogue: Catalogue, content: Content, tables: ReadTables, sent: Mapping[str, str], account: str, day: date
) -> Content:
    """The content with what the tables of items tell; what says the same as before stays as it was written."""
    base = content.sources
    facts, sources = dict(content.facts), dict(base)
    for name, value in tables.told.items():
        if "." not in name or sent.get(PICK + name) == THEIRS:
            continue
        fact = fact_of(catalogue, name)
        if value is None:
            facts.pop(name, None)
            sources.pop(name, None)
        elif name not in facts or not _says_the_same(fact, facts[name], value):
            facts[name] = value
            sources |= sources_of((name,), DECLARED, day, account)
    for name in facts:
        key = read_key(name)
        if key is None or key.item not in tables.sources:
            continue
        had = (base.get(name) or {}).get("source")
        source = _source(tables.sources[key.item], had, is_kept=name not in sources or sources[name] == base.get(name))
        if source != (sources.get(name) or {}).get("source"):
            sources |= sources_of((name,), source, day, account)
    return Content(facts, sources, content.as_of)


def _says_the_same(fact: Fact | None, one: Any, other: Any) -> bool:
    return bool(one == other) if fact is None else read_value(fact, one) == read_value(fact, other)


def _not_yet_founded(intake: Intake) -> Intake:
    """The intake with a fault where the firm would be registered on a day to come: a firm that has a case is there."""
    registered = intake.facts.get(REGISTERED_ON)
    if not isinstance(registered, date) or registered <= today():
        return intake
    fault = FieldFault(field_name(REGISTERED_ON), sentences.filled("这一天还没有到，请对照营业执照"))
    facts = {name: value for name, value in intake.facts.items() if name != REGISTERED_ON}
    stated = {name: value for name, value in intake.stated.items() if name != REGISTERED_ON}
    return replace(intake, facts=facts, stated=stated, faults=(*intake.faults, fault))


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


# ---------------------------------------------------------------------------------------------------------------------
# A case's settings as its form has them: state, who works on it, the schemes asked about.
# ---------------------------------------------------------------------------------------------------------------------


STATES: tuple[CaseState, ...] = ("open", "waiting", "decided", "closed")

SETTINGS = ("state", "assignee", "due", "schemes")

TICKS = "ticks"


@dataclass(frozen=True)
class Settled:
    """The settings after both clerks' changes, and those that both changed differently."""

    settings: Mapping[str, str]
    clashes: tuple[str, ...]
    mine: Mapping[str, str]


def settings_of(case: Case) -> Mapping[str, str]:
    """A case's settings as its form has them."""
    return {
        "state": case.state,
        "assignee": "" if case.assignee_id is None else str(case.assignee_id),
        "due": case.due_on.isoformat() if case.due_on else "",
        "schemes": ",".join(case.schemes or ()),
    }


def settle(case: Case, sent: MultiDict[str, str]) -> Settled:
    """Join the settings of a form with those the case has now."""
    has, mine = settings_of(case), sent_settings(case, sent)
    was = {name: sent.get(f"was_{name}", has[name]) for name in SETTINGS}
    picked = {name: sent.get(PICK + name) for name in SETTINGS}
    joined = three_way(was, has, mine)
    changed = [name for name in SETTINGS if name in (*joined.mine, *joined.clashes)]
    to_choose = {*joined.clashes, *sent.getlist("clash")}
    clashes = tuple(name for name in changed if name in to_choose and picked[name] not in (MINE, THEIRS))
    taken = {name: mine[name] for name in changed if name not in clashes and picked[name] != THEIRS}
    return Settled({**has, **taken}, clashes, mine)


def sent_settings(case: Case, sent: MultiDict[str, str]) -> Mapping[str, str]:
    """The settings as a form has them; what it does not show, or what nobody can choose, as it was shown."""
    has = settings_of(case)
    found = {name: sent.get(name, sent.get(f"was_{name}", has[name])) for name in SETTINGS}
    chosen = sent.getlist(SCHEMES) if TICKS in sent else found["schemes"].split(",")
    found["schemes"] = ",".join(catalogue().chosen(chosen))
    if found["state"] not in STATES:
        found["state"] = has["state"]
    return found


# ---------------------------------------------------------------------------------------------------------------------
# A case's form as it was sent, or as it is kept, beside what the case has now.
# ---------------------------------------------------------------------------------------------------------------------


NOTE = "note"


@dataclass(frozen=True)
class Sent:
    """What a form brings, and what comes of it when it is joined with what others saved meanwhile."""

    brought: Brought
    merged: Merged
    settled: Settled

    @property
    def fields(self) -> MultiDict[str, str]:
        """The form's fields as they were sent."""
        return self.brought.sent

    @property
    def note(self) -> str:
        """The remark that was typed."""
        return self.fields.get(NOTE, "")

    @property
    def clashes(self) -> tuple[str, ...]:
        """What two clerks changed differently, by name."""
        return (*(clash.name for clash in self.merged.clashes), *self.settled.clashes)

    @property
    def has_facts(self) -> bool:
        """Whether it has the facts; the form of a closed case has the settings and the note alone."""
        return any(name.startswith(field_name("")) for name in self.fields)

    @property
    def cleared(self) -> frozenset[str]:
        """The facts that were taken out."""
        return frozenset(self.brought.base.facts.keys() - self.brought.content.facts.keys())


def read(session: Session, case: Case, fields: MultiDict[str, str]) -> Sent:
    """Read a form of the case."""
    brought = read_form(catalogue(), session, case, fields, me().name, today())
    return Sent(brought, merged_into(session, case, brought), settle(case, fields))


def unsaved(case: Case, sent: Sent) -> tuple[str, ...]:
    """What the form has otherwise than the case: facts, the day, settings, the note; also what cannot be read yet."""
    wrong = (fault.field.removeprefix(field_name("")) for fault in sent.brought.intake.faults)
    # A scheme that has left the catalogue is in no form.
    has, now = sent_settings(case, MultiDict()), settings_of(case)
    settings = (name for name in SETTINGS if sent.settled.settings[name] not in (has[name], now[name]))
    note = (NOTE,) if sent.note.strip() else ()
    return tuple(dict.fromkeys((*sent.merged.mine, *sent.clashes, *wrong, *settings, *note)))
