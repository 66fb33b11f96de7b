"""Entering that a firm was struck off, on which evidence, and taking it back."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import get_args

from flask import abort, flash, redirect, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import me, record, require
from matcher.db import EntryError, session
from matcher.firms import Firm
from matcher.presentation import entries
from matcher.text import sentences, today
from matcher.web import engine, language, now

from .blueprint import pages
from .models import ClosureKind, FirmClosure

LONGEST_EVIDENCE = 300

_NOT_FOUND = 404


@pages.post("/desk/firms/closure")
@require("case.write")
def enter_closure() -> Response:
    """Enter that a firm (`firm`) was struck off, on which day and where that was seen; or take it back (`do=undo`)."""
    account, firm_id, lang = me(), request.form.get("firm", ""), language.lang()
    evidence = entries.printable(request.form.get("evidence", "")).strip()
    with session(engine()) as writing:
        firm = writing.get(Firm, firm_id) if firm_id else None
        if firm is None:
            return redirect(url_for("desk_home.home"), 303)
        had = writing.get(FirmClosure, firm_id)
        try:
            if not 0 < len(evidence) <= LONGEST_EVIDENCE:
                raise EntryError(
                    ("evidence",),
                    "请写明依据，例如“国家企业信用信息公示系统2026-11-20”。",
                    "Say where it was seen, for instance the national publicity system on 2026-11-20.",
                )
            if request.form.get("do") == "undo":
                if had is not None:
                    writing.delete(had)
                    record(writing, "firm.reopened", f"firm {firm_id}", account.centre, why=evidence)
                flash(sentences.say("已更正：这家企业仍然存续。", lang))
            else:
                kind = request.form.get("kind", "")
                _enter(writing, firm_id, kind, _day(request.form.get("closed_on", "")), evidence)
                record(writing, "firm.struck_off", f"firm {firm_id}", account.centre, why=evidence)
                flash(sentences.say("已登记。以后不能再给这家企业出函。", lang))
        except EntryError as error:
            flash(error.text.get(lang))
    return redirect(url_for("desk_home.firm", firm_id=firm_id), 303)


def _enter(writing: Session, firm_id: str, kind: str, day: date, evidence: str) -> None:
    account = me()
    if kind not in get_args(ClosureKind):
        abort(_NOT_FOUND)
    assert account.id is not None
    entered = FirmClosure(
        firm_id=firm_id,
        kind=kind,
        closed_on=day,
        evidence=evidence,
        centre=account.centre,
        account_id=account.id,
        made_at=now(),
    )
    writing.merge(entered)


def _day(typed: str) -> date:
    """A day that has come. Raises EntryError."""
    day: date | None = None
    with suppress(ValueError):
        day = date.fromisoformat(typed.strip())
    if day is None or day > today():
        raise EntryError(
            ("closed_on",),
            "请写注销或吊销的日期，如2026-07-01，不晚于今天。",
            "Give the day, as in 2026-07-01, not after today.",
        )
    return day
