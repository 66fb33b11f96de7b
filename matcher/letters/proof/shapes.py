"""The parts of a receipt: a fact as it was told, an item with its facts, the first page, and the hashes of what is withheld."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from matcher.letters.compose import Line, Note, StatedBy, Summary
from matcher.rulebook import AmountKind, Recipient, Status
from matcher.rulebook.language import ItemKind

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

ItemId = Annotated[str, Field(pattern=r"^[\w-]{1,40}$")]


class Shape(BaseModel):
    """A part of a receipt: it has all its fields and no others, of exactly these types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Stated(Shape):
    """A fact as it was told, as text (yuan, true, 2026-01-05 …), and who stated it."""

    value: str
    by: StatedBy


class StatedItem(Shape):
    """One of several that the firm has, with the facts of it that bear on the letter."""

    kind: ItemKind
    id: ItemId
    name: Annotated[str, Field(max_length=200)] | None
    owner: ItemId | None
    facts: dict[str, Stated]


class PageLine(Shape):
    """A scheme as the first page has it (`compose.Line`); its sum in fen, the last day to act in ISO form; which of several it is
    about, where the firm has several."""

    scheme: str
    group: Literal["certain", "possible", "apart"]
    status: Status
    recipient: Recipient | None
    amount: AmountKind
    fen: int | None
    closes: str | None
    note: str
    item: ItemId | None = None

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without ``item`` where there is none: letters issued before items stay byte for byte as they are."""
        found: dict[str, Any] = write(self)
        return found if self.item is not None else {name: one for name, one in found.items() if name != "item"}


class PageOne(Shape):
    """The first page (`compose.Summary`): its lines, the three numbers in fen, the schemes for which there was no room, and what is
    only counted."""

    lines: tuple[PageLine, ...]
    numbers: tuple[int, int, int] | None
    more: tuple[str, ...]
    free: int
    bound: tuple[str, ...]
    counts: dict[Status, int]

    def summary(self) -> Summary:
        """The page as whoever words it takes it."""
        return Summary(
            lines=tuple(
                Line(
                    one.scheme,
                    one.group,
                    one.status,
                    one.recipient,
                    one.amount,
                    one.fen,
                    None if one.closes is None else date.fromisoformat(one.closes),
                    cast(Note, one.note),
                    one.item,
                )
                for one in self.lines
            ),
            numbers=self.numbers,
            more=self.more,
            free=self.free,
            bound=self.bound,
            counts=self.counts,
        )


class Withheld(Shape):
    """What the firm told beyond what bears on the letter: a salted hash of each such fact, and their root, from which any of them
    can be proved later."""

    root: Digest
    leaves: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")], ...]
