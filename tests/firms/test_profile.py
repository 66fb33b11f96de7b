"""Facts as told become the values the engine works with, and every value that cannot be right is named."""

import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.firms.notation import read_yaml
from matcher.firms.numbers import Numeral
from matcher.firms.profile import read_facts, remarks
from matcher.rulebook.rulebook import Rulebook


@pytest.mark.parametrize(
    ("field", "told", "value"),
    [
        ("employees", 3, 3),
        ("employees", "212", 212),
        ("employees", Numeral("1e2"), 100),
        ("employees", Decimal("3.0"), 3),
        ("annual_revenue", "38642.57", 3864257),
        ("annual_revenue", 38642.57, 3864257),
        ("annual_revenue", Numeral("1.500"), 150),
        ("annual_revenue", "999999999999999.99", 99999999999999999),
        ("business_taxable_income", "-12.5", -1250),
        ("input_composition_ratio", 0.3, Fraction(3, 10)),
        ("input_composition_ratio", "1", Fraction(1)),
        ("electric_range_km", Numeral("405.5"), Fraction(811, 2)),
        ("established_on", "2024-02-29", datetime.date(2024, 2, 29)),
        ("established_on", datetime.date(2024, 2, 29), datetime.date(2024, 2, 29)),
        ("is_tech_sme", False, False),
        ("vat_status", "general", "general"),
        ("industry", "0111", "0111"),
        ("industry", "1310", "131"),
        ("industry", "1300", "13"),
        ("name", " 天津某某有限公司 ", "天津某某有限公司"),
        ("credit_code", "91120101666842431t", "91120101666842431T"),
    ],
)
def test_a_good_value_becomes_what_the_engine_works_with(
    rulebook: Rulebook, field: str, told: object, value: object
) -> None:
    """Money is whole fen, rates and numbers are exact fractions, dates are dates, the rest is itself."""
    facts, faults = read_facts(rulebook, {field: told})
    assert not faults
    assert facts == {field: value}
    assert type(facts[field]) is type(value)


def test_null_is_not_told(rulebook: Rulebook) -> None:
    """A null leaves the fact unknown and is no fault."""
    assert read_facts(rulebook, {"employees": None, "is_tech_sme": None}) == ({}, [])


@pytest.mark.parametrize(
    ("field", "told", "said"),
    [
        ("employees", 3.5, "整数"),
        ("employees", -1, "不能小于 0"),
        ("employees", "many", "不是数"),
        ("employees", "", "没有填数"),
        ("employees", True, "要填一个数"),
        ("employees", float("nan"), "不是数"),
        ("employees", float("inf"), "不是数"),
        pytest.param("employees", 10**5000, "太长", id="huge integer"),
        ("employees", Numeral("1e400"), "太大"),
        pytest.param("employees", Numeral("9" * 5_000_000), "太长", id="huge numeral"),
        ("employees", "12人", "不带单位"),
        ("employees", [3], "只能有一个值"),
        ("employees", {"a": 1}, "只能有一个值"),
        ("prior_year_months", 13, "不能大于 12"),
        ("annual_revenue", "-0.01", "不能小于 0"),
        ("annual_revenue", "1.005", "两位小数"),
        ("annual_revenue", "3,000,000", "写成 3000000"),
        ("annual_revenue", "３０００", "写成 3000"),
        ("annual_revenue", "30万元", "300000"),
        ("annual_revenue", "1e-20", "两位小数"),
        ("loan_annual_rate", "0.37", "不能大于 0.36"),
        ("loan_annual_rate", 3, "写 0.03"),
        ("loan_annual_rate", "3%", "0.03"),
        ("established_on", "2023-02-30", "没有 2023-02-30 这一天"),
        ("established_on", "2024/7/1", "写成 2024-07-01"),
        ("established_on", "2024年7月1日", "写成 2024-07-01"),
        ("established_on", "20240701", "写成 2024-07-01"),
        ("established_on", datetime.datetime(2024, 7, 1, tzinfo=datetime.UTC), "年-月-日"),
        ("established_on", "2024-07-01T00:00", "年-月-日"),
        ("established_on", 2024, "年-月-日"),
        ("is_tech_sme", "yes", "就写 true"),
        ("is_tech_sme", "否", "就写 false"),
        ("is_tech_sme", 1, "就写 true"),
        ("is_tech_sme", "perhaps", "true 或 false"),
        ("vat_status", "small", "small_scale（小规模纳税人）"),
        ("vat_status", "一般纳税人", "是不是 general"),
        ("vat_status", 3, "只能是"),
        ("industry", 6220, "加引号"),
        ("industry", "3999", "没有行业代码 3999"),
        ("industry", "0000", "没有行业代码"),
        ("industry", "C3911", "写成 3911"),
        ("industry", "餐饮", "2 至 4 位数字"),
        ("name", "", "空的"),
        ("name", "天" * 201, "太长"),
        ("name", "a\nb", "换行"),
        ("name", "\ud800", "无法打印"),
        ("name", False, "文本"),
        ("credit_code", "91120101666842431X", "校验位不对"),
        ("credit_code", "9" * 1000, "太长"),
        ("credit_code", Numeral("911201051628516410"), "加引号"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(rulebook: Rulebook, field: str, told: object, said: str) -> None:
    """The fault names the field, what was told and what to do, in Chinese and in English; the fact stays untold."""
    facts, faults = read_facts(rulebook, {field: told})
    assert facts == {}
    assert {fault.field for fault in faults} == {field}
    assert said in " ".join(fault.text.zh for fault in faults)
    assert all(fault.text.en and len(fault.value) <= 81 and fault.value.isprintable() for fault in faults)


def test_every_fault_is_listed(rulebook: Rulebook) -> None:
    """One bad value hides no other, and two things wrong with one value are both said."""
    raw = {
        "employees": 3.5,
        "annual_revenue": "-1.001",
        "nonsense_xyz": 1,
        "established_on": "2023-02-30",
        "is_tech_sme": True,
    }
    facts, faults = read_facts(rulebook, raw)
    assert facts == {"is_tech_sme": True}
    assert [fault.field for fault in faults] == [
        "employees", "annual_revenue", "annual_revenue", "nonsense_xyz", "established_on",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"), [("employes", "employees"), ("Vat_Status", "vat_status"), ("成立日期", "established_on")]
)
def test_an_unknown_fact_names_the_nearest(rulebook: Rulebook, typed: str, meant: str) -> None:
    """A mistyped id, or a label in its place, is answered with the id that was probably meant."""
    _, (fault,) = read_facts(rulebook, {typed: 1})
    assert fault.field == typed
    assert meant in fault.text.zh
    assert meant in fault.text.en


def test_the_line_of_a_fault_is_the_line_of_its_field(rulebook: Rulebook) -> None:
    """The caller's knowledge of lines reaches the faults and their JSON."""
    _, (fault,) = read_facts(rulebook, {"employees": -1}, line_of=lambda path: {("employees",): 7}[path])
    assert fault.to_json() == {
        "field": "employees",
        "line": 7,
        "value": "-1",
        "text": {"zh": "上年末从业人员数：不能小于 0", "en": "staff at the end of last year: must be at least 0"},
    }


def test_a_code_that_was_normalised_is_remarked_on() -> None:
    """What was made of a credit code is shown, never done silently."""
    (remark,) = remarks({"credit_code": "9112 0101 6668 4243 1t"})
    assert "91120101666842431T" in remark.text.zh
    assert remarks({"credit_code": None}) == remarks({}) == ()


def test_an_industry_filled_up_with_zeros_is_remarked_on() -> None:
    """A code of an earlier edition counts as its group, and the person is told so."""
    (remark,) = remarks({"industry": "1310"})
    assert (remark.code, remark.facts) == ("industry_read_as_group", ("industry",))
    assert "131" in remark.text.zh
    assert remarks({"industry": "1311"}) == remarks({"industry": "nonsense"}) == ()


def test_every_given_firm_and_case_is_read_without_a_fault(rulebook: Rulebook, given_cases: Path) -> None:
    """The whole firms and all worked cases tell nothing that is refused."""
    files = [*sorted(given_cases.glob("*.yaml")), given_cases / "firms" / "firms.yaml"]
    for file in files:
        entries = read_yaml(file.read_text(encoding="utf-8")).data
        assert isinstance(entries, list)
        for entry in entries:
            facts, faults = read_facts(rulebook, entry["facts"])
            assert faults == [], entry["id"]
            assert facts.keys() == {name for name, told in entry["facts"].items() if told is not None}


told_values = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.decimals() | st.dates()
)


@given(data=st.data())
def test_no_value_raises(rulebook: Rulebook, data: st.DataObject) -> None:
    """Whatever is told for whatever fact, it is a value or a fault and never an exception."""
    field = data.draw(st.sampled_from(sorted(rulebook.facts)))
    told = data.draw(told_values | st.lists(told_values, max_size=2))
    facts, faults = read_facts(rulebook, {field: told})
    assert (field in facts) + bool(faults) == (told is not None)
