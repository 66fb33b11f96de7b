"""What owners stumbled over: the first figure, lists that answered too much, numbers as people write them, titles that are no question."""

from __future__ import annotations

import re

import pytest

from matcher.firms.numbers import number
from matcher.presentation.questions import as_asked
from matcher.rulebook import Rulebook
from tests.fixtures.pages import words

from .conftest import Interview, asked

SHOP = {"words": "6220", "fact_industry": "6220", "fact_district": "heping", "fact_legal_form": "individual_business",
        "fact_vat_status": "small_scale", "fact_employees": "四个人"}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("15人", "15"), ("十五", "15"), ("四个人", "4"), ("320w", "3200000"), ("三百二十万", "3200000"), ("1.2 million", "1200000"),
        ("1,2 万", "12000"), ("３２０", "320"), ("约300万", "3000000"), ("300万元左右", "3000000"), ("无", "0"), ("no", "0"),
        ("一亿二千万", "120000000"), ("12k", "12000"), ("1.5M yuan", "1500000"), ("两千", "2000"), ("一百零五", "105"), ("3万2千", "32000"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(written: str, meant: str) -> None:
    """In either language, with a unit, a short form or Chinese numerals; never rounded."""
    assert number(written) == meant


@pytest.mark.parametrize("written", ["abc", "一二三", "1,2", "万", "十万万", "12万34万", "人", "1.2.3"])
def test_what_is_no_number_is_not_guessed(written: str) -> None:
    """A figure that can be read two ways is asked for again."""
    assert number(written) is None


def test_five_answers_give_a_first_figure(owner: Interview) -> None:
    """After industry, district, kind, taxpayer and staff a range stands on top of the next screen, and is called an estimate."""
    page = owner.screen(owner.begin(**SHOP))
    assert "先给您一个数" in page.text
    assert "估算" in page.text
    assert re.search(r"元\s*～.*?元", page.text, re.S)
    assert all(name in page.text for name in ("稳拿", "可以申请", "差一步"))
    assert "上限还不知道" not in page.text


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ("fact=district&fact=employees", "单位概况、规模：这几项各是哪一种、多少？"),
        ("fact=employees&fact=annual_revenue", "规模：这几个数各是多少？"),
    ],
)
def test_the_title_of_a_table_is_its_question(owner: Interview, facts: str, title: str) -> None:
    """It names what the figures are about, and asks for figures only where all are: a district is no number."""
    page = owner.visitor.get(f"/ask?{facts}")
    assert [words(one) for one in page.root.iter("h1")] == [title]


def test_more_staff_than_anybody_has_is_asked_back(owner: Interview) -> None:
    """99,999,999,999,999 people is a slip of the hand."""
    answer = owner.begin(**{**SHOP, "fact_employees": "99999999999999"})
    assert answer.status_code == 422
    assert "没有企业有这么多" in answer.text


def test_a_figure_far_out_for_the_firm_is_asked_back_once(owner: Interview) -> None:
    """Four people with a turnover of nine hundred million: asked again, and taken when it is sent again."""
    page = owner.screen(owner.begin(**SHOP))
    assert asked(page) == ("annual_revenue", "ownership")
    form = {
        "fact": ["annual_revenue", "ownership"],
        "fact_ownership": "private",
        "do": "next",
        "fact_annual_revenue": "9亿",
    }
    first = owner.send("/ask", form, page)
    assert first.status_code == 422
    assert "多出几十倍" in first.text
    again = owner.send("/ask", {**form, "sure": "annual_revenue=9亿"}, page)
    assert again.status_code == 303


def test_none_of_the_rest_never_speaks_of_shame(owner: Interview, rulebook: Rulebook) -> None:
    """Dishonesty, penalties, arrears and deposits are answered by the firm itself, alone, or not at all."""
    shame = rulebook.likely.declarations
    response = owner.begin(**SHOP)
    for _ in range(30):
        if response.headers["Location"].endswith("/result"):
            break
        page = owner.screen(response)
        names = asked(page)
        if "其余都没有" in page.text:
            assert not shame & {*names}
            assert not any(rulebook.gates[name].is_declaration for name in names if name in rulebook.gates)
        response = owner.send("/ask", {"fact": list(names), "do": "rest_no"}, page)
    told = owner.visitor.get("/answers").text
    assert "失信被执行人" not in told


def test_a_consent_that_was_passed_over_is_not_asked_for_again(owner: Interview, rulebook: Rulebook) -> None:
    """The button says no for no consent; on the next screen it would only stand in the way."""
    response, seen = owner.begin(**SHOP), list[str]()
    for _ in range(12):
        if response.headers["Location"].endswith("/result"):
            break
        page = owner.screen(response)
        seen += [name for name in asked(page) if name in rulebook.facts and rulebook.facts[name].consent]
        response = owner.send("/ask", {"fact": list(asked(page)), "do": "rest_no"}, page)
    assert "authorises_credit_data" in seen
    assert len(seen) == len({*seen})


def test_what_the_button_answers_is_listed_beside_it(owner: Interview) -> None:
    """The list stands at the button, not screens below."""
    page = owner.screen(owner.begin(**SHOP))
    page = owner.screen(owner.tell(page, annual_revenue="620000"))
    assert "其余都没有" in page.text
    at = page.text.index("其余都没有，下一步")
    assert page.text.index("替您答的最多这", at) - at < 1500


def test_every_title_is_a_question_in_plain_words(rulebook: Rulebook) -> None:
    """It ends with a question mark, names no instrument, and is not longer than a phone's three lines."""
    for fact in rulebook.facts.values():
        if fact.is_finding or fact.group == "worker":
            continue
        title, _ = as_asked(fact, "zh")
        assert title.endswith("？"), fact.id
        assert not re.search(r"〔\d{4}〕|公告\d{4}年|第\d+号", title), fact.id
        assert len(title) <= 48, (fact.id, len(title), title)
        assert as_asked(fact, "en")[0].endswith("?"), fact.id
