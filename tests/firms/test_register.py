"""The register of firms: entered once, renamed, and known as of any day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from matcher.db.database import session
from matcher.db.faults import EntryError
from matcher.firms.models import Firm, FirmName, FirmStatement
from matcher.firms.name_index import FirmIndex
from matcher.firms.register import FirmEntry, Told, add_statement, enter_firms, facts_on, forget_statements

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
JANUARY = Told("imported", date(2026, 1, 1), NOW)
FIRM = FirmEntry(
    "T1", "天津津澜科技有限公司", "91120104MA0612345X", ("天津津蓝科技有限公司",), None, {"employees": "12"}, 2
)


def keys(name: str) -> tuple[tuple[str, ...], str, str]:
    """Keys that are easy to foresee: each character is a pair."""
    return tuple(dict.fromkeys(name)), name[:4], name[2:4]


@pytest.fixture
def entered(engine: Engine) -> Callable[..., tuple[int, int]]:
    """Enters firms in a transaction of their own."""

    def enter(*entries: FirmEntry, told: Told = JANUARY) -> tuple[int, int]:
        with session(engine) as writing:
            return enter_firms(writing, entries, told, keys)[:2]

    return enter


def test_a_firm_is_entered_once(engine: Engine, entered: Callable[..., tuple[int, int]]) -> None:
    """The same list a second time adds no firm, no name and no statement."""
    assert entered(FIRM) == (1, 0)
    assert entered(FIRM) == (0, 1)
    with session(engine) as reading:
        assert [firm.name for firm in reading.exec(select(Firm))] == [FIRM.name]
        assert {(row.name, row.former) for row in reading.exec(select(FirmName))} == {
            (FIRM.name, False),
            (FIRM.former_names[0], True),
        }
        assert len(reading.exec(select(FirmStatement)).all()) == 1


def test_another_name_makes_the_old_one_a_former(engine: Engine, entered: Callable[..., tuple[int, int]]) -> None:
    """The firm keeps its id; it is found by every name it had, and shown under the newest."""
    entered(FIRM)
    entered(replace(FIRM, id="other", name="天津澜海科技有限公司", former_names=()))
    with session(engine) as reading:
        names = {row.name: row.former for row in reading.exec(select(FirmName))}
        index = FirmIndex(reading)
        found = index.by_grams(["蓝"], 5)
        assert [(row.firm_id, row.former) for row in found] == [("T1", True)]
        assert [firm.name for firm in index.firms(["T1"])] == ["天津澜海科技有限公司"]
    assert names == {FIRM.name: True, FIRM.former_names[0]: True, "天津澜海科技有限公司": False}


def test_an_id_of_another_code_is_refused_whole(engine: Engine, entered: Callable[..., tuple[int, int]]) -> None:
    """The line is named and nothing of the list is entered."""
    entered(FIRM)
    with pytest.raises(EntryError, match="7"):
        entered(
            replace(FIRM, id="T2", credit_code="91120104MA06999999"),
            replace(FIRM, credit_code="91120104MA06888888", place=7),
        )
    with session(engine) as reading:
        assert [firm.id for firm in reading.exec(select(Firm))] == ["T1"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_the_database_knows_that_a_register_has_grown(engine: Engine) -> None:
    """PostgreSQL counts the tables anew in the same transaction; without that it would read them through, row by row."""
    firms = [replace(FIRM, id=f"T{number}", credit_code=f"{number:018}") for number in range(5_000)]
    counted = text("SELECT reltuples FROM pg_class WHERE oid = 'firm'::regclass")
    with session(engine) as writing:
        enter_firms(writing, firms, JANUARY, keys)
        assert writing.execute(counted).scalar_one() == len(firms)


def test_facts_are_known_as_of_any_day(engine: Engine, entered: Callable[..., tuple[int, int]]) -> None:
    """The latest told of up to the day holds, with its source; a withdrawn fact is gone from its day on."""
    entered(FIRM)
    with session(engine) as writing:
        add_statement(
            writing, "T1", {"employees": "15", "district": "nankai"}, Told("declared", date(2026, 2, 1), NOW, "heping")
        )
        add_statement(
            writing, "T1", {"employees": "14"}, Told("confirmed", date(2026, 2, 1), NOW.replace(hour=10), "heping")
        )
        add_statement(writing, "T1", {"district": None}, Told("declared", date(2026, 3, 1), NOW, "heping"))
    with session(engine) as reading:
        known = {
            day: {name: (fact.value, fact.source) for name, fact in facts_on(reading, "T1", day, "heping").items()}
            for day in (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1))
        }
    assert list(known.values()) == [
        {},
        {"employees": ("12", "imported")},
        {"employees": ("14", "confirmed"), "district": ("nankai", "declared")},
        {"employees": ("14", "confirmed")},
    ]


def test_what_a_centre_was_told_can_be_forgotten(engine: Engine, entered: Callable[..., tuple[int, int]]) -> None:
    """At that centre and no other; only what a list told is left."""
    entered(FIRM)
    with session(engine) as writing:
        add_statement(writing, "T1", {"employees": "15"}, Told("declared", date(2026, 2, 1), NOW, "heping"))
        forget_statements(writing, "T1", "hedong")
        assert facts_on(writing, "T1", date(2026, 3, 1), "heping")["employees"].value == "15"
        forget_statements(writing, "T1", "heping")
        assert facts_on(writing, "T1", date(2026, 3, 1), "heping")["employees"].value == "12"
