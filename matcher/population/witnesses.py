"""Completions that show a status to be open: one value for every fact of a scheme, for what a firm did not tell.

A firm whose own facts come to different statuses with two of them is not settled; nothing else is concluded from them, so that a
poor choice costs time (more firms are read exactly) and never correctness.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.engine import FAIL, Context, RuleError, World, explore, outcome, point, route_taken, truth
from matcher.rulebook import Condition, Fact, ResolvedBody, ResolvedRoute, Rulebook, SchemeEdition
from matcher.rulebook.language import Const, Node, Rows, nodes, walk

from .graph import PARTS, largest
from .linear import dividend, linear

_MOST_WAYS = 4

_MOST_VALUES = 24

_MOST_TURNED = 2

Values = dict[str, Any]

Aim = list[tuple[Node, bool]]
"""Conditions, each with the truth that is wanted of it."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What stands in for a firm's untold facts, and then for the departments' findings: several ways."""

    firm: Mapping[str, Any]
    findings: tuple[Mapping[str, Any], ...] = ()


def witnesses(rulebook: Rulebook, edition: SchemeEdition, day: date, with_findings: bool) -> tuple[Fill, ...]:
    """A few completions: on each way to the scheme one in which as much as possible holds, and one in which as little does."""
    key = ("witnesses", day if edition.depends_on_day else None)
    found = edition.cache.get(key)  # type: ignore[call-overload]
    if found is None:
        found = edition.cache[key] = _Search(rulebook, edition, day).fills(with_findings)  # type: ignore[index]
    fills: tuple[Fill, ...] = found
    return fills


class _Search:
    """Looks for completions of one edition, by trying values next to its bounds."""

    def __init__(self, rulebook: Rulebook, edition: SchemeEdition, day: date) -> None:
        assert edition.body is not None
        self.rulebook, self.body, self.day = rulebook, edition.body, day.toordinal()
        self.context = Context.of(rulebook, self.day)
        parts = [part for node in self._nodes() for part in walk(node) if isinstance(part, nodes.Derived)]
        self.derived = list({part.id: part for part in parts if part.told}.values())
        derived = {part.id for part in parts}
        read = (part.id for node in self._nodes() for part in walk(node) if isinstance(part, nodes.Fact))
        self.names = [name for name in dict.fromkeys(read) if name not in derived]
        bodies = [part.body for node in self._nodes() for part in walk(node) if isinstance(part, nodes.Derived)]
        inside = {part.id for body in bodies for part in walk(body) if isinstance(part, nodes.Fact)}
        facts = rulebook.facts
        self.derived_from = [name for name in self.names if name in inside and facts[name].type in ("money", "integer")]
        self.near = _figures(self._nodes())
        self.codes = _codes(self._nodes(), rulebook)

    def _nodes(self) -> list[Node]:
        trees = (tree for tree in self.body.conditions())
        return [part.expr for tree in trees for part in tree.walk() if part.expr is not None]

    def fills(self, with_findings: bool) -> tuple[Fill, ...]:
        """The completions, the failing one first."""
        try:
            cells = explore(lambda here: outcome(self.body, here), World(self.context, {}))
        except RuleError:
            return ()
        refusals = (self._start(world) for world, found in cells if found == FAIL)
        low = next((values for values in refusals if values is not None), self._usual())
        made = [self._improved(low, self._refusal(self.body), passing=False)]
        seen: set[str] = set()
        for world, found in cells:
            route = None if found == FAIL else route_taken(self.body, world)
            if isinstance(route, ResolvedRoute) and route.id not in seen and len(seen) < _MOST_WAYS:
                values = self._start(world)
                if values is not None:
                    seen.add(route.id)
                    made.append(self._improved(values, self._way(self.body, route), passing=True))
        made += [
            self._improved(made[1], self._alternative(one), passing=True)
            for one in self._alternatives()
            if len(made) > 1
        ]
        turned = self._both_ways(self._refusal(self.body))
        made += [{**one, name: not one[name]} for one in made for name in turned]
        ways = (
            tuple({name: one[name] for name in one if self._is_finding(name)} for one in made) if with_findings else ()
        )
        return tuple(Fill({name: one[name] for name in one if not self._is_finding(name)}, ways) for one in made)

    def _is_finding(self, name: str) -> bool:
        return self.rulebook.facts[name].is_finding

    def _usual(self) -> Values:
        return {name: self._values(name)[0] for name in self.names}

    def _start(self, world: World) -> Values | None:
        """A firm inside a cell, with a value for every fact."""
        inside = point(world)
        if inside is None:
            return None
        return {**self._usual(), **{name: inside[name] for name in self.names if name in inside}}

    def _both_ways(self, aim: Aim) -> list[str]:
        """The yes/no facts that help in one place and hurt in another: both answers are tried."""
        found: dict[str, set[bool]] = {}
        for node, wanted in aim:
            if isinstance(node, nodes.Fact) and not self._is_finding(node.id):
                found.setdefault(node.id, set()).add(wanted)
        return [name for name, wants in found.items() if len(wants) > 1][:_MOST_TURNED]

    # --- what is aimed at

    def _alternatives(self) -> list[Condition]:
        """The ways to meet what one of several conditions must: the firm may have told what closes the one and leaves another open."""
        top = self.body.requires
        several = [
            tree
            for tree in (top, *(top.children if top.kind == "all" else ()))
            if tree.expr is None and tree.kind == "any"
        ]
        return [child for tree in several for child in tree.children][:_MOST_WAYS]

    def _alternative(self, chosen: Condition) -> Aim:
        return [
            *_atoms(chosen, wanted=True),
            *(atom for route in self.body.routes for atom in _atoms(route.requires, wanted=True)),
        ]

    def _refusal(self, body: ResolvedBody) -> Aim:
        aim = _atoms(body.requires, wanted=False)
        for route in body.routes:
            aim += _atoms(route.requires, wanted=False)
        return aim

    def _way(self, body: ResolvedBody, route: ResolvedRoute) -> Aim:
        aim = [*_atoms(body.requires, wanted=True), *_atoms(route.requires, wanted=True)]
        for other in body.routes:
            if other.when is not None:
                aim += _atoms(other.when, wanted=other is route)
            if other is route:
                break
        return aim

    def _improved(self, values: Values, aim: Aim, *, passing: bool) -> Values:
        """The same with one fact after another moved to where more of the aim is met, the outcome kept once it is reached."""
        kept, reached = dict(values), self._passes(values) is passing
        for name in self.names:
            concerned = [(node, wanted) for node, wanted in aim if _reads(node, name)]
            best, most = kept[name], self._met(concerned, kept)
            for value in self._values(name):
                tried = {**kept, name: value}
                met = self._met(concerned, tried)
                if met > most:
                    holds = self._passes(tried) is passing
                    if holds or not reached:
                        best, most, reached = value, met, holds
            kept[name] = best
        return self._named(self._led(self._pushed(kept, aim), aim), aim)

    def _pushed(self, values: Values, aim: Aim) -> Values:
        """The same with every figure of a sum that is compared at the end that helps: one alone may not move the sum enough."""
        kept = dict(values)
        for node, wanted in aim:
            if not isinstance(node, nodes.Compare) or node.op not in ("<", "<=", ">", ">="):
                continue
            left, right = linear(dividend(node.left)), linear(dividend(node.right))
            if left is None or right is None or len({*left, *right} - {""}) < 2:
                continue
            up = (node.op[0] == ">") is wanted
            for name in {*left, *right} & set(self.names):
                fact, share = self.rulebook.facts[name], left.get(name, Fraction(0)) - right.get(name, Fraction(0))
                least, most = fact.bounds
                parts = PARTS if fact.type in ("rate", "number") else 1
                top = Fraction(largest(fact), parts) if most is None else most
                end = top if (share > 0) is up else least if least is not None else -top
                kept[name] = Fraction(end) if parts > 1 else int(end)
        return kept

    def _led(self, values: Values, aim: Aim) -> Values:
        """The same with the figures that a size class is worked out from at the end that serves most industries: which of them count
        differs from industry to industry."""
        kept = dict(values)
        concerned = [
            (node, wanted) for node, wanted in aim if any(isinstance(part, nodes.Derived) for part in walk(node))
        ]
        if not concerned:
            return kept
        for name in self.derived_from:
            fact = self.rulebook.facts[name]
            least, most = fact.bounds
            ends = [int(least or 0), int(most) if most is not None else largest(fact)]
            met = {
                end: sum(self._met(concerned, {**kept, "industry": code, name: end}) for code in self.codes)
                for end in (kept[name], *ends)
            }
            kept[name] = max(met, key=lambda end: met[end])
        return kept

    def _named(self, values: Values, aim: Aim) -> Values:
        """The same with a value for each enumeration that is worked out, for firms that nothing places: any may then be theirs."""
        kept = dict(values)
        for node in self.derived:
            concerned = [
                (part, wanted) for part, wanted in aim if any(one is node or one == node for one in walk(part))
            ]
            met = {word: self._met(concerned, {**values, node.id: word}) for word in node.type.values}
            kept[node.id] = max(met, key=lambda word: met[word])
        return kept

    def _met(self, aim: Aim, values: Values) -> int:
        world, met = World(self.context, values), 0
        for node, wanted in aim:
            try:
                met += truth(node, world) is wanted
            except RuleError:
                continue
        return met

    def _passes(self, values: Values) -> bool | None:
        try:
            return outcome(self.body, World(self.context, values)) != FAIL
        except RuleError:
            return None

    # --- values to try

    def _values(self, name: str) -> list[Any]:
        fact = self.rulebook.facts[name]
        if fact.type == "boolean":
            return [False, True]
        if fact.type == "enum":
            return list(fact.values)[:_MOST_VALUES]
        if fact.type == "text":
            return self.codes if name == "industry" else ["-"]
        return self._figures(fact)

    def _figures(self, fact: Fact) -> list[Any]:
        if fact.type == "date":
            steps = (-1000, -1, 0, 1, 1000)
            return [self.day + step for step in steps] + [day for day in self.near if 700_000 < day < 800_000]
        share = fact.type in ("rate", "number")
        least, most = fact.bounds
        step = Fraction(1, PARTS) if share else 1
        tried = [
            Fraction(0),
            Fraction(largest(fact), PARTS if share else 1),
            Fraction(1),
            Fraction(10**6),
            *(near + by for near in self.near for by in (0, step, -step)),
        ]
        fitted = (min(max(one, least or one), one if most is None else most) for one in tried)
        whole = (Fraction(int(one * PARTS), PARTS) if share else int(one) for one in fitted)
        return list(dict.fromkeys(one for one in whole if least is None or one >= least))[: 3 * _MOST_VALUES]


def _atoms(condition: Condition, *, wanted: bool) -> Aim:
    if condition.expr is not None:
        return list(_parts(condition.expr, wanted))
    turned = wanted is not (condition.kind == "not")
    return [atom for child in condition.children for atom in _atoms(child, wanted=turned)]


def _parts(node: Node, wanted: bool) -> Iterator[tuple[Node, bool]]:
    match node:
        case nodes.Named():
            yield from _parts(node.body, wanted)
        case nodes.Logic():
            for arg in node.args:
                yield from _parts(arg, wanted)
        case nodes.Not():
            yield from _parts(node.arg, not wanted)
        case _:
            yield node, wanted


def _reads(node: Node, name: str) -> bool:
    return any(isinstance(part, nodes.Fact) and part.id == name for part in walk(node))


def _figures(read: list[Node]) -> list[Fraction]:
    """The numbers and days that stand in the conditions, at most a few dozen."""
    found: dict[Fraction, None] = {}
    for node in read:
        for part in walk(node):
            if isinstance(part, Const):
                if isinstance(part.value, Rows):
                    found.update(dict.fromkeys(_keys(part.value)))
                elif not isinstance(part.value, bool) and part.type.kind in ("number", "date"):
                    found[Fraction(part.value)] = None
    return list(found)[:_MOST_VALUES]


def _keys(rows: Rows) -> Iterator[Fraction]:
    for key, row in rows.rows:
        if not isinstance(key, (frozenset, set, tuple, str)):
            yield Fraction(key)
        if isinstance(row, Rows):
            yield from _keys(row)
        elif isinstance(row, (int, Fraction)) and not isinstance(row, bool):
            yield Fraction(row)


def _codes(read: list[Node], rulebook: Rulebook) -> list[str]:
    """An industry class under each of the ranges that are asked about, and one that few rules name."""
    classes = sorted(rulebook.industry_classes)
    wanted: dict[str, None] = {}
    for node in read:
        for part in walk(node):
            if isinstance(part, nodes.Member) and isinstance(part.collection, Const) and part.item.type.kind == "code":
                ranges = [part.collection.value]
            elif isinstance(part, nodes.Classify) and isinstance(part.table, Const):
                ranges = [inside for _, inside in part.table.value]
            else:
                continue
            for inside in ranges:
                low = inside[0][0] if inside else ""
                wanted.update(dict.fromkeys([one for one in classes if one.startswith(low)][:1]))
    return list(dict.fromkeys((*list(wanted)[:_MOST_VALUES], *classes[-1:], *classes[:1]))) or [""]
