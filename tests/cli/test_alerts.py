"""`matcher alerts`: sending what changed, and deleting an address for somebody who calls."""

from datetime import UTC, datetime

import pytest

from matcher.alerts.service import subscribe
from matcher.db.database import open_engine, session
from matcher.db.migration import migrate
from tests.fixtures.command_line import Run
from tests.fixtures.mail import Mailbox


def test_alerts_are_sent_and_stopped(
    run: Run, database: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that the feed gives goes to one who was told nothing yet; a missing setting and an unknown address are said."""
    monkeypatch.setenv("DATABASE_URL", database)
    migrate(database)
    engine = open_engine(database)
    with session(engine) as writing:
        subscribe(writing, "owner@example.com", "en", None, 0, datetime(2026, 1, 1, tzinfo=UTC))
    engine.dispose()
    done = run("alerts", "send", "--lang", "en")
    assert (done.exit_code, "MATCHER_PUBLIC_URL" in done.stderr) == (2, True)
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://hq.example.gov.cn")
    done = run("alerts", "send", "--lang", "en")
    assert (done.exit_code, done.stdout) == (
        0,
        "sent: 1, not sent: 0 (tried again next time), dead addresses deleted: 0\n",
    )
    assert "https://hq.example.gov.cn/scheme/" in mailbox.messages[0].get_content()
    assert [run("alerts", "stop", "Owner@example.com").exit_code for _ in range(2)] == [0, 1]
    done = run("alerts", "stop", "owner")
    assert (done.exit_code, "name@example.com" in done.stderr) == (2, True)
