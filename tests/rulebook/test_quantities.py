"""The figures that are read out of Chinese sentences, and which figure of a rule file stands in one."""

from datetime import date
from fractions import Fraction

import pytest

from matcher.rulebook.quantities import chinese_number, day_stands, quantities, stands


def read(sentence: str) -> list[tuple[str, str]]:
    """The figures of a sentence, each with its kind."""
    return [(one.kind, str(one.value)) for one in quantities(sentence)]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("给予最高5000万元支持", ["50000000"]),
        ("不超过3000万元", ["30000000"]),
        ("且最高不超过5亿元人民币", ["500000000"]),
        ("净资产不低于人民币三千万元", ["30000000"]),
        ("以每人五百元以上二千元以下的标准", ["500", "2000"]),
        ("处5万元以上50万元以下的罚款", ["50000", "500000"]),
        ("1,000,000.50元", ["2000001/2"]),
        ("500-1000元", ["500", "1000"]),
        ("1000至5000万元", ["10000000", "50000000"]),
        ("减税额不超过1.5万元", ["15000"]),
        ("一亿二千万元", ["120000000"]),
        ("４００万元", ["4000000"]),
        ("每个基站2万元奖励", ["20000"]),
    ],
)
def test_sums(sentence: str, wanted: list[str]) -> None:
    """Sums are read in yuan, whatever numerals and 万 and 亿 they are written with."""
    assert read(sentence) == [("yuan", value) for value in wanted]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("综合担保费率不超过2%", ["1/50"]),
        ("不超过净资产的百分之四十", ["2/5"]),
        ("万分之五", ["1/2000"]),
        ("三分之二", ["2/3"]),
        ("按3‰收取", ["3/1000"]),
        ("年化1.5个百分点", ["3/200"]),
        ("LPR-150BP以下部分", ["3/200"]),
        ("对应标准的0.5倍补贴", ["1/2"]),
        ("置换比例不低于1.5∶1", ["3/2"]),
        ("减半征收", ["1/2"]),
        ("免征车辆购置税", ["1"]),
        ("1%（含）以上", ["1/100"]),
        ("按…90%缴纳", ["9/10", "1/10"]),
        ("按1:1比例共担", ["1"]),
    ],
)
def test_shares(sentence: str, wanted: list[str]) -> None:
    """Shares are read as shares of one; of what is still paid the relief is read too."""
    assert read(sentence) == [("share", str(Fraction(value))) for value in wanted]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("贷款期限最长不超过2年", [("months", "24")]),
        ("自证书核发之日起一年内", [("months", "12")]),
        ("两年内", [("months", "24")]),
        ("前36个月", [("months", "36")]),
        ("连续六个月", [("months", "6")]),
        ("满半年", [("months", "6")]),
        ("材料齐全后7个工作日内", [("days", "7")]),
        ("三十日", [("days", "30")]),
    ],
)
def test_spans(sentence: str, wanted: list[tuple[str, str]]) -> None:
    """Years are months; days stay days."""
    assert read(sentence) == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("从业人数不超过300人", [("300", "人")]),
        ("30人（含）以下", [("30", "人")]),
        ("达200人次以上", [("200", "人次")]),
        ("满40课时", [("40", "课时")]),
        ("用户首次使用的前三台（套）", [("3", "台")]),
        ("处罚两次及以上", [("2", "次")]),
        ("不满500万千瓦时", [("5000000", "千瓦时")]),
        ("不满1000吨标准煤", [("1000", "吨")]),
        ("8-10个", [("8", "个"), ("10", "个")]),
        ("运营里程2万公里", [("20000", "公里")]),
        ("最新评级1级至5级", [("1", "级"), ("5", "级")]),
    ],
)
def test_counts(sentence: str, wanted: list[tuple[str, str]]) -> None:
    """A count keeps its measure word."""
    assert [(str(one.value), one.unit) for one in quantities(sentence)] == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "国发〔2022〕20号",
        "第三条第（二）项",
        "第十二届",
        "5G基站",
        "一次性奖励",
        "统一认定",
        "十分重要",
        "成立公司",
        "千方百计",
    ],
)
def test_what_only_looks_like_a_figure(sentence: str) -> None:
    """Numbers of documents and articles, names, and idioms are no figures."""
    assert quantities(sentence) == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("十五", 15), ("二十", 20), ("一百零五", 105), ("两千", 2000), ("三千万", 30_000_000), ("一亿二千万", 120_000_000),
     ("二〇二二", 2022), ("一万", 10_000), ("九千九百九十九", 9999)],
)  # fmt: skip
def test_chinese_numerals(text: str, number: int) -> None:
    """Chinese numerals, by places and digit by digit."""
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("sentence", "day", "there"),
    [
        ("自2026年1月1日至12月31日执行", date(2026, 1, 1), True),
        ("自2026年1月1日至12月31日执行", date(2026, 12, 31), True),
        ("自2026年1月1日至12月31日执行", date(2025, 12, 31), False),
        ("自2026年1月1日至12月31日执行", date(2026, 12, 30), False),
        ("应在2025年底前完成", date(2025, 12, 31), True),
        ("2026年起新发放的", date(2026, 1, 1), True),
        ("自2019年4月税款所属期起", date(2019, 4, 1), True),
        ("2024—2026年", date(2026, 12, 31), True),
        ("3月7日后发放的", date(2024, 3, 7), True),
        ("3月7日后发放的", date(2024, 3, 8), False),
        ("二〇二二年三月一日", date(2022, 3, 1), True),
        ("2022年2月30日", date(2022, 2, 28), False),
        ("自2024-03-07起", date(2024, 3, 7), True),
    ],
)
def test_days(sentence: str, day: date, there: bool) -> None:
    """A day stands where it is named, and where a month or year begins or ends with it; the year of a day carries on."""
    assert day_stands(day, sentence) is there


@pytest.mark.parametrize(
    ("value", "type_", "unit", "sentence", "there"),
    [
        (300, "integer", "persons", "从业人数不超过300人、资产总额不超过5000万元", True),
        (500, "integer", "persons", "从业人数不超过300人", False),
        (300, "money", None, "从业人数不超过300人", False),
        (3_000_000, "money", None, "年度应纳税所得额不超过300万元", True),
        (300, "money", None, "年度应纳税所得额不超过300万元", False),
        (24, "integer", "months", "最长不超过2年", True),
        (2, "integer", "years", "两年以上", True),
        (2, "integer", "months", "两年以上", False),
        ("0.5", "rate", None, "减半征收", True),
        (50, "rate", None, "按50%缴纳", False),
        (500, "number", "10 000 kWh a year", "不满500万千瓦时", True),
        (200, "integer", "persons", "达200人次以上", False),
        (6, "integer", "times", "6个月", False),
        (30, "integer", "days", "三十日内", True),
        (30, "integer", "days", "三十个月内", False),
        (5, "integer", None, "违法所得5倍以下", True),
        (20000, "number", "yuan/stations", "给予每个基站2万元奖励", True),
    ],
)
def test_a_figure_stands_where_its_kind_and_value_do(
    value: int | str, type_: str, unit: str | None, sentence: str, there: bool
) -> None:
    """300 persons are not 300 yuan, two years not two months, and 50 not 50 %."""
    assert stands(Fraction(value), type_, unit, sentence) is there
