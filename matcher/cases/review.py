"""What a second signature looks at: the money of a letter, and the figures that are far from what was known of the firm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import Session

from matcher.firms import facts_on
from matcher.presentation import Catalogue
from matcher.text import today

from .content import decisions_on
from .form import value_words
from .models import Case, CaseLetter
from .money import money_of, money_words

_JUMP = 5

"""A figure that is so many times what it was, or so small a part of it, is flagged."""


@dataclass(frozen=True)
class Difference:
    """A fact that the letter rests on and the register has otherwise: both in words; ``is_jump``: far apart."""

    label: str
    before: str
    now: str
    is_jump: bool


def money_of_letter(book: Catalogue, letter: CaseLetter, lang: str) -> str:
    """What the schemes of a letter come to, in one line."""
    told, decisions = decisions_on(book.rulebook, letter.facts, letter.as_of, letter.schemes)
    return money_words(money_of(book.rulebook, told, decisions, letter.as_of), lang)


def differences(
    session: Session, book: Catalogue, case: Case, facts: Mapping[str, Any], lang: str
) -> tuple[Difference, ...]:
    """What is told otherwise than the register has it, for the centre that may see it; the jumps first."""
    if case.firm_id is None:
        return ()
    known = facts_on(session, case.firm_id, today(), case.centre)
    found = []
    for name, value in facts.items():
        stated = known.get(name)
        if stated is None or name not in book.rulebook.facts or _same(stated.value, value):
            continue
        words = [value_words(book, name, each, lang) for each in (stated.value, value)]
        if words[0] != words[1]:
            label = book.fact(name).label.get(lang)
            found.append(Difference(label, words[0], words[1], _is_jump(stated.value, value)))
    return tuple(sorted(found, key=lambda one: not one.is_jump))


def _same(one: object, other: object) -> bool:
    figures = _number(one), _number(other)
    return one == other or (None not in figures and figures[0] == figures[1])


def _is_jump(before: object, now: object) -> bool:
    was, is_ = _number(before), _number(now)
    if was is None or is_ is None:
        return False
    small, large = sorted((abs(was), abs(is_)))
    return large >= _JUMP * small and large - small >= _JUMP


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
