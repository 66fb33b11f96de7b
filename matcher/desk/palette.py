"""The palette: whatever is typed leads to actions, firms, cases and letters that the account may open, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlmodel import Session

from matcher.accounts import Action, can, me, require
from matcher.cases import Wanted, list_cases
from matcher.db import reading
from matcher.firms import FirmIndex
from matcher.firms.search import find_firm_names
from matcher.letters import LettersWanted, search_letters
from matcher.text import desk_labels, sentences, today
from matcher.web import engine, language

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
class Hit:
    """A line of the palette: where it leads, and what it says."""

    address: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Lines of one kind."""

    key: str
    hits: tuple[Hit, ...]


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
                found.append(Group("firms", _firms(opened, q, lang)))
            if can("case.see"):
                found.append(Group("cases", _cases(opened, q, lang)))
            if can("letter.see"):
                found.append(Group("letters", _letters(opened, q)))
    return [group for group in found if group.hits]


def _actions(q: str, lang: str) -> list[Hit]:
    named = [
        (endpoint, sentences.say(desk_labels.PALETTE_ACTION[key], lang), action) for endpoint, key, action in ACTIONS
    ]
    return [
        Hit(url_for(endpoint), text)
        for endpoint, text, action in named
        if can(action) and (not q or q.casefold() in text.casefold())
    ]


def _firms(opened: Session, q: str, lang: str) -> tuple[Hit, ...]:
    index = FirmIndex(opened)
    return tuple(Hit(_address(hit.id), hit.name, hit.credit_code) for hit in find_firm_names(q, index, _MOST))


def _address(firm_id: str) -> str:
    """A firm at the counter, for whoever may work there."""
    if can("case.write"):
        return url_for("desk_counter.counter", firm=firm_id)
    return url_for("desk_home.firm", firm_id=firm_id)


def _cases(opened: Session, q: str, lang: str) -> tuple[Hit, ...]:
    cases, _ = list_cases(opened, Wanted(me().centre, text=q), 0, _MOST)
    return tuple(
        Hit(
            url_for("desk_cases.case", case_id=case.id),
            sentences.say("第{number}号办件", lang, number=case.id),
            case.name or "",
        )
        for case in cases
    )


def _letters(opened: Session, q: str) -> tuple[Hit, ...]:
    wanted = LettersWanted(me().centre, "".join(q.split()), "", today())
    letters, _ = search_letters(opened, wanted, 0, _MOST)
    return tuple(
        Hit(url_for("desk_case_letters.letter", code=entry.code), entry.number, entry.addressee or "")
        for entry in letters
    )
