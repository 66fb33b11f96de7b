"""How schemes bear on each other: the shape of a relation, and what is wrong with those that rules/interplay.yaml writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from .files import Fact
from .reading import Place
from .shapes import Confidence, Dated, Exact, Shape, Slug, Text
from .terms import Recipient

Scope = Literal[
    "same_loan", "same_person", "same_equipment", "same_project", "same_tax", "same_period", "same_fee", "firm"
]


ShownAs = Literal["deferral", "deduction", "released_credit", "apart", "not_counted"]

Word = Annotated[str, Field(min_length=1, max_length=80)]

_KEYS = {
    "excludes": {"schemes"},
    "stacks": {"schemes", "order"},
    "never_adds": {"schemes", "shown_as"},
    "shares_ceiling": {"schemes", "ceiling"},
    "precedes": {"from_scheme", "from_item", "from_fact", "to", "strict"},
}


def _whole_fen(value: Fraction | None) -> Fraction | None:
    if value is not None and (value < 0 or (value * 100).denominator != 1):
        raise ValueError("a ceiling is a sum in yuan, not below zero, with at most two decimals")
    return value


class Ceiling(Shape):
    """The most that offers together pay (``value``, yuan), or the most offers there may be (``count``)."""

    value: Annotated[Exact | None, AfterValidator(_whole_fen)] = None
    count: Annotated[int, Field(ge=0)] | None = None
    per: Literal["firm", "object"] | None = None
    period: Literal["all", "year"] = "all"

    @model_validator(mode="after")
    def _some(self) -> Ceiling:
        if self.value is None and self.count is None:
            raise ValueError("a ceiling has a value or a count")
        return self

    @property
    def fen(self) -> int | None:
        """The value in fen."""
        return None if self.value is None else int(self.value * 100)


class Relation(Dated):
    """One relation. What it means for a choice stands in the header of rules/interplay.yaml."""

    id: Word
    kind: Literal["excludes", "stacks", "precedes", "shares_ceiling", "never_adds"]
    schemes: tuple[Word, ...] = ()
    from_scheme: Word | None = None
    from_item: Word | None = None
    from_fact: Word | None = None
    to: tuple[Word, ...] = ()
    items: dict[str, tuple[Word, ...]] = Field(default_factory=dict)
    recipient: Recipient | None = None
    outside: Text | None = None
    scope: Scope = "firm"
    strict: bool = False
    order: tuple[Word, ...] = ()
    ceiling: Ceiling | None = None
    shown_as: ShownAs | None = None
    rule: Text | None = None
    source: str | None = None
    confidence: Confidence | None = None

    @model_validator(mode="after")
    def _whole(self) -> Relation:
        for wrong in (*self._foreign(), *self._lacking(), *self._astray()):
            raise ValueError(wrong)
        return self

    @property
    def subjects(self) -> tuple[str, ...]:
        """The schemes that the relation binds: of a `precedes` those that come later."""
        return self.to if self.kind == "precedes" else self.schemes

    def covers(self, scheme: str, item: str | None, recipient: str | None) -> bool:
        """Whether an offer of this scheme, item and recipient is one that the relation binds."""
        return (
            scheme in self.subjects
            and (scheme not in self.items or item in self.items[scheme])
            and self.recipient in (None, recipient)
        )

    def named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every scheme that the relation names, with the path at which it stands."""
        for key in ("schemes", "to", "order"):
            for index, slug in enumerate(getattr(self, key)):
                yield (key, index), slug
        if self.from_scheme is not None:
            yield ("from_scheme",), self.from_scheme
        for slug in self.items:
            yield ("items", slug), slug

    def _foreign(self) -> Iterator[str]:
        for key in ("schemes", "order", "shown_as", "ceiling", "from_scheme", "from_item", "from_fact", "to", "strict"):
            if getattr(self, key) and key not in _KEYS[self.kind]:
                yield f"{key} has no meaning in a relation that {self.kind}"

    def _lacking(self) -> Iterator[str]:
        if self.kind != "precedes" and not self.schemes:
            yield f"schemes is missing: a relation of kind {self.kind} names at least one scheme"
        if self.kind == "precedes" and ((self.from_scheme is None) == (self.from_fact is None) or not self.to):
            yield "precedes has one predecessor (from_scheme or from_fact) and says before what it comes (to)"
        if self.kind == "shares_ceiling" and self.ceiling is None:
            yield "ceiling is missing"
        if self.kind == "never_adds" and self.shown_as is None:
            yield "shown_as is missing: deferral, deduction, released_credit, apart or not_counted"

    def _astray(self) -> Iterator[str]:
        for slug in self.items:
            if slug not in self.subjects:
                yield f"items narrows {slug!r}, which the relation does not bind"
        if self.order and sorted(self.order) != sorted(self.schemes):
            yield "order names each of the schemes once"
        if self.from_item is not None and self.from_scheme is None:
            yield "from_item is an item of from_scheme, which is missing"


class WrittenRelation(Relation):
    """A relation of the rulebook: it must say its rule, its source, how sure it is, and its scope.

    ``ends``: why it no longer holds although its schemes go on after its last day.
    """

    id: Slug
    scope: Scope
    rule: Text
    source: Annotated[str, Field(min_length=1)]
    confidence: Confidence
    ends: Text | None = None


def cross_check(
    relations: Iterable[tuple[WrittenRelation, Place]], facts: Mapping[str, Fact], slugs: Collection[str]
) -> None:
    """Report every scheme, fact and item that a relation names and that is nowhere defined."""
    values = {value for fact in facts.values() for value in fact.values}
    for relation, place in relations:
        for path, slug in relation.named():
            if slug not in slugs:
                _at(place, path).report(f"there is no scheme {slug!r}{_perhaps(slug, facts)}")
        if relation.from_fact is not None and relation.from_fact not in facts:
            (place / "from_fact").report(f"unknown fact {relation.from_fact!r}")
        for path, item in _items(relation):
            if item not in values:
                _at(place, path).report(f"{item!r} is an item of no scheme: no enumeration of the vocabulary has it")


def _items(relation: Relation) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if relation.from_item is not None:
        yield ("from_item",), relation.from_item
    for slug, items in relation.items.items():
        for index, item in enumerate(items):
            yield ("items", slug, index), item


def _at(place: Place, path: tuple[str | int, ...]) -> Place:
    for part in path:
        place = place / part
    return place


def _perhaps(slug: str, facts: Collection[str]) -> str:
    return "; a fact goes under from_fact" if slug in facts else ""
