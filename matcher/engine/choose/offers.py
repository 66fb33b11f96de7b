"""What there is to choose among: offers, the line of the answer in which each figure stands, and what a set may not exceed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from matcher.rulebook import Relation, Text

# ---------------------------------------------------------------------------------------------------------------------
# What there is to choose among: offers, each with the line of the answer in which its figure stands.
# ---------------------------------------------------------------------------------------------------------------------


OPEN = frozenset({"eligible", "needs_decision"})

_OTHERS = frozenset({"institution", "worker", "area"})

MONEY, DEDUCTION, CREDIT, DEFERRAL, APART, NOTHING = (
    "money", "deduction", "released_credit", "deferral", "apart", "not_counted",
)  # fmt: skip

FIRMS_LINES = (MONEY, DEDUCTION, CREDIT, DEFERRAL)


_KIND_OF_SCOPE = {
    "same_loan": "loan",
    "same_project": "project",
    "same_equipment": "equipment",
    "same_person": "persons",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A decided scheme for one object. ``figure``: the most it comes to, in fen; None where no figure is known.

    ``owners``: what the object is for, as (kind, id): a loan for a project. ``label``: what the firm calls the object.
    """

    scheme: str
    object: str
    item: str | None = None
    status: str = "eligible"
    recipient: str | None = None
    figure: int | None = None
    exact: bool = False
    by_department: bool = False
    owners: tuple[tuple[str, str], ...] = ()
    label: Text | None = field(default=None, compare=False)

    def place(self, scope: str) -> str:
        """What stands for the object under a scope: under same_project the project that a loan is for, else the object itself."""
        kind = _KIND_OF_SCOPE.get(scope)
        return next((id_ for owner, id_ in self.owners if owner == kind), self.object)

    @property
    def key(self) -> tuple[str, str, str]:
        """Its place in the alphabet: by scheme, item, object."""
        return self.scheme, self.item or "", self.object

    def name(self) -> dict[str, str]:
        """How it is named in an answer."""
        item = {} if self.item is None else {"item": self.item}
        return {"scheme": self.scheme, **item, "object": self.object}


@dataclass(frozen=True, slots=True)
class Held:
    """A title the firm holds. Without an item (a level) or an object it is not known for which it was given."""

    scheme: str
    item: str | None = None
    object: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What was received before under each ceiling, by the relation's id: fen, or a number of offers under a count."""

    sums: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def line_of(offer: Offer, relations: Sequence[Relation]) -> str:
    """The line in which an offer is shown: as the first `never_adds` that covers it says, else by its recipient."""
    for relation in relations:
        if relation.kind == "never_adds" and relation.covers(offer.scheme, offer.item, offer.recipient):
            return relation.shown_as or NOTHING
    if offer.recipient in ("firm_cash", "firm_price"):
        return MONEY
    if offer.recipient == "firm_deferral":
        return DEFERRAL
    return APART if offer.recipient in _OTHERS else NOTHING


def figure_in_line(offer: Offer, line: str) -> int | None:
    """The figure that counts in one of the firm's own lines; None for titles, rights, payments to others, no figure."""
    return offer.figure if line in FIRMS_LINES else None


# ---------------------------------------------------------------------------------------------------------------------
# What a set of offers may not exceed: at most so many of a group, and at most so much money under a ceiling.
# ---------------------------------------------------------------------------------------------------------------------


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
            key = "" if together else offer.place(relation.scope)
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
        and (relation.scope == "firm" or title.object in (None, offer.place(relation.scope)))
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
