"""The rule sheet: what a clerk reads of a rule on a day."""

from __future__ import annotations

import re
from datetime import date

import pytest

from matcher.engine.rule_sheet import sheet
from matcher.rulebook.rulebook import Rulebook

CHINESE = re.compile(r"[㐀-鿿]")


def lines(rulebook: Rulebook, slug: str, on: date, lang: str) -> list[str]:
    """The sheet's lines without indent."""
    return [line.strip() for line in sheet(rulebook, slug, on, lang)]


@pytest.mark.parametrize(
    ("slug", "on", "wanted"),
    [
        ("six-taxes-two-fees", date(2022, 5, 1), "小型微利企业从业人数上限：300 人（"),
        ("small-low-profit-income-tax", date(2021, 5, 1), "计入应纳税所得额的比例：100 万元以下 12.5%；超过的部分 50%（"),
        ("small-low-profit-income-tax", date(2024, 5, 1), "计入应纳税所得额的比例：25%（"),
        ("manufacturing-tax-deferral", date(2022, 1, 15), "2022年第17号继续延缓的月数：按月 0 个月；按季 4 个月（"),
        ("manufacturing-tax-deferral", date(2022, 1, 15), "制造业中型企业年销售额上限（不含）：4 亿元（"),
        ("small-scale-vat", date(2024, 5, 1), "小规模纳税人免征增值税的销售额标准：按月 10 万元；按季 30 万元（"),
    ],
)  # fmt: skip
def test_a_figure_stands_with_its_value(rulebook: Rulebook, slug: str, on: date, wanted: str) -> None:
    """Each figure of the rule is written out: a number with its unit, a table row by row, a scale slice by slice."""
    assert any(line.startswith(wanted) for line in lines(rulebook, slug, on, "zh"))


def test_a_named_value_is_worked_out(rulebook: Rulebook) -> None:
    """A value that has a name in the rule is spelt out below it."""
    found = lines(rulebook, "manufacturing-tax-deferral", date(2022, 5, 1), "en")
    months = "months of existence in the reference span"
    assert f"annualised sales = sales in the reference span of the deferral × 12 months ÷ {months}" in found


def test_only_the_notices_of_the_version_are_cited(rulebook: Rulebook) -> None:
    """A condition that outlives its notice cites the one that the version in force names, not a later one."""
    conditions = "\n".join(lines(rulebook, "six-taxes-two-fees", date(2022, 5, 1), "zh")).split("所用数字")[0]
    assert "2022年第10号" in conditions
    assert "2023年第12号" not in conditions


def test_grounds_are_given_in_both_languages(rulebook: Rulebook) -> None:
    """What the tax rules say in their own words, not in the law's, is there in English too."""
    for slug, scheme in rulebook.schemes.items():
        if scheme.family == "tax":
            for version in scheme.versions:
                if version.from_ is not None:
                    found = lines(rulebook, slug, version.from_, "en")
                    assert not [line for line in found if line.startswith("ground: ") and CHINESE.search(line)], slug
