"""Whether an offer is the firm's own: the law gives it, or something that the firm told of itself speaks for it.

What a department selects firms for is nobody's case as long as a firm has only said where it is and what it is not. Such an
offer is shown apart and stands in no total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matcher.rulebook import Rulebook

from .decision import Decision

Json = Mapping[str, Any]


def conditions(tree: Json | None) -> Iterator[Json]:
    """The conditions of a reasons tree (JSON) that ask for a fact, but none beneath a denial."""
    if tree is None or tree["kind"] == "not":
        return
    if tree["fact"]:
        yield tree
    for child in tree["children"]:
        yield from conditions(child)


def has_firm_side(rulebook: Rulebook, scheme: str, reasons: Json | None) -> bool:
    """Whether the law gives a scheme, or a condition met by what the firm told of itself speaks for it in the ``reasons`` (JSON).

    Not being on a black list, or not being outside Tianjin, speaks for nobody; nor does a legal form among several.
    """
    if rulebook.schemes[scheme].award == "by_law":
        return True
    return any(node["outcome"] is True and _speaks(rulebook, node) for node in conditions(reasons))


def is_firms_own(rulebook: Rulebook, decision: Decision) -> bool:
    """Whether the sum of a decision may enter a total. One that a department must still decide needs a firm's side."""
    return decision.status != "needs_decision" or has_firm_side(rulebook, decision.scheme, decision.reasons)


def _speaks(rulebook: Rulebook, node: Json) -> bool:
    fact = rulebook.facts[node["fact"]]
    is_one_of_several = fact.type == "enum" and fact.advise == "never" and node["op"] == "in"
    shuts_out = node["op"] == "!=" or node["value"] is False or is_one_of_several
    return fact.stated_by == "firm" and not shuts_out
