"""Decides quickly what a firm is entitled to, for going over a whole register: most firms leave most facts untold.

Where the told facts settle a scheme, the engine's quick reading answers. Where they do not, one completion of the untold
ones under which the firm has nothing is enough to know that it is not entitled yet, and ends the search; only where none
is found is the exact reading asked. Tests hold the answers equal to a full check's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from matcher.engine.cells import explore
from matcher.engine.decide import Outcome, decider, maker
from matcher.engine.memory import remembered
from matcher.engine.registration import last_day
from matcher.engine.status import FAIL, outcome
from matcher.engine.worlds import Context, Split, World, told
from matcher.rulebook import Rulebook, Scalar, SchemeEdition

POSITIVE = ("eligible", "needs_decision")
NOTHING: Outcome = ("not_entitled", "none", 0, 0)
Entitled = Callable[[Mapping[str, Scalar]], Outcome]


class _Fails(Exception):
    """A completion under which the firm has nothing."""


def entitled(rulebook: Rulebook, day: date, slug: str) -> Entitled | None:
    """The function that decides from parsed facts; its outcome is the engine's where that is positive, else any other
    status. None where nobody can be entitled on the day."""
    edition = rulebook.scheme_at(slug, day)
    if edition.body is None or edition.scheme.kind == "restriction":
        return None
    exact, number = decider(rulebook, day, slug), day.toordinal()
    context = Context.of(rulebook, number)

    def otherwise(facts: Mapping[str, Scalar], _day: int) -> Outcome:
        return exact(facts) if _never_fails(edition, World(context, told(facts))) else NOTHING

    needed = (
        name for route in edition.body.routes for name in (*route.benefit.needs, route.benefit.exact_once) if name
    )
    known = remembered(dict.fromkeys((*edition.facts, *needed)), otherwise)
    return maker(edition, known)(number, last_day(edition.scheme, day))


def _never_fails(edition: SchemeEdition, world: World) -> bool:
    body = edition.body
    assert body is not None

    def program(here: World) -> str | Split:
        found = outcome(body, here)
        if found == FAIL:
            raise _Fails
        return found

    try:
        explore(program, world)
    except _Fails:
        return False
    return True
