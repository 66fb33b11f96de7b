"""An owner on a phone with three loans (one guaranteed, one put off, one for a machine) and two groups of hires."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from matcher.answers.answers import Answers, OtherItem
from matcher.answers.cookie import COOKIE
from tests.fixtures.browsing import PHONE, looked_at, new_context, next_page, visit
from tests.fixtures.pages import Visitor

LOAN = {
    "loan_principal": "900000",
    "loan_term": 24,
    "loan_granted_on": "2026-03-01",
    "loan_purpose": "fixed_asset",
    "loan_in_supported_field": True,
    "has_other_central_interest_subsidy": False,
}

GUARANTEED = {
    "guarantor_is_licensed_in_tianjin": True,
    "guarantee_amount": "900000",
    "prior_year_guarantee_amount": "0",
    "guarantee_fee_rate": "1",
}

PUT_OFF = {"loan_due_on": "2022-11-30", "loan_amount_due": "500000", "loan_principal": "500000"}

HIRES = {"insured_hires": 3, "insured_hires_paid": True, "insured_hire_contract_months": 12}

FIRM = {"district": "heping", "ownership": "private", "size_class": "small", "employees": 20, "industry": "3411"}

FACTS = {**FIRM, **LOAN, **GUARANTEED, **HIRES}

ANSWERS = Answers(
    facts=FACTS,
    as_of="2026-12-02",
    told_at=dict.fromkeys(FACTS, 1_790_000_000),
    others=(
        OtherItem("loan", "loan-2", "流动资金贷款", PUT_OFF),
        OtherItem("loan", "loan-3", "五轴加工中心设备贷款", {**LOAN, "loan_for_equipment_renewal": True}),
        OtherItem("persons", "persons-2", "应届毕业生", {"insured_hires": 2}),
    ),
    names={"loan": "有担保的贷款"},
)

# The words of table headings and of the results' rows that stand on two lines.
BROKEN = """() => [...document.querySelectorAll('th, h3')].flatMap(one => {
    const found = [], walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT)
    for (let text = walker.nextNode(); text; text = walker.nextNode())
        for (const word of text.data.matchAll(/[A-Za-z]+/g)) {
            const range = document.createRange()
            range.setStart(text, word.index)
            range.setEnd(text, word.index + word[0].length)
            if (new Set([...range.getClientRects()].map(box => Math.round(box.top / 8))).size > 1) found.push(word[0])
        }
    return found
})"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_of_several_fit_a_phone(
    tell: Callable[[Answers], Visitor], browser: Browser, address: str, lang: str
) -> None:
    """Each loan with its name, no word broken in two, nothing wrong for axe; that these are all is ticked and stays."""
    cookie = tell(ANSWERS).client.get_cookie(COOKIE)
    assert cookie is not None
    context = new_context(browser, viewport=PHONE, base_url=address)
    context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in ((COOKIE, cookie.value), ("lang", lang))]
    )
    tab = context.new_page()
    for path, count in (("/result", 0), ("/items/persons", 2), ("/items/loan", 3)):
        looked_at(visit(tab, path))
        assert tab.evaluate(BROKEN) == [], path
        assert tab.locator("article.card").count() == count
    tab.locator("input[name=complete]").check()
    with next_page(tab):
        tab.locator("button[value=complete]").click()
    assert tab.locator("input[name=complete]").is_checked()
    assert "有担保的贷款" in tab.locator("#loan-1").inner_text()
    context.close()
