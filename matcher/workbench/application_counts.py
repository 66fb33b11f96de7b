"""Whether a firm learns where and until when to apply: departments, offices and closing days, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from matcher.rulebook import Rulebook, SchemeEdition, named_in

Counts = dict[str, dict[str, int]]


def application_counts(rulebook: Rulebook, day: date) -> Counts:
    """`departments`: schemes whose department is an office that is known; `offices`: those of the city with a number to call, and with
    an address; `closing`: schemes that give a sum on ``day``, with a day to keep, with the reason why none is written, with neither."""
    offices = rulebook.offices.values()
    city = [one for one in offices if one.level == "city"]
    closing = Counter(map(_closing, _with_money(rulebook, day)))
    return {
        "departments": {
            "of": len(rulebook.schemes),
            "known": sum(bool(named_in(one.department.zh, offices)) for one in rulebook.schemes.values()),
        },
        "offices": {
            "of": len(city),
            "hotline": sum(one.hotline is not None for one in city),
            "page": sum(one.page is not None for one in city),
        },
        "closing": {"of": closing.total(), **{key: closing[key] for key in ("day", "ground", "missing")}},
    }


def _with_money(rulebook: Rulebook, day: date) -> Iterator[SchemeEdition]:
    """What is in force on the day and reckons a sum."""
    for slug in rulebook.parsed:
        edition = rulebook.scheme_at(slug, day)
        routes = () if edition.body is None or edition.scheme.kind != "support" else edition.body.routes
        if any(route.benefit.expr is not None for route in routes):
            yield edition


def _closing(edition: SchemeEdition) -> str:
    version = edition.version
    assert version is not None
    if any(one.closes or one.recurs or one.within for one in version.deadlines):
        return "day"
    return "missing" if version.no_deadline is None else "ground"
