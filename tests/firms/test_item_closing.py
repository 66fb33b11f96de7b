"""A newer list of firms with fewer loans, projects … than the register has of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from matcher.db.database import session
from matcher.firms.item_closing import closing
from matcher.firms.item_keys import read_told
from matcher.firms.models import FirmStatement
from matcher.firms.register import Entered, FirmEntry, Told, add_statement, enter_firms, facts_on
from matcher.rulebook.rulebook import Rulebook

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)

LOANS = {
    "loan_principal": "100",
    "loan-1.name": "甲",
    "loan-2.name": "乙",
    "loan-2.loan_principal": "200",
    "loan-2.loan_term": "12",
    "loan-3.loan_principal": "300",
    "project-2.name": "二期",
}

FIRM = FirmEntry("T1", "天津津澜科技有限公司", "91120104MA0612345X", (), None, LOANS, 2)

Enter = Callable[..., Entered]


@pytest.fixture
def enter(engine: Engine) -> Enter:
    """Enters the firm with these facts, as a list of a day of 2026 has them."""

    def entered(month: int, **facts: object) -> Entered:
        told = Told("imported", date(2026, month, 1), NOW.replace(month=month))
        with session(engine) as writing:
            return enter_firms(
                writing,
                [replace(FIRM, facts=facts)],
                told,
                lambda name: (tuple(dict.fromkeys(name)), name[:4], name[2:4]),
                {"loan_principal": ["loan"], "loan_term": ["loan"], "shared": ["loan", "project"]},
            )

    return entered


def known(engine: Engine, month: int, centre: str | None = None) -> dict[str, object]:
    """What is known of the firm on a day of that month."""
    with session(engine) as reading:
        return {name: told.value for name, told in facts_on(reading, "T1", date(2026, month, 2), centre).items()}


def test_what_a_list_leaves_out_that_has_all_is_closed(engine: Engine, enter: Enter, rulebook: Rulebook) -> None:
    """From its day on; the day before it stands, other kinds stand, and what a centre saw itself stands. Once more changes nothing."""
    enter(1, **LOANS)
    with session(engine) as writing:
        add_statement(writing, "T1", {"loan-4.loan_principal": "4"}, Told("confirmed", date(2026, 1, 9), NOW, "heping"))
    fewer = {"loan_principal": "90", "loan-2.loan_principal": "150", "loan-1.complete": True}
    assert enter(2, **fewer) == Entered(0, 1, 0)
    assert "loan-3.loan_principal" in known(engine, 1)
    now = known(engine, 2, "heping")
    assert {name for name in now if name.startswith("loan-")} == {
        "loan-1.name", "loan-1.complete", "loan-2.name", "loan-2.loan_principal", "loan-2.loan_term", "loan-4.loan_principal",
    }  # fmt: skip
    assert now["project-2.name"] == "二期"
    told = read_told(rulebook, known(engine, 2)).items
    assert ([one.facts["loan_principal"] for one in told.of("loan")], told.complete) == ([9_000, 15_000], {"loan"})
    enter(2, **fewer)
    with session(engine) as reading:
        assert len(reading.exec(select(FirmStatement)).all()) == 3


def test_what_another_list_leaves_out_stays_and_is_said(engine: Engine, enter: Enter) -> None:
    """A list that tells of some of them may not know the others; one that tells of none leaves them alone."""
    enter(1, **LOANS)
    assert enter(2, **{"loan_principal": "90", "loan-2.loan_principal": "150"}) == Entered(0, 1, 1)
    assert enter(3, employees="12") == Entered(0, 1, 0)
    assert known(engine, 3)["loan-3.loan_principal"] == "300"


def test_a_number_that_is_called_otherwise_is_another_loan() -> None:
    """What was told of the old one and not of the new one goes, whether or not the list has all."""
    found = closing(LOANS, {"loan-2.name": "丁", "loan-2.loan_principal": "5", "loan-3.loan_principal": "300"}, {})
    assert (found.withdrawn, found.more) == ({"loan-2.loan_term"}, frozenset())


def test_a_first_that_is_called_otherwise_leaves_nothing_behind(engine: Engine, enter: Enter) -> None:
    """Its facts, told under their plain names, go with it; the firm's own stay, and those that may be of the first project. Once
    more changes nothing, and under its own name it loses nothing."""
    enter(1, **LOANS, loan_term="36", shared="x", employees="12")
    renamed = {"loan_principal": "90", "loan-1.name": "丙", "loan-2.loan_principal": "150"}
    enter(2, **renamed)
    now = known(engine, 2)
    assert {name: now.get(name) for name in ("loan_principal", "loan_term", "shared", "employees")} == {
        "loan_principal": "90", "loan_term": None, "shared": "x", "employees": "12",
    }  # fmt: skip
    assert known(engine, 1)["loan_term"] == "36"
    enter(2, **renamed)
    with session(engine) as reading:
        assert len(reading.exec(select(FirmStatement)).all()) == 2
    enter(3, loan_term="24")
    enter(4, **renamed)
    assert known(engine, 4)["loan_term"] == "24"
