"""Enters firms into the register, keeps what was told of them, and says what was known on a day."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, or_, text, update
from sqlmodel import Session, col, select

from matcher.db import EntryError, canonical, parts
from matcher.rulebook.language import ItemKind

from .item_closing import Closing, closing
from .item_keys import read_key
from .models import Firm, FirmName, FirmStatement, Source
from .name_index import NewName, add_names

AT_ONCE = 65_536

"""Firms entered at once: about a block of the index, so that hardly a block is written twice."""

_MANY = 5_000

"""New firms after which the tables are not what the database takes them for."""


@dataclass(frozen=True, slots=True)
class FirmEntry:
    """A firm as a list has it: ``former_names`` newest first, ``facts`` as told, ``place`` its line for messages."""

    id: str
    name: str
    credit_code: str
    former_names: tuple[str, ...]
    parent_id: str | None
    facts: Mapping[str, object]
    place: int


@dataclass(frozen=True, slots=True)
class Told:
    """Who told the facts, of which day they are, when (aware) that came into the register, and to which centre.

    ``centre`` is None for a list that was read in, which is everybody's, and never for what a firm declared or a clerk saw.
    """

    source: Source
    on: date
    recorded_at: datetime
    centre: str | None = None


NameKeys = Callable[[str], tuple[Sequence[str], str, str]]

"""Gives a name's pairs of syllables, its first letters, and those of its core."""


class Entered(NamedTuple):
    """How many firms were new, and how many known; of how many of these the register goes on having more loans, projects … than
    the list, which did not say that it had all."""

    new: int
    known: int
    with_more: int = 0


def enter_firms(
    session: Session,
    entries: Sequence[FirmEntry],
    told: Told,
    keys: NameKeys,
    kinds: Mapping[str, Collection[ItemKind]] = MappingProxyType({}),
) -> Entered:
    """Enter firms, or add to those that the register knows by their credit code.

    A known firm keeps its id; under another name its old one becomes a former name. Facts are added to its history,
    never overwritten, and not at all where a statement of the same source and day says the same already. Of a firm's loans,
    projects … those are withdrawn that a list leaves out which says that it has all (see :func:`closing`).

    :param entries: at most :data:`AT_ONCE`, no credit code and no id twice.
    :param kinds: of which kinds of item each fact is; what is not in it is of the firm.
    :raises EntryError: where an id stands for another credit code in the register, naming the lines.
    """
    known = _known(session, entries)
    _must_agree(session, entries, known)
    fresh = [entry for entry in entries if entry.credit_code not in known]
    if fresh:
        session.execute(insert(Firm), [_firm(entry) for entry in fresh], execution_options={"render_nulls": True})
    renamed = [(known[entry.credit_code], entry) for entry in entries if entry.credit_code in known]
    changed = _changes(session, renamed, keys)
    add_names(session, itertools.chain(_names(fresh, keys), changed))
    ids = {entry.credit_code: known[entry.credit_code].id for _, entry in renamed}
    closings = _closings(session, {ids[one.credit_code]: one.facts for _, one in renamed}, told, kinds)
    stated = [(ids.get(entry.credit_code, entry.id), entry.facts) for entry in entries]
    _tell(session, [(of, _with_closing(facts, closings.get(of))) for of, facts in stated], told, set(ids.values()))
    _count_anew(session, len(fresh))
    return Entered(len(fresh), len(renamed), sum(bool(one.more) for one in closings.values()))


def _with_closing(facts: Mapping[str, object], found: Closing | None) -> Mapping[str, object]:
    return facts if found is None else {**dict.fromkeys(sorted(found.withdrawn)), **facts}


def _closings(
    session: Session,
    told: Mapping[str, Mapping[str, object]],
    by: Told,
    kinds: Mapping[str, Collection[ItemKind]],
) -> dict[str, Closing]:
    """What a list makes of the loans, projects … that lists told of before, by firm; only of firms of which it tells several."""
    of_items = {firm_id: facts for firm_id, facts in told.items() if any(read_key(name) for name in facts)}
    known: dict[str, dict[str, object]] = defaultdict(dict)
    for part in parts(sorted(of_items)):
        wanted = select(FirmStatement.firm_id, FirmStatement.facts).where(
            col(FirmStatement.firm_id).in_(part),
            col(FirmStatement.told_on) <= by.on,
            col(FirmStatement.centre).is_not_distinct_from(by.centre),
        )
        in_order = wanted.order_by(col(FirmStatement.told_on), col(FirmStatement.recorded_at), col(FirmStatement.id))
        for firm_id, facts in session.exec(in_order):
            known[firm_id].update(facts)
    return {firm_id: closing(known[firm_id], facts, kinds) for firm_id, facts in of_items.items()}


def add_statement(session: Session, firm_id: str, facts: Mapping[str, object], told: Told) -> None:
    """Add facts to a firm's history; a fact told as None is withdrawn from that day on."""
    _tell(session, [(firm_id, facts)], told, {firm_id})


def visible_to(centre: str | None) -> ColumnElement[bool]:
    """The statements that a centre may see: those of lists, and its own; of lists alone for None."""
    public = col(FirmStatement.centre).is_(None)
    return public if centre is None else or_(public, col(FirmStatement.centre) == centre)


def facts_on(session: Session, firm_id: str, day: date, centre: str | None = None) -> dict[str, Stated]:
    """What a centre may know of a firm on a day: for each fact the latest that was told of, with its source and date.

    Of two told of one day, the one recorded later holds; withdrawn facts are left out. Without a centre, what everybody
    may know.
    """
    wanted = select(FirmStatement).where(
        FirmStatement.firm_id == firm_id, col(FirmStatement.told_on) <= day, visible_to(centre)
    )
    in_order = wanted.order_by(col(FirmStatement.told_on), col(FirmStatement.recorded_at), col(FirmStatement.id))
    latest: dict[str, Stated] = {}
    for statement in session.exec(in_order):
        for fact, value in statement.facts.items():
            latest[fact] = Stated(value, statement.source, statement.told_on)
    return {fact: stated for fact, stated in latest.items() if stated.value is not None}


def forget_statements(session: Session, firm_id: str, centre: str) -> int:
    """Delete what the firm declared to a centre and what the centre confirmed; how many. What lists say stays."""
    own = (col(FirmStatement.firm_id) == firm_id, col(FirmStatement.centre) == centre)
    number = session.exec(select(func.count()).select_from(FirmStatement).where(*own)).one()
    session.execute(delete(FirmStatement).where(*own))
    return number


@dataclass(frozen=True, slots=True)
class Stated:
    """The value of a fact as it was told, by whom, and of which day."""

    value: object
    source: str
    on: date


def _count_anew(session: Session, fresh: int) -> None:
    """Let PostgreSQL look at tables that have grown much: it would go on reading them as if they were small."""
    if fresh >= _MANY and session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE firm, firm_name, firm_statement, name_gram"))


def _known(session: Session, entries: Sequence[FirmEntry]) -> dict[str, Firm]:
    codes = [entry.credit_code for entry in entries]
    return {
        firm.credit_code: firm
        for part in parts(codes)
        for firm in session.exec(select(Firm).where(col(Firm.credit_code).in_(part)))
    }


def _must_agree(session: Session, entries: Sequence[FirmEntry], known: Mapping[str, Firm]) -> None:
    ids = [entry.id for entry in entries if entry.credit_code not in known]
    taken = {firm_id for part in parts(ids) for firm_id in session.exec(select(Firm.id).where(col(Firm.id).in_(part)))}
    places = [entry.place for entry in entries if entry.credit_code not in known and entry.id in taken]
    if places:
        listed = ", ".join(map(str, places[:20]))
        raise EntryError(
            ("id",),
            f"第 {listed} 行：该编号在登记簿中属于另一个统一社会信用代码，请核对编号或代码；全部未导入",
            f"line {listed}: the register has this id for another credit code; compare id and code. Nothing is imported",
        )


def _firm(entry: FirmEntry) -> dict[str, object]:
    code = entry.credit_code
    return {
        "id": entry.id,
        "name": entry.name,
        "credit_code": code,
        "organisation": code[8:],
        "code_backwards": code[::-1],
        "parent_id": entry.parent_id,
    }


def _names(entries: Iterable[FirmEntry], keys: NameKeys) -> Iterable[NewName]:
    for entry in entries:
        yield _name(entry.id, entry.name, False, keys)
        for former in dict.fromkeys(entry.former_names):
            if former != entry.name:
                yield _name(entry.id, former, True, keys)


def _name(firm_id: str, name: str, former: bool, keys: NameKeys) -> NewName:
    return NewName(firm_id, name, former, *keys(name))


def _changes(session: Session, met: Sequence[tuple[Firm, FirmEntry]], keys: NameKeys) -> list[NewName]:
    """Give known firms the name that the list has, and return the names that they did not have before."""
    told = [(firm, entry) for firm, entry in met if firm.name != entry.name or entry.former_names]
    had = {
        (firm_id, name)
        for part in parts([firm.id for firm, _ in told])
        for firm_id, name in session.exec(
            select(FirmName.firm_id, FirmName.name).where(col(FirmName.firm_id).in_(part))
        )
    }
    for firm, entry in told:
        if firm.name != entry.name:
            firm.name = entry.name
            session.add(firm)
            of_firm = update(FirmName).where(col(FirmName.firm_id) == firm.id)
            session.execute(of_firm.values(former=col(FirmName.name) != entry.name))
    return [
        _name(firm.id, name, name != entry.name, keys)
        for firm, entry in told
        for name in dict.fromkeys((entry.name, *entry.former_names))
        if (firm.id, name) not in had
    ]


def _tell(session: Session, facts: Sequence[tuple[str, Mapping[str, object]]], told: Told, known: set[str]) -> None:
    """Add statements; of the known firms only what the same source has not said of the same day."""
    said = {
        (firm_id, canonical(_without_closed(stated, told.source)))
        for part in parts(sorted(known))
        for firm_id, stated in session.exec(
            select(FirmStatement.firm_id, FirmStatement.facts).where(
                col(FirmStatement.firm_id).in_(part),
                FirmStatement.source == told.source,
                FirmStatement.told_on == told.on,
                col(FirmStatement.centre).is_not_distinct_from(told.centre),
            )
        )
    }
    rows = [
        {
            "firm_id": of,
            "source": told.source,
            "centre": told.centre,
            "told_on": told.on,
            "recorded_at": told.recorded_at,
            "facts": dict(new),
        }
        for of, new in facts
        if new and (of not in known or (of, canonical(dict(new))) not in said)
    ]
    if rows:
        session.execute(insert(FirmStatement), rows)


def _without_closed(stated: Mapping[str, object], source: Source) -> dict[str, object]:
    """A statement as its list told it, without the items that it closed; a list has no withdrawn facts of its own."""
    closed = (name for name, value in stated.items() if value is None and (source == "imported" or read_key(name)))
    return {name: stated[name] for name in stated.keys() - set(closed)}
