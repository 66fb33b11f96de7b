"""The palette: whatever is typed leads to actions, firms, cases and letters that the account may open, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlmodel import Session

from matcher.accounts import Action, can, me, require
from matcher.db import reading
from matcher.firms import FirmIndex
from matcher.firms.search import find_firm_names
from matcher.text import desk_labels, sentences
from matcher.web import engine, language

from .suggestions import Suggestion, suggested_cases, suggested_letters

pages = Blueprint("desk_palette", __name__)

_LONGEST, _MOST = 100, 5

ACTIONS: tuple[tuple[str, str, Action], ...] = (
    ("desk_counter.counter", "counter", "case.write"),
    ("desk_cases.blank", "blank", "case.write"),
    ("desk_handovers.form", "handover", "handover.open"),
    ("desk_runs.index", "runs", "run.see"),
    ("desk_case_letters.register", "letters", "letter.see"),
    ("desk_cases.cases", "cases", "case.see"),
    ("desk_outreach.index", "outreach", "outreach.see"),
    ("desk_cases.outlook", "outlook", "case.see"),
    ("desk_contacts.contacts", "contacts", "case.see"),
    ("desk_contacts.texts", "texts", "case.see"),
    ("desk_dashboard.index", "dashboard", "dashboard.see"),
    ("desk_audit.index", "audit", "audit.see"),
    ("desk_accounts.every", "accounts", "account.manage"),
    ("desk_mine.show", "mine", "self.change"),
)

"""What can be done from anywhere: the page that does it, its name, and the right that it takes."""


@dataclass(frozen=True)
class Group:
    """Lines of one kind."""

    key: str
    hits: tuple[Suggestion, ...]


@pages.get("/desk/palette")
@require("desk.see")
def palette() -> str:
    """What a text leads to, as a part of the page; each kind only to whoever may see it."""
    q = request.args.get("q", "").strip()[:_LONGEST]
    return render_template("desk/_palette.html", q=q, groups=_groups(q, language.lang()))


def _groups(q: str, lang: str) -> Sequence[Group]:
    found = [Group("do", tuple(_actions(q, lang)))]
    if q:
        with reading(engine()) as opened:
            if can("firm.see"):
                found.append(Group("firms", _firms(opened, q)))
            if can("case.see"):
                found.append(Group("cases", suggested_cases(opened, me().centre, q, _MOST, lang)))
            if can("letter.see"):
                found.append(Group("letters", suggested_letters(opened, me().centre, q, _MOST)))
    return [group for group in found if group.hits]


def _actions(q: str, lang: str) -> list[Suggestion]:
    named = [
        (endpoint, sentences.say(desk_labels.PALETTE_ACTION[key], lang), action) for endpoint, key, action in ACTIONS
    ]
    return [
        Suggestion(url_for(endpoint), text)
        for endpoint, text, action in named
        if can(action) and (not q or q.casefold() in text.casefold())
    ]


def _firms(opened: Session, q: str) -> tuple[Suggestion, ...]:
    index = FirmIndex(opened)
    return tuple(Suggestion(_address(hit.id), hit.name, hit.credit_code) for hit in find_firm_names(q, index, _MOST))


def _address(firm_id: str) -> str:
    """A firm at the counter, for whoever may work there."""
    if can("case.write"):
        return url_for("desk_counter.counter", firm=firm_id)
    return url_for("desk_home.firm", firm_id=firm_id)
