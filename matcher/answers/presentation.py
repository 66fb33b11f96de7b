"""Lays answers out as a table that people read, and what the pages of keeping answers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask, current_app, render_template, request, url_for

from matcher.db import StoreError
from matcher.engine import Band, Item
from matcher.firms import Fault
from matcher.presentation import industry
from matcher.rulebook import Fact, Rulebook
from matcher.text import TIANJIN, figures, interview_labels, sentences, values
from matcher.web import TooManyTries, is_desk, language, sealing, token_holds

from . import answers, wire
from .answers import Answers, Entry, OtherItem
from .quota import StorageFull

# ---------------------------------------------------------------------------------------------------------------------
# Seals answers into a page that offers them, so that they can be taken or saved without being stored anywhere.
# ---------------------------------------------------------------------------------------------------------------------


FIELD = "found"

_USE, _SECONDS = "offer", 12 * 3600

UNDO, _UNDO_SECONDS = "undo", 600

_LONGEST = 60_000  # characters: a longer field would be cut when it comes back


def close(answers: Answers) -> str:
    """The answers as a text for a hidden field."""
    return sealing.close(_USE, wire.pack(answers))


def close_if_short(answers: Answers, use: str = _USE) -> str:
    """The same; empty where they are too long to come back whole. ``use``: what alone the field may be used for."""
    text = sealing.close(use, wire.pack(answers))
    return text if len(text) <= _LONGEST else ""


def opened(text: str, use: str = _USE) -> Answers | None:
    """The answers in a field; None where it was not sealed here for this use or is too old."""
    packed = sealing.opened(use, text, _UNDO_SECONDS if use == UNDO else _SECONDS)
    return wire.unpack(packed) if packed is not None else None


# ---------------------------------------------------------------------------------------------------------------------
# A page that says one thing, and what the pages of keeping share: stale forms, too many tries, a store out of reach.
# ---------------------------------------------------------------------------------------------------------------------


_WAYS = {"saving.hub": sentences.Sentence("回到保存与取回"), "start.start": sentences.Sentence("回到首页")}

_BAD_REQUEST, _TOO_MANY, _UNAVAILABLE = 400, 429, 503


def install(app: Flask) -> None:
    """Answer in words where the store or the limit on tries says no."""
    app.register_error_handler(TooManyTries, _too_many)
    app.register_error_handler(StoreError, _no_store)
    app.register_error_handler(StorageFull, _full)


def require_token(pages: Blueprint) -> None:
    """Refuse every post to these pages whose token does not hold: from another site, or from a page left open too long."""
    pages.before_request(_refuse_stale)


def said(key: str, code: int = 200, back: str | None = None, **values: object) -> tuple[str, int]:
    """The page of a message of `interview_labels.MESSAGE` and its text; `back` is the address its button leads to, else keeping."""
    back = back or url_for("saving.hub")
    lang = language.lang()
    heading, text = (
        sentences.say(interview_labels.MESSAGE[key], lang),
        sentences.say(interview_labels.MESSAGE_TEXT[key], lang, **values),
    )
    way = sentences.say(
        next((key for page, key in _WAYS.items() if url_for(page) == back), sentences.Sentence("回去")), lang
    )
    # The desk's frame asks the store who is signed in.
    frame = "desk/_frame.html" if is_desk(request.path) and code != _UNAVAILABLE else "_frame.html"
    return render_template("keep/said.html", frame=frame, heading=heading, text=text, back=back, way=way), code


def this_page() -> str:
    """The address of this page, without what it asks for."""
    return f"{request.script_root}{request.path}"


def _refuse_stale() -> tuple[str, int] | None:
    if request.method != "POST" or token_holds(request.form.get("csrf_token")):
        return None
    return said("stale", _BAD_REQUEST, back=this_page() if is_desk(request.path) else None)


def _too_many(error: TooManyTries) -> tuple[str, int, dict[str, str]]:
    count = sentences.count(language.lang(), error.minutes, "minute")
    page, code = said("too_many", _TOO_MANY, back=this_page() if is_desk(request.path) else None, wait=count)
    return page, code, {"Retry-After": str(error.minutes * 60)}


def _full(error: StorageFull) -> tuple[str, int, dict[str, str]]:
    """Nothing was stored: what was told is in this page, to be saved as a file instead."""
    lang, key = language.lang(), "full_own" if error.is_own else "full"
    hours = -(-error.minutes // 60)
    wait = (
        sentences.count(lang, error.minutes, "minute") if error.minutes < 120 else sentences.count(lang, hours, "hour")
    )
    page = render_template(
        "keep/full.html",
        heading=sentences.say(interview_labels.MESSAGE[key], lang),
        text=sentences.say(interview_labels.MESSAGE_TEXT[key], lang, wait=wait),
        found=close_if_short(error.answers) if error.answers else "",
    )
    return page, _TOO_MANY if error.is_own else _UNAVAILABLE, {"Retry-After": str(error.minutes * 60)}


def _no_store(error: StoreError) -> tuple[str, int]:
    # Its own words name the database: they are for whoever runs the site, and hold no fact.
    current_app.logger.error("the store did not answer: %s", error.en)
    return said("no_store", _UNAVAILABLE, back=url_for("start.start"))


# ---------------------------------------------------------------------------------------------------------------------
# Lays answers out as a table that people read: group by group, each fact with its label and its value in words.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One answer in words: the fact's label and what was told of it."""

    label: str
    value: str


@dataclass(frozen=True)
class ToldGroup:
    """The answers of one group of facts under its heading; ``is_item``: of one further loan, project …, whose name it is."""

    heading: str
    rows: tuple[Told, ...]
    is_item: bool = False


@dataclass(frozen=True)
class Strange:
    """An answer set aside: what it was called, what was told, and why it is not taken."""

    label: str
    value: str
    reason: str


def told_groups(rulebook: Rulebook, answers: Answers, lang: str) -> tuple[ToldGroup, ...]:
    """Every answer that the vocabulary knows, in the order in which a firm is asked; further items; then what stands aside."""
    groups: dict[str, list[Told]] = {}
    told = answers.told(rulebook)
    for fact in rulebook.facts.values():
        entry = answers.entry(fact.id)
        if entry is not None:
            row = Told(fact.label.get(lang), _in_words(fact, entry, told.bands.get(fact.id), lang))
            groups.setdefault(fact.group, []).append(row)
    found = [
        ToldGroup(rulebook.group_label(name).get(lang), tuple(groups[name]))
        for name in sorted(groups, key=rulebook.group_rank)
    ]
    found += [_told_item(rulebook, one, lang) for one in answers.others]
    aside = tuple(Told(name, str(value)) for name, value in answers.aside.items())
    return (*found, ToldGroup(sentences.say("现在的问卷不再问的", lang), aside)) if aside else tuple(found)


def _told_item(rulebook: Rulebook, other: OtherItem, lang: str) -> ToldGroup:
    """A further item with what was told of it."""
    known = [rulebook.facts[fact] for fact in other.facts if fact in rulebook.facts]
    rows = (Told(fact.label.get(lang), values.stated_text(fact, other.facts[fact.id], lang)) for fact in known)
    heading = Item(other.kind, other.id, name=other.name or None).label.get(lang)
    return ToldGroup(heading, tuple(rows), is_item=True)


def _in_words(fact: Fact, entry: Entry, band: Band | None, lang: str) -> str:
    """What was told of one fact: 3,000,000元, 是, 20到300人, 不清楚."""
    if entry.value is not None:
        told = values.stated_text(fact, entry.value, lang)
        return industry.industry_text(told, lang) if fact.id == industry.FACT else told
    known = [answers.band_text(fact, band, lang)] if band else []
    return sentences.listed([*known, sentences.say("不清楚", lang)] if entry.is_unsure else known, lang)


def label(rulebook: Rulebook, fact_id: str, told: Mapping[str, str], lang: str) -> str:
    """A fact's label of today; for a fact that is gone the one `told` with it, else its name."""
    known = rulebook.facts.get(fact_id)
    return known.label.get(lang) if known else told.get(fact_id, fact_id)


def strange(rulebook: Rulebook, fault: Fault, told: Mapping[str, str], lang: str) -> Strange:
    """An answer that today's vocabulary does not take, from its fault."""
    name = label(rulebook, fault.field, told, lang)
    if fault.field not in rulebook.facts:
        return Strange(name, fault.value, sentences.say("现在的问卷没有这一项。", lang))
    # The fault's text starts with the label, which the page shows by itself.
    start = f"{name}：" if lang == "zh" else f"{name}: "
    return Strange(name, fault.value, fault.text.get(lang).removeprefix(start))


def moment(at: datetime, lang: str) -> str:
    """A moment in Tianjin's time: 2026年11月24日 16:09, 24 November 2026, 16:09."""
    local = at.astimezone(TIANJIN)
    return f"{figures.day(local.date(), lang)}{'' if lang == 'zh' else ','} {local:%H:%M}"
