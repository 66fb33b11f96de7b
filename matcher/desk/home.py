"""The desk's first page, the search for a firm as it is typed, and what is known of a firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import Session, col, select
from werkzeug.wrappers import Response

from matcher.accounts import can, me, new_once, people, record, record_look, require
from matcher.cases import (
    Case,
    FirmNote,
    NoteKind,
    Outlook,
    Wanted,
    cases_of_firm,
    closures_of,
    known_of,
    label_of,
    list_cases,
    order_of,
    outlook_of,
    shifted_cases,
    told_rows,
)
from matcher.contacts import firm_contacts
from matcher.db import reading, session
from matcher.firms import Firm, FirmIndex, FirmName, FirmStatement, normalise, visible_to
from matcher.firms.search import Hit, find_firm_names
from matcher.letters import STATES, list_issued
from matcher.presentation import Catalogue, asked_day, catalogue, entries
from matcher.rulebook import Text
from matcher.text import desk_labels, figures, sentences, today, values
from matcher.web import engine, language, now

from .inbox import inbox
from .suggestions import Suggestion, suggested_cases, suggested_letters
from .thread import thread

pages = Blueprint("desk_home", __name__)

_MOST_HITS, _MOST_CASES, _MOST_OTHERS, _LONGEST = 8, 15, 4, 100

_MOST_LOSERS, _MOST_SCHEMES = 3, 6

_LONGEST_NOTE = 2000

_SHORTEST_PIECE = 5  # characters of a credit code that are looked for in its middle

_NOT_FOUND = 404


@dataclass(frozen=True)
class Found:
    """A firm as the search shows it: with where it sits, and why it was found."""

    id: str
    name: str
    credit_code: str
    district: str
    why: str
    closed: str = ""


@dataclass(frozen=True)
class Statement:
    """One time that something was told of a firm: the day, by whom, and what it was about."""

    on: str
    day: str
    source: str
    labels: tuple[str, ...]


@pages.get("/desk")
@require("desk.see")
def home() -> str:
    """The search box first, then what waits for me, my cases and nobody's with the oldest first, and the centre's others."""
    if not can("firm.see"):
        return render_template("desk/home.html", lists=(), people=None, q="", hits=None, morning=())
    account = me()
    with reading(engine()) as active:
        wanted = [
            ("mine", "me", Wanted(account.centre, assignee=account.id, order=order_of("changed"))),
            ("nobody", "none", Wanted(account.centre, assignee=0, order=order_of("changed"))),
            ("centre", "", Wanted(account.centre)),
        ]
        lists = [(key, link, *list_cases(active, each, 0, _MOST_CASES)) for key, link, each in wanted]
        morning = inbox(active, account, today(), language.lang())
        ahead = outlook_of(active, catalogue().rulebook, account.centre, today())
        losers = shifted_cases(active, account.centre, ahead.next_on, "lost", None, 0, _MOST_LOSERS) if ahead else ()
        ids = [case.assignee_id for _, _, found, _ in lists for case in found]
        named = people(active, [*ids, *(item.account_id for section in morning for item in section.items)])
    return render_template(
        "desk/home.html",
        lists=lists,
        people=named,
        q="",
        hits=None,
        morning=morning,
        ahead=_ahead(ahead, losers),
        day=figures.day(today(), language.lang()),
    )


@dataclass(frozen=True)
class Ahead:
    """The next rule day as the first page has it: the day in words, how many days are left, both sides with their sums, the schemes
    that do it, and the firms that lose most. Sums are plain figures in yuan, empty where none is known."""

    day: str
    left: int
    firms: int
    lost: int
    lost_sum: str
    gained: int
    gained_sum: str
    schemes: tuple[tuple[str, str, str, int, str], ...]
    losers: tuple[tuple[str, str, str], ...]


def _ahead(outlook: Outlook | None, losers: Sequence[tuple[Case, int, str]]) -> Ahead | None:
    if outlook is None:
        return None
    book, lang = catalogue(), language.lang()
    return Ahead(
        figures.day(outlook.next_on, lang),
        (outlook.next_on - today()).days,
        outlook.firms,
        outlook.lost.firms,
        _sum(outlook.lost.fen),
        outlook.gained.firms,
        _sum(outlook.gained.fen),
        tuple(
            (one.scheme, book.scheme(one.scheme).name.get(lang), one.side, one.firms, _sum(one.fen))
            for one in outlook.schemes[:_MOST_SCHEMES]
            if one.scheme in book.rulebook.schemes
        ),
        tuple(
            (url_for("desk_cases.case", case_id=case.id), case.name or "", _sum(fen)) for case, fen, _ in losers if fen
        ),
    )


def _sum(fen: int) -> str:
    return figures.bare_sum(fen) if fen else ""


@pages.get("/desk/firms")
@require("firm.see")
def firms() -> str:
    """The firms that are most likely meant; `?part=hits` gives the list alone, for the page that asks while one types."""
    q = request.args.get("q", "").strip()[:_LONGEST]
    template = "desk/_hits.html" if request.args.get("part") == "hits" else "desk/firms.html"
    with reading(engine()) as active:
        hits, others = (_hits(active, q), _others(active, q)) if q else (None, ())
    to = request.args.get("to", "")
    return render_template(template, q=q, hits=hits, to=to, most=_MOST_HITS, others=others)


@pages.get("/desk/firms/<firm_id>")
@require("firm.see")
def firm(firm_id: str) -> str:
    """What is known of a firm on a day: what is public, and what it told this centre where that has a case of it."""
    book, lang, account = catalogue(), language.lang(), me()
    typed = request.args.get("on", "")
    day, wrong = asked_day(typed)
    with reading(engine()) as active:
        found = active.get(Firm, firm_id)
        if found is None:
            abort(_NOT_FOUND)
        cases = cases_of_firm(active, account.centre, found.id, found.credit_code)
        is_ours = any(case.forgotten_at is None for case in cases)
        centre = account.centre if is_ours else None
        known = known_of(active, found, day, centre)
        former = active.exec(
            select(FirmName.name).where(FirmName.firm_id == found.id, col(FirmName.former).is_(True))
        ).all()
        told = _statements(active, book, found.id, lang, centre)
        letters = list_issued(active, account.centre, found.credit_code)
        events = thread(active, book, found, account.centre, cases, letters, lang)
        contacts = firm_contacts(active, found.id, account.centre)
        closure = closures_of(active, [found.id]).get(found.id)
        named = people(active, [*(case.assignee_id for case in cases), closure.account_id if closure else None])
    record_look("firm.seen", f"firm {found.id}")
    facts = {name: stated.value for name, stated in known.items()}
    sources = {name: {"source": stated.source, "on": stated.on.isoformat()} for name, stated in known.items()}
    return render_template(
        "desk/firm.html",
        firm=found,
        former=former,
        rows=told_rows(book, facts, sources, lang),
        day=figures.day(day, lang),
        typed=typed,
        wrong=[text.get(lang) for text in wrong],
        is_past=day < today(),
        told=told,
        cases=cases,
        is_ours=is_ours,
        letters=letters,
        states=STATES,
        today=today(),
        people=named,
        events=events,
        closure=closure,
        contacts=contacts,
        once=new_once(),
    )


@pages.post("/desk/firms/notes")
@require("case.write")
def note() -> Response:
    """Note something of a firm (`firm`): a remark, a call, a visit. It stands in the firm's thread at this centre alone."""
    account, firm_id = me(), request.form.get("firm", "")
    kind, text = request.form.get("kind", ""), entries.printable(request.form.get("text", "")).strip()
    with session(engine()) as writing:
        found = writing.get(Firm, firm_id) if firm_id else None
        if found is None or account.id is None:
            return redirect(url_for("desk_home.home"), 303)
        if kind not in get_args(NoteKind) or not 0 < len(text) <= _LONGEST_NOTE:
            flash(sentences.say("请写1至{most}字。", language.lang(), most=_LONGEST_NOTE))
        else:
            writing.add(
                FirmNote(
                    firm_id=firm_id, centre=account.centre, account_id=account.id, made_at=now(), kind=kind, text=text
                )
            )
            record(writing, "firm.noted", f"firm {firm_id}")
    return redirect(url_for("desk_home.firm", firm_id=firm_id, _anchor="thread"), 303)


def _hits(active: Session, q: str) -> list[Found]:
    lang = language.lang()
    found = find_firm_names(q, FirmIndex(active), _MOST_HITS) or _by_middle(active, q)
    places = _districts(active, [hit.id for hit in found])
    struck_off = closures_of(active, [hit.id for hit in found])
    fact = catalogue().rulebook.facts.get("district")
    said = {of: values.stated_text(fact, told, lang) if fact else str(told) for of, told in places.items()}
    closed = {of: sentences.say(desk_labels.CLOSURE_KIND[one.kind], lang) for of, one in struck_off.items()}
    return [
        Found(hit.id, hit.name, hit.credit_code, said.get(hit.id, ""), hit.why.get(lang), closed.get(hit.id, ""))
        for hit in found
    ]


def _by_middle(active: Session, q: str) -> list[Hit]:
    """The firms whose credit code has this in its middle; only where nothing else was found, since all codes are read."""
    piece = normalise(q)
    if len(piece) < _SHORTEST_PIECE or not any(char.isdigit() for char in piece):
        return []
    wanted = select(Firm).where(col(Firm.credit_code).contains(piece, autoescape=True))
    why = Text(zh="信用代码中含有", en="part of the credit code")
    firms = active.exec(wanted.order_by(col(Firm.credit_code)).limit(_MOST_HITS))
    return [Hit(firm.id, firm.name, firm.credit_code, 0.5, why) for firm in firms]


def _others(active: Session, q: str) -> Sequence[tuple[str, tuple[Suggestion, ...]]]:
    """Cases and letters of the centre that a text leads to, under their headings; none of what the account may not see."""
    lang, centre = language.lang(), me().centre
    return (
        ("办件", suggested_cases(active, centre, q, _MOST_OTHERS, lang) if can("case.see") else ()),
        ("函件", suggested_letters(active, centre, q, _MOST_OTHERS) if can("letter.see") else ()),
    )


def _districts(active: Session, ids: Sequence[str]) -> dict[str, object]:
    """Where these firms sit, by what is public."""
    wanted = select(FirmStatement).where(col(FirmStatement.firm_id).in_(ids), visible_to(None))
    in_order = wanted.order_by(col(FirmStatement.told_on), col(FirmStatement.id))
    told = [
        (statement.firm_id, statement.facts["district"])
        for statement in active.exec(in_order)
        if "district" in statement.facts
    ]
    return {firm_id: district for firm_id, district in told if district is not None}


def _statements(active: Session, book: Catalogue, firm_id: str, lang: str, centre: str | None) -> list[Statement]:
    """When what was told of the firm, the last first: by lists, and to this centre where it has a case of the firm."""
    wanted = select(FirmStatement).where(FirmStatement.firm_id == firm_id, visible_to(centre))
    in_order = wanted.order_by(col(FirmStatement.told_on).desc(), col(FirmStatement.id).desc())
    return [
        Statement(
            each.told_on.isoformat(),
            figures.day(each.told_on, lang),
            each.source,
            tuple(label_of(book, name, lang) for name in each.facts),
        )
        for each in active.exec(in_order)
    ]
