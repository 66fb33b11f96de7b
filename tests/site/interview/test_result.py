"""Tests of the results: three numbers, what to do next, every scheme once, and the ways on."""

import re

from tests.fixtures.pages import Page, Visitor, words
from tests.site.interview.conftest import SHOP, TWO, Interview, numbers


def test_without_answers_it_leads_to_the_start(visitor: Visitor) -> None:
    """There is nothing to show before anything was told."""
    response = visitor.client.get("/result")
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def told_all(owner: Interview) -> Page:
    """The results of the noodle shop that told its tax figures."""
    owner.play(owner.begin(*TWO), SHOP)
    for fact in ("six_taxes_two_fees_payable", "tax_filing_cycle"):
        owner.tell(owner.visitor.get(f"/ask?fact={fact}"), **{fact: SHOP[fact]})
    sales = ("period_sales", "period_real_estate_sales", "period_special_invoice_sales")
    page = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in sales))
    owner.tell(page, **{fact: SHOP[fact] for fact in sales})
    return owner.visitor.get("/result")


def test_three_numbers_come_first_and_are_made_of_the_cards(owner: Interview) -> None:
    """Cash, tax less and what is possible, a year; folded below them the sums that add up to them, with the period said."""
    page = told_all(owner)
    sums = [words(part) for part in page.root.iter("p") if "number-sum" in (part.get("class") or "")]
    assert sums == ["0 元", "19,220 元", "0 元"]
    lines = [words(row) for row in page.root.findall(".//details[@class='made-of']//tbody/tr")]
    assert lines == [
        "增值税小规模纳税人减免每季4,650元，按一年4季算18,600元",
        "小微企业“六税两费”减免每季155元，按一年4季算620元",
    ]


def test_every_scheme_stands_once_and_the_counts_agree(owner: Interview) -> None:
    """The number checked, the things to do, the rows and the counts of the folds are the same schemes, each once."""
    owner.begin(fact_district="heping")
    page = owner.visitor.get("/result")
    slugs = [part.get("id") for part in page.root.iter() if (part.get("id") or "").startswith("scheme-")]
    assert len(slugs) == len(set(slugs))
    checked = int(re.search(r"一共核对了(\d+)项", page.text)[1])  # type: ignore[index]
    assert len(slugs) == checked == len(owner.visitor.client.application.extensions["catalogue"].rulebook.schemes)
    folds = [part for part in page.root.iter("details") if "fold-of" in (part.get("class") or "")]
    for fold in folds:
        count = next(words(part) for part in fold.iter("span") if part.get("class") == "count")
        inside = [part for part in fold.iter("li") if (part.get("id") or "").startswith("scheme-")]
        assert numbers(count)[0] == len(inside)


def test_whom_to_call_and_what_to_open_is_named_by_district(owner: Interview) -> None:
    """The things to do name the office of the firm's own district with a number to tap, its official page, and the papers."""
    owner.begin(fact_district="heping")
    told = {**SHOP, "insured_in_tianjin": "true"}
    owner.play(owner.begin(*TWO), told)
    page = told_all(owner)
    todo = page.root.findall(".//article")
    assert todo
    assert "和平区税务局" in words(todo[0])
    links = {link.get("href") for link in todo[0].iter("a")}
    assert {"tel:12366", "https://etax.tianjin.chinatax.gov.cn"} <= links


def test_what_is_worth_nothing_leads_nothing(owner: Interview) -> None:
    """A relief of 0 yuan and a free service are no thing to do on Monday, and no row of money."""
    owner.begin("six-taxes-two-fees", "job-matching", fact_district="heping")
    for fact, told in (("vat_status", "small_scale"), ("six_taxes_two_fees_payable", "0")):
        owner.tell(owner.visitor.get(f"/ask?fact={fact}"), **{fact: told})
    page = owner.visitor.get("/result")
    assert not page.root.findall(".//article")
    assert not [part for part in page.root.iter("details") if "money-row" in (part.get("class") or "")]
    assert "不能同时享受" not in page.text
    assert "只能选一个" not in page.text


def test_a_scheme_has_a_page_with_all_there_is_to_check_it_by(owner: Interview) -> None:
    """Reasons with their law, the arithmetic and the way to say that it seems wrong; an unknown scheme is not found."""
    told_all(owner)
    page = owner.visitor.get("/result/six-taxes-two-fees")
    for part in ("一条一条看", "310", "第二条", "这个结果好像不对", "回到结果"):
        assert part in page.text, part
    assert owner.visitor.client.get("/result/no-such-scheme").status_code == 404


def test_what_is_missing_is_one_press_away(owner: Interview) -> None:
    """A missing fact links to its question, and the answer leads back."""
    owner.begin("six-taxes-two-fees", fact_district="heping")
    page = owner.visitor.get("/result")
    link = page.by_id("scheme-six-taxes-two-fees").findall(".//a")[1]
    asked = owner.visitor.get(link.get("href") or "")
    assert asked.value("back") == "result"


def test_the_letter_is_made_of_what_was_told(owner: Interview) -> None:
    """The button of the results gives the letter on the answers kept."""
    owner.begin("six-taxes-two-fees", who="天津市麦香阁面馆")
    page = owner.visitor.get("/result")
    response = owner.send("/letter", {"lang": "zh"}, page)
    assert response.mimetype == "application/pdf"


def test_what_is_not_known_stands_together(owner: Interview) -> None:
    """All answers of 不清楚 lie under one fold after the others, each with its link; a fact told stays in its group."""
    owner.begin("six-taxes-two-fees", fact_district="heping")
    page = owner.visitor.get("/ask?fact=vat_status&fact=employees_end_last_month&fact=legal_form")
    owner.tell(page, vat_status="general")
    answers = owner.visitor.get("/answers")
    (fold,) = answers.root.iter("details")
    assert "还不清楚的2个答案" in words(fold)
    assert {link.get("href") for link in fold.iter("a")} == {
        "/ask?fact=employees_end_last_month&back=answers",
        "/ask?fact=legal_form&back=answers",
    }
    assert "一般纳税人" not in words(fold)


def test_the_button_says_what_answering_on_brings(owner: Interview) -> None:
    """With a status open it promises more schemes; with all settled only sums; with some out of reach it says how many."""
    owner.begin(*TWO, fact_district="heping")
    assert "还有题能再定几项" in owner.visitor.get("/result").text
    owner.tell(owner.visitor.get("/ask?fact=vat_status"), vat_status="small_scale")
    owner.tell(owner.visitor.get("/ask?fact=tax_filing_cycle"), tax_filing_cycle="quarterly")
    assert "能定的都定了；再答几题，金额算得更准" in owner.visitor.get("/result").text
    owner.begin("six-taxes-two-fees", "infrastructure-reits")
    owner.send("/ask", {"fact": "gate:reits", "gate_reits": "?", "do": "next"})
    text = owner.visitor.get("/result").text
    assert "能定的都定了" not in text
    assert "1项还定不下来" in text
