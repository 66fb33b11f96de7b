"""Who else has a case open before them: noted when its page is opened and while it stays open, gone after a minute and a half."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import render_template
from sqlmodel import Session, col, delete, select

from matcher.accounts import Account, me, require
from matcher.db import session
from matcher.web import engine, now

from .blueprint import pages, reached
from .models import CasePresence

GONE_AFTER = timedelta(seconds=90)


@pages.get("/desk/cases/<int:case_id>/presence")
@require("case.see", by_itself=True)
def presence(case_id: int) -> str:
    """Who else is here, as a part of the page; the account that asks is here itself."""
    with session(engine()) as writing:
        reached(writing, case_id)
        note_presence(writing, case_id, now())
        others = others_here(writing, case_id, now())
    return render_template("desk/_presence.html", others_here=others)


def note_presence(writing: Session, case_id: int, at: datetime) -> None:
    """Note that the account has the case open now; who has been gone for long is taken off."""
    account = me()
    assert account.id is not None
    writing.execute(delete(CasePresence).where(col(CasePresence.at) < at - GONE_AFTER * 10))
    found = writing.get(CasePresence, (case_id, account.id))
    if found is None:
        writing.add(CasePresence(case_id=case_id, account_id=account.id, at=at))
    else:
        found.at = at
        writing.add(found)
    writing.flush()


def others_here(session: Session, case_id: int, at: datetime) -> Sequence[str]:
    """The names of the other accounts that have the case open, in their order."""
    wanted = (
        select(Account.display_name)
        .join(CasePresence, col(CasePresence.account_id) == col(Account.id))
        .where(CasePresence.case_id == case_id, CasePresence.at >= at - GONE_AFTER, Account.id != me().id)
    )
    return session.exec(wanted.order_by(Account.display_name)).all()
