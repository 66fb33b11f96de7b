"""One thread a firm: everything in one line of time, at the centre that it belongs to alone."""

from collections.abc import Callable

import pytest

from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import FIRM_ID, ask_letter, open_case, save

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


def test_another_centre_sees_nothing_of_it(signed_in: SignedIn) -> None:
    """Neither cases nor notes: what a firm told a centre, that centre alone sees."""
    clerk = signed_in("clerk")
    open_case(clerk)
    at = f"/desk/firms/{FIRM_ID}"
    clerk.post({"firm": FIRM_ID, "kind": "note", "text": "只给本中心看"}, "/desk/firms/notes", at=at)
    assert "只给本中心看" in thread(clerk)
    assert thread(signed_in("hedong.clerk")) == ""
