"""How likely a firm knows an answer, and which: for the order of questions; read from rules/reference/likely.yaml and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from .build import shape
from .files import Fact
from .reading import Document, Place
from .shapes import Shape, Text, exact

FILE = "reference/likely.yaml"


def _share(value: Any) -> float:
    share = exact(value)
    if not 0 < share < 1:
        raise ValueError("a share lies between 0 and 1")
    return float(share)


Share = Annotated[float, BeforeValidator(_share)]


class WrittenThing(Shape):
    """A thing as the file writes it."""

    share: Share
    begins: Annotated[list[str], Field(min_length=1)]


class WrittenUsual(Shape):
    """The usual value of an enumeration."""

    value: str
    share: Share


class WrittenTrade(Shape):
    """The usual value of an enumeration for the firms of some divisions."""

    industry: Annotated[list[str], Field(min_length=1)]
    value: str


class WrittenFacts(Shape):
    """Whole groups of facts, and single ones."""

    groups: list[str] = Field(default_factory=list)
    facts: list[str] = Field(default_factory=list)


class Subject(Shape):
    """Groups of the vocabulary that may share a list, and its heading."""

    groups: Annotated[list[str], Field(min_length=1)]
    label: Text


class WrittenLikely(Shape):
    """The file."""

    things: list[WrittenThing]
    counted: list[str]
    yes: dict[str, Share]
    usual: dict[str, WrittenUsual]
    by_trade: dict[str, list[WrittenTrade]] = Field(default_factory=dict)
    nothing: list[str]
    declarations: WrittenFacts = Field(default_factory=WrittenFacts)
    affirmed: WrittenFacts = Field(default_factory=WrittenFacts)
    only_by_name: WrittenFacts = Field(default_factory=WrittenFacts)
    subjects: list[Subject] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a share of the firms has; the questions about it are those whose names begin with one of ``begins``."""

    share: float
    begins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likely:
    """``counted``: facts of which everybody can say "none". ``yes``: by group of the vocabulary, how often yes is the answer.
    ``usual``: by enumeration, its usual value and that value's share; ``by_trade``: those that the firm's trade tells, by division of
    GB/T 4754, and ``division`` that of the firm, if it is known (see ``of_trade``). ``nothing``: values for "nothing of the kind".
    ``declarations``: facts about what is forbidden or shameful, each asked by itself. ``affirmed``: facts to
    which most firms say yes, and a no takes money away: no button denies them. ``only_by_name``: facts asked of who chose their
    scheme by name. ``subjects``: which groups may share a list."""

    things: tuple[Thing, ...] = ()
    counted: frozenset[str] = frozenset()
    yes: Mapping[str, float] = field(default_factory=dict)
    usual: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    by_trade: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    division: int | None = None
    nothing: tuple[str, ...] = ()
    declarations: frozenset[str] = frozenset()
    affirmed: frozenset[str] = frozenset()
    only_by_name: frozenset[str] = frozenset()
    subjects: tuple[Subject, ...] = ()

    def of_trade(self, industry: object) -> Likely:
        """The same for a firm of an industry code, or of its beginning."""
        division = int(industry[:2]) if isinstance(industry, str) and industry[:2].isdigit() else None
        if division is None:
            return self
        told = {name: (values[division], TRADE_SHARE) for name, values in self.by_trade.items() if division in values}
        return replace(self, usual={**self.usual, **told}, division=division)

    def subject_of(self, group: str) -> Subject | None:
        """The subject of a group; None where it is one of its own."""
        return next((one for one in self.subjects if group in one.groups), None)

    def thing_of(self, name: str) -> Thing | None:
        """The thing a question is about; None where it is about the firm itself."""
        if name in self.counted:
            return None
        return next((thing for thing in self.things if name.startswith(thing.begins)), None)


NOT_SAID = Likely()

# A firm's trade tells the value so often.
TRADE_SHARE = 0.9


def read_likely(document: Document, facts: Mapping[str, Fact], place: Place) -> Likely:
    """What the file says; whatever is wrong is reported at its line."""
    written = shape(WrittenLikely, document.data, place)
    if written is None:
        return NOT_SAID
    for index, thing in enumerate(written.things):
        for begin in thing.begins:
            if not any(name.startswith(begin) for name in facts):
                (place / "things" / index / "begins").report(f"no fact begins with {begin!r}")
    for name in written.counted:
        if name not in facts:
            (place / "counted").report(f"unknown fact {name!r}")
    for group in written.yes:
        if all(fact.group != group for fact in facts.values()):
            (place / "yes" / group).report(f"no fact is of the group {group!r}")
    for name, usual in written.usual.items():
        if name not in facts or usual.value not in facts[name].values:
            (place / "usual" / name).report(f"{usual.value!r} is no value of a fact {name!r}")
    by_trade = {
        name: _by_trade(name, lines, facts, place / "by_trade" / name) for name, lines in written.by_trade.items()
    }
    for word in written.nothing:
        if all(word not in fact.values for fact in facts.values()):
            (place / "nothing").report(f"no fact has a value {word!r}")
    for index, subject in enumerate(written.subjects):
        for group in subject.groups:
            if all(fact.group != group for fact in facts.values()):
                (place / "subjects" / index).report(f"no fact is of the group {group!r}")
    return Likely(
        things=tuple(Thing(thing.share, tuple(thing.begins)) for thing in written.things),
        counted=frozenset(written.counted),
        yes=written.yes,
        usual={name: (usual.value, usual.share) for name, usual in written.usual.items()},
        by_trade=by_trade,
        nothing=tuple(written.nothing),
        declarations=_named(written.declarations, facts, place / "declarations"),
        affirmed=_named(written.affirmed, facts, place / "affirmed"),
        only_by_name=_named(written.only_by_name, facts, place / "only_by_name"),
        subjects=tuple(written.subjects),
    )


def _by_trade(name: str, lines: Iterable[WrittenTrade], facts: Mapping[str, Fact], place: Place) -> dict[int, str]:
    """The usual value of an enumeration by division."""
    found: dict[int, str] = {}
    for line in lines:
        if name not in facts or line.value not in facts[name].values:
            place.report(f"{line.value!r} is no value of a fact {name!r}")
        for span in line.industry:
            low, _, high = span.partition("-")
            if not (low.isdigit() and (high or low).isdigit()):
                place.report(f"{span!r} is no span of divisions: write '13-43' or '62'")
                continue
            found |= dict.fromkeys(range(int(low), int(high or low) + 1), line.value)
    return found


def _named(written: WrittenFacts, facts: Mapping[str, Fact], place: Place) -> frozenset[str]:
    """The facts of the groups, and those named by themselves."""
    for name in written.facts:
        if name not in facts:
            (place / "facts").report(f"unknown fact {name!r}")
    for group in written.groups:
        if all(fact.group != group for fact in facts.values()):
            (place / "groups").report(f"no fact is of the group {group!r}")
    by_group = (name for name, fact in facts.items() if fact.group in written.groups and not fact.is_finding)
    return frozenset((*by_group, *written.facts))
