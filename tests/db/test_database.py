"""Engines and sessions: whole transactions, SQLite's settings, and errors that give nothing away."""

import logging
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, delete, text
from sqlmodel import select

from matcher.db.database import open_engine, reading, session
from matcher.db.faults import StoreError
from matcher.db.migration import migrate
from matcher.letters.models import DecisionRecord
from matcher.letters.register import record_decisions

pytestmark = pytest.mark.both_databases


def test_a_failure_rolls_back_its_own_work_and_no_other(engine: Engine, answer: dict[str, Any]) -> None:
    """When a session raises, all of its rows are gone and what was committed before and after it stays."""

    def record(*receipts: str, then: Exception | None = None) -> None:
        with session(engine) as writing:
            for receipt in receipts:
                record_decisions(writing, **answer | {"receipt_id": receipt})
            if then:
                raise then

    record("before")
    with pytest.raises(RuntimeError, match="the printer"):
        record("lost-1", "lost-2", then=RuntimeError("the printer is on fire"))
    record("after")
    with session(engine) as reading:
        kept = {row.receipt_id for row in reading.exec(select(DecisionRecord))}
    assert kept == {"before", "after"}


def test_a_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else on the machine reads what firms told, in the file nor in what stands beside it while it is open."""
    address = f"sqlite:///{tmp_path}/new/matcher.db"
    migrate(address)
    opened = open_engine(address)
    with session(opened) as writing:
        writing.exec(select(DecisionRecord))
        files = list((tmp_path / "new").glob("matcher.db*"))
        assert len(files) > 1
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    opened.dispose()


def test_records_are_readable_after_their_session(engine: Engine, answer: dict[str, Any]) -> None:
    """A record keeps its values when its session has ended, so a page may show it."""
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
    assert record.decisions == answer["decisions"]


def test_writers_at_the_same_time_all_succeed(engine: Engine, answer: dict[str, Any]) -> None:
    """Eight threads that read and then write in one session each queue up; none is refused, no row is lost."""
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with session(engine) as writing:
                writing.exec(select(DecisionRecord)).all()
                record_decisions(writing, **answer | {"receipt_id": f"R{number}"})
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with session(engine) as reading:
        kept = {record.receipt_id for record in reading.exec(select(DecisionRecord))}
    assert failures == []
    assert kept == {f"R{number}" for number in range(8)}


def test_a_reader_does_not_wait_for_a_writer(engine: Engine, answer: dict[str, Any]) -> None:
    """While a session writes, another reads what was there before it; the writer does not wait for the reader."""
    with session(engine) as writing:
        record_decisions(writing, **answer | {"receipt_id": "before"})
    with session(engine) as writing:
        record_decisions(writing, **answer | {"receipt_id": "during"})
        with reading(engine) as opened:
            assert [record.receipt_id for record in opened.exec(select(DecisionRecord))] == ["before"]
    with reading(engine) as opened:
        opened.exec(select(DecisionRecord)).all()
        with session(engine) as writing:
            record_decisions(writing, **answer | {"receipt_id": "after"})
    with reading(engine) as opened:
        kept = [record.receipt_id for record in opened.exec(select(DecisionRecord))]
    assert sorted(kept) == ["after", "before", "during"]


def test_a_reader_is_refused_to_write(engine: Engine, answer: dict[str, Any]) -> None:
    """What it would write is refused; the connection then serves a writer as before."""
    with pytest.raises(StoreError), reading(engine) as opened:
        opened.execute(delete(DecisionRecord))
    with session(engine) as writing:
        record_decisions(writing, **answer | {"receipt_id": "kept"})
    with reading(engine) as opened:
        record = opened.exec(select(DecisionRecord)).one()
    assert record.receipt_id == "kept"


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path) -> None:
    """A migrated SQLite file is in WAL mode; each connection checks foreign keys and waits for another writer."""
    address = f"sqlite:///{tmp_path / 'folder' / 'made' / 'matcher.db'}"
    migrate(address)
    engine = open_engine(address)
    with engine.connect() as connection:
        settings = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15000}


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Where a file stands in the way of the folder, the refusal names the folder and what to change."""
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match=r"taken.*DATABASE_URL"):
        open_engine(f"sqlite:///{tmp_path / 'taken' / 'matcher.db'}")


def test_a_server_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An unreachable server is named in the error; its password is in no message, no representation and no log."""
    caplog.set_level(logging.DEBUG)
    url = f"postgresql://clerk@/matcher?host={tmp_path}&password=geheim"
    engine = open_engine(url)
    with pytest.raises(StoreError) as refusal, session(engine) as reading:
        reading.exec(select(DecisionRecord)).all()
    with pytest.raises(StoreError) as second:
        migrate(url)
    engine.dispose()
    assert "clerk:***@/matcher" in refusal.value.en
    assert "DATABASE_URL" in refusal.value.zh
    assert "geheim" not in str(refusal.value) + str(second.value) + repr(engine) + caplog.text


def test_a_database_without_tables_says_what_is_amiss(empty_url: URL) -> None:
    """Reading before migrating names the missing table and tells to bring the schema up to date."""
    engine = open_engine(empty_url)
    with pytest.raises(StoreError, match=r"decision_record.*schema is up to date"), session(engine) as reading:
        reading.exec(select(DecisionRecord)).all()
    engine.dispose()


def test_facts_of_a_firm_stay_out_of_errors(engine: Engine, answer: dict[str, Any]) -> None:
    """A value that is too long or a row that is refused is reported without the values of the row."""
    row = DecisionRecord(id="喆堃镕", **answer | {"origin": "喆堃镕", "receipt_id": "喆堃镕" * 40})
    with pytest.raises(StoreError) as refusal, session(engine) as writing:
        writing.add(row)
    assert "喆堃镕" not in str(refusal.value)
    assert "喆堃镕" not in str(refusal.value.zh)
