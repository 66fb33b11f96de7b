"""What the commands on issued letters share: the register, the centres by name, a letter by what was typed, refusals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlmodel import Session

from matcher.commands.options import BAD_INPUT
from matcher.firms.faults import shown
from matcher.firms.suggestions import nearest
from matcher.issuing import Office, Refusal, centres
from matcher.letters import RenderError
from matcher.letters.proof import Centre, KeyFolder, KeyFolderError
from matcher.places import instance_dir, rules_dir
from matcher.rulebook import Rulebook
from matcher.short_codes import CodeMistyped, read_code
from matcher.store import RegisterEntry, StoreError, find_issued, migrate, open_engine

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
    return "".join(unicodedata.normalize("NFKC", typed).split()).translate(_BRACKETS)
