"""Firms struck off, saved lists, and who has a case open."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select

from matcher.cases.models import CasePresence
from matcher.cases.presence_views import GONE_AFTER
from matcher.letters.register import list_issued
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import FIRM_ID, ask_letter, open_case, store_of, trail
from tests.fixtures.pages import parsed

AS_TO_A_FIRM = re.compile(r"\b(you told|to you|for you|[Yy]our|You (benefit|gain|get))\b")
SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")


def struck_off(clerk: Visitor, **more: str) -> None:
    """Enter that the firm was struck off."""
    form = {"firm": FIRM_ID, "kind": "cancelled", "closed_on": "2026-11-20", "evidence": "信用信息公示系统", **more}
    clerk.post(form, "/desk/firms/closure", at=f"/desk/firms/{FIRM_ID}")


@pytest.mark.usefixtures("issues")
def test_no_letter_goes_out_to_a_firm_that_is_no_more(signed_in: SignedIn, desk_app: Flask) -> None:
    """Search, firm and case say so, of every centre; once it is corrected letters go out again."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    struck_off(clerk)
    for page in (f"/desk/firms/{FIRM_ID}", f"/desk/cases/{case_id}", "/desk/firms?q=喆堃"):
        assert "注销" in clerk.get(page).text
    assert "信用信息公示系统" in signed_in("hedong.clerk").get(f"/desk/firms/{FIRM_ID}").text
    refused = parsed(ask_letter(clerk, case_id))
    assert "已于2026年11月20日注销，不能出函" in refused.text
    with store_of(desk_app) as register:
        assert list_issued(register) == []
    struck_off(clerk, do="undo", evidence="公示系统同名，看错了")
    assert ask_letter(clerk, case_id).status_code == 303
    entered = [action for _, action, _ in trail(desk_app) if action.startswith("firm.")]
    assert [one for one in entered if one in ("firm.struck_off", "firm.reopened")] == [
        "firm.struck_off",
        "firm.reopened",
    ]


@pytest.mark.parametrize("wrong", [{"evidence": ""}, {"closed_on": "2131-01-01"}, {"closed_on": "昨天"}])
def test_a_firm_is_struck_off_on_evidence_and_a_day_that_has_come(signed_in: SignedIn, wrong: dict[str, str]) -> None:
    """Else nothing is entered."""
    clerk = signed_in("clerk")
    struck_off(clerk, **wrong)
    assert "不能出函" not in clerk.get(f"/desk/firms/{FIRM_ID}").text


def test_a_list_is_saved_under_a_name(signed_in: SignedIn) -> None:
    """It leads back to the same filters, for its account alone, until it is deleted; other fields are not kept."""
    clerk, path = signed_in("clerk"), "/desk/cases"
    query = "state=waiting&assignee=me&page=7&next=//evil.example"
    clerk.post({"name": "等企业的", "query": query}, f"{path}/views", at=path)
    link = clerk.get(path).root.find(".//ul[@class='saved']//a")
    assert link is not None
    assert (link.text, link.get("href")) == ("等企业的", f"{path}?state=waiting&assignee=me")
    assert "等企业的" not in signed_in("supervisor").get(path).text
    kept = clerk.get(path).root.find(".//button[@name='drop']")
    assert kept is not None
    signed_in("supervisor").post({"drop": kept.get("value")}, f"{path}/views", at=path)
    assert "等企业的" in clerk.get(path).text
    clerk.post({"drop": kept.get("value")}, f"{path}/views", at=path)
    assert "等企业的" not in clerk.get(path).text


def test_who_else_has_a_case_open_is_said(signed_in: SignedIn, desk_app: Flask) -> None:
    """Not oneself, and not who has been gone for a minute and a half."""
    clerk, supervisor = signed_in("clerk"), signed_in("supervisor")
    case_id = open_case(clerk)
    clerk.get(f"/desk/cases/{case_id}")
    assert "Clerk正在看本件" in supervisor.get(f"/desk/cases/{case_id}").text
    own = clerk.get(f"/desk/cases/{case_id}/presence").text
    assert "Supervisor正在看本件" in own
    assert "Clerk正在看" not in own
    with store_of(desk_app) as register:
        for one in register.exec(select(CasePresence)):
            one.at -= GONE_AFTER + timedelta(seconds=1)
    assert "正在看本件" not in clerk.get(f"/desk/cases/{case_id}").text
    assert signed_in("hedong.clerk").get(f"/desk/cases/{case_id}/presence").response.status_code == 403


def test_a_clerk_reads_of_the_firm_not_to_it(signed_in: SignedIn) -> None:
    """The results of a case and the counter's sums speak of the firm in both languages, though the public site says them to it."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    for path in (f"/desk/cases/{case_id}", f"/desk/counter?firm={FIRM_ID}"):
        zh, en = (
            clerk.get(f"{path}{'&' if '?' in path else '?'}lang={lang}").root.find(".//main") for lang in ("zh", "en")
        )
        assert zh is not None
        assert en is not None
        assert "贵单位" not in "".join(zh.itertext()), path
        text = " ".join("".join(en.itertext()).split())
        assert [text[max(0, one.start() - 60) : one.end() + 40] for one in AS_TO_A_FIRM.finditer(text)] == [], path
