"""Tests of the store of cases: versions, lists, notes and files, letters asked for, forgetting."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from matcher.accounts.models import Account
from matcher.cases.due import DueFilter, prefill_due
from matcher.cases.files import LONGEST_NOTE, MOST_FILES, add_file, add_note, file_of, files_of, notes_of
from matcher.cases.letters import Asked, ask_letter, asked_by_form, settle_letter, waiting_letters
from matcher.cases.models import Case, CaseAttachment, CaseLetter, CaseNote, CaseRevision
from matcher.cases.service import (
    Content,
    Opening,
    Wanted,
    case_of,
    cases_of_firm,
    change_case,
    forget_case,
    list_cases,
    open_case,
    opened_by_form,
    revision,
    revisions_after,
    save_content,
    set_due,
)
from matcher.db.database import session
from matcher.db.faults import ConstraintError, EntryError
from matcher.firms.models import Firm

pytestmark = pytest.mark.both_databases

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
NAME, CODE = "天津市喆堃镕科技有限公司", "91120101MA05TX9C3R"
TOLD = Content(
    {"name": NAME, "credit_code": CODE, "employees": 12},
    {"employees": {"source": "declared", "on": "2026-11-24", "by": "li.na"}},
    date(2026, 3, 1),
)
Opened = Callable[..., Case]


@pytest.fixture
def clerks(engine: Engine) -> tuple[int, int]:
    """Two accounts of Heping."""
    with session(engine) as writing:
        accounts = [_account(name) for name in ("li.na", "wang.fang")]
        for account in accounts:
            writing.add(account)
        writing.flush()
        first, second = (account.id for account in accounts)
    assert first
    assert second
    return first, second


def _account(name: str) -> Account:
    return Account(
        name=name,
        display_name=name,
        role="clerk",
        centre="heping",
        password_hash="$argon2id$nothing",
        created_at=AT,
        password_changed_at=AT,
    )


@pytest.fixture
def opened(clerks: tuple[int, int]) -> Opened:
    """Opens a case of Heping within a transaction; anything may be told otherwise."""

    def make(writing: Session, content: Content = TOLD, at: datetime = AT, **changes: Any) -> Case:
        told = {"centre": "heping", "account_id": clerks[0], "origin": "blank", **changes}
        return open_case(writing, Opening(content=content, **told), at)

    return make


def test_every_version_of_the_facts_is_kept(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """The first and each later one, with who made it; a change of the settings counts up and has no version of its own."""
    with session(engine) as writing:
        case = opened(writing)
        change_case(writing, case, AT, state="waiting", assignee_id=None, schemes=["size"])
        save_content(writing, case, Content({"employees": 30}, {}), clerks[1], AT)
        number = case.id or 0
    with session(engine) as reading:
        found = case_of(reading, number)
        assert found is not None
        assert (found.version, found.facts, found.name, found.state) == (3, {"employees": 30}, None, "waiting")
        first = revision(reading, number, 2)
        assert first is not None
        assert (first.version, first.facts["employees"], first.as_of) == (1, 12, date(2026, 3, 1))
        assert [(each.version, each.account_id) for each in revisions_after(reading, number, 1)] == [(3, clerks[1])]


def test_the_same_form_opens_one_case(engine: Engine, opened: Opened) -> None:
    """The store itself refuses a second, and finds the first."""
    with session(engine) as writing:
        first = opened(writing, once="1:abc").id
    with pytest.raises(ConstraintError), session(engine) as writing:
        opened(writing, once="1:abc")
    with session(engine) as reading:
        found = opened_by_form(reading, "1:abc")
        assert found is not None
        assert found.id == first
        assert opened_by_form(reading, "1:other") is None


def test_nothing_changes_without_a_change(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """Settings that are the same already give no new version."""
    with session(engine) as writing:
        case = opened(writing)
        assert change_case(writing, case, AT, state="open", assignee_id=clerks[0], schemes=None) == ()
        assert case.version == 1


def test_a_closed_case_is_opened_before_it_is_changed(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """Closing is dated, which retention counts from; closed, its facts stand still until it is opened again."""
    with session(engine) as writing:
        case = opened(writing)
        change_case(writing, case, AT, state="closed", assignee_id=None, schemes=None)
        assert case.closed_at == AT
        with pytest.raises(EntryError, match="closed"):
            save_content(writing, case, TOLD, clerks[0], AT)
        change_case(writing, case, AT, state="open", assignee_id=None, schemes=None)
        save_content(writing, case, TOLD, clerks[0], AT)
        assert case.closed_at is None


def test_lists_are_filtered_and_paged(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """By centre, state, assignee, and text in name, code or number; the last changed first."""
    with session(engine) as writing:
        made = [
            opened(writing, at=AT),
            opened(writing, Content({"name": "100%_纯正"}, {}), at=AT + timedelta(hours=1)),
            opened(writing, Content({}, {}), at=AT + timedelta(hours=2)),
            opened(writing, centre="hedong", at=AT + timedelta(hours=3)),
        ]
        change_case(writing, made[2], AT + timedelta(hours=4), state="closed", assignee_id=None, schemes=None)
        ids = [case.id or 0 for case in made]
    with session(engine) as reading:

        def found(**wanted: Any) -> list[int]:
            cases, total = list_cases(reading, Wanted(**{"centre": "heping", **wanted}))
            assert total == len(cases)
            return [case.id or 0 for case in cases]

        assert found() == [ids[1], ids[0]]
        assert found(centre=None) == [ids[3], ids[1], ids[0]]
        assert found(states=("closed",)) == [ids[2]]
        assert found(assignee=clerks[0]) == [ids[1], ids[0]]
        assert found(assignee=0, states=("open", "closed")) == [ids[2]]
        assert found(text="堃镕") == [ids[0]]
        assert found(text="05tx9c3r") == [ids[0]]
        assert found(text=str(ids[1])) == [ids[1]]
        assert found(text="%_") == [ids[1]]
        assert found(text="_") == [ids[1]]
        cases, total = list_cases(reading, Wanted("heping"), 1, 1)
        assert ([case.id for case in cases], total) == ([ids[0]], 2)


def test_lists_take_the_days_around_today(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """Yesterday is overdue, today and the sixth day on are due within the week; what is decided is late no more. Each day that was
    set stands in its version."""
    day = date(2026, 12, 2)
    with session(engine) as writing:
        made = [opened(writing) for _ in range(5)]
        for case, days in zip(made, (-1, 0, 6, 7), strict=False):
            assert set_due(writing, case, day + timedelta(days=days), clerks[1], AT)
            assert not set_due(writing, case, day + timedelta(days=days), clerks[1], AT)
        set_due(writing, made[4], day - timedelta(days=9), clerks[0], AT)
        change_case(writing, made[4], AT, state="decided", assignee_id=None, schemes=None)
        ids = [case.id for case in made]
        prefill_due(writing, made[0], day)
        assert made[0].due_on == day - timedelta(days=1)
    with session(engine) as reading:

        def found(due: DueFilter) -> list[int | None]:
            wanted = Wanted("heping", order=(col(Case.due_on),), due=due, today=day)
            return [case.id for case in list_cases(reading, wanted)[0]]

        assert found("overdue") == [ids[0]]
        assert found("week") == [ids[1], ids[2]]
        second = revision(reading, ids[3] or 0, 2)
        assert second is not None
        assert (second.due_on, second.account_id) == (day + timedelta(days=7), clerks[1])


def test_a_firms_cases_are_found_by_register_and_code(engine: Engine, opened: Opened) -> None:
    """The register's id or the code will do; other centres' are left out, and closed ones where they are not wanted."""
    with session(engine) as writing:
        code = {"organisation": CODE[8:], "code_backwards": CODE[::-1], "credit_code": CODE}
        writing.add(Firm(id="F1", name=NAME, **code))
        writing.flush()
        by_code, by_id = opened(writing), opened(writing, Content({}, {}), firm_id="F1")
        opened(writing, centre="hedong")
        change_case(writing, by_code, AT, state="closed", assignee_id=None, schemes=None)
        assert [case.id for case in cases_of_firm(writing, "heping", "F1", CODE)] == [by_id.id, by_code.id]
        assert [case.id for case in cases_of_firm(writing, "heping", "F1", CODE, alive=True)] == [by_id.id]
        assert cases_of_firm(writing, "heping", None, None) == ()


def test_notes_are_added_and_bounded(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """The newest first; an empty one and one too long are refused."""
    with session(engine) as writing:
        case = opened(writing)
        for text in ("第一条", " 第二条 "):
            add_note(writing, case.id or 0, clerks[1], text, AT)
        for text in (" ", "字" * (LONGEST_NOTE + 1)):
            with pytest.raises(EntryError):
                add_note(writing, case.id or 0, clerks[1], text, AT)
        assert [note.text for note in notes_of(writing, case.id or 0)] == ["第二条", "第一条"]


def test_files_belong_to_their_case(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """Listed without their content, given only by their own case, and twenty at most."""
    with session(engine) as writing:
        case, other = opened(writing), opened(writing)
        assert case.id is not None
        assert other.id is not None
        kept = [
            add_file(writing, case.id, clerks[0], f"{place}.txt", "text/plain", b"abc", AT)
            for place in range(MOST_FILES)
        ]
        listed = files_of(writing, case.id)
        assert [(file.filename, file.size) for file in listed[:2]] == [("0.txt", 3), ("1.txt", 3)]
        first = kept[0].id or 0
        found = file_of(writing, case.id, first)
        assert found is not None
        assert found.content == b"abc"
        assert file_of(writing, other.id, first) is None
        with pytest.raises(EntryError, match="20"):
            add_file(writing, case.id, clerks[0], "more.txt", "text/plain", b"abc", AT)


# --- letters asked for


def asked(once: str = "1:letter") -> Asked:
    """A letter on one scheme."""
    return Asked(
        "eligibility", "zh", date(2026, 3, 1), ["six-taxes-two-fees"], TOLD.facts, TOLD.sources, 90, None, once
    )


def test_a_letter_is_signed_by_somebody_else_and_once(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """Whoever asked cannot turn it down either; turned down, it keeps the reason and no fact, and is settled for good."""
    with session(engine) as writing:
        letter = ask_letter(writing, opened(writing), asked(), clerks[0], AT)
        number = letter.id or 0
        assert [each.id for each, _ in waiting_letters(writing, "heping")] == [number]
        assert waiting_letters(writing, "hedong") == []
        with pytest.raises(EntryError, match="somebody else"):
            settle_letter(writing, number, clerks[0], AT, reason="no")
        with pytest.raises(EntryError, match="500"):
            settle_letter(writing, number, clerks[1], AT, reason=" ")
        settle_letter(writing, number, clerks[1], AT, reason="人数不对")
        assert (letter.state, letter.facts, letter.reason) == ("refused", {}, "人数不对")
        with pytest.raises(EntryError, match="settled"):
            settle_letter(writing, number, clerks[1], AT, reason="again")
        assert waiting_letters(writing, "heping") == []


def test_the_same_form_asks_for_one_letter(engine: Engine, opened: Opened, clerks: tuple[int, int]) -> None:
    """The store itself refuses a second, and finds the first."""
    with session(engine) as writing:
        case = opened(writing)
        first = ask_letter(writing, case, asked(), clerks[0], AT).id
    with pytest.raises(ConstraintError), session(engine) as writing:
        ask_letter(writing, case, asked(), clerks[0], AT)
    with session(engine) as reading:
        found = asked_by_form(reading, "1:letter")
        assert found is not None
        assert found.id == first


# --- forgetting


def test_forgetting_leaves_the_case_and_nothing_of_the_firm(
    engine: Engine, opened: Opened, clerks: tuple[int, int]
) -> None:
    """Facts, sources, versions, notes and files are gone, and letters that waited are turned down; twice is once."""
    with session(engine) as writing:
        case = opened(writing)
        number = case.id or 0
        case.found = {"counts": {"eligible": 1}}
        add_note(writing, number, clerks[0], "机密", AT)
        add_file(writing, number, clerks[0], "a.txt", "text/plain", b"abc", AT)
        ask_letter(writing, case, asked(), clerks[0], AT)
    later = AT + timedelta(days=1)
    with session(engine) as writing:
        forget_case(writing, number, later)
    with session(engine) as writing:
        forget_case(writing, number, later + timedelta(days=1))
    with session(engine) as reading:
        found = reading.get_one(Case, number)
        assert (found.name, found.credit_code, found.facts, found.sources) == (None, None, {}, {})
        assert (found.state, found.forgotten_at, found.closed_at) == ("closed", later, later)
        assert found.found == {"counts": {"eligible": 1}}
        for table in (CaseRevision, CaseNote, CaseAttachment):
            assert reading.exec(select(table)).all() == []
        (letter,) = reading.exec(select(CaseLetter)).all()
        assert (letter.state, letter.facts) == ("refused", {})
        with pytest.raises(EntryError, match="deleted"):
            change_case(reading, found, later, state="open", assignee_id=None, schemes=None)


def test_only_a_case_can_be_forgotten(engine: Engine) -> None:
    """A number that no case has is refused."""
    with pytest.raises(EntryError, match="7"), session(engine) as writing:
        forget_case(writing, 7, AT)
