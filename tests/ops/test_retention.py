"""Retention: what is due on which day, what forgetting takes and leaves, and that the trail stays whole."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from matcher.accounts.models import Account, CentreSetting
from matcher.answers.models import Draft, Handover
from matcher.audit.check import verify
from matcher.audit.models import AuditEntry
from matcher.audit.trail import Event
from matcher.batches.models import Run, RunRow
from matcher.cases.models import Case, CaseDraft, CaseRevision
from matcher.db.database import reading, session
from matcher.firms.models import Firm
from matcher.firms.register import Told, add_statement, facts_on
from matcher.ops.retention import Due, due, forget
from matcher.outreach.models import Entitlement, ImpactLine, ImpactStudy, Screening

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
NAME = "天津市喆堃镕科技有限公司"


def ago(days: int) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=days)


def entry(action: str, subject: str, centre: str | None, detail: Mapping[str, object]) -> Event:
    """An entry of the trail as the nightly job makes it."""
    return Event(NOW, "cli:cron", "cli", centre, action, subject, "local", detail)


def case(number: int, centre: str, closed: datetime | None, firm_id: str | None = None) -> Case:
    """A case with facts, open or closed at that moment."""
    state = "open" if closed is None else "closed"
    return Case(
        id=number, centre=centre, firm_id=firm_id, name=NAME, origin="blank", state=state, opened_by=1,
        opened_at=ago(900), changed_at=ago(900), closed_at=closed, facts={"employees": 12}, sources={},
    )  # fmt: skip


def run(number: int, state: str, finished: datetime | None, created: datetime) -> Run:
    """A run of Heping."""
    return Run(
        id=number, centre="heping", account_id=1, state=state, filename="名单.xlsx", language="zh",
        as_of=date(2025, 1, 1), letters="none", created_at=created, finished_at=finished,
    )  # fmt: skip


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Heping keeps 100 days, the others a year."""
    with session(engine) as writing:
        writing.add(
            Account(
                id=1, name="li.na", display_name="李娜", role="clerk", centre="heping",
                password_hash="x", created_at=ago(900), password_changed_at=ago(900),
            )
        )  # fmt: skip
        writing.add(CentreSetting(centre="heping", retention_days=100))
        for number in (1, 2):
            writing.add(
                Firm(
                    id=f"f{number}", name=NAME, credit_code=f"91120101MA05TX9C3{number}",
                    organisation="A05TX9C3R", code_backwards=str(number),
                )
            )  # fmt: skip
        writing.flush()
        for one in (
            case(1, "heping", ago(100)),
            case(2, "heping", ago(99)),
            case(3, "hedong", ago(364)),
            case(4, "hedong", ago(365), "f1"),
            case(5, "heping", None, "f2"),
        ):
            writing.add(one)
        writing.flush()
        writing.add(
            CaseRevision(case_id=1, version=1, account_id=1, made_at=ago(900), facts={"employees": 12}, sources={})
        )
        for number, days in ((1, 1), (2, 89), (5, 90)):
            writing.add(CaseDraft(case_id=number, account_id=1, version=1, made_at=ago(days), fields=[]))
        for done in (
            run(1, "done", ago(101), ago(500)),
            run(2, "done", ago(5), ago(500)),
            run(3, "mapping", None, ago(101)),
            run(4, "running", None, ago(500)),
        ):
            writing.add(done)
        writing.flush()
        writing.add(RunRow(run_id=1, line=2, name=NAME, facts={"employees": 12}))
        for number in (1, 2):
            add_statement(
                writing,
                f"f{number}",
                {"employees": 12},
                Told("declared", date(2025, 1, 1), ago(400), ("hedong", "heping")[number - 1]),
            )
            add_statement(writing, f"f{number}", {"area": "heping"}, Told("imported", date(2025, 1, 1), ago(400)))
        for number, days in ((1, 400), (2, 380)):
            writing.add(
                Screening(id=number, state="done", as_of=date(2025, 1, 1), rulebook_hash="a" * 64, created_at=ago(days))
            )
        for number, centre, days in ((1, "heping", 100), (2, "heping", 99), (3, "hedong", 100)):
            study = ImpactStudy(
                id=number, centre=centre, account_id=1, state="done", as_of=date(2025, 1, 1), rulebook_hash="a" * 64,
                schemes=["six-taxes-two-fees"], figures={}, created_at=ago(days),
            )  # fmt: skip
            writing.add(study)
        writing.flush()
        writing.add(ImpactLine(study_id=1, scheme="six-taxes-two-fees", firm_id="f1", side="gained"))
        writing.add(Entitlement(screening_id=2, scheme="six-taxes-two-fees", firm_id="f1", status="eligible"))
        writing.add(Handover(id="a" * 64, ciphertext=b"x", consent="1", made_at=ago(40), expires_at=ago(0)))
        writing.add(Handover(id="b" * 64, ciphertext=b"x", consent="1", made_at=ago(40), expires_at=ago(-1)))
        writing.add(Draft(id="c" * 64, ciphertext=b"x", expires_at=ago(1)))
    return engine


@pytest.mark.both_databases
def test_each_centre_keeps_as_long_as_it_settled(filled: Engine) -> None:
    """What is due is due to the day: closed cases, ended or abandoned runs, firms without a living case, what expired."""
    found = due(filled, NOW)
    assert found == Due(
        cases=[(1, "heping"), (4, "hedong")],
        runs=[(1, "heping"), (3, "heping")],
        firms=[("f1", "hedong")],
        screenings=[1],
        studies=[(1, "heping")],
        handovers=1,
        drafts=1,
        case_drafts=1,
    )


def test_a_day_before_nothing_is_due(filled: Engine) -> None:
    """On an earlier day less has been kept long enough."""
    assert [number for number, _ in due(filled, ago(2)).cases] == []


@pytest.mark.both_databases
def test_forgetting_takes_the_facts_and_leaves_the_rest(filled: Engine) -> None:
    """Facts, versions, rows and declared statements are gone; cases, runs and what was imported stay."""
    forget(filled, due(filled, NOW), NOW, entry)
    with reading(filled) as opened:
        gone = opened.get_one(Case, 1)
        assert (gone.facts, gone.name, gone.forgotten_at) == ({}, None, NOW)
        assert opened.get_one(Case, 2).facts == {"employees": 12}
        assert opened.exec(select(CaseRevision)).all() == []
        row = opened.get(RunRow, (1, 2))
        assert row is None or (row.facts, row.name) == (None, None)
        assert set(facts_on(opened, "f1", NOW.date(), "hedong")) == {"area"}
        assert set(facts_on(opened, "f2", NOW.date(), "heping")) == {"employees", "area"}
        assert opened.exec(select(Entitlement)).all() == []
        assert opened.exec(select(ImpactLine)).all() == []
        assert [one.id for one in opened.exec(select(ImpactStudy))] == [2, 3]
        assert [one.id for one in opened.exec(select(Handover))] == ["b" * 64]
        assert opened.exec(select(Draft)).all() == []
        assert [one.case_id for one in opened.exec(select(CaseDraft))] == [2]
    assert due(filled, NOW).empty


def test_every_forgetting_is_remembered_without_a_value(filled: Engine) -> None:
    """One entry for each case, run and firm, at its centre; the trail is whole and names nothing of the firm."""
    forget(filled, due(filled, NOW), NOW, entry)
    with reading(filled) as opened:
        told = opened.exec(select(AuditEntry).order_by(col(AuditEntry.number))).all()
        assert verify(opened).whole
    assert [(one.action, one.subject, one.centre) for one in told] == [
        ("case.forgotten", "case 1", "heping"),
        ("case.forgotten", "case 4", "hedong"),
        ("run.forgotten", "run 1", "heping"),
        ("run.forgotten", "run 3", "heping"),
        ("firm.forgotten", "firm f1", "hedong"),
        ("screening.forgotten", "screening 1", None),
        ("impact.forgotten", "impact 1", "heping"),
        ("expired.deleted", "answers", None),
    ]
    assert NAME not in str([one.detail for one in told])


def test_a_firm_with_a_later_statement_is_not_due(filled: Engine) -> None:
    """What a firm declared again counts from then."""
    with session(filled) as writing:
        add_statement(writing, "f1", {"employees": 13}, Told("declared", date(2026, 1, 1), ago(30), "hedong"))
    assert due(filled, NOW).firms == []
