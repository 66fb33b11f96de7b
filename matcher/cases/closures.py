"""Firms that were struck off: which of them are, and that no letter goes out to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from matcher.firms import Firm
from matcher.letters import Refusal
from matcher.text import figures

from .models import Case, FirmClosure


def closures_of(session: Session, firm_ids: Iterable[str]) -> Mapping[str, FirmClosure]:
    """Those of these firms that were struck off, by the firm's id."""
    wanted = select(FirmClosure).where(col(FirmClosure.firm_id).in_(set(firm_ids)))
    return {found.firm_id: found for found in session.exec(wanted)}


def closure_of(session: Session, credit_code: str | None, firm_id: str | None = None) -> FirmClosure | None:
    """That the firm with this id or credit code was struck off; None where nobody entered it."""
    if firm_id is not None:
        return session.get(FirmClosure, firm_id)
    if credit_code is None:
        return None
    wanted = select(FirmClosure).join(Firm, col(Firm.id) == col(FirmClosure.firm_id))
    return session.exec(wanted.where(Firm.credit_code == credit_code)).first()


def refuse_struck_off(session: Session, credit_code: str | None, firm_id: str | None = None) -> None:
    """Let no letter go out to a firm that exists no more. Raises Refusal."""
    found = closure_of(session, credit_code, firm_id)
    if found is not None:
        day, day_en = (figures.day(found.closed_on, lang) for lang in ("zh", "en"))
        raise Refusal(
            f"这家企业已于{day}{'注销' if found.kind == 'cancelled' else '被吊销执照'}，不能出函。登记有误请在企业页更正。",
            f"This firm was struck off on {day_en}: no letter can go out to it. If that is wrong, correct it on the firm's page.",
        )


def refuse_for_case(session: Session, case: Case) -> None:
    """The same for the firm of a case. Raises Refusal."""
    refuse_struck_off(session, case.credit_code, case.firm_id)
