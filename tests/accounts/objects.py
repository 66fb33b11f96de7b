"""What stands in the addresses of the desk: makes one of a centre for each argument, for the matrix of rights.

A module `objects_<area>.py` beside this one is found by itself. It registers a function for each argument of its routes::

    @builds("desk_cases", "case_id")                 # of every route of the blueprint
    def case(making: Making) -> object:              # the value that stands in the address
        ...making.register.add(Case(centre=making.centre, ...))

    @builds("desk_cases.attachment", "file_id")      # of one route alone
    def attachment(making: Making) -> object:
        ...making.made["case_id"] is the case of the same address...

`making.register` is an open transaction, `making.account` a clerk of the centre. A fresh one is made for every request.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from flask import Flask
from sqlmodel import Session
from werkzeug.routing import Rule

from matcher.accounts.models import Account
from matcher.accounts.service import NewAccount, add_account
from matcher.text.codes import with_check

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
_numbers = count(1)


@dataclass
class Making:
    """For whom something is made: a centre, one of its clerks, and what stands further left in the same address."""

    app: Flask
    register: Session
    centre: str
    account: Account
    made: dict[str, object] = field(default_factory=dict)


Builder = Callable[[Making], object]
_BUILDERS: dict[tuple[str, str], Builder] = {}


def builds(where: str, argument: str) -> Callable[[Builder], Builder]:
    """Register a function for an argument of a blueprint's routes, or of one endpoint's."""

    def keep(builder: Builder) -> Builder:
        _BUILDERS[where, argument] = builder
        return builder

    return keep


def arguments(rule: Rule, making: Making) -> dict[str, object]:
    """The arguments of a route, made from left to right. Raises KeyError where nobody makes one."""
    for name in sorted(rule.arguments, key=rule.rule.index):
        places = (rule.endpoint, rule.endpoint.partition(".")[0])
        builder = next((_BUILDERS[place, name] for place in places if (place, name) in _BUILDERS), None)
        if builder is None:
            raise KeyError(f"no builder for <{name}> of {rule.endpoint}: add one to an objects_*.py")
        making.made[name] = builder(making)
    return making.made


def new_account(making: Making, role: str = "clerk") -> Account:
    """Another account of the centre."""
    wanted = NewAccount(f"other.{next(_numbers)}", "Other", role, making.centre, "$argon2id$nothing")
    return add_account(making.register, wanted, AT)


@builds("desk_accounts", "number")
def account(making: Making) -> object:
    """An account of the centre."""
    return new_account(making).id


@builds("desk_accounts", "act")
def act(_making: Making) -> object:
    """What is done to it."""
    return "unlock"


@builds("desk_passkeys", "number")
def passkey(_making: Making) -> object:
    """A passkey of nobody: whose it is decides, and one's own are one's own alone."""
    return 4_000_000


@builds("desk_passkeys", "act")
def passkey_act(_making: Making) -> object:
    """What is done to it."""
    return "remove"


@builds("api", "slug")
@builds("document", "slug")
@builds("feeds", "slug")
@builds("wrong", "slug")
@builds("result", "slug")
@builds("schemes", "slug")
def scheme(_making: Making) -> object:
    """A scheme of the catalogue."""
    return "six-taxes-two-fees"


@builds("links", "key")
def link_key(_making: Making) -> object:
    """The key of a private link, which opens nothing."""
    return "a" * 24


@builds("verification", "code")
def letter_code(_making: Making) -> object:
    """The code of a letter, which nobody issued."""
    return with_check(7)


@builds("asset", "digest")
def digest(making: Making) -> object:
    """The digest of a static file."""
    return making.app.extensions["assets"]["desk.css"].digest


@builds("asset", "name")
def asset(_making: Making) -> object:
    """The static file."""
    return "desk.css"


for _path in sorted(Path(__file__).parent.glob("objects_*.py")):
    importlib.import_module(f"{__package__}.{_path.stem}")
