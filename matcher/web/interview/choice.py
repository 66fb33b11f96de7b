"""Says how the total is reached: what is sure, what may come on top, what is left out because it excludes, the next best."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.engine import Decision
from matcher.engine.amounts import yuan
from matcher.engine.choose import TooTangled, bundle
from matcher.web import figures, words
from matcher.web.interview.visit import Visit

_BESIDE = ("deferrals", "deductions", "released_credit")


@dataclass(frozen=True)
class Line:
    """One sum; `is_exact`: not only a ceiling; `is_decided`: no department's word is needed."""

    name: str
    amount: str
    is_exact: bool = True
    is_decided: bool = True


@dataclass(frozen=True)
class Total:
    """The total of the results' first sentence: the `sure` lines add up to `low`; `more` may come on top, up to `high`.

    `low` is empty where nothing is sure yet, `high` where no end is known; they are the same once all is told. `beside` stands
    apart from the total, `left_out` says why, `next_best` by how much.
    """

    sure: tuple[Line, ...]
    more: tuple[Line, ...]
    low: str
    high: str
    beside: tuple[str, ...]
    left_out: tuple[str, ...]
    next_best: str


def total(visit: Visit, decisions: Sequence[Decision], lang: str) -> Total | None:
    """How the total of these decisions is reached; None where no money and no choice is in it."""
    try:
        found = bundle(visit.book.rulebook, visit.told.facts, decisions, visit.as_of)
    except TooTangled:
        return None
    outlook = visit.survey.outlook
    certain = dict(outlook.sure)
    sure = tuple(Line(_name(visit, slug, lang), _yuan(fen, lang)) for slug, fen in outlook.sure)
    more = tuple(
        Line(_name(visit, one["scheme"], lang), figures.yuan(one["counted"], lang), one["certain"], _is_held(one))
        for one in found["lines"]
        if one["line"] == "money" and one["counted"] is not None and one["scheme"] not in certain
    )
    left_out = tuple(_left_out(visit, one, certain, lang) for one in found["not_chosen"])
    beside = tuple(
        words.say(f"total.{key}", lang, money=figures.yuan(found[key], lang)) for key in _BESIDE if float(found[key])
    )
    if not sure and not more and not beside and not left_out:
        return None
    low, high = (_yuan(end, lang) if end else "" for end in (outlook.low, outlook.high))
    return Total(sure, more, low, high, beside, left_out, _next_best(visit, found, lang))


def _yuan(fen: int, lang: str) -> str:
    return figures.yuan(yuan(fen), lang)


def _is_held(line: Mapping[str, Any]) -> bool:
    return bool(line["status"] == "eligible")


def _name(visit: Visit, slug: str, lang: str) -> str:
    return visit.book.scheme(slug).name.get(lang)


def _left_out(visit: Visit, one: Mapping[str, Any], certain: Collection[str], lang: str) -> str:
    """Why an offer is not chosen; one that is counted as sure gives way once the other is granted."""
    relation = next((each for each in visit.book.rulebook.relations if each.id == one["because"]), None)
    said = relation.rule.get(lang) if relation is not None and relation.rule is not None else ""
    other = one.get("instead") or one.get("first")
    if one.get("instead"):
        key = "total.gives_way" if one["scheme"] in certain else "total.instead"
    else:
        key = "total.first" if one.get("first") else "total.not_counted"
    first = visit.book.scheme(other).name.get(lang) if other in visit.book.rulebook.schemes else ""
    text = words.say(key, lang, name=_name(visit, one["scheme"], lang), other=first)
    return f"{text}{' ' if lang == 'en' and said else ''}{said}"


def _next_best(visit: Visit, found: Mapping[str, Any], lang: str) -> str:
    """The runner-up where it differs in money; what ties is no news."""
    other = found["alternative"]
    if not other or other["loses_by"] != "money":
        return ""
    takes, leaves = (
        words.listed([_name(visit, one["scheme"], lang) for one in other[key]], lang) for key in ("takes", "instead_of")
    )
    less = figures.yuan(found["runner_up"]["less_by"], lang)
    if not takes:
        return ""
    return words.say("total.next" if leaves else "total.next.alone", lang, takes=takes, leaves=leaves, less=less)
