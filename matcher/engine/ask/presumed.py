"""What is presumed of a firm by its trade, size and kind, so that it is never asked: nobody asks a noodle shop for its steel works."""

from __future__ import annotations

from dataclasses import replace

from matcher.rulebook import Presumption, Rulebook
from matcher.rulebook.language import Scalar

from .readings import Told

_STAFF = ("employees", "current_staff", "employees_end_last_month", "insured_employees")


def presume(rulebook: Rulebook, told: Told) -> Told:
    """The same with what is presumed of all that is not told; what the firm told itself stays as it is."""
    facts: dict[str, Scalar] = {}
    moot: set[str] = set()
    denied: set[str] = set()
    answered = {*told.facts, *told.bands, *told.unsure, *told.gates}
    for one in holding(rulebook, told):
        facts |= {name: value for name, value in one.none.items() if name not in answered}
        moot |= one.moot
        denied |= {gate for gate in one.gates if gate not in answered}
    return replace(
        told,
        facts={**told.facts, **facts},
        denied=told.denied | denied,
        presumed=told.presumed | facts.keys(),
        moot=told.moot | moot,
    )


def holding(rulebook: Rulebook, told: Told) -> tuple[Presumption, ...]:
    """The presumptions that hold for what a firm told."""
    staff = _most_staff(told)
    return tuple(one for one in rulebook.presumed.every if one.holds(told.facts, staff))


def _most_staff(told: Told) -> int | None:
    """The most people that the firm may have: by the largest exact figure of its staff, or else by its narrowest band, so that a wide
    band of one figure takes back nothing that another one ruled out. None where none is told."""
    exact = [value for name in _STAFF if isinstance(value := told.facts.get(name), int)]
    if exact:
        return max(exact)
    highs = (told.bands[name].high for name in _STAFF if name in told.bands)
    return min((high for high in highs if isinstance(high, int)), default=None)
