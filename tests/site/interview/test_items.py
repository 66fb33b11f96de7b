"""Tests of further loans: added, changed and taken out on a page of their own, each with what it comes to."""

import re
from io import BytesIO

from pypdf import PdfReader

from tests.fixtures.pages import Page, words
from tests.site.interview.conftest import Interview

SCHEME = "sme-loan-interest-subsidy"

FIRST = {
    "ownership": "private",
    "size_class": "small",
    "loan_principal": "900000",
    "loan_term": "24",
    "loan_granted_on": "2026-03-01",
    "loan_purpose": "fixed_asset",
    "loan_in_supported_field": "true",
    "has_other_central_interest_subsidy": "false",
}


def told(owner: Interview) -> Page:
    """The page of loans after the first was told."""
    owner.begin(SCHEME, fact_district="heping")
    page = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in FIRST))
    owner.tell(page, **FIRST)
    return owner.visitor.get("/items/loan")


def sent(page: Page, **changes: str) -> dict[str, object]:
    """The form of the page as it stands, with changes."""
    facts = [field.get("value") or "" for field in page.root.iterfind(".//input[@name='fact']")]
    shown = {f"fact_{fact}": page.value(f"fact_{fact}") or "" for fact in facts}
    return {
        "fact": facts,
        **shown,
        "name": page.value("name") or "",
        "id": page.value("id") or "",
        "do": "save",
        **changes,
    }


SECOND = {"fact_loan_principal": "2000000", "fact_loan_term": "12", "fact_loan_granted_on": "2025-03-01"}


def added(owner: Interview, page: Page, name: str = "流动资金贷款", **changes: str) -> Page:
    """The page after another loan was added."""
    return owner.screen(owner.send("/items/loan", sent(page, name=name, **{**SECOND, **changes}), page))


def test_the_results_ask_for_more_of_what_was_told(owner: Interview) -> None:
    """A link for the loans, none for what nothing was told of."""
    told(owner)
    result = owner.visitor.get("/result")
    assert "还有别的贷款" in result.text
    assert "还有别的项目" not in result.text


def test_the_interview_asks_for_another_loan(owner: Interview) -> None:
    """Once one was told and something else is asked; not while it is still about the loan."""
    owner.begin(SCHEME, fact_district="heping")
    page = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in FIRST))
    owner.tell(page, **FIRST)
    assert "还有别的贷款吗？" in owner.visitor.get("/ask?fact=employees").text
    assert "还有别的贷款吗？" not in owner.visitor.get("/ask?fact=loan_annual_rate").text


def test_what_is_alike_is_copied_and_figures_are_not(owner: Interview) -> None:
    """The purpose stands there; the sum and the day are asked anew."""
    page = told(owner)
    assert page.value("fact_loan_purpose") == "fixed_asset"
    assert not page.value("fact_loan_principal")
    assert "已填1笔贷款" in page.text


def test_each_loan_is_decided_for_itself(owner: Interview) -> None:
    """The second was paid out too early; the first stays as it was."""
    page = added(owner, told(owner))
    assert "已填2笔贷款" in page.text
    first, second = (words(page.by_id(f"loan-{number}")) for number in (1, 2))
    assert "中小微企业贷款贴息" in first
    assert "流动资金贷款" in second
    assert "没有能享受的" in second
    again = added(owner, page, name="第三笔", fact_loan_granted_on="2026-04-01")
    assert "中小微企业贷款贴息" in words(again.by_id("loan-3"))


def test_a_loan_is_changed_and_taken_out(owner: Interview) -> None:
    """Its own answers stand in the form; afterwards it is gone."""
    added(owner, told(owner))
    page = owner.visitor.get("/items/loan?id=loan-2")
    assert page.value("name") == "流动资金贷款"
    assert (page.value("fact_loan_principal") or "").startswith("2000000")
    page = owner.screen(owner.send("/items/loan", sent(page, fact_loan_granted_on="2026-05-01"), page))
    assert "中小微企业贷款贴息" in words(page.by_id("loan-2"))
    page = owner.visitor.get("/items/loan?id=loan-2")
    page = owner.screen(owner.send("/items/loan", sent(page, do="remove"), page))
    assert "已填1笔贷款" in page.text


def test_that_these_are_all_is_told_and_taken_back(owner: Interview) -> None:
    """The tick stays until it is taken out, or another loan is told."""
    page = told(owner)
    page = owner.screen(owner.send("/items/loan", {"do": "complete", "complete": "true"}, page))
    assert page.root.find(".//input[@name='complete']").get("checked") is not None
    page = owner.screen(owner.send("/items/loan", {"do": "complete"}, page))
    assert page.root.find(".//input[@name='complete']").get("checked") is None
    page = owner.screen(owner.send("/items/loan", {"do": "complete", "complete": "true"}, page))
    assert added(owner, page).root.find(".//input[@name='complete']").get("checked") is None


def test_a_fault_keeps_what_was_typed(owner: Interview) -> None:
    """Nothing is added, and the fault stands beside its field."""
    page = told(owner)
    response = owner.send("/items/loan", sent(page, name="甲", **{**SECOND, "fact_loan_term": "很久很久"}), page)
    assert response.status_code == 422
    assert "甲" in response.text
    assert "已填1笔贷款" in owner.visitor.get("/items/loan").text


def test_the_results_have_each_with_its_own_sum(owner: Interview) -> None:
    """Under the scheme both loans by name, each with its own sum; the scheme is counted once; each has its own reasons."""
    told(owner)
    page = owner.visitor.get("/items/loan")
    page = owner.screen(owner.send("/items/loan", {"do": "name", "first": "设备贷款"}, page))
    added(owner, page, fact_loan_granted_on="2026-04-01")
    result = owner.visitor.get("/result")
    scheme = words(result.by_id(f"scheme-{SCHEME}"))
    assert scheme.count("设备贷款") >= 1
    assert scheme.count("流动资金贷款") >= 1
    assert "最高27,000元" in scheme
    assert "最高30,000元" in scheme
    assert "最高57,000元" in scheme
    assert "核对了1项" in result.text
    assert "2笔贷款，分别看" in result.text
    reasons = owner.visitor.get(f"/result/{SCHEME}?item=loan-2").text
    assert "30,000" in reasons
    assert "27,000" not in reasons


def test_a_loan_that_has_nothing_stays_named(owner: Interview) -> None:
    """The second was paid out too early: its row stands among what is not for the firm, with its name."""
    told(owner)
    added(owner, owner.visitor.get("/items/loan"))
    result = owner.visitor.get("/result")
    assert "“流动资金贷款”" in words(result.by_id(f"scheme-{SCHEME}-loan-2"))


def test_what_if_on_the_second_alone(owner: Interview) -> None:
    """Its own answers are asked, what moves is named, the first stays; kept, the second has the change and its place."""
    told(owner)
    added(owner, owner.visitor.get("/items/loan"))
    page = owner.visitor.get("/what-if?item=loan-2")
    assert (page.value("fact_loan_principal") or "").startswith("2000000")
    facts = [field.get("value") or "" for field in page.root.iterfind(".//input[@name='fact']")]
    form = {"fact": facts, "item": "loan-2", **{f"fact_{one}": page.value(f"fact_{one}") or "" for one in facts}}
    form["fact_loan_granted_on"] = "2026-05-01"
    moved = owner.send("/what-if", {**form, "do": "look"}, page)
    assert "“流动资金贷款”" in moved.text
    assert "“贷款1”" not in moved.text
    owner.screen(owner.send("/what-if", {**form, "do": "keep"}, page))
    again = owner.visitor.get("/items/loan?id=loan-2")
    assert (again.value("fact_loan_granted_on") or "").startswith("2026-05-01")
    assert (again.value("fact_loan_principal") or "").startswith("2000000")


def test_the_letter_has_a_section_for_each(owner: Interview) -> None:
    """With its name; the sums are those of its own principal."""
    page = added(owner, told(owner), fact_loan_granted_on="2026-04-01")
    response = owner.send("/letter", {"scheme": SCHEME, "fact_district": "heping"}, page)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages).replace("\n", "")
    assert "“贷款1”" in text
    assert "“流动资金贷款”" in text
    assert "共核对1项政策" in text


def test_the_result_sheet_names_each(owner: Interview) -> None:
    """One entry for each loan that may have something."""
    added(owner, told(owner), fact_loan_granted_on="2026-04-01")
    response = owner.visitor.client.get("/take/result.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages).replace("\n", "")
    assert "“贷款1”" in text
    assert "“流动资金贷款”" in text


def test_there_is_no_such_kind(owner: Interview) -> None:
    """A page of what nobody has several of is not there."""
    assert owner.visitor.client.get("/items/firm").status_code == 404


def test_the_sum_of_the_loans_is_that_of_the_results(owner: Interview) -> None:
    """Where nothing but loans is asked about, the page of loans and the results say one sum."""
    added(owner, told(owner), fact_loan_granted_on="2026-06-01")
    loans, result = owner.visitor.get("/items/loan").text, owner.visitor.get("/result").text
    (most,) = re.findall(r"合起来最多([\d,]+)", loans)
    assert most in result
