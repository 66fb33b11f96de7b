"""Checks a firm against the rulebook: one decision a scheme, in the catalogue's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from matcher.engine.amounts import worth
from matcher.engine.decision import POSITIVE, Decision
from matcher.engine.explain import explanation
from matcher.engine.failing import failing_facts
from matcher.engine.status import settle
from matcher.engine.warnings import warnings
from matcher.engine.worlds import Context, World, told
from matcher.rulebook import Rulebook, Scalar, SchemeEdition

_NOT_OPEN = frozenset({"not_yet", "ended", "no_open_round"})


def check(
    rulebook: Rulebook, facts: Mapping[str, Scalar], as_of: date, schemes: Iterable[str] | None = None
) -> tuple[Decision, ...]:
    """Decide every scheme (or those named) for a firm's told facts on a day. A fact that is absent is unknown."""
    wanted = None if schemes is None else set(schemes)
    slugs = (slug for slug in rulebook.parsed if wanted is None or slug in wanted)
    return _most_useful_first(decide_exactly(rulebook, rulebook.scheme_at(slug, as_of), facts, as_of) for slug in slugs)


def _most_useful_first(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The same decisions, each with its missing facts in the order in which it pays to tell them: first what alone
    settles most schemes, then what most schemes wait for."""
    found = tuple(decisions)
    alone = Counter(one.missing[0] for one in found if len(one.missing) == 1)
    wanted = Counter(name for one in found for name in one.missing)

    def ordered(missing: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(missing, key=lambda name: (-alone[name], -wanted[name])))

    return tuple(replace(one, missing=ordered(one.missing)) if one.missing else one for one in found)


def world_of(rulebook: Rulebook, facts: Mapping[str, Scalar], as_of: date) -> World:
    """The world of a firm: what it told, everything else open."""
    return World(Context.of(rulebook, as_of.toordinal()), told(facts))


def decide_exactly(rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date) -> Decision:
    """One decision by the cells of the scheme's edition."""
    common = _common(edition, as_of)
    if edition.body is None:
        reason = edition.state if edition.state in _NOT_OPEN else None
        return Decision(status="not_open" if reason else "unconfirmed", reason=reason, **common)
    world = world_of(rulebook, facts, as_of)
    settlement = settle(edition, world)
    status = settlement.status
    gain = worth(edition.body, settlement.passing) if status in POSITIVE else None
    failing = failing_facts(edition, world, settlement) if status in ("not_eligible", "does_not_apply") else ()
    extra = {} if gain is None else gain.extra
    if status in edition.scheme.gives_with and gain is None:
        extra = worth(edition.body, (*settlement.passing, *settlement.failing)).extra
    return Decision(
        status=status,
        recipient=None if gain is None else gain.recipient,
        amount=None if gain is None else gain.amount,
        extra=extra if status in edition.scheme.gives_with else {},
        missing=settlement.missing,
        failing=failing,
        warnings=warnings(edition, world, as_of),
        explain=explanation(rulebook, edition, world, settlement, gain, facts, as_of),
        **common,
    )


def _common(edition: SchemeEdition, as_of: date) -> dict[str, Any]:
    version = edition.version
    return {
        "scheme": edition.scheme.slug,
        "as_of": as_of,
        "version": None if version is None else (version.from_, version.until),
        "clauses": edition.scheme.clauses,
        "confidence": edition.confidence(),
    }
