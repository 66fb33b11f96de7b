"""Saves a case's form beside what others saved meanwhile: nothing is overwritten unseen, nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from sqlmodel import Session

from matcher.desk.cases.case import decisions_on, found_in
from matcher.desk.cases.merging import AS_OF, Clash, Merged
from matcher.store import EntryError
from matcher.store.desk import Case
from matcher.store.desk.case_files import add_note
from matcher.store.desk.cases import Content, change_case, save_content
from matcher.web import entries, language, words
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.blueprint import subject
from matcher.web.desk.cases.form import SOURCE, typed
from matcher.web.desk.cases.history import label_of
from matcher.web.desk.cases.page import STATES, Choice, Filled, Loaded
from matcher.web.desk.cases.posted import MINE, PICK, THEIRS, Brought, in_words, settings_of, stored_form
from matcher.web.desk.gate import me, now, record
from matcher.web.desk.people import staff
from matcher.web.forms import SCHEMES, field_name
from matcher.web.intake import today

SETTINGS = ("state", "assignee", "schemes")
NOTE, TICKS = "note", "ticks"


@dataclass(frozen=True)
class Settled:
    """The settings after both clerks' changes, and those that both changed differently."""

    settings: Mapping[str, str]
    clashes: tuple[str, ...]
    mine: Mapping[str, str]


def settle(case: Case) -> Settled:
    """Join the settings of the posted form with those the case has now."""
    has, mine = settings_of(case), dict(posted_settings(case))
    found, clashes = dict(has), []
    for name in SETTINGS:
        was, picked = request.form.get(f"was_{name}", has[name]), request.form.get(PICK + name)
        if mine[name] in (was, has[name]) or picked == THEIRS:
            continue
        if picked == MINE or (has[name] == was and name not in request.form.getlist("clash")):
            found[name] = mine[name]
        else:
            clashes.append(name)
    return Settled(found, tuple(clashes), mine)


def posted_settings(case: Case) -> Mapping[str, str]:
    """The settings as the form has them; what it does not show, or what nobody can choose, as it was shown."""
    has = settings_of(case)
    found = {name: request.form.get(name, request.form.get(f"was_{name}", has[name])) for name in SETTINGS}
    if TICKS in request.form:
        found["schemes"] = ",".join(catalogue().chosen(request.form.getlist(SCHEMES)))
    else:
        found["schemes"] = ",".join(catalogue().chosen(found["schemes"].split(",")))
    if found["state"] not in STATES:
        found["state"] = has["state"]
    return found


def save(session: Session, case: Case, merged: Merged, settled: Settled) -> tuple[str, ...]:
    """Write what the form changed, with the note, in one go, each into the audit trail; gives the names of what changed.

    Raises EntryError.
    """
    account = me()
    changed: list[str] = []
    assert account.id is not None
    assert case.id is not None
    if merged.mine:
        save_content(session, case, merged.content, account.id, now())
        changed += merged.mine
    settings = _write_settings(session, case, settled.settings)
    changed += settings
    note = request.form.get(NOTE, "")
    if note.strip():
        add_note(session, case.id, account.id, note, now())
        changed.append(NOTE)
    if merged.mine or "schemes" in settings:
        refresh_found(session, case)
    session.flush()
    _record(session, case, merged, settings, is_noted=NOTE in changed)
    return tuple(changed)


def _record(session: Session, case: Case, merged: Merged, settings: tuple[str, ...], *, is_noted: bool) -> None:
    """Each into the audit trail, once all is written: whoever holds the trail's end must wait for nothing more."""
    if merged.mine:
        record(session, "case.changed", subject(case), case.centre, facts=list(merged.mine))
    if settings:
        named = {"assignee": case.assignee_id, "state": case.state}
        told = {name: named[name] for name in settings if name in named}
        record(session, "case.settled", subject(case), case.centre, settings=list(settings), **told)
    if is_noted:
        record(session, "case.noted", subject(case), case.centre)


def refresh_found(session: Session, case: Case) -> None:
    """Keep with the case what its facts come to now."""
    rulebook = catalogue().rulebook
    _, decisions = decisions_on(rulebook, case.facts, case.as_of or today(), case.schemes)
    case.found = found_in(rulebook, decisions)
    session.add(case)


def clashing(loaded: Loaded, brought: Brought, merged: Merged, settled: Settled) -> Filled:
    """The form with both sides of what clashes to choose from, and all else that was typed as it was typed."""
    book = catalogue()
    form, intake = stored_form(book, _with_mine(merged, brought))
    choices = tuple(_choice(loaded, clash, brought) for clash in merged.clashes)
    choices += tuple(_setting_choice(loaded, name, settled) for name in settled.clashes)
    has = settings_of(loaded.case)
    return Filled(
        form,
        intake,
        merged.content.sources,
        loaded.case.version,
        {**settled.settings, **{name: settled.mine[name] for name in settled.clashes}},
        has,
        here=request.form.getlist("here"),
        note=request.form.get(NOTE, ""),
        choices=choices,
        is_unsaved=True,
    )


def _with_mine(merged: Merged, brought: Brought) -> Content:
    """The merged content with my side of what clashes, so that the results are of what I have before me."""
    facts = dict(merged.content.facts)
    for clash in merged.clashes:
        if clash.name == AS_OF:
            continue
        facts.pop(clash.name, None)
        if clash.mine is not None:
            facts[clash.name] = clash.mine
    return replace(merged.content, facts=facts)


def _choice(loaded: Loaded, clash: Clash, brought: Brought) -> Choice:
    book, lang, name = catalogue(), language.lang(), clash.name
    nothing = words.say("case.clash.nothing", lang)
    mine: Any = brought.content.as_of if name == AS_OF else clash.mine
    fields: tuple[tuple[str, str], ...]
    if name == AS_OF:
        fields = ((AS_OF, mine.isoformat() if mine else ""),)
    else:
        shown = typed(book, {name: mine}).get(field_name(name), "") if mine is not None else ""
        source = (brought.content.sources.get(name) or {}).get("source", "")
        fields = ((field_name(name), entries.printable(shown)), (SOURCE + name, source))
    both = (in_words(book, name, value, lang, nothing) for value in (mine, clash.theirs))
    by = loaded.people.of(clash.by.account_id) if clash.by else ""
    at = clash.by.made_at if clash.by else None
    return Choice(name, label_of(book, name, lang), (next(both), next(both)), by, at, fields)


def _setting_choice(loaded: Loaded, name: str, settled: Settled) -> Choice:
    lang, has = language.lang(), settings_of(loaded.case)
    mine, theirs = (_setting_words(loaded, name, told, lang) for told in (settled.mine[name], has[name]))
    # The setting's own field stands in the form with my value already.
    return Choice(name, label_of(catalogue(), name, lang), (mine, theirs), "", loaded.case.changed_at, ())


def _setting_words(loaded: Loaded, name: str, told: str, lang: str) -> str:
    if name == "state":
        return words.say(f"case.state.{told}", lang)
    if name == "schemes":
        slugs = catalogue().chosen(told.split(","))
        names = [catalogue().scheme(slug).name.get(lang) for slug in slugs]
        return words.listed(names, lang) or words.say("case.schemes.all", lang)
    by_id = {str(number): called for number, called in loaded.staff}
    return by_id.get(told, told) if told else words.say("case.assignee.nobody", lang)


def _write_settings(session: Session, case: Case, settings: Mapping[str, str]) -> tuple[str, ...]:
    told = settings["assignee"]
    known = {str(number) for number, _ in staff(session, case.centre)}
    if told and told not in known and told != settings_of(case)["assignee"]:
        raise EntryError(
            ("assignee",), "本中心没有这位经办人，请另选。", "Nobody here has this account; choose another."
        )
    state = next(each for each in STATES if each == settings["state"])
    schemes = [slug for slug in settings["schemes"].split(",") if slug]
    assignee = int(told) if told else None
    return change_case(session, case, now(), state=state, assignee_id=assignee, schemes=schemes)
