"""Letters from cases: asked for, waiting for a second signature, issued with the case and the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

from sqlmodel import Session, col, select

from matcher.accounts import CentreSetting
from matcher.db import EntryError
from matcher.firms import read_told
from matcher.letters import Office, Order, Refusal, RegisterEntry, centres, issue, preview
from matcher.letters.compose import StatedBy
from matcher.letters.proof import Centre
from matcher.outreach import count_as_told
from matcher.rulebook import Rulebook

from .closures import refuse_for_case
from .content import CONFIRMED, IMPORTED
from .figures import note_letter
from .models import Case, CaseLetter
from .service import case_of

# ---------------------------------------------------------------------------------------------------------------------
# Keeps the letters that were asked for from cases: waiting for a second signature, issued, or turned down.
# ---------------------------------------------------------------------------------------------------------------------


MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter as it is asked for from a case: what it is to say, on which facts, and which form asked (``once``)."""

    kind: str
    language: str
    as_of: date
    schemes: Sequence[str]
    facts: Mapping[str, Any]
    sources: Mapping[str, Any]
    valid_days: int
    supersedes: str | None
    once: str


def needs_countersign(session: Session, centre: str) -> bool:
    """Whether letters of this centre need a second signature."""
    setting = session.get(CentreSetting, centre)
    return setting is not None and setting.needs_countersign


def ask_letter(session: Session, case: Case, asked: Asked, account_id: int, at: datetime) -> CaseLetter:
    """Put a letter before the supervisor, its order frozen as it is now. Raises Refusal for a firm that was struck off."""
    refuse_for_case(session, case)
    letter = _letter(case, asked, account_id, at)
    letter.state, letter.facts, letter.sources = "waiting", dict(asked.facts), dict(asked.sources)
    session.add(letter)
    session.flush()
    return letter


def add_issued(session: Session, case: Case, asked: Asked, account_id: int, at: datetime, number: str) -> CaseLetter:
    """Enter a letter that went out without a second signature; in the transaction that keeps the letter itself."""
    letter = _letter(case, asked, account_id, at)
    letter.state, letter.number = "issued", number
    letter.settled_by, letter.settled_at = account_id, at
    session.add(letter)
    session.flush()
    note_letter(session, case, at)
    return letter


def settle_letter(
    session: Session, letter_id: int, account_id: int, at: datetime, *, number: str | None = None, reason: str = ""
) -> CaseLetter:
    """Sign a waiting letter under its number, or turn it down with a reason; its facts are emptied.

    :raises EntryError: for one settled before, one's own letter, or a reason that is empty or too long.
    """
    letter = session.get(CaseLetter, letter_id, with_for_update=True, populate_existing=True)
    if letter is None or letter.state != "waiting":
        raise EntryError(("letter",), "这份函件已经有人处理过了。", "This letter was settled already.")
    if letter.asked_by == account_id:
        raise EntryError(("letter",), "复核签发要由另一人办理。", "The second signature must be somebody else's.")
    reason = reason.strip()
    if number is None and not 0 < len(reason) <= MAX_REASON:
        raise EntryError(
            ("reason",), f"请写明退回原因（1至{MAX_REASON}字）。", f"Say why, in 1 to {MAX_REASON} characters."
        )
    letter.state, letter.number, letter.reason = "issued" if number else "refused", number, reason or None
    letter.settled_by, letter.settled_at = account_id, at
    letter.facts, letter.sources = {}, {}
    session.add(letter)
    session.flush()
    if number:
        note_letter(session, session.get_one(Case, letter.case_id), at)
    return letter


def asked_by_form(session: Session, once: str) -> CaseLetter | None:
    """The letter that this form asked for, if it was sent before."""
    return session.exec(select(CaseLetter).where(CaseLetter.once == once)).first()


def waiting_letters(session: Session, centre: str) -> list[tuple[CaseLetter, Case]]:
    """The letters of a centre that wait for a second signature, with their cases, the longest waiting first."""
    wanted = select(CaseLetter, Case).join(Case, col(Case.id) == col(CaseLetter.case_id))
    wanted = wanted.where(Case.centre == centre, CaseLetter.state == "waiting").order_by(col(CaseLetter.id))
    return [(letter, case) for letter, case in session.exec(wanted)]


def letters_of_case(session: Session, case_id: int) -> Sequence[CaseLetter]:
    """The letters asked for from a case, the newest first."""
    wanted = select(CaseLetter).where(CaseLetter.case_id == case_id)
    return session.exec(wanted.order_by(col(CaseLetter.id).desc())).all()


def letter_of_number(session: Session, number: str) -> CaseLetter | None:
    """The case's side of an issued letter; None where it was issued elsewhere."""
    return session.exec(select(CaseLetter).where(CaseLetter.number == number)).first()


def _letter(case: Case, asked: Asked, account_id: int, at: datetime) -> CaseLetter:
    assert case.id is not None
    return CaseLetter(
        case_id=case.id,
        case_version=case.version,
        state="waiting",
        kind=asked.kind,
        language=asked.language,
        as_of=asked.as_of,
        schemes=list(asked.schemes),
        facts={},
        sources={},
        valid_days=asked.valid_days,
        supersedes=asked.supersedes,
        asked_by=account_id,
        asked_at=at,
        once=asked.once,
    )


# ---------------------------------------------------------------------------------------------------------------------
# Issues letters from cases: at once, or after a second signature, each with its case and the audit trail in one go.
# ---------------------------------------------------------------------------------------------------------------------


Record = Callable[[Session, RegisterEntry], None]

"""Puts the letter into the audit trail, in the transaction that keeps it."""

_BY: Mapping[str, StatedBy] = {IMPORTED: "register", CONFIRMED: "centre"}

"""What a letter says of a fact that the firm did not merely state."""


def order_of(rulebook: Rulebook, centre: Centre, asked: Asked) -> Order:
    """The order for a letter as it was asked for; facts that the vocabulary does not know any more are left out."""
    told = read_told(rulebook, asked.facts)
    return Order(
        centre=centre,
        facts=told.firm,
        items=told.items,
        as_of=asked.as_of,
        schemes=tuple(slug for slug in asked.schemes if slug in rulebook.schemes),
        kind=cast(Literal["eligibility", "missing"], asked.kind),
        lang=cast(Literal["zh", "en", "both"], asked.language),
        valid_days=asked.valid_days,
        supersedes=asked.supersedes,
        origin="desk",
        by={name: _BY[source] for name, source in _sources(asked) if name in asked.facts and source in _BY},
        is_only=True,
    )


def _sources(asked: Asked) -> Iterator[tuple[str, str]]:
    for name, told in asked.sources.items():
        if isinstance(told, Mapping):
            yield name, str(told.get("source"))


def try_letter(rulebook: Rulebook, case: Case, asked: Asked, at: datetime) -> None:
    """Set the letter without a number, so that what cannot be said is refused when it is asked for and not before the supervisor.

    Raises Refusal and RenderError.
    """
    preview(rulebook, order_of(rulebook, centres()[case.centre], asked), at)


def asked_of(letter: CaseLetter) -> Asked:
    """What a waiting letter was asked to say."""
    return Asked(
        kind=letter.kind,
        language=letter.language,
        as_of=letter.as_of,
        schemes=letter.schemes,
        facts=letter.facts,
        sources=letter.sources,
        valid_days=letter.valid_days,
        supersedes=letter.supersedes,
        once=letter.once or "",
    )


def issue_from_case(
    office: Office, case: Case, asked: Asked, account_id: int, at: datetime, record: Record
) -> RegisterEntry:
    """Issue a letter that needs no second signature. Raises what `issue` does, and Refusal for a case forgotten meanwhile.

    Of two sent by the same form one is issued; the other raises ConstraintError, and takes no number.
    """
    case_id = _id(case)

    def beside(writing: Session, entry: RegisterEntry) -> None:
        now = case_of(writing, case_id, to_write=True)
        if now is None or now.forgotten_at is not None:
            raise Refusal("本件的企业情况已删除，未签发。", "The facts of this case were deleted; nothing was issued.")
        refuse_for_case(writing, now)
        if needs_countersign(writing, now.centre):
            raise Refusal(
                "本中心的函件现在须第二人签发，未签发；请重新提交。",
                "This centre's letters need a second signature now; nothing was issued. Send it again.",
            )
        add_issued(writing, now, asked, account_id, at, entry.number)
        count_as_told(writing, entry, account_id)
        record(writing, entry)

    return issue(office, order_of(office.rulebook, centres()[case.centre], asked), at, beside)


def countersign(
    office: Office, letter: CaseLetter, centre: str, account_id: int, at: datetime, record: Record
) -> RegisterEntry:
    """Sign a waiting letter, as it was asked for. Raises what `issue` does, and Refusal where somebody was quicker.

    :param account_id: the supervisor who signs: not who asked.
    """
    letter_id = _id(letter)

    def beside(writing: Session, entry: RegisterEntry) -> None:
        case = writing.get(Case, letter.case_id)
        if case is not None:
            refuse_for_case(writing, case)
        try:
            settle_letter(writing, letter_id, account_id, at, number=entry.number)
        except EntryError as error:
            raise Refusal(error.zh, error.en) from None
        count_as_told(writing, entry, account_id)
        record(writing, entry)

    return issue(office, order_of(office.rulebook, centres()[centre], asked_of(letter)), at, beside)


def _id(row: Case | CaseLetter) -> int:
    assert row.id is not None
    return row.id
