"""All answers on one page, each with a link that changes it alone."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from matcher.web import figures, language, words
from matcher.web.interview.ask import address
from matcher.web.interview.recorded import Told, answer, gate_answer, gates
from matcher.web.interview.visit import Visit, visit

pages = Blueprint("answers", __name__)


@dataclass(frozen=True)
class Row:
    """An answer and the address that changes it; `is_unsure`: it says 不清楚 and nothing more."""

    told: Told
    change: str
    is_unsure: bool


@pages.get("/answers")
def answers() -> str:
    """Every answer by group, in the order in which a firm is asked; those of 不清楚 together at the end."""
    here, lang = visit(), language.lang()
    every = _groups(here, lang)
    known = [(heading, [row for row in rows if not row.is_unsure]) for heading, rows in every]
    return render_template(
        "interview/answers.html",
        groups=[(heading, rows) for heading, rows in known if rows],
        unsure=[row for _, rows in every for row in rows if row.is_unsure],
        chosen=[here.book.scheme(slug).name.get(lang) for slug in here.slugs],
        day=figures.day(here.as_of, lang),
        goes_on=here.survey.screen is not None,
        aside=sorted(here.answers.aside),
    )


def _groups(here: Visit, lang: str) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    asked = [
        Row(gate_answer(here, gate, lang), address((gate,), "answers"), here.answers.gates[gate] == "unsure")
        for gate in gates(here)
    ]
    told = here.answers.answered
    for fact in (fact for fact in here.book.rulebook.facts.values() if fact.id in told):
        is_unsure = fact.id in here.answers.unsure - here.answers.bands.keys()
        row = Row(answer(here, fact.id, lang), address((fact.id,), "answers"), is_unsure)
        groups.setdefault(fact.group, []).append(row)
    found = [(words.group(name, lang), groups[name]) for name in sorted(groups, key=words.group_rank)]
    return [(words.say("answers.gates", lang), asked), *found] if asked else found
