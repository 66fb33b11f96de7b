"""The day by which a case is to be done: reckoned until somebody sets it, sorted and filtered by, first in the morning once it is past."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from matcher.cases.content import decisions_on
from matcher.cases.due import first_deadline
from matcher.cases.models import Case
from matcher.rulebook.rulebook import Rulebook
from matcher.text import today
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import FIRM_ID, open_case, save, store_of

SignedIn = Callable[[str], Visitor]


def on(days: int) -> str:
    """A day so many from today, in ISO form."""
    return (today() + timedelta(days=days)).isoformat()


def line(visitor: Visitor, key: str) -> str:
    """A section of the first page, without blanks; empty where it is not there."""
    found = visitor.get("/desk").root.find(f".//section[@aria-labelledby='inbox-{key}']")
    return "" if found is None else "".join("".join(found.itertext()).split())


@pytest.mark.usefixtures("firm")
def test_a_case_begins_with_the_first_day_that_its_firm_must_keep(
    signed_in: SignedIn, desk_app: Flask, rulebook: Rulebook
) -> None:
    """The earliest closing day of the schemes open to it, which the form says; it follows the facts until somebody sets it."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    page = clerk.get(f"/desk/cases/{case_id}")
    with store_of(desk_app) as register:
        case = register.get(Case, case_id)
        assert case is not None
        told, decisions = decisions_on(rulebook, case.facts, today())
        assert case.due_on == first_deadline(rulebook, told, decisions, today(), today())
        assert case.due_on is not None
        assert case.due_on >= today()
        assert page.by_id("due").get("value") == case.due_on.isoformat()
    assert "最早的截止日预填" in page.text
    save(clerk, case_id, due=on(40))
    save(clerk, case_id, fact_employees="30")
    page = clerk.get(f"/desk/cases/{case_id}")
    assert page.by_id("due").get("value") == on(40)
    assert "最早的截止日预填" not in page.text


@pytest.mark.usefixtures("firm")
def test_what_is_overdue_comes_first_and_counts(signed_in: SignedIn) -> None:
    """In the inbox of whoever works on it, with the days, in the header's badge, in the list sorted and narrowed by it, in the
    history and the firm's thread before and after; no more once it is closed."""
    clerk, supervisor = signed_in("clerk"), signed_in("supervisor")
    case_id, path = open_case(clerk), "/desk/cases"
    save(clerk, case_id, due=on(5))
    assert "还有5天" in line(clerk, "due")
    assert "件等您" not in clerk.get(path).text
    save(clerk, case_id, due=on(-3))
    assert "过期3天" in line(clerk, "overdue")
    assert line(supervisor, "overdue") == ""
    assert "1 件等您" in " ".join(clerk.get(path).text.split())
    first = clerk.get("/desk").root.find(".//section[@class='inbox']")
    assert first is not None
    assert first.get("aria-labelledby") == "inbox-overdue"
    found = clerk.get(f"{path}?due=overdue").root.find(f".//td/a[@href='{path}/{case_id}']")
    assert found is not None
    assert "没有符合的办件" in clerk.get(f"{path}?due=week").text
    assert clerk.get(f"{path}?sort=due").root.find(".//th[@aria-sort='ascending']") is not None
    for page in (f"{path}/{case_id}", f"/desk/firms/{FIRM_ID}"):
        text = "".join(clerk.get(page).text.split())
        assert "办理期限：" in text
        assert "→" in text
    save(clerk, case_id, state="closed")
    assert line(clerk, "overdue") == ""
    assert "件等您" not in clerk.get(path).text


@pytest.mark.usefixtures("firm")
def test_a_due_date_is_refused_cleared_and_never_overwritten_unseen(signed_in: SignedIn) -> None:
    """What is no day is refused with what to do; an empty field means no day; two clerks who set different ones choose."""
    clerk, supervisor = signed_in("clerk"), signed_in("supervisor")
    case_id = open_case(clerk)
    path = f"/desk/cases/{case_id}"
    assert "办理期限请填一个日期" in save(clerk, case_id, due="下周").get_data(as_text=True)
    before = clerk.get(path)
    save(supervisor, case_id, due=on(9))
    answer = save(clerk, case_id, before, due=on(10))
    assert answer.status_code == 409
    text = answer.get_data(as_text=True)
    assert on(9) in text
    assert on(10) in text
    save(clerk, case_id, due="")
    assert clerk.get(path).by_id("due").get("value") == ""
