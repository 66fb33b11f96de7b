"""`matcher accounts`: the first administrator, and the ways back in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from matcher.accounts import passwords
from matcher.accounts.models import Account
from matcher.audit.models import AuditEntry
from matcher.db.database import open_engine, session
from matcher.db.migration import migrate
from matcher.web.limits import account_subject, add_attempt, tried
from tests.fixtures.command_line import Run

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = ("accounts", "new", "--role", "administrator", "--centre", "tianjin", "wang.fang")


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of this test's own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/matcher.db")


def accounts() -> dict[str, Account]:
    """The accounts by name."""
    migrate()
    engine = open_engine()
    with session(engine) as register:
        found = {account.name: account for account in register.exec(select(Account))}
    engine.dispose()
    return found


def trail() -> list[tuple[str, str, str]]:
    """Who did what to what."""
    engine = open_engine()
    with session(engine) as register:
        entries = register.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
        found = [(entry.actor, entry.action, entry.subject) for entry in entries]
    engine.dispose()
    return found


def password(output: str) -> str:
    """The password at the end of what was printed."""
    return output.strip().rpartition(" ")[2]


def test_the_first_administrator(run: Run) -> None:
    """In an empty place: the database is made, the password printed once and holds; it must be changed."""
    result = run(*FIRST, "--display-name", "王芳")
    assert result.exit_code == 0
    made = accounts()["wang.fang"]
    assert passwords.holds(made.password_hash, password(result.output))
    assert (made.role, made.centre, made.display_name, made.must_change) == (
        "administrator",
        "tianjin",
        "王芳",
        True,
    )
    [(actor, action, subject)] = trail()
    assert (action, subject) == ("account.added", "account wang.fang")
    assert actor.startswith("cli:")


def test_a_password_of_ones_own(run: Run) -> None:
    """Asked for twice, printed nowhere; a bad one is refused with its reason."""
    told = "Nine lamps by the river 9"
    result = run(*FIRST, "--prompt", stdin=f"{told}\n{told}\n")
    assert result.exit_code == 0
    assert told not in result.output
    made = accounts()["wang.fang"]
    assert passwords.holds(made.password_hash, told)
    assert not made.must_change
    bad = run(*FIRST[:-1], "zhao", "--prompt", stdin="password1234\npassword1234\n")
    assert bad.exit_code == 2
    assert "常见" in bad.stderr


@pytest.mark.parametrize(
    "words",
    [
        (*FIRST[:-1], "王芳"),
        (*FIRST[:4], "--centre", "nowhere", "wang"),
        ("accounts", "unlock", "nobody"),
        ("accounts", "reset", "nobody"),
        ("accounts", "deactivate", "nobody"),
    ],
)
def test_what_cannot_be_is_refused_in_words(run: Run, words: tuple[str, ...]) -> None:
    """Exit status 2, a sentence in both languages, and nothing changes."""
    result = run(*words)
    assert result.exit_code == 2
    assert " / " in result.stderr
    assert accounts() == {}


def test_a_name_is_given_once(run: Run) -> None:
    """The second time says that it is taken."""
    run(*FIRST)
    assert "taken" in run(*FIRST).stderr


def test_the_last_administrator_stays(run: Run) -> None:
    """Nobody could make another."""
    run(*FIRST)
    result = run("accounts", "deactivate", "wang.fang")
    assert result.exit_code == 2
    assert accounts()["wang.fang"].is_active


def test_the_ways_back_in(run: Run) -> None:
    """Unlock, reset, deactivate; the list says how each stands, the trail who did it."""
    run(*FIRST)
    run("accounts", "new", "--role", "clerk", "--centre", "heping", "li.na")
    lock("li.na")
    assert wrong("li.na") == 5
    run("accounts", "unlock", "LI.NA")
    assert wrong("li.na") == 0
    told = password(run("accounts", "reset", "li.na").output)
    assert passwords.holds(accounts()["li.na"].password_hash, told)
    assert accounts()["li.na"].totp_secret is None
    run("accounts", "deactivate", "li.na")
    assert "li.na\tclerk\theping\tdeactivated" in run("accounts", "list").output
    verbs = ["added", "added", "unlocked", "password_reset", "factor_reset", "deactivated"]
    assert [action for _, action, _ in trail()] == [f"account.{verb}" for verb in verbs]


def lock(name: str) -> None:
    """Wrong passwords were tried for the account; it has a second step too."""
    engine = open_engine()
    with session(engine) as register:
        account = register.exec(select(Account).where(Account.name == name)).one()
        account.totp_secret = "sealed"
        for _ in range(5):
            now = datetime.now(UTC)
            add_attempt(register, "sign_in", "1" * 64, now, LONG_AGO, subject=account_subject(account.id or 0))
    engine.dispose()


def wrong(name: str) -> int:
    """How many wrong passwords are counted for the account."""
    subject = account_subject(accounts()[name].id or 0)
    engine = open_engine()
    with session(engine) as register:
        found = tried(register, [subject], LONG_AGO)
    engine.dispose()
    return found.get(subject, 0)
