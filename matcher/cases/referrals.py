"""Referrals between centres: a case passed on with what its firm agreed to; those that wait, and those answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from matcher.db import EntryError
from matcher.letters import centres

from .models import Case, Referral

LONGEST = 1000


def referrals_to(session: Session, centre: str) -> Sequence[Referral]:
    """The referrals that wait for this centre, the longest waiting first."""
    wanted = select(Referral).where(Referral.to_centre == centre, Referral.state == "sent")
    return session.exec(wanted.order_by(col(Referral.id))).all()


def answered_referrals(session: Session, account_id: int) -> Sequence[Referral]:
    """The account's referrals that were answered and whose answer it has not read."""
    wanted = select(Referral).where(
        Referral.account_id == account_id, col(Referral.state) != "sent", col(Referral.is_seen).is_(False)
    )
    return session.exec(wanted.order_by(col(Referral.id))).all()


def referrals_of(session: Session, case_ids: Sequence[int]) -> Sequence[Referral]:
    """The referrals of these cases, the newest first."""
    if not case_ids:
        return ()
    return session.exec(
        select(Referral).where(col(Referral.case_id).in_(case_ids)).order_by(col(Referral.id).desc())
    ).all()


def refer_case(
    session: Session, case: Case, to_centre: str, text: str, account_id: int, at: datetime, *, with_facts: bool
) -> Referral:
    """Pass a case on. Its facts go along only where the firm agreed (``with_facts``). Raises EntryError."""
    if to_centre == case.centre or to_centre not in centres():
        raise EntryError(("to_centre",), "请选择转给哪个中心。", "Choose the centre that it goes to.")
    if not 0 < len(text) <= LONGEST:
        raise EntryError(
            ("text",),
            f"请写明要对方办什么（1至{LONGEST}字）。",
            f"Say what is asked of it, in 1 to {LONGEST} characters.",
        )
    if case.forgotten_at is not None or case.state == "closed":
        raise EntryError(("case",), "本件已办结，不能转出。", "The case is closed: it cannot be passed on.")
    assert case.id is not None
    made = Referral(
        case_id=case.id, centre=case.centre, to_centre=to_centre, account_id=account_id, made_at=at, text=text,
        firm_id=case.firm_id, name=case.name, credit_code=case.credit_code, facts=dict(case.facts) if with_facts else {},
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made
