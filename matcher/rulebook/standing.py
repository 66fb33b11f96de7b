"""Whether it is said how schemes stand to each other: money for an object that another scheme pays for too, and relations that lapse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations

from .files import Scheme
from .interplay import Relation, WrittenRelation
from .parsed import ParsedScheme
from .reading import Place
from .rulebook import Rulebook, version_on

FIRST = date(2019, 1, 1)  # what lies before is asked about by nobody

_PAYS = frozenset({"firm_cash", "firm_price", "firm_deferral"})

_ONE_DAY = timedelta(days=1)


def check_standing(
    rulebook: Rulebook, schemes: Mapping[str, Place], relations: Iterable[tuple[WrittenRelation, Place]]
) -> None:
    """Report every scheme that leaves open how it stands to others, and every relation that lapses while its sides go on."""
    for slug, place in schemes.items():
        _silent(rulebook, slug, place)
    for relation, place in relations:
        _lapsed(rulebook, relation, place)


# --- a scheme that no relation names


def has_money(parsed: ParsedScheme) -> bool:
    """Whether a scheme pays, spares or defers money of the firm, or has a sum for anybody."""
    sums = (
        benefit
        for body in parsed.bodies
        for benefit in (body.benefit, *(route.benefit for route in body.routes))
        if benefit is not None
    )
    return parsed.scheme.kind == "support" and (
        parsed.scheme.recipient in _PAYS or any(one.expr is not None for one in sums)
    )


def _silent(rulebook: Rulebook, slug: str, place: Place) -> None:
    parsed = rulebook.parsed[slug]
    others = [
        one.scheme
        for one in rulebook.parsed.values()
        if one is not parsed and one.scheme.object == parsed.scheme.object and has_money(one)
    ]
    found = _first_silent_day(rulebook, parsed.scheme, others) if has_money(parsed) else None
    if parsed.scheme.alone is not None:
        if found is None:
            (place / "alone").report(
                "alone is not needed: a relation of interplay.yaml names the scheme on every day, or nothing else is paid "
                f"for the same object ({parsed.scheme.object})",
                zh="不用写alone：interplay.yaml里每一天都有关系提到这项政策，或者没有别的政策给同一对象资金",
            )
    elif found is not None:
        day, beside = found
        (place / "object").report(
            f"on {day} {', '.join(beside)} {'pays' if len(beside) == 1 else 'pay'} for the same object "
            f"({parsed.scheme.object}), and no relation says how this scheme stands to it: add one to rules/interplay.yaml, or "
            "alone: {zh: …, en: …} here with the reason why nothing is to be said",
            zh=f"{day}起与{'、'.join(beside)}给同一对象（{parsed.scheme.object}）资金，却没有写明相互关系："
            "请在rules/interplay.yaml里加一条关系，或在这里写alone: {zh: …, en: …}说明为什么不用写",
        )


def _first_silent_day(rulebook: Rulebook, scheme: Scheme, others: list[Scheme]) -> tuple[date, list[str]] | None:
    """The first day on which money of others for the same object is open beside the scheme's and no relation in force names it."""
    for day in _days(rulebook, [scheme, *others]):
        if is_open(scheme, day):
            beside = [one.slug for one in others if is_open(one, day)]
            if beside and not any(one.holds(day) and scheme.slug in sides(one) for one in rulebook.relations):
                return day, beside[:3]
    return None


def _days(rulebook: Rulebook, schemes: list[Scheme]) -> list[date]:
    """The first day of every span since 2019 in which the same schemes are open and the same relations hold."""
    spans = [(one.from_, one.until) for scheme in schemes for one in scheme.versions]
    spans += [(one.from_, one.until) for one in rulebook.relations]
    turns = {first for first, _ in spans if first} | {last + _ONE_DAY for _, last in spans if last and last < date.max}
    return sorted({FIRST, *(day for day in turns if day > FIRST)})


def is_open(scheme: Scheme, day: date) -> bool:
    """Whether the scheme has rules on the day."""
    return version_on(scheme, day)[1] == "open"


def sides(relation: Relation) -> tuple[str, ...]:
    """Every scheme that a relation names, those that come first included."""
    return tuple(dict.fromkeys(slug for _, slug in relation.named()))


# --- a relation that ends before what it relates


def _lapsed(rulebook: Rulebook, relation: WrittenRelation, place: Place) -> None:
    if relation.until is None or relation.until == date.max:
        if relation.ends is not None:
            (place / "ends").report(
                "ends says why a relation ends before its schemes; this one has no last day (until)",
                zh="ends说明关系为什么先于政策结束；这条关系没有写最后一天（until）",
            )
        return
    day = relation.until + _ONE_DAY
    left = next(_left_open(rulebook, relation, day), None)
    if left is None and relation.ends is not None:
        (place / "ends").report(
            "ends is not needed: its schemes do not go on after it, or another relation takes over",
            zh="不用写ends：政策到期即止，或已有别的关系接续",
        )
    if left is not None and relation.ends is None:
        (place / "until").report(
            f"the relation lapses on {relation.until} while {' and '.join(left)} "
            f"{'goes' if len(left) == 1 else 'go'} on: prolong it, add the one that follows, or write ends: {{zh: …, en: …}} "
            "with the reason why it no longer holds",
            zh=f"这条关系到{relation.until}为止，而{'、'.join(left)}还在执行：请延长、写出接续的关系，"
            "或写ends: {zh: …, en: …}说明为什么不再适用",
        )


def _left_open(rulebook: Rulebook, relation: WrittenRelation, day: date) -> Iterator[tuple[str, ...]]:
    """The schemes that the relation leaves without a word between them, and that no later relation of its kind takes up."""
    opened = [slug for slug in sides(relation) if is_open(rulebook.schemes[slug], day)]
    heirs = [
        one for one in rulebook.relations if one.id != relation.id and one.kind == relation.kind and one.holds(day)
    ]
    if relation.kind == "excludes" and len(relation.schemes) > 1:
        groups = [tuple(pair) for pair in combinations(opened, 2)]
    else:
        groups = [tuple(opened)] if set(opened) == set(sides(relation)) else []
    for group in groups:
        follow = [one for one in heirs if set(group) <= {slug for _, slug in one.named()}]
        if relation.kind == "precedes":
            follow = [
                one for one in follow if (one.from_scheme, one.from_fact) == (relation.from_scheme, relation.from_fact)
            ]
        if not follow:
            yield group
