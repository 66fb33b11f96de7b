"""Cross-checks of a parsed rulebook: what no single file can know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from matcher.rulebook.language import Derived, Fact, ItemKind, Node, Quantified, is_readable, kind_of, walk

from . import files
from .parsed import ParsedScheme
from .reading import Document, Place, Problem
from .rulebook import Rulebook


def run(
    rulebook: Rulebook, problems: list[Problem], schemes: Mapping[str, Document], parameters: Mapping[str, Place]
) -> None:
    """Report every fault found. ``schemes`` and ``parameters`` say where each is written."""
    for slug, parsed in rulebook.parsed.items():
        place = Place(schemes[slug], (), problems)
        _versions(parsed, place)
        _papers(rulebook, parsed, place)
        _bodies(rulebook, parsed, place)
        _findings(parsed, place)
        _of_its_items(rulebook, parsed, place)
        _figures(rulebook, parsed, parameters)
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
        for name in fact.advise_if:
            if name not in facts or facts[name].is_finding:
                (place / "advise_if").report(
                    f"{name!r} is no fact that a firm tells: name some of which it must have something"
                )


def _papers(rulebook: Rulebook, parsed: ParsedScheme, place: Place) -> None:
    """A paper that only some firms need says so by facts and words of the vocabulary."""
    for index, paper in enumerate(parsed.scheme.evidence):
        for name, words in paper.when.items():
            fact, here = rulebook.facts.get(name), place / "evidence" / index / "when"
            known = tuple(fact.values) if fact is not None and fact.type == "enum" else (True, False)
            if fact is None or fact.type not in ("enum", "boolean"):
                here.report(f"{name!r} is no fact with words or yes and no")
            elif not set(known).issuperset(words):
                here.report(f"{name!r} has the words {', '.join(map(str, known))} and no others")


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


def _of_its_items(rulebook: Rulebook, parsed: ParsedScheme, place: Place) -> None:
    """A scheme reads facts of the item that it is about, of those that it may belong to, and of the firm; no others.

    Inside any, all, sum and count it reads those of each item; what is worked out (a size class) is the firm's there.
    """
    own = kind_of(parsed.scheme.object)
    read = dict.fromkeys(fact for body in parsed.bodies for node in body.expressions() for fact in _read(node, own))
    for name, kind, is_derived in read:
        fact = rulebook.facts.get(name)
        if fact is None or (is_readable(fact.of, kind) and not (is_derived and fact.of)):
            continue
        of, about = " and ".join(fact.of), parsed.scheme.object if kind == own else kind
        (place / "object").report(
            f"{name!r} is a fact of {of}, and the scheme is about {about}: name this object in the fact's of "
            "too, leave of out where the firm has one such fact, or ask any, all, sum or count of them"
        )


def _read(
    node: Node, kind: ItemKind | None, inside: bool = False, is_derived: bool = False
) -> Iterator[tuple[str, ItemKind | None, bool]]:
    """Every fact read, with the kind of item that it is read of (None: the firm), and whether an enumeration is worked out of it
    inside any, all, sum or count."""
    if isinstance(node, Fact):
        yield node.id, kind, is_derived
    if isinstance(node, Quantified):
        kind, inside = node.kind, True
    for part in node.parts:
        yield from _read(part, kind, inside, is_derived or (inside and isinstance(node, Derived)))


def _figures(rulebook: Rulebook, parsed: ParsedScheme, parameters: Mapping[str, Place]) -> None:
    """Every parameter has a value on every day on which a rule needs it; each that has not is reported once a scheme."""
    slug, met = parsed.scheme.slug, set()
    for version in parsed.scheme.versions:
        if version.state is not None:
            continue
        for day in _days(rulebook, parsed, version.from_, version.until):
            for name in rulebook.missing_figures(slug, day):
                if name not in met:
                    met.add(name)
                    place = parameters[name]
                    last = len(rulebook.parameters[name].values) - 1
                    (place / "values" / last).report(
                        f"{name!r} has no value on {day}, which {slug} needs: add one that begins by then"
                    )


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
