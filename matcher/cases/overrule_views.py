"""Overruling what a case says of its firm: a clerk has seen evidence that a condition is met or not, and says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.accounts import me, record, require
from matcher.db import EntryError, reading, session
from matcher.engine import POSITIVE, Decision
from matcher.presentation import Question, catalogue, entries, field_name, form_class, question, take_in
from matcher.text import sentences, today
from matcher.web import engine, language, now

from .blueprint import label_of, pages, reached, subject
from .content import CONFIRMED, decisions_on
from .form import facts_of_case, source_words, value_words
from .models import Case
from .service import Content, save_content
from .views import refresh_found

LONGEST = 200

_NAMED = ("name", "credit_code")

_UNPROCESSABLE = 422


@dataclass(frozen=True)
class Turned:
    """A scheme whose answer the new value changes: its name, its status before and now, in words."""

    name: str
    before: str
    now: str


@pages.get("/desk/cases/<int:case_id>/overrule")
@require("case.write")
def overrule(case_id: int) -> str:
    """Choose what was seen otherwise (`?fact=`), then say what it is, on which paper, and why."""
    with reading(engine()) as active:
        case = reached(active, case_id)
    return _page(case, _fact(request.args.get("fact", "")))


@pages.post("/desk/cases/<int:case_id>/overrule")
@require("case.write")
def record_overruling(case_id: int) -> Response | tuple[str, int]:
    """Record the fact as seen, with its paper and the reason; `do=look` shows first what it would turn."""
    with session(engine()) as active:
        case = reached(active, case_id, to_write=True)
        fact, lang = _fact(request.form.get("fact", "")), language.lang()
        if fact is None:
            return redirect(url_for("desk_cases.overrule", case_id=case_id), 303)
        value, asked, faults = _read(fact)
        paper, why = (entries.printable(request.form.get(name, "")).strip() for name in ("paper", "why"))
        for name, told in (("paper", paper), ("why", why)):
            if not 0 < len(told) <= LONGEST:
                faults.append((name, sentences.say("请写1至{most}字。", lang, most=LONGEST)))
        if not faults and request.form.get("do") != "look":
            account = me()
            assert account.id is not None
            source = {
                "source": CONFIRMED, "on": today().isoformat(), "by": account.name, "paper": paper, "why": why,
            }  # fmt: skip
            try:
                with active.begin_nested():
                    content = Content({**case.facts, fact: value}, {**case.sources, fact: source}, case.as_of)
                    save_content(active, case, content, account.id, now())
                    refresh_found(active, case)
            except EntryError as error:
                active.refresh(case)
                faults.append(("fact", error.text.get(lang)))
            else:
                record(active, "case.overruled", subject(case), case.centre, facts=[fact])
                flash(
                    sentences.say(
                        "已记下：{label}按“{paper}”。", lang, label=label_of(catalogue(), fact, lang), paper=paper
                    )
                )
                return redirect(url_for("desk_cases.case", case_id=case_id, _anchor="results"), 303)
        return _page(case, fact, asked, faults, value), _UNPROCESSABLE if faults else 200


def _page(
    case: Case,
    fact: str | None,
    asked: Question | None = None,
    faults: list[tuple[str, str]] | None = None,
    value: Any = None,
) -> str:
    book, lang = catalogue(), language.lang()
    source = case.sources.get(fact) or {} if fact else {}
    shown = [name for name in facts_of_case(book) if name not in _NAMED]
    return render_template(
        "desk/overrule.html",
        case=case,
        fact=fact,
        label=label_of(book, fact, lang) if fact else "",
        choices=[(name, label_of(book, name, lang)) for name in shown],
        is_closed=case.state == "closed" or case.forgotten_at is not None,
        question=asked or (_question(fact) if fact else None),
        before=value_words(book, fact, case.facts[fact], lang) if fact in case.facts else "",
        source=source_words(source.get("source"), lang),
        seen=source.get("paper", ""),
        paper=entries.shown(request.form.get("paper", "")),
        why=entries.shown(request.form.get("why", "")),
        faults=faults or [],
        turned=_turned(case, fact, value) if fact and value is not None else None,
    )


def _fact(name: str) -> str | None:
    """A fact that a case's form asks; its name or its label, as a field with suggestions sends it."""
    book, lang = catalogue(), language.lang()
    known = [one for one in facts_of_case(book) if one not in _NAMED]
    return next((one for one in known if name and name in (one, label_of(book, one, lang))), None)


def _question(fact: str, typed: str = "", told: Any = None, faults: Any = ()) -> Question:
    book, lang = catalogue(), language.lang()
    written = sentences.how_to_write(fact, book.fact(fact).type, lang) or ""
    return question(book.fact(fact), typed, told, faults, lang, written)


def _read(fact: str) -> tuple[Any, Question, list[tuple[str, str]]]:
    """The value that was typed as it is kept, its question, and what is wrong with it."""
    book, lang, name = catalogue(), language.lang(), field_name(fact)
    form = form_class(book, (fact,))(request.form)
    intake = take_in(book, form, (fact,))
    faults = intake.faults_of(name)
    asked = _question(fact, form.of_fact(fact).data or "", intake.facts.get(fact), faults)
    wrong = [(name, text.get(lang)) for text in faults]
    if not wrong and fact not in intake.stated:
        wrong = [(name, sentences.say("请写看到的内容。", lang))]
    return intake.stated.get(fact), asked, wrong


def _turned(case: Case, fact: str, value: Any) -> list[Turned]:
    """The schemes that the new value decides otherwise, those that are lost or won first."""
    book, lang, day = catalogue(), language.lang(), case.as_of or today()
    before = {one.scheme: one for one in decisions_on(book.rulebook, case.facts, day, case.schemes)[1]}
    after = decisions_on(book.rulebook, {**case.facts, fact: value}, day, case.schemes)[1]
    found = [(before[one.scheme], one) for one in after if one.status != before[one.scheme].status]
    found.sort(key=lambda pair: not _is_great(*pair))
    return [
        Turned(
            book.scheme(now_.scheme).name.get(lang),
            language.status_text(was.status, "short"),
            language.status_text(now_.status, "short"),
        )
        for was, now_ in found
    ]


def _is_great(was: Decision, now_: Decision) -> bool:
    return (was.status in POSITIVE) != (now_.status in POSITIVE)
