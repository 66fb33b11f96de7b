"""The audit trail for those who look after it: who did what, whether the chain is whole, and all of it to take along."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from matcher.accounts import CITY, me, names_by_login, record, require
from matcher.audit import (
    COLUMNS,
    VERIFIED,
    AuditEntry,
    Break,
    Wanted,
    all_entries,
    as_cells,
    as_json,
    count_entries,
    entries,
    known_actions,
    last_verified,
    verify,
)
from matcher.cases import label_of
from matcher.db import reading, session
from matcher.firms.workbook import CellValue, csv_lines
from matcher.letters import centres
from matcher.presentation import catalogue
from matcher.text import desk_labels, midnight, sentences
from matcher.web import download, engine, language, now

# ---------------------------------------------------------------------------------------------------------------------
# Puts an entry of the audit trail into words: what it is about, and what it says of what changed.
# ---------------------------------------------------------------------------------------------------------------------


_KINDS = tuple(desk_labels.AUDIT_SUBJECT)

_VALUES = {
    "role": desk_labels.ROLE,
    "origin": desk_labels.CASE_ORIGIN,
    "state": desk_labels.CASE_STATE,
    "signed": desk_labels.AUDIT_SIGNED,
}

_NUMBER = re.compile("<[^>]*>")  # of a case, a list ... in the address of a page; which one, the entry's detail says


def subject_words(subject: str, lang: str) -> str:
    """What an entry is about: 第12号办件 for `case 12`; as it is stored where there are no words."""
    kind, _, name = subject.partition(" ")
    if kind not in _KINDS or not name:
        return subject
    return sentences.say(desk_labels.AUDIT_SUBJECT[kind], lang, name=_name(kind, name, lang))


def subject_meant(typed: str, lang: str) -> str:
    """The subject as it is stored, for one that was typed as the page shows it; other text as it was typed."""
    for kind in _KINDS:
        before, after = (
            re.escape(part.strip())
            for part in sentences.say(desk_labels.AUDIT_SUBJECT[kind], lang, name="\n").split("\n")
        )
        found = re.fullmatch(rf"{before}\s*(\S.*?)\s*{after}", typed.strip())
        if found:
            return f"{kind} {_endpoint_at(found[1]) if kind == 'page' else found[1]}"
    return typed


def detail_words(detail: Mapping[str, object], lang: str) -> str:
    """What an entry's detail says, on one line: facts by their labels, choices in words."""
    colon, stop = ("：", "；") if lang == "zh" else (": ", "; ")
    return stop.join(f"{_key(name, lang)}{colon}{_value(name, told, lang)}" for name, told in sorted(detail.items()))


def _name(kind: str, name: str, lang: str) -> str:
    if kind == "centre" and name in centres():
        return centres()[name].name.get(lang)
    if kind == "page":
        return _address(name)
    schemes = catalogue().rulebook.schemes
    return schemes[name].name.get(lang) if kind == "scheme" and name in schemes else name


def _address(endpoint: str) -> str:
    """Where a page stands: `/desk/cases/…`; a page that is no more, as it is stored."""
    if endpoint not in current_app.view_functions:
        return endpoint
    return _NUMBER.sub("…", next(current_app.url_map.iter_rules(endpoint)).rule)


def _endpoint_at(address: str) -> str:
    """The page as it is stored, for one that was typed by its address."""
    return next((one for one in current_app.view_functions if _address(one) == address), address)


def _key(name: str, lang: str) -> str:
    return sentences.say_or(desk_labels.AUDIT_DETAIL, name, lang)


def _value(name: str, told: object, lang: str) -> str:
    if isinstance(told, Sequence) and not isinstance(told, str):
        return sentences.listed([_value(name, each, lang) for each in told], lang)
    if not isinstance(told, str):
        return json.dumps(told, ensure_ascii=False)
    if name in ("facts", "settings"):
        return label_of(catalogue(), told, lang)
    if name in ("scheme", "schemes"):
        return _name("scheme", told, lang)
    return sentences.say_or(_VALUES.get(name, {}), told, lang)


# ---------------------------------------------------------------------------------------------------------------------
# The audit trail for those who look after it: who did what, whether the chain is whole, and all of it to take along.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("desk_audit", __name__)

_ON_A_PAGE = 100

_LONGEST = 100


@dataclass(frozen=True)
class Row:
    """An entry in words: who (None for what is no account), its action, what it is about, and what changed."""

    entry: AuditEntry
    who: str | None
    action: str
    subject: str
    detail: str


@pages.get("/desk/audit")
@require("audit.see")
def index() -> str:
    """The trail of the own centre, for the city of all, the newest first."""
    return _page()


@pages.post("/desk/audit/verify")
@require("audit.see")
def walk() -> Answer | str:
    """Walk the whole trail now; that it was found whole is an entry itself."""
    with reading(engine()) as opened:
        found = verify(opened)
    if found.broken is not None:
        return _page(found.broken)
    with session(engine()) as writing:
        end = found.head
        record(writing, VERIFIED, f"audit {end.number}", number=end.number, digest=end.digest)
    flash(
        sentences.say(
            "核验完毕：{number}条记录全部完整，没有缺漏、没有改动。", language.lang(), number=found.head.number
        )
    )
    return redirect(url_for("desk_audit.index"), 303)


@pages.get("/desk/audit/export")
@require("audit.see")
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
        shown = found[:_ON_A_PAGE]
        named = names_by_login(opened, [entry.actor for entry in shown])
    lang = language.lang()
    return render_template(
        "desk/audit.html",
        rows=[_in_words(entry, named, lang) for entry in shown],
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
    return sentences.say_or(desk_labels.AUDIT_ACTION, action, lang)


def _in_words(entry: AuditEntry, named: Mapping[str, str], lang: str) -> Row:
    about, changed = subject_words(entry.subject, lang), detail_words(entry.detail, lang)
    return Row(entry, named.get(entry.actor), did(entry.action, lang), about, changed)


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
    def rows() -> Iterator[tuple[CellValue, ...]]:
        yield COLUMNS
        with reading(engine()) as opened:
            yield from map(as_cells, all_entries(opened, wanted))

    return csv_lines(rows())


def _json_lines(wanted: Wanted) -> Iterator[str]:
    with reading(engine()) as opened:
        for entry in all_entries(opened, wanted):
            yield f"{as_json(entry)}\n"
