"""Letters of a centre for its programs: the register, a file, and a letter asked for from a case, issued or put forward."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from matcher.cases import (
    Asked,
    Case,
    ask_letter,
    asked_by_form,
    case_of,
    decisions_on,
    issue_from_case,
    needs_countersign,
    try_letter,
)
from matcher.db import ConstraintError, EntryError, reading, session
from matcher.firms import Fault, Profile, shown
from matcher.letters import (
    VALID_DAYS,
    LettersWanted,
    Refusal,
    RegisterEntry,
    current_letters,
    find_issued,
    kept_file,
    schemes_to_write,
    search_letters,
)
from matcher.letters.pdf import RenderError
from matcher.letters.proof import KeyFolderError
from matcher.presentation import catalogue, office
from matcher.rulebook import Text
from matcher.text import clean, today
from matcher.web import engine, now

from .access import spend
from .acting import acting, ours, record, record_look
from .blueprint import pages
from .catalogue_views import answer
from .desk_requests import (
    LIMIT,
    LONGEST_QUERY,
    NUMBER,
    OFFSET,
    body,
    must_be_stored,
    must_be_version,
    one_of,
    page_asked,
    query_asked,
    whole,
    word,
)
from .idempotency import Created, created_once
from .operations import IDEMPOTENCY_KEY, JSON, PDF, Operation, Parameter, operation, ref
from .problems import ProblemError, refused
from .requests import only

STATES = ("valid", "expired", "past", "revoked", "superseded")

KINDS, LANGUAGES = ("eligibility", "missing"), ("zh", "en", "both")

_BESIDE = ("version", "kind", "language", "valid_days", "supersedes")

_CODE = Parameter(
    "code", {"type": "string"}, Text(zh="函件的校验码", en="the code of the letter, twelve characters"), "path", True
)


@pages.get("/letters")
@operation(
    Operation(
        Text(zh="本中心的函件", en="The letters of the centre"),
        {JSON: ref("Letters")},
        parameters=(
            Parameter(
                "q",
                {"type": "string", "maxLength": LONGEST_QUERY},
                Text(zh="文号、校验码、企业或信用代码", en="a number, a code, a firm or a credit code"),
            ),
            Parameter("state", {"enum": list(STATES)}, Text(zh="只要这种状态的", en="those of this state")),
            OFFSET,
            LIMIT,
        ),
        refuses=(401, 403, 422, 429),
        scope="letters",
    )
)
def letters() -> Response:
    """The last issued first."""
    only("q", "state", "offset", "limit")
    spend()
    (offset, limit), state = page_asked(), one_of("state", STATES)
    wanted = LettersWanted(acting().centre, query_asked(), state or "", today())
    with reading(engine()) as active:
        found, total = search_letters(active, wanted, offset, limit)
    return answer({"total": total, "letters": [letter_item(one) for one in found]})


@pages.get("/letters/<code>")
@operation(
    Operation(
        Text(zh="一份函件", en="One letter"),
        {JSON: ref("Letter")},
        parameters=(_CODE,),
        refuses=(401, 403, 404, 422, 429),
        scope="letters",
    )
)
def letter(code: str) -> Response:
    """What the register says of it; that it was read is recorded."""
    only()
    spend()
    entry = _issued(code)
    record_look("letter.seen", f"letter {entry.number}")
    return answer(letter_item(entry))


@pages.get("/letters/<code>/file")
@operation(
    Operation(
        Text(zh="一份函件的签名文件", en="The signed file of a letter"),
        {PDF: {"type": "string", "format": "binary"}},
        parameters=(_CODE,),
        refuses=(401, 403, 404, 422, 429),
        scope="letters",
    )
)
def letter_file(code: str) -> Response:
    """Byte for byte as it went out, whether it still holds or not; that it was taken is recorded."""
    only()
    spend()
    entry = _issued(code)
    with reading(engine()) as active:
        content = kept_file(active, entry.number)
    record_look("letter.reprinted", f"letter {entry.number}")
    made = Response(content, mimetype=PDF)
    made.headers["Content-Disposition"] = f'attachment; filename="{entry.code}.pdf"'
    return made


@pages.post("/cases/<int:case_id>/letters")
@operation(
    Operation(
        Text(zh="为一件办件出函", en="Issue a letter from a case"),
        {JSON: ref("LetterMade")},
        takes={JSON: ref("LetterOrder")},
        parameters=(
            Parameter("case_id", NUMBER, Text(zh="办件的号", en="the number of the case"), "path", True),
            IDEMPOTENCY_KEY,
        ),
        refuses=(400, 401, 403, 404, 409, 413, 415, 422, 429),
        scope="letters.issue",
        status=201,
    )
)
def ask_for_letter(case_id: int) -> Response:
    """Issued at once; put before the supervisor where the centre wants a second signature. The firm's current letter must be named."""
    only()
    spend()
    must_be_stored(case_id)
    told = body(*_BESIDE, must=("version",))
    _must_be_order(told.profile, told.stated)
    supersedes = told.beside.get("supersedes")
    if supersedes is not None and not (isinstance(supersedes, str) and 0 < len(supersedes) <= 64):
        text = Text(zh="应是被替代函件的文号", en="must be the number of the letter that is replaced")
        raise refused([Fault("supersedes", None, shown(supersedes), text, ("supersedes",))])
    version, days = whole(told.beside, "version"), whole(told.beside, "valid_days")
    kind, language = word(told.beside, "kind", KINDS), word(told.beside, "language", LANGUAGES)

    def make(token: str) -> Created:
        once = f"api:{token}"
        before = _made_before(once)
        if before is not None:
            return before
        case = _case(case_id)
        must_be_version(version, case.version)
        asked = Asked(
            kind=kind or KINDS[0],
            language=language or LANGUAGES[0],
            as_of=case.as_of or today(),
            schemes=_schemes(case, told.profile.schemes),
            facts=case.facts,
            sources=case.sources,
            valid_days=days or VALID_DAYS,
            supersedes=supersedes,
            once=once,
        )
        return _make(case, asked)

    return created_once(make)


def _make(case: Case, asked: Asked) -> Created:
    with reading(engine()) as active:
        is_second = needs_countersign(active, case.centre)
        name = clean(case.name) if case.name else None
        held = [one.number for one in current_letters(active, case.centre, case.credit_code, name, today())]
    if held and asked.supersedes not in held:
        text = Text(
            zh=f"这家企业现有有效函 {held[0]}。核对后写 supersedes，新函会替代它。",
            en=f"the firm has a current letter, {held[0]}: look at it, then name it in supersedes, and the new one replaces it.",
        )
        raise ProblemError(409, text)
    try:
        return _put_forward(case, asked) if is_second else _issue(case, asked)
    except ConstraintError:
        first = _made_before(asked.once)
        if first is None:
            raise
        return first
    except (Refusal, EntryError, KeyFolderError) as error:
        raise ProblemError(422, error.text) from None
    except RenderError as error:
        zh, _, en = str(error).partition(" / ")
        raise ProblemError(422, Text(zh=zh, en=en or zh)) from None


def _issue(case: Case, asked: Asked) -> Created:
    def recorded(writing: Any, entry: RegisterEntry) -> None:
        record(writing, "letter.issued", f"letter {entry.number}", case=case.id)

    entry = issue_from_case(office(), case, asked, acting().account_id, now(), recorded)
    return _issued_as(None, entry)


def _put_forward(case: Case, asked: Asked) -> Created:
    try_letter(catalogue().rulebook, case, asked, now())
    with session(engine()) as writing:
        locked = ours(case_of(writing, case.id or 0, to_write=True))
        letter = ask_letter(writing, locked, asked, acting().account_id, now())
        record(writing, "letter.asked", f"case {locked.id}", letter=letter.id)
    return _waiting(letter.id, case.id)


def _made_before(once: str) -> Created | None:
    with reading(engine()) as active:
        letter = asked_by_form(active, once)
        if letter is None:
            return None
        entry = find_issued(active, letter.number) if letter.number else None
    return _issued_as(letter.id, entry) if entry is not None else _waiting(letter.id, letter.case_id)


def _issued_as(letter_id: int | None, entry: RegisterEntry) -> Created:
    made = {"id": letter_id, "state": "issued", "number": entry.number, "code": entry.code}
    return Created(url_for("api.letter", code=entry.code), made)


def _waiting(letter_id: int | None, case_id: int | None) -> Created:
    made = {"id": letter_id, "state": "waiting", "number": None, "code": None}
    return Created(url_for("api.case", case_id=case_id), made)


def _must_be_order(profile: Profile, stated: Any) -> None:
    """An order for a letter brings schemes alone: what it rests on are the facts of the case."""
    text = Text(
        zh="函件依据办件里的情况，请先改办件", en="a letter rests on the facts of the case: change the case first"
    )
    told = [("facts", bool(stated)), ("as_of", profile.as_of is not None)]
    faults = [Fault(name, None, "", text, (name,)) for name, is_told in told if is_told]
    if faults:
        raise refused(faults)


def _schemes(case: Case, asked: tuple[str, ...] | None) -> tuple[str, ...]:
    """The schemes asked for, in the catalogue's order; without any what the firm is entitled to by itself. Raises ProblemError."""
    rulebook = catalogue().rulebook
    if asked:
        return catalogue().chosen(asked)
    _, decisions = decisions_on(rulebook, case.facts, case.as_of or today(), case.schemes)
    found = schemes_to_write(rulebook, ((one.scheme, one.status) for one in decisions))
    if not found:
        text = Text(
            zh="没有企业自己就能享受的政策，不出函；要写别的请列在 schemes 里",
            en="there is nothing that the firm is entitled to by itself: name in schemes what the letter is to speak of",
        )
        raise ProblemError(422, text)
    return catalogue().chosen(found)


def _case(case_id: int) -> Case:
    with reading(engine()) as active:
        found = ours(case_of(active, case_id))
    if found.forgotten_at is not None:
        text = Text(
            zh="本件的企业情况已删除，不能出具函件", en="the facts of this case were deleted: no letter can be issued"
        )
        raise ProblemError(422, text)
    return found


def _issued(code: str) -> RegisterEntry:
    with reading(engine()) as active:
        entry = find_issued(active, code) if "\0" not in code else None
    return ours(entry if entry is not None and entry.code == code else None)


def letter_item(entry: RegisterEntry) -> dict[str, Any]:
    """A letter as lists and its own address give it."""
    return {
        "number": entry.number,
        "code": entry.code,
        "state": entry.state(today()),
        "kind": entry.kind,
        "language": entry.language,
        "credit_code": entry.credit_code,
        "addressee": entry.addressee,
        "schemes": list(entry.schemes),
        "written_on": entry.written_on.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
        "superseded_by": entry.superseded_by,
        "page": url_for("desk_case_letters.letter", code=entry.code),
    }
