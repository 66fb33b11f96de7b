"""The desk's first page, the search for a firm as it is typed, and what is known of a firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from sqlmodel import Session, col, select

from matcher.accounts import can, me, new_once, people, record_look, require
from matcher.cases import Wanted, cases_of_firm, known_of, list_cases, told_rows
from matcher.db import reading
from matcher.firms import Firm, FirmIndex, FirmName, FirmStatement, visible_to
from matcher.firms.search import find_firm_names
from matcher.letters import STATES, list_issued
from matcher.presentation import Catalogue, asked_day, catalogue
from matcher.text import figures, today, values
from matcher.web import engine, language

pages = Blueprint("desk_home", __name__)

_MOST_HITS, _MOST_CASES, _LONGEST = 8, 15, 100

_NOT_FOUND = 404


@dataclass(frozen=True)
class Found:
    """A firm as the search shows it: with where it sits, and why it was found."""

    id: str
    name: str
    credit_code: str
    district: str
    why: str


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
    """The search box first, then my cases, the centre's others, and those that nobody has taken."""
    if not can("firm.see"):
        return render_template("desk/home.html", lists=(), people=None, q="", hits=None)
    account = me()
    with reading(engine()) as active:
        wanted = [
            ("mine", "me", Wanted(account.centre, assignee=account.id)),
            ("nobody", "none", Wanted(account.centre, assignee=0)),
            ("centre", "", Wanted(account.centre)),
        ]
        lists = [(key, link, *list_cases(active, each, 0, _MOST_CASES)) for key, link, each in wanted]
        named = people(active, [case.assignee_id for _, _, found, _ in lists for case in found])
    return render_template("desk/home.html", lists=lists, people=named, q="", hits=None)


@pages.get("/desk/firms")
@require("firm.see")
def firms() -> str:
    """The firms that are most likely meant; `?part=hits` gives the list alone, for the page that asks while one types."""
    q = request.args.get("q", "").strip()[:_LONGEST]
    hits = _hits(q) if q else None
    template = "desk/_hits.html" if request.args.get("part") == "hits" else "desk/firms.html"
    return render_template(template, q=q, hits=hits)


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
        named = people(active, [case.assignee_id for case in cases])
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
        once=new_once(),
    )


def _hits(q: str) -> list[Found]:
    lang = language.lang()
    with reading(engine()) as active:
        found = find_firm_names(q, FirmIndex(active), _MOST_HITS)
        places = _districts(active, [hit.id for hit in found])
    fact = catalogue().rulebook.facts.get("district")
    said = {of: values.stated_text(fact, told, lang) if fact else str(told) for of, told in places.items()}
    return [Found(hit.id, hit.name, hit.credit_code, said.get(hit.id, ""), hit.why.get(lang)) for hit in found]


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
    known = book.rulebook.facts
    return [
        Statement(
            each.told_on.isoformat(),
            figures.day(each.told_on, lang),
            each.source,
            tuple(known[name].label.get(lang) if name in known else name for name in each.facts),
        )
        for each in active.exec(in_order)
    ]
