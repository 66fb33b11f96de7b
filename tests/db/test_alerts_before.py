"""The revisions that bring alerts and their limits: what was there before stays as it is, and only what they brought goes."""

from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from sqlalchemy import URL, Engine, MetaData, inspect, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from matcher.accounts.models import Account
from matcher.alerts.models import AlertChange, AlertSubscription
from matcher.answers.models import Draft
from matcher.audit.trail import Event, append
from matcher.db.database import open_engine, session
from matcher.db.faults import ConstraintError
from matcher.db.migration import migrate, migrate_down
from matcher.firms.models import Firm
from matcher.web.limits import add_attempt
from matcher.web.models import Attempt, Purpose

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 24, 4, 0, 0, 123456, tzinfo=UTC)
DAY = date(2027, 1, 1)
BEFORE = "0021"
ALERTS = {"alert_subscription", "alert_change"}
COUNTED = {"alert", "alert_mail"}

Rows = dict[str, list[tuple[Any, ...]]]


def fill(writing: Session, purposes: set[str]) -> None:
    """What a site has at the revision before: an account, a firm, kept answers, an entry of the trail, tries of every purpose."""
    writing.add(
        Account(
            id=1, name="li.na", display_name="李娜", role="clerk", centre="heping",
            password_hash="x", created_at=AT, password_changed_at=AT,
        )
    )  # fmt: skip
    code = "91120101MA05TX9C3R"
    writing.add(Firm(id="f1", name="甲", credit_code=code, organisation=code, code_backwards=code))
    writing.add(Draft(id="a" * 64, ciphertext=b"12345", size=5, expires_at=AT))
    append(writing, Event(AT, "li.na", "clerk", "heping", "account.seen", "account li.na", "?", {}))
    for purpose in sorted(purposes):
        attempt(writing, purpose)


def attempt(writing: Session, purpose: Any) -> None:
    """A try of this purpose, at something, with a weight."""
    add_attempt(writing, purpose, "1" * 64, AT, AT, subject="2" * 64, weight=7)


def rows(engine: Engine) -> Rows:
    """Every row of every table as it stands there, the revision's own number aside."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted(tuple(row) for row in connection.execute(select(table)))
            for name, table in found.tables.items()
            if name != "alembic_version"
        }


def shape(engine: Engine) -> dict[str, Any]:
    """Columns, indexes, keys and checks of every table, by their names."""
    found = inspect(engine)
    return {
        table: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(table)],
            sorted(str(one["name"]) for one in found.get_indexes(table)),
            sorted(str(one["name"]) for one in found.get_foreign_keys(table)),
            sorted((str(one["name"]), one["sqltext"]) for one in found.get_check_constraints(table)),
        )
        for table in found.get_table_names()
    }


def subscription(address: str, token: str = "t1") -> AlertSubscription:
    """One that asked for one scheme."""
    return AlertSubscription(
        address=address, language="zh", schemes=["six-taxes-two-fees"], token=token, last_change=1, confirmed_at=AT
    )


def test_alerts_come_and_go_and_nothing_else_does(empty_url: URL) -> None:
    """Up from a filled register, in use, down, and up again: every other row and constraint is as before, and alerts are forgotten."""
    migrate(empty_url)
    engine = open_engine(empty_url)
    with session(engine) as writing:
        fill(writing, set(get_args(Purpose)) - COUNTED)
    migrate_down(empty_url, BEFORE)
    before, shape_before = rows(engine), shape(engine)
    assert not ALERTS & before.keys()
    assert len(before["attempt"]) == len(get_args(Purpose)) - len(COUNTED)
    assert [len(before[table]) for table in ("account", "firm", "draft", "audit_entry")] == [1, 1, 1, 1]
    for _ in range(2):
        migrate(empty_url)
        assert rows(engine) == before | {table: [] for table in ALERTS}
        with session(engine) as writing:
            writing.add(subscription("a@example.com"))
            writing.add(AlertChange(scheme="six-taxes-two-fees", day=DAY, kind="ends", noted_at=AT))
            for purpose in COUNTED:
                attempt(writing, purpose)
        for again in (
            subscription("a@example.com", "t2"),
            subscription("b@example.com"),
            AlertChange(scheme="six-taxes-two-fees", day=DAY, kind="ends", noted_at=AT),
        ):
            with pytest.raises(ConstraintError), session(engine) as writing:
                writing.add(again)
        with session(engine) as reading:
            (kept,) = reading.exec(select_rows(AlertSubscription)).all()
            (change,) = reading.exec(select_rows(AlertChange)).all()
        assert (kept.schemes, kept.confirmed_at, kept.refused) == (["six-taxes-two-fees"], AT, 0)
        assert (change.day, change.noted_at) == (DAY, AT)
        migrate_down(empty_url, BEFORE)
        assert (rows(engine), shape(engine)) == (before, shape_before)
    engine.dispose()


def test_only_from_the_second_revision_on_alerts_are_counted(empty_url: URL) -> None:
    """Before it the database refuses such a try; down again it forgets those alone, and subscriptions stay."""
    migrate(empty_url)
    engine = open_engine(empty_url)
    with session(engine) as writing:
        fill(writing, set(get_args(Purpose)))
        writing.add(subscription("a@example.com"))
    migrate_down(empty_url, "0022")
    with session(engine) as reading:
        left = {one.purpose for one in reading.exec(select_rows(Attempt).order_by(col(Attempt.id)))}
        assert [one.address for one in reading.exec(select_rows(AlertSubscription))] == ["a@example.com"]
    assert left == set(get_args(Purpose)) - COUNTED
    for purpose in sorted(COUNTED):
        with pytest.raises(ConstraintError), session(engine) as writing:
            attempt(writing, purpose)
    migrate(empty_url)
    with session(engine) as writing:
        for purpose in sorted(COUNTED):
            attempt(writing, purpose)
    with pytest.raises(ConstraintError), session(engine) as writing:
        attempt(writing, "something")
    engine.dispose()
