"""Values that somebody else tells of a firm, a document or the register, in words for its owner to confirm."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.firms import Plain, numbers
from matcher.presentation import field_name, industry
from matcher.rulebook import Fact
from matcher.text import values


@dataclass(frozen=True)
class Proposal:
    """One value: what it is, how much, and as the form sends it; where it stands, of when, and what was told ``before``, where there is
    more to say; ``doubts`` say why it is not ticked."""

    fact: str
    field: str
    label: str
    said: str
    typed: str
    where: str = ""
    period: str = ""
    doubts: tuple[str, ...] = ()
    before: str = ""


def proposal(
    fact: Fact,
    stated: Plain,
    lang: str,
    *,
    where: str = "",
    period: str = "",
    doubts: tuple[str, ...] = (),
    told: Plain | None = None,
) -> Proposal:
    """A value as a profile states it, proposed; ``told`` is what the owner told of the fact before."""
    said = _in_words(fact, stated, lang)
    before = "" if told is None else _in_words(fact, told, lang)
    return Proposal(
        fact.id,
        field_name(fact.id),
        values.capitalise(fact.label.get(lang)),
        said,
        numbers.typed(fact.type, stated),
        where,
        period,
        doubts,
        before if before != said else "",
    )


def _in_words(fact: Fact, stated: Plain, lang: str) -> str:
    if fact.id == industry.FACT:
        return industry.industry_text(str(stated), lang)
    return values.stated_text(fact, stated, lang, cents=fact.type == "money")
