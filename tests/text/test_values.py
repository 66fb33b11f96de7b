"""Values of facts and outputs as people read them, and what is taken out of a stranger's text."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from matcher.rulebook import Rulebook, Text
from matcher.rulebook.language import BOOLEAN, DATE, MONEY, NUMBER, TEXT, Scalar, Type, unit_of
from matcher.text import values


@pytest.mark.parametrize(
    ("fact", "value", "zh", "en"),
    [
        ("vat_status", "small_scale", "小规模纳税人", "small-scale taxpayer"),
        ("is_before_first_settlement", True, "是", "yes"),
        ("employees_end_last_month", 1212, "1,212人", "1,212 persons"),
        ("assets_end_last_month", 3_800_000_000, "38,000,000.00元", "38,000,000.00 yuan"),
        ("name", "恒通‮公司", "恒通公司", "恒通公司"),
    ],
)
def test_told_fact(rulebook: Rulebook, fact: str, value: Any, zh: str, en: str) -> None:
    """A told fact reads as its label, its unit, yes or no; text loses what would turn the reading order."""
    assert values.value_text(rulebook.facts[fact], value, "zh", cents=True) == zh
    assert values.value_text(rulebook.facts[fact], value, "en", cents=True) == en


def test_decision_strings_come_back_exact(rulebook: Rulebook) -> None:
    """What a decision carries as text is read back to the exact value: money in fen, a count as a whole number."""
    read = {fact: values.typed_value(rulebook.facts[fact], text) for fact, text in STRINGS.items()}
    assert read == {
        "assets_end_last_month": 5_000_000_001,
        "employees_end_last_month": 301,
        "is_before_first_settlement": False,
        "vat_status": "general",
    }


STRINGS = {
    "assets_end_last_month": "50000000.01",
    "employees_end_last_month": "301",
    "is_before_first_settlement": "false",
    "vat_status": "general",
}


def test_clean_keeps_names() -> None:
    """Control and bidirectional characters go, blanks close up, and the rarest ideograph of a name stays."""
    assert values.clean("天津\x00喆\u202e堃\n  𬭎\U00031350 行") == "天津喆堃 𬭎\U00031350 行"


def test_printed_chinese_is_set_tight() -> None:
    """Blanks between Chinese and figures go; an address and a number of an instrument keep theirs."""
    assert values.set_tight("人数 212 人，财政部 税务总局公告，见 https://a.cn 办", "zh") == (
        "人数212人，财政部 税务总局公告，见 https://a.cn 办"
    )
    assert values.set_tight("staff 212 persons", "en") == "staff 212 persons"


@pytest.mark.parametrize(
    ("fact_id", "value", "written"),
    [
        ("assets_end_last_month", 5_000_000_00, "= 5,000,000元 = 500万元"),
        ("employees_end_last_month", 212, "= 212人"),
        ("input_composition_ratio", Fraction(1, 8), "= 12.5%"),
        ("established_on", date(2022, 3, 1), "= 2022年3月1日"),
        ("is_tech_sme", True, None),
        ("legal_form", "company", None),
        ("name", "某公司", None),
    ],
)
def test_what_was_understood_is_said_back(rulebook: Rulebook, fact_id: str, value: Scalar, written: str) -> None:
    """Figures and days are said back under their field; choices and names cannot be mistaken."""
    assert values.echo_text(rulebook.facts[fact_id], value, "zh") == written


@pytest.mark.parametrize(
    ("fact_id", "value", "zh", "en"),
    [
        ("legal_form", "company", "公司（有限责任公司、股份有限公司）", "company"),
        ("is_tech_sme", "true", "是", "yes"),
        ("is_tech_sme", False, "否", "no"),
        ("employees_end_last_month", "1", "1人", "1 person"),
        ("assets_end_last_month", "50000000.00", "50,000,000元", "50,000,000 yuan"),
        ("established_on", "2022-03-01", "2022年3月1日", "1 March 2022"),
        ("industry", "3670", "3670", "3670"),
    ],
)
def test_values_of_a_decision_are_put_into_words(
    rulebook: Rulebook, fact_id: str, value: object, zh: str, en: str
) -> None:
    """A value from a decision's JSON reads like an answer in both languages."""
    fact = rulebook.facts[fact_id]
    assert (values.stated_text(fact, value, "zh"), values.stated_text(fact, value, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("type_", "value", "zh", "en"),
    [
        (NUMBER, "0.5", "50%", "50%"),
        (MONEY, "40000.00", "40,000元", "40,000 yuan"),
        (DATE, "2022-12-31", "2022年12月31日", "31 December 2022"),
        (Type("number", unit_of("months"), whole=True), 13, "13个月", "13 months"),
        (Type("number", unit_of("tonnes a year")), "1250000", "1,250,000吨/年", "1,250,000 tonnes a year"),
        (Type("number", unit_of("yuan/persons")), "1500.00", "1,500元/人", "1,500 yuan/person"),
        (BOOLEAN, True, "是", "yes"),
        (TEXT, "municipal", "市级审查", "the city"),
        (TEXT, "2024", "2024", "2024"),
    ],
)
def test_an_output_is_written_by_the_type_of_its_rule(type_: Type, value: object, zh: str, en: str) -> None:
    """The unit comes from the expression, the words from the rule; a text without words stands as it is."""
    words = {"municipal": Text(zh="市级审查", en="the city")}
    assert values.output_text(value, type_, words, "zh") == zh
    assert values.output_text(value, type_, words, "en") == en
