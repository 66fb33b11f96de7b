"""Tests of what is kept of a case's form before it is saved: whose it is, which version holds, what takes it away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from matcher.accounts.models import Account
from matcher.cases.files import LARGEST_DRAFT, delete_draft, draft_of, keep_draft
from matcher.cases.models import CaseDraft
from matcher.cases.service import Content, Opening, forget_case, open_case
from matcher.db.database import session

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
TYPED = [("version", "1"), ("here", "tax"), ("here", "land"), ("fact_employees", "十几个吧")]


@pytest.fixture
def case(engine: Engine) -> int:
    """The number of a case of account 1; there is an account 2."""
    with session(engine) as writing:
        for number in (1, 2):
            told = {"name": f"clerk.{number}", "display_name": "李娜", "role": "clerk", "centre": "heping"}
            writing.add(Account(id=number, password_hash="-", created_at=AT, password_changed_at=AT, **told))
        writing.flush()
        made = open_case(writing, Opening("heping", 1, "blank", Content({"employees": 12}, {})), AT)
        return made.id or 0


def kept(engine: Engine, case: int, account: int = 1) -> CaseDraft | None:
    """What the account's draft is now."""
    with session(engine) as reading:
        return draft_of(reading, case, account)


def keep(engine: Engine, case: int, told: str, version: int = 1, account: int = 1) -> bool:
    """Keep a form with this in it, in a transaction of its own."""
    with session(engine) as writing:
        return keep_draft(writing, case, account, version, [("note", told)], LATER)


def test_a_draft_is_what_was_typed_letter_by_letter(engine: Engine, case: int) -> None:
    """Names that come twice and text that is no figure come back in their order, with the version and the moment."""
    with session(engine) as writing:
        assert keep_draft(writing, case, 1, 1, TYPED, AT)
    found = kept(engine, case)
    assert found is not None
    assert [tuple(pair) for pair in found.fields] == TYPED
    assert (found.version, found.made_at) == (1, AT)
    assert kept(engine, case, 2) is None


def test_what_was_typed_last_holds(engine: Engine, case: int) -> None:
    """A later draft takes the place of the one before; another account's stays beside it."""
    assert [keep(engine, case, "one"), keep(engine, case, "two"), keep(engine, case, "hers", account=2)] == [True] * 3
    for account, told in ((1, "two"), (2, "hers")):
        found = kept(engine, case, account)
        assert found is not None
        assert found.fields == [["note", told]]


def test_an_old_tab_takes_nothing_away(engine: Engine, case: int) -> None:
    """A form of an earlier version neither replaces a draft of a later one nor deletes it."""
    keep(engine, case, "new", version=2)
    assert not keep(engine, case, "old", version=1)
    with session(engine) as writing:
        delete_draft(writing, case, 1, 1)
    found = kept(engine, case)
    assert found is not None
    assert (found.version, found.fields) == (2, [["note", "new"]])
    with session(engine) as writing:
        delete_draft(writing, case, 1, 2)
    assert kept(engine, case) is None


def test_a_draft_is_bounded(engine: Engine, case: int) -> None:
    """One that is too large is not kept, and what was kept before stays."""
    keep(engine, case, "before")
    assert not keep(engine, case, "字" * LARGEST_DRAFT)
    found = kept(engine, case)
    assert found is not None
    assert found.fields == [["note", "before"]]


def test_two_tabs_at_the_same_moment_leave_one_draft(engine: Engine, case: int) -> None:
    """Neither is refused."""
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(lambda told: keep(engine, case, str(told)), range(12)))
    with session(engine) as reading:
        assert len(reading.exec(select(CaseDraft)).all()) == 1


def test_a_forgotten_case_has_no_draft(engine: Engine, case: int) -> None:
    """Forgetting deletes everybody's, and none comes after it, though it was on its way."""
    keep(engine, case, "typed")
    keep(engine, case, "hers", account=2)
    with ThreadPoolExecutor(1) as threads:
        with session(engine) as writing:
            forget_case(writing, case, LATER)
            late = threads.submit(keep, engine, case, "late")
        assert not late.result()
    with session(engine) as reading:
        assert reading.exec(select(CaseDraft)).all() == []
