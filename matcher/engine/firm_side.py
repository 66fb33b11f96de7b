"""Whether an offer, or advice, is the firm's own: the law gives it, or something that the firm told of itself speaks for it.

What a department selects firms for is nobody's case as long as a firm has only said where it is and what it is not. Such an
offer is shown apart and stands in no total, and nobody is advised to begin with what is none of its business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from matcher.rulebook import NUMBERS, Fact, Rulebook

from .decision import Decision
from .record import ReasonRecord

_NO_WORDS = ("none", "neither")

_MOST_TIMES = 2


def conditions(tree: ReasonRecord | None) -> Iterator[ReasonRecord]:
    """The conditions of a reasons tree (JSON) that ask for a fact, but none beneath a denial."""
    if tree is None or tree["kind"] == "not":
        return
    if tree["fact"]:
        yield tree
    for child in tree["children"]:
        yield from conditions(child)


def has_firm_side(rulebook: Rulebook, scheme: str, reasons: ReasonRecord | None) -> bool:
    """Whether the law gives a scheme, or a condition met by what the firm told of itself speaks for it in the ``reasons`` (JSON).

    Not being on a black list, or not being outside Tianjin, speaks for nobody; nor does a legal form among several.
    """
    return rulebook.schemes[scheme].award == "by_law" or _is_spoken_for(rulebook, reasons)


def is_firms_own(rulebook: Rulebook, decision: Decision) -> bool:
    """Whether the sum of a decision may enter a total. One that a department must still decide needs a firm's side."""
    return decision.status != "needs_decision" or has_firm_side(rulebook, decision.scheme, decision.reasons)


def speaks_for_the_firm(rulebook: Rulebook, decision: Decision) -> bool:
    """Whether anything that the firm told of itself meets a condition, so that an open offer is more than anybody's."""
    return _is_spoken_for(rulebook, decision.reasons)


def _is_spoken_for(rulebook: Rulebook, reasons: ReasonRecord | None) -> bool:
    return any(node["outcome"] is True and _speaks(rulebook, node) for node in conditions(reasons))


def _speaks(rulebook: Rulebook, node: ReasonRecord) -> bool:
    fact = rulebook.facts[node["fact"] or ""]
    is_one_of_several = fact.type == "enum" and fact.advise == "never" and node["op"] == "in"
    shuts_out = node["op"] == "!=" or node["value"] is False or is_one_of_several
    return fact.stated_by == "firm" and fact.speaks and not shuts_out


# ---------------------------------------------------------------------------------------------------------------------
# Advice: what is a firm's business, and what lies within its reach.
# ---------------------------------------------------------------------------------------------------------------------


def is_advised(
    rulebook: Rulebook, scheme: str, reasons: ReasonRecord, facts: Mapping[str, Any], changed: Mapping[str, Any]
) -> bool:
    """Whether changes of ``facts`` are any business of the firm's: it has begun with what each of them is about, and something
    it told speaks for the scheme already. What it consents to and what is a duty is its own in any case.

    ``reasons``: the tree of the refusal (JSON); ``changed``: the values advised, by fact.
    """
    moved = [rulebook.facts[name] for name in changed]
    if not all(_has_begun(rulebook, fact, facts) for fact in moved):
        return False
    is_own = bool(moved) and all(fact.consent or fact.duty is not None for fact in moved)
    return is_own or has_firm_side(rulebook, scheme, reasons)


def is_within_reach(rulebook: Rulebook, facts: Mapping[str, Any], changed: Mapping[str, Any]) -> bool:
    """Whether a firm can bring all changes about: no figure from nothing or by more than double or half, nothing that makes
    another firm of it, and no title or rank from none."""
    return all(_is_step(rulebook, rulebook.facts[name], facts.get(name), to) for name, to in changed.items())


def _has_begun(rulebook: Rulebook, fact: Fact, facts: Mapping[str, Any]) -> bool:
    """Whether a firm has something of what a fact is about, or nothing says what it would have to have for it; not where it is too
    late, as for a project that is completed."""
    if any(not _is_nothing(facts.get(name)) for name in fact.advise_unless):
        return False
    if not _is_nothing(facts.get(fact.id)):
        return True
    if fact.advise_if:  # what it takes is named, whatever question stands before it
        return any(not _is_nothing(facts.get(name)) for name in fact.advise_if)
    gates = [gate for gate in rulebook.gates.values() if fact.id in gate.none]
    return all(any(not _is_nothing(facts.get(name)) for name in gate.none) for gate in gates)


def _is_step(rulebook: Rulebook, fact: Fact, old: Any, new: Any) -> bool:
    group = rulebook.groups.get(fact.group)
    if group is not None and group.fixed and fact.advise in (None, "never"):
        return False
    if fact.type in NUMBERS and old is not None and fact.advise != "date":
        low, high = sorted((abs(Fraction(old)), abs(Fraction(new))))
        return 0 < high <= _MOST_TIMES * low
    return old not in _NO_WORDS


def _is_nothing(value: object) -> bool:
    """Whether a told value says that there is nothing of the kind: no, none, nil, or not told."""
    return value in _NO_WORDS if isinstance(value, str) else not value
