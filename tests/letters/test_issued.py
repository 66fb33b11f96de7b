"""Issued letters in the register: found, listed and withdrawn, and what the database itself refuses of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import URL, Engine, text

from matcher.db.database import session
from matcher.db.faults import ConstraintError, EntryError
from matcher.db.migration import migrate, migrate_down
from matcher.letters.models import IssuedLetter
from matcher.letters.register import (
    find_issued,
    kept_file,
    kept_receipt,
    last_signed,
    list_issued,
    record_decisions,
    record_letter,
    revoke_letter,
    supersede_letter,
)

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
LAST_DAY = date(2026, 5, 31)
Put = Callable[..., str]


@pytest.fixture
def put(engine: Engine, answer: dict[str, Any], letter: dict[str, Any]) -> Put:
    """Put a letter into the register; gives its number."""

    def write(nth: int, centre: str = "heping", **changes: Any) -> str:
        number = f"{centre}〔2026〕{nth}号"
        told = {
            "number": number,
            "centre": centre,
            "year": 2026,
            "place": nth,
            "code": f"{centre:*<9}{nth:03}",
            "key_id": "0" * 12,
            "written_on": date(2026, 3, 2),
            "valid_until": LAST_DAY,
            "receipt": '{"name":"喆堃镕"}',
            "pdf": b"%PDF \x00\xff",
        }
        with session(engine) as writing:
            record = record_decisions(writing, **answer)
            record_letter(writing, decision_record_id=record.id, **letter | {"number": number, "language": "both"})
            writing.add(IssuedLetter(**told | changes))
        return number

    return write


def test_a_letter_comes_back_as_it_went_out(engine: Engine, put: Put) -> None:
    """File and receipt are the same bytes; number and code find the entry, anything else finds none."""
    number = put(1)
    with session(engine) as reading:
        entry = find_issued(reading, number)
        assert entry is not None
        assert find_issued(reading, entry.code) == entry
        assert find_issued(reading, "heping〔2026〕2号") is None
        assert (kept_file(reading, number), kept_receipt(reading, number)) == (b"%PDF \x00\xff", '{"name":"喆堃镕"}')
        assert (entry.kind, entry.language, entry.schemes) == ("eligibility", "both", ["six-taxes-two-fees"])
    assert [entry.state(day) for day in (LAST_DAY, date(2026, 6, 1))] == ["valid", "expired"]


def test_letters_are_listed_by_centre_and_place(engine: Engine, put: Put) -> None:
    """The tenth letter stands behind the second; one centre, one firm or those withdrawn can be asked for."""
    second, tenth = put(2), put(10, credit_code="91120101MA05TX9C3R")
    other = put(1, "hexi")
    with session(engine) as writing:
        revoke_letter(writing, other, "所报情况不实", NOW)
    with session(engine) as reading:
        numbers = [
            [entry.number for entry in list_issued(reading, **asked)]
            for asked in ({}, {"centre": "heping"}, {"credit_code": "91120101MA05TX9C3R"}, {"withdrawn": True})
        ]
    assert numbers == [[second, tenth, other], [second, tenth], [tenth], [other]]


def test_a_letter_is_withdrawn_once(engine: Engine, put: Put) -> None:
    """Revoked or superseded, a letter stays so: a second withdrawal is refused and changes nothing."""
    old, new = put(1), put(2)
    with session(engine) as writing:
        supersede_letter(writing, old, new, NOW)
    with pytest.raises(EntryError, match="superseded by heping〔2026〕2号"), session(engine) as writing:
        revoke_letter(writing, old, "too late", NOW)
    with session(engine) as reading:
        entry = find_issued(reading, old)
    assert entry is not None
    assert (entry.state(LAST_DAY), entry.superseded_by, entry.reason, entry.withdrawn_at) == (
        "superseded",
        new,
        None,
        NOW,
    )


def test_the_last_number_of_a_key(engine: Engine, put: Put) -> None:
    """By year, the highest place that this key signed; none for a key that signed nothing."""
    for place, key in ((1, "a" * 12), (2, "a" * 12), (3, "b" * 12)):
        put(place, key_id=key)
    with session(engine) as reading:
        assert [last_signed(reading, key * 12) for key in "abc"] == [{2026: 2}, {2026: 3}, {}]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"withdrawal": "lost", "withdrawn_at": NOW}, "ck_issued_letter_withdrawal"),
        ({"withdrawal": "revoked"}, "ck_issued_letter_withdrawn_at"),
        ({"withdrawal": "superseded", "withdrawn_at": NOW}, "ck_issued_letter_superseded_by"),
        ({"place": 1}, "place"),
        ({"code": "heping***001"}, "code"),
        ({"number": "heping〔2026〕7号"}, "(?i)foreign|fk_issued"),
    ],
)
def test_a_bad_row_is_refused(engine: Engine, put: Put, changes: dict[str, Any], constraint: str) -> None:
    """Half a withdrawal, a place or code given twice, or a number that no letter has is refused by the database."""
    put(1)
    with pytest.raises(ConstraintError, match=constraint):
        put(2, **changes)


def test_going_down_keeps_the_letters_entries(url: URL, engine: Engine, put: Put) -> None:
    """One revision down the files are gone; the letter is still in the register, as Chinese, and up again works."""
    put(1)
    migrate_down(url, "0002")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT language FROM letter_record")) == "zh"
    migrate(url)
    with session(engine) as reading:
        assert list_issued(reading) == []
