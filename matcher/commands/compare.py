"""Hold a decision against what a worked case expects, by the contract's own rules of comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

WITH_MONEY = {"eligible", "needs_decision", "applies"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One point in which an answer is not what the case expects."""

    what: str
    expected: object
    got: object


def differences(expect: Mapping[str, Any], got: Mapping[str, Any], told: Collection[str]) -> Iterator[Difference]:
    """Yield every difference; `got` is a decision's JSON, `told` the ids of the facts that the case tells."""
    if ("status" in expect or "version" not in expect) and expect.get("status") != got["status"]:
        yield Difference("status", expect.get("status"), got["status"])
    yield from _paid(expect, got)
    for name in ("missing", "failing"):
        yield from _named(name, expect.get(name) or (), got.get(name) or (), told)
    for name, value in (expect.get("extra") or {}).items():
        found = (got.get("extra") or {}).get(name)
        if not same(value, found):
            yield Difference(f"extra.{name}", value, found)
    for end, day in (
        expect.get("version") or {}
    ).items():  # a key of ours: pins a turn at which only the instrument changes
        if not same(day, (got.get("version") or {}).get(end)):
            yield Difference(f"version.{end}", day, (got.get("version") or {}).get(end))
    if "reason" in expect and expect["reason"] != got.get("reason"):
        yield Difference("reason", expect["reason"], got.get("reason"))


def worked_out_otherwise(expect: Mapping[str, Any], values: Collection[str]) -> Iterator[Difference]:
    """Compare what an enumeration is worked out to be; several values left are no answer (`value: null`)."""
    found = next(iter(values)) if len(values) == 1 else None
    if expect.get("value") != found:
        yield Difference("value", expect.get("value"), found)


def chosen_otherwise(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare a choice with what a bundle expects; a runner-up or payment to others that is not listed must not be there.

    `notes` (a key of ours) lists the ids of the relations that are told beside the choice.
    """
    got = {**got, "notes": [one["relation"] for one in got["notes"]]}
    listed = {"apart": [], "runner_up": None, **expect}
    for name, value in listed.items():
        if not _alike(value, got.get(name)):
            yield Difference(name, value, got.get(name))


def _alike(expected: object, got: object) -> bool:
    """Objects and lists part by part, figures by value."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(_alike(value, got[key]) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(_alike, expected, got))
    return same(expected, got)


def _paid(expect: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare recipient and amount, which are null unless there is something to have."""
    for name in ("recipient", "amount"):
        if got["status"] not in WITH_MONEY and got.get(name) is not None:
            yield Difference(name, None, got[name])
    if "recipient" in expect and expect["recipient"] != got.get("recipient"):
        yield Difference("recipient", expect["recipient"], got.get("recipient"))
    if "amount" in expect and not _same_amount(expect["amount"], got.get("amount")):
        yield Difference("amount", expect["amount"], got.get("amount"))


def _same_amount(expected: Mapping[str, Any] | None, got: Mapping[str, Any] | None) -> bool:
    if expected is None or got is None:
        return expected is got
    figures = ("value", "low", "high")
    return expected.get("kind") == got.get("kind") and all(same(expected.get(f), got.get(f)) for f in figures)


def _named(what: str, listed: Collection[str], got: Collection[str], told: Collection[str]) -> Iterator[Difference]:
    """`missing` needs one of those listed and no told fact; `failing` needs all of them."""
    enough = all(name in got for name in listed) if what == "failing" else any(name in got for name in listed)
    if listed and not enough:
        yield Difference(what, list(listed), list(got))
    if what == "missing" and (known := [name for name in got if name in told]):
        yield Difference("missing (told facts named)", [], known)


def same(expected: object, got: object) -> bool:
    """True if two values are equal, numbers by value (`1.0` is `1`), truth values only with each other."""
    if isinstance(expected, bool) or isinstance(got, bool) or expected is None or got is None:
        return expected is got
    left, right = str(expected), str(got)
    return left == right or (_number(left) is not None and _number(left) == _number(right))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
