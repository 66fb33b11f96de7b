"""The quick reading: each edition of a scheme compiled once into a function of the told facts.

It answers by itself where every fact it comes to is told, which settles the matter whatever else is not; otherwise it asks the
cells. Tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.rulebook import ResolvedBody, ResolvedRoute, Rulebook, SchemeEdition, as_node
from matcher.rulebook.language import TRUE, Scalar

from .amounts import NO_AMOUNT, worth
from .evaluate import remembered
from .lower import Lowering
from .quantifiers import flat, is_over_items
from .reasons import REGISTERED_ON, last_day
from .status import settle
from .worlds import Context, World, told

# Status, kind of amount, and its ends in fen (0 where there is none). A bare tuple: building anything else costs more than deciding.
Outcome = tuple[str, str, int, int]

Decider = Callable[[Mapping[str, Scalar]], Outcome]

Maker = Callable[[int, date | None], Decider]


def decider(rulebook: Rulebook, day: date, slug: str) -> Decider:
    """The function that decides one scheme on ``day`` from parsed facts."""
    edition = rulebook.scheme_at(slug, day)
    if edition.body is None:
        closed = _without_sum("unconfirmed" if edition.state == "unconfirmed" else "not_open")
        return lambda facts: closed
    if is_over_items(rulebook, slug):
        return lambda facts: _written_out(rulebook, day, slug, facts)
    return _compiled(rulebook, edition)(day.toordinal(), last_day(edition.scheme, day))


def _without_sum(status: str) -> Outcome:
    return (status, "none", 0, 0)


def _compiled(rulebook: Rulebook, edition: SchemeEdition) -> Maker:
    known: Maker | None = edition.cache.get("decide")
    if known is None:
        known = edition.cache["decide"] = _compile(rulebook, edition)
    return known


def _compile(rulebook: Rulebook, edition: SchemeEdition) -> Maker:

    def exactly(facts: Mapping[str, Scalar], day: int) -> Outcome:
        return _exactly(rulebook, edition, facts, day)

    assert edition.body is not None
    needed = (
        name for route in edition.body.routes for name in (*route.benefit.needs, route.benefit.exact_once) if name
    )
    return maker(edition, remembered(dict.fromkeys((*edition.facts, *needed)), exactly))


def maker(edition: SchemeEdition, exactly: Callable[..., Outcome]) -> Maker:
    """What makes the function of an edition for a day (its ordinal) and the last day on which a firm may be registered (None:
    any). ``exactly`` answers where a fact is untold that the matter hangs on."""
    source, constants = source_of(edition)
    namespace: dict[str, Any] = {**constants, "F": Fraction, "exactly": exactly}
    exec(compile(source, f"<{edition.scheme.slug}>", "exec"), namespace)  # noqa: S102 - our own source, see matcher.engine.lower
    made: Maker = namespace["made_for"]
    return made


def source_of(edition: SchemeEdition) -> tuple[str, dict[str, Any]]:
    """The source of what makes an edition's function, and its constants."""
    assert edition.body is not None
    lowering = Lowering()
    restriction = edition.scheme.kind == "restriction"
    positive = "applies" if restriction else "needs_decision" if edition.body.undecided else "eligible"
    refused = lowering.keep(_without_sum("does_not_apply" if restriction else "not_eligible"))
    lines = _body(edition.body, lowering, positive, refused)
    again = "exactly(f, day)" if edition.depends_on_day else "exactly(f)"
    registered = f"if {REGISTERED_ON!r} in f and f[{REGISTERED_ON!r}] > last: return {refused}"
    there = [] if edition.scheme.before_registration else [registered]
    block = "\n".join(
        [*(f"        {line}" for line in there), "        try:", *(f"            {line}" for line in lines)]
    )
    rest = f"        except (KeyError, ZeroDivisionError):\n            return {again}\n    return decide\n"
    return f"def made_for(day, last):\n    def decide(f):\n{block}\n{rest}", lowering.constants


def _body(body: ResolvedBody, lowering: Lowering, positive: str, refused: str) -> list[str]:
    lines = []
    common = as_node(body.requires)
    if common != TRUE:
        lines.append(f"if not {lowering.truth(common)}: return {refused}")
    lines += [lowering.truth(as_node(condition)) for condition in body.ask_first]
    for route in body.routes:
        inner = _route(route, lowering, positive, refused)
        if route.when is None:
            return lines + inner
        lines.append(f"if {lowering.truth(as_node(route.when))}:")
        lines += [f"    {line}" for line in inner]
    return [*lines, f"return {refused}"]


def _route(route: ResolvedRoute, lowering: Lowering, positive: str, refused: str) -> list[str]:
    if route.fails_on:
        return [f"return {refused}"]
    positive = "needs_decision" if route.undecided else positive
    lines = []
    own = as_node(route.requires)
    if own != TRUE:
        lines.append(f"if not {lowering.truth(own)}: return {refused}")
    lines += [f"f[{name!r}]" for name in route.benefit.needs]
    if route.benefit.expr is None:
        return [*lines, f"return {lowering.keep(_without_sum(positive))}"]
    lines.append(f"fen = {lowering.rounded(route.benefit.expr)}")
    lines.append(f"if fen < 0: return {lowering.keep(_without_sum(positive))}")
    if route.benefit.least is not None:
        lines.append(f"least = {lowering.rounded(route.benefit.least)}")
        return [*lines, f"return {positive!r}, 'range' if least != fen else 'exact', least, fen"]
    once = route.benefit.exact_once
    kind = (
        repr(route.benefit.kind)
        if once is None
        else f"'exact' if {once!r} in f and f[{once!r}] else {route.benefit.kind!r}"
    )
    return [*lines, f"return {positive!r}, {kind}, fen, fen"]


def _written_out(rulebook: Rulebook, day: date, slug: str, facts: Mapping[str, Scalar]) -> Outcome:
    """A scheme that speaks of several items is written out for each firm, and its cells answer."""
    out = flat(rulebook, slug, facts)
    return _exactly(out, out.scheme_at(slug, day), out.told, day.toordinal())


def _exactly(rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], day: int) -> Outcome:
    world = World(Context.of(rulebook, day), told(facts))
    settlement = settle(edition, world)
    if settlement.status not in ("eligible", "needs_decision", "applies"):
        return _without_sum(settlement.status)
    assert edition.body is not None
    amount = worth(edition.body, settlement.passing).amount or NO_AMOUNT
    return (settlement.status, amount.kind, amount.low, amount.high)
