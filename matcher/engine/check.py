"""Checks a firm against the rulebook: one decision a scheme; and the last known terms of a scheme that is not confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from matcher.rulebook import Rulebook, Scheme, SchemeEdition, Status, Text, Version
from matcher.rulebook.language import Scalar

from .amounts import Worth, worth
from .decision import POSITIVE, Decision, warnings
from .explain import explanation
from .reasons import REGISTERED_ON
from .status import Settlement, failing_facts, settle
from .worlds import Band, Context, World, intervals, told

# ---------------------------------------------------------------------------------------------------------------------
# What is known of a scheme whose rules for the day are not confirmed: the last terms and what they would give, whom
# to ask, what is awaited.
#
# It is no decision on the day and stands in no total: the firm's facts are decided by the last confirmed version, on
# its last day.
# ---------------------------------------------------------------------------------------------------------------------


Decide = Callable[[Rulebook, SchemeEdition, Mapping[str, Scalar], date], Decision]


def last_known(
    rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date, decide: Decide
) -> dict[str, Any] | None:
    """As JSON: the day and version of the last terms, what they come to for the firm (status, amount, what is missing or fails), whom
    to ask (``ask``) and which notice is awaited (``awaits``). None where the scheme is confirmed for the day, or never was before.

    When the firm was registered is left out: the last terms are of a day that may lie before it.
    """
    before = None if edition.state != "unconfirmed" else _last_open(edition.scheme, as_of)
    if before is None or before.until is None:
        return None
    told = {name: value for name, value in facts.items() if name != REGISTERED_ON}
    then = decide(rulebook, rulebook.scheme_at(edition.scheme.slug, before.until), told, before.until).essence()
    kept = ("status", "recipient", "amount", "extra", "missing", "failing", "version", "confidence")
    awaits = None if edition.version is None else edition.version.awaits
    return {
        "as_of": before.until.isoformat(),
        **{name: then[name] for name in kept},
        "instrument": before.instrument,
        "ask": _words(edition.scheme.department),
        "awaits": None if awaits is None else _words(awaits),
    }


def _last_open(scheme: Scheme, as_of: date) -> Version | None:
    past = [one for one in scheme.versions if one.state is None and one.until is not None and one.until < as_of]
    return past[-1] if past else None


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


# ---------------------------------------------------------------------------------------------------------------------
# Checks a firm against the rulebook: one decision a scheme, in the catalogue's order.
# ---------------------------------------------------------------------------------------------------------------------


_NOT_OPEN = frozenset({"not_yet", "ended", "no_open_round"})


def check(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    as_of: date,
    schemes: Iterable[str] | None = None,
    bands: Mapping[str, Band] | None = None,
) -> tuple[Decision, ...]:
    """Decide every scheme (or those named) for a firm's told facts on a day. A fact that is absent is unknown; of one with a
    band it is known that it lies there."""
    wanted = None if schemes is None else set(schemes)
    editions = (rulebook.scheme_at(slug, as_of) for slug in rulebook.parsed if wanted is None or slug in wanted)
    world = world_of(rulebook, facts, as_of, bands)
    return most_useful_first(decide_exactly(rulebook, edition, facts, as_of, world) for edition in editions)


def most_useful_first(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The same decisions, each with its missing facts in the order in which it pays to tell them: first what alone
    settles most schemes, then what most schemes wait for."""
    found = tuple(decisions)
    alone = Counter(one.missing[0] for one in found if len(one.missing) == 1)
    wanted = Counter(name for one in found for name in one.missing)

    def ordered(missing: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(missing, key=lambda name: (-alone[name], -wanted[name])))

    return tuple(replace(one, missing=ordered(one.missing)) if one.missing else one for one in found)


def world_of(
    rulebook: Rulebook, facts: Mapping[str, Scalar], as_of: date, bands: Mapping[str, Band] | None = None
) -> World:
    """The world of a firm: what it told, where the figures lie that it told by a band, everything else open."""
    untold = {name: band for name, band in (bands or {}).items() if name not in facts}
    return World(Context.of(rulebook, as_of.toordinal(), intervals(rulebook.facts, untold)), told(facts))


def decide_exactly(
    rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date, world: World | None = None
) -> Decision:
    """One decision by the cells of the scheme's edition; ``world`` where the facts' own is already made."""
    if edition.body is None:
        reason = edition.state if edition.state in _NOT_OPEN else None
        status: Status = "not_open" if reason else "unconfirmed"
        return Decision(
            status=status,
            reason=reason,
            explain=_of_last_terms(rulebook, edition, facts, as_of),
            **_common(edition, as_of),
        )
    world = world_of(rulebook, facts, as_of) if world is None else world
    return decision_on(rulebook, edition, facts, as_of, world, settle(edition, world))


def _of_last_terms(
    rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date
) -> Callable[[], Mapping[str, Any]]:
    """What is known of a scheme that has no rules on the day, worked out when someone looks."""

    def explain() -> Mapping[str, Any]:
        found = last_known(rulebook, edition, facts, as_of, decide_exactly)
        return {} if found is None else {"last_known": found}

    return explain


def decision_on(
    rulebook: Rulebook,
    edition: SchemeEdition,
    facts: Mapping[str, Scalar],
    as_of: date,
    world: World,
    settlement: Settlement,
    gain: Worth | None = None,
) -> Decision:
    """The decision on a scheme in force whose status is settled or known to be open; ``gain`` where its worth is known."""
    assert edition.body is not None
    status = settlement.status
    gain = (gain or worth(edition.body, settlement.passing)) if status in POSITIVE else None
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
        **_common(edition, as_of),
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
