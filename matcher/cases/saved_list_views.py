"""Lists of cases that an account asks for again and again, kept under a name; each sees its own alone."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from sqlmodel import Session, col, select
from werkzeug.wrappers import Response

from matcher.accounts import me, require
from matcher.db import session
from matcher.presentation import entries
from matcher.text import sentences
from matcher.web import engine, language

from .blueprint import pages
from .models import SavedView

MOST, LONGEST_NAME = 20, 30

ASKED = ("q", "state", "assignee", "due", "centre", "sort")

"""What an address of the list may ask for; nothing else is kept."""


def views_of(session: Session, account_id: int) -> Sequence[SavedView]:
    """The account's saved lists, by name."""
    return session.exec(select(SavedView).where(SavedView.account_id == account_id).order_by(col(SavedView.name))).all()


@pages.post("/desk/cases/views")
@require("case.see")
def save_view() -> Response:
    """Keep the list that is shown (`query`) under a name; the same name again keeps the newer. `drop` takes one away."""
    account, lang = me(), language.lang()
    assert account.id is not None
    query = _query(request.form.get("query", ""))
    name = entries.printable(request.form.get("name", "")).strip()
    dropped = request.form.get("drop", "")
    with session(engine()) as writing:
        had = views_of(writing, account.id)
        if dropped:
            for each in had:
                if str(each.id) == dropped:
                    writing.delete(each)
        elif not 0 < len(name) <= LONGEST_NAME:
            flash(sentences.say("请给清单起个名字，最多{most}字。", lang, most=LONGEST_NAME))
        else:
            same = next((each for each in had if each.name == name), None)
            if same is None and len(had) >= MOST:
                flash(sentences.say("最多存{most}个清单，请先删去不用的。", lang, most=MOST))
            else:
                kept = same or SavedView(account_id=account.id, name=name, query=query)
                kept.query = query
                writing.add(kept)
    return redirect(f"{url_for('desk_cases.cases')}?{query}" if query else url_for("desk_cases.cases"), 303)


def _query(sent: str) -> str:
    told = [(name, value[:100]) for name, value in parse_qsl(sent[:2000]) if name in ASKED]
    found = urlencode(told)
    return found if len(found) <= 500 else ""
