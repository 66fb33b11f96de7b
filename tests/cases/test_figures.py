"""The figures of the dashboard: what counts in which month, whose, and how long firms waited."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from matcher.accounts.models import Account
from matcher.cases.figures import Figures, Waits, figures, keep_found
from matcher.cases.letters import Asked, add_issued, ask_letter, settle_letter
from matcher.cases.models import Case, CaseState
from matcher.cases.service import Content, Opening, change_case, forget_case, open_case
from matcher.db.database import reading, session
from matcher.letters.models import DecisionRecord, IssuedLetter, LetterRecord

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 3, 1, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 31, 16, tzinfo=UTC)
"""The first moment of November in Tianjin."""

Made = Callable[..., None]


@pytest.fixture
def made(engine: Engine) -> Made:
    """Makes a case of Heping unless told otherwise: when opened, what was found, days until decided and lettered, its state."""
    with session(engine) as writing:
        for number, name in ((1, "li.na"), (2, "wang.fang")):
            writing.add(
                Account(
                    id=number, name=name, display_name=name, role="clerk", centre="heping",
                    password_hash="x", created_at=MORNING, password_changed_at=MORNING,
                )
            )  # fmt: skip

    def make(
        opened: datetime,
        decided: float | None = None,
        lettered: float | None = None,
        centre: str = "heping",
        state: CaseState = "open",
        found: dict[str, Any] | None = None,
    ) -> None:
        with session(engine) as writing:
            case = open_case(writing, Opening(centre, 1, "blank", Content({}, {})), opened)
            if found is not None:
                keep_found(writing, case, found)
            if decided is not None:
                at = opened + timedelta(days=decided)
                for more, now in enumerate(("decided", "open", "decided")):
                    settle(writing, case, now, at + timedelta(days=more))
            if lettered is not None:
                give_letters(writing, case, opened + timedelta(days=lettered))
            settle(writing, case, state, opened)

    return make


def settle(writing: Session, case: Case, state: CaseState, at: datetime) -> None:
    """Give a case this state."""
    change_case(writing, case, at, state=state, assignee_id=None, schemes=None)


def give_letters(writing: Session, case: Case, at: datetime) -> None:
    """One letter turned down the day before, one signed at that moment, one issued at once five days later."""
    asked = Asked("eligibility", "zh", TODAY, [], {}, {}, 90, None, f"{case.id}")
    for number, moment, reason in ((None, at - timedelta(days=1), "-"), (f"{case.id}a", at, "")):
        waiting = ask_letter(writing, case, replace(asked, once=f"{case.id}{number}"), 1, case.opened_at)
        if number:
            keep_letter(writing, number, case.centre, date(2025, 1, 1))
        settle_letter(writing, waiting.id or 0, 2, moment, number=number, reason=reason)
    keep_letter(writing, f"{case.id}b", case.centre, date(2025, 1, 1))
    add_issued(writing, case, asked, 1, at + timedelta(days=5), f"{case.id}b")


def keep_letter(writing: Session, number: str, centre: str, day: date) -> None:
    """Put a letter into the register."""
    place = writing.exec(select(func.count()).select_from(IssuedLetter)).one() + 1
    made = DecisionRecord(
        id=f"{place:036}", receipt_id="R", created_at=MORNING, as_of=TODAY, rulebook_hash="a" * 64, decisions=[], origin="desk",
    )  # fmt: skip
    writing.add(made)
    writing.flush()
    writing.add(
        LetterRecord(
            id=made.id, decision_record_id=made.id, kind="eligibility", language="zh", number=number,
            sha256="b" * 64, made_at=MORNING, schemes=[],
        )
    )  # fmt: skip
    writing.flush()
    writing.add(
        IssuedLetter(
            number=number, centre=centre, year=2026, place=place, code=f"{place:012}", key_id="c" * 12,
            written_on=day, receipt="{}", pdf=b"",
        )
    )  # fmt: skip
    writing.flush()


def of(engine: Engine, centre: str | None = "heping", months: int = 2) -> Figures:
    """The figures of a centre."""
    with reading(engine) as opened:
        return figures(opened, centre, TODAY, months)


def test_nothing_is_nothing(engine: Engine) -> None:
    """Without a case every month is there, empty, and nobody waited."""
    found = of(engine, months=13)
    assert [one.first for one in found.months][:2] == [date(2025, 11, 1), date(2025, 12, 1)]
    assert (found.states, found.schemes, found.decided) == ({}, {}, Waits(0, None))
    assert sum(one.cases + one.letters for one in found.months) == 0


def test_a_case_counts_in_tianjins_month(engine: Engine, made: Made) -> None:
    """The last second of October and the first of November are two months, whatever the clock in Greenwich says."""
    made(MIDNIGHT - timedelta(seconds=1))
    made(MIDNIGHT)
    made(MORNING)
    made(datetime(2026, 9, 30, 1, tzinfo=UTC))
    assert [(one.first.month, one.cases) for one in of(engine).months] == [(10, 1), (11, 2)]


def test_money_is_never_added_to_deferrals(engine: Engine, made: Made) -> None:
    """Each of the three sums by itself, exact to the fen, and what was found most often first."""
    found = {"schemes": ["a", "b"], "firm_fen": 1932129, "deferred_fen": 5, "others_fen": 7}
    made(MORNING, found=found)
    made(MORNING, found={**found, "schemes": ["b"], "firm_fen": 10**15})
    made(MORNING, found=None)
    counted = of(engine)
    assert counted.months[1].sums == {"firm_fen": 10**15 + 1932129, "deferred_fen": 10, "others_fen": 14}
    assert list(counted.schemes.items()) == [("b", 2), ("a", 1)]


def test_great_sums_are_added_to_the_fen(engine: Engine, made: Made) -> None:
    """More than a database's longest integer in all, and what a correction takes away."""
    for fen in (9 * 10**18 + 1, 9 * 10**18 + 2, -5):
        made(MORNING, found={"schemes": [], "firm_fen": fen, "deferred_fen": 0, "others_fen": 0})
    assert of(engine).months[1].sums["firm_fen"] == 18 * 10**18 - 2


def test_a_sum_beyond_all_bounds_stops_nobody(engine: Engine, made: Made) -> None:
    """A million million workers told by mistake make no column overflow."""
    made(MORNING, found={"schemes": ["a"], "firm_fen": 10**20, "deferred_fen": 3, "others_fen": 0})
    assert of(engine).months[1].sums == {"firm_fen": 2**63 - 1, "deferred_fen": 3, "others_fen": 0}


def test_the_last_check_counts(engine: Engine, made: Made) -> None:
    """What a case came to before is not counted any more, and forgetting its facts leaves what it came to."""
    made(MORNING, found={"schemes": ["a"], "firm_fen": 5, "deferred_fen": 0, "others_fen": 0})
    with session(engine) as writing:
        case = writing.exec(select(Case)).one()
        keep_found(writing, case, {"schemes": ["b"], "firm_fen": 7, "deferred_fen": 0, "others_fen": 0})
        forget_case(writing, case.id or 0, MORNING)
    assert (of(engine).schemes, of(engine).months[1].sums["firm_fen"]) == ({"b": 1}, 7)


def test_firms_wait_until_the_first(engine: Engine, made: Made) -> None:
    """To the first decision and the first letter, not to later ones; the middle of them; open cases do not count."""
    made(MORNING, decided=1, lettered=2)
    made(MORNING, decided=4)
    made(MORNING, decided=2.5, lettered=10)
    made(MORNING)
    counted = of(engine)
    assert counted.decided == Waits(3, 2.5)
    assert counted.lettered == Waits(2, 6.0)


def test_a_centre_counts_its_own(engine: Engine, made: Made) -> None:
    """Another centre's cases are not among a centre's, and among all of them."""
    made(MORNING, decided=1, state="decided")
    made(MORNING, centre="hedong", decided=3, state="closed")
    assert (of(engine).states, of(engine).decided.cases) == ({"decided": 1}, 1)
    assert (of(engine, None).states, of(engine, None).decided.cases) == ({"decided": 1, "closed": 1}, 2)


def test_letters_count_in_the_month_they_are_dated(engine: Engine) -> None:
    """By the date on the letter and the centre that issued it."""
    october, november = date(2026, 10, 31), date(2026, 11, 1)
    with session(engine) as writing:
        for number, (centre, day) in enumerate(
            [("heping", october), ("heping", november), ("heping", TODAY), ("hedong", TODAY)]
        ):
            keep_letter(writing, f"{number}", centre, day)
    assert [one.letters for one in of(engine).months] == [1, 2]
    assert [one.letters for one in of(engine, None).months] == [1, 3]
