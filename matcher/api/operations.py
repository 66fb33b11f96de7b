"""What each address of the interface takes and gives, declared at its view: the OpenAPI document is made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from flask import Flask

from matcher.rulebook import Text

Scope = Literal["check", "batch", "verify", "firms", "cases", "cases.write", "letters", "letters.issue", "screenings"]

SCOPES: Mapping[Scope, Text] = {
    "check": Text(
        zh="判断一家企业、问下一题、选最优组合", en="decide for one firm, ask what is next, choose the best set"
    ),
    "batch": Text(zh="一次判断多家企业", en="decide for many firms at once"),
    "verify": Text(zh="核验函件", en="verify letters"),
    "firms": Text(
        zh="查登记簿里的企业和本中心知道的情况", en="read firms of the register and what the centre knows of them"
    ),
    "cases": Text(zh="读本中心的办件", en="read the centre's cases"),
    "cases.write": Text(zh="为本中心开办件、改办件", en="open and change cases of the centre"),
    "letters": Text(zh="读本中心的函件", en="read the centre's letters"),
    "letters.issue": Text(
        zh="以本中心名义出函；须复核的送审",
        en="issue letters of the centre, or put them forward for a second signature",
    ),
    "screenings": Text(
        zh="筛查企业库，读本中心辖区的结果", en="screen the register, and read what was found for the centre's firms"
    ),
}

"""What a key may be allowed to do. The catalogue needs none."""

DESK_SCOPES: frozenset[Scope] = frozenset({"firms", "cases", "cases.write", "letters", "letters.issue", "screenings"})

"""The scopes that reach what a centre keeps: without a key nobody has them."""

JSON, JSON_LINES, PDF = "application/json", "application/x-ndjson", "application/pdf"

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of the address, of its path or its query."""

    name: str
    schema: Schema
    text: Text
    place: Literal["query", "path", "header"] = "query"
    is_required: bool = False


@dataclass(frozen=True)
class Operation:
    """What an address does: ``takes`` and ``gives`` are schemas by media type; ``refuses`` the statuses of its problems.

    ``status`` is that of a good answer: 201 where something is created.
    """

    summary: Text
    gives: Mapping[str, Schema]
    takes: Mapping[str, Schema] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    refuses: tuple[int, ...] = ()
    scope: Scope | None = None
    largest: int | None = None  # bytes of a request's body, where the site's limit does not hold
    may_be_unchanged: bool = False  # answers 304 to a request with the ETag of what it would give
    status: int = 200


_View = TypeVar("_View", bound=Callable[..., Any])

_DECLARED = "api_operation"


def ref(name: str) -> dict[str, str]:
    """A schema of the document by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def operation(declared: Operation) -> Callable[[_View], _View]:
    """Declare what a view takes and gives."""

    def mark(view: _View) -> _View:
        setattr(view, _DECLARED, declared)
        return view

    return mark


def operation_of(app: Flask, endpoint: str | None) -> Operation | None:
    """What the view of an endpoint declares; None for one that declares nothing."""
    found: Operation | None = getattr(app.view_functions.get(endpoint or ""), _DECLARED, None)
    return found


AS_OF = Parameter(
    "as_of",
    {"type": "string", "format": "date"},
    Text(
        zh="按哪一天的规定，如 2026-12-02；不写就是今天",
        en="the day of the rules, such as 2026-12-02; today without it",
    ),
)


IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    Text(
        zh="每次创建自己取一个，重发时不变：同一个只创建一次，24 小时内有效",
        en="chosen by you for each creation and the same when it is sent again: one creates once, for 24 hours",
    ),
    "header",
    is_required=True,
)
