"""The results page: the answer in a sentence, how its total is reached, every scheme, and what was told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for

from matcher.answers import answers
from matcher.engine import Decision, district_of
from matcher.engine.choose import TooTangled, bundle
from matcher.presentation import industry, money_range, results
from matcher.text import figures, sentences, site_labels, today, values
from matcher.web import language

from . import visits
from .screens import gate_word
from .visits import Visit, progress, visit

# ---------------------------------------------------------------------------------------------------------------------
# Says back in words what was told of a fact: exactly, as a band, or 不清楚; and what was told last.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One answer in words."""

    fact: str
    label: str
    said: str


def answer(visit: Visit, fact_id: str, lang: str) -> Told:
    """What was told of a fact, in words. Raises KeyError for a fact that is not in the vocabulary."""
    fact = visit.book.fact(fact_id)
    value, band = visit.answers.facts.get(fact_id), visit.told.bands.get(fact_id)
    if fact_id == industry.FACT and isinstance(value, str):
        return Told(fact_id, sentences.say("行业", lang), industry.industry_text(value, lang))
    if value is not None:
        understood = visit.told.facts.get(fact_id)
        echo = None if understood is None else values.echo_text(fact, understood, lang)
        said = echo.removeprefix("= ") if echo else values.stated_text(fact, value, lang)
    elif band is not None:
        said = answers.band_text(fact, band, lang)
    else:
        said = sentences.say("不清楚", lang)
    return Told(fact_id, fact.label.get(lang), said)


def gate_answer(visit: Visit, gate_id: str, lang: str) -> Told:
    """What was answered to a gate question, in words. Raises KeyError for one that is not asked."""
    question = visit.book.rulebook.gates[gate_id].question.get(lang)
    return Told(gate_id, question, gate_word(gate_id, visit.answers.gates[gate_id], lang))


def gates(visit: Visit) -> tuple[str, ...]:
    """The gate questions that were answered, in the order of the rules."""
    return tuple(gate for gate in visit.book.rulebook.gates if gate in visit.answers.gates)


def recorded(visit: Visit, lang: str) -> tuple[Told, ...]:
    """What was told last: the answers of the newest screen."""
    answers, rulebook = visit.answers, visit.book.rulebook
    times = {fact: at for fact, at in answers.told_at.items() if fact in answers.answered or fact in answers.gates}
    newest = {fact for fact, at in times.items() if at == max(times.values())}
    asked = [gate for gate in gates(visit) if gate in newest]
    beneath = {fact for gate in asked for fact in rulebook.gates[gate].none}  # said with the gate
    alone = [fact for fact in times if fact in newest - beneath and fact in rulebook.facts]
    return (*(gate_answer(visit, one, lang) for one in asked), *(answer(visit, one, lang) for one in alone))


# ---------------------------------------------------------------------------------------------------------------------
# Says how the total is reached: what is sure, what may come on top, what is left out because it excludes, the next
# best.
# ---------------------------------------------------------------------------------------------------------------------


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
        Line(_name(visit, one["scheme"], lang), _sum(one["counted"], lang), one["certain"], _is_held(one))
        for one in found["lines"]
        if one["line"] == "money" and one["counted"] is not None and one["scheme"] not in certain
    )
    left_out = tuple(_left_out(visit, one, certain, lang) for one in found["not_chosen"])
    beside = tuple(
        sentences.say(site_labels.TOTAL[key], lang, money=_sum(found[key], lang))
        for key in _BESIDE
        if float(found[key])
    )
    if not sure and not more and not beside and not left_out:
        return None
    low, high = (_yuan(end, lang) if end else "" for end in (outlook.low, outlook.high))
    return Total(sure, more, low, high, beside, left_out, _next_best(visit, found, lang))


def _yuan(fen: int, lang: str) -> str:
    return figures.sum_in_yuan(fen, lang)


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
        key = (
            sentences.Sentence("“{other}”要是批下来，就代替“{name}”：两项不能同时享受。")
            if one["scheme"] in certain
            else sentences.Sentence("“{name}”没有选：和“{other}”不能同时享受。")
        )
    else:
        key = (
            sentences.Sentence("“{name}”没有选：要先有“{other}”。")
            if one.get("first")
            else sentences.Sentence("“{name}”没有选：和已选的不能同时享受。")
        )
    first = visit.book.scheme(other).name.get(lang) if other in visit.book.rulebook.schemes else ""
    text = sentences.say(key, lang, name=_name(visit, one["scheme"], lang), other=first)
    return f"{text}{' ' if lang == 'en' and said else ''}{said}"


def _next_best(visit: Visit, found: Mapping[str, Any], lang: str) -> str:
    """The runner-up where it differs in money; what ties is no news."""
    other = found["alternative"]
    if not other or other["loses_by"] != "money":
        return ""
    takes, leaves = (
        sentences.listed([_name(visit, one["scheme"], lang) for one in other[key]], lang)
        for key in ("takes", "instead_of")
    )
    less = _sum(found["runner_up"]["less_by"], lang)
    if not takes:
        return ""
    return sentences.say(
        "换一种选法：改选{takes}，放弃{leaves}，合计少{less}。"
        if leaves
        else "换一种选法：改选{takes}，合计少{less}。",
        lang,
        takes=takes,
        leaves=leaves,
        less=less,
    )


# ---------------------------------------------------------------------------------------------------------------------
# The results page: the answer in a sentence, how its total is reached, every scheme, and what to take along.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("result", __name__)


def _going_on(here: Visit, lang: str) -> str:
    """What answering on brings: more settled schemes, hardly any, or only sums; empty where nothing is left to ask."""
    survey = here.survey
    if survey.screen is None:
        return ""
    if not survey.is_through:
        return sentences.say("还有几题可答，多半定不了更多。" if visits.is_due(here) else "还有题能再定几项。", lang)
    left = len(survey.in_force) - len(survey.settled)
    if left:
        return sentences.say(
            "能问的都问了，{count}还定不下来（说了不清楚，或者没有这回事）；再答几题，金额算得更准。",
            lang,
            count=sentences.count(lang, left, "scheme"),
        )
    return sentences.say("能定的都定了；再答几题，金额算得更准。", lang)


@pages.get("/result")
def result() -> str | Response:
    """The results on what was told; to the start where nothing was told yet."""
    here, lang = visit(), language.lang()
    if here.answers.is_empty:
        return redirect(url_for("start.start"), 303)  # type: ignore[return-value]
    decisions = here.survey.decisions
    stated = [decision.to_json() for decision in decisions]
    money, district = money_range(here.survey.outlook, lang), district_of(here.told.facts)
    return render_template(
        "interview/result.html",
        results=results(here.book, stated, here.as_of, False, lang, money, here.survey.unreckoned, district),
        progress=progress(here, lang),
        total=total(here, decisions, lang),
        following=here.survey.screen,
        go_on=_going_on(here, lang),
        ask_at=url_for("ask.ask"),
        edition=here.book.rulebook.hash[:12],
        decisions=decisions,
        visit=here,
        firm=here.told.facts.get("name") or sentences.say("（未填单位名称）", lang),
        written_on=figures.day(today(), lang),
    )


def _sum(yuan: str, lang: str) -> str:
    return figures.sum_in_yuan(figures.fen_of(yuan), lang)
