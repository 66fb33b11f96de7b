"""What a set of offers may not exceed: at most so many of a group, and at most so much money under a ceiling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matcher.engine.choose.offers import Held, Offer, Received
from matcher.rulebook.interplay import Relation

Bits = int  # a set of offers: bit i is the offer of index i


@dataclass(frozen=True, slots=True)
class Limit:
    """A relation as it binds certain offers: at most ``most`` of them, or at most ``cap`` fen paid to them together."""

    relation: Relation
    members: Bits
    most: int | None = None
    cap: int | None = None


def members(bits: Bits) -> Iterator[int]:
    """The indices in a set, ascending."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def limits_of(offers: Sequence[Offer], relations: Sequence[Relation], received: Received) -> tuple[Limit, ...]:
    """Every limit on these offers, in the order of the relations. A relation to something outside chooses nothing."""
    found: list[Limit] = []
    for relation in relations:
        if relation.kind == "excludes" and relation.outside is None:
            found += (Limit(relation, group, most=1) for group in _groups(offers, relation, relation.scope == "firm"))
        elif relation.kind == "shares_ceiling":
            found += _ceilings(offers, relation, received)
    return tuple(found)


def _ceilings(offers: Sequence[Offer], relation: Relation, received: Received) -> Iterator[Limit]:
    ceiling = relation.ceiling
    assert ceiling is not None
    together = ceiling.per == "firm" if ceiling.per else relation.scope == "firm"
    for group in _groups(offers, relation, together):
        if ceiling.count is not None:
            yield Limit(relation, group, most=max(0, ceiling.count - received.counts.get(relation.id, 0)))
        if ceiling.fen is not None:
            yield Limit(relation, group, cap=max(0, ceiling.fen - received.sums.get(relation.id, 0)))


def _groups(offers: Sequence[Offer], relation: Relation, together: bool) -> Iterable[Bits]:
    """The offers that a relation binds: all in one group, or those of each object in one."""
    groups: dict[str, Bits] = {}
    for index, offer in enumerate(offers):
        if relation.covers(offer.scheme, offer.item, offer.recipient):
            key = "" if together else offer.object
            groups[key] = groups.get(key, 0) | 1 << index
    return groups.values()


def barred_by(offer: Offer, relations: Iterable[Relation], held: Sequence[Held]) -> Relation | None:
    """The first strict `precedes` whose earlier title the firm does not hold; None where the offer is open.

    A predecessor that is a fact is a condition of the scheme itself: an offer that was decided has it.
    """
    for relation in relations:
        if relation.kind == "precedes" and relation.strict and relation.from_scheme is not None:
            bound = relation.covers(offer.scheme, offer.item, offer.recipient)
            if bound and not any(_is_before(title, relation, offer) for title in held):
                return relation
    return None


def _is_before(title: Held, relation: Relation, offer: Offer) -> bool:
    return (
        title.scheme == relation.from_scheme
        and relation.from_item in (None, title.item)
        and (relation.scope == "firm" or title.object in (None, offer.object))
    )


def shares(figures: Sequence[int | None], exact: Bits, chosen: Bits, limits: Iterable[Limit]) -> dict[int, int]:
    """What each chosen offer is paid, in fen, under every ceiling.

    Exact money fills a ceiling first, then in the order of the alphabet; ceilings in the order of the relations.
    """
    paid = {index: figures[index] or 0 for index in members(chosen)}
    for limit in limits:
        if limit.cap is not None:
            room = limit.cap
            inside = limit.members & chosen
            for index in (*members(inside & exact), *members(inside & ~exact)):
                paid[index] = min(paid[index], room)
                room -= paid[index]
    return paid
