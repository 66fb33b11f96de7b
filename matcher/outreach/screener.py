"""Decides what one firm of the register after another is entitled to, quickly: most of them leave most facts untold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.engine import (
    FAIL,
    REGISTERED_ON,
    Context,
    Outcome,
    RuleError,
    Split,
    World,
    check,
    decider,
    explore,
    last_day,
    last_open,
    maker,
    outcome,
    remembered,
    told,
)
from matcher.firms import ReadItems, read_key, read_told, read_value
from matcher.population import FirmWithItems, line_of_all
from matcher.rulebook import Rulebook, SchemeEdition
from matcher.rulebook.language import Scalar, kind_of

from .listing import POSITIVE
from .service import FoundEntitlement

# ---------------------------------------------------------------------------------------------------------------------
# Decides quickly what a firm is entitled to, for going over a whole register: most firms leave most facts untold.
#
# Where the told facts settle a scheme, the engine's quick reading answers. Where they do not, one completion of the
# untold ones under which the firm has nothing is enough to know that it is not entitled yet, and ends the search;
# only where none is found is the exact reading asked. Tests hold the answers equal to a full check's.
# ---------------------------------------------------------------------------------------------------------------------


NOTHING: Outcome = ("not_entitled", "none", 0, 0)

Entitled = Callable[[Mapping[str, Scalar]], Outcome]


class _Fails(Exception):
    """A completion under which the firm has nothing."""


def entitled(rulebook: Rulebook, day: date, slug: str) -> Entitled | None:
    """The function that decides from parsed facts; its outcome is the engine's where that is positive, else any other
    status. None where nobody can be entitled on the day."""
    edition = rulebook.scheme_at(slug, day)
    if edition.body is None or edition.scheme.kind == "restriction":
        return None
    exact, number = decider(rulebook, day, slug), day.toordinal()
    if slug in rulebook.quantified:
        return exact
    context = Context.of(rulebook, number)

    def otherwise(facts: Mapping[str, Scalar], _day: int) -> Outcome:
        return exact(facts) if _never_fails(edition, World(context, told(facts))) else NOTHING

    needed = (
        name for route in edition.body.routes for name in (*route.benefit.needs, route.benefit.exact_once) if name
    )
    known = remembered(dict.fromkeys((*edition.facts, *needed)), otherwise)
    return maker(edition, known)(number, last_day(edition.scheme, day))


def deciders(rulebook: Rulebook, day: date) -> dict[str, tuple[Entitled, bool]]:
    """The deciding function of every scheme that somebody can be entitled to on the day, and whether its rules are confirmed for
    it; of an unconfirmed one it decides by the last terms, on their last day."""
    found: dict[str, tuple[Entitled, bool]] = {}
    for slug, (on, is_confirmed) in days_of(rulebook, day).items():
        decide = entitled(rulebook, on, slug)
        if decide is not None:
            found[slug] = (decide, is_confirmed)
    return found


def days_of(rulebook: Rulebook, day: date) -> dict[str, tuple[date, bool]]:
    """The day by whose rules every scheme is decided on a day, and whether they are confirmed for it; of those alone that somebody
    can be entitled to."""
    found: dict[str, tuple[date, bool]] = {}
    for slug in rulebook.parsed:
        edition, on = rulebook.scheme_at(slug, day), day
        if edition.state == "unconfirmed":
            before = last_open(edition.scheme, day)
            on = day if before is None or before.until is None else before.until
        if rulebook.scheme_at(slug, on).body is not None and edition.scheme.kind != "restriction":
            found[slug] = (on, on == day)
    return found


def _never_fails(edition: SchemeEdition, world: World) -> bool:
    body = edition.body
    assert body is not None

    def program(here: World) -> str | Split:
        found = outcome(body, here)
        if found == FAIL:
            raise _Fails
        return found

    try:
        explore(program, world)
    except _Fails:
        return False
    return True


_MOST_VALUES = 100_000


@dataclass(frozen=True)
class Screener:
    """Decides all schemes of a day for one firm after another, by the quick reading; unconfirmed ones by their last terms."""

    rulebook: Rulebook
    day: date
    _deciders: dict[str, tuple[Entitled, str | None]] = field(default_factory=dict)
    _by_last_terms: dict[str, Entitled] = field(default_factory=dict)
    _values: dict[tuple[str, type, object], Scalar | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for slug, (decide, is_confirmed) in deciders(self.rulebook, self.day).items():
            if is_confirmed:
                self._deciders[slug] = (decide, self._recipient(slug))
            else:
                self._by_last_terms[slug] = decide

    def found(self, firm_id: str, facts: Mapping[str, object]) -> Iterator[FoundEntitlement]:
        """What a firm is entitled to, from facts as told; a fact that cannot be read is not known. What an unconfirmed scheme would
        give by its last terms has the status ``unconfirmed``: it is counted, and no firm is told of it."""
        if any(read_key(name) for name in facts):
            yield from self._found_over(firm_id, read_told(self.rulebook, facts))
            return
        read = self.read(facts)
        district = read.get("district")
        for slug, (decide, recipient) in self._deciders.items():
            try:
                status, kind, low, _ = decide(read)
            except RuleError:  # too many completions to go through: not known to be entitled
                continue
            if status in POSITIVE:
                whose = recipient or self._exactly(read, slug)
                fen = low if kind == "exact" else None
                yield FoundEntitlement(
                    slug, firm_id, district if isinstance(district, str) else None, status, whose, fen
                )
        timeless = {name: value for name, value in read.items() if name != REGISTERED_ON}
        for slug, decide in self._by_last_terms.items():
            try:
                status, kind, low, _ = decide(timeless)
            except RuleError:
                continue
            if status in POSITIVE:
                fen = low if kind == "exact" else None
                place = district if isinstance(district, str) else None
                yield FoundEntitlement(slug, firm_id, place, "unconfirmed", None, fen)

    def _found_over(self, firm_id: str, read: ReadItems) -> Iterator[FoundEntitlement]:
        """The same of a firm with several loans, projects …: one entry a scheme, with the sum of those that are sure."""
        district = read.firm.get("district")
        place = district if isinstance(district, str) else None
        decisions = FirmWithItems(read.firm, read.items).decide(self.rulebook, self.day, self._deciders)
        for slug, some in decisions.items():
            status, kind, low, _, recipient, own = line_of_all(self.rulebook, some)
            if status in POSITIVE:
                fen = low if kind == "exact" else None
                yield FoundEntitlement(slug, firm_id, place, status, recipient, fen, own or kind != "none")
        timeless = {name: value for name, value in read.firm.items() if name != REGISTERED_ON}
        for slug, decide in self._by_last_terms.items():
            kind = kind_of(self.rulebook.schemes[slug].object)
            known: list[Mapping[str, Scalar]] = [read.items.facts_of(timeless, item) for item in read.items.of(kind)]
            for facts in known or [read.items.facts_without(timeless, kind)]:
                try:
                    status_, amount, low, _ = decide(facts)
                except RuleError:
                    continue
                if status_ in POSITIVE:
                    yield FoundEntitlement(
                        slug, firm_id, place, "unconfirmed", None, low if amount == "exact" else None
                    )
                    break

    @property
    def days(self) -> dict[str, tuple[date, bool]]:
        """As `days_of` gives them."""
        return days_of(self.rulebook, self.day)

    def read(self, facts: Mapping[str, object]) -> dict[str, Scalar]:
        """As `read_facts` reads them; most values of a register are the same few, and are read once."""
        read: dict[str, Scalar] = {}
        for name, stated in facts.items():
            fact = self.rulebook.facts.get(name)
            if fact is None or stated is None or isinstance(stated, list | dict):
                continue
            key = (name, type(stated), stated)
            if key not in self._values:
                if len(self._values) >= _MOST_VALUES:
                    self._values.clear()
                self._values[key] = read_value(fact, stated)[0]
            value = self._values[key]
            if value is not None:
                read[name] = value
        return read

    def _recipient(self, slug: str) -> str | None:
        """Who gets it, where that does not depend on the firm."""
        body = self.rulebook.scheme_at(slug, self.day).body
        found = (
            {route.recipient if isinstance(route.recipient, str) else None for route in body.routes} if body else set()
        )
        return found.pop() if len(found) == 1 else None

    def _exactly(self, facts: Mapping[str, Scalar], slug: str) -> str | None:
        return check(self.rulebook, facts, self.day, [slug])[0].recipient
