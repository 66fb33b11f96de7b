"""A desk at which much was done: firms in the register, cases, letters and rows of lists, made by plain inserts."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, insert
from sqlmodel import Session, select

from matcher.accounts.models import Account
from matcher.batches.models import Run, RunRow
from matcher.cases.models import Case, CaseLetter, CaseRevision, CaseTally, FirmNote, OutlookCase, OutlookShift
from matcher.db.database import session
from matcher.firms.register import FirmEntry, Told, enter_firms
from matcher.letters.models import DecisionRecord, IssuedLetter, LetterRecord
from matcher.outreach.models import Entitlement, Screening
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks.firm_queries import keys, rows

AT = datetime(2026, 11, 2, 1, tzinfo=UTC)
CENTRE, DISTRICT = "heping", "heping"
SCHEMES = ("six-taxes-two-fees", "small-scale-vat")
_STATES = ("open", "waiting", "decided", "closed")
_GENERATOR = Path(__file__).with_name("generate_firms.py")


def fill(engine: Engine, rulebook: Rulebook, folder: Path, firms: int, cases: int) -> list[str]:
    """Fill a database that has its accounts; gives the ids of the firms that have a case, by their number."""
    made = folder / f"firms-{firms}.csv"
    subprocess.run([sys.executable, _GENERATOR, str(firms), "--seed", "7", "-o", made], check=True)
    told = Told("imported", date(2026, 1, 5), AT)
    listed: list[dict[str, str]] = []
    with session(engine) as writing:
        for part in _parts(list(rows(made)), 20_000):
            enter_firms(writing, [_entry(line, row) for line, row in part], told, keys)
            listed += [row for _, row in part]
    with session(engine) as writing:
        _cases(writing, rulebook, listed, cases)
    return [row["id"] for row in listed[:cases]]


def _parts(all_rows: list[dict[str, str]], size: int) -> list[list[tuple[int, dict[str, str]]]]:
    numbered = list(enumerate(all_rows, 2))
    return [numbered[start : start + size] for start in range(0, len(numbered), size)]


def _entry(line: int, row: dict[str, str]) -> FirmEntry:
    facts = {"district": DISTRICT, "employees": int(row["employees"] or 1), "vat_status": "small_scale"}
    return FirmEntry(row["id"], row["name"], row["uscc"], (), None, facts, line)


def _cases(writing: Session, rulebook: Rulebook, listed: list[dict[str, str]], cases: int) -> None:
    accounts = {one.name: one.id for one in writing.exec(select(Account))}
    clerk, supervisor = accounts["clerk"], accounts["supervisor"]
    on = rulebook.next_turn(date(2026, 12, 2)) or date(2027, 1, 1)
    made: dict[type, list[dict[str, object]]] = {}

    def add(table: type, **values: object) -> None:
        made.setdefault(table, []).append(values)

    for number in range(1, cases + 1):
        row = listed[(number - 1) % len(listed)]
        at = AT - timedelta(hours=number)
        facts = {"name": row["name"], "credit_code": row["uscc"], "district": DISTRICT, "vat_status": "small_scale"}
        facts["six_taxes_two_fees_payable"] = f"{number * 37}.50"
        sources = {name: {"source": "declared", "on": "2026-11-01", "by": "clerk"} for name in facts}
        found = {"counts": {}, "schemes": list(SCHEMES), "firm_fen": number * 1000, "deferred_fen": 0, "others_fen": 0}
        found |= {"rules": rulebook.hash, "until": on.isoformat()}
        state = _STATES[number % 4]
        shared = {"centre": CENTRE, "opened_at": at}
        add(
            Case,
            **shared,
            id=number,
            firm_id=row["id"],
            credit_code=row["uscc"],
            name=row["name"],
            origin="handover" if number % 7 == 0 else "search",
            state=state,
            assignee_id=(clerk, supervisor, None)[number % 3],
            opened_by=clerk,
            changed_at=at + timedelta(hours=1),
            closed_at=at if state == "closed" else None,
            facts=facts,
            sources=sources,
            found=found,
            version=2,
            due_on=date(2026, 11, 1) + timedelta(days=number % 60),
        )
        for version in (1, 2):
            add(
                CaseRevision,
                case_id=number,
                version=version,
                account_id=clerk,
                made_at=at,
                facts=facts,
                sources=sources,
            )
        add(
            CaseTally,
            **shared,
            case_id=number,
            firm_fen=number * 1000,
            deferred_fen=0,
            others_fen=0,
            decided_after=90_000,
            lettered_after=None,
            schemes=",".join(SCHEMES),
        )
        add(FirmNote, firm_id=row["id"], centre=CENTRE, account_id=clerk, made_at=at, kind="call", text="约好周五来")
        add(OutlookCase, case_id=number, centre=CENTRE, version=2, next_on=on, rulebook_hash=rulebook.hash)
        if number % 5 == 0:
            shift = {"centre": CENTRE, "next_on": on, "side": "lost", "fen": number * 100, "later": "unconfirmed"}
            add(OutlookShift, case_id=number, scheme=SCHEMES[0], **shift)
        if number % 3 == 0:
            _letter(add, number, row, clerk, at)
        if number % 50 == 0:
            asked = {"case_version": 2, "kind": "eligibility", "language": "zh", "as_of": at.date(), "valid_days": 90}
            waits = {"state": "waiting", "schemes": [SCHEMES[0]], "facts": facts, "sources": sources}
            add(
                CaseLetter,
                **asked,
                **waits,
                case_id=number,
                asked_by=clerk,
                asked_at=at,
                number=None,
                once=f"w{number}",
            )
    run = {"centre": CENTRE, "account_id": clerk, "language": "zh", "as_of": AT.date(), "letters": "none"}
    for run_id in range(1, max(2, cases // 20) + 1):
        counts = {"rows": cases // 4, "bad_rows": 0, "done_rows": cases // 4}
        add(Run, **run, **counts, id=run_id, state="done", filename=f"名单{run_id}.xlsx", created_at=AT, summary={})
        for line in range(2, 2 + cases // 4):
            row = listed[(run_id * 31 + line) % len(listed)]
            add(RunRow, run_id=run_id, line=line, name=row["name"], credit_code=row["uscc"], entitled=2)
    screening = {"state": "done", "as_of": AT.date(), "rulebook_hash": rulebook.hash, "created_at": AT}
    count = len(listed)
    counted = {SCHEMES[0]: [["eligible", "firm_price", DISTRICT, count, count * 1000]]}
    add(Screening, **screening, id=1, firms=count, found=counted, finished_at=AT)
    for row in listed:
        entitled = {"district": DISTRICT, "status": "eligible", "recipient": "firm_price", "fen": 1000}
        add(Entitlement, screening_id=1, scheme=SCHEMES[0], firm_id=row["id"], **entitled)
    for table, values in made.items():
        for start in range(0, len(values), 5_000):
            writing.execute(insert(table), values[start : start + 5_000], execution_options={"render_nulls": True})


def _letter(add: object, number: int, row: dict[str, str], clerk: int | None, at: datetime) -> None:
    assert callable(add)
    sheet, code = f"津和惠函〔2026〕{number}号", hashlib.sha256(str(number).encode()).hexdigest()[:12].upper()
    key = f"00000000-0000-4000-8000-{number:012d}"
    digest = hashlib.sha256(sheet.encode()).hexdigest()
    decided = [{"scheme": slug, "status": "eligible"} for slug in SCHEMES]
    add(
        DecisionRecord,
        id=key,
        receipt_id=code,
        created_at=at,
        as_of=at.date(),
        rulebook_hash="0" * 64,
        profile={},
        decisions=decided,
        origin="desk",
    )
    add(
        LetterRecord,
        id=key,
        decision_record_id=key,
        kind="eligibility",
        language="zh",
        number=sheet,
        sha256=digest,
        made_at=at,
        schemes=list(SCHEMES),
    )
    add(
        IssuedLetter,
        number=sheet,
        centre=CENTRE,
        year=2026,
        place=number,
        code=code,
        key_id="0" * 12,
        credit_code=row["uscc"],
        addressee=row["name"],
        written_on=at.date(),
        valid_until=date(2026, 12, 20) if number % 2 else date(2027, 1, 30),
        receipt="{}",
        pdf=b"%PDF-" + b"0" * 60_000,
    )
    add(
        CaseLetter,
        case_id=number,
        case_version=2,
        state="issued",
        kind="eligibility",
        language="zh",
        as_of=at.date(),
        schemes=list(SCHEMES),
        facts={},
        sources={},
        valid_days=90,
        asked_by=clerk,
        asked_at=at,
        number=sheet,
        once=f"i{number}",
    )
