"""The counter: one screen from the search to the printed letter, made for the keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matcher.accounts import me, new_once, record, record_look, require, sent_once
from matcher.answers import said, this_page
from matcher.db import ConstraintError, reading, session
from matcher.firms import Firm
from matcher.letters import VALID_DAYS, RegisterEntry, centres, find_issued
from matcher.letters import preview as draft
from matcher.presentation import catalogue, has_key, office
from matcher.text import figures, sentences, today
from matcher.web import engine, language, now

from .blueprint import subject
from .counter import Known, Standing, is_changed, known_firm, stand
from .form import told_rows
from .letter_views import Refused, pdf, refusing
from .letters import Asked, ask_letter, asked_by_form, issue_from_case, needs_countersign, order_of, try_letter
from .models import Case
from .money import bare_sums, money_words
from .service import Opening, case_of, open_case, opened_by_form, save_content
from .views import refresh_found

pages = Blueprint("desk_counter", __name__)

_NOT_FOUND, _BAD_REQUEST, _UNPROCESSABLE = 404, 400, 422

_SHOWN_FACTS = 8

FIRM = "firm"

DO, LOOK, SAVE, ISSUE = "do", "look", "save", "issue"


@dataclass(frozen=True)
class Line:
    """A scheme as the sheet beside the questions has it: its mark, its name, its sum, and until when."""

    status: str
    name: str
    amount: str


@pages.get("/desk/counter")
@require("case.write")
def counter() -> str:
    """The search; with `?firm=` the firm with its questions, the letter beside, and the one key that issues it."""
    firm_id = request.args.get(FIRM, "")
    if not firm_id:
        return render_template("desk/counter_start.html", q="", hits=None)
    with reading(engine()) as active:
        known = _known(active, firm_id)
        second = needs_countersign(active, me().centre)
    record_look("firm.seen", f"firm {firm_id}")
    return _page(known, _standing(known, MultiDict()), needs_second=second)


@pages.post("/desk/counter")
@require("letter.issue")
def answer() -> Response | str | tuple[str, int]:
    """What the answers come to (`do=look`, also what Enter in a field does); kept in a case (`save`); issued (`issue`)."""
    do, once, account, firm_id = request.form.get(DO, LOOK), sent_once(), me(), request.args.get(FIRM, "")
    if not firm_id:
        return redirect(url_for("desk_counter.counter"), 303)
    with reading(engine()) as active:
        known = _known(active, firm_id)
        second = needs_countersign(active, account.centre)
    standing = _standing(known, request.form)
    if do == LOOK or do not in (SAVE, ISSUE):
        return _page(known, standing, needs_second=second)
    if once is None:
        return said("stale", _BAD_REQUEST, back=this_page())
    if standing.faults:
        text = sentences.say("有填错的，请先改正。", language.lang())
        return _page(known, standing, text, needs_second=second), _UNPROCESSABLE
    if do == SAVE:
        case = _kept(known, standing, once)
        flash(sentences.say("已存入第{number}号办件。", language.lang(), number=case.id))
        return redirect(url_for("desk_cases.case", case_id=case.id), 303)
    return _issue(known, standing, once, needs_second=second)


@pages.post("/desk/counter/preview")
@require("letter.issue")
def preview() -> Response | tuple[str, int]:
    """The letter as it would go out by these answers, without a number."""
    firm_id = request.args.get(FIRM, "")
    if not firm_id:
        return redirect(url_for("desk_counter.counter"), 303)
    with reading(engine()) as active:
        known = _known(active, firm_id)
    standing = _standing(known, request.form)
    record_look("letter.previewed", f"firm {firm_id}")
    try:
        with refusing():
            rulebook = catalogue().rulebook
            order = order_of(rulebook, centres()[me().centre], _order(known, standing, ""))
            content = draft(rulebook, order, now())
    except Refused as error:
        return _page(known, standing, error.words), _UNPROCESSABLE
    return pdf(content, sentences.say("预览", language.lang(), "watermark or file"), is_shown=True)


def _known(active: Session, firm_id: str) -> Known:
    found = active.get(Firm, firm_id)
    if found is None:
        abort(_NOT_FOUND)
    return known_firm(active, catalogue(), found, me().centre)


def _standing(known: Known, sent: MultiDict[str, str]) -> Standing:
    return stand(catalogue(), known, sent, me().name, language.lang())


def _kept(known: Known, standing: Standing, once: str) -> Case:
    """The firm's case with the answers in it: its newest open one, else a new one; the same form makes one."""
    account, book = me(), catalogue()
    assert account.id is not None
    form = f"{once}:counter"[:80]
    try:
        with session(engine()) as active:
            case = opened_by_form(active, form)
            if case is None and known.case is not None:
                case = case_of(active, known.case.id or 0, to_write=True)
            if case is None:
                opening = Opening(account.centre, account.id, "search", standing.content, known.firm.id, form)
                case = open_case(active, opening, now())
                record(active, "case.opened", subject(case), case.centre, origin="search")
            elif dict(case.facts) != dict(standing.content.facts):
                names = sorted(standing.answered)
                save_content(active, case, standing.content, account.id, now())
                record(active, "case.changed", subject(case), case.centre, facts=names)
            refresh_found(active, case)
            active.flush()
            active.expunge(case)
    except ConstraintError:  # the same form, sent at the same moment
        with reading(engine()) as active:
            first = opened_by_form(active, form)
        if first is None:
            raise
        return first
    assert book is not None
    return case


def _issue(known: Known, standing: Standing, once: str, *, needs_second: bool) -> Response | tuple[str, int]:
    lang, account = language.lang(), me()
    assert account.id is not None
    with reading(engine()) as active:
        before = asked_by_form(active, once)
        if before is not None:
            return _to(find_issued(active, before.number) if before.number else None, before.case_id)
    if not standing.written:
        text = sentences.say("没有企业自己就能享受的政策，不出函。可存成办件，再选要写的政策。", lang)
        return _page(known, standing, text, needs_second=needs_second), _UNPROCESSABLE
    held = {entry.number for entry in known.current}
    named = request.form.get("supersedes") or None
    if held and named not in held:
        text = sentences.say(
            "这家企业现有有效函{number}，新函会替代它。核对无误请再点一次。", lang, number=sorted(held)[0]
        )
        return _page(known, standing, text, needs_second=needs_second), _UNPROCESSABLE
    case = _kept(known, standing, once)
    asked = _order(known, standing, once, named)

    def recorded(writing: Session, entry: RegisterEntry) -> None:
        record(writing, "letter.issued", f"letter {entry.number}", case.centre, case=case.id)

    try:
        with refusing():
            if needs_second:
                try_letter(catalogue().rulebook, case, asked, now())
                with session(engine()) as active:
                    kept = case_of(active, case.id or 0, to_write=True)
                    assert kept is not None
                    letter = ask_letter(active, kept, asked, account.id, now())
                    record(active, "letter.asked", subject(kept), kept.centre, letter=letter.id)
                flash(sentences.say("已送审。签发后可在“函件”中打印。", lang))
                return redirect(url_for("desk_case_letters.letters", case_id=case.id), 303)
            entry = issue_from_case(office(), case, asked, account.id, now(), recorded)
    except Refused as error:
        return _page(known, standing, error.words, needs_second=needs_second), _UNPROCESSABLE
    flash(sentences.say("已签发：{number}", lang, number=entry.number))
    return _to(entry, case.id)


def _to(entry: RegisterEntry | None, case_id: int | None) -> Response:
    if entry is None:
        return redirect(url_for("desk_case_letters.letters", case_id=case_id), 303)
    return redirect(url_for("desk_case_letters.letter", code=entry.code), 303)


def _order(known: Known, standing: Standing, once: str, supersedes: str | None = None) -> Asked:
    content = standing.content
    return Asked(
        kind="eligibility",
        language="zh",
        as_of=content.as_of or today(),
        schemes=standing.written,
        facts=content.facts,
        sources=content.sources,
        valid_days=VALID_DAYS,
        supersedes=supersedes,
        once=once,
    )


def _page(known: Known, standing: Standing, wrong: str = "", *, needs_second: bool = False) -> str:
    book, lang = catalogue(), language.lang()
    content = standing.content
    told = [row for row in told_rows(book, known.content.facts, known.content.sources, lang) if row.fact not in _NAMED]
    return render_template(
        "desk/counter.html",
        firm=known.firm,
        case=known.case,
        told=told[:_SHOWN_FACTS],
        more=max(0, len(told) - _SHOWN_FACTS),
        current=known.current,
        gates=standing.gates,
        figures=standing.figures,
        asked=standing.asked,
        lines=_lines(standing, lang),
        money=bare_sums(standing.money, lang),
        summary=money_words(standing.money, lang),
        count=len(standing.written),
        warnings=_warnings(known, standing, lang),
        supersedes=known.current[0].number if known.current else "",
        open_=sum(one.status == "needs_information" for one in standing.decisions),
        day=figures.day(content.as_of or today(), lang),
        once=request.form.get("once") or new_once(),
        is_changed=is_changed(known, standing),
        needs_second=needs_second,
        has_key=has_key(me().centre),
        wrong=wrong,
    )


_NAMED = ("name", "credit_code")


def _lines(standing: Standing, lang: str) -> list[Line]:
    """The schemes that the letter speaks of, then what may come: each with its sum where one is known."""
    book, found = catalogue(), []
    for decision in standing.decisions:
        entries = standing.money.entries_of(decision.scheme)
        if decision.scheme not in standing.written and not (decision.status == "needs_decision" and entries):
            continue
        fen = sum(entry.fen for entry in entries)
        amount = figures.bare_sum(fen) if fen else ""
        found.append(Line(decision.status, book.scheme(decision.scheme).name.get(lang), amount))
    return sorted(found, key=lambda one: one.status != "eligible")


def _warnings(known: Known, standing: Standing, lang: str) -> list[str]:
    found = []
    if known.current:
        numbers = sentences.listed([entry.number for entry in known.current], lang)
        found.append(sentences.say("会替代现有的有效函{numbers}", lang, numbers=numbers))
        dropped = {slug for entry in known.current for slug in entry.schemes} - set(standing.written)
        if dropped:
            found.append(sentences.say("比旧函少{count}", lang, count=sentences.count(lang, len(dropped), "scheme")))
    if known.content.as_of and known.content.as_of != today():
        day = figures.day(known.content.as_of, lang)
        found.append(sentences.say("按{day}的规定核对，不是今天。", lang, day=day))
    return found
