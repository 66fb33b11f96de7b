"""Cases that were kept before there were tallies are counted after the migration as they were before."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import URL, inspect
from sqlmodel import select

from matcher.accounts.models import Account
from matcher.audit.trail import Event, append
from matcher.cases.figures import Waits, figures
from matcher.cases.models import Case, CaseLetter, CaseTally
from matcher.db.database import open_engine, reading, session
from matcher.db.migration import migrate, migrate_down

pytestmark = pytest.mark.both_databases

OPENED = datetime(2026, 11, 3, 1, tzinfo=UTC)
DAY = date(2026, 11, 24)


def fill(url: URL, cases: int) -> None:
    """So many cases as the revision before had them: the second decided twice and lettered twice, the others with nothing."""
    engine = open_engine(url)
    with session(engine) as writing:
        account = Account(
            id=1, name="li.na", display_name="李娜", role="clerk", centre="heping",
            password_hash="x", created_at=OPENED, password_changed_at=OPENED,
        )  # fmt: skip
        writing.add(account)
        writing.flush()
        for number in range(1, cases + 1):
            found = {"counts": {}, "schemes": ["a", "b"], "firm_fen": 7, "deferred_fen": 1, "others_fen": 10**20}
            writing.add(
                Case(
                    id=number, centre="heping", origin="blank", opened_by=1, opened_at=OPENED, changed_at=OPENED,
                    facts={}, sources={}, found=found if number == 2 else None,
                )
            )  # fmt: skip
        writing.flush()
        for state, days in (("waiting", 1), ("decided", 2), ("decided", 5)):
            at, detail = OPENED + timedelta(days=days), {"settings": ["state"], "state": state}
            append(writing, Event(at, "li.na", "clerk", "heping", "case.settled", "case 2", "?", detail))
        for state, days in (("refused", 1), ("issued", 6), ("issued", 3)):
            writing.add(
                CaseLetter(
                    case_id=2, case_version=1, state=state, kind="eligibility", language="zh", as_of=DAY, schemes=[],
                    facts={}, valid_days=90, asked_by=1, asked_at=OPENED, settled_at=OPENED + timedelta(days=days),
                )
            )  # fmt: skip
    engine.dispose()


def test_what_was_kept_before_is_counted(empty_url: URL) -> None:
    """Every case, however many; sums, schemes, the first decision and the first letter. Down and up again it is the same."""
    migrate(empty_url)
    cases = 600
    fill(empty_url, cases)
    migrate_down(empty_url, "0008")
    engine = open_engine(empty_url)
    for _ in range(2):
        migrate(empty_url)
        with reading(engine) as opened:
            found = figures(opened, "heping", DAY, 1)
        assert (found.months[0].cases, found.schemes) == (cases, {"a": 1, "b": 1})
        assert found.months[0].sums == {"firm_fen": 7, "deferred_fen": 1, "others_fen": 2**63 - 1}
        assert (found.decided, found.lettered) == (Waits(1, 2.0), Waits(1, 3.0))
        migrate_down(empty_url, "0008")
    assert "case_tally" not in inspect(engine).get_table_names()
    engine.dispose()


def test_forgetting_a_case_whole_takes_its_tally(url: URL) -> None:
    """A case that is deleted leaves no row behind."""
    fill(url, 2)
    engine = open_engine(url)
    with session(engine) as writing:
        case = writing.get_one(Case, 1)
        writing.add(CaseTally(case_id=1, centre=case.centre, opened_at=case.opened_at))
        writing.flush()
        writing.delete(case)
    with reading(engine) as opened:
        assert opened.exec(select(CaseTally)).all() == []
    engine.dispose()
