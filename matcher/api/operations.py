"""What each address of the interface takes and gives, declared at its view: the OpenAPI document is made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from flask import Flask

from matcher.rulebook import Text

Scope = Literal["check", "batch", "verify"]

SCOPES: Mapping[Scope, Text] = {
    "check": Text(
        zh="判断一家企业、问下一题、选最优组合", en="decide for one firm, ask what is next, choose the best set"
    ),
    "batch": Text(zh="一次判断多家企业", en="decide for many firms at once"),
    "verify": Text(zh="核验函件", en="verify letters"),
}

"""What a key may be allowed to do. The catalogue needs none."""

JSON, JSON_LINES, PDF = "application/json", "application/x-ndjson", "application/pdf"

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of the address, of its path or its query."""

    name: str
    schema: Schema
    text: Text
    place: Literal["query", "path"] = "query"
    is_required: bool = False


@dataclass(frozen=True)
class Operation:
    """What an address does: ``takes`` and ``gives`` are schemas by media type; ``refuses`` the statuses of its problems."""

    summary: Text
    gives: Mapping[str, Schema]
    takes: Mapping[str, Schema] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    refuses: tuple[int, ...] = ()
    scope: Scope | None = None
    largest: int | None = None  # bytes of a request's body, where the site's limit does not hold
    may_be_unchanged: bool = False  # answers 304 to a request with the ETag of what it would give


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
