"""What a case is made of and comes to: facts with their sources, decisions on them, what is written back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Any

from cachetools import LRUCache
from sqlmodel import Session, select

from matcher.db import EntryError, canonical
from matcher.engine import POSITIVE, Decision, check
from matcher.engine.choose import DEFERRAL, best_of
from matcher.firms import (
    Firm,
    ReadItems,
    Source,
    Stated,
    Told,
    add_statement,
    facts_on,
    read_code,
    read_key,
    read_told,
)
from matcher.rulebook import Rulebook

from .models import Case
from .money import money_of
from .service import Content, cases_of_firm

# ---------------------------------------------------------------------------------------------------------------------
# Who a fact of a case comes from, as the register of firms says it.
# ---------------------------------------------------------------------------------------------------------------------


DECLARED: Source = "declared"

"""The firm says so."""

CONFIRMED: Source = "confirmed"

"""A clerk saw the paper."""

IMPORTED: Source = "imported"

"""A list that was read in."""


# ---------------------------------------------------------------------------------------------------------------------
# What a case is made of and comes to: the facts taken over from the register, and the decisions on them.
# ---------------------------------------------------------------------------------------------------------------------


_NAMED = ("name", "credit_code")

# What cases come to whose kept sums are of other rules, until the worker has decided them anew.
_DECIDED: LRUCache[tuple[object, ...], Mapping[str, Any]] = LRUCache(1_000)

_DECIDING = Lock()


def centre_with_case(session: Session, centre: str, firm: Firm) -> str | None:
    """The centre, where it may see what the firm told it and what it confirmed: it has a case that was not forgotten."""
    cases = cases_of_firm(session, centre, firm.id, firm.credit_code)
    return centre if any(case.forgotten_at is None for case in cases) else None


def known_of(session: Session, firm: Firm, day: date, centre: str | None) -> dict[str, Stated]:
    """What may be seen of a firm on a day: what is public, and what is the centre's own that has a case of the firm."""
    found = facts_on(session, firm.id, day, centre)
    own = {"name": firm.name, "credit_code": firm.credit_code}
    return {**{name: Stated(value, "imported", day) for name, value in own.items() if name not in found}, **found}


def content_of_firm(session: Session, rulebook: Rulebook, firm: Firm, day: date, centre: str | None) -> Content:
    """The facts with which a case of a firm begins: those of the register that the vocabulary knows, with their sources.

    ``centre`` is what `centre_with_case` gives: another centre's are never among them.

    The firm is called as the register calls it now, whatever an older list says.
    """
    known = known_of(session, firm, day, centre)
    facts = {name: stated.value for name, stated in known.items() if name in rulebook.facts or read_key(name)}
    facts |= {"name": firm.name, "credit_code": firm.credit_code}
    sources = {name: {"source": known[name].source, "on": known[name].on.isoformat()} for name in facts}
    return Content(facts, sources)


def firm_of(session: Session, credit_code: object) -> Firm | None:
    """The firm of the register with this credit code, written in whichever way; None for none."""
    code = read_code(credit_code).code if isinstance(credit_code, str) else None
    return session.exec(select(Firm).where(Firm.credit_code == code)).first() if code else None


def content_told(
    session: Session,
    rulebook: Rulebook,
    firm: Firm | None,
    told: Mapping[str, Any],
    as_of: date | None,
    day: date,
    by: str,
    centre: str | None,
) -> Content:
    """The facts with which a case begins that a firm told itself, upon what the register has of it (``firm``)."""
    base = content_of_firm(session, rulebook, firm, day, centre) if firm else Content({}, {})
    own = {name: value for name, value in told.items() if not (firm and name in _NAMED)}
    return Content({**base.facts, **own}, {**base.sources, **sources_of(own, DECLARED, day, by)}, as_of)


def decisions_on(
    rulebook: Rulebook, facts: Mapping[str, Any], day: date, schemes: Iterable[str] | None = None
) -> tuple[ReadItems, tuple[Decision, ...]]:
    """The facts and items that can be read, and the decisions on them; schemes that are no longer in the catalogue are left out."""
    read = read_told(rulebook, facts)
    wanted = [slug for slug in schemes or () if slug in rulebook.schemes]
    return read, check(rulebook, read.firm, day, wanted or None, items=read.items)


def found_in(rulebook: Rulebook, told: ReadItems, decisions: Sequence[Decision], day: date) -> dict[str, Any]:
    """What a check came to, for lists and figures: how many of each status, the schemes a firm has, and exact money in fen.

    ``firm_fen`` is the firm's certain money of a year, cash and what it pays less, by the function that every page says it
    by (`money_of`); ``deferred_fen`` is what it pays later and ``others_fen`` what others get, of the best set that the firm
    can have together, made of what is sure alone: exact, and no department has still to decide.
    ``schemes`` are all that it is entitled to, also those that exclude each other. ``rules`` is the hash of the rulebook, and
    ``until`` the next day on which its rules change: until then all of it holds.
    """
    sure = [one for one in decisions if one.status == "eligible" and one.amount and one.amount.kind == "exact"]
    best = best_of(rulebook, told.firm, sure, day, told.items)
    money = money_of(rulebook, told, decisions, day)
    return {
        "counts": dict(Counter(one.status for one in decisions)),
        "schemes": list(
            dict.fromkeys(
                one.scheme
                for one in decisions
                if one.status in POSITIVE and rulebook.schemes[one.scheme].kind != "restriction"
            )
        ),
        "firm_fen": money.cash + money.less,
        "deferred_fen": best.sum_of(DEFERRAL),
        "others_fen": sum(one.figure or 0 for one in best.apart),
        "rules": rulebook.hash,
        "until": _iso(rulebook.next_turn(day)),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def found_now(rulebook: Rulebook, case: Case, today: date) -> Mapping[str, Any]:
    """What a case comes to by the rules of today (or of the day that it asks for), as `found_in`; empty where it was never checked.

    What was kept with it holds as long as these rules do; after that it is decided anew, so that no page shows an old sum.
    """
    if not case.found:
        return {}
    day, until = case.as_of or today, case.found.get("until")
    if case.found.get("rules") == rulebook.hash and (until is None or day.isoformat() < until):
        return case.found
    key = (rulebook.hash, day, canonical(case.facts), canonical(case.schemes))
    with _DECIDING:
        if key not in _DECIDED:
            told, decisions = decisions_on(rulebook, case.facts, day, case.schemes)
            _DECIDED[key] = found_in(rulebook, told, decisions, day)
        return _DECIDED[key]


def write_back(session: Session, case: Case, on: date, at: datetime) -> tuple[str, ...]:
    """Write the facts of a case that somebody saw the paper of into the register, as the centre's own; gives their names.

    :raises EntryError: where the firm is not in the register, or nothing is confirmed.
    """
    if case.firm_id is None:
        raise EntryError(
            ("firm",),
            "登记簿中没有这家企业，不能写回。",
            "The register does not have this firm: nothing can be written back.",
        )
    confirmed = {
        name: value
        for name, value in case.facts.items()
        if name not in _NAMED and case.sources.get(name, {}).get("source") == CONFIRMED
    }
    if not confirmed:
        raise EntryError(
            ("facts",),
            "没有“已见原件”的情况可写回。请先把来源改为“已见原件”并保存。",
            "Nothing is marked as seen on paper. Mark it so and save first.",
        )
    add_statement(session, case.firm_id, confirmed, Told(CONFIRMED, on, at, case.centre))
    return tuple(sorted(confirmed))


def sources_of(facts: Collection[str], source: str, on: date, by: str) -> dict[str, dict[str, str]]:
    """The same source for each of these facts: stated so, on that day, written down by that account."""
    return {name: {"source": source, "on": on.isoformat(), "by": by} for name in facts}
