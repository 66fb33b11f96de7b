"""Tells what lies within a firm's reach: a change near at hand from one that would make another firm of it."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from matcher.rulebook import NUMBERS
from matcher.web.catalogue import Catalogue

Json = Mapping[str, Any]
# Where a firm stands and to whom it belongs: a change there is another firm, not a step.
_WHAT_IT_IS = ("identity", "access", "regions")
_NOTHING = ("none", "neither")
_MOST_TIMES = 2


def begun(book: Catalogue, stated: Iterable[Json]) -> frozenset[str]:
    """The ids of the gates of which the firm has told something besides nothing at all: it has begun with what they ask about.

    `stated` are decisions as JSON; what was told is read from their reasons.
    """
    told = {node["fact"]: node["value"] for decision in stated for node in conditions(decision["reasons"])}
    return frozenset(
        gate.id for gate in book.rulebook.gates.values() if any(not _is_nothing(told.get(fact)) for fact in gate.none)
    )


def is_near(book: Catalogue, near: Json, has_begun: frozenset[str]) -> bool:
    """Whether a firm can bring about every change of a near miss: none from nothing, none by more than double or half."""
    return all(_is_step(book, change, has_begun) for change in near["changes"])


def is_carried(book: Catalogue, decision: Json) -> bool:
    """Whether the law gives it, or something the firm told of itself speaks for it: a condition met that does not only shut out.

    Not being on a black list, or not being outside Tianjin, speaks for nobody; nor does a legal form among several.
    """
    if book.scheme(decision["scheme"]).award == "by_law":
        return True
    return any(node["outcome"] is True and _speaks(book, node) for node in conditions(decision["reasons"]))


def conditions(tree: Json | None) -> Iterator[Json]:
    """The conditions of a reasons tree that ask for a fact, but none beneath a denial."""
    if tree is None or tree["kind"] == "not":
        return
    if tree["fact"]:
        yield tree
    for child in tree["children"]:
        yield from conditions(child)


def _speaks(book: Catalogue, node: Json) -> bool:
    fact = book.fact(node["fact"])
    is_one_of_several = fact.type == "enum" and fact.advise == "never" and node["op"] == "in"
    shuts_out = node["op"] == "!=" or node["value"] is False or is_one_of_several
    return fact.stated_by == "firm" and not shuts_out


def _is_step(book: Catalogue, change: Json, has_begun: frozenset[str]) -> bool:
    fact, old, new = book.fact(change["fact"]), change["from"], change["to"]
    if fact.group in _WHAT_IT_IS:
        return False
    if fact.type in NUMBERS and old is not None:
        low, high = sorted((abs(Decimal(old)), abs(Decimal(new))))
        return 0 < high <= _MOST_TIMES * low
    gates = {gate.id for gate in book.rulebook.gates.values() if fact.id in gate.none}
    return old not in _NOTHING and (not _is_nothing(old) or not gates or bool(gates & has_begun))


def _is_nothing(value: object) -> bool:
    """Whether a value says that there is nothing of the kind: no, none, nil, or not told."""
    if value is None or isinstance(value, bool):
        return not value
    try:
        return not Decimal(str(value))
    except InvalidOperation:
        return value in _NOTHING
