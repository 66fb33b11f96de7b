"""Parses the file of a scheme: its names, and of each set of rules the conditions, ways, sums and further outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.rulebook.language import LanguageError, Node, Not, Told, Type, facts_in, walk

from .build import condition, expression, shape
from .edition import Given, Sum
from .files import Benefit, Body, Output, Route, Scheme
from .names import MAX_ALL_PARTS, NOTHING, Condition, Names
from .parsed import ParsedBody, ParsedRoute, ParsedScheme
from .reading import Document, Place, Problem
from .shapes import Text
from .terms import RECIPIENTS, AmountKind


def read_scheme(document: Document, names: Names, problems: list[Problem]) -> ParsedScheme | None:
    """The scheme that a file describes; None where it is too faulty to go on with. What is wrong is put to the problems."""
    place = Place(document, (), problems)
    scheme = shape(Scheme, document.data, place)
    if scheme is None:
        return None
    if document.file.rsplit("/", 1)[-1] != f"{scheme.slug}.yaml":
        (place / "slug").report(f"the file of {scheme.slug!r} must be called {scheme.slug}.yaml")
    for index, one in enumerate(scheme.let):
        if one.id in [before.id for before in scheme.let[:index]]:
            (place / "let" / index / "id").report(f"{one.id!r} stands twice")
    try:
        local = names.with_local({one.id: (one, place / "let" / index) for index, one in enumerate(scheme.let)})
        for one in scheme.let:
            local.meaning(one.id)
    except LanguageError as error:
        (place / "let").report(str(error))
        return None
    bodies = tuple(_body(body, local, scheme, place / "rules" / index) for index, body in enumerate(scheme.rules))
    parts = (part for body in bodies for expression in body.expressions() for part in walk(expression))
    if any(count >= MAX_ALL_PARTS for count, _ in enumerate(parts)):
        (place / "rules").report(f"the rules grow to more than {MAX_ALL_PARTS} parts")
    return ParsedScheme(scheme, bodies, local)


def _body(body: Body, names: Names, scheme: Scheme, place: Place) -> ParsedBody:
    if (body.applies_when is not None) != (scheme.kind == "restriction") and (
        body.requires or body.applies_when
    ) is not None:
        place.report("a restriction says applies_when, any other scheme requires")
    key = "applies_when" if body.applies_when is not None else "requires"
    requires = _condition(getattr(body, key), names, place / key, "requires")
    return ParsedBody(
        body,
        requires,
        tuple(_route(route, names, place / "routes" / index, index) for index, route in enumerate(body.routes)),
        _benefit(body.benefit or Benefit(), names, place / "benefit"),
        _gives(body.gives, names, place / "gives"),
        _recipient(body.recipient or scheme.recipient, names, place / "recipient"),
        tuple(_ask_first(name, names, place / "ask_first" / index) for index, name in enumerate(body.ask_first)),
    )


def _route(route: Route, names: Names, place: Place, index: int) -> ParsedRoute:
    id_ = route.id or f"route{index + 1}"
    for fact in route.fails_on or ():
        if fact not in names.facts:
            (place / "fails_on").report(f"unknown fact {fact!r}")
    return ParsedRoute(
        id_,
        route.label,
        None if route.when is None else _condition(route.when, names, place / "when", f"{id_}.when"),
        _condition(route.requires, names, place / "requires", id_),
        None if route.benefit is None else _benefit(route.benefit, names, place / "benefit"),
        _gives(route.gives, names, place / "gives"),
        None if route.recipient is None else _recipient(route.recipient, names, place / "recipient"),
        tuple(route.fails_on or ()),
        route.from_,
        route.until,
        route.settled_by == "nobody",
    )


def _condition(raw: Any, names: Names, place: Place, id_: str) -> Condition:
    return NOTHING if raw is None else condition(raw, names, place, id_)


def _ask_first(name: str, names: Names, place: Place) -> Condition:
    """A fact that must be told first, or a named condition that must be settled first."""
    node = expression(f"told({name})" if name in names.facts else name, names, place, boolean=True)
    return NOTHING if node is None else Condition(f"ask.{name}", "test", expr=node, line=place.line)


def _benefit(benefit: Benefit, names: Names, place: Place) -> Sum:
    for fact in benefit.no_figure_without:
        if fact not in names.facts:
            (place / "no_figure_without").report(f"unknown fact {fact!r}")
    if benefit.exact_once and benefit.exact_once not in names.facts:
        (place / "exact_once").report(f"unknown fact {benefit.exact_once!r}")
    key = "exact" if benefit.exact else "up_to"
    node = _sum(benefit.exact or benefit.up_to, names, place / key)
    least = _sum(benefit.at_least, names, place / "at_least")
    kind: AmountKind = "none" if node is None else "exact" if benefit.exact else "ceiling" if least is None else "range"
    return Sum(kind, node, tuple(benefit.no_figure_without), benefit.exact_once, least)


def _sum(text: str | None, names: Names, place: Place) -> Node | None:
    node = None if text is None else expression(text, names, place)
    if node is not None and (node.type.kind != "number" or dict(node.type.unit) != {"yuan": 1}):
        place.report(f"a sum of money is wanted, not {node.type}")
    return node


def _gives(gives: dict[str, Output], names: Names, place: Place) -> tuple[Given, ...]:
    made = []
    for name, output in gives.items():
        node = expression(output.value, names, place / name / "value")
        unless = None if output.unless is None else _unless(output.unless, names, place / name / "unless")
        if node is not None:
            words = output.words or _labels(node, names)
            made.append(Given(name, output.label, node, output.decimals, unless, words))
    return tuple(made)


def _labels(node: Node, names: Names) -> Mapping[str, Text]:
    """The labels of an enumeration's values, as the vocabulary has them; none for anything else."""
    if node.type.kind != "enum":
        return {}
    named = names.facts.get(getattr(node, "id", ""))
    alike = (fact for fact in names.facts.values() if tuple(fact.values) == node.type.values)
    fact = named if named is not None and named.values else next(alike, None)
    return {} if fact is None else fact.values


def _unless(text: str, names: Names, place: Place) -> Node | None:
    """A condition that leaves an output out. That a firm has not told something never does: it may tell it yet."""
    node = expression(text, names, place, boolean=True)
    negated = (part for part in walk(node) if isinstance(part, Not)) if node is not None else ()
    for told in (part for one in negated for part in walk(one) if isinstance(part, Told)):
        (fact,) = facts_in(told)
        if names.facts[fact].stated_by == "firm":
            place.report(f"not told({fact}) never holds here: what a firm has not told it may still tell")
    return node


def _recipient(text: str, names: Names, place: Place) -> Any:
    if text in RECIPIENTS:
        return text
    node = expression(text, names, place)
    if node is not None and node.type != Type("enum", values=RECIPIENTS):
        place.report(f"a recipient is wanted, not {node.type}")
    return node or RECIPIENTS[0]
