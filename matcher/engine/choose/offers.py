"""What there is to choose among: offers, each with the line of the answer in which its figure stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matcher.rulebook.interplay import Relation

OPEN = frozenset({"eligible", "needs_decision"})
_OTHERS = frozenset({"institution", "worker", "area"})
MONEY, DEDUCTION, CREDIT, DEFERRAL, APART, NOTHING = (
    "money", "deduction", "released_credit", "deferral", "apart", "not_counted",
)  # fmt: skip
FIRMS_LINES = (MONEY, DEDUCTION, CREDIT, DEFERRAL)


@dataclass(frozen=True, slots=True)
class Offer:
    """A decided scheme for one object. ``figure``: the most it comes to, in fen; None where no figure is known."""

    scheme: str
    object: str
    item: str | None = None
    status: str = "eligible"
    recipient: str | None = None
    figure: int | None = None
    exact: bool = False
    by_department: bool = False

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
