"""The blueprint of the pages about cases, how each of them comes by its case, and what its versions changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort
from sqlmodel import Session

from matcher.accounts import People, reach
from matcher.presentation import AS_OF, Catalogue
from matcher.text import desk_labels, figures, sentences, values

from .items import fact_of, key_label, key_words
from .models import Case, CaseRevision
from .service import case_of

# ---------------------------------------------------------------------------------------------------------------------
# The blueprint of the pages about cases, and how each of them comes by its case.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("desk_cases", __name__)

_NOT_FOUND = 404

DUE = "due"

"""What the day by which a case is to be done is called among its settings."""


def reached(session: Session, case_id: int, *, to_write: bool = False) -> Case:
    """The case of this number, if there is one and the account may do this page's action to its centre's cases."""
    case = case_of(session, case_id, to_write=to_write)
    if case is None:
        abort(_NOT_FOUND)
    reach(case.centre)
    return case


def subject(case: Case | int) -> str:
    """What the audit trail calls a case."""
    return f"case {case if isinstance(case, int) else case.id}"


# ---------------------------------------------------------------------------------------------------------------------
# Says which version of a case changed what, when and by whom, and what facts and settings are called.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One version: who made it, when, and the labels of the facts that it changed; ``values`` say of each what it was and is."""

    by: str
    at: datetime
    labels: tuple[str, ...]
    values: tuple[str, ...] = ()


def history(book: Catalogue, versions: Sequence[CaseRevision], people: People, lang: str) -> tuple[Change, ...]:
    """The versions of a case's facts, the newest first as they are given, each with what it changed since the one before.

    The oldest is left out unless it is the case's first: what it changed is not known.
    """
    found = []
    for new, old in zip(versions, [*versions, None][1:], strict=True):
        if old is None and new.version > 1:
            break
        names = _changed(new, old)
        labels = tuple(label_of(book, name, lang, new.facts) for name in names)
        told = tuple(_before_and_after(book, name, new, old, lang) for name in names) if old else ()
        found.append(Change(people.of(new.account_id), new.made_at, labels, told))
    return tuple(found)


def _before_and_after(book: Catalogue, name: str, new: CaseRevision, old: CaseRevision, lang: str) -> str:
    """A fact with its value before and after, in words: 上年末从业人员数：12人 → 30人."""
    was, now = (_words(book, name, one, lang) for one in (old, new))
    text = sentences.say("{name}：{was} → {now}", lang, name=label_of(book, name, lang, new.facts), was=was, now=now)
    seen = new.sources.get(name) or {}
    if not seen.get("paper"):
        return text
    return sentences.say(
        "{change}（依据{paper}，{why}）", lang, change=text, paper=seen["paper"], why=seen.get("why", "")
    )


def _words(book: Catalogue, name: str, version: CaseRevision, lang: str) -> str:
    if name == AS_OF:
        return figures.day(version.as_of, lang) if version.as_of else sentences.say("今天", lang)
    if name == DUE:
        return figures.day(version.due_on, lang) if version.due_on else sentences.say("没有期限", lang)
    if name not in version.facts:
        return sentences.say("没有填", lang)
    fact, value = fact_of(book, name), version.facts[name]
    return values.stated_text(fact, value, lang) if fact else key_words(name, value, lang, version.facts) or str(value)


def label_of(book: Catalogue, name: str, lang: str, facts: Mapping[str, Any] | None = None) -> str:
    """What a fact, the day asked about or a setting is called; one of an item with the name that it has among ``facts``."""
    of_item = key_label(book, name, facts or {}, lang)
    if of_item is not None:
        return of_item
    if name == AS_OF:
        return sentences.say("按哪一天的规定看？", lang)
    if name in book.rulebook.facts:
        return book.fact(name).label.get(lang)
    return sentences.say_or(desk_labels.SETTING, name, lang)


def _changed(new: CaseRevision, old: CaseRevision | None) -> list[str]:
    before, sources = (old.facts, old.sources) if old else ({}, {})
    names = [
        name
        for name in sorted(new.facts.keys() | before.keys())
        if new.facts.get(name) != before.get(name) or _source(new.sources, name) != _source(sources, name)
    ]
    names += [AS_OF] if new.as_of != (old.as_of if old else None) else []
    return [*names, *([DUE] if old and new.due_on != old.due_on else [])]


def _source(sources: Mapping[str, Any], name: str) -> Any:
    return (sources.get(name) or {}).get("source")
