"""Says back in words what was told of a fact: exactly, as a band, or 不清楚; and what was told last."""

from dataclasses import dataclass

from matcher.web import figures, words
from matcher.web.interview import bands, industry
from matcher.web.interview.screens import gate_word
from matcher.web.interview.visit import Visit


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
        return Told(fact_id, words.say("industry.label", lang), industry.said(value, lang))
    if value is not None:
        understood = visit.told.facts.get(fact_id)
        echo = None if understood is None else figures.echo(fact, understood, lang)
        said = echo.removeprefix("= ") if echo else figures.stated(fact, value, lang)
    elif band is not None:
        said = bands.said(fact, band, lang)
    else:
        said = words.say("unknown", lang)
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
