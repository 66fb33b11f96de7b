"""Matching the columns of an upload with facts: what was recognised, what is guessed, and the choice for each column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from flask import redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import CentreSetting, record, require
from matcher.db import enqueue_run, reading, session
from matcher.firms import read_key
from matcher.firms.spreadsheets import OWN, OWN_LABELS, Columns, Guess, cell_name, mapping_faults
from matcher.presentation import catalogue, office
from matcher.rulebook import Rulebook
from matcher.text import sentences
from matcher.web import engine, language

from . import list_views
from .estimate import pace
from .list_views import pages, reached, subject
from .models import Run, RunCurrent, RunFile, RunLetters
from .service import line_up
from .sheets import Looked, look

MOST_LISTS = 60

"""Columns up to which each may be given a list of all facts: a page with more would be too long."""

_EXACT = 100

_LIKELY = 20

_NAMED = ("name", "credit_code")

_COLUMN = re.compile(r"c\d+", re.ASCII)

_REFUSED = 422


@dataclass(frozen=True)
class Column:
    """A column as the page shows it: its field, where it stands, its guess, the first values, and what is chosen for it."""

    field: str
    place: str
    guess: Guess
    samples: tuple[str, ...]
    chosen: str
    is_sure: bool


def mapping_page(
    opened: Session, run: Run, chosen: Mapping[str, str] | None = None, faults: tuple[str, ...] = ()
) -> str:
    """The form that matches the columns; ``chosen`` is what was sent, else the guesses are shown."""
    looked = _looked(opened, run)
    rulebook = catalogue().rulebook
    all_lists = "all" in request.args or (chosen is not None and "all" in chosen)
    columns = _columns(looked, chosen, all_lists and _may_list(looked))
    return render_template(
        "desk/run_mapping.html",
        run=run,
        letters=run.letters if chosen is None else _letters(run, chosen),
        on_current=(chosen or {}).get("on_current", "skip"),
        schemes=_writable(),
        only=set(request.form.getlist("letter_schemes")),
        pace=pace(opened),
        needs_second=_needs_second(opened, run.centre),
        looked=looked,
        columns=columns,
        empty=sum(not samples for samples in looked.samples),
        unused=[one for one in columns if not one.chosen],
        offered=_offered(rulebook, looked),
        labels=_labels(rulebook, looked),
        faults=faults,
        may_list=_may_list(looked) and any(one.is_sure for one in columns),
        is_all=all_lists,
    )


@pages.post("/desk/runs/<int:run_id>/start")
@require("run.write")
def start(run_id: int) -> Response | tuple[str, int]:
    """Begin with the mapping that was sent, or say what is wrong with it and keep it."""
    sent = request.form.to_dict()
    with reading(engine()) as opened:
        run = reached(opened, run_id)
        if run.state == "mapping":
            looked = _looked(opened, run)
            sent = _meant(sent, _labels(catalogue().rulebook, looked))
            mapping = {at: sent.get(f"c{at}") or None for at in range(len(looked.guesses))}
            faults = _faults(run, looked, mapping, _letters(run, sent))
            if faults:
                return mapping_page(opened, run, sent, faults), _REFUSED
    with session(engine()) as writing:
        if run.state == "mapping":
            on_current: RunCurrent = "supersede" if sent.get("on_current") == "supersede" else "skip"
            only = [slug for slug, _ in _writable() if slug in request.form.getlist("letter_schemes")]
            line_up(writing, run_id, mapping, _letters(run, sent), on_current, only)
            record(writing, "run.started", subject(run), columns=sum(one is not None for one in mapping.values()))
    enqueue_run(run_id, office().instance)
    return redirect(url_for("desk_runs.show", run_id=run_id), 303)


def _writable() -> list[tuple[str, str]]:
    """The schemes that the letters of a list may speak of, with their names."""
    book = catalogue().rulebook
    found = [scheme for scheme in book.schemes.values() if scheme.kind == "support"]
    return [(scheme.slug, scheme.name.get(language.lang())) for scheme in found]


def _needs_second(opened: Session, centre: str) -> bool:
    setting = opened.get(CentreSetting, centre)
    return setting is not None and setting.needs_countersign


def _letters(run: Run, sent: Mapping[str, str]) -> RunLetters:
    """Which letters are wanted; those asked for at the upload where the form says nothing that can be."""
    told = sent.get("letters")
    return cast(RunLetters, told if told in get_args(RunLetters) else run.letters)


def _faults(run: Run, looked: Looked, mapping: Mapping[int, str | None], wanted: RunLetters) -> tuple[str, ...]:
    lang = language.lang()
    headings = [guess.heading for guess in looked.guesses]
    known = _labels(catalogue().rulebook, looked)
    unknown = [
        sentences.say("“{text}”不是能读的内容，请从提示中选，或留空不读。", lang, text=told)
        for told in mapping.values()
        if told and told not in known
    ]
    read = {at: told if told in known else None for at, told in mapping.items()}
    found = unknown or [fault.text.get(lang) for fault in mapping_faults(catalogue().rulebook, headings, read)]
    hindered = list_views.hindrance(run.centre, wanted, looked.rows)
    return tuple(dict.fromkeys([*found, *([hindered.get(lang)] if hindered else [])]))


def _looked(opened: Session, run: Run) -> Looked:
    upload = opened.get_one(RunFile, (run.id, "upload"))
    return look(catalogue().rulebook, upload.content, upload.filename, run.as_of)


def _may_list(looked: Looked) -> bool:
    return len(looked.guesses) <= MOST_LISTS


def _columns(looked: Looked, chosen: Mapping[str, str] | None, all_lists: bool) -> list[Column]:
    """The columns that hold anything: those recognised for certain can be left out, the others matched."""
    shown = []
    for guess, samples in zip(looked.guesses, looked.samples, strict=True):
        if samples:
            field = f"c{guess.column}"
            told = (guess.fact or "") if chosen is None else chosen.get(field, "")
            is_sure = not all_lists and guess.score == _EXACT and told in ("", guess.fact)
            shown.append(Column(field, cell_name(0, guess.column)[:-1], guess, samples, told, is_sure))
    return shown


def _labels(rulebook: Rulebook, looked: Looked) -> dict[str, str]:
    """What a column may hold, by id: every fact, the list's own columns, and the second and further loans … that were recognised."""
    known, lang = Columns(rulebook), language.lang()
    facts = {fact.id: fact.label.get(lang) for fact in rulebook.facts.values()}
    own = {name: OWN_LABELS[name].get(lang) for name in OWN}
    items = {one.fact: known.label(one.fact).get(lang) for one in looked.guesses if one.fact and read_key(one.fact)}
    return facts | own | items


def _offered(rulebook: Rulebook, looked: Looked) -> list[str]:
    """What a column may hold, by its label: the twenty that decide most schemes first, then all in the order one is asked."""
    labels, book = _labels(rulebook, looked), catalogue()
    facts = sorted(rulebook.facts.values(), key=lambda fact: rulebook.group_rank(fact.group))
    likely = sorted(facts, key=lambda fact: -len(book.readers(fact.id, ())))[:_LIKELY]
    ids = dict.fromkeys((*_NAMED, *(fact.id for fact in likely), *(fact.id for fact in facts), *OWN, *labels))
    return [labels[name] for name in ids if name in labels]


def _meant(sent: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    """What was sent, with a column's content by its id where it was chosen by its label."""
    ids = {label: name for name, label in labels.items()}
    return {
        field: ids.get(told.strip(), told.strip()) if _COLUMN.fullmatch(field) else told for field, told in sent.items()
    }
