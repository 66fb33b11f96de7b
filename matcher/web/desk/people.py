"""Names of accounts for pages: who did something, and to whom a case may be given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from matcher.desk.rights import ROLES
from matcher.store.desk import Account


@dataclass(frozen=True)
class People:
    """The accounts that a page speaks of, by id and by name."""

    by_id: dict[int, str]

    def of(self, account_id: int | None) -> str:
        """What an account is called; empty for nobody."""
        return self.by_id.get(account_id, "?") if account_id is not None else ""


def people(session: Session, ids: Iterable[int | None]) -> People:
    """The names of these accounts."""
    wanted = {one for one in ids if one is not None}
    found = select(Account.id, Account.display_name).where(col(Account.id).in_(wanted))
    return People({number: name for number, name in session.exec(found) if number is not None})


def staff(session: Session, centre: str) -> list[tuple[int, str]]:
    """Those of a centre who work on cases, by name: to choose from."""
    able = list(ROLES["case.write"])
    wanted = select(Account.id, Account.display_name).where(
        Account.centre == centre, col(Account.is_active).is_(True), col(Account.role).in_(able)
    )
    return [
        (number, name) for number, name in session.exec(wanted.order_by(Account.display_name)) if number is not None
    ]
