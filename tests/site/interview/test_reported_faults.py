"""What owners of eight firms stumbled over, by its number, each held by a test: here those that no other file holds.

1  a conflict that no relation states: engine/choose/test_headline (nobody_is_told_of_a_conflict)
2  a headline that denies money: engine/choose/test_headline (never_contradicts_a_card, a_deduction_is_said_as_the_tax_it_saves,
   a_relief_of_a_period), test_result (three_numbers_come_first)
3  the question worth most, sums without an end: engine/ask/test_estimate (the_question_worth_most_is_asked), engine/choose/test_headline
   (a_ceiling_of_the_law), test_pause and benchmarks/test_interview (the_offer_to_stop_is_right)
4  money late, subjects the firm cannot have: engine/ask/test_estimate (a_noodle_shop_is_not_asked), test_owner (five_answers), and here
5  an estimate, entitlements of 0 yuan: engine/ask/test_estimate, test_result (what_is_worth_nothing), papers/test_take (of_another_way_in),
   and here
6  Monday: test_result (whom_to_call), papers/test_take (the_office_of_the_district), papers/test_dates, rulebook/test_deadlines
7  one button for 49 facts: test_owner (never_speaks_of_shame, what_the_button_answers), test_ask (counted_before_they_are_given)
8  words of the trade: test_owner (every_title_is_a_question, the_title_of_a_table), and here
9  inputs: test_owner (a_number_is_read, more_staff, far_out), and here
10 counts, undo, links, sheets: test_result (the_counts_agree), answers/test_views (a_deletion_can_be_undone), answers/test_link_views
   (leads_to_the_result), papers/test_print (one_side), and here
11 advice: engine/test_levers                12 who runs it, one frame, order: test_result_page (header, sums_fall), and here
13 search: firms/search/test_scheme_search, site/test_scheme_list
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from matcher.answers.answers import band_text
from matcher.engine.ask.play import Played, play
from matcher.engine.ask.readings import Told
from matcher.engine.ask.survey import survey
from matcher.presentation.questions import as_asked
from matcher.rulebook.files import Fact
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from matcher.text.sentences import how_to_write
from tests.fixtures.pages import Visitor

from .conftest import Interview, asked
from .test_owner import SHOP as TYPED

TODAY = date(2026, 12, 2)
SHOP: dict[str, Scalar] = {
    "industry": "6210", "district": "heping", "legal_form": "individual_business", "vat_status": "small_scale", "employees": 8,
}  # fmt: skip
# What a shop takes and pays stands in these; the others are what nobody likes to be asked and what brings it nothing.
MONEY = ("period_sales", "six_taxes_two_fees_payable", "unemployment_premium_months")
NO_MONEY = ("workers_charged_deposit", "hoarded_after_warning", "spread_price_rumour")


def test_4_a_shop_is_asked_for_its_money_before_what_brings_it_none(rulebook: Rulebook) -> None:
    """Eight people in a kitchen, whose owner cannot say whether anything speaks against them: deposits and rumours come after all sums;
    futures, Lanzhou and Jilin never."""
    asked = list(play(rulebook, SHOP, TODAY).questions)
    assert {*MONEY, *NO_MONEY} <= {*asked}
    assert max(asked.index(name) for name in MONEY) < min(asked.index(name) for name in NO_MONEY)
    never = {
        "manipulated_futures_market",
        "futures_illegal_gain",
        "gate:regions",
        "cooperates_with_jilin",
        "gate:reits",
    }
    assert not never & {*asked}


@pytest.fixture(scope="module")
def blank(rulebook: Rulebook) -> Played:
    """The interview of an owner who answers 不清楚 to everything."""
    return play(rulebook, {}, TODAY)


# A road haulier and a kindergarten: neither has a REIT or a place on a supply chain's list.
HAULIER: dict[str, Scalar] = {
    "industry": "5430", "district": "dongli", "legal_form": "company", "vat_status": "general", "employees": 35,
}  # fmt: skip
KINDERGARTEN: dict[str, Scalar] = {
    "industry": "8310", "district": "hebei", "legal_form": "social_organisation", "vat_status": "small_scale", "employees": 28,
}  # fmt: skip


@pytest.mark.parametrize(
    ("firm", "never"),
    [
        (SHOP, {"asked_for_chain_finance", "has_foreign_investor"}),
        (HAULIER, {"gate:reits"}),
        (KINDERGARTEN, {"gate:reits", "asked_for_chain_finance"}),
    ],
)
def test_4_no_subject_that_the_firm_cannot_have_is_asked(
    rulebook: Rulebook, firm: dict[str, Scalar], never: set[str]
) -> None:
    """Whoever answers 不清楚 to all else is asked most; not of REITs of a haulier, nor of foreign investors of one man's shop."""
    assert not never & {*play(rulebook, firm, TODAY).questions}


def test_2_what_is_only_deducted_sooner_is_no_money(owner: Interview) -> None:
    """“设备、器具一次性税前扣除……最多500万元” stood beside a range that ended at 77.5万元."""
    owner.begin(**typed(HAULIER))
    page = owner.visitor.get("/ask?fact=equipment_is_building&fact=equipment_unit_price").text
    assert "设备、器具一次性税前扣除要看这一点" in page
    assert "500万元" not in page


def test_5_a_result_without_figures_says_which_are_wanted(owner: Interview) -> None:
    """The last screen spoke of 6.1万元 to 31.2万元, the result of 0元 and of nothing to do: it names the figures and what hangs on them."""
    owner.begin(**typed(KINDERGARTEN))
    page = owner.visitor.get("/ask?fact=period_sales")
    owner.tell(page, period_sales="77万")
    page = owner.visitor.get("/ask?fact=tax_filing_cycle")
    owner.tell(page, tax_filing_cycle="quarterly")
    told = owner.visitor.get("/result").text
    assert "填上这几个数，钱才算得出" in told
    assert "同类企业一年最多" in told
    assert "下周一先不用跑" not in told
    page = owner.visitor.get("/ask?fact=period_special_invoice_sales")
    owner.tell(page, period_special_invoice_sales="0")
    after = owner.visitor.get("/result").text
    assert "增值税小规模纳税人减免：同类企业" not in after


def test_6_a_shop_brings_no_papers_of_companies(rulebook: Rulebook) -> None:
    """The settlement return of a company and a new firm's payroll are for none that has the relief as an individual business."""
    papers = rulebook.schemes["six-taxes-two-fees"].evidence
    company = {"vat_status": "general", "legal_form": "company"}
    assert [one.zh for one in papers if one.is_for(SHOP)] == []
    assert len([one for one in papers if one.is_for({**company, "is_before_first_settlement": False})]) == 1
    assert len([one for one in papers if one.is_for(company)]) == 2


def test_7_no_button_denies_what_most_firms_have(owner: Interview, rulebook: Rulebook) -> None:
    """One press said that a haulier is not small, keeps no books and insures nobody, and cost it every relief: these stay open."""
    assert rulebook.likely.affirmed >= {
        "insured_in_tianjin",
        "is_audited_collection",
        "small_low_profit_per_settlement",
    }
    facts = (*sorted(rulebook.likely.affirmed), "has_exports")
    page = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in facts))
    assert "替您答的最多这1点" in page.text
    owner.tell(page, "rest_no")
    again = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in facts))
    assert [again.value(f"fact_{fact}") for fact in facts] == ["?", "?", "?", "false"]


def test_8_who_cannot_say_is_not_asked_for_seventeen_figures(rulebook: Rulebook) -> None:
    """Whether any quarter passed the bounds: 不清楚 leads to no table of every quarter's figures."""
    told = Told({**KINDERGARTEN, "annual_taxable_income": Fraction(60_000)})
    asked = {*survey(rulebook, told, TODAY).prices}
    assert "q1_end_assets" in asked
    gate = rulebook.gates["gate:over_small_size"]
    unsure = replace(told, gates=told.gates | {gate.id}, unsure=told.unsure | {gate.id})
    assert not {*gate.upto} & {*survey(rulebook, unsure, TODAY).prices}


def test_8_a_question_says_nothing_twice(rulebook: Rulebook) -> None:
    """“各行业标准不同” stood in the question's own hint and in how to write the answer."""
    fact = rulebook.facts["size_class"]
    hint = plain_hint(fact)
    assert hint.count("我们来算") == 1
    assert hint.count("各行业标准不同") == 1


def typed(facts: dict[str, Scalar]) -> dict[str, str]:
    """What an owner fills in on the first page."""
    told = {f"fact_{name}": str(value) for name, value in facts.items() if name != "industry"}
    return {**told, "words": str(facts["industry"])}


def plain_hint(fact: Fact) -> str:
    """All that stands under a question."""
    return as_asked(fact, "zh")[1] + (how_to_write(fact.id, fact.type, "zh") or "")


def test_8_nobody_is_asked_what_no_owner_can_answer(rulebook: Rulebook, blank: Played) -> None:
    """The mode of a licence's reform is asked of whoever chose that scheme by name alone."""
    assert "licence_reform_mode" in rulebook.likely.only_by_name
    assert "licence_reform_mode" not in blank.questions


@pytest.mark.parametrize("folder", ["templates/interview", "templates/embed", "templates/keep"])
def test_8_no_page_of_the_check_speaks_of_lines_and_filling_in(repo_root: Path, folder: str) -> None:
    """“离线还有2次” said how far a bound is, and “把知道的填上” stood over every table."""
    told = "".join(file.read_text(encoding="utf-8") for file in (repo_root / folder).glob("*.html"))
    told += (repo_root / "matcher/text/interview_labels.py").read_text(encoding="utf-8")
    for wrong in ("离线还有", "把知道的填上", "贵单位是什么情况", "答到一半"):
        assert wrong not in told


def test_9_a_chip_names_a_round_sum(rulebook: Rulebook, blank: Played) -> None:
    """The bounds of the bands that are offered are the law's: no “不超过409.999999万元”."""
    asks = [ask for turn in blank.turns if turn.after and turn.after.screen for ask in turn.after.screen.asks]
    said = [
        band_text(rulebook.facts[ask.fact], band, lang) for ask in asks for band in ask.bands for lang in ("zh", "en")
    ]
    assert said
    assert not [one for one in said if re.search(r"\d\.\d{3,}|9999", one)]


def test_10_a_finished_owner_is_not_called_half_way(owner: Interview) -> None:
    """With nothing left to ask the first page offers the results alone."""
    response = owner.begin("six-taxes-two-fees", **TYPED)
    while not response.headers["Location"].endswith("/result"):
        page = owner.screen(response)
        response = owner.send(
            "/ask",
            {"fact": list(asked(page)), "do": "skip"},
            page,
        )
    page = owner.visitor.get("/")
    assert "上次的答案还在" in page.text
    assert "看结果" in page.text
    assert "接着答" not in page.text


def test_12_the_page_says_who_runs_it(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name, a number to tap and the address, from the settings; without them it says that they are wanting, and whom to call."""
    assert 'href="tel:12345"' in visitor.client.get("/").text
    monkeypatch.setenv("MATCHER_OPERATOR", "天津市企业服务中心")
    monkeypatch.setenv("MATCHER_OPERATOR_PHONE", "022-12345678")
    monkeypatch.setenv("MATCHER_OPERATOR_ADDRESS", "和平区大沽北路1号")
    told = visitor.client.get("/").text
    assert all(one in told for one in ("天津市企业服务中心", 'href="tel:022-12345678"', "和平区大沽北路1号"))


def test_12_the_english_is_not_quaint(repo_root: Path) -> None:
    """Nothing is “for want of”, and nobody is “whosoever”."""
    told = "".join(file.read_text(encoding="utf-8") for file in (repo_root / "matcher/text/locale/en").glob("*.po"))
    assert not re.findall(r'msgstr ".*(?:for want of|[Ww]hosoever|hereinunder|thereof).*"', told)
