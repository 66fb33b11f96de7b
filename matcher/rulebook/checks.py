"""Cross-checks of a parsed rulebook: what no single file can know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

from matcher.rulebook.language import Fact, walk

from . import files
from .parsed import MissingFigure, ParsedScheme
from .reading import Document, Place, Problem
from .rulebook import Rulebook


def run(
    rulebook: Rulebook, problems: list[Problem], schemes: Mapping[str, Document], parameters: Mapping[str, Place]
) -> None:
    """Report every fault found. ``schemes`` and ``parameters`` say where each is written."""
    for slug, parsed in rulebook.parsed.items():
        place = Place(schemes[slug], (), problems)
        _versions(parsed, place)
        _bodies(rulebook, parsed, place)
        _findings(parsed, place)
        _figures(rulebook, parsed, place)
    _unused(rulebook, parameters)
    for place in parameters.values():
        _spans_apart(place, place.document.data[place.path[0]].get("values", []), "values")


def parts(written: Iterable[tuple[files.Fact, Place]], facts: Mapping[str, files.Fact]) -> None:
    """Report every fact that is a part of something it cannot be a part of: a total is another number in the same unit."""
    for fact, place in written:
        whole = facts.get(fact.part_of or "")
        if fact.part_of is not None and (whole is None or (whole.type, whole.unit) != (fact.type, fact.unit)):
            (place / "part_of").report(f"{fact.part_of!r} is no fact of the same type and unit")
        elif whole is not None and (fact.type not in ("money", "integer", "number") or whole.part_of is not None):
            (place / "part_of").report("only a number is a part, and a total is a part of nothing itself")


def _versions(parsed: ParsedScheme, place: Place) -> None:
    """Versions follow each other without gap or overlap."""
    versions = parsed.scheme.versions
    for index, (before, after) in enumerate(pairwise(versions), 1):
        here = place / "versions" / index
        if before.until is None or after.from_ is None:
            here.report("only the first version may lack its first day, only the last its last day")
        elif after.from_ <= before.until:
            here.report(f"overlaps the version before, which lasts until {before.until}")
        elif after.from_ != before.until + timedelta(days=1):
            here.report(
                f"a gap: no version from {before.until + timedelta(days=1)} to {after.from_ - timedelta(days=1)}"
            )
        if before.instrument is None and before.state is None:
            (place / "versions" / (index - 1)).report("an open version names its instrument")


def _bodies(rulebook: Rulebook, parsed: ParsedScheme, place: Place) -> None:
    """On every day of an open version exactly one body is in force."""
    for index, version in enumerate(parsed.scheme.versions):
        if version.state is not None:
            continue
        for day in _days(rulebook, parsed, version.from_, version.until):
            count = sum(body.body.holds(day) for body in parsed.bodies)
            if count != 1:
                (place / "versions" / index).report(
                    f"{'no rules' if count == 0 else f'{count} sets of rules'} on {day}"
                )
                break
    for index, body in enumerate(parsed.bodies):
        if not any(
            v.state is None and _meet(v.from_, v.until, body.body.from_, body.body.until)
            for v in parsed.scheme.versions
        ):
            (place / "rules" / index).report("no open version uses these rules")


def _meet(first: date | None, last: date | None, other_first: date | None, other_last: date | None) -> bool:
    return (first or date.min) <= (other_last or date.max) and (other_first or date.min) <= (last or date.max)


def _days(rulebook: Rulebook, parsed: ParsedScheme, first: date | None, last: date | None) -> Iterable[date]:
    """One day of every span between ``first`` and ``last`` in which nothing changes."""
    start = first or date(1990, 1, 1)
    yield start
    yield from (day for day in rulebook.turns(parsed.scheme.slug) if start < day and (last is None or day <= last))


def _findings(parsed: ParsedScheme, place: Place) -> None:
    """The finding that settles a scheme is one of its conditions."""
    settled_by = parsed.scheme.settled_by
    if parsed.scheme.award == "by_department" and settled_by is None:
        (place / "award").report("settled_by is missing: the finding that settles it, or nobody")
    if settled_by in (None, "nobody"):
        return
    read = {
        part.id
        for body in parsed.bodies
        for node in body.expressions()
        for part in walk(node)
        if isinstance(part, Fact)
    }
    if settled_by not in read:
        (place / "settled_by").report(f"{settled_by!r} is not a condition of the scheme")


def _figures(rulebook: Rulebook, parsed: ParsedScheme, place: Place) -> None:
    """Every parameter has a value on every day on which a rule needs it."""
    for version in parsed.scheme.versions:
        if version.state is not None:
            continue
        for day in _days(rulebook, parsed, version.from_, version.until):
            try:
                rulebook.scheme_at(parsed.scheme.slug, day)
            except MissingFigure as error:
                (place / "rules").report(str(error))
            except StopIteration:
                return  # reported by _bodies


def _unused(rulebook: Rulebook, parameters: Mapping[str, Place]) -> None:
    used = set().union(*(parsed.parameters() for parsed in rulebook.parsed.values()), rulebook.names.parameters())
    for name, place in parameters.items():
        if name not in used:
            (place / "id").report(f"the parameter {name!r} is not used by any scheme or concept")


def _spans_apart(place: Place, values: list[dict[str, date]], key: str) -> None:
    """No two values of a parameter hold on one day."""
    for index, value in enumerate(values):
        for other in values[:index]:
            if _meet(value.get("from"), value.get("until"), other.get("from"), other.get("until")):
                (place / key / index).report("holds on a day on which another value of the parameter holds too")
