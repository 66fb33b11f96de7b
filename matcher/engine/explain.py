"""Why: the reasons tree of a decision, its arithmetic and its near misses, made when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from matcher.rulebook import Condition, ResolvedBody, ResolvedRoute, Rulebook, SchemeEdition, Text
from matcher.rulebook.language import Node, Scalar, nodes
from matcher.text import Number, figure, half_up, money

from . import near_miss, record
from .amounts import Worth
from .decide import Outcome, decider
from .evaluate import value
from .polynomials import Ratio
from .reasons import REGISTERED_ON, Reason, Step, Teller, is_registered, last_day, read_by, refused, settled, teller
from .render import Renderer
from .status import Settlement, route_taken
from .words import Words
from .worlds import RuleError, Split, World

T = TypeVar("T")

# ---------------------------------------------------------------------------------------------------------------------
# How an amount is reached, line by line: the formula in words, the same with the firm's figures, and what comes out.
# ---------------------------------------------------------------------------------------------------------------------


_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}


def lines(renderer: Renderer, settlement: Settlement, gain: Worth) -> list[record.Words]:
    """Lines in both languages; none where no figure is reckoned or the way to it is still open."""
    world = settlement.passing[0]
    route = route_taken(renderer.body, world)
    if route is None or isinstance(route, Split) or route.benefit.expr is None or gain.amount.kind == "none":
        return []
    return [line for expr in route.benefit.ends() for line in _reckoned(expr, renderer, world)]


def _reckoned(expr: Node, renderer: Renderer, world: World) -> list[record.Words]:
    """The lines of one sum."""
    found: list[record.Words] = [{lang: _formula(expr, words) for lang, words in renderer.words.items()}]
    total = _number(expr, world)
    if total is not None:
        told = {lang: _with_figures(expr, world, words) for lang, words in renderer.words.items()}
        if half_up(total) == total and all(text == money(total, lang) for lang, text in told.items()):
            return [{lang: f"{found[0][lang]} = {text}" for lang, text in told.items()}]
        found.append(
            {
                lang: f"{text} = {_result(total, words)}"
                for (lang, text), words in zip(told.items(), renderer.words.values(), strict=True)
            }
        )
    return found


def _formula(expr: Node, words: Words) -> str:
    """The sum in words; a figure of the law that is the whole sum goes by its label."""
    if isinstance(expr, nodes.Const) and expr.name in words.labels:
        return words.labels[expr.name].get(words.lang)
    return words.value(expr)


def _result(total: Number, words: Words) -> str:
    """The exact sum, and the rounded one where they differ."""
    rounded = half_up(total)
    if rounded == total:
        return money(rounded, words.lang)
    return f"{money(total, words.lang)} → {money(rounded, words.lang)}"


def _number(node: Node, world: World) -> Any:
    try:
        found = value(node, world)
    except RuleError:
        return None
    return None if isinstance(found, (Ratio, Split)) else found


def _with_figures(node: Node, world: World, words: Words) -> str:
    """The formula with the told figures in place of the labels; what is chosen or looked up is shown by its result."""
    match node:
        case nodes.Arith():
            left, right = _with_figures(node.left, world, words), _with_figures(node.right, world, words)
            before, after = _operator(node.left, world), _operator(node.right, world)
            loose = node.op in "*/" and before in ("+", "-")
            tight = (node.op == "/" and after != "") or (node.op in "-*" and after in ("+", "-"))
            return f"{f'({left})' if loose else left}{_SIGNS[node.op]}{f'({right})' if tight else right}"
        case nodes.Named(body=nodes.Arith() | nodes.Choice() as body):
            return _with_figures(body, world, words)
        case nodes.Retyped():
            return _with_figures(node.arg, world, words)
        case nodes.Const(name=""):
            return words.value(node)
        case nodes.Choice():
            return _with_figures(node.then if _number(node.condition, world) else node.other, world, words)
        case nodes.Extreme():
            inner = "、".join(_with_figures(arg, world, words) for arg in node.args)
            names = {"min": ("取小", "min"), "max": ("取大", "max")}[node.op]
            return f"{names[words.lang == 'en']}({inner})"
    found = _number(node, world)
    return words.value(node) if found is None else figure(found, node.type, words.lang)


def _operator(node: Node, world: World) -> str:
    """The sign of the sum or product that is written at this place, names and choices looked through; empty for anything else."""
    match node:
        case nodes.Arith():
            return node.op
        case nodes.Named():
            return _operator(node.body, world)
        case nodes.Choice():
            return _operator(node.then if _number(node.condition, world) else node.other, world)
    return ""


# ---------------------------------------------------------------------------------------------------------------------
# Why: the reasons tree of a decision put together, its arithmetic and its near misses, made when someone looks.
# ---------------------------------------------------------------------------------------------------------------------


# These two heads are put in by us and have no parts of their own from which words could be made.
_ALL_OF_THESE = Text(zh="以下各项都成立", en="all of these")

_ROUTE_OPEN = Text(zh="适用哪一种情形还没有定", en="which of these applies is still open")

_ROUTES = Condition("routes", "any", label=_ROUTE_OPEN)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with its full reasons tree, as it comes out of the compiled functions."""

    outcome: Outcome
    reasons: Reason


def explainer(rulebook: Rulebook, day: date, slug: str) -> Callable[[Mapping[str, Scalar]], Explanation]:
    """The function that decides one scheme on ``day`` and tells every reason. The scheme must be open on the day."""
    decide = decider(rulebook, day, slug)
    tell = root_teller(rulebook, rulebook.scheme_at(slug, day), day)
    return lambda facts: Explanation(decide(facts), tell(facts))


def root_teller(rulebook: Rulebook, edition: SchemeEdition, day: date) -> Teller:
    """The function that tells the whole tree of an edition: the common conditions and the route the firm takes."""
    known: Teller | None = edition.cache.get("tell")
    if known is None:
        known = edition.cache["tell"] = _tree(rulebook, edition)
    told = partial(known, day=day.toordinal()) if edition.depends_on_day else known
    last = last_day(edition.scheme, day)
    return told if last is None else _if_registered(told, last)


def _if_registered(tell: Teller, last: date) -> Teller:
    """The same tree; headed by the day of registration where the firm is not there yet."""

    def tell_of(facts: Mapping[str, Scalar]) -> Reason:
        registered = facts.get(REGISTERED_ON)
        if isinstance(registered, date) and registered > last:
            return refused(tell(facts), last, registered)
        return tell(facts)

    return tell_of


def _tree(rulebook: Rulebook, edition: SchemeEdition) -> Teller:
    body = edition.body
    assert body is not None
    if len(body.routes) == 1 and body.routes[0].when is None:
        return teller(rulebook, _joined(body, body.routes[0]), edition.depends_on_day)
    return _routed(rulebook, body, edition.depends_on_day)


def _joined(body: ResolvedBody, route: ResolvedRoute) -> Condition:
    """The common conditions and those of the only route, as one tree."""
    if not route.requires.children and route.requires.expr is None:
        return body.requires
    return Condition("conditions", "all", children=(body.requires, route.requires))


def _routed(rulebook: Rulebook, body: ResolvedBody, uses_day: bool) -> Teller:
    """Routes not taken are folded away; while the route is open all that may be taken are shown."""
    common = teller(rulebook, body.requires, uses_day)
    routes = [(route, teller(rulebook, _route_tree(route), uses_day)) for route in body.routes]
    has_common = bool(body.requires.children) or body.requires.expr is not None
    root = Step(Condition("conditions", "all", label=_ALL_OF_THESE))

    def tell(facts: Mapping[str, Scalar], **day: int) -> Reason:
        shown = _taken((route.when is None, tell_route(facts, **day)) for route, tell_route in routes)
        own: Reason = shown[0] if len(shown) == 1 else (Step(_ROUTES), _any(shown), None, tuple(shown))
        parts = (common(facts, **day), own) if has_common else (own,)
        return root, _all(parts), None, parts

    return tell


def _taken(routes: Iterable[tuple[bool, Reason]]) -> list[Reason]:
    """The routes that may be taken, in order up to the first that is; each with whether it is open to all."""
    shown: list[Reason] = []
    for is_open_to_all, reason in routes:
        chosen = True if is_open_to_all else reason[3][0][1]
        if chosen is not False:
            shown.append(reason)
        if chosen is True:
            break
    return shown


def _within_bands(reason: Reason, world: World, body: ResolvedBody) -> Reason:
    """The same tree where the bands of the world settle what the told facts alone leave open."""
    step, outcome, value, children = reason
    condition, parts = step.condition, tuple(_within_bands(child, world, body) for child in children)
    if condition is _ROUTES:
        open_to_all = {_route_id(route) for route in body.routes if route.when is None}
        shown = _taken((part[0].condition.id in open_to_all, part) for part in parts)
        return shown[0] if len(shown) == 1 else (step, _any(shown), value, tuple(shown))
    if outcome is None and (condition.expr is not None or condition.children):
        if not world.context.bands.keys().isdisjoint(read_by(condition)):
            outcome = settled(condition, world)
    elif outcome is None and parts:
        outcome = _all(parts)
    return step, outcome, value, parts


def _route_tree(route: ResolvedRoute) -> Condition:
    parts = [
        part for part in (route.when, route.requires) if part is not None and (part.children or part.expr is not None)
    ]
    if route.fails_on:
        parts.append(Condition(f"{route.id}.refused", "any", fails_on=route.fails_on))
    label = route.label
    return Condition(_route_id(route), "all", children=tuple(replace(part) for part in parts), label=label)


def _route_id(route: ResolvedRoute) -> str:
    return f"{route.id}.route"


def _all(reasons: tuple[Reason, ...]) -> bool | None:
    outcomes = [reason[1] for reason in reasons]
    return False if False in outcomes else None if None in outcomes else True


def _any(reasons: list[Reason]) -> bool | None:
    outcomes = {reason[1] for reason in reasons}
    return outcomes.pop() if len(outcomes) == 1 else None if outcomes else False


def explanation(
    rulebook: Rulebook, edition: SchemeEdition, world: World, settlement: Settlement, gain: Worth | None,
    facts: Mapping[str, Scalar], as_of: date,
) -> Callable[[], record.ExplanationRecord]:  # fmt: skip
    """The explanation as JSON, worked out at the first look and kept."""

    def explain() -> record.ExplanationRecord:
        renderer = Renderer(rulebook, edition, world)
        reason = root_teller(rulebook, edition, as_of)(facts)
        if world.context.bands and edition.body is not None:
            reason = _within_bands(reason, world, edition.body)
            last = last_day(edition.scheme, as_of)
            if last is not None and REGISTERED_ON not in facts and not is_registered(edition, world):
                reason = refused(reason, last, None)
        reasons = renderer.tree(reason, settlement.status)
        return {
            "reasons": reasons,
            "near_miss": near_miss.near_misses(rulebook, edition, world, settlement, as_of, reasons),
            "arithmetic": [] if gain is None else lines(renderer, settlement, gain),
        }

    return once(explain)


def once(work: Callable[[], T]) -> Callable[[], T]:
    """The same, worked out at the first call and kept. Lighter than functools.cache, of which every decision would make one."""
    said: list[T] = []

    def kept() -> T:
        if not said:
            said.append(work())
        return said[0]

    return kept
