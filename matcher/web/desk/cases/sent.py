"""A case's form as it was sent, or as it is kept, beside what the case has now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from matcher.desk.cases.merging import Merged
from matcher.store.desk import Case
from matcher.tianjin import today
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.posted import Brought, merged_into, read_form
from matcher.web.desk.cases.settings import SETTINGS, Settled, sent_settings, settings_of, settle
from matcher.web.desk.gate import me
from matcher.web.forms import field_name

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
