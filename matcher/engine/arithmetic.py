"""How an amount is reached, line by line: the formula in words, the same with the firm's figures, and what comes out."""

from __future__ import annotations

from typing import Any

from matcher.engine.amounts import Worth, half_up
from matcher.engine.evaluate import value
from matcher.engine.format import figure, money
from matcher.engine.forms import Number, Ratio
from matcher.engine.outcomes import RuleError
from matcher.engine.render import Renderer
from matcher.engine.status import Settlement, route_taken
from matcher.engine.words import Words
from matcher.engine.worlds import Split, World
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Node

_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}


def lines(renderer: Renderer, settlement: Settlement, gain: Worth) -> list[dict[str, str]]:
    """Lines in both languages; none where no figure is reckoned or the way to it is still open."""
    world = settlement.passing[0]
    route = route_taken(renderer.body, world)
    if route is None or isinstance(route, Split) or route.benefit.expr is None or gain.amount.kind == "none":
        return []
    return [line for expr in route.benefit.ends() for line in _reckoned(expr, renderer, world)]


def _reckoned(expr: Node, renderer: Renderer, world: World) -> list[dict[str, str]]:
    """The lines of one sum."""
    found = [{lang: _formula(expr, words) for lang, words in renderer.words.items()}]
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
