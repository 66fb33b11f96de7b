"""Saves a case's form beside what others saved meanwhile: nothing is overwritten unseen, nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from matcher.desk.cases.case import decisions_on, found_in
from matcher.desk.cases.merging import Merged
from matcher.store import EntryError
from matcher.store.desk import Case
from matcher.store.desk.case_files import add_note
from matcher.store.desk.cases import change_case, save_content
from matcher.store.desk.tallies import keep_found
from matcher.tianjin import today
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.blueprint import subject
from matcher.web.desk.cases.sent import NOTE, Sent
from matcher.web.desk.cases.settings import STATES, settings_of
from matcher.web.desk.gate import me, now, record
from matcher.web.desk.people import staff


def save(session: Session, case: Case, sent: Sent) -> tuple[str, ...]:
    """Write what the form changed, with the note, in one go, each into the audit trail; gives the names of what changed.

    Raises EntryError.
    """
    account, merged = me(), sent.merged
    changed: list[str] = []
    assert account.id is not None
    assert case.id is not None
    if merged.mine:
        save_content(session, case, merged.content, account.id, now())
        changed += merged.mine
    settings = _write_settings(session, case, sent.settled.settings)
    changed += settings
    if sent.note.strip():
        add_note(session, case.id, account.id, sent.note, now())
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
    rulebook, day = catalogue().rulebook, case.as_of or today()
    facts, decisions = decisions_on(rulebook, case.facts, day, case.schemes)
    keep_found(session, case, found_in(rulebook, facts, decisions, day))


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
