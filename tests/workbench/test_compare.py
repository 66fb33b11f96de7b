"""The contract's rules of comparison between a worked case and a decision."""

from typing import Any

import pytest

from matcher.workbench.cases import differences, same

GOT: dict[str, Any] = {
    "status": "eligible",
    "recipient": "firm_price",
    "amount": {"kind": "exact", "value": "600.00"},
    "extra": {"deferral_share": "0.5", "deferred_until": "2022-12-31", "exempt": True},
    "missing": [],
    "failing": [],
    "reason": None,
}
PLAIN = {**GOT, "recipient": None, "amount": None, "extra": {}}


def found(expect: dict[str, Any], told: set[str] | None = None, **got: Any) -> list[str]:
    """Return what differs, by name; answers without money start from an empty decision."""
    base = GOT if got.get("status", "eligible") == "eligible" else PLAIN
    return [item.what for item in differences(expect, {**base, **got}, told or set())]


def test_an_answer_as_expected_has_no_difference() -> None:
    """Numbers are compared by value, dates and texts as they stand."""
    amount = {"kind": "exact", "value": "600"}
    extra = {"deferral_share": "0.50", "deferred_until": "2022-12-31", "exempt": True}
    assert found({"status": "eligible", "recipient": "firm_price", "amount": amount, "extra": extra}) == []


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ({"status": "needs_decision"}, ["status"]),
        ({"status": "eligible", "recipient": "worker"}, ["recipient"]),
        ({"status": "eligible", "amount": {"kind": "ceiling", "value": "600"}}, ["amount"]),
        ({"status": "eligible", "amount": {"kind": "exact", "value": "600.01"}}, ["amount"]),
        ({"status": "eligible", "amount": {"kind": "range", "low": "1", "high": "2"}}, ["amount"]),
        ({"status": "eligible", "amount": None}, ["amount"]),
        ({"status": "eligible", "extra": {"deferral_share": "0.6"}}, ["extra.deferral_share"]),
        ({"status": "eligible", "extra": {"other": "1"}}, ["extra.other"]),
        ({"status": "eligible", "extra": {"exempt": "true"}}, ["extra.exempt"]),
        ({"status": "eligible", "reason": "ended"}, ["reason"]),
    ],
)
def test_a_different_answer_is_named(expect: dict[str, Any], what: list[str]) -> None:
    """Each point that differs is named for itself."""
    assert found(expect) == what


def test_amount_and_recipient_are_null_where_there_is_nothing_to_have() -> None:
    """A figure beside a refusal is a difference even where the case says nothing of it."""
    assert found({"status": "not_open"}, status="not_open", amount={"kind": "none"}) == ["amount"]
    assert found({"status": "not_open"}, status="not_open", recipient="worker") == ["recipient"]


def test_one_missing_fact_is_enough_but_no_told_one_may_be_named() -> None:
    """`missing` lists alternatives; an answer that asks for what was told is wrong."""
    expect = {"status": "needs_information", "missing": ["a", "b"]}
    assert found(expect, status="needs_information", missing=["b", "c"]) == []
    assert found(expect, status="needs_information", missing=["c"]) == ["missing"]
    assert found(expect, {"c"}, status="needs_information", missing=["b", "c"]) == ["missing (told facts named)"]


def test_every_failing_fact_listed_must_be_named() -> None:
    """The answer may name more than the case lists, never less."""
    expect = {"status": "not_eligible", "failing": ["a", "b"]}
    assert found(expect, status="not_eligible", failing=["b", "c", "a"]) == []
    assert found(expect, status="not_eligible", failing=["a"]) == ["failing"]


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("1.0", "1", True),
        (2024, "2024", True),
        ("nan", "NaN", False),
        (False, 0, False),
        (None, None, True),
        ("a", None, False),
    ],
)
def test_values_are_equal_by_what_they_mean(left: object, right: object, equal: bool) -> None:
    """A truth value is no number and nothing is no zero."""
    assert same(left, right) is equal
