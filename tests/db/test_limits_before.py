"""The revision that gives statements of firms their centre, and stored answers their size: what was there before it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import URL
from sqlmodel import Session, col, select

from matcher.accounts.models import Account
from matcher.answers.models import Draft, Handover
from matcher.audit.trail import Event, append
from matcher.cases.models import Case
from matcher.db.database import open_engine, reading, session
from matcher.db.migration import migrate, migrate_down
from matcher.firms.models import Firm, FirmStatement
from matcher.firms.register import Told, add_statement
from matcher.web.limits import add_attempt
from matcher.web.models import Attempt

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 24, 4, 0, 0, 123456, tzinfo=UTC)
DAY = date(2026, 11, 24)


def fill(writing: Session) -> None:
    """Firm 1 has cases at two centres, firm 2 at none; statements with and without an entry in the trail."""
    writing.add(
        Account(
            id=1, name="li.na", display_name="李娜", role="clerk", centre="heping",
            password_hash="x", created_at=AT, password_changed_at=AT,
        )
    )  # fmt: skip
    for number in (1, 2):
        code = f"91120101MA05TX9C{number:02}"
        writing.add(Firm(id=f"f{number}", name="甲", credit_code=code, organisation=code, code_backwards=code))
    writing.flush()
    for number, centre, days in ((1, "heping", -9), (2, "hedong", -5), (3, "nankai", 5)):
        writing.add(
            Case(
                id=number, centre=centre, firm_id="f1", origin="search", opened_by=1, facts={}, sources={},
                opened_at=AT + timedelta(days=days), changed_at=AT,
            )
        )  # fmt: skip
    writing.flush()
    append(writing, Event(AT, "li.na", "clerk", "heping", "case.written_back", "case 1", "?", {}))
    for place, (firm, source, at) in enumerate(
        (
            ("f1", "confirmed", AT),  # the trail names Heping
            ("f1", "confirmed", AT + timedelta(hours=1)),  # nothing does: Hedong opened its case last
            ("f1", "declared", AT - timedelta(days=90)),  # before any case: the first that came
            ("f2", "confirmed", AT),  # no case at all
        )
    ):
        add_statement(writing, firm, {"employees": 12 + place}, Told(source, at.date(), at, "hexi"))
    add_statement(writing, "f1", {"employees": 9}, Told("imported", DAY, AT))
    add_attempt(writing, "known_device", "1" * 64, AT, AT, weight=7)
    writing.add(Draft(id="a" * 64, ciphertext=b"12345", size=5, expires_at=AT))
    for name, kept in (("b", b"1234567"), ("c", None)):
        row = Handover(id=name * 64, ciphertext=kept, size=len(kept or b""), consent="1", made_at=AT, expires_at=AT)
        writing.add(row)


def test_what_was_told_gets_the_centre_that_wrote_it(empty_url: URL) -> None:
    """From the trail, else from the firm's cases, else the city's; lists stay everybody's. Sizes are measured."""
    migrate(empty_url)
    engine = open_engine(empty_url)
    with session(engine) as writing:
        fill(writing)
    migrate_down(empty_url, "0009")
    migrate(empty_url)
    with reading(engine) as opened:
        told = [one.centre for one in opened.exec(select(FirmStatement).order_by(col(FirmStatement.id)))]
        sizes = [opened.get_one(Draft, "a" * 64).size]
        sizes += [one.size for one in opened.exec(select(Handover).order_by(Handover.id))]
        assert opened.exec(select(Attempt)).all() == []
    engine.dispose()
    assert told == ["heping", "hedong", "heping", "tianjin", None]
    assert sizes == [5, 7, 0]
