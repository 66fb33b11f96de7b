"""What a firm has several of: its loans, projects, machines …, each with facts of its own; and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from matcher.rulebook import Text
from matcher.rulebook.language import BELONGS_TO, KIND_WORDS, ItemKind, Scalar

from .record import ItemRecord

Facts = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Item:
    """One of several. ``id`` is unlike that of any other item of the firm; ``owner`` is the id of the item that it is for."""

    kind: ItemKind
    id: str
    facts: Facts = field(default_factory=dict, hash=False)
    name: str | None = None
    owner: str | None = None

    @property
    def label(self) -> Text:
        """Its name; without one its kind and its id."""
        if self.name is not None:
            return Text(zh=self.name, en=self.name)
        words = KIND_WORDS[self.kind]
        number = self.id.removeprefix(f"{self.kind}-")
        return Text(zh=f"{words.zh}{number}", en=f"{words.en} {number}")

    def to_json(self) -> ItemRecord:
        """As a decision names it: ``{kind, id, name}``."""
        return {"kind": self.kind, "id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a firm in the order told, and the kinds of which it told all that it has."""

    all: tuple[Item, ...] = ()
    complete: frozenset[ItemKind] = frozenset()

    def of(self, kind: ItemKind | None) -> tuple[Item, ...]:
        """The items of one kind."""
        return tuple(item for item in self.all if item.kind == kind)

    def find(self, id_: str | None) -> Item | None:
        """The item of this id."""
        return next((item for item in self.all if item.id == id_), None)

    def owners(self, item: Item) -> Iterator[Item]:
        """What the item is for, and what that is for in turn, the nearest first."""
        owner = self.find(item.owner)
        while owner is not None:
            yield owner
            owner = self.find(owner.owner)

    def facts_of(self, firm: Facts, item: Item) -> dict[str, Scalar]:
        """What is known where a rule is about this item: of the firm, of what the item is for, and of the item itself."""
        known = dict(firm)
        owners = tuple(self.owners(item)) or self._only(item.kind)
        for one in (*reversed(owners), item):
            known.update(one.facts)
        return known

    def facts_without(self, firm: Facts, kind: ItemKind | None) -> Facts:
        """What is known where a rule is about a kind of which no item is told (None: about the firm)."""
        only = () if kind is None else self._only(kind)
        return {**firm, **{name: value for one in only for name, value in one.facts.items()}} if only else firm

    def _only(self, kind: ItemKind) -> tuple[Item, ...]:
        """Of each kind that this one may belong to the item that there is just one of, as if it were told flat."""
        ones = (self.of(owner) for owner in BELONGS_TO[kind])
        return tuple(found[0] for found in ones if len(found) == 1)


NO_ITEMS = Items()
