"""The audit trail for those who look after it: who did what, whether the chain is whole, and all of it to take along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from matcher.desk.cells import Cell, csv_lines
from matcher.desk.rights import CITY
from matcher.desk.trail import COLUMNS, as_cells, as_json
from matcher.issuing import centres
from matcher.store import reading, session
from matcher.store.desk import AuditEntry
from matcher.store.desk.audit_check import Break, verify
from matcher.store.desk.audit_list import (
    VERIFIED,
    Wanted,
    all_entries,
    count_entries,
    entries,
    known_actions,
    last_verified,
)
from matcher.tianjin import midnight
from matcher.web import language, words
from matcher.web.desk.gate import allow, guard, me, now, record
from matcher.web.desk.trail_words import detail_words, subject_meant, subject_words
from matcher.web.downloads import download
from matcher.web.keep.database import engine

pages = Blueprint("desk_audit", __name__)
guard(pages)

_ON_A_PAGE = 100
_LONGEST = 100


@dataclass(frozen=True)
class Row:
    """An entry in words: its action, what it is about, and what changed."""

    entry: AuditEntry
    action: str
    subject: str
    detail: str


@pages.get("/desk/audit")
@allow("audit.see")
def index() -> str:
    """The trail of the own centre, for the city of all, the newest first."""
    return _page()


@pages.post("/desk/audit/verify")
@allow("audit.see")
def walk() -> Answer | str:
    """Walk the whole trail now; that it was found whole is an entry itself."""
    with reading(engine()) as opened:
        found = verify(opened)
    if found.broken is not None:
        return _page(found.broken)
    with session(engine()) as writing:
        end = found.head
        record(writing, VERIFIED, f"audit {end.number}", number=end.number, digest=end.digest)
    flash(words.say("trail.whole", language.lang(), number=found.head.number))
    return redirect(f"{request.script_root}/desk/audit", 303)


@pages.get("/desk/audit/export")
@allow("audit.see")
def export() -> Response:
    """Every entry that the filters leave, the oldest first, as CSV for spreadsheets or one JSON object a line."""
    asked, as_json = _Asked.read(), request.args.get("as") == "jsonl"
    with session(engine()) as writing:
        record(writing, "audit.exported", "audit", me().centre, filters=sorted(asked.told()))
    lines = _json_lines(asked.wanted()) if as_json else _csv_lines(asked.wanted())
    kind, media_type = ("jsonl", "application/jsonl") if as_json else ("csv", "text/csv")
    return download(lines, media_type, f"audit-{now():%Y%m%d}.{kind}")


@dataclass(frozen=True)
class _Asked:
    """The filters as they were typed; a day that cannot be read is no filter and is said."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    centre: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls) -> _Asked:
        """From the address."""
        names = cls.__dataclass_fields__
        return cls(**{name: request.args.get(name, "").strip()[:_LONGEST] for name in names})

    def told(self) -> dict[str, str]:
        """The filters that are set."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name)}

    def bad_days(self) -> list[str]:
        """The names of days that cannot be read."""
        return [name for name in ("since", "until") if getattr(self, name) and _day(getattr(self, name)) is None]

    def wanted(self) -> Wanted:
        """What to look for: never beyond the own centre, but for the city's."""
        own = me().centre
        centre = (self.centre if self.centre in centres() else None) if own == CITY else own
        last = _day(self.until)
        return Wanted(
            actor=self.actor or None,
            action=self.action or None,
            subject=subject_meant(self.subject, language.lang()) or None,
            centre=centre,
            since=_start(_day(self.since)),
            until=_start(last + timedelta(days=1)) if last and last < date.max else None,
        )


def _page(broken: Break | None = None) -> str:
    asked, before = _Asked.read(), request.args.get("before", "")
    below = int(before) if before.isdecimal() and len(before) < 18 else None
    wanted = asked.wanted()
    with reading(engine()) as opened:
        found = entries(opened, wanted, below, _ON_A_PAGE + 1)
        total = count_entries(opened, wanted)
        actions = known_actions(opened, wanted.centre)
        verified = last_verified(opened)
    lang = language.lang()
    shown = found[:_ON_A_PAGE]
    return render_template(
        "desk/audit.html",
        rows=[_in_words(entry, lang) for entry in shown],
        older=shown[-1].number if len(found) > _ON_A_PAGE else None,
        is_first=below is None,
        asked=asked,
        total=total,
        actions=[(one, did(one, lang)) for one in actions],
        verified=verified,
        broken=broken,
        centres=tuple(centres().values()) if me().centre == CITY else (),
    )


def did(action: str, lang: str) -> str:
    """What was done, in words; the action itself where there are none."""
    return words.say_or(f"trail.did.{action}", action, lang)


def _in_words(entry: AuditEntry, lang: str) -> Row:
    about, changed = subject_words(entry.subject, lang), detail_words(entry.detail, lang)
    return Row(entry, did(entry.action, lang), about, changed)


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _start(day: date | None) -> datetime | None:
    """The moment at which a day begins in Tianjin; None for one before or after all that can be stored."""
    if day is None or not date.min < day < date.max:
        return None
    return midnight(day)


def _csv_lines(wanted: Wanted) -> Iterator[str]:
    def rows() -> Iterator[tuple[Cell, ...]]:
        yield COLUMNS
        with reading(engine()) as opened:
            yield from map(as_cells, all_entries(opened, wanted))

    return csv_lines(rows())


def _json_lines(wanted: Wanted) -> Iterator[str]:
    with reading(engine()) as opened:
        for entry in all_entries(opened, wanted):
            yield f"{as_json(entry)}\n"
