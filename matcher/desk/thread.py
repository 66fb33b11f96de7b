"""One thread a firm: what its centre did with it and was told of it, in one line of time, the last first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlmodel import Session, col, select

from matcher.accounts import People, people
from matcher.batches import Run, RunRow, rows_of_firm
from matcher.cases import (
    Case,
    CaseLetter,
    CaseRevision,
    FirmNote,
    Referral,
    found_now,
    history,
    money_of_letter,
    referrals_of,
)
from matcher.firms import Firm
from matcher.letters import RegisterEntry, centres
from matcher.outreach import told_marks
from matcher.presentation import Catalogue
from matcher.text import desk_labels, figures, punctuation, sentences, today

MOST = 60

"""Lines that the page shows."""

_MOST_VERSIONS = 12


@dataclass(frozen=True)
class Event:
    """One line: when, what happened in words, more of it (values before and after, a reason), who, and where it leads."""

    at: datetime
    text: str
    more: str
    who: str
    address: str | None = None


def thread(
    session: Session,
    book: Catalogue,
    firm: Firm,
    centre: str,
    cases: Sequence[Case],
    letters: Sequence[RegisterEntry],
    lang: str,
) -> tuple[Event, ...]:
    """Cases and what was changed in them, letters asked for, issued and taken back, what was told, notes, calls and visits."""
    ids = [case.id for case in cases if case.id is not None]
    asked = session.exec(select(CaseLetter).where(col(CaseLetter.case_id).in_(ids))).all() if ids else ()
    notes = session.exec(select(FirmNote).where(FirmNote.firm_id == firm.id, FirmNote.centre == centre)).all()
    marks = told_marks(session, firm.id, centre)
    passed = referrals_of(session, ids)
    rows = rows_of_firm(session, centre, firm.credit_code, MOST)
    accounts = (
        [case.opened_by for case in cases] + [one.account_id for one in notes] + [one.account_id for one in marks]
    )
    accounts += [one for letter in asked for one in (letter.asked_by, letter.settled_by) if one]
    accounts += [number for one in passed for number in (one.account_id, one.answered_by) if number]
    accounts += [run.account_id for run, _ in rows]
    versions = {case.id: _versions(session, case) for case in cases}
    accounts += [version.account_id for listed in versions.values() for version in listed]
    who = people(session, accounts)
    found = [
        *_of_cases(book, cases, versions, who, lang),
        *_of_letters(book, asked, letters, who, lang),
        *_of_referrals(passed, who, lang),
        *_of_lists(rows, who, lang),
        *(
            Event(one.made_at, sentences.say(desk_labels.NOTE_KIND[one.kind], lang), one.text, who.of(one.account_id))
            for one in notes
        ),
        *(
            Event(one.told_at, sentences.say("已告知", lang), _scheme(book, one.scheme, lang), who.of(one.account_id))
            for one in marks
            if not one.note or one.note not in {letter.number for letter in letters}
        ),
    ]
    # What was done at one moment is listed above in the order in which it is done: a case is opened, then its letter issued.
    return tuple(sorted(found, key=lambda one: one.at)[::-1][:MOST])


def _versions(session: Session, case: Case) -> Sequence[CaseRevision]:
    wanted = select(CaseRevision).where(CaseRevision.case_id == case.id).order_by(col(CaseRevision.version).desc())
    return session.exec(wanted.limit(_MOST_VERSIONS)).all()


def _of_cases(
    book: Catalogue, cases: Sequence[Case], versions: dict[int | None, Sequence[CaseRevision]], who: People, lang: str
) -> list[Event]:
    found = []
    for case in cases:
        address = url_for("desk_cases.case", case_id=case.id)
        name = sentences.say("第{number}号办件", lang, number=case.id)
        opened = sentences.say(desk_labels.CASE_ORIGIN[case.origin], lang)
        fen = found_now(book.rulebook, case, today()).get("firm_fen") or 0
        if fen:
            money = sentences.say("现在算得一年确定{sum}", lang, sum=figures.sum_in_yuan(fen, lang))
            opened = punctuation(lang).semicolon.join((opened, money))
        found.append(
            Event(case.opened_at, sentences.say("建立{case}", lang, case=name), opened, who.of(case.opened_by), address)
        )
        for change in history(book, versions[case.id], who, lang):
            if change.values:
                stop = punctuation(lang).semicolon
                text = sentences.say("改了{case}", lang, case=name)
                found.append(Event(change.at, text, stop.join(change.values), change.by, address))
        if case.closed_at is not None:
            found.append(Event(case.closed_at, sentences.say("办结{case}", lang, case=name), "", "", address))
    return found


def _of_letters(
    book: Catalogue, asked: Sequence[CaseLetter], letters: Sequence[RegisterEntry], who: People, lang: str
) -> list[Event]:
    by_number = {letter.number: letter for letter in asked if letter.number}
    found = []
    for letter in asked:
        if letter.state != "issued":
            address = url_for("desk_case_letters.asked_letter", letter_id=letter.id)
            state = sentences.say(desk_labels.LETTER_STATE[letter.state], lang)
            at = letter.settled_at or letter.asked_at
            by = who.of(letter.settled_by or letter.asked_by)
            more = letter.reason or (money_of_letter(book, letter, lang) if letter.state == "waiting" else "")
            found.append(Event(at, sentences.say("函件{state}", lang, state=state), more, by, address))
    for entry in letters:
        address = url_for("desk_case_letters.letter", code=entry.code)
        beside = by_number.get(entry.number)
        count = sentences.count(lang, len(entry.schemes), "scheme")
        by = who.of(beside.asked_by) if beside else ""
        found.append(Event(entry.made_at, sentences.say("签发{number}", lang, number=entry.number), count, by, address))
        if entry.withdrawn_at is not None:
            more = entry.reason or entry.superseded_by or ""
            text = sentences.say(desk_labels.WITHDRAWN[entry.withdrawal or "revoked"], lang, number=entry.number)
            found.append(Event(entry.withdrawn_at, text, more, "", address))
    return found


def _of_referrals(passed: Sequence[Referral], who: People, lang: str) -> list[Event]:
    found = []
    for one in passed:
        address, to = url_for("desk_referrals.show", referral_id=one.id), centres().get(one.to_centre)
        name = to.name.get(lang) if to else one.to_centre
        text = sentences.say("转给{centre}", lang, centre=name)
        found.append(Event(one.made_at, text, one.text, who.of(one.account_id), address))
        if one.answered_at is not None:
            state = sentences.say(desk_labels.REFERRAL_STATE[one.state], lang)
            found.append(Event(one.answered_at, state, one.answer or "", who.of(one.answered_by), address))
    return found


def _of_lists(rows: Sequence[tuple[Run, RunRow]], who: People, lang: str) -> list[Event]:
    """Each row of a list that was about the firm, with what became of it."""
    found = []
    for run, row in rows:
        text = sentences.say("在名单“{file}”第{line}行", lang, file=run.filename, line=row.line)
        address = url_for("desk_runs.show", run_id=run.id)
        found.append(Event(run.created_at, text, _became(row, lang), who.of(run.account_id), address))
    return found


def _became(row: RunRow, lang: str) -> str:
    if row.faults is not None:
        return sentences.say("这一行有填错的，没有核对", lang)
    if row.number is not None:
        return sentences.say("签发{number}", lang, number=row.number)
    if row.letter_fault is not None:
        zh, _, en = row.letter_fault.partition(" / ")
        return zh if lang == "zh" else en or zh
    if row.entitled is None:
        return sentences.say("还没有核对", lang)
    return sentences.count(lang, row.entitled, "scheme")


def _scheme(book: Catalogue, slug: str, lang: str) -> str:
    return book.scheme(slug).name.get(lang) if slug in book.rulebook.schemes else slug
