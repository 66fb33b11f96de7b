"""Prepares the gauges of a decision: one for each bound in its reasons tree that the firm's figure can be held against."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from matcher.engine import ReasonRecord
from matcher.rulebook import Fact
from matcher.text import figures, sentences, site_labels, values

from .bars import Scale, as_number, is_day
from .catalogue import Catalogue

# Operator → its name among the words, whether what holds lies below the bound, and whether the bound itself holds.
_OPERATORS = {
    "<=": ("at_most", True, True),
    "<": ("below", True, False),
    ">=": ("at_least", False, True),
    ">": ("above", False, False),
}

_OUTCOMES = {True: "true", False: "false", None: "unknown"}

_SUM = re.compile(r"-?\d+\.\d\d")


@dataclass(frozen=True)
class Gauge:
    """A bar with the bound as a tick and the firm as a dot. Places are percentages of the bar's width.

    `holds_from` and `holds_wide` are the stretch where the condition holds; `is_inclusive`: the bound itself holds too.
    """

    label: str
    value: str
    bound: str
    distance: str
    outcome: str
    is_inclusive: bool
    dot: str
    tick: str
    holds_from: str
    holds_wide: str


def gauges(catalogue: Catalogue, tree: ReasonRecord | None, lang: str) -> tuple[Gauge, ...]:
    """The gauges of a reasons tree in its order, each bound once. A bound of nought is no line worth a look."""
    found = (_gauge(catalogue, node, lang) for node in _bounded(tree))
    return tuple(dict.fromkeys(found))


def _bounded(node: ReasonRecord | None) -> Iterator[ReasonRecord]:
    """The conditions that hold a told figure or day against a bound."""
    if node is None:
        return
    if node["op"] in _OPERATORS and node["value"] is not None and node["distance"] is not None and _is_line(node):
        yield node
    for child in node["children"]:
        yield from _bounded(child)


def _is_line(node: ReasonRecord) -> bool:
    try:
        return as_number(str(node["bound"])) != 0 and as_number(str(node["value"])).is_finite()
    except ValueError:
        return False


def _gauge(catalogue: Catalogue, node: ReasonRecord, lang: str) -> Gauge:
    fact = catalogue.rulebook.facts.get(node["fact"] or "")
    name, is_below, is_inclusive = _OPERATORS[node["op"] or ""]
    value, bound = str(node["value"]), str(node["bound"])
    scale = _scale(value, bound)
    start, end = (scale.low, as_number(bound)) if is_below else (as_number(bound), scale.high)
    bounds = site_labels.DAY_BOUND if is_day(bound) else site_labels.BOUND
    return Gauge(
        label=fact.label.get(lang) if fact else node["text"][lang],
        value=sentences.say("贵单位{value}", lang, value=_said(fact, value, lang)),
        bound=sentences.say(bounds[name], lang, bound=_said(fact, bound, lang)),
        distance=_distance(fact, node, is_day(bound), lang),
        outcome=_OUTCOMES[node["outcome"]],
        is_inclusive=is_inclusive,
        dot=scale.at(as_number(value)),
        tick=scale.at(as_number(bound)),
        holds_from=scale.at(start),
        holds_wide=scale.between(start, end),
    )


def _scale(value: str, bound: str) -> Scale:
    """From nought to a little beyond the greater of both; days have no nought, so from a little before the earlier."""
    low, high = sorted((as_number(value), as_number(bound)))
    if is_day(bound):
        room = max((high - low) / 5, Decimal(30))
        return Scale(low - room, high + room)
    return Scale(min(Decimal(0), low), max(Decimal(0), high) + abs(high) / 10)


def _distance(fact: Fact | None, node: ReasonRecord, is_days: bool, lang: str) -> str:
    away = str(node["distance"]).removeprefix("-")
    if not away.strip("0."):
        return sentences.say("正好等于界限", lang)
    said = sentences.count(lang, int(Decimal(away)), "day") if is_days else _said(fact, away, lang)
    return sentences.say("还有{distance}余地" if node["outcome"] else "还差{distance}", lang, distance=said)


def _said(fact: Fact | None, value: str, lang: str) -> str:
    """A figure in words. What was reckoned from several facts has no unit of its own; a sum shows by its two decimals."""
    if is_day(value):
        return figures.day(value, lang)
    if fact is not None:
        return values.distance_text(fact, value, lang)
    number = Decimal(value)
    if _SUM.fullmatch(value):
        return figures.sum_in_yuan(figures.fen_of(value), lang)
    return figures.grouped(number if number == number.to_integral_value() else number.quantize(Decimal("0.01")))
