"""Tests of a near miss as a sentence: by how much, what first, from when."""

from typing import Any

import pytest

from matcher.presentation.catalogue import Catalogue
from matcher.presentation.reasons import near_miss
from matcher.rulebook.rulebook import Rulebook


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def near(*changes: tuple[str, Any, Any], on: str | None = None, reaches: str = "eligible") -> dict[str, Any]:
    """A near miss as a decision states it."""
    stated = [{"fact": fact, "from": old, "to": new} for fact, old, new in changes]
    return {"changes": stated, "on": on, "reaches": reaches}


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (
            ("employees", "27", "30"),
            "“上年末从业人员数”再多3人（现在27人，要30人），就可享受。",
            '3 persons more of "staff at the end of last year" (now 27 persons, needed 30 persons); then the firm is entitled.',
        ),
        (
            ("guarantee_fee_rate", "0.021", "0.02"),
            "“综合担保费率（担保机构收取的一切费用的年化率）”再少0.1%（现在2.1%，要2%），就可享受。",
            None,
        ),
        (
            ("authorises_credit_data", False, True),
            "要先符合“在融资信用服务平台授权查询企业信用信息”，就可享受。",
            None,
        ),
        (
            ("is_on_abnormal_list", True, False),
            "先补报年报或改正登记住所等情形（这是应尽的义务），再申请移出经营异常名录，就可享受。",
            None,
        ),
        (("equipment_is_building", True, False), "要先不再有“房屋、建筑物”这种情形，就可享受。", None),
        (("tax_credit_rating", "c", "a"), "“纳税信用级别”要是“A 级”（现在是“C 级”），就可享受。", None),
        (
            ("established_on", "2026-03-01", "2026-02-01"),
            "“成立日期”要不晚于2026年2月1日（现在是2026年3月1日），就可享受。",
            None,
        ),
        (("employees", None, "30"), "“上年末从业人员数”要是30人，就可享受。", None),
    ],
)
def test_each_kind_of_fact_has_its_sentence(
    book: Catalogue, change: tuple[str, Any, Any], zh: str, en: str | None
) -> None:
    """A figure says by how much, a yes what has to be so first, a day which side of it, a word which word."""
    assert near_miss(book, near(change), "zh") == zh
    if en:
        assert near_miss(book, near(change), "en") == en


def test_waiting_and_several_changes_are_one_sentence(book: Catalogue) -> None:
    """A day to wait for stands before what else has to change."""
    both = near(("employees", "27", "30"), on="2026-12-01", reaches="needs_decision")
    said = "等到2026年12月1日；“上年末从业人员数”再多3人（现在27人，要30人），就由部门决定。"
    assert near_miss(book, both, "zh") == said
