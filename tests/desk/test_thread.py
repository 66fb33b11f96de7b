"""One thread a firm: everything in one line of time, at the centre that it belongs to alone."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import select

from matcher.accounts.models import Account
from matcher.batches.models import RunRow
from matcher.batches.service import NewRun, new_run
from tests.accounts.objects import AT
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import CODE, FIRM_ID, ask_letter, fields, open_case, save, store_of

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm", "issues")


def thread(visitor: Visitor) -> str:
    """The firm's thread as the visitor sees it, without blanks."""
    found = visitor.get(f"/desk/firms/{FIRM_ID}").root.find(".//ol[@class='plainly thread']")
    return "" if found is None else "".join("".join(found.itertext()).split())


def test_everything_stands_in_one_thread_the_last_first(signed_in: SignedIn) -> None:
    """A case, what was changed in it with its values, the letter, a call."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    save(clerk, case_id, fact_employees="30")
    ask_letter(clerk, case_id)
    at = f"/desk/firms/{FIRM_ID}"
    clerk.post({"firm": FIRM_ID, "kind": "call", "text": "约好周五来"}, "/desk/firms/notes", at=at)
    found = thread(clerk)
    order = ["约好周五来", "签发津和惠函", "12人→30人", "建立第1号办件"]
    assert [found.index(each) for each in order] == sorted(found.index(each) for each in order)


def test_what_the_counter_does_at_one_moment_stands_in_its_order(signed_in: SignedIn) -> None:
    """It opens the case and issues its letter in one go: the letter, being the later, stands above."""
    clerk = signed_in("clerk")
    at = f"/desk/counter?firm={FIRM_ID}"
    form = {**{name: values[-1] for name, values in fields(clerk.get(at).root, "counter").items()}, "do": "issue"}
    assert clerk.client.post(at, data=form).status_code == 303
    found = thread(clerk)
    assert found.index("签发津和惠函") < found.index("建立第1号办件")


def test_rows_of_lists_stand_in_it(signed_in: SignedIn, desk_app: Flask) -> None:
    """Which list, which row, and what became of it; a list of another centre, or one that was forgotten, does not."""
    clerk = signed_in("clerk")
    with store_of(desk_app) as register:
        for centre, became in (("heping", {"entitled": 3}), ("heping", {"faults": [{}]}), ("hexi", {"entitled": 1})):
            account = register.exec(select(Account).where(Account.name == "clerk")).one()
            assert account.id is not None
            asked = NewRun(centre, account.id, f"{centre}{len(became)}.xlsx", "zh", AT.date(), "none")
            run = new_run(register, asked, b"", "text/csv", AT)
            register.add(RunRow(run_id=run.id, line=7, name="x", credit_code=CODE, **became))
    found = thread(clerk)
    assert found.count("第7行") == 2
    assert "3项" in found
    assert "有填错的" in found
    assert "hexi" not in found


def test_another_centre_sees_nothing_of_it(signed_in: SignedIn) -> None:
    """Neither cases nor notes: what a firm told a centre, that centre alone sees."""
    clerk = signed_in("clerk")
    open_case(clerk)
    at = f"/desk/firms/{FIRM_ID}"
    clerk.post({"firm": FIRM_ID, "kind": "note", "text": "只给本中心看"}, "/desk/firms/notes", at=at)
    assert "只给本中心看" in thread(clerk)
    assert thread(signed_in("hedong.clerk")) == ""
