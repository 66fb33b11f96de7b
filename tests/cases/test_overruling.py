"""What a clerk saw otherwise: recorded with its paper and reason, seen in the case, its history and the letter's source."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import ask_letter, case_now, client, issued_code, open_case, save, trail

SignedIn = Callable[[str], Visitor]
PAPER, WHY = "2026年10月社保缴费单", "登记资料是去年的"
pytestmark = pytest.mark.usefixtures("firm")


def test_a_fact_is_overruled_on_a_paper_with_a_reason(signed_in: SignedIn, desk_app: Flask) -> None:
    """The new value is the centre's own; who, when, which paper and why stand with it, in the case and its history."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    path = f"/desk/cases/{case_id}/overrule"
    sent = {"fact": "employees", "fact_employees": "3000", "paper": PAPER, "why": WHY}
    turned = {"fact": "vat_status", "fact_vat_status": "general", "paper": PAPER, "why": WHY, "do": "look"}
    assert "更正后会变的" in clerk.answer(turned, path, at=f"{path}?fact=vat_status").text
    assert case_now(desk_app, case_id).facts["vat_status"] == "small_scale"
    assert clerk.post(sent, path, at=f"{path}?fact=employees").status_code == 303
    case = case_now(desk_app, case_id)
    assert str(case.facts["employees"]) == "3000"
    told = {name: case.sources["employees"][name] for name in ("source", "by", "paper", "why")}
    assert told == {"source": "confirmed", "by": "clerk", "paper": PAPER, "why": WHY}
    shown = "".join(clerk.get(f"/desk/cases/{case_id}").text.split())
    assert f"12人→3,000人（依据{PAPER}，{WHY}）" in shown
    assert f"已见原件：{PAPER}" in shown
    assert ("clerk", "case.overruled", f"case {case_id}") in trail(desk_app)


@pytest.mark.usefixtures("issues")
def test_the_letter_says_that_the_centre_saw_the_paper(signed_in: SignedIn) -> None:
    """What the outcome hangs on is the firm's word before it is overruled, and what the centre saw afterwards."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    save(clerk, case_id, fact_vat_status="general", source_vat_status="declared")
    path = f"/desk/cases/{case_id}/overrule"
    sent = {"fact": "vat_status", "fact_vat_status": "small_scale", "paper": PAPER, "why": WHY}
    assert clerk.post(sent, path, at=f"{path}?fact=vat_status").status_code == 303
    code = issued_code(ask_letter(clerk, case_id))
    file = client(clerk).get(f"/desk/letters/{code}/file").data
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(file)).pages)
    assert "以上已由本中心核对原件" in text


@pytest.mark.parametrize("missing", ["paper", "why", "fact_employees"])
def test_without_paper_or_reason_nothing_is_overruled(signed_in: SignedIn, desk_app: Flask, missing: str) -> None:
    """The field says so, and what was typed is still there."""
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    path = f"/desk/cases/{case_id}/overrule"
    sent = {"fact": "employees", "fact_employees": "3000", "paper": PAPER, "why": WHY, missing: ""}
    answer = clerk.post(sent, path, at=f"{path}?fact=employees")
    assert answer.status_code == 422
    assert case_now(desk_app, case_id).facts["employees"] == 12
    assert (PAPER if missing != "paper" else WHY) in answer.text


def test_a_fact_is_found_by_its_label(signed_in: SignedIn) -> None:
    """The field suggests the labels, and what was chosen leads on."""
    clerk = signed_in("clerk")
    path = f"/desk/cases/{open_case(clerk)}/overrule"
    options = clerk.get(path).root.findall(".//datalist/option")
    label = next(one.get("value") for one in options if "从业人员" in (one.get("value") or ""))
    assert clerk.get(f"{path}?fact={label}").by_id("paper") is not None


def test_another_centres_case_is_not_overruled(signed_in: SignedIn) -> None:
    """Neither its form nor its post."""
    path = f"/desk/cases/{open_case(signed_in('clerk'))}/overrule"
    other = signed_in("hedong.clerk")
    assert other.get(f"{path}?fact=employees").response.status_code == 403
    assert other.post({"fact": "employees"}, path).status_code == 403
