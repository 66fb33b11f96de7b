"""A firm at the counter: what to ask it first, what it comes to as it answers, and its letter, on one screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from matcher.engine import Decision, with_items
from matcher.engine.ask import Told, survey
from matcher.engine.choose import Headline
from matcher.firms import Firm, read_facts, read_told
from matcher.letters import RegisterEntry, current_letters, schemes_to_write
from matcher.presentation import Catalogue, FieldFault, Question, field_name, form_class, question, take_in
from matcher.rulebook import Fact
from matcher.rulebook.language import KIND_WORDS, Scalar
from matcher.text import clean, figures, today

from .content import DECLARED, centre_with_case, content_of_firm, sources_of
from .models import Case
from .money import money_of
from .service import Content, cases_of_firm
from .stakes import Stake, stakes

GATES, FIGURES = 9, 6

"""Yes and no questions, one for each key from 1 to 9; questions with a figure, a word or a day beside them."""

_FIRST = ("vat_status", "six_taxes_two_fees_payable", "is_audited_collection", "insured_employees", "employees")

_PREFIX = "asked"


@dataclass(frozen=True)
class Gate:
    """A question answered by yes, no, or not known: its key, the field, and the money that hangs on it in words."""

    key: int
    fact: str
    name: str
    label: str
    chosen: str
    money: str


@dataclass(frozen=True)
class Figure:
    """A question with a field of its own, and the money that hangs on it in words."""

    question: Question
    money: str


@dataclass(frozen=True)
class Known:
    """What a firm is known by: from the register, from its open case (None: it has none yet), and its current letters."""

    firm: Firm
    case: Case | None
    content: Content
    current: tuple[RegisterEntry, ...]


@dataclass(frozen=True)
class Standing:
    """What the answers come to: all facts as told, what was answered here, the decisions, the money, and what a letter would say."""

    content: Content
    answered: Mapping[str, Any]
    faults: tuple[FieldFault, ...]
    facts: Mapping[str, Scalar]
    decisions: tuple[Decision, ...]
    money: Headline
    written: tuple[str, ...]
    gates: tuple[Gate, ...]
    figures: tuple[Figure, ...]
    asked: tuple[str, ...]


def known_firm(session: Session, book: Catalogue, firm: Firm, centre: str) -> Known:
    """What the centre knows of a firm: the facts of its newest open case, else those of the register."""
    day = today()
    cases = [case for case in cases_of_firm(session, centre, firm.id, firm.credit_code, alive=True) if case.facts]
    case = cases[0] if cases else None
    if case is not None:
        content = Content(case.facts, case.sources, case.as_of)
    else:
        content = content_of_firm(session, book.rulebook, firm, day, centre_with_case(session, centre, firm))
    current = current_letters(session, centre, firm.credit_code, clean(firm.name), day)
    return Known(firm, case, content, tuple(current))


def stand(book: Catalogue, known: Known, sent: MultiDict[str, str], by: str, lang: str) -> Standing:
    """What the answers in a form come to; the questions stay where they were while one answers, further ones come below."""
    day = known.content.as_of or today()
    before = tuple(name for name in sent.getlist(_PREFIX) if name in book.rulebook.facts)
    form = form_class(book, before)(sent) if before else None
    intake = take_in(book, form, before) if form is not None else None
    answered = dict(intake.stated) if intake is not None else {}
    content = _with_answers(known.content, answered, before, by)
    facts, _ = read_facts(book.rulebook, content.facts)
    found = survey(book.rulebook, Told(facts, gates=frozenset(book.rulebook.gates)), day)
    told = read_told(book.rulebook, content.facts)
    decisions = with_items(book.rulebook, found.decisions, told.firm, told.items, day)
    money = money_of(book.rulebook, told, decisions, day)
    put_aside = known.case.put_aside or () if known.case is not None else ()
    asked, worth = _asked(book, known.content, stakes(book.rulebook, found, put_aside), before)
    faults = intake.faults if intake is not None else ()
    gates, others = _questions(book, asked, worth, answered, sent, faults, lang)
    written = schemes_to_write(book.rulebook, ((one.scheme, one.status) for one in decisions))
    return Standing(content, answered, faults, facts, decisions, money, written, gates, others, asked)


def _with_answers(content: Content, answered: Mapping[str, Any], asked: tuple[str, ...], by: str) -> Content:
    """The content with what was answered here, as the firm's own words; an answer that was taken out is gone."""
    new = {name: value for name, value in answered.items() if content.facts.get(name) != value}
    gone = {name for name in asked if name not in answered and name in content.facts}
    facts = {name: value for name, value in content.facts.items() if name not in gone} | dict(answered)
    sources = {name: told for name, told in content.sources.items() if name not in gone}
    return Content(facts, {**sources, **sources_of(new, DECLARED, today(), by)}, content.as_of)


def _asked(
    book: Catalogue, content: Content, found: tuple[Stake, ...], before: tuple[str, ...]
) -> tuple[tuple[str, ...], dict[str, int]]:
    """The facts to ask, in the order of money: those that were on the screen first, so that no key changes its meaning."""
    worth = {one.fact: one.fen for one in found}
    usual = [name for name in _FIRST if name not in content.facts and name in book.rulebook.facts]
    names = list(dict.fromkeys((*before, *(usual if not before else ()), *(one.fact for one in found))))
    gates = [name for name in names if book.fact(name).type == "boolean"][:GATES]
    rest = [name for name in names if book.fact(name).type in ("money", "integer", "enum", "rate", "date", "number")]
    return (*gates, *rest[:FIGURES]), worth


def _questions(
    book: Catalogue,
    asked: tuple[str, ...],
    worth: Mapping[str, int],
    answered: Mapping[str, Any],
    sent: Mapping[str, str],
    faults: tuple[FieldFault, ...],
    lang: str,
) -> tuple[tuple[Gate, ...], tuple[Figure, ...]]:
    gates: list[Gate] = []
    others: list[Figure] = []
    read, _ = read_facts(book.rulebook, answered)
    for name in asked:
        fact, field = book.fact(name), field_name(name)
        at_stake = figures.sum_in_yuan(worth[name], lang) if worth.get(name) else ""
        typed = sent.get(field, "")
        if fact.type == "boolean":
            gates.append(Gate(len(gates) + 1, name, field, _gate_label(fact, lang), typed, at_stake))
        else:
            wrong = tuple(fault.text for fault in faults if fault.field == field)
            asked_for = replace(question(fact, typed, read.get(name), wrong, lang, ""), hint=None, terms=())
            others.append(Figure(asked_for, at_stake))
    return tuple(gates), tuple(others)


def _gate_label(fact: Fact, lang: str) -> str:
    """A fact's label, behind what it is of where it does not say so: 是否房屋、建筑物 is asked of 设备, not of the firm."""
    label = fact.label.get(lang)
    kinds = [KIND_WORDS[kind].noun(lang) for kind in fact.of]
    if not kinds or lang == "en" or any(kind in label for kind in kinds):
        return label
    return f"{kinds[0]}：{label}"


def is_changed(known: Known, standing: Standing) -> bool:
    """Whether anything was answered here that is not stored yet."""
    return dict(known.content.facts) != dict(standing.content.facts)
