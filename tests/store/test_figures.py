"""The figures of the dashboard: what counts in which month, whose, and how long firms waited."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from matcher.store import reading, session
from matcher.store.desk import Account, Case, CaseLetter
from matcher.store.desk.audit import Event, append
from matcher.store.desk.figures import Figures, Waits, figures
from matcher.store.tables import DecisionRecord, IssuedLetter, LetterRecord

TODAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 3, 1, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 31, 16, tzinfo=UTC)
"""The first moment of November in Tianjin."""

Made = Callable[..., None]


@pytest.fixture
def made(engine: Engine) -> Made:
    """Makes a case of Heping unless told otherwise: when opened, what was found, when decided and lettered."""
    with session(engine) as writing:
        writing.add(
            Account(
                id=1, name="li.na", display_name="李娜", role="clerk", centre="heping",
                password_hash="x", created_at=MORNING, password_changed_at=MORNING,
            )
        )  # fmt: skip

    def make(
        number: int, opened: datetime, decided: float | None = None, lettered: float | None = None, **told: Any
    ) -> None:
        told = {"centre": "heping", "state": "open", **told}
        with session(engine) as writing:
            writing.add(
                Case(
                    id=number,
                    origin="blank",
                    opened_by=1,
                    opened_at=opened,
                    changed_at=opened,
                    facts={},
                    sources={},
                    **told,
                )
            )
            writing.flush()
            if decided is not None:
                at = opened + timedelta(days=decided)
                for state in ("decided", "open", "decided"):
                    detail = {"settings": ["state"], "state": state}
                    append(
                        writing,
                        Event(at, "li.na", "clerk", told["centre"], "case.settled", f"case {number}", "?", detail),
                    )
                    at += timedelta(days=1)
            if lettered is not None:
                for more in (0, 5):
                    writing.add(
                        CaseLetter(
                            case_id=number, case_version=1, state="issued", kind="eligibility", language="zh", as_of=TODAY,
                            schemes=[], facts={}, valid_days=90, asked_by=1, asked_at=opened,
                            settled_at=opened + timedelta(days=lettered + more),
                        )
                    )  # fmt: skip

    return make


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
    made(1, MIDNIGHT - timedelta(seconds=1))
    made(2, MIDNIGHT)
    made(3, MORNING)
    made(4, datetime(2026, 9, 30, 1, tzinfo=UTC))
    assert [(one.first.month, one.cases) for one in of(engine).months] == [(10, 1), (11, 2)]


def test_money_is_never_added_to_deferrals(engine: Engine, made: Made) -> None:
    """Each of the three sums by itself, exact to the fen, and what was found most often first."""
    found = {"schemes": ["a", "b"], "firm_fen": 1932129, "deferred_fen": 5, "others_fen": 7}
    made(1, MORNING, found=found)
    made(2, MORNING, found={**found, "schemes": ["b"], "firm_fen": 10**15})
    made(3, MORNING, found=None)
    counted = of(engine)
    assert counted.months[1].sums == {"firm_fen": 10**15 + 1932129, "deferred_fen": 10, "others_fen": 14}
    assert list(counted.schemes.items()) == [("b", 2), ("a", 1)]


def test_firms_wait_until_the_first(engine: Engine, made: Made) -> None:
    """To the first decision and the first letter, not to later ones; the middle of them; open cases do not count."""
    made(1, MORNING, decided=1, lettered=2)
    made(2, MORNING, decided=4)
    made(3, MORNING, decided=2.5, lettered=10)
    made(4, MORNING)
    counted = of(engine)
    assert counted.decided == Waits(3, 2.5)
    assert counted.lettered == Waits(2, 6.0)


def test_a_centre_counts_its_own(engine: Engine, made: Made) -> None:
    """Another centre's cases are not among a centre's, and among all of them."""
    made(1, MORNING, decided=1, state="decided")
    made(2, MORNING, centre="hedong", decided=3, state="closed")
    assert (of(engine).states, of(engine).decided.cases) == ({"decided": 1}, 1)
    assert (of(engine, None).states, of(engine, None).decided.cases) == ({"decided": 1, "closed": 1}, 2)


def test_letters_count_in_the_month_they_are_dated(engine: Engine) -> None:
    """By the date on the letter and the centre that issued it."""
    with session(engine) as writing:
        record = DecisionRecord(
            id="0" * 36,
            receipt_id="R",
            created_at=MORNING,
            as_of=TODAY,
            rulebook_hash="a" * 64,
            decisions=[],
            origin="desk",
        )
        writing.add(record)
        writing.flush()
        for place, (centre, day) in enumerate(
            [("heping", date(2026, 10, 31)), ("heping", date(2026, 11, 1)), ("heping", TODAY), ("hedong", TODAY)],
            start=1,
        ):
            number = f"津辰惠函〔2026〕{place}号"
            writing.add(
                LetterRecord(
                    id=f"{place:036}", decision_record_id=record.id, kind="eligibility", language="zh", number=number,
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
    assert [one.letters for one in of(engine).months] == [1, 2]
    assert [one.letters for one in of(engine, None).months] == [1, 3]
