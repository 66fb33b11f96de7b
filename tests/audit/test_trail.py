"""The audit trail: numbers without a gap, entries that nobody changes, and a walk that finds what was changed all the same."""

import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from matcher.audit.check import Chain, Head, audit_head, verify
from matcher.audit.models import AuditEntry
from matcher.audit.trail import (
    Event,
    Wanted,
    all_entries,
    append,
    count_entries,
    digest_of_entry,
    entries,
    last_verified,
)
from matcher.db.database import reading, session
from matcher.db.faults import ConstraintError, StoreError
from tests.conftest import count

pytestmark = pytest.mark.both_databases

START = datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
LENGTH = 30
TEXTS = ("actor", "role", "centre", "action", "subject", "client", "previous", "digest")


def event(number: int, **changes: object) -> Event:
    """An event like the desk's."""
    told: dict[str, object] = {
        "at": START + timedelta(seconds=number),
        "actor": f"li.na{number % 3}",
        "role": "clerk",
        "centre": "heping" if number % 4 else None,
        "action": ("case.opened", "case.changed", "letter.issued")[number % 3],
        "subject": f"case {number % 7}",
        "client": "10.0.0.7",
        "detail": {"facts": ["employees", "名称"], "n": number},
    }
    return Event(**{**told, **changes})  # type: ignore[arg-type]


@pytest.fixture
def trail(engine: Engine) -> Engine:
    """A database with a trail of some entries."""
    with session(engine) as writing:
        for number in range(LENGTH):
            append(writing, event(number))
    return engine


@pytest.fixture
def unguarded(trail: Engine) -> Engine:
    """The same with its triggers gone, as whoever owns the database can have it."""
    drop = {
        "sqlite": ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"],
        "postgresql": ["DROP TRIGGER audit_entry_only_append ON audit_entry"],
    }
    with trail.begin() as connection:
        for statement in drop[trail.name]:
            connection.execute(text(statement))
    return trail


def after(engine: Engine, *statements: str, noted: Head | None = None, **values: object) -> Chain:
    """What a walk finds after these changes, which are undone again."""
    with Session(engine) as opened:
        for statement in statements:
            assert opened.connection().execute(text(statement), values).rowcount > 0, statement
        found = verify(opened, noted)
        opened.rollback()
    return found


def walked(engine: Engine, noted: Head | None = None) -> Chain:
    """What a walk finds now."""
    with reading(engine) as opened:
        return verify(opened, noted)


def test_numbers_count_from_one_and_the_trail_is_whole(trail: Engine) -> None:
    """What was appended comes back in its order, each entry with the digest of the one before."""
    with reading(trail) as opened:
        found = opened.exec(select(AuditEntry).order_by(AuditEntry.number)).all()  # type: ignore[arg-type]
    assert [one.number for one in found] == list(range(1, LENGTH + 1))
    assert [one.previous for one in found[1:]] == [one.digest for one in found[:-1]]
    assert walked(trail) == Chain(Head(LENGTH, found[-1].digest), None)


def test_an_empty_trail_is_whole(engine: Engine) -> None:
    """Before the first entry the trail ends at 0."""
    found = walked(engine)
    assert (found.whole, found.head.number) == (True, 0)


def test_no_act_leaves_an_entry_without_itself(trail: Engine) -> None:
    """An entry whose transaction fails is gone with it, and its number is given to the next."""
    with suppress(RuntimeError), session(trail) as writing:
        append(writing, event(1))
        raise RuntimeError
    with session(trail) as writing:
        assert append(writing, event(2)).number == LENGTH + 1
    assert walked(trail).whole


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor = 'x' WHERE number = 3", "DELETE FROM audit_entry"])
def test_the_database_refuses_a_change(trail: Engine, change: str) -> None:
    """UPDATE and DELETE are refused by the database itself, whoever asks."""
    with pytest.raises((ConstraintError, StoreError)), session(trail) as writing:
        writing.connection().execute(text(change))
    assert walked(trail).whole


def edits(chance: random.Random) -> tuple[str, dict[str, object]]:
    """One change of one entry behind the triggers' back."""
    number = chance.randrange(1, LENGTH + 1)
    column = chance.choice((*TEXTS, "at", "detail", "deleted", "renumbered", "swapped"))
    where = "WHERE number = :number"
    if column == "deleted":
        return f"DELETE FROM audit_entry {where}", {"number": number}
    if column == "renumbered":
        return f"UPDATE audit_entry SET number = :other {where}", {
            "number": number,
            "other": chance.choice((-1, 0, LENGTH + 1, LENGTH + 9)),
        }
    if column == "swapped":
        other = number % LENGTH + 1
        return (
            "UPDATE audit_entry SET actor = CASE WHEN number = :number THEN 'zhou' ELSE 'wu' END, client = 'x' "
            "WHERE number IN (:number, :other)",
            {"number": number, "other": other},
        )
    if column == "at":
        moved = START + timedelta(days=chance.randrange(1, 400), microseconds=chance.randrange(10**6))
        return f"UPDATE audit_entry SET at = :value {where}", {"number": number, "value": moved.replace(tzinfo=None)}
    if column == "detail":
        value: object = chance.choice(
            ('{"facts":[]}', "{}", "not json", '{"facts": ["employees", "名称"], "n": 1}', "[]")
        )
    elif column in ("previous", "digest"):
        value = f"{chance.getrandbits(256):064x}"
    else:
        value = chance.choice(("x", "", "li.na", "Clerk", " clerk", "case 12"))
    return f"UPDATE audit_entry SET {column} = :value {where}", {"number": number, "value": value}


@pytest.mark.filterwarnings("ignore:The default datetime adapter is deprecated")
def test_every_edit_is_found(unguarded: Engine) -> None:
    """Of a thousand random edits (a value, a time, a digest, an entry gone or moved) every one is found and placed."""
    chance = random.Random(1130)
    for _ in range(count(1000)):
        statement, values = edits(chance)
        found = after(unguarded, statement, **values)
        assert found.broken is not None, (statement, values)
        assert found.broken.number <= int(str(values["number"])) + 1


def test_the_first_bad_number_is_named(unguarded: Engine) -> None:
    """Of two changed entries the earlier is named, in both languages, and the last good one is known."""
    found = after(unguarded, "UPDATE audit_entry SET actor = 'x' WHERE number IN (9, 4)")
    assert found.broken is not None
    assert (found.broken.number, found.head.number) == (4, 3)
    assert "4" in found.broken.zh
    assert "4" in found.broken.en


def test_an_end_that_was_cut_off_is_found(unguarded: Engine) -> None:
    """Without its last five entries the trail is shorter than the head says."""
    found = after(unguarded, f"DELETE FROM audit_entry WHERE number > {LENGTH - 5}")
    assert found.broken is not None
    assert found.broken.number == LENGTH - 4


def test_an_end_cut_off_together_with_the_head_is_found_by_what_was_noted(unguarded: Engine) -> None:
    """Who moves the head back as well makes a whole trail, but not one that reaches the noted end."""
    with reading(unguarded) as opened:
        noted = audit_head(opened)
    changes = (
        f"DELETE FROM audit_entry WHERE number > {LENGTH - 5}",
        f"UPDATE audit_head SET number = {LENGTH - 5}, "
        f"digest = (SELECT digest FROM audit_entry WHERE number = {LENGTH - 5})",
    )
    assert after(unguarded, *changes).whole
    found = after(unguarded, *changes, noted=noted)
    assert found.broken is not None
    assert found.broken.number == LENGTH - 4


def rewrite(engine: Engine, start: int) -> None:
    """Change an entry and make every digest after it anew, the head's too."""
    with session(engine) as writing:
        found = writing.exec(select(AuditEntry).order_by(AuditEntry.number)).all()  # type: ignore[arg-type]
        previous = found[start - 2].digest
        for entry in found[start - 1 :]:
            actor = "nobody" if entry.number == start else entry.actor
            told = event(entry.number - 1, actor=actor)
            digest = digest_of_entry(entry.number, told, previous)
            values = {"number": entry.number, "actor": actor, "previous": previous, "digest": digest}
            change = "UPDATE audit_entry SET actor = :actor, previous = :previous, digest = :digest"
            writing.connection().execute(text(f"{change} WHERE number = :number"), values)
            previous = digest
        writing.connection().execute(text("UPDATE audit_head SET digest = :digest"), {"digest": previous})


def test_a_rewritten_trail_is_found_by_what_was_noted(unguarded: Engine) -> None:
    """A trail made anew from the twelfth entry on looks whole by itself and not beside a noted head."""
    with reading(unguarded) as opened:
        noted = audit_head(opened)
    rewrite(unguarded, 12)
    assert walked(unguarded).whole
    assert not walked(unguarded, noted).whole


def test_an_older_note_still_fits_a_longer_trail(trail: Engine) -> None:
    """What was noted at some time holds however many entries came after it."""
    with reading(trail) as opened:
        noted = audit_head(opened)
    with session(trail) as writing:
        append(writing, event(99))
    assert walked(trail, noted).whole


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM audit_head", f"UPDATE audit_head SET digest = '{'0' * 64}'", "UPDATE audit_head SET number = 5"],
)
def test_a_changed_head_is_found(trail: Engine, change: str) -> None:
    """A head that is gone, or says another number or digest, is a break."""
    assert not after(trail, change).whole


def test_an_entry_put_in_beside_the_chain_is_found(trail: Engine) -> None:
    """An entry that follows rightly but that the head does not know of was not written by us."""
    with reading(trail) as opened:
        head = audit_head(opened)
    append_only = (
        "INSERT INTO audit_entry (number, at, actor, role, centre, action, subject, client, detail, previous, digest) "
        "SELECT number + 1, at, actor, role, centre, action, subject, client, detail, digest, :digest "
        f"FROM audit_entry WHERE number = {LENGTH}"
    )
    digest = digest_of_entry(LENGTH + 1, event(LENGTH - 1), head.digest)
    found = after(trail, append_only, digest=digest)
    assert found.broken is not None
    assert found.broken.number == LENGTH + 1


def test_eight_at_once_leave_no_gap(engine: Engine) -> None:
    """Eight threads append in turn: numbers without a gap, and a chain that is whole."""

    def work(who: int) -> None:
        for number in range(12):
            with session(engine) as writing:
                append(writing, event(number, actor=f"thread{who}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    found = walked(engine)
    assert (found.whole, found.head.number) == (True, 96)


def test_a_walk_during_writing_finds_nothing_wrong(trail: Engine) -> None:
    """Entries that are appended while the trail is walked are no break."""
    with ThreadPoolExecutor(2) as pool:

        def write() -> None:
            for number in range(20):
                with session(trail) as writing:
                    append(writing, event(number))

        writing = pool.submit(write)
        while not writing.done():
            assert walked(trail).whole
        writing.result()
    assert walked(trail).head.number == LENGTH + 20


def test_a_head_is_read_as_it_is_printed() -> None:
    """N:DIGEST comes back as it was printed; anything else is refused."""
    head = Head(12, "a" * 64)
    assert Head.read(f" {str(head).upper()}\n") == head
    for bad in ("x", "12", f"x:{'a' * 64}", f"12:{'a' * 63}"):
        with pytest.raises(ValueError, match=re.escape(bad)):
            Head.read(bad)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), lambda n: True),
        (Wanted(actor="li.na1"), lambda n: n % 3 == 1),
        (Wanted(action="case."), lambda n: n % 3 != 2),
        (Wanted(action="case_"), lambda n: False),
        (Wanted(subject="case 1"), lambda n: n % 7 == 1),
        (Wanted(centre="heping"), lambda n: n % 4 != 0),
        (Wanted(since=START + timedelta(seconds=5), until=START + timedelta(seconds=9)), lambda n: 5 <= n < 9),
    ],
)
def test_entries_are_listed_by_what_is_wanted(trail: Engine, wanted: Wanted, fits: Callable[[int], bool]) -> None:
    """Every filter leaves what fits it, the newest first; counted and read through the same."""
    fitting = [n + 1 for n in range(LENGTH) if fits(n)]
    with reading(trail) as opened:
        assert [one.number for one in entries(opened, wanted, None, 100)] == fitting[::-1]
        assert [one.number for one in all_entries(opened, wanted)] == fitting
        assert count_entries(opened, wanted) == len(fitting)


def test_pages_follow_one_another(trail: Engine) -> None:
    """The next page begins below the last number of the one before."""
    with reading(trail) as opened:
        first = entries(opened, Wanted(), None, 20)
        second = entries(opened, Wanted(), first[-1].number, 20)
        assert last_verified(opened) is None
    assert [one.number for one in (*first, *second)] == list(range(LENGTH, 0, -1))
