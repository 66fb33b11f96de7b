"""The tables of cases: facts in every version, drafts, notes, files, letters, and the tally the figures are made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from matcher.accounts import Account  # noqa: F401 (its table is referred to)
from matcher.db import SHA256_LENGTH, AwareDateTime, CanonicalJson, Register, digest_of, one_of
from matcher.firms import Firm  # noqa: F401 (its table is referred to)
from matcher.letters import Kind, Language

# ---------------------------------------------------------------------------------------------------------------------
# The tables of cases: what a clerk works on for one firm, every version, what is typed, notes, files, letters asked
# for.
# ---------------------------------------------------------------------------------------------------------------------


CaseState = Literal["open", "waiting", "decided", "closed"]

"""Being worked on; waiting for the firm; decided and told; closed."""

CaseOrigin = Literal["search", "handover", "blank", "sheet", "referral"]

"""How a case came about."""

LetterState = Literal["waiting", "issued", "refused"]

"""A letter asked for: waits for the supervisor, went out, or was turned down."""


class Case(Register, table=True):
    """One firm's matter at one centre as it stands now; ``version`` counts its changes and is what a form must bring back.

    ``facts`` are as told (flat, figures as decimal strings); ``sources`` says of each fact who stated it and when
    (``{fact: {"source": "declared", "on": "2026-03-01", "by": "li.na"}}``). ``found`` is what the last check gave, for the
    lists and the dashboard. ``put_aside`` are facts that a
    clerk does not want to be asked for again. ``due_on`` is the day by which it is to be done, reckoned from the firm's deadlines
    until somebody sets it (``due_set_by``). Forgetting empties ``facts``, ``sources`` and every revision. ``once`` names the form or the
    handover that opened it, so that sent twice it opens one.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        one_of("state", CaseState),
        one_of("origin", CaseOrigin),
        Index("ix_case_file_listed", "centre", "changed_at", "state"),  # as the list of a centre's cases asks
        Index("ix_case_file_due", "centre", "due_on", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    centre: str = Field(max_length=32)
    firm_id: str | None = Field(default=None, max_length=64, index=True, foreign_key="firm.id", ondelete="SET NULL")
    credit_code: str | None = Field(default=None, max_length=18, index=True)
    name: str | None = Field(default=None, sa_type=Text)
    origin: str = Field(max_length=16)
    state: str = Field(default="open", max_length=16, index=True)
    assignee_id: int | None = Field(default=None, index=True, foreign_key="account.id", ondelete="RESTRICT")
    opened_by: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    opened_at: datetime = Field(sa_type=AwareDateTime, index=True)
    changed_at: datetime = Field(sa_type=AwareDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    as_of: date | None = None
    schemes: list[str] | None = Field(default=None, sa_type=CanonicalJson)
    facts: dict[str, Any] = Field(sa_type=CanonicalJson)
    sources: dict[str, Any] = Field(sa_type=CanonicalJson)
    found: dict[str, Any] | None = Field(default=None, sa_type=CanonicalJson)
    version: int = 1
    put_aside: list[str] | None = Field(default=None, sa_type=CanonicalJson)
    forgotten_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    once: str | None = Field(default=None, max_length=80, unique=True)
    due_on: date | None = None
    due_set_by: int | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")


class CaseRevision(Register, table=True):
    """A case's facts as one version had them: what a form was filled in from, and what two clerks' changes are merged over."""

    __tablename__ = "case_revision"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=AwareDateTime)
    as_of: date | None = None
    facts: dict[str, Any] = Field(sa_type=CanonicalJson)
    sources: dict[str, Any] = Field(sa_type=CanonicalJson)
    due_on: date | None = None


class CaseDraft(Register, table=True):
    """What an account has typed into a case's form and not saved yet: the form as it is sent, and the version it is of.

    ``fields`` are pairs of a field's name and its value, in their order.
    """

    __tablename__ = "case_draft"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    version: int
    made_at: datetime = Field(sa_type=AwareDateTime)
    fields: list[list[str]] = Field(sa_type=CanonicalJson)


class CaseNote(Register, table=True):
    """A remark of a clerk on a case; never changed, only added to."""

    __tablename__ = "case_note"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True, foreign_key="case_file.id", ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=AwareDateTime)
    text: str = Field(sa_type=Text)


NoteKind = Literal["note", "call", "visit", "message"]

"""A remark; a call; a visit; a message that was sent or handed over."""


class FirmNote(Register, table=True):
    """What a centre notes of a firm of the register beside its cases: a remark, a call, a visit; never changed, only added to."""

    __tablename__ = "firm_note"
    __table_args__ = (one_of("kind", NoteKind),)

    id: int | None = Field(default=None, primary_key=True)
    firm_id: str = Field(max_length=64, index=True, foreign_key="firm.id", ondelete="CASCADE")
    centre: str = Field(max_length=32)
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=AwareDateTime)
    kind: str = Field(max_length=16)
    text: str = Field(sa_type=Text)


ClosureKind = Literal["cancelled", "revoked"]

"""The firm had itself cancelled (注销); its licence was revoked (吊销)."""


class FirmClosure(Register, table=True):
    """That a firm exists no more, or may do no business: no letter goes out to it. The business register publishes it, so
    every centre sees it; ``evidence`` says where it was seen, ``centre`` and the account who entered it."""

    __tablename__ = "firm_closure"
    __table_args__ = (one_of("kind", ClosureKind),)

    firm_id: str = Field(primary_key=True, max_length=64, foreign_key="firm.id", ondelete="CASCADE")
    kind: str = Field(max_length=16)
    closed_on: date
    evidence: str = Field(sa_type=Text)
    centre: str = Field(max_length=32)
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=AwareDateTime)


ReferralState = Literal["sent", "accepted", "declined"]

"""On its way; taken over in a case of the other centre; sent back with a reason."""


class Referral(Register, table=True):
    """A case passed on to another centre: who the firm is, what is asked, and what the firm agreed to pass on (``facts``).

    The other centre sees this row and nothing else of the case. ``is_seen``: who sent it has read the answer.
    """

    __tablename__ = "referral"
    __table_args__ = (one_of("state", ReferralState), Index("ix_referral_waiting", "to_centre", "state"))

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True, foreign_key="case_file.id", ondelete="CASCADE")
    centre: str = Field(max_length=32)
    to_centre: str = Field(max_length=32)
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=AwareDateTime)
    text: str = Field(sa_type=Text)
    firm_id: str | None = Field(default=None, max_length=64, foreign_key="firm.id", ondelete="SET NULL")
    name: str | None = Field(default=None, sa_type=Text)
    credit_code: str | None = Field(default=None, max_length=18)
    facts: dict[str, Any] = Field(sa_type=CanonicalJson)
    state: str = Field(default="sent", max_length=16)
    answered_by: int | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    answered_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    answer: str | None = Field(default=None, sa_type=Text)
    is_seen: bool = False


class SavedView(Register, table=True):
    """A list of cases that an account asks for again and again: its name, and what its address asks for."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    name: str = Field(max_length=60)
    query: str = Field(max_length=500)


OutlookSide = Literal["gained", "lost"]

"""What a firm has more, or less, from the next day on which the rules change."""


class OutlookCase(Register, table=True):
    """That the version of a case was decided for the day ``next_on``, the next on which the rules change, and for its eve."""

    __tablename__ = "outlook_case"
    __table_args__ = (Index("ix_outlook_case_counted", "centre", "next_on"),)

    case_id: int = Field(
        primary_key=True, sa_column_kwargs={"autoincrement": False}, foreign_key="case_file.id", ondelete="CASCADE"
    )
    centre: str = Field(max_length=32)
    version: int
    next_on: date
    rulebook_hash: str = Field(max_length=SHA256_LENGTH)


class OutlookShift(Register, table=True):
    """What the next rule day changes of a scheme for the firm of a case: ``fen`` is the firm's own money more (gained) or less (lost),
    0 where no sum is known; ``later`` the status that the scheme has from then on."""

    __tablename__ = "outlook_shift"
    __table_args__ = (
        one_of("side", OutlookSide),
        Index("ix_outlook_shift_counted", "centre", "next_on", "side", "scheme", "fen"),
    )

    case_id: int = Field(
        primary_key=True, sa_column_kwargs={"autoincrement": False}, foreign_key="case_file.id", ondelete="CASCADE"
    )
    scheme: str = Field(primary_key=True, max_length=80)
    centre: str = Field(max_length=32)
    next_on: date
    side: str = Field(max_length=8)
    fen: int = Field(sa_type=BigInteger)
    later: str = Field(max_length=24)


class CasePresence(Register, table=True):
    """When an account last had a case open before it; a minute and a half later it counts as gone."""

    __tablename__ = "case_presence"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE")
    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=AwareDateTime)


class CaseAttachment(Register, table=True):
    """A file that belongs to a case, checked by type and size before it is kept."""

    __tablename__ = "case_attachment"
    __table_args__ = (digest_of("sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True, foreign_key="case_file.id", ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    made_at: datetime = Field(sa_type=AwareDateTime)
    filename: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=SHA256_LENGTH)
    content: bytes = Field(sa_type=LargeBinary)


class CaseLetter(Register, table=True):
    """A letter that was asked for from a case: its order frozen with the facts and their sources, until it is issued or turned down.

    A letter that needs no second signature is made ``issued`` at once. ``facts`` and ``sources`` are emptied once it has gone out or was
    turned down: the letter's own receipt keeps what it relied on. ``once`` names the form that asked for it: sent twice, it
    asks for one.
    """

    __tablename__ = "case_letter"
    __table_args__ = (one_of("kind", Kind), one_of("language", Language), one_of("state", LetterState))

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(index=True, foreign_key="case_file.id", ondelete="CASCADE")
    case_version: int
    state: str = Field(max_length=16, index=True)
    kind: str = Field(max_length=32)
    language: str = Field(max_length=8)
    as_of: date
    schemes: list[str] = Field(sa_type=CanonicalJson)
    facts: dict[str, Any] = Field(sa_type=CanonicalJson)
    sources: dict[str, Any] = Field(default_factory=dict, sa_type=CanonicalJson)
    valid_days: int
    supersedes: str | None = Field(default=None, max_length=64)
    asked_by: int = Field(foreign_key="account.id", ondelete="RESTRICT")
    asked_at: datetime = Field(sa_type=AwareDateTime)
    settled_by: int | None = Field(default=None, foreign_key="account.id", ondelete="RESTRICT")
    settled_at: datetime | None = Field(default=None, sa_type=AwareDateTime)
    reason: str | None = Field(default=None, sa_type=Text)
    number: str | None = Field(
        default=None, max_length=64, unique=True, foreign_key="issued_letter.number", ondelete="RESTRICT"
    )
    once: str | None = Field(default=None, max_length=80, unique=True)


# ---------------------------------------------------------------------------------------------------------------------
# The table that the figures are made of: one narrow row a case, so that counting reads no firm's facts.
# ---------------------------------------------------------------------------------------------------------------------


SUMS = ("firm_fen", "deferred_fen", "others_fen")

"""The sums of a case that are never added to one another: the firm's own money, what it pays later, what others get."""


class CaseTally(Register, table=True):
    """What the figures count of a case, written whenever the case changes in it; forgetting the case leaves it.

    The sums are those of ``Case.found`` in fen, ``schemes`` its schemes with a comma between two. ``decided_after`` and
    ``lettered_after`` are the seconds from the opening to the first decision and to the first letter; None before.
    """

    __tablename__ = "case_tally"
    # All but the schemes: what is counted of a year is read from the index alone.
    __table_args__ = (Index("ix_case_tally_counted", "opened_at", "centre", *SUMS, "decided_after", "lettered_after"),)

    case_id: int = Field(
        primary_key=True, sa_column_kwargs={"autoincrement": False}, foreign_key="case_file.id", ondelete="CASCADE"
    )
    centre: str = Field(max_length=32)
    opened_at: datetime = Field(sa_type=AwareDateTime)
    firm_fen: int = Field(default=0, sa_type=BigInteger)
    deferred_fen: int = Field(default=0, sa_type=BigInteger)
    others_fen: int = Field(default=0, sa_type=BigInteger)
    decided_after: int | None = None
    lettered_after: int | None = None
    schemes: str = Field(default="", sa_type=Text)
