"""Document numbers under concurrent issue: none twice, none skipped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.db.database import session
from matcher.letters.issue import number_next, turn
from matcher.letters.models import IssuedLetter
from matcher.letters.order import Refusal
from matcher.letters.register import last_number, record_decisions, record_letter

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
ISSUES = 200


class PrinterJammed(Exception):
    """What goes wrong while a letter is set."""


def keep(writing: Session, place: int) -> int:
    """Keep a letter of three bytes under this place, with all that the register asks of it."""
    number = f"津和惠函〔2026〕{place}号"
    decided = record_decisions(
        writing, receipt_id="R", created_at=AT, as_of=AT.date(), rulebook_hash="0" * 64, decisions=[], origin="cli"
    )
    record_letter(
        writing,
        decision_record_id=decided.id,
        kind="eligibility",
        language="zh",
        pdf=b"PDF",
        made_at=AT,
        schemes=[],
        number=number,
    )
    writing.add(
        IssuedLetter(
            number=number,
            centre="heping",
            year=2026,
            place=place,
            code=f"{place:012}",
            key_id="0" * 12,
            written_on=date(2026, 11, 24),
            receipt="{}",
            pdf=b"PDF",
        )
    )
    return place


def places(engine: Engine) -> list[int]:
    """The places in the register, in order."""
    with session(engine) as reading:
        return sorted(reading.exec(select(IssuedLetter.place)))


@pytest.mark.parametrize("machines", [1, 2])
def test_two_hundred_issues_at_once(engine: Engine, tmp_path: Path, machines: int) -> None:
    """200 issues at once, on one machine and on two without a common folder: every number once, although some fail."""
    ready = Barrier(20)

    def issue(task: int) -> int | None:
        if task < 20:
            ready.wait()

        def make(place: int) -> int:
            if task % 10 == 7:
                raise PrinterJammed
            return place

        try:
            with turn(tmp_path / str(task % machines), "heping"):
                return number_next(engine, "heping", 2026, make, keep)
        except PrinterJammed:
            return None

    with ThreadPoolExecutor(20) as pool:
        given = [place for place in pool.map(issue, range(ISSUES * 10 // 9 + 1)) if place is not None]
    assert len(given) >= ISSUES
    assert sorted(given) == places(engine) == list(range(1, len(given) + 1))


def test_a_letter_that_cannot_be_kept_gives_its_number_back(engine: Engine) -> None:
    """When keeping fails after the number was taken, the next letter gets that number."""

    def fail(writing: Session, place: int) -> int:
        keep(writing, place)
        raise PrinterJammed

    with pytest.raises(PrinterJammed):
        number_next(engine, "heping", 2026, int, fail)
    assert places(engine) == []
    assert number_next(engine, "heping", 2026, int, keep) == 1


def test_a_letter_is_made_again_when_its_number_is_gone(engine: Engine) -> None:
    """A number that another machine took while the letter was set is not used: the letter is set for the next one."""
    tried: list[int] = []

    def make(place: int) -> int:
        tried.append(place)
        if len(tried) == 1:
            number_next(engine, "heping", 2026, int, keep)
        return place

    assert number_next(engine, "heping", 2026, make, keep) == 2
    assert tried == [1, 2]


def test_centres_and_years_count_for_themselves(engine: Engine) -> None:
    """Each centre begins every year with 1."""

    def nothing(writing: Session, place: int) -> int:
        return place

    series = [("heping", 2026), ("heping", 2026), ("heping", 2027), ("hexi", 2026)]
    assert [number_next(engine, centre, year, int, nothing) for centre, year in series] == [1, 2, 1, 1]
    with session(engine) as reading:
        assert last_number(reading, "heping", 2026) == 2
        assert last_number(reading, "hedong", 2026) == 0


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Where the lock cannot be kept nothing is issued, and the refusal names the folder."""
    (tmp_path / "turns").write_text("a file in the way")
    with pytest.raises(Refusal, match="turns"), turn(tmp_path, "heping"):
        pass
