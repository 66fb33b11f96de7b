"""What commands on kept records share: the register, centres by name, a letter by what was typed, and entries of the audit trail."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy import Engine
from sqlmodel import Session

from matcher.audit import Event
from matcher.db import StoreError, migrate, open_engine
from matcher.firms import nearest, shown
from matcher.letters import (
    Office,
    Refusal,
    RegisterEntry,
    centres,
    find_issued,
)
from matcher.letters.pdf import RenderError
from matcher.letters.proof import Centre, KeyFolder, KeyFolderError
from matcher.places import instance_dir, rules_dir
from matcher.rulebook import Rulebook
from matcher.text import CodeMistyped, read_code, without_blanks

from .options import BAD_INPUT

# A keyboard has round and square brackets, and a person writes what it has.
_BRACKETS = str.maketrans("[](){}【】", "〔〕〔〕〔〕〔〕")


@contextmanager
def refusing() -> Iterator[None]:
    """Say what the register, the keys or the rules refuse, in both languages, and leave with exit status 2."""
    try:
        yield
    except (Refusal, StoreError, KeyFolderError, RenderError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(BAD_INPUT) from None


def register() -> Engine:
    """The register of this installation, its schema up to date. Raises StoreError."""
    migrate()
    return open_engine()


def office(rulebook: Rulebook) -> Office:
    """Where this installation issues letters. Raises StoreError."""
    return Office(register(), KeyFolder.own(), rulebook, rules_dir(), instance_dir())


def centre_of(told: str) -> Centre:
    """The centre with this id or Chinese name. Raises Refusal for any other."""
    for centre in centres().values():
        if told in (centre.id, centre.name.zh):
            return centre
    meant = nearest(told, {one.id: (one.name.zh, one.name.en) for one in centres().values()})
    near = (f"；是不是 {meant}？", f"; perhaps {meant}?") if meant else ("", "")
    known = ", ".join(centres())
    raise Refusal(f"没有中心 {shown(told)}{near[0]}（{known}）", f"there is no centre {shown(told)}{near[1]} ({known})")


def entry_of(reading: Session, typed: str) -> RegisterEntry:
    """The letter with this number, brackets of any kind, or these twelve characters. Raises Refusal for none."""
    try:
        asked = read_code(typed)
    except CodeMistyped:
        asked = number_of(typed)
    found = find_issued(reading, asked)
    if found is None:
        raise Refusal(
            f"登记簿中没有 {shown(typed)}；可用 matcher letters list 查看。",
            f"the register holds no letter {shown(typed)}; matcher letters list shows them all",
        )
    return found


def number_of(typed: str) -> str:
    """A document number as it is printed: without blanks, its year in hexagonal brackets."""
    return without_blanks(typed).translate(_BRACKETS)


ROLE = "cli"

_LONGEST = 60


def event(action: str, subject: str, centre: str | None = None, **detail: object) -> Event:
    """An event of this moment, done by whoever is signed in to this machine (``cli:<user>``)."""
    return Event(datetime.now(UTC), f"cli:{_user()[:_LONGEST]}", ROLE, centre, action, subject, "local", detail)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need have no name
        return "?"
