"""Tests of the results page: the answer with the money, how the total is reached, and the ways on."""

from tests.fixtures.pages import Visitor, words
from tests.site.interview.conftest import SHOP, TWO, Interview


def test_without_answers_it_leads_to_the_start(visitor: Visitor) -> None:
    """There is nothing to show before anything was told."""
    response = visitor.client.get("/result")
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def test_the_answer_and_how_its_total_is_reached(owner: Interview) -> None:
    """The sentence names the money; the sums below add up to it."""
    owner.play(owner.begin(*TWO), SHOP)
    for fact in ("six_taxes_two_fees_payable", "tax_filing_cycle"):
        owner.tell(owner.visitor.get(f"/ask?fact={fact}"), **{fact: SHOP[fact]})
    sales = ("period_sales", "period_real_estate_sales", "period_special_invoice_sales")
    page = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in sales))
    owner.tell(page, **{fact: SHOP[fact] for fact in sales})
    page = owner.visitor.get("/result")
    assert words(page.by_id("answer")).startswith("现在可享受2项。合计约4,805元。")
    sums = [words(row) for row in page.root.findall(".//details[@class='total']//td")]
    assert sorted(sums) == ["155元", "4,650元", "4,805元"]


def test_what_is_missing_is_one_press_away(owner: Interview) -> None:
    """A missing fact links to its question, and the answer leads back."""
    owner.begin("six-taxes-two-fees", fact_district="heping")
    page = owner.visitor.get("/result")
    link = page.by_id("scheme-six-taxes-two-fees").find(".//ul[@class='links']//a")
    assert link is not None
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
