"""What waits for a person at the desk this morning: to countersign, returned, waiting on a firm, letters that expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import url_for
from sqlalchemy import func
from sqlalchemy import select as sqlalchemy_select
from sqlmodel import Session, col, select

from matcher.accounts import Account, may, reaches
from matcher.batches import Run, runs_to_sign
from matcher.cases import (
    Case,
    CaseLetter,
    DueFilter,
    Referral,
    Wanted,
    answered_referrals,
    count_cases,
    found_now,
    list_cases,
    order_of,
    referrals_to,
    waiting_letters,
)
from matcher.letters import IssuedLetter
from matcher.presentation import catalogue
from matcher.text import day_of, figures, today

MOST = 12

"""Lines of a section; its heading counts all."""

SOON_DAYS = 30


@dataclass(frozen=True)
class Item:
    """One line: where it leads, whose it is, what it is about, the firm's money in words, and how many days (of age, or left);
    ``letter_id`` where it can be signed with others."""

    address: str
    firm: str
    about: str
    money: str
    days: int
    account_id: int | None
    letter_id: int | None = None


@dataclass(frozen=True)
class Section:
    """A part of the morning: its key, the lines shown, oldest first, and how many there are."""

    key: str
    items: tuple[Item, ...]
    total: int


def inbox(session: Session, account: Account, day: date, lang: str) -> tuple[Section, ...]:
    """The parts that hold anything, in the order in which they are to be done."""
    found = (
        _due(session, account, day, lang, "overdue"),
        *((_to_sign(session, account, day, lang),) if _may_sign(account) else ()),
        _returned(session, account, day, lang),
        *((_referred(session, account, day),) if may(account.role, "case.write") else ()),
        _answered(session, account, day),
        _due(session, account, day, lang, "week"),
        _handed_over(session, account, day, lang),
        _waiting(session, account, day, lang),
        _expiring(session, account, day),
    )
    return tuple(section for section in found if section.total)


def count_urgent(session: Session, account: Account) -> int:
    """What others wait for: letters and lists to countersign, what came back to this account, and its cases that are overdue."""
    signing = (
        len(_letters_to_sign(session, account)) + len(_runs_to_sign(session, account)) if _may_sign(account) else 0
    )
    referred = len(referrals_to(session, account.centre)) if may(account.role, "case.write") else 0
    answered = len(answered_referrals(session, account.id or 0))
    overdue = count_cases(session, _due_wanted(account, "overdue", today()))
    return signing + len(_came_back(session, account)) + referred + answered + overdue


def _due_wanted(account: Account, which: DueFilter, day: date) -> Wanted:
    """The account's own cases that are overdue, or due within the week."""
    return Wanted(account.centre, assignee=account.id, due=which, today=day)


def _due(session: Session, account: Account, day: date, lang: str, which: DueFilter) -> Section:
    wanted = replace(_due_wanted(account, which, day), order=order_of("due"))
    cases, total = list_cases(session, wanted, 0, MOST)
    items = tuple(
        replace(
            _case(case, case.opened_at, day, lang),
            days=abs((case.due_on - day).days),
            about=figures.day(case.due_on, lang),
        )
        for case in cases
        if case.due_on is not None
    )
    return Section("overdue" if which == "overdue" else "due", items, total)


def _may_sign(account: Account) -> bool:
    return reaches(account.role, account.centre, "letter.countersign", account.centre)


def _letters_to_sign(session: Session, account: Account) -> list[tuple[CaseLetter, Case]]:
    return [pair for pair in waiting_letters(session, account.centre) if pair[0].asked_by != account.id]


def _runs_to_sign(session: Session, account: Account) -> Sequence[Run]:
    return [run for run in runs_to_sign(session, account.centre) if run.account_id != account.id]


def _to_sign(session: Session, account: Account, day: date, lang: str) -> Section:
    letters, runs = _letters_to_sign(session, account), _runs_to_sign(session, account)
    items = [
        Item(
            url_for("desk_case_letters.asked_letter", letter_id=letter.id),
            case.name or "",
            "letter",
            _money(case, lang),
            _age(letter.asked_at, day),
            letter.asked_by,
            letter.id,
        )
        for letter, case in letters[:MOST]
    ]
    items += [
        Item(
            url_for("desk_runs.show", run_id=run.id), run.filename, "run", "", _age(run.created_at, day), run.account_id
        )
        for run in runs
    ]
    items.sort(key=lambda one: -one.days)
    return Section("sign", tuple(items[:MOST]), len(letters) + len(runs))


def _came_back(session: Session, account: Account) -> list[tuple[CaseLetter, Case]]:
    """The account's letters that were turned down and of whose case no letter was asked for since."""
    later = (
        select(func.max(CaseLetter.id)).where(col(CaseLetter.case_id) == col(Case.id)).correlate(Case).scalar_subquery()
    )
    wanted = (
        select(CaseLetter, Case)
        .join(Case, col(Case.id) == col(CaseLetter.case_id))
        .where(CaseLetter.asked_by == account.id, CaseLetter.state == "refused", col(CaseLetter.id) == later)
        .where(col(Case.state) != "closed")
        .order_by(col(CaseLetter.id))
    )
    return [(letter, case) for letter, case in session.exec(wanted)]


def _returned(session: Session, account: Account, day: date, lang: str) -> Section:
    came_back = _came_back(session, account)
    items = [
        Item(
            url_for("desk_case_letters.letters", case_id=case.id),
            case.name or "",
            letter.reason or "",
            _money(case, lang),
            _age(letter.settled_at or letter.asked_at, day),
            letter.settled_by,
        )
        for letter, case in came_back[:MOST]
    ]
    return Section("returned", tuple(items), len(came_back))


def _referred(session: Session, account: Account, day: date) -> Section:
    """What other centres passed on to this one."""
    return _referrals("referred", referrals_to(session, account.centre), day)


def _answered(session: Session, account: Account, day: date) -> Section:
    """What became of the account's own referrals, until it has read the answer."""
    return _referrals("answered", answered_referrals(session, account.id or 0), day)


def _referrals(key: str, found: Sequence[Referral], day: date) -> Section:
    items = tuple(
        Item(
            url_for("desk_referrals.show", referral_id=one.id),
            one.name or "",
            one.text if key == "referred" else one.answer or one.state,
            "",
            _age(one.answered_at or one.made_at, day),
            one.answered_by or one.account_id,
        )
        for one in found[:MOST]
    )
    return Section(key, items, len(found))


def _case(case: Case, since: datetime, day: date, lang: str) -> Item:
    """A line that leads to a case, with its age ``since``."""
    address = url_for("desk_cases.case", case_id=case.id)
    return Item(address, case.name or "", "", _money(case, lang), _age(since, day), case.assignee_id)


def _handed_over(session: Session, account: Account, day: date, lang: str) -> Section:
    """The centre's cases that came by a hand-over and in which nobody has answered the firm yet, whoever has them."""
    handed = select(Case).where(
        Case.centre == account.centre,
        Case.origin == "handover",
        Case.state == "open",
        ~select(CaseLetter.id).where(col(CaseLetter.case_id) == col(Case.id)).exists(),
    )
    total = session.exec(select(func.count()).select_from(handed.subquery())).one()
    items = tuple(
        _case(case, case.opened_at, day, lang) for case in session.exec(handed.order_by(col(Case.id)).limit(MOST))
    )
    return Section("handed", items, total)


def _waiting(session: Session, account: Account, day: date, lang: str) -> Section:
    wanted = Wanted(account.centre, ("waiting",), account.id, order=order_of("changed"))
    cases, total = list_cases(session, wanted, 0, MOST)
    items = tuple(_case(case, case.changed_at, day, lang) for case in cases)
    return Section("waiting", items, total)


def _expiring(session: Session, account: Account, day: date) -> Section:
    """The centre's letters whose last day comes within a month, the next to end first."""
    until = col(IssuedLetter.valid_until)
    ending = [
        col(IssuedLetter.centre) == account.centre,
        col(IssuedLetter.withdrawal).is_(None),
        until >= day,
        until <= day + timedelta(days=SOON_DAYS),
    ]
    shown = (col(IssuedLetter.code), col(IssuedLetter.addressee), col(IssuedLetter.number), until)
    wanted = sqlalchemy_select(*shown).where(*ending).order_by(until, col(IssuedLetter.place)).limit(MOST)
    rows = session.execute(wanted).all()
    total = session.exec(select(func.count()).select_from(IssuedLetter).where(*ending)).one()
    items = tuple(
        Item(
            url_for("desk_case_letters.letter", code=code),
            name or "",
            number,
            "",
            (last - day).days if last else 0,
            None,
        )
        for code, name, number, last in rows
    )
    return Section("expiring", items, total)


def _money(case: Case, lang: str) -> str:
    fen = found_now(catalogue().rulebook, case, today()).get("firm_fen") or 0
    return figures.sum_in_yuan(fen, lang) if fen else ""


def _age(at: datetime, day: date) -> int:
    return max(0, (day - day_of(at)).days)
