"""Whom to tell next, firm by firm and by channel: those with the most certain money first, each with the schemes that nobody told it of."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Select, and_, func, select
from sqlmodel import Session, col

from matcher.contacts import FirmContact
from matcher.db import parts
from matcher.firms import Firm

from .listing import in_districts
from .models import Entitlement, FirmTold, Screening
from .service import mark_told

Channel = Literal["email", "phone", "letter"]

Within = Sequence[str | None]
"""Districts whose firms these are; None among them: firms of no known district."""

CHANNELS: tuple[Channel, ...] = ("email", "phone", "letter")


@dataclass(frozen=True, slots=True)
class Reached:
    """How a centre reaches a firm: the last that was entered of each."""

    person: str = ""
    phone: str = ""
    email: str = ""

    def channel(self, *, has_mail: bool) -> Channel:
        """The one by which it is told: no firm stands in two lists."""
        if self.email and has_mail:
            return "email"
        return "phone" if self.phone else "letter"


@dataclass(frozen=True, slots=True)
class ToTell:
    """A firm to be told. ``schemes``: those that it is entitled to, then those that a department decides; ``most``: fen of the one exact
    sum that is highest (schemes may exclude each other, so that they are not added up); ``sure``: how many are certain."""

    firm_id: str
    schemes: tuple[str, ...]
    most: int
    sure: int
    name: str = ""
    credit_code: str = ""
    district: str | None = None
    reached: Reached = Reached()

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Money first, then certainty."""
        return -self.most, -self.sure, -len(self.schemes), self.firm_id


def to_tell(
    session: Session, screening: Screening, within: Within, centre: str, channel: Channel, limit: int,
    is_money: Callable[[str, str | None], bool], *, has_mail: bool,
) -> list[ToTell]:  # fmt: skip
    """The first firms of a centre's list for a channel.

    :param within: the districts whose firms these are.
    :param is_money: whether what a scheme gives to a recipient is money that the firm gets or saves.
    :param has_mail: whether the centre can send e-mail.
    """
    reached = _reached(session, centre)
    none = Reached()
    wanted = (
        one
        for one in _untold(session, screening, within, is_money)
        if reached.get(one.firm_id, none).channel(has_mail=has_mail) == channel
    )
    first = heapq.nsmallest(limit, wanted, key=lambda one: one.rank)
    names: dict[str, tuple[str, str]] = {}
    for part in parts([one.firm_id for one in first]):
        found = select(col(Firm.id), col(Firm.name), col(Firm.credit_code)).where(col(Firm.id).in_(part))
        names |= {firm_id: (name, code) for firm_id, name, code in session.execute(found)}
    return [
        ToTell(
            one.firm_id, one.schemes, one.most, one.sure, *names[one.firm_id], one.district, reached.get(one.firm_id, none)
        )
        for one in first
    ]  # fmt: skip


def counted(
    session: Session, screening: Screening, within: Within, centre: str, *, has_mail: bool
) -> Mapping[Channel, int]:
    """How many firms wait in each channel's list."""
    reached = _reached(session, centre)
    untold = _untold_rows(screening, within).with_only_columns(col(Entitlement.firm_id)).distinct().subquery()
    every = session.execute(select(func.count()).select_from(untold)).scalar_one()
    found: dict[Channel, int] = dict.fromkeys(CHANNELS, 0)
    for part in parts(list(reached)):
        for (firm_id,) in session.execute(select(untold.c.firm_id).where(untold.c.firm_id.in_(part))):
            found[reached[firm_id].channel(has_mail=has_mail)] += 1
    found["letter"] += every - sum(found.values())
    return found


def digest(listed: Sequence[ToTell]) -> str:
    """What a list is known by: marked as told is only the list that was taken along."""
    told = "\n".join(f"{one.firm_id} {' '.join(one.schemes)}" for one in listed)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def mark_list(
    session: Session, listed: Sequence[ToTell], centre: str, account_id: int, note: str, at: datetime
) -> Sequence[str]:
    """Mark every firm of a list as told of each of its schemes; the ids of the firms, each once."""
    by_scheme: dict[str, dict[str, str]] = {}
    for one in listed:
        for scheme in one.schemes:
            by_scheme.setdefault(scheme, {})[one.firm_id] = centre
    done = {
        firm_id
        for scheme, firms in sorted(by_scheme.items())
        for firm_id in mark_told(session, scheme, firms, account_id, note, at)
    }
    return sorted(done)


def _untold_rows(screening: Screening, within: Within) -> Select[*tuple[Any, ...]]:
    here = and_(col(FirmTold.firm_id) == col(Entitlement.firm_id), col(FirmTold.scheme) == col(Entitlement.scheme))
    rows = (
        select(
            col(Entitlement.firm_id), col(Entitlement.district), col(Entitlement.scheme), col(Entitlement.status),
            col(Entitlement.recipient), col(Entitlement.fen),
        )
        .outerjoin(FirmTold, here)
        .where(col(Entitlement.screening_id) == screening.id, col(FirmTold.id).is_(None))
    )  # fmt: skip
    return rows.where(*in_districts(within))


def _untold(
    session: Session, screening: Screening, within: Within, is_money: Callable[[str, str | None], bool]
) -> Iterator[ToTell]:
    rows = session.execute(
        _untold_rows(screening, within).order_by(col(Entitlement.firm_id), col(Entitlement.scheme)),
        execution_options={"yield_per": 5_000},
    )
    for firm_id, some in groupby(rows, key=lambda row: row[0]):
        lines = list(some)
        sure = [scheme for _, _, scheme, status, _, _ in lines if status == "eligible"]
        rest = [scheme for _, _, scheme, status, _, _ in lines if status != "eligible"]
        sums = [
            fen
            for _, _, scheme, status, recipient, fen in lines
            if fen and status == "eligible" and is_money(scheme, recipient)
        ]
        yield ToTell(firm_id, (*sure, *rest), max(sums, default=0), len(sure), district=lines[0][1])


def _reached(session: Session, centre: str) -> dict[str, Reached]:
    """How the centre reaches firms, as far as it entered anything."""
    wanted = select(
        col(FirmContact.firm_id), col(FirmContact.name), col(FirmContact.phone), col(FirmContact.email)
    ).where(col(FirmContact.centre) == centre)
    found: dict[str, Reached] = {}
    for firm_id, name, phone, email in session.execute(wanted.order_by(col(FirmContact.id))):
        before = found.get(firm_id, Reached())
        found[firm_id] = Reached(name or before.person, phone or before.phone, email or before.email)
    return found
