"""The results: three numbers, what to do next, every scheme by money, the days to keep; and what was told."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from matcher.answers import answers, store
from matcher.engine import district_of
from matcher.presentation import (
    Results,
    actions,
    entry_note,
    entry_sum,
    industry,
    ledger,
    next_monday,
    rest,
    results,
    year,
)
from matcher.rulebook.language import KIND_WORDS
from matcher.text import figures, sentences, today, values
from matcher.web import language

from . import estimates
from .screens import gate_word
from .visits import Visit, visit

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
# The results page: the answer in a sentence, how its total is reached, every scheme, and what to take along.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("result", __name__)


def going_on(here: Visit, lang: str) -> str:
    """What answering on brings: more settled schemes, or only sums; empty where nothing is left to ask."""
    survey = here.survey
    if survey.screen is None:
        return ""
    if not survey.is_through:
        return sentences.say("还有题能再定几项。", lang)
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
    decisions, money = here.decisions, here.money
    found, todo = results_of(here, lang), actions(here.book, here.told.facts, decisions, money, here.as_of, lang)
    return render_template(
        "interview/result.html",
        results=found,
        ledger=ledger(here.book, money, lang),
        todo=todo,
        wanted=estimates.wanted(here, found, money, lang),
        monday=figures.day(next_monday(today()), lang),
        rest=rest(found, money, [one.slug for one in todo], lang),
        year=year(here.book, decisions, here.as_of, lang),
        following=here.survey.screen,
        go_on=going_on(here, lang),
        ask_at=url_for("ask.ask"),
        edition=here.book.rulebook.hash[:12],
        visit=here,
        several=[(kind, KIND_WORDS[kind], 1 + len(here.answers.others_of(kind))) for kind in here.kinds_told],
        key=store.new_link_key(),
        firm=here.told.facts.get("name") or sentences.say("（未填单位名称）", lang),
        written_on=figures.day(today(), lang),
    )


@pages.get("/result/<slug>")
def of_scheme(slug: str) -> str | Response:
    """All there is to check one scheme's result by: the reasons with their law, the arithmetic, the papers."""
    here, lang = visit(), language.lang()
    if slug not in here.book.rulebook.schemes:
        abort(404)
    if here.answers.is_empty:
        return redirect(url_for("document.scheme", slug=slug), 303)  # type: ignore[return-value]
    found = [(group, card) for group in results_of(here, lang).groups for card in group.cards if card.slug == slug]
    if not found:  # the firm asked about others only
        return redirect(url_for("document.scheme", slug=slug), 303)  # type: ignore[return-value]
    asked = request.args.get("item")
    group, card = next((one for one in found if one[1].item == asked), found[0])
    entries = here.money.entries_of(slug, card.item)
    return render_template(
        "interview/result_scheme.html",
        group=group,
        it=card,
        others=[one for _, one in found if one is not card],
        sub_heading="h2",
        ask_at=url_for("ask.ask"),
        money=entry_sum(entries, lang) if entries else "",
        note=next((note for one in entries if (note := entry_note(one, lang))), ""),
        edition=here.book.rulebook.hash[:12],
    )


def results_of(here: Visit, lang: str) -> Results:
    """What a page says about every decision of a visit."""
    stated, district = [one.to_json() for one in here.decisions], district_of(here.told.facts)
    return results(
        here.book, stated, here.as_of, False, lang, "", here.survey.unreckoned, district, here.survey.unasked
    )
