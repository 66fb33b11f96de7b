"""Asking for a letter from a case: which schemes, which kind; a look at it; issuing it or putting it up for a second signature."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask import Response as FlaskResponse
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import People, me, new_once, people, reach, record, record_look, require, sent_once
from matcher.answers import said, this_page
from matcher.db import ConstraintError, EntryError, reading, session
from matcher.engine import Decision
from matcher.firms import read_told
from matcher.letters import (
    VALID_DAYS,
    Refusal,
    RegisterEntry,
    centres,
    current_letters,
    find_issued,
    schemes_to_write,
)
from matcher.letters import preview as draft
from matcher.letters.pdf import RenderError
from matcher.letters.proof import KeyFolderError
from matcher.presentation import catalogue, has_key, office
from matcher.text import clean, figures, sentences, today
from matcher.web import engine, language, now

from .blueprint import reached, subject
from .content import decisions_on
from .files import draft_of
from .letters import (
    Asked,
    ask_letter,
    asked_by_form,
    issue_from_case,
    letters_of_case,
    needs_countersign,
    order_of,
    try_letter,
)
from .models import Case, CaseLetter
from .money import money_of, money_words

# ---------------------------------------------------------------------------------------------------------------------
# The blueprint of the pages about letters, and what they share: refusals in words, PDF files.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("desk_case_letters", __name__)

_NOT_FOUND = 404

# The browser's own viewer shows the file with styles of its own; nothing else may be in it.
_VIEWER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class Refused(Exception):
    """What was asked for is not done; ``words`` says why, in the page's language."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@contextmanager
def refusing() -> Iterator[None]:
    """Say in words what the register, the keys, the rules or the renderer refuse. Raises Refused in their place."""
    try:
        yield
    except (Refusal, KeyFolderError) as error:
        raise Refused(error.text.get(language.lang())) from None
    except EntryError as error:
        raise Refused(error.text.get(language.lang())) from None
    except RenderError as error:
        zh, _, en = str(error).partition(" / ")
        raise Refused(zh if language.lang() == "zh" else en) from None


def warn(error: Refused) -> None:
    """Say on the next page why it was not done."""
    flash(error.words)


def waiting(session: Session, letter_id: int) -> tuple[CaseLetter, Case]:
    """A letter asked for and its case, if the account may do this page's action to its centre's letters."""
    letter = session.get(CaseLetter, letter_id)
    case = session.get(Case, letter.case_id) if letter else None
    if letter is None or case is None:
        abort(_NOT_FOUND)
    reach(case.centre)
    return letter, case


def issued(session: Session, code: str) -> RegisterEntry:
    """The issued letter with this code, the same."""
    entry = find_issued(session, code)
    if entry is None or entry.code != code:
        abort(_NOT_FOUND)
    reach(entry.centre)
    return entry


def pdf(content: bytes, name: str, *, is_shown: bool = False) -> FlaskResponse:
    """A PDF as a download, or shown by the browser's viewer; a firm's letter is nothing for a shared computer's cache."""
    answer = send_file(
        BytesIO(content), mimetype="application/pdf", as_attachment=not is_shown, download_name=f"{name}.pdf"
    )
    answer.headers["Cache-Control"] = "no-store"
    if is_shown:
        answer.headers["Content-Security-Policy"] = _VIEWER
    return answer


# ---------------------------------------------------------------------------------------------------------------------
# The form for a letter of a case: which schemes, by what came out, which kind, and which letter it replaces.
# ---------------------------------------------------------------------------------------------------------------------


DO, REVIEW = "do", "review"

"""What a button of the form is called that only looks: it is the first, so that Enter presses it."""

KINDS, LANGUAGES = ("eligibility", "missing"), ("zh", "en", "both")

_ORDER = ("eligible", "needs_decision", "applies", "needs_information", "not_eligible", "does_not_apply")


@dataclass(frozen=True)
class Offered:
    """Schemes of one status, to choose from; those that a letter usually speaks of are ticked."""

    status: str
    schemes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Desk:
    """A case with what can be said of it in a letter."""

    case: Case
    letters: tuple[CaseLetter, ...]
    people: People
    needs_second: bool
    valid: tuple[RegisterEntry, ...]
    has_draft: bool


def load(active: Session, case: Case) -> Desk:
    """Read what the form needs; what a letter replaces are the firm's letters of this centre that hold."""
    assert case.id is not None
    asked = tuple(letters_of_case(active, case.id))
    name = clean(case.name) if case.name else None
    valid = tuple(current_letters(active, case.centre, case.credit_code, name, today()))
    has_draft = draft_of(active, case.id, me().id or 0) is not None
    named = people(active, [each for letter in asked for each in (letter.asked_by, letter.settled_by)])
    return Desk(case, asked, named, needs_countersign(active, case.centre), valid, has_draft)


def letter_page(at_hand: Desk, wrong: str = "") -> str:
    """The page with the form, as it was sent or as it begins; `wrong` says why nothing was issued."""
    book, lang, case = catalogue(), language.lang(), at_hand.case
    _, decisions = decisions_on(book.rulebook, case.facts, case.as_of or today(), case.schemes)
    is_sent = request.method == "POST"
    usual = schemes_to_write(book.rulebook, ((d.scheme, d.status) for d in decisions))
    ticked = set(request.form.getlist("scheme")) if is_sent else set(usual)
    try:
        is_able = has_key(case.centre)
    except KeyFolderError as error:
        is_able, wrong = True, error.text.get(lang)
    return render_template(
        "desk/letter_form.html",
        case=case,
        letters=at_hand.letters,
        people=at_hand.people,
        needs_second=at_hand.needs_second,
        valid=at_hand.valid,
        dropped=_dropped(at_hand, ticked, lang),
        has_draft=at_hand.has_draft,
        reviewed=_reviewed(at_hand, decisions, ticked) if request.form.get(DO) == REVIEW and not wrong else None,
        offered=_offered(decisions, lang),
        ticked=ticked,
        kinds=KINDS,
        languages=LANGUAGES,
        kind=request.form.get("kind", KINDS[0]),
        chosen_language=request.form.get("language", LANGUAGES[0]),
        valid_days=request.form.get("valid_days", str(VALID_DAYS)),
        once=request.form.get("once") or new_once(),
        wrong=wrong,
        has_key=is_able,
    )


@dataclass(frozen=True)
class Reviewed:
    """What would be issued, in one line: to whom, of how many schemes, the firm's money, and what to mind."""

    count: int
    money: str
    warnings: tuple[str, ...]


def _reviewed(at_hand: Desk, decisions: Sequence[Decision], ticked: Collection[str]) -> Reviewed:
    chosen = [one for one in decisions if one.scheme in ticked]
    rulebook, case = catalogue().rulebook, at_hand.case
    lang, warnings = language.lang(), []
    money = money_words(money_of(rulebook, read_told(rulebook, case.facts), chosen, case.as_of or today()), lang)
    if not case.credit_code:
        warnings.append(sentences.say("没有信用代码，以后不容易认出是哪一家。", lang))
    if case.as_of and case.as_of != today():
        warnings.append(sentences.say("按{day}的规定核对，不是今天。", lang, day=figures.day(case.as_of, lang)))
    return Reviewed(len({one.scheme for one in chosen}), money, tuple(warnings))


def _dropped(at_hand: Desk, ticked: Collection[str], lang: str) -> list[str]:
    """The schemes of the current letter that the new one would not speak of any more."""
    book = catalogue()
    of_old = dict.fromkeys(slug for entry in at_hand.valid for slug in entry.schemes)
    return [book.scheme(slug).name.get(lang) for slug in of_old if slug not in ticked and slug in book.rulebook.schemes]


def _offered(decisions: tuple[Decision, ...], lang: str) -> tuple[Offered, ...]:
    found, met = [], set[str]()
    for status in _ORDER:
        # A scheme on several loans, projects … stands once, where its most useful result does.
        slugs = [slug for slug in dict.fromkeys(d.scheme for d in decisions if d.status == status) if slug not in met]
        met.update(slugs)
        of_status = tuple((slug, catalogue().scheme(slug).name.get(lang)) for slug in slugs)
        if of_status:
            found.append(Offered(status, of_status))
    return tuple(found)


# ---------------------------------------------------------------------------------------------------------------------
# Asking for a letter from a case: which schemes, which kind; a look at it; issuing it or putting it before the
# supervisor.
# ---------------------------------------------------------------------------------------------------------------------


_BAD_REQUEST, _UNPROCESSABLE, _CONFLICT = 400, 422, 409


@pages.get("/desk/cases/<int:case_id>/letters")
@require("letter.issue")
def letters(case_id: int) -> str | tuple[str, int]:
    """The form for a letter of a case, and the letters that it has."""
    with reading(engine()) as active:
        case = reached(active, case_id)
        at_hand = load(active, case)
    record_look("case.seen", subject(case), case.centre)
    return letter_page(at_hand)


@pages.post("/desk/cases/<int:case_id>/letters/preview")
@require("letter.issue")
def preview(case_id: int) -> Response | tuple[str, int]:
    """The letter as it would go out, without a number."""
    with reading(engine()) as active:
        case = reached(active, case_id)
        at_hand = load(active, case)
    record_look("letter.previewed", subject(case), case.centre)
    asked = _asked(case, "")
    wrong = _wrong(at_hand, asked)
    if wrong:
        return letter_page(at_hand, wrong), _UNPROCESSABLE
    try:
        with refusing():
            order = order_of(catalogue().rulebook, centres()[case.centre], asked)
            content = draft(catalogue().rulebook, order, now())
    except Refused as error:
        return letter_page(at_hand, error.words), _UNPROCESSABLE
    return pdf(content, sentences.say("预览", language.lang(), "watermark or file"), is_shown=True)


@pages.post("/desk/cases/<int:case_id>/letters")
@require("letter.issue")
def ask(case_id: int) -> Response | tuple[str, int]:
    """Issue the letter, or put it before the supervisor where the centre wants a second signature. Sent twice, once."""
    once = sent_once()
    with session(engine()) as active:
        case = reached(active, case_id)
        if once is None:
            return said("stale", _BAD_REQUEST, back=this_page())
        before = asked_by_form(active, once)
        if before is not None:
            return _to(active, before)
        at_hand = load(active, case)
    if request.form.get(DO) == REVIEW:  # Enter in a field, or a look before: nothing goes out by that
        return letter_page(at_hand, _wrong(at_hand, _asked(case, once))), 200
    asked = _asked(case, once)
    wrong = _wrong(at_hand, asked) or _held_back(at_hand, asked)
    if wrong:
        return _sent_before(once) or (letter_page(at_hand, wrong), _UNPROCESSABLE)
    if request.form.get("version") != str(case.version):
        return letter_page(
            at_hand, sentences.say("打开本页后办件有改动，函件未签发。请核对后再点一次。", language.lang())
        ), _CONFLICT
    try:
        with refusing():
            return _put_forward(at_hand, asked) if at_hand.needs_second else _issue(at_hand, asked)
    except Refused as error:
        return _sent_before(once) or (letter_page(at_hand, error.words), _UNPROCESSABLE)
    except ConstraintError:
        first = _sent_before(once)
        if first is None:
            raise
        return first


def _sent_before(once: str) -> Response | None:
    """The way to the letter that the same form, sent at the same moment, has made meanwhile; None where it has not."""
    with reading(engine()) as active:
        first = asked_by_form(active, once)
        return None if first is None else _to(active, first)


def _issue(at_hand: Desk, asked: Asked) -> Response:
    account, case = me(), at_hand.case
    assert account.id is not None

    def recorded(writing: Session, entry: RegisterEntry) -> None:
        record(writing, "letter.issued", f"letter {entry.number}", case.centre, case=case.id)

    entry = issue_from_case(office(), case, asked, account.id, now(), recorded)
    flash(sentences.say("已签发：{number}", language.lang(), number=entry.number))
    return redirect(url_for("desk_case_letters.letter", code=entry.code), 303)


def _put_forward(at_hand: Desk, asked: Asked) -> Response:
    account = me()
    assert account.id is not None
    try_letter(catalogue().rulebook, at_hand.case, asked, now())
    with session(engine()) as active:
        case = reached(active, at_hand.case.id or 0, to_write=True)
        letter = ask_letter(active, case, asked, account.id, now())
        record(active, "letter.asked", subject(case), case.centre, letter=letter.id)
    flash(sentences.say("已送审。签发后可在“函件”中打印。", language.lang()))
    return redirect(url_for("desk_case_letters.letters", case_id=at_hand.case.id), 303)


def _to(active: Session, letter: CaseLetter) -> Response:
    entry = find_issued(active, letter.number) if letter.number else None
    if entry is None:
        return redirect(url_for("desk_case_letters.letters", case_id=letter.case_id), 303)
    return redirect(url_for("desk_case_letters.letter", code=entry.code), 303)


def _asked(case: Case, once: str) -> Asked:
    """What the form asks for, beside the case as it is now."""
    days = request.form.get("valid_days", "")
    return Asked(
        kind=request.form.get("kind", KINDS[0]),
        language=request.form.get("language", LANGUAGES[0]),
        as_of=case.as_of or today(),
        schemes=catalogue().chosen(request.form.getlist("scheme")),
        facts=case.facts,
        sources=case.sources,
        valid_days=int(days) if days.isascii() and days.isdecimal() and len(days) < 6 else 0,
        supersedes=request.form.get("supersedes") or None,
        once=once,
    )


def _held_back(at_hand: Desk, asked: Asked) -> str:
    """Why the letter must wait for the clerk: what she typed is not saved, or the firm's current letter is not named yet."""
    lang = language.lang()
    if at_hand.has_draft:
        return sentences.say("本件有您未保存的内容，函件里不会有。请先保存或放弃，再出具函件。", lang)
    if at_hand.valid and asked.supersedes not in {entry.number for entry in at_hand.valid}:
        number = at_hand.valid[0].number
        return sentences.say("这家企业现有有效函{number}，新函会替代它。核对无误请再点一次。", lang, number=number)
    return ""


def _wrong(at_hand: Desk, asked: Asked) -> str:
    """What the form lacks, in words; empty for nothing."""
    lang, case = language.lang(), at_hand.case
    if case.forgotten_at is not None:
        return sentences.say("本件的企业情况已删除，不能出具函件。", lang)
    if not asked.schemes:
        return sentences.say("请至少勾选一项政策。", lang)
    if asked.kind not in KINDS or asked.language not in LANGUAGES:
        return sentences.say("请选择类别和语言。", lang)
    return ""
