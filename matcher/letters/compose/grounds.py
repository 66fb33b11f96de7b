"""Words the grounds of a decision: what carries it, what fails and by how much, what is missing, the law."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from matcher.engine import ChangeRecord, NearMissRecord
from matcher.text import STATUS, punctuation, set_tight, stated_text, value_text

from .writer import Node, Writer, leaves, sources

if TYPE_CHECKING:
    from matcher.rulebook import Fact


NEAR_MISSES = 3  # the smallest changes come first; more than three ways help nobody

SERIES = 4  # figures of one kind from which on they are written as a series

# How far a condition that holds is from its line is no fact; a letter leaves it out.
TO_THE_LINE = re.compile(r"（还有[^（）]*余地）$|（相差[^（）]*）$| \([^()]* (?:to spare|apart)\)$")

COMPARED = ("<=", "<", ">=", ">")


def failing(writer: Writer) -> list[str]:
    """Each condition that fails, by how much (its sentence says so), and where it is written."""
    if writer.status != "not_eligible":
        return []
    spoken = {node.get("fact") for node in writer.relied}
    # A condition on a computed figure has no fact of its own: its sentence speaks for all the facts in it.
    unspoken = [] if None in spoken else [fact for fact in writer.decision.get("failing") or () if fact not in spoken]
    return [_failure(writer, node) for node in writer.relied] + [writer.told(fact) for fact in unspoken]


def _failure(writer: Writer, node: Node) -> str:
    text, source = writer.text(node["text"]), node["source"]
    article = source and source["article"]
    return writer.say("source", text=text, source=article) if article else text


def missing(writer: Writer) -> list[str]:
    """The facts that would settle it, most useful first."""
    return [writer.rulebook.facts[fact].label.get(writer.lang) for fact in writer.decision.get("missing") or ()]


def near_miss(writer: Writer) -> list[str]:
    """The smallest changes within its reach after which the scheme would be open to the firm."""
    if writer.status != "not_eligible":
        return []
    ways = [way for way in writer.decision.get("near_miss") or () if way.get("within_reach", True)]
    return [_way(writer, way) for way in ways[:NEAR_MISSES]]


def _way(writer: Writer, way: NearMissRecord) -> str:
    moved = way.get("changes") or ()
    if way.get("on"):  # what comes with time is said by the day alone
        moved = [one for one in moved if writer.rulebook.facts[one["fact"]].advise != "date"]
    changes = [_change(writer, change) for change in moved]
    if way.get("on"):
        changes.append(writer.say("change.on", on=writer.day(date.fromisoformat(str(way["on"])))))
    joined = (" and " if writer.lang == "en" else "、").join(changes)
    return writer.say("change.reaches", changes=joined, status=STATUS[way["reaches"]].letter.get(writer.lang))


def _change(writer: Writer, change: ChangeRecord) -> str:
    fact = writer.rulebook.facts[change["fact"]]
    if fact.duty is not None:
        return fact.duty.get(writer.lang)
    old, new = (_value(writer, fact, change.get(side)) for side in ("from", "to"))
    return writer.say("change" if old else "change.told", label=fact.label.get(writer.lang), old=old, new=new)


def _value(writer: Writer, fact: Fact, told: object) -> str:
    return "" if told is None else stated_text(fact, told, writer.lang, cents=True)


def facts(writer: Writer) -> list[str]:
    """The facts relied on: first those the firm stated, then by who else they come from, last a department's findings."""
    said = facts_by_source(writer)
    return [writer.say(f"stated.{who}", facts=writer.join(told)) for who, told in said.items() if told]


def facts_by_source(writer: Writer) -> dict[str, list[str]]:
    """The facts relied on in words, each once, by who states them."""
    stated: dict[str, list[str]] = {who: [] for who in ("firm", "register", "centre", "department")}
    if writer.status not in ("not_eligible", "not_open", "unconfirmed"):  # a refusal has them among the failing ones
        for node in writer.relied:
            stated[_stated_by(writer, node.get("fact"))].append(_relied_on(writer, node))
    sentences = [text for said in stated.values() for text in said]
    for run in _runs(writer, [fact for fact in _summed(writer) if not _is_said(writer, fact, sentences)]):
        stated[_stated_by(writer, run[0])] += _series(writer, run)
    return {who: list(dict.fromkeys(said)) for who, said in stated.items()}


def _relied_on(writer: Writer, node: Node) -> str:
    """A fact with its value, and the bound it keeps; a computed figure by the sentence of its condition."""
    name = str(node.get("fact") or "")
    if name not in writer.facts:
        return TO_THE_LINE.sub("", writer.text(node["text"]))
    told, bound = writer.told(name), node.get("bound")
    if node.get("op") not in COMPARED or bound is None or not str(bound).strip("0."):
        return told  # that something is more than nothing, its figure says
    is_day = ".day" if writer.rulebook.facts[name].type == "date" else ""
    return writer.say(f"kept.{node['op']}{is_day}", told=told, bound=_value(writer, writer.rulebook.facts[name], bound))


def _summed(writer: Writer) -> list[str]:
    """The told facts that stand only in the sum, so that no condition speaks of them."""
    if writer.decision.get("amount") is None:
        return []
    tested = {node.get("fact") for node in leaves(writer.decision.get("reasons"))}
    return [fact for fact in writer.edition.facts if fact in writer.facts and fact not in tested]


def _is_said(writer: Writer, fact: str, sentences: list[str]) -> bool:
    """Whether a sentence on a computed figure begins with this fact and its value, so that it need not be repeated."""
    known = writer.rulebook.facts[fact]
    said = f"{known.label.get(writer.lang)}{value_text(known, writer.facts[fact], writer.lang, cents=True)}".replace(
        " ", ""
    )
    return any(re.match(re.escape(said) + "($|[,，])", text.replace(" ", "")) for text in sentences)


def _runs(writer: Writer, names: list[str]) -> list[list[str]]:
    """The facts in runs of one series that come from the same, as the figures of four quarters are; any other fact is alone."""
    return [list(run) for _, run in groupby(names, lambda name: (_series_of(writer, name), _stated_by(writer, name)))]


def _series_of(writer: Writer, name: str) -> tuple[str, str]:
    """The series that a fact stands in, or the fact itself."""
    series = writer.rulebook.facts[name].series
    return ("", name) if series is None else (series.name, "")


def _series(writer: Writer, run: list[str]) -> list[str]:
    """A long run of figures with its first and last label only, so that sixteen quarterly figures take three lines.

    A nought of a quarter that is not over says nothing and is left out.
    """
    run = [fact for fact in run if writer.facts[fact] != 0 or not _is_ahead(writer, fact)]
    if len(run) < SERIES:
        return [writer.told(fact) for fact in run]
    first, last = (writer.rulebook.facts[fact].label.get(writer.lang) for fact in (run[0], run[-1]))
    figures = [value_text(writer.rulebook.facts[fact], writer.facts[fact], writer.lang, cents=True) for fact in run]
    joined = punctuation(writer.lang).listed(figures)
    return [writer.say("told.series", first=first, last=last, figures=joined)]


def _is_ahead(writer: Writer, name: str) -> bool:
    """Whether a figure is of a quarter that is not over on the day asked about."""
    series = writer.rulebook.facts[name].series
    return series is not None and writer.as_of.month <= 3 * series.quarter


def _stated_by(writer: Writer, fact: str | None) -> str:
    """Who states the fact; a condition on a computed figure rests on what the firm stated."""
    known = writer.rulebook.facts.get(fact or "")
    return writer.by.get(known.id, known.stated_by) if known else "firm"


def law(writer: Writer) -> list[str]:
    """The instruments relied on, with their articles: the version's own, then those of the conditions not in it."""
    version = writer.edition.version
    own = (version.instrument or "") if version else ""
    relied = sources(writer.relied) if writer.status not in ("not_open", "unconfirmed") else {}
    cited = [own] if own else []
    cited += [_cited(number, articles) for number, articles in relied.items() if number not in own]
    return ["；".join(set_tight(citation, "zh") for citation in cited)] if cited else []


def _cited(instrument: str, articles: tuple[str, ...]) -> str:
    return instrument + "、".join(articles)
