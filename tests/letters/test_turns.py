"""Document numbers under concurrent issue: none twice, no gap without a reason, and none from a clock that went back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.db.database import reading, session
from matcher.letters.issue import turn
from matcher.letters.models import NumberSeries
from matcher.letters.numbers import LOST_AFTER, give_back, last_number, moment_for, reserve, use, void_lost, voided
from matcher.letters.order import Refusal

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY = AT.date()
ISSUES = 200


def open_places(engine: Engine) -> dict[int, str]:
    """The places without a letter: what became of each."""
    with session(engine) as register:
        return {one.place: one.state for one in voided(register, "heping")}


def test_two_hundred_issues_at_once(engine: Engine) -> None:
    """200 reservations at once, of which every tenth fails: every number once; what has no letter is free again or void."""
    ready = Barrier(20)

    def issue(task: int) -> int | None:
        if task < 20:
            ready.wait()
        place = reserve(engine, "heping", DAY, AT)
        if task % 10 == 7:
            give_back(engine, "heping", 2026, place, "jammed", AT)
            return None
        with session(engine) as writing:
            use(writing, "heping", 2026, place)
        return place

    with ThreadPoolExecutor(20) as pool:
        used = [place for place in pool.map(issue, range(ISSUES)) if place is not None]
    left = open_places(engine)
    assert len(used) == len(set(used))
    assert sorted([*used, *left]) == list(range(1, max([*used, *left]) + 1))
    assert set(left.values()) <= {"void"}


def test_a_letter_that_cannot_be_kept_gives_its_number_back(engine: Engine) -> None:
    """The last number is given again; one with a later number behind it is void, with the reason."""
    assert [reserve(engine, "heping", DAY, AT) for _ in range(2)] == [1, 2]
    give_back(engine, "heping", 2026, 1, "no paper", AT)
    give_back(engine, "heping", 2026, 2, "no ink", AT)
    assert reserve(engine, "heping", DAY, AT) == 2
    with reading(engine) as register:
        assert [(one.place, one.state, one.reason) for one in voided(register)] == [
            (1, "void", "no paper"),
            (2, "reserved", None),
        ]


def test_a_number_whose_maker_died_is_voided(engine: Engine) -> None:
    """What was reserved long ago is void at the next reservation, and a letter that comes too late is not kept."""
    lost = reserve(engine, "heping", DAY, AT)
    later = AT + LOST_AFTER + timedelta(seconds=1)
    assert reserve(engine, "heping", DAY, later) == lost + 1
    assert open_places(engine) == {1: "void", 2: "reserved"}
    with pytest.raises(Refusal, match="took too long"), session(engine) as writing:
        use(writing, "heping", 2026, lost)
    void_lost(engine, later + LOST_AFTER * 2)
    assert open_places(engine) == {1: "void", 2: "void"}


def test_a_failed_transaction_leaves_the_number_reserved(engine: Engine) -> None:
    """Where what is written beside the letter fails, the number is still there to be given back."""

    def keep() -> None:
        with session(engine) as writing:
            use(writing, "heping", 2026, place)
            raise RuntimeError

    place = reserve(engine, "heping", DAY, AT)
    with pytest.raises(RuntimeError):
        keep()
    assert open_places(engine) == {1: "reserved"}


def test_centres_and_years_count_for_themselves(engine: Engine) -> None:
    """Each centre begins every year with 1."""
    asked = [("heping", DAY), ("heping", DAY), ("heping", date(2027, 1, 4)), ("hexi", DAY)]
    assert [reserve(engine, centre, on, AT) for centre, on in asked] == [1, 2, 1, 1]
    with session(engine) as register:
        assert last_number(register, "heping", 2026) == 2
        assert last_number(register, "hedong", 2026) == 0


def test_the_clock_may_not_go_back(engine: Engine) -> None:
    """A day before the last letter's is refused, in this year's series and in the last year's, and takes no number."""
    reserve(engine, "heping", DAY, AT)
    for on in (DAY - timedelta(days=1), date(2025, 12, 31)):
        with pytest.raises(Refusal, match="Set the clock"):
            reserve(engine, "heping", on, AT)
        with pytest.raises(Refusal, match="Set the clock"):
            moment_for(engine, "heping", date(2020, 1, 1), AT - timedelta(days=(DAY - on).days))
    with session(engine) as register:
        assert [(one.year, one.last) for one in register.exec(select(NumberSeries))] == [(2026, 1)]


def test_the_clock_may_not_stand_before_the_key(engine: Engine) -> None:
    """A key signs nothing dated before its first day: no verifier would believe it."""
    with pytest.raises(Refusal, match="key's first day"):
        moment_for(engine, "heping", DAY + timedelta(days=1), AT)
    assert moment_for(engine, "heping", DAY, AT) == AT


def test_two_clocks_may_differ_around_midnight(engine: Engine) -> None:
    """A worker whose clock stands a minute before midnight dates its letter as the last one, which is a few minutes ahead."""
    midnight = datetime(2026, 11, 24, 16, tzinfo=UTC)
    reserve(engine, "heping", date(2026, 11, 25), midnight + timedelta(minutes=1))
    assert moment_for(engine, "heping", DAY, midnight - timedelta(minutes=1)) == midnight
    with pytest.raises(Refusal, match="Set the clock"):
        moment_for(engine, "heping", DAY, midnight - timedelta(hours=1))


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Where the lock cannot be kept nothing is issued, and the refusal names the folder."""
    (tmp_path / "turns").write_text("a file in the way")
    with pytest.raises(Refusal, match="turns"), turn(tmp_path, "heping"):
        pass


def test_a_reservation_says_nothing_of_a_letter(engine: Engine) -> None:
    """Reading the numbers in use writes nothing."""
    with reading(engine) as register:
        assert voided(register) == []
        assert isinstance(register, Session)
