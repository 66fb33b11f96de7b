"""Tests of the interview: one screen after the other, each under its own address; nothing lost, nothing asked twice."""

import pytest

from tests.fixtures.pages import Page, parsed, words
from tests.site.interview.conftest import SHOP, TWO, Interview, asked, asked_by, numbers


def heading(page: Page) -> str:
    """The page's heading."""
    found = page.root.find(".//h1")
    assert found is not None
    return words(found)


def test_an_interview_ends_with_the_results(owner: Interview) -> None:
    """A shop is asked a few questions, none twice, and sees what it is entitled to."""
    screens = owner.play(owner.begin(*TWO), SHOP)
    facts = [fact for screen in screens for fact in screen]
    assert len(facts) == len(set(facts))
    page = owner.visitor.get("/result")
    assert "六税两费" in page.text
    assert "增值税小规模纳税人减免" in page.text


def test_every_question_says_why_and_what_not_knowing_costs(owner: Interview) -> None:
    """Each question names a scheme that waits for it, and says what stays open."""
    page = owner.screen(owner.begin())
    costs = [words(e) for e in page.root.iter("p") if "price" in (e.get("class") or "").split()]
    assert len(costs) == len(asked(page))
    assert all("不清楚" in cost for cost in costs)


def test_back_shows_the_question_answered(owner: Interview) -> None:
    """The address of an answered screen shows it again with the answer, and an answer changed there asks nothing anew."""
    first = owner.begin(words="6220")
    page = owner.screen(first)
    answers = {fact: SHOP[fact] for fact in asked(page) if fact in SHOP}
    told = owner.tell(page, **answers)
    again = owner.visitor.get(first.headers["Location"])
    assert answers
    assert {fact: again.value(f"fact_{fact}") for fact in answers} == answers
    assert asked_by(owner.tell(again, **answers)) == asked_by(told)


def test_refresh_is_the_same_screen(owner: Interview) -> None:
    """A screen opened twice asks the same."""
    location = owner.begin().headers["Location"]
    assert asked(owner.visitor.get(location)) == asked(owner.visitor.get(location))


def test_not_sure_is_never_asked_again(owner: Interview) -> None:
    """Who knows nothing at all comes to an end, each question asked once."""
    screens = owner.play(owner.begin(*TWO), {})
    facts = [fact for screen in screens for fact in screen]
    assert len(facts) == len(set(facts))
    assert "不清楚" in owner.visitor.get("/answers").text


def test_the_rest_is_no(owner: Interview) -> None:
    """One button says no to whatever stands open in a list of yes and no; what the firm agrees to stays 不清楚."""
    owner.begin()
    page = owner.visitor.get("/ask?fact=has_exports&fact=has_price_exposure&fact=authorises_credit_data")
    facts = asked(page)
    owner.tell(page, "rest_no", **{facts[0]: "true"})
    again = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in facts))
    assert [again.value(f"fact_{fact}") for fact in facts] == ["true", "false", "?"]
    assert "要您同意和多半答“是”的不在里面" in page.text


def test_no_answers_beneath_a_gate_are_counted_before_they_are_given(owner: Interview) -> None:
    """A list with whole subjects in it says how many points "none of the rest" answers, and which; penalties never."""
    page = owner.visitor.get("/ask?fact=gate:regions&fact=gate:conduct&fact=is_in_ftz")
    assert "替您答的最多这4点" in page.text
    assert "是否被列为失信被执行人" not in page.text


def test_one_answer_is_changed_alone(owner: Interview) -> None:
    """A change link leads to that question and back to all answers; the others stay."""
    owner.begin(fact_district="heping", words="6220")
    page = owner.visitor.get("/ask?fact=district&back=answers")
    response = owner.send("/ask", {"fact": "district", "back": "answers", "fact_district": "hexi", "do": "next"}, page)
    assert response.headers["Location"] == "/answers"
    text = owner.visitor.get("/answers").text
    assert "河西区" in text
    assert "6220" in text


@pytest.mark.parametrize(
    ("fact", "typed", "said"),
    [
        ("period_sales", "-5", "不能小于0"),
        ("period_sales", "很多", "不是数"),
        ("period_sales", "9" * 300, "200个字"),
        ("employees", "😀", ""),
        ("employees", "3.5", "整数"),
        ("loan_granted_on", "2022年2月31日", "没有"),
        ("vat_status", "empire", "只能是"),
    ],
)
def test_a_fault_stands_beside_its_field(owner: Interview, fact: str, typed: str, said: str) -> None:
    """What cannot be is said beside the field, with what was typed; a good answer of the same screen is kept."""
    form = {"fact": [fact, "district"], f"fact_{fact}": typed, "fact_district": "heping", "do": "next"}
    response = owner.send("/ask", form)
    page = parsed(response)
    assert response.status_code == 422
    assert said in words(page.by_id(f"fact_{fact}-fault")).replace(" ", "")
    assert page.value("fact_district") == "heping"
    assert fact == "vat_status" or page.value(f"fact_{fact}") == typed


@pytest.mark.parametrize(("typed", "echo"), [("３０万", "300,000元 = 30万元"), ("1.2亿", "120,000,000元 = 1.2亿元")])
def test_figures_are_said_back_in_words(owner: Interview, typed: str, echo: str) -> None:
    """A figure is echoed while it is typed, and on the next screen."""
    form = {"fact": "period_sales", "fact_period_sales": typed}
    looked = parsed(owner.send("/ask", {**form, "look": "1"}))
    assert words(looked.by_id("fact_period_sales-echo")) == f"= {echo}"
    assert echo in owner.screen(owner.send("/ask", {**form, "do": "next"})).text


def test_a_look_keeps_nothing(owner: Interview) -> None:
    """What the script asks while one answers shows what it would settle, and is not kept."""
    page = owner.screen(owner.begin(*TWO))
    before = words(page.by_id("settled-said"))
    form = {"fact": list(asked(page)), "look": "1", **{f"fact_{fact}": SHOP.get(fact, "") for fact in asked(page)}}
    looked = owner.send("/ask", form, page)
    assert looked.status_code == 200
    assert "Set-Cookie" not in looked.headers or "answers=" not in looked.headers["Set-Cookie"]
    assert (
        words(owner.visitor.get(owner.visitor.client.get("/ask").headers["Location"]).by_id("settled-said")) == before
    )


def test_two_tabs_lose_nothing(owner: Interview) -> None:
    """Two screens opened side by side and answered one after the other are both kept."""
    one, other = (owner.visitor.get(f"/ask?fact={fact}") for fact in ("employees", "district"))
    owner.tell(one, employees="4")
    owner.tell(other, district="heping")
    text = owner.visitor.get("/answers").text
    assert "4人" in text
    assert "和平区" in text


def test_the_language_switch_keeps_what_stands_in_the_field(owner: Interview) -> None:
    """A half-answered screen is the same in English, with what was typed."""
    page = owner.visitor.get("/ask?fact=employees")
    switched = parsed(owner.send("/ask", {"fact": "employees", "fact_employees": "４", "switch": "en"}, page))
    assert switched.root.get("lang") == "en"
    assert switched.value("fact_employees") == "４"


def test_a_term_is_explained_where_it_stands(owner: Interview) -> None:
    """A question that uses a word of the trade explains it, with an example."""
    page = owner.visitor.get("/ask?fact=vat_status")
    assert "什么是“小规模纳税人”" in page.text
    assert "例：" in page.text


def test_a_bad_token_loses_nothing(owner: Interview) -> None:
    """Without a good token nothing is kept, and the screen comes back as it was answered."""
    page = parsed(owner.visitor.client.post("/ask", data={"fact": "employees", "fact_employees": "4"}))
    assert page.response.status_code == 400
    assert page.value("fact_employees") == "4"
    assert "还没有答案" in owner.visitor.get("/answers").text


def test_what_is_no_question_leads_on(owner: Interview) -> None:
    """A department's finding, junk and nothing at all lead to the next screen."""
    for address in ("/ask", "/ask?fact=dept_municipal_chain_leader", "/ask?fact=<x>"):
        assert asked_by(owner.visitor.client.get(address))


def test_skipping_to_the_results_answers_nothing(owner: Interview) -> None:
    """The results may be seen at any time; what was left blank is still open then."""
    page = owner.screen(owner.begin(fact_district="heping"))
    assert owner.tell(page, "result").headers["Location"] == "/result"
    assert asked_by(owner.visitor.client.get("/ask")) == asked(page)


def test_no_answer_stands_in_an_address(owner: Interview) -> None:
    """Addresses name what is asked, never what was answered."""
    page = owner.visitor.get("/ask?fact=period_sales")
    response = owner.tell(page, period_sales="155000")
    assert "155000" not in response.headers["Location"]


def test_quarterly_figures_are_one_small_table(owner: Interview) -> None:
    """A row for each end of a quarter, a column for staff and assets; why it is asked is said once, and a fault in its cell."""
    facts = [f"q{n}_{end}_{kind}" for kind in ("employees", "assets") for n in (1, 2) for end in ("start", "end")]
    page = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in facts))
    table = page.root.find(".//table")
    assert table is not None
    assert [words(head) for head in table.findall("./thead//th")] == ["从业人数（人）", "资产总额（元）"]
    assert [words(head) for head in table.findall("./tbody//th")] == ["一季度初", "一季度末", "二季度初", "二季度末"]
    fields = table.findall(".//input")
    assert {field.get("name") for field in fields} == {f"fact_{fact}" for fact in facts}
    assert all(field.get("aria-label") for field in fields)
    assert page.text.count("不清楚就定不下来") == 1
    response = owner.tell(page, q1_start_employees="很多", q1_start_assets="300万")
    refused = parsed(response)
    assert response.status_code == 422
    assert words(refused.by_id("fact_q1_start_employees-fault"))
    assert refused.value("fact_q1_start_assets") == "300万"


def test_the_way_to_the_results_says_how_it_stands(owner: Interview) -> None:
    """Beside the button stands how many schemes the firm has, as the results say it, and how many are open."""
    page = owner.screen(owner.begin(*TWO, fact_district="heping", words="6220"))
    owner.tell(page, vat_status="small_scale")
    page = owner.visitor.get("/ask?fact=tax_filing_cycle")
    settled, every = numbers(words(page.by_id("settled-said")))
    held, left = numbers(words(page.by_id("stands")))
    assert left == every - settled
    assert held >= 0
