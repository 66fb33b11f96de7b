"""Migrations: up, down, twice at once, with data, and in step with the models."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Engine, inspect, text
from sqlmodel import Session, select

from matcher.accounts.models import Account
from matcher.answers.models import Draft
from matcher.audit.trail import Event, append
from matcher.batches.models import Run, RunRow
from matcher.cases.models import Case, CaseDraft, CaseNote
from matcher.db import migration
from matcher.db.columns import Register
from matcher.db.database import open_engine, session
from matcher.db.faults import StoreError
from matcher.db.migration import migrate, migrate_down
from matcher.firms.models import Firm
from matcher.letters.models import DecisionRecord, LetterRecord, NumberSeries
from matcher.letters.register import record_decisions, record_letter
from matcher.places import migrations_dir

pytestmark = pytest.mark.both_databases

# What a later issue will do: change a CHECK and add a column on a table that letters refer to.
LATER = """
import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0023"
ORIGIN = op.f("ck_decision_record_origin")


def origins(allowed):
    with op.batch_alter_table("decision_record") as table:
        table.drop_constraint(ORIGIN, type_="check")
        table.create_check_constraint(ORIGIN, f"origin IN ({allowed})")


def upgrade():
    origins("'cli', 'web', 'desk', 'api'")
    with op.batch_alter_table("letter_record") as table:
        table.add_column(sa.Column("centre", sa.String(16), nullable=True))
    # upgrade ends here


def downgrade():
    with op.batch_alter_table("letter_record") as table:
        table.drop_column("centre")
    origins("'cli', 'web', 'desk'")
"""

CHILD = """
import sys
from matcher.db import migrate
for address in sys.argv[1:]:
    print("ready", flush=True)
    sys.stdin.readline()
    migrate(address)
"""


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Adds one more revision to a copy of the migrations, and lets the store take that copy."""
    folder = tmp_path / "100% later" / "migrations"
    shutil.copytree(migrations_dir(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migration, "migrations_dir", lambda: folder)

    def add(source: str) -> None:
        (folder / "versions" / "0099_later.py").write_text(source)

    return add


@pytest.fixture
def filled(engine: Engine, answer: dict[str, Any], letter: dict[str, Any]) -> dict[str, Any]:
    """A register with one decision and one letter; gives the rows as they were read."""
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
        record_letter(writing, decision_record_id=record.id, **letter)
    return rows(engine)


def rows(engine: Engine) -> dict[str, Any]:
    """Every row of both tables, as the models read them."""
    with session(engine) as reading:
        return {
            "decisions": [row.model_dump() for row in reading.exec(select(DecisionRecord))],
            "letters": [row.model_dump() for row in reading.exec(select(LetterRecord))],
        }


def checks(engine: Engine) -> dict[str, set[tuple[str | None, str]]]:
    """Every CHECK of our tables by table: its name and its text as the database keeps it."""
    found = inspect(engine)
    return {
        table: {(check["name"], check["sqltext"]) for check in found.get_check_constraints(table)}
        for table in Register.metadata.tables
    }


def start(command: list[str], folder: Path) -> subprocess.Popen[str]:
    """A process that we can talk to line by line; leaving its context waits for its end."""
    return subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


MODELS = sorted(path.parent.name for path in (Path(__file__).parents[2] / "matcher").glob("*/models.py"))


@pytest.mark.parametrize("package", MODELS)
def test_the_tables_that_ours_refer_to_come_with_them(package: str) -> None:
    """Whoever writes to a table in a process of its own needs not know which others its keys refer to."""
    program = (
        f"import matcher.{package}.models\nfrom matcher.db.columns import Register\n"
        "print(*(key.column for table in Register.metadata.sorted_tables for key in table.foreign_keys))"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


def test_the_migrated_schema_is_what_the_models_say(engine: Engine) -> None:
    """Alembic finds nothing to add, drop or change: types, nullability, keys, indexes and defaults agree."""
    for package in MODELS:
        import_module(f"matcher.{package}.models")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "target_metadata": Register.metadata},
        )
        assert compare_metadata(context, Register.metadata) == []


def test_the_migrated_checks_are_what_the_models_say(new_url: Callable[[], URL], engine: Engine) -> None:
    """CHECK constraints, which Alembic does not compare, agree with tables made from the models, by name and text."""
    from_models = open_engine(new_url())
    Register.metadata.create_all(from_models)
    try:
        assert checks(engine) == checks(from_models)
        assert {name for name, _ in checks(engine)["letter_record"]} == {
            "ck_letter_record_kind",
            "ck_letter_record_language",
            "ck_letter_record_sha256",
        }
    finally:
        from_models.dispose()


def test_down_takes_everything_away_and_up_brings_it_back(url: URL, engine: Engine, filled: dict[str, Any]) -> None:
    """Back to base no table of ours is left; up again the register is empty and works."""
    migrate_down(url, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(url)
    assert rows(engine) == {"decisions": [], "letters": []}


def test_the_first_schema_with_its_rows_goes_all_the_way_up_and_down(
    empty_url: URL, answer: dict[str, Any], letter: dict[str, Any]
) -> None:
    """What the very first version kept is read by the newest, which adds to every room; back at the first it is the same."""
    migrate(empty_url, "0001")
    engine = open_engine(empty_url)
    try:
        with session(engine) as writing:  # the models of the two first tables have kept their columns
            record = record_decisions(writing, **answer)
            record_letter(writing, decision_record_id=record.id, **letter)
        before, tables = rows(engine), set(inspect(engine).get_table_names())
        migrate(empty_url)
        assert rows(engine) == before
        with session(engine) as writing:
            _use_every_room(writing, answer["created_at"])
        migrate_down(empty_url, "0001")
        assert (rows(engine), set(inspect(engine).get_table_names())) == (before, tables)
    finally:
        engine.dispose()


def _use_every_room(writing: Session, at: datetime) -> None:
    """A row for each of the later revisions that another row refers to."""
    digest = "ab" * 32
    account = Account(
        name="li.na",
        display_name="李娜",
        role="clerk",
        centre="heping",
        password_hash="-",
        created_at=at,
        password_changed_at=at,
    )
    firm = Firm(id="f1", name="天津甲公司", credit_code="c1", organisation="o1", code_backwards="1c")
    writing.add_all([account, firm, Draft(id=digest, ciphertext=b"-", expires_at=at)])
    writing.flush()
    case = Case(
        centre="heping",
        firm_id="f1",
        origin="blank",
        opened_by=account.id,
        opened_at=at,
        changed_at=at,
        facts={},
        sources={},
    )
    run = Run(
        centre="heping",
        account_id=account.id,
        state="done",
        filename="a.xlsx",
        language="zh",
        as_of=at.date(),
        letters="none",
        created_at=at,
    )
    writing.add_all([case, run, NumberSeries(centre="heping", year=2026, last=1)])
    append(writing, Event(at, "li.na", "clerk", "heping", "case.opened", "case 1", "127.0.0.1"))
    writing.flush()
    writing.add_all(
        [
            CaseNote(case_id=case.id, account_id=account.id, made_at=at, text="-"),
            CaseDraft(case_id=case.id, account_id=account.id, version=1, made_at=at, fields=[]),
            RunRow(run_id=run.id, line=2),
        ]
    )


def test_migrating_again_changes_nothing(url: URL, engine: Engine, filled: dict[str, Any]) -> None:
    """Every start migrates; at the newest revision that leaves rows as they are."""
    migrate(url)
    assert rows(engine) == filled


def test_a_later_revision_keeps_the_rows_up_and_down(
    url: URL, engine: Engine, filled: dict[str, Any], later: Callable[[str], None]
) -> None:
    """A revision that rebuilds a table which letters refer to keeps every row and every other CHECK, up and down."""
    before = checks(engine)
    later(LATER)
    migrate(url)
    assert rows(engine) == filled
    assert [column["name"] for column in inspect(engine).get_columns("letter_record")][-1] == "centre"
    assert {name for name, _ in checks(engine)["decision_record"]} == {name for name, _ in before["decision_record"]}
    assert "api" in str(checks(engine)["decision_record"])
    migrate_down(url, "0023")
    assert rows(engine) == filled
    assert checks(engine) == before


def test_a_revision_that_fails_half_way_leaves_nothing_behind(
    url: URL, engine: Engine, filled: dict[str, Any], later: Callable[[str], None]
) -> None:
    """When a migration breaks after its first changes, schema, rows and revision are as before, on SQLite too."""
    before = checks(engine)
    later(LATER.replace("# upgrade ends here", 'op.execute("SELECT * FROM no_such_table")'))
    with pytest.raises(StoreError, match="no_such_table"):
        migrate(url)
    assert (rows(engine), checks(engine)) == (filled, before)
    assert "centre" not in [column["name"] for column in inspect(engine).get_columns("letter_record")]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0023"


def test_a_revision_that_orphans_a_letter_is_undone(
    url: URL, engine: Engine, filled: dict[str, Any], later: Callable[[str], None]
) -> None:
    """A migration that takes away a record which a letter needs is refused, and the record is still there."""
    later(LATER.replace("# upgrade ends here", 'op.execute("DELETE FROM decision_record")'))
    with pytest.raises(StoreError):
        migrate(url)
    assert rows(engine) == filled


def test_a_database_of_a_newer_version_is_refused(url: URL, engine: Engine) -> None:
    """A revision that this version does not know is named, with what to install; nothing is touched."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"9999.*Install the version that wrote it"):
        migrate(url)


def test_processes_that_migrate_at_once_all_succeed(
    new_url: Callable[[], URL], answer: dict[str, Any], repo_root: Path
) -> None:
    """Four processes started on the same empty database at the same moment all end well, several databases over."""
    urls = [new_url() for _ in range(5)]
    addresses = [url.render_as_string(hide_password=False) for url in urls]
    command = [sys.executable, "-W", "error", "-c", CHILD, *addresses]
    with ExitStack() as running:
        children = [running.enter_context(start(command, repo_root)) for _ in range(4)]
        for _ in addresses:
            for child in children:
                assert child.stdout is not None
                child.stdout.readline()
            for child in children:
                assert child.stdin is not None
                child.stdin.write("go\n")
                child.stdin.flush()
    assert [child.returncode for child in children] == [0, 0, 0, 0]
    for url in urls:
        engine = open_engine(url)
        with session(engine) as writing:
            record_decisions(writing, **answer)
        engine.dispose()
