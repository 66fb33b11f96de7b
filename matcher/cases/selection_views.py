"""Several cases at once: given to somebody, closed, letters prepared; several letters: a sample looked at, all signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import me, new_once, reach, record, require, sent_once, staff
from matcher.answers import said, this_page
from matcher.db import ConstraintError, EntryError, reading, session
from matcher.letters import RegisterEntry
from matcher.presentation import catalogue, has_key, office
from matcher.text import sentences
from matcher.web import engine, language, now

from .blueprint import pages, subject
from .letter_views import Refused, refusing, waiting
from .letter_views import pages as letter_pages
from .letters import ask_letter, asked_by_form, countersign, issue_from_case, needs_countersign, try_letter
from .models import Case, CaseLetter
from .selection import MOST_CASES, MOST_LETTERS, Prepared, ToSign, prepare, to_sign
from .service import case_of, change_case

_BAD_REQUEST, _UNPROCESSABLE = 400, 422

_ASSIGN, _CLOSE, _LETTERS = "assign", "close", "letters"

_SURE = "sure"


@dataclass(frozen=True)
class Done:
    """What became of one of several: what it is called, and in words why nothing was done (empty: it was)."""

    name: str
    why_not: str = ""


@pages.post("/desk/cases/selected")
@require("case.write")
def do_to_selected() -> Response | str | tuple[str, int]:
    """Give the chosen cases (`case`) to somebody (`do=assign`), close them (`close`), or show the letters that would be
    prepared for them (`letters`)."""
    do, numbers, lang = request.form.get("do", ""), _numbers("case"), language.lang()
    most = MOST_LETTERS if do == _LETTERS else MOST_CASES
    if not numbers or len(numbers) > most:
        flash(sentences.say("一次最多选{most}件。", lang, most=most) if numbers else sentences.say("先选几件。", lang))
        return _back()
    if do == _ASSIGN:
        return _change(
            numbers, _assigned_to(request.form.get("assignee", "")), sentences.Sentence("已转给{name}：{count}件。")
        )
    if do == _CLOSE:
        return _change(numbers, _closed, sentences.Sentence("已办结：{count}件。"))
    if do != _LETTERS:
        return said("stale", _BAD_REQUEST, back=this_page())
    return _show_letters(numbers)


def _numbers(name: str) -> list[int]:
    told = (text for text in request.form.getlist(name) if text.isascii() and text.isdecimal() and len(text) < 10)
    return list(dict.fromkeys(int(text) for text in told))


def _back() -> Response:
    """To the list from which it was asked."""
    query = request.form.get("query", "")[:400]
    address = url_for("desk_cases.cases")
    return redirect(f"{address}?{query}" if query else address, 303)


Change = Callable[[Session, Case], tuple[str, ...]]


def _assigned_to(told: str) -> Change:
    def change(writing: Session, case: Case) -> tuple[str, ...]:
        known = {str(number) for number, _ in staff(writing, case.centre)}
        if told and told not in known:
            raise EntryError(
                ("assignee",), "本中心没有这位经办人，请另选。", "Nobody here has this account; choose another."
            )
        state = next(one for one in ("open", "waiting", "decided", "closed") if one == case.state)
        return change_case(
            writing, case, now(), state=state, assignee_id=int(told) if told else None, schemes=case.schemes
        )

    return change


def _closed(writing: Session, case: Case) -> tuple[str, ...]:
    return change_case(writing, case, now(), state="closed", assignee_id=case.assignee_id, schemes=case.schemes)


def _change(numbers: Sequence[int], change: Change, done: sentences.Sentence) -> Response:
    """Change each case in a transaction of its own, so that one that cannot be changed holds up no other."""
    lang, changed, failed = language.lang(), 0, []
    for number in numbers:
        try:
            with session(engine()) as writing:
                case = case_of(writing, number, to_write=True)
                if case is None:
                    continue
                reach(case.centre)
                settings = change(writing, case)
                if settings:
                    told = {"assignee": case.assignee_id, "state": case.state}
                    more = {name: told[name] for name in settings if name in told}
                    record(writing, "case.settled", subject(case), case.centre, settings=list(settings), **more)
                changed += 1
        except EntryError as error:
            failed.append(f"{number}：{error.text.get(lang)}")
    with reading(engine()) as active:
        named = {str(key): name for key, name in staff(active, me().centre)}
    name = named.get(request.form.get("assignee", ""), sentences.say("无人", lang))
    flash(sentences.say(done, lang, count=changed, name=name))
    for text in failed[:5]:
        flash(text)
    return _back()


# ---------------------------------------------------------------------------------------------------------------------
# Letters for several cases: shown first, each with its sum and what is to be minded, then issued or put forward.
# ---------------------------------------------------------------------------------------------------------------------


def _show_letters(numbers: Sequence[int], wrong: str = "") -> str:
    prepared, needs_second = _prepared(numbers)
    return render_template(
        "desk/cases_letters.html",
        ready=[one for one in prepared if not one.why_not],
        left=[one for one in prepared if one.why_not],
        needs_second=needs_second,
        once=new_once(),
        query=request.form.get("query", "")[:400],
        has_key=has_key(me().centre),
        wrong=wrong,
    )


def _prepared(numbers: Sequence[int]) -> tuple[list[Prepared], bool]:
    account, book, found = me(), catalogue(), []
    with reading(engine()) as active:
        for number in numbers:
            case = case_of(active, number)
            if case is not None:
                reach(case.centre)
                found.append(prepare(active, book, case, account.id or 0, language.lang()))
        return found, needs_countersign(active, account.centre)


@pages.post("/desk/cases/selected/letters")
@require("letter.issue")
def letters_of_selected() -> Response | str | tuple[str, int]:
    """Issue the letters of the chosen cases, or put them before the supervisor; one that replaces a current letter only where
    that was ticked (`replace`). Sent twice, each goes out once."""
    once, numbers, lang = sent_once(), _numbers("case"), language.lang()
    if once is None:
        return said("stale", _BAD_REQUEST, back=this_page())
    if not numbers or len(numbers) > MOST_LETTERS:
        flash(sentences.say("一次最多选{most}件。", lang, most=MOST_LETTERS))
        return _back()
    prepared, needs_second = _prepared(numbers)
    replaced, versions = set(_numbers("replace")), _versions()
    outcome = [
        _one_letter(one, once, needs_second=needs_second, is_replaced=one.case.id in replaced, version=versions)
        for one in prepared
    ]
    made = sum(not one.why_not for one in outcome)
    if needs_second:
        flash(sentences.say("已送审{count}份函件。", lang, count=made))
    else:
        flash(sentences.say("已签发{count}份函件，都在“函件”里，可以打印。", lang, count=made))
    for one in outcome:
        if one.why_not:
            flash(f"{one.name}：{one.why_not}")
    return redirect(url_for("desk_case_letters.register"), 303)


def _versions() -> dict[int, int]:
    """The versions of the cases as the page had them: a letter goes out on what was looked at."""
    told = (text.partition(":") for text in request.form.getlist("version"))
    return {int(case): int(version) for case, _, version in told if case.isdecimal() and version.isdecimal()}


def _one_letter(one: Prepared, once: str, *, needs_second: bool, is_replaced: bool, version: dict[int, int]) -> Done:
    account, lang, case = me(), language.lang(), one.case
    name = case.name or str(case.id)
    assert account.id is not None
    asked = one.asked(once)
    with reading(engine()) as active:
        if asked_by_form(active, asked.once) is not None:
            return Done(name)
    if one.why_not:
        return Done(name, one.why_not)
    if version.get(case.id or 0) != case.version:
        return Done(name, sentences.say("打开本页后办件有改动，函件未签发。请核对后再点一次。", lang))
    if one.current and not is_replaced:
        return Done(name, sentences.say("现有有效函{number}，没有勾选替代。", lang, number=one.current))
    try:
        with refusing():
            if needs_second:
                rulebook = catalogue().rulebook
                try_letter(rulebook, case, asked, now())
                with session(engine()) as writing:
                    locked = case_of(writing, case.id or 0, to_write=True)
                    assert locked is not None
                    letter = ask_letter(writing, locked, asked, account.id, now())
                    record(writing, "letter.asked", subject(locked), locked.centre, letter=letter.id)
            else:
                issue_from_case(office(), case, asked, account.id, now(), _recorded(case))
    except Refused as error:
        return Done(name, error.words)
    except ConstraintError:  # the same form, sent at the same moment
        return Done(name)
    return Done(name)


def _recorded(case: Case, **more: str) -> Callable[[Session, RegisterEntry], None]:
    def write(writing: Session, entry: RegisterEntry) -> None:
        record(writing, "letter.issued", f"letter {entry.number}", case.centre, case=case.id, **more)

    return write


# ---------------------------------------------------------------------------------------------------------------------
# Letters that wait for a second signature: the chosen ones in a table with what differs, a sample to be opened, all signed.
# ---------------------------------------------------------------------------------------------------------------------


@letter_pages.post("/desk/letters/waiting/selected")
@require("letter.countersign")
def sign_selected() -> Response | str:
    """Show the chosen letters (`letter`) with their sums and a sample; sign them all where the sample was looked at (`sure`)."""
    numbers, lang = _numbers("letter"), language.lang()
    if not numbers or len(numbers) > MOST_LETTERS:
        flash(
            sentences.say("一次最多选{most}件。", lang, most=MOST_LETTERS)
            if numbers
            else sentences.say("先选几件。", lang)
        )
        return redirect(url_for("desk_home.home"), 303)
    with reading(engine()) as active:
        pairs = [waiting(active, number) for number in numbers]
        lines = to_sign(active, catalogue(), [one for one in pairs if one[0].state == "waiting"], me().id or 0, lang)
    looked_at = set(_numbers("looked"))
    sample = {one.letter.id for one in lines if one.is_sample and not one.is_mine}
    if request.form.get("do") != "sign" or not sample <= looked_at:
        wrong = request.form.get("do") == "sign"
        return render_template("desk/letters_sign.html", lines=lines, looked_at=looked_at, wrong=wrong)
    outcome = [_sign(one) for one in lines]
    flash(
        sentences.say("已签发{count}份函件，都在“函件”里，可以打印。", lang, count=sum(not o.why_not for o in outcome))
    )
    for one in outcome:
        if one.why_not:
            flash(f"{one.name}：{one.why_not}")
    return redirect(url_for("desk_case_letters.register"), 303)


def _sign(one: ToSign) -> Done:
    letter: CaseLetter = one.letter
    name, lang = one.case.name or "", language.lang()
    if one.is_mine:
        return Done(name, sentences.say("复核签发须由另一人办理。", lang))
    try:
        with refusing():
            countersign(office(), letter, one.case.centre, me().id or 0, now(), _recorded(one.case, signed="second"))
    except Refused as error:
        return Done(name, error.words)
    return Done(name)
