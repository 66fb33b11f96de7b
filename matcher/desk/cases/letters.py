"""Issues letters from cases: at once, or after a second signature, each with its case and the audit trail in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Literal, cast

from sqlmodel import Session

from matcher.desk.cases.sources import CONFIRMED, IMPORTED
from matcher.firms.profile import read_facts
from matcher.issuing import Office, Order, Refusal, centres, issue
from matcher.letters.letter import StatedBy
from matcher.letters.proof import Centre
from matcher.rulebook import Rulebook
from matcher.store import EntryError, RegisterEntry
from matcher.store.desk import Case, CaseLetter
from matcher.store.desk.case_letters import Asked, add_issued, needs_countersign, settle_letter
from matcher.store.desk.cases import case_of

Record = Callable[[Session, RegisterEntry], None]
"""Puts the letter into the audit trail, in the transaction that keeps it."""


_BY: Mapping[str, StatedBy] = {IMPORTED: "register", CONFIRMED: "centre"}
"""What a letter says of a fact that the firm did not merely state."""


def order_of(rulebook: Rulebook, centre: Centre, asked: Asked) -> Order:
    """The order for a letter as it was asked for; facts that the vocabulary does not know any more are left out."""
    facts, _ = read_facts(rulebook, asked.facts)
    return Order(
        centre=centre,
        facts=facts,
        as_of=asked.as_of,
        schemes=tuple(slug for slug in asked.schemes if slug in rulebook.schemes),
        kind=cast(Literal["eligibility", "missing"], asked.kind),
        lang=cast(Literal["zh", "en", "both"], asked.language),
        valid_days=asked.valid_days,
        supersedes=asked.supersedes,
        origin="desk",
        by={name: _BY[source] for name, source in _sources(asked) if name in facts and source in _BY},
    )


def _sources(asked: Asked) -> Iterator[tuple[str, str]]:
    for name, told in asked.sources.items():
        if isinstance(told, Mapping):
            yield name, str(told.get("source"))


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
        if needs_countersign(writing, now.centre):
            raise Refusal(
                "本中心的函件现在须第二人签发，未签发；请重新提交。",
                "This centre's letters need a second signature now; nothing was issued. Send it again.",
            )
        add_issued(writing, now, asked, account_id, at, entry.number)
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
        try:
            settle_letter(writing, letter_id, account_id, at, number=entry.number)
        except EntryError as error:
            raise Refusal(error.zh, error.en) from None
        record(writing, entry)

    return issue(office, order_of(office.rulebook, centres()[centre], asked_of(letter)), at, beside)


def _id(row: Case | CaseLetter) -> int:
    assert row.id is not None
    return row.id
