"""What the desk refuses: odd addresses, numbers beyond all, what is another centre's; and that the trail says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from matcher.accounts.models import Account, SignedIn
from matcher.audit.models import AuditEntry
from matcher.cases.service import Content, Opening, open_case
from tests.fixtures import desk_cases
from tests.fixtures.desk import PASSWORD, Visitor
from tests.fixtures.pages import parsed

Store = Callable[[], AbstractContextManager[Session]]
SignedInAs = Callable[[str], Visitor]
TOO_MANY = "9" * 5000


@pytest.mark.parametrize(
    "path",
    [
        f"/desk/cases/{2**31}",
        f"/desk/cases/{2**70}",
        f"/desk/cases/{2**70}/letters",
        f"/desk/letters/waiting/{2**70}",
        f"/desk/runs/{2**70}",
        f"/desk/runs/{2**70}/progress",
    ],
)
@pytest.mark.both_databases
def test_a_number_beyond_all_is_nothings(signed_in: SignedInAs, path: str) -> None:
    """The page that there is no such thing, not a failure."""
    assert signed_in("clerk").get(path).response.status_code == 404


@pytest.mark.parametrize("path", ["/desk/cases", "/desk/letters", "/desk/outreach/heping/six-taxes-two-fees"])
def test_a_page_beyond_all_is_the_first(signed_in: SignedInAs, path: str) -> None:
    """However long the number is."""
    assert signed_in("clerk").get(f"{path}?page={TOO_MANY}").response.status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/desk/firms/%00", "/desk/firms?q=%00", "/desk/letters/a%00", "/desk/audit?actor=%00", "/desk/sign-in?next=%00"],
)
@pytest.mark.both_databases
def test_a_nul_is_refused(signed_in: SignedInAs, path: str) -> None:
    """No database takes one, PostgreSQL least of all; no keyboard types one."""
    assert signed_in("supervisor").get(path).response.status_code == 400


@pytest.mark.both_databases
def test_a_nul_as_a_name_is_refused(nobody: Visitor) -> None:
    """At the door, too."""
    assert nobody.post({"name": "a\0b", "password": PASSWORD}, "/desk/sign-in").status_code == 400


def test_a_refusal_is_in_the_trail(signed_in: SignedInAs, store: Store, accounts: dict[str, Account]) -> None:
    """Another centre's case, by its number; and a page that is not for the role."""
    with store() as register:
        number = open_case(
            register, Opening("heping", accounts["clerk"].id, "blank", Content({}, {})), datetime.now(UTC)
        ).id
    stranger = signed_in("hedong.clerk")
    assert stranger.get(f"/desk/cases/{number}").response.status_code == 403
    assert stranger.get("/desk/accounts").response.status_code == 403
    with store() as register:
        found = [
            (entry.actor, entry.centre, entry.action, entry.subject, entry.detail)
            for entry in register.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
        ]
    assert found == [
        ("hedong.clerk", "hedong", "desk.refused", "page desk_cases.case", {"case_id": number}),
        ("hedong.clerk", "hedong", "desk.refused", "page desk_accounts.every", {}),
    ]


def test_watching_a_run_keeps_no_session_alive(signed_in: SignedInAs, store: Store) -> None:
    """The page of a run asks by itself how far it is: on a desk that was left the session must still end."""
    visitor, before = signed_in("clerk"), datetime.now(UTC) - timedelta(minutes=20)

    def seen_at() -> datetime:
        with store() as register:
            return register.exec(select(SignedIn)).one().seen_at

    with store() as register:
        register.exec(select(SignedIn)).one().seen_at = before
    visitor.get("/desk/runs/1/progress")
    assert seen_at() == before
    visitor.get("/desk/runs")
    assert seen_at() > before


def test_a_look_at_a_letter_is_asked_for_as_the_letter_is(
    signed_in: SignedInAs, store: Store, accounts: dict[str, Account]
) -> None:
    """A language that no letter has is refused on the page."""
    with store() as register:
        opening = Opening("heping", accounts["clerk"].id, "blank", Content({}, {}))
        number = open_case(register, opening, datetime.now(UTC)).id
    path = f"/desk/cases/{number}/letters"
    form = {"scheme": "six-taxes-two-fees", "kind": "eligibility", "language": "xx", "valid_days": "90"}
    assert signed_in("clerk").post(form, f"{path}/preview", at=path).status_code == 422


@pytest.mark.usefixtures("firm")
def test_a_firm_that_has_a_case_was_founded(signed_in: SignedInAs) -> None:
    """A day to come is no day of registration: the field says so, and nothing is saved."""
    clerk = signed_in("clerk")
    case_id = desk_cases.open_case(clerk)
    page = clerk.get(f"/desk/cases/{case_id}?open=identity")
    answer = desk_cases.save(clerk, case_id, page, fact_established_on="2131-05-01")
    assert answer.status_code == 422
    assert "这一天还没有到" in parsed(answer).text
