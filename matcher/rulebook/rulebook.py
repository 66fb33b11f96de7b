"""The rulebook: the vocabulary, the instruments, the dated figures and the schemes, and its editions by day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from matcher.rulebook.language import Const, Node, Quantified, walk

from .document import NO_DOCUMENT, PolicyDocument
from .edition import (
    Edition,
    Figure,
    Given,
    ResolvedBody,
    ResolvedRoute,
    Resolver,
    SchemeEdition,
    Sum,
    figures_used,
    reads,
    uses_day,
)
from .files import Fact, Instrument, Scheme, SearchWords
from .gates import NO_GATES, Gate
from .interplay import Relation
from .likely import NOT_SAID, Likely
from .names import NOTHING, Names
from .offices import NO_OFFICES, Office, named_in
from .parsed import MissingFigure, ParameterHistory, ParsedBody, ParsedRoute, ParsedScheme
from .presumed import NOTHING_PRESUMED, Presumptions
from .shapes import Text
from .typical import NOTHING_TYPICAL, Typical
from .versions import Version
from .vocabulary import Group, Series, heading_of


@dataclass(slots=True)
class Rulebook:
    """Everything under rules/, checked. ``hash`` is over the content of the files, 64 hexadecimal digits."""

    hash: str
    facts: Mapping[str, Fact]
    instruments: Mapping[str, Instrument]
    parameters: Mapping[str, ParameterHistory]
    parsed: Mapping[str, ParsedScheme]
    names: Names
    industry_classes: frozenset[str] = frozenset()
    relations: tuple[Relation, ...] = ()
    document: PolicyDocument = NO_DOCUMENT
    gates: Mapping[str, Gate] = field(default_factory=lambda: NO_GATES)
    likely: Likely = NOT_SAID
    presumed: Presumptions = NOTHING_PRESUMED
    typical: Typical = NOTHING_TYPICAL
    groups: Mapping[str, Group] = field(default_factory=dict)  # in the order in which a firm is asked
    series: Mapping[str, Series] = field(default_factory=dict)
    offices: Mapping[str, Office] = field(default_factory=lambda: NO_OFFICES)
    synonyms: tuple[SearchWords, ...] = ()
    is_draft: bool = False  # other rules than the installation's own, tried out: no letter is issued from them
    _editions: dict[date, Edition] = field(default_factory=dict)
    _segments: dict[tuple[str, int], SchemeEdition] = field(default_factory=dict)
    _turns: dict[str, list[date]] = field(default_factory=dict)
    worked_out: dict[Any, Any] = field(
        default_factory=dict, repr=False
    )  # the engine's: derived enumerations, by what is told

    compiled: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What others made of these rules, to be used again (`population`): never another rulebook's, whatever is replaced."""

    _quantified: frozenset[str] | None = field(default=None, repr=False)
    _schemes: dict[str, Scheme] | None = field(default=None, init=False, repr=False, compare=False)
    _labels: dict[str, Text] | None = field(default=None, init=False, repr=False, compare=False)
    _reached: dict[str, tuple[Office, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def quantified(self) -> frozenset[str]:
        """The schemes of which some rule speaks of all items of a kind (any, all, sum, count); found once."""
        if self._quantified is None:
            self._quantified = frozenset(slug for slug, parsed in self.parsed.items() if _is_over_items(parsed))
        return self._quantified

    @property
    def schemes(self) -> Mapping[str, Scheme]:
        """The schemes by slug, in the catalogue's order; gathered once, since a check asks some twenty times."""
        if self._schemes is None:
            self._schemes = {slug: parsed.scheme for slug, parsed in self.parsed.items()}
        return self._schemes

    @property
    def parameter_labels(self) -> Mapping[str, Text]:
        """What each dated figure is called; gathered once, since every scheme's reasons are worded with them."""
        if self._labels is None:
            self._labels = {name: history.parameter.label for name, history in self.parameters.items()}
        return self._labels

    def offices_of(self, scheme: Scheme) -> tuple[Office, ...]:
        """The offices that a firm of the city reaches for a scheme, in the order in which its department names them; looked for once,
        since a page asks for all of its schemes. Nothing where the rules say no office."""
        words = scheme.department.zh
        if words not in self._reached:
            self._reached[words] = tuple(
                one for one in named_in(words, self.offices.values()) if one.level != "national"
            )
        return self._reached[words]

    def group_label(self, group: str) -> Text:
        """The heading of a group of facts; its own name where the rules give it none."""
        return heading_of(self.groups, group)

    def series_label(self, series: str) -> Text:
        """The heading of a series of quarterly figures; its own name where the rules give it none."""
        return heading_of(self.series, series)

    def group_rank(self, group: str) -> tuple[int, str]:
        """A sort key that puts groups in the order in which a firm is asked; those without a heading come last."""
        return (list(self.groups).index(group) if group in self.groups else len(self.groups)), group

    def at(self, day: date) -> Edition:
        """The edition of ``day``. Editions are cached; two days between which nothing changes share their schemes."""
        if day not in self._editions:
            if len(self._editions) > 5000:
                self._editions.clear()
            self._editions[day] = Edition(day, {slug: self.scheme_at(slug, day) for slug in self.parsed})
        return self._editions[day]

    def scheme_at(self, slug: str, day: date) -> SchemeEdition:
        """One scheme on ``day``."""
        segment = bisect_right(self.turns(slug), day)
        if (slug, segment) not in self._segments:
            self._segments[slug, segment] = self._resolve(self.parsed[slug], day)
        return self._segments[slug, segment]

    def missing_figures(self, slug: str, day: date) -> tuple[str, ...]:
        """The parameters that the scheme's rules of ``day`` need and that have no value on it, in alphabetical order; a loaded
        rulebook has none."""
        parsed, missing = self.parsed[slug], set()
        if version_on(parsed.scheme, day)[1] != "open":
            return ()

        def constant(name: str) -> Const:
            entry = self.parameters[name].on(day)
            if entry is None:
                missing.add(name)
            return (entry or self.parameters[name].values[-1])[1]

        for body in parsed.bodies:
            if body.body.holds(day):
                _resolve_body(body, Resolver(parsed.names, day, constant), parsed.scheme)
        return tuple(sorted(missing))

    def concept_at(self, name: str, day: date) -> Node:
        """The expression of a concept on ``day``, for asking it by itself. Raises LanguageError where there is none."""
        resolver = Resolver(self.names, day, lambda parameter: self._constant(parameter, day))
        node = self.names.name(name)
        assert node is not None
        return resolver.node(node)

    def turns(self, slug: str) -> list[date]:
        """The first days of all spans in which the scheme's rules stay the same, in order."""
        if slug not in self._turns:
            self._turns[slug] = sorted(set(self._days_of_change(self.parsed[slug])))
        return self._turns[slug]

    def next_turn(self, day: date) -> date | None:
        """The first day after ``day`` on which the rules of any scheme change; None where none is known."""
        following = (turns[place] for turns, place in self._following(day) if place < len(turns))
        return min(following, default=None)

    def _following(self, day: date) -> Iterable[tuple[list[date], int]]:
        return ((turns, bisect_right(turns, day)) for turns in map(self.turns, self.parsed))

    def facts_needed(self, slugs: Iterable[str] | None = None) -> tuple[str, ...]:
        """The facts that the rules of these schemes (all, unless named) read on any day, in the vocabulary's order."""
        wanted: set[str] = set()
        for slug in self.parsed if slugs is None else slugs:
            for day in [date(1990, 1, 1), *self.turns(slug)]:
                wanted.update(self.scheme_at(slug, day).facts)
        return tuple(fact for fact in self.facts if fact in wanted)

    def _days_of_change(self, parsed: ParsedScheme) -> Iterable[date]:
        spans: list[tuple[date | None, date | None]] = [(v.from_, v.until) for v in parsed.scheme.versions]
        for body in parsed.bodies:
            spans.append((body.body.from_, body.body.until))
            spans += [(route.from_, route.until) for route in body.routes]
            spans += [(c.from_, c.until) for tree in body.trees() for c in tree.walk()]
        spans += [(c.from_, c.until) for m in parsed.names.meanings.values() if m.condition for c in m.condition.walk()]
        for name in parsed.parameters():
            spans += [(value.from_, value.until) for value, _, _ in self.parameters[name].values]
        for first, last in spans:
            if first:
                yield first
            if last and last < date.max:
                yield last + timedelta(days=1)

    def _resolve(self, parsed: ParsedScheme, day: date) -> SchemeEdition:
        version, state = version_on(parsed.scheme, day)
        if state != "open":
            return SchemeEdition(parsed.scheme, version, state)
        body = next(body for body in parsed.bodies if body.body.holds(day))
        resolved = _resolve_body(
            body, Resolver(parsed.names, day, lambda name: self._constant(name, day)), parsed.scheme
        )
        figures = tuple(self._figure(name, day) for name in sorted(figures_used(resolved)))
        return SchemeEdition(parsed.scheme, version, state, resolved, figures, reads(resolved), uses_day(resolved))

    def _constant(self, name: str, day: date) -> Const:
        entry = self.parameters[name].on(day)
        if entry is None:
            raise MissingFigure(name, day)
        return entry[1]

    def _figure(self, name: str, day: date) -> Figure:
        history = self.parameters[name]
        entry = history.on(day)
        assert entry is not None
        return Figure(name, history.parameter.label, entry[0], entry[2])


def _is_over_items(parsed: ParsedScheme) -> bool:
    expressions = (node for body in parsed.bodies for node in body.expressions())
    return any(isinstance(part, Quantified) for node in expressions for part in walk(node))


def version_on(scheme: Scheme, day: date) -> tuple[Version | None, str]:
    """The version of a scheme on ``day`` and its state; before the first it is not yet open, after the last it has ended."""
    for version in scheme.versions:
        if version.holds(day):
            return version, version.state or "open"
    first = scheme.versions[0].from_
    if first is not None and day < first:
        return None, "not_yet"
    past = [version for version in scheme.versions if version.until is not None and version.until < day]
    return (past[-1] if past else None), "ended"


def _resolve_body(body: ParsedBody, resolver: Resolver, scheme: Scheme) -> ResolvedBody:
    day = resolver.day
    routes = [
        route for route in body.routes
        if (route.from_ is None or route.from_ <= day) and (route.until is None or day <= route.until)
    ]  # fmt: skip
    resolved = tuple(_resolve_route(route, body, resolver) for route in routes) or (
        _resolve_route(ParsedRoute("route", None, None, NOTHING, None, (), None, (), None, None), body, resolver),
    )
    return ResolvedBody(
        resolver.condition(body.requires),
        resolved,
        scheme.settled_by == "nobody" and body.body.award is None,
        tuple(resolver.condition(one) for one in body.ask_first),
    )


def _resolve_route(route: ParsedRoute, body: ParsedBody, resolver: Resolver) -> ResolvedRoute:
    benefit = route.benefit or body.benefit
    recipient = route.recipient or body.recipient
    given = {one.id: one for one in (*body.gives, *route.gives)}
    return ResolvedRoute(
        route.id,
        route.label,
        None if route.when is None else resolver.condition(route.when),
        resolver.condition(route.requires),
        _resolve_sum(benefit, resolver),
        tuple(_resolve_given(one, resolver) for one in given.values()),
        recipient if isinstance(recipient, str) else resolver.node(recipient),
        route.fails_on,
        route.undecided,
    )


def _resolve_sum(benefit: Sum, resolver: Resolver) -> Sum:
    expr, least = (None if node is None else resolver.node(node) for node in (benefit.expr, benefit.least))
    return replace(benefit, expr=expr, least=least)


def _resolve_given(given: Given, resolver: Resolver) -> Given:
    unless = None if given.unless is None else resolver.node(given.unless)
    return replace(given, expr=resolver.node(given.expr), unless=unless)
