"""Says back in words what was told of a fact: exactly, as a band, or 不清楚; and what was told last."""

from dataclasses import dataclass

from matcher.web import figures, words
from matcher.web.interview import bands, industry
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


def recorded(visit: Visit, lang: str) -> tuple[Told, ...]:
    """What was told last: the answers of the newest screen."""
    times = {fact: at for fact, at in visit.answers.told_at.items() if fact in visit.answers.answered}
    newest = max(times.values(), default=0)
    return tuple(
        answer(visit, fact, lang) for fact, at in times.items() if at == newest and fact in visit.book.rulebook.facts
    )
