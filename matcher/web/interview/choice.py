"""Says how the total is reached: what is added, what is left out because it excludes, and the next best choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.engine import Decision
from matcher.engine.choose import TooTangled, bundle
from matcher.web import figures, words
from matcher.web.interview.visit import Visit

_BESIDE = ("deferrals", "deductions", "released_credit")


@dataclass(frozen=True)
class Line:
    """One sum that goes into the total; `is_sure`: exact and not only a ceiling; `is_decided`: no department's word is needed."""

    name: str
    amount: str
    is_sure: bool
    is_decided: bool


@dataclass(frozen=True)
class Total:
    """The best set that may be had together. `beside` stands apart from the total, `left_out` says why, `next_best` by how much."""

    lines: tuple[Line, ...]
    sure: str
    up_to: str
    beside: tuple[str, ...]
    left_out: tuple[str, ...]
    next_best: str


def total(visit: Visit, decisions: Sequence[Decision], lang: str) -> Total | None:
    """How the total of these decisions is reached; None where no money and no choice is in it."""
    try:
        found = bundle(visit.book.rulebook, visit.told.facts, decisions, visit.as_of)
    except TooTangled:
        return None
    lines = tuple(
        Line(_name(visit, one, lang), _yuan(one["counted"], lang), one["certain"], one["status"] == "eligible")
        for one in found["lines"]
        if one["line"] == "money" and one["counted"] is not None
    )
    left_out = tuple(_left_out(visit, one, lang) for one in found["not_chosen"])
    beside = tuple(
        words.say(f"total.{key}", lang, money=_yuan(found[key], lang)) for key in _BESIDE if float(found[key])
    )
    if not lines and not beside and not left_out:
        return None
    sums = {key: _yuan(sum_, lang) if float(sum_) else "" for key, sum_ in found["total"].items()}
    return Total(lines, sums["exact"], sums["up_to"], beside, left_out, _next_best(visit, found, lang))


def _name(visit: Visit, one: Mapping[str, Any], lang: str) -> str:
    return visit.book.scheme(one["scheme"]).name.get(lang)


def _yuan(value: str, lang: str) -> str:
    return f"{figures.thousands(value)}{figures.blank(lang)}{words.say('amount.yuan', lang)}"


def _left_out(visit: Visit, one: Mapping[str, Any], lang: str) -> str:
    relation = next((each for each in visit.book.rulebook.relations if each.id == one["because"]), None)
    said = relation.rule.get(lang) if relation is not None and relation.rule is not None else ""
    other = one.get("instead") or one.get("first")
    key = "total.instead" if one.get("instead") else "total.first" if one.get("first") else "total.not_counted"
    first = visit.book.scheme(other).name.get(lang) if other in visit.book.rulebook.schemes else ""
    text = words.say(key, lang, name=_name(visit, one, lang), other=first)
    return f"{text}{' ' if lang == 'en' and said else ''}{said}"


def _next_best(visit: Visit, found: Mapping[str, Any], lang: str) -> str:
    """The runner-up where it differs in money; what ties is no news."""
    other = found["alternative"]
    if not other or other["loses_by"] != "money":
        return ""
    takes, leaves = (
        words.listed([_name(visit, one, lang) for one in other[key]], lang) for key in ("takes", "instead_of")
    )
    less = _yuan(found["runner_up"]["less_by"], lang)
    if not takes:
        return ""
    return words.say("total.next" if leaves else "total.next.alone", lang, takes=takes, leaves=leaves, less=less)
