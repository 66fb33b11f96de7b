"""Words the annex of a letter on several schemes: the reasons of those that stand on its first page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from matcher.engine import NO_ITEMS, Items
from matcher.rulebook.language import Scalar
from matcher.text import STATUS, capitalise, fen_of, sentences, sum_in_yuan

from .grounds import facts_by_source, missing
from .letter import Row, Section
from .section import amount as amount_of
from .section import statements
from .summary import Line, Summary, key_of
from .writer import Writer, item_label

if TYPE_CHECKING:
    from matcher.engine import DecisionRecord
    from matcher.rulebook import Rulebook

Json = Mapping[str, Any]

# Of a scheme on the first page the annex says these, in this order.
_IN_ANNEX = ("facts", "missing", "arithmetic", "ground", "bring", "where", "marks")

# Signs that the faces of letters have.
SIGNS: Mapping[str, str] = {"eligible": "●", "needs_decision": "◐", "needs_information": "◎"}

# Up to so many schemes: how many facts the annex names of each, and whether it says how to apply. The record in the file has all.
_DETAIL = ((5, 6, True), (8, 4, True), (11, 3, True), (99, 3, False))

_FEW = 3  # facts that are named of an item that gets no reasons of its own


@dataclass(frozen=True, slots=True)
class Asked:
    """What a certificate is made of, whatever its language. ``valid_until``: None of a day that is over; ``supersedes``: the number
    of the letter it replaces."""

    rulebook: Rulebook
    facts: Mapping[str, Scalar]
    decisions: tuple[Json, ...]
    summary: Summary
    as_of: date
    addressee: str
    written_on: date
    valid_until: date | None
    supersedes: str | None
    site: str | None
    by: Mapping[str, str]
    items: Items = NO_ITEMS

    @property
    def past(self) -> bool:
        """Whether the letter says how things stood, and not how they stand."""
        return self.valid_until is None


def in_annex(asked: Asked) -> Iterator[DecisionRecord]:
    """The decisions whose reasons the annex gives, in the order of the page; of several items those with something in it for the firm."""
    said = {key_of(one): cast("DecisionRecord", one) for one in asked.decisions}
    lines = dict.fromkeys((one.scheme, one.item) for one in asked.summary.lines)
    for key in lines:
        yield said[key]
    for key, one in said.items():
        if key not in lines and key[0] in asked.summary.more and (key[1] is None or one["status"] in SIGNS):
            yield one


def writer_of(asked: Asked, decision: DecisionRecord, lang: str) -> Writer:
    """What writes of a decision of the letter in one language."""
    return Writer.of(asked.rulebook, asked.facts, asked.items, decision, asked.as_of, lang, asked.by)


def reasons(asked: Asked, writer: Writer, number: int, of: int) -> Section:
    """Why, for one scheme: the facts that carry it, the arithmetic, the law, what to bring and where."""
    lang = writer.lang
    amount = amount_of(writer)
    lines = [one for one in asked.summary.lines if (one.scheme, one.item) == key_of(writer.decision)]
    doubted = any("unconfirmed" in one.note for one in lines)
    return Section(
        scheme=writer.scheme.slug,
        status=writer.status,
        heading=f"{number}. {capitalise(writer.name)}" if lang == "en" else f"{number}.{writer.name}",
        conclusion=STATUS[writer.status].letter.get(lang),
        amount=amount,
        paid="",
        rows=tuple(
            row
            for row in (*_statements(writer, of, doubted), *_counted_as(writer, lines), *_other_items(asked, writer))
            if row.texts
        ),
    )


def _statements(writer: Writer, of: int, doubted: bool) -> Iterator[Row]:
    """``doubted``: whether the first page marks its sum as still to be confirmed, which is then said here."""
    said = statements(writer)
    few, says_where = next((few, where) for most, few, where in _DETAIL if of <= most)
    for key in _IN_ANNEX:
        if key == "facts" and said.get(key):
            yield replace(said[key], texts=tuple(_few_facts(writer, few)))
        elif key == "missing" and said.get(key):
            yield replace(said[key], texts=(_some(writer, missing(writer), few),))
        elif key == "where" and not says_where:
            continue
        elif key in said and (key != "marks" or writer.decision.get("warnings") or doubted):
            yield said[key]


def _counted_as(writer: Writer, lines: Sequence[Line]) -> Iterator[Row]:
    """How the sum of the scheme's own period, its deduction, or facts still missing come to what stands on the first page."""
    told = writer.decision["amount"]
    own = None if told is None else told.get("high", told.get("value"))
    fen = sum(one.fen or 0 for one in lines)
    if not fen or lines[0].group == "apart" or (own is not None and fen == fen_of(str(own))):
        return
    is_deduction = any("deduction" in one.note for one in lines)
    phrase = "annex.counted.if" if own is None else "annex.counted.deduction" if is_deduction else "annex.counted"
    text = writer.say(phrase, sum=sum_in_yuan(fen, writer.lang, cents=True))
    yield Row("counted", writer.say("label.counted"), (text,))


def _other_items(asked: Asked, writer: Writer) -> Iterator[Row]:
    """Behind the first item of a scheme those of which the annex says no more: the name, what came out, and why."""
    shown = [key_of(one) for one in in_annex(asked)]
    slug, item = key_of(writer.decision)
    if item is None or (slug, item) != next(one for one in shown if one[0] == slug):
        return
    others = [one for one in asked.decisions if one["scheme"] == slug and key_of(one) not in shown]
    texts = tuple(_other_item(asked, cast("DecisionRecord", one), writer.lang) for one in others)
    yield Row("others", writer.say("label.others"), (writer.join(texts),) if texts else ())


def _other_item(asked: Asked, decision: DecisionRecord, lang: str) -> str:
    """An item in a few words: its name, the status, and the facts that fail or are missing."""
    writer = writer_of(asked, decision, lang)
    labels = [
        asked.rulebook.facts[fact].label.get(lang)
        for fact in (*(decision["failing"] or ()), *(decision["missing"] or ()))
    ]
    name, status = item_label(decision, lang), STATUS[writer.status].letter.get(lang)
    if not labels:
        return writer.say("annex.item", name=name, status=status)
    return writer.say("annex.item.why", name=name, status=status, facts=sentences.listed(labels[:_FEW], lang))


def _few_facts(writer: Writer, few: int) -> Iterator[str]:
    """The facts that carry the result, the first few of each who states them; that the firm stated them is said once for all."""
    for who, told in facts_by_source(writer).items():
        if not told:
            continue
        shown = _some(writer, told, few)
        yield shown if who == "firm" else writer.say(f"stated.{who}", facts=shown)


def _some(writer: Writer, told: Sequence[str], few: int) -> str:
    shown = writer.join(told[:few])
    return writer.say("annex.facts", facts=shown, count=str(len(told))) if len(told) > few else shown
