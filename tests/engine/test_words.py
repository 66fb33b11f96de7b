"""A condition in words, as a clerk reads it: shares, counts, classes, and a figure that stands exactly on the line."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from matcher.engine.check import check
from matcher.engine.rule_sheet import sheet
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook


def lines(rulebook: Rulebook, slug: str, on: date, lang: str) -> list[str]:
    """The rule sheet's lines without indent."""
    return [line.strip() for line in sheet(rulebook, slug, on, lang)]


def sentences(node: dict[str, Any], lang: str) -> list[str]:
    """Every sentence of a reasons tree."""
    return [node["text"][lang], *(text for child in node["children"] for text in sentences(child, lang))]


@pytest.mark.parametrize(
    ("slug", "on", "lang", "wanted"),
    [
        ("rd-super-deduction", date(2024, 5, 1), "zh", "加计扣除比例：100%"),
        ("equipment-deduction", date(2022, 11, 1), "zh", "金额：(1 + 100%) × 设备、器具单位价值"),
        ("vat-credit-refund", date(2025, 10, 1), "zh", "其他纳税人新增加留抵税额的分档退税比例：1 亿元以下 60%；超过的部分 30%（"),
        ("vat-credit-refund", date(2025, 10, 1), "zh", "近36个月因偷税被处罚次数少于 2 次"),
        (
            "vat-credit-refund", date(2025, 10, 1), "en",
            "penalties for tax evasion in the last 36 months fewer than 2 times",
        ),
        ("illegal-fee-complaint", date(2024, 5, 1), "zh", "没有条件"),
        ("illegal-fee-complaint", date(2024, 5, 1), "en", "no condition"),
    ],
)  # fmt: skip
def test_the_sheet_reads_as_a_clerk_writes(rulebook: Rulebook, slug: str, on: date, lang: str, wanted: str) -> None:
    """A share of one is 100%, a count is fewer than its bound, and a rule without conditions says so."""
    text = "".join(lines(rulebook, slug, on, lang)).replace(" ", "")
    assert wanted.replace(" ", "") in text


def test_tables_of_classes_are_in_words(rulebook: Rulebook) -> None:
    """The size table names its classes in the reader's language, and the sectors list their codes."""
    text = "".join(lines(rulebook, "social-insurance-deferral", date(2022, 9, 1), "zh"))
    assert "20 人以上 小型" in text
    assert not [word for word in ("micro", "small", "medium", "large") if word in text]
    assert "零售业 52；" in text.replace(" ；", "；")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"evasion_penalties_36m": 2}, "近36个月因偷税被处罚次数 2 次，要求少于 2 次，正好等于界限，不算符合"),
        ({"evasion_penalties_36m": 3}, "近36个月因偷税被处罚次数 3 次，要求少于 2 次，差 1 次"),
        ({"evasion_penalties_36m": 1}, "近36个月因偷税被处罚次数 1 次，少于 2 次（还有 1 次余地）"),
    ],
)
def test_a_figure_on_an_exclusive_line_is_told_apart(rulebook: Rulebook, facts: dict[str, Scalar], wanted: str) -> None:
    """A figure exactly on a line that excludes it is not said to be 0 away."""
    (decision,) = check(rulebook, facts, date(2024, 5, 1), ["vat-credit-refund"])
    assert wanted in sentences(decision.to_json()["reasons"], "zh")


def test_a_figure_on_an_inclusive_line_has_no_distance_to_boast_of(rulebook: Rulebook) -> None:
    """A figure exactly on a line that includes it holds, and no distance is given."""
    facts: dict[str, Scalar] = {"negative_list_revenue_share": Fraction(1, 2)}
    (decision,) = check(rulebook, facts, date(2024, 5, 1), ["rd-super-deduction"])
    assert "负面清单行业收入占比 50%，不超过 50%" in sentences(decision.to_json()["reasons"], "zh")


@pytest.mark.parametrize(
    ("slug", "on", "fact", "told", "zh", "en"),
    [
        (
            "futures-hedging", date(2024, 5, 1), "has_price_exposure", False,
            "需要：有需要套期保值的原材料、库存或产品价格风险；填的是：否",
            "needed: own price risk in materials, stock or products to be hedged; told: no",
        ),
        (
            "startup-guarantee-loan", date(2024, 5, 1), "has_wage_or_social_insurance_arrears", True,
            "不属于以下情形：有拖欠职工工资、欠缴社会保险费等违法违规信用记录；填的是：是",
            "not the case: record of unpaid wages or social insurance; told: yes",
        ),
        (
            "false-information-ban", date(2022, 8, 15), "spread_price_rumour", True,
            "属于以下情形：捏造、散布涨价信息；填的是：是", "the case: price-rise information fabricated or spread; told: yes",
        ),
    ],
)  # fmt: skip
def test_a_condition_on_yes_or_no_is_no_question(
    rulebook: Rulebook, slug: str, on: date, fact: str, told: bool, zh: str, en: str
) -> None:
    """A yes or no is said as what is needed, or what is bound, and then what was told; never as a question with two answers."""
    (decision,) = check(rulebook, {fact: told}, on, [slug])
    reasons = decision.to_json()["reasons"]
    assert zh in sentences(reasons, "zh")
    assert en in sentences(reasons, "en")
