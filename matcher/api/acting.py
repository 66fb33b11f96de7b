"""A program acting at a centre: the account it stands under, what it may reach, and its entries in the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

from flask import g, request
from sqlmodel import Session

from matcher.accounts import find_program, program_account
from matcher.audit import Event, append
from matcher.db import ConstraintError, reading, session
from matcher.rulebook import Text
from matcher.web import engine, now

from .access import client_of_key
from .problems import ProblemError

_ROLE = "client"


@dataclass(frozen=True)
class Acting:
    """The program that asks: the centre that admitted it, and the account under which it stands in rows."""

    name: str
    centre: str
    account_id: int


def acting() -> Acting:
    """The program of this request, which has shown its key. Made known as an account at its first request."""
    if "api_acting" not in g:
        g.api_acting = _known()
    found: Acting = g.api_acting
    return found


def _known() -> Acting:
    client = client_of_key()
    assert client is not None  # the scopes of the desk are nobody's without a key
    told = client.client_id, client.name, client.centre, now()
    with reading(engine()) as register:
        known = find_program(register, client.client_id)
    if known is not None and known.id is not None:
        return Acting(known.name, client.centre, known.id)
    try:
        with session(engine()) as writing:
            account = program_account(writing, *told)
    except ConstraintError:  # its first two requests at the same moment
        with session(engine()) as writing:
            account = program_account(writing, *told)
    assert account.id is not None
    return Acting(account.name, client.centre, account.id)


class _OfCentre(Protocol):
    @property
    def centre(self) -> str: ...


T = TypeVar("T", bound=_OfCentre)


def ours(found: T | None) -> T:
    """What was found, if it is the own centre's; another's is answered as if it were not there. Raises ProblemError (404)."""
    if found is None or found.centre != acting().centre:
        raise nothing_here()
    return found


def nothing_here() -> ProblemError:
    """The refusal for what is not there, or is another centre's."""
    return ProblemError(404, Text(zh="本中心没有这一项", en="this centre has nothing of that name or number"))


def record(writing: Session, action: str, subject: str, **detail: object) -> None:
    """Put into the audit trail what the program did, in the transaction that does it; never a value of a firm's facts."""
    who = acting()
    append(writing, Event(now(), who.name, _ROLE, who.centre, action, subject, request.remote_addr or "?", detail))


def record_look(action: str, subject: str) -> None:
    """The same for what was only read."""
    with session(engine()) as writing:
        record(writing, action, subject)
