"""Lays out a screen of questions: each with why it is asked, the control that fits, bands, quarterly figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.answers import BandTold, answers
from matcher.engine import Band
from matcher.engine.ask import FIRST, THEN, Ask, Price, Screen, kind_of, series_of
from matcher.firms import numbers
from matcher.presentation import Choice, Question, questions
from matcher.presentation import industry as industry_question
from matcher.rulebook import Fact, Rulebook, Text
from matcher.text import figures, interview_labels, sentences

from .estimates import priced
from .posted import GATE_ANSWERS, UNSURE, Posted, gate_field, is_never_denied
from .visits import Visit

# ---------------------------------------------------------------------------------------------------------------------
# Lays out a screen of questions: each with why it is asked, the control that fits, bands, and what 不清楚 costs.
# ---------------------------------------------------------------------------------------------------------------------


# So many schemes are named in the line that says why a question is asked.
_NAMED = 2

# What the second screen asks of every firm.
_OWNED = frozenset({"annual_revenue", "ownership"})


@dataclass(frozen=True)
class Posed:
    """A question of a screen. `bands` are offered before its field; `price` is what 不清楚 costs; `cost` says why and price
    in one sentence; `search` finds the code of an industry."""

    question: Question
    why: str
    price: str
    cost: str
    is_unsure: bool
    bands: tuple[Choice, ...] = ()
    search: industry_question.Search | None = None


@dataclass(frozen=True)
class Shown:
    """A screen as the page shows it. `kind` is gate, single, ticks, table or quarters; `refines`: only an amount hangs on it.

    `rest` names what 其余都没有 answers: the questions of a list, and what lies beneath the gates among them; empty where no button does.
    `title` is its question, where it has several rows.
    """

    kind: str
    heading: str
    refines: bool
    posed: tuple[Posed, ...]
    rest: tuple[str, ...] = ()
    quarters: Table | None = None
    title: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """What it asks for."""
        return tuple(one.question.fact for one in self.posed)


def screen_of(visit: Visit, facts: tuple[str, ...]) -> Screen:
    """The screen for these facts: the next one if they are what comes next, else each asked again, together."""
    following = visit.survey.screen
    if following is not None and tuple(ask.fact for ask in following.asks) == facts:
        return following
    screens = [visit.screen(fact) for fact in facts]
    asks = tuple(ask for screen in screens for ask in screen.asks)
    return Screen(kind_of(visit.book.rulebook, asks), screens[0].group, asks, all(screen.refines for screen in screens))


def shown(visit: Visit, screen: Screen, posted: Posted | None, lang: str) -> Shown:
    """The screen with the answers that stand: those just typed, or else those kept."""
    posed = tuple(
        _gate(visit, ask, posted, lang) if ask.form == "gate" else _posed(visit, ask, posted, lang)
        for ask in screen.asks
    )
    if screen.kind != "single":
        posed = _said_once(posed)
    rulebook = visit.book.rulebook
    quarters = table(rulebook, posed, lang) if screen.kind == "quarters" else None
    heading = "" if screen.kind == "table" else _heading(rulebook, screen, lang)  # a table's title names its subjects
    title = "" if len(posed) == 1 else _title(rulebook, screen, lang)
    return Shown(screen.kind, heading, screen.refines, posed, _rest(rulebook, screen, lang), quarters, title)


def _title(rulebook: Rulebook, screen: Screen, lang: str) -> str:
    """The question that a screen of several asks."""
    if screen.kind != "table":
        return sentences.say(interview_labels.SCREEN[screen.kind], lang)
    asked = {ask.fact for ask in screen.asks}
    if {*FIRST} <= asked or _OWNED <= asked <= {*THEN}:
        begun = "first" if {*FIRST} <= asked else "then_short" if asked == _OWNED else "then"
        return sentences.say(interview_labels.SCREEN[begun], lang)
    is_mixed = any(ask.form not in ("figure", "bands") for ask in screen.asks)
    key = interview_labels.SCREEN["mixed" if is_mixed else "table"]
    return sentences.say(key, lang, subjects=_subjects(rulebook, screen, lang))


def _subjects(rulebook: Rulebook, screen: Screen, lang: str) -> str:
    """What a table is about: its groups by their names, or a subject that they are all of."""
    groups = list(dict.fromkeys(rulebook.facts[ask.fact].group for ask in screen.asks))
    if len(groups) > 1 and (subject := _subject(rulebook, {*groups}, lang)):
        return subject
    labels = [rulebook.group_label(group).get(lang) for group in groups]
    return sentences.listed([labels[0], *(label[:1].lower() + label[1:] for label in labels[1:])], lang)


def _heading(rulebook: Rulebook, screen: Screen, lang: str) -> str:
    """The subject of a screen: its group, or the subject that all its groups are of; none where gates, which are subjects
    of their own, stand with other questions."""
    if len(screen.asks) > 1 and any(ask.fact in rulebook.gates for ask in screen.asks):
        return ""
    if screen.group in rulebook.groups:
        return rulebook.group_label(screen.group).get(lang)
    return _subject(
        rulebook, {rulebook.facts[ask.fact].group for ask in screen.asks if ask.fact in rulebook.facts}, lang
    )


def _subject(rulebook: Rulebook, groups: set[str], lang: str) -> str:
    """The subject that all the groups are of; empty where there is none."""
    subjects = [one for one in rulebook.likely.subjects if groups and groups <= {*one.groups}]
    return subjects[0].label.get(lang) if subjects else ""


def _rest(rulebook: Rulebook, screen: Screen, lang: str) -> tuple[str, ...]:
    """What the button of a list answers with no, each by its name."""
    if not screen.is_list:
        return ()
    names: list[str] = []
    for ask in screen.asks:
        gate = rulebook.gates.get(ask.fact)
        names += [ask.fact] if gate is None else [] if gate.is_declaration else list(gate.none)
    facts = [rulebook.facts[name] for name in names if name not in rulebook.likely.declarations]
    return tuple(fact.label.get(lang) for fact in facts if not is_never_denied(rulebook, fact))


def plain_question(visit: Visit, fact_id: str, posted: Posted | None, lang: str) -> Question:
    """The question for a fact with the answer that stands: the one just typed, or else the one kept."""
    fact = visit.book.fact(fact_id)
    kept, told = visit.answers.facts.get(fact_id), visit.told.facts.get(fact_id)
    typed = "" if kept is None else numbers.typed(fact.type, kept)
    faults: tuple[Text, ...] = ()
    if posted is not None and fact_id in posted.asked:
        typed, told, faults = posted.typed.get(fact_id, ""), posted.told.get(fact_id), posted.faults.get(fact_id, ())
    written = sentences.how_to_write(fact_id, fact.type, lang) or ""
    return questions.question(fact, typed, told, faults, lang, written)


def _posed(visit: Visit, ask: Ask, posted: Posted | None, lang: str) -> Posed:
    fact, question = visit.book.fact(ask.fact), plain_question(visit, ask.fact, posted, lang)
    title, hint = questions.as_asked(fact, lang)
    if fact.id == industry_question.FACT:  # asked in the owner's words: how a code is written is beside the point
        question = replace(question, label=title, hint=None)
    else:
        written = sentences.how_to_write(fact.id, fact.type, lang)
        question = replace(question, label=title, hint=" ".join(part for part in (hint, written) if part) or None)
    is_unsure, band = fact.id in visit.answers.unsure, visit.answers.bands.get(fact.id)
    if posted is not None and fact.id in posted.asked:
        is_unsure, band = fact.id in posted.unsure, posted.bands.get(fact.id)
    said = posted.words if posted else ""
    return Posed(
        question=replace(question, choices=_with_unsure(question.choices, is_unsure, lang)),
        why=_why(visit, ask, lang),
        price=price(_priced(visit, ask), lang),
        cost=_cost(visit, ask, lang),
        is_unsure=is_unsure,
        bands=tuple(_band(fact, one, band, lang) for one in ask.bands),
        search=industry_question.search(question.value, said, lang, is_unsure and bool(said))
        if fact.id == industry_question.FACT
        else None,
    )


def gate_word(gate: str, told: str, lang: str) -> str:
    """An answer to a gate question in words; most are 有 and 没有."""
    own = interview_labels.REGISTERED_ANSWER if gate == "gate:registered" else {}
    return sentences.say(own.get(told, interview_labels.GATE_ANSWER[told]), lang)


def asked_first(visit: Visit, gate_id: str, posted: Posted | None, lang: str) -> Question:
    """A gate question as the start page asks it."""
    return _gate(visit, Ask(gate_id, "gate", (), Price(0, 0)), posted, lang).question


def _gate(visit: Visit, ask: Ask, posted: Posted | None, lang: str) -> Posed:
    """A gate question: 没有, 有 or 不清楚, and what counts."""
    gate, told = visit.book.rulebook.gates[ask.fact], visit.answers.gates.get(ask.fact)
    chosen = posted.gates.get(gate.id, "") if posted is not None else ""
    if posted is None or gate.id not in posted.gates:
        chosen = next((value for value, meant in GATE_ANSWERS.items() if meant == told), "")
    choices = tuple(
        Choice(value, gate_word(gate.id, meant, lang), value == chosen) for value, meant in GATE_ANSWERS.items()
    )
    name, label, hint = gate_field(gate.id), gate.question.get(lang), gate.help.get(lang)
    question = Question(gate.id, name, label, hint, "chips", choices, chosen, "", "", None, ())
    is_unsure = chosen == UNSURE
    cost = price(_priced(visit, ask), lang)
    return Posed(question, _why(visit, ask, lang), cost, _cost(visit, ask, lang), is_unsure)


def _with_unsure(choices: tuple[Choice, ...], is_unsure: bool, lang: str) -> tuple[Choice, ...]:
    """The same with 不清楚 as an answer of its own: nothing chosen is not the same."""
    known = [one for one in choices if one.value]
    return (*known, Choice(UNSURE, sentences.say("不清楚", lang), is_unsure)) if known else ()


def _band(fact: Fact, band: Band, told: BandTold | None, lang: str) -> Choice:
    return Choice(
        answers.band_value(fact, band), answers.band_text(fact, band, lang), answers.band_told(fact, band) == told
    )


def _said_once(posed: tuple[Posed, ...]) -> tuple[Posed, ...]:
    """What a term means, and what 不清楚 costs where that is the same, said with the first of several questions only."""
    terms: set[str] = set()
    found: list[Posed] = []
    cost_before = ""
    for one in posed:
        fresh = tuple(term for term in one.question.terms if term.word not in terms)
        terms.update(term.word for term in fresh)
        cost = "" if found and one.cost == cost_before else one.cost
        cost_before = one.cost
        found.append(replace(one, question=replace(one.question, terms=fresh), cost=cost))
    return tuple(found)


def _why(visit: Visit, ask: Ask, lang: str) -> str:
    """Which schemes wait for the answer, the first by name."""
    if not ask.waiting:
        return ""
    key = (
        sentences.Sentence("为什么问：{names}等{count}要看这一点。")
        if len(ask.waiting) > _NAMED
        else sentences.Sentence("为什么问：{names}要看这一点。")
    )
    return sentences.say(
        key, lang, names=_named(visit, ask, _NAMED, lang), count=sentences.count(lang, len(ask.waiting), "scheme")
    )


def _cost(visit: Visit, ask: Ask, lang: str) -> str:
    """The same and what 不清楚 costs, in one short sentence for a row among others."""
    if not ask.waiting:
        return ""
    priced = _priced(visit, ask)
    if priced.up_to:
        key = (
            sentences.Sentence("{names}等{count}要看这一点，不清楚就定不下来，最多{money}。")
            if len(ask.waiting) > 1
            else sentences.Sentence("{names}要看这一点，不清楚就定不下来，最多{money}。")
        )
    else:
        key = (
            sentences.Sentence("{names}等{count}要看这一点，不清楚就定不下来。")
            if len(ask.waiting) > 1
            else sentences.Sentence("{names}要看这一点，不清楚就定不下来。")
        )
    money = figures.about(priced.up_to or 0, lang, up=True)
    count = sentences.count(lang, len(ask.waiting), "scheme")
    return sentences.say(key, lang, names=_named(visit, ask, 1, lang), count=count, money=money)


def _priced(visit: Visit, ask: Ask) -> Price:
    """What 不清楚 costs by the estimate: where no end is known of a sum, its usual one stands."""
    found = priced(visit.survey.estimate, ask.waiting)
    return Price(ask.price.schemes, found or ask.price.up_to)


def _named(visit: Visit, ask: Ask, most: int, lang: str) -> str:
    return sentences.listed([visit.book.scheme(slug).name.get(lang) for slug in ask.waiting[:most]], lang)


def price(cost: Price, lang: str) -> str:
    """What 不清楚 costs, in a clause; empty where it costs nothing."""
    if not cost.schemes:
        return ""
    count = sentences.count(lang, cost.schemes, "scheme")
    if cost.up_to:
        return sentences.say(
            "不清楚的话，{count}定不下来，最多{money}",
            lang,
            count=count,
            money=figures.about(cost.up_to, lang, up=True),
        )
    return sentences.say(
        "不清楚的话，{count}定不下来，金额还估不出" if cost.up_to is None else "不清楚的话，{count}定不下来",
        lang,
        count=count,
    )


# ---------------------------------------------------------------------------------------------------------------------
# Lays quarterly figures out as one small table: a row for the start and the end of each quarter, a column for each
# kind.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """The start or the end of a quarter; where a figure is not asked, None."""

    label: str
    cells: tuple[Posed | None, ...]


@dataclass(frozen=True)
class Table:
    """The rows, under the names of the columns; `cost` says once why all of it is asked and what 不清楚 costs; `before` is
    what is asked above the table."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    cost: str
    before: tuple[Posed, ...]


def table(rulebook: Rulebook, posed: Sequence[Posed], lang: str) -> Table:
    """The table of questions that are quarterly figures, and what stands with them."""
    figures = {one.question.fact: series for one in posed if (series := series_of(rulebook, one.question.fact))}
    cells = {(found.quarter, found.at, found.name): one for one in posed if (found := figures.get(one.question.fact))}
    columns = tuple(dict.fromkeys(series.name for series in figures.values()))
    rows = sorted({(found.quarter, found.at) for found in figures.values()}, key=lambda row: (row[0], row[1] == "end"))
    return Table(
        tuple(rulebook.series_label(column).get(lang) for column in columns),
        tuple(
            Row(
                sentences.say(interview_labels.QUARTER[f"q{quarter}_{at}"], lang),
                tuple(cells.get((quarter, at, column)) for column in columns),
            )
            for quarter, at in rows
        ),
        posed[0].cost,
        tuple(replace(one, cost="") for one in posed if one.question.fact not in figures),
    )
