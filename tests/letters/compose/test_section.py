"""What one section says for each status, recipient and kind of amount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from matcher.letters.compose.compose import compose_letter_of
from matcher.letters.compose.letter import Letter, Section
from matcher.letters.compose.words import PHRASES

TOLD = (
    "是否新设立且尚未办理首次汇算清缴：是；是否从事国家限制或禁止行业：否；"
    "申报期上月末从业人数：212人（不超过300人）；申报期上月末资产总额：38,000,000.00元（不超过50,000,000.00元）；"
)


@pytest.fixture
def say(write: Callable[..., Letter], decide: Callable[..., Any]) -> Callable[..., Section]:
    """The one section of a letter on a decision built by hand."""

    def said(status: str, scheme: str = "six-taxes-two-fees", lang: str = "zh", **changes: Any) -> Section:
        return write(decide(status, scheme, **changes), lang=lang).sections[0]

    return said


def test_eligible(say: Callable[..., Section]) -> None:
    """An entitlement says the sum twice, who gains, how it was reached, by which law, where and until when."""
    section = say("eligible", extra={"deferral_share": "0.5"})
    assert section.conclusion == "贵单位符合小微企业“六税两费”减免的全部条件，可以享受。"
    assert section.amount is not None
    assert section.amount.sentence == "所问期间少缴的税费：19,321.29元（人民币壹万玖仟叁佰贰拾壹元贰角玖分）。"
    assert section.paid == "贵单位在缴纳或付款时直接享受，不另发现金。"
    assert section.row("arithmetic") == ("38,642.57 × 50% = 19,321.285，四舍五入为19,321.29",)
    assert section.row("outputs") == ("缓缴比例：50%",)
    assert section.row("ground") == ("财政部 税务总局公告2023年第12号第二条、第四条、第五条",)
    assert section.row("bring") == ("上月末工资表；上月末资产负债表；汇算清缴申报表",)
    assert section.row("where")[0].startswith("天津市税务局（主管税务机关）；电子税务局")
    assert section.row("until") == ("2023年1月1日至2027年12月31日",)
    assert section.row("marks") == ()


def test_facts_and_who_stated_them(say: Callable[..., Section]) -> None:
    """The facts are those the outcome rests on and those in the sum; the alternative that failed is not among them."""
    (told,) = say("eligible").row("facts")
    assert told.startswith(TOLD)
    assert "本期六税两费应纳额（已减其他优惠）：38,642.57元。以上由贵单位陈述，未经核验。" in told
    assert "一般纳税人" not in told


def test_quarterly_figures_are_a_series(book: Any, facts: dict[str, Any], decide: Callable[..., Any]) -> None:
    """Eight quarterly figures take one line: the first and the last label, and the figures in order."""
    eight = [f"q{quarter}_{side}_employees" for quarter in (1, 2, 3, 4) for side in ("start", "end")]
    staff = book.facts["employees_end_last_month"]
    label = type(staff.label)
    series = SimpleNamespace(name="staff")
    more = {fact: replace(staff, id=fact, label=label(f"{fact}人数", f"staff {fact}"), series=series) for fact in eight}
    wider: Any = replace(book, facts={**book.facts, **more})
    told = {**facts, **{fact: 280 + at for at, fact in enumerate(eight)}}
    section = compose_letter_of(wider, told, [decide("eligible")], date(2026, 11, 24), addressee=None).sections[0]
    line = "q1_start_employees人数至q4_end_employees人数依次为280人、281人、282人、283人、284人、285人、286人、287人"
    assert line in section.row("facts")[0]


def test_computed_figure_without_its_distance(say: Callable[..., Section], decide: Callable[..., Any]) -> None:
    """A condition on a computed figure that holds is told by its sentence, without how far it is from the line."""
    tree = decide("eligible")["reasons"]
    average = {
        "zh": "平均从业人数 299.875 人，不超过 300 人（还有 0.125 人余地）",
        "en": "299.875, at most 300 (0.125 to spare)",
    }
    tree["children"][1]["children"][2] |= {"fact": None, "text": average}
    assert "平均从业人数299.875人，不超过300人；" in say("eligible", reasons=tree).row("facts")[0]
    assert "299.875, at most 300;" in say("eligible", lang="en", reasons=tree).row("facts")[0]


def test_departments_finding_is_not_the_firms(say: Callable[..., Section], decide: Callable[..., Any]) -> None:
    """A finding of a department stands apart from what the firm stated."""
    tree = decide("eligible")["reasons"]
    found = {
        **tree["children"][1]["children"][0],
        "fact": "dept_approved",
        "text": {"zh": "主管部门已批准", "en": "approved"},
    }
    rows = say("eligible", reasons={**tree, "children": [tree["children"][1], found]}).row("facts")
    assert rows[1] == "主管部门已批准。以上为主管部门的认定。"


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        ("firm_cash", "款项支付给贵单位。"),
        ("firm_price", "不另发现金"),
        ("firm_deferral", "到期仍应缴清，不是减免"),
        ("firm_right", "没有款项拨付"),
        ("institution", "由该机构申领；贵单位不申领"),
        ("worker", "贵单位不申领、不截留"),
        ("area", "单个企业不申领"),
    ],
)
def test_recipient_decides_the_words(say: Callable[..., Section], recipient: str, words: str) -> None:
    """Who is paid is said for every recipient, and what is not the firm's is never offered to it."""
    section = say("eligible", recipient=recipient)
    assert words in section.paid
    if recipient in ("institution", "worker", "area"):
        assert "可以享受" not in section.conclusion
        assert "支付给贵单位" not in section.paid


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ({"kind": "ceiling", "value": "200000.00"}, "最高不超过200,000.00元（人民币贰拾万元整）"),
        (
            {"kind": "range", "low": "500.00", "high": "2000.05"},
            "500.00元至2,000.05元（人民币伍佰元整至人民币贰仟元零伍分）",
        ),
        ({"kind": "none"}, "所列情况不足以算出金额"),
        ({"kind": "exact", "value": "0.00"}, "0.00元（人民币零元整）"),
    ],
)
def test_kinds_of_amount(say: Callable[..., Section], amount: dict[str, str], sentence: str) -> None:
    """A ceiling is never printed as a sum to come, a range keeps both ends, and no figure is said to be none."""
    section = say("eligible", amount=amount)
    assert section.amount is not None
    assert sentence in section.amount.sentence


def test_right_has_no_money(say: Callable[..., Section]) -> None:
    """A right without money makes no sentence about a missing figure."""
    section = say("eligible", recipient="firm_right", amount={"kind": "none"})
    assert section.amount is not None
    assert section.amount.sentence == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"confidence": "medium"},
        {"confidence": "low"},
        {"warnings": [{"code": "figure_to_confirm", "facts": [], "text": {"zh": "减征比例须再核实", "en": "again"}}]},
    ],
)
def test_unconfirmed_figure_is_marked(say: Callable[..., Section], changes: dict[str, Any]) -> None:
    """A figure whose source is not certain carries the mark at the sum and in a statement of its own."""
    section = say("eligible", **changes)
    assert section.amount is not None
    assert "该数字有待核实" in section.amount.sentence
    assert any("核实" in text for text in section.row("marks"))


def test_needs_decision(say: Callable[..., Section]) -> None:
    """What is left to a department names it, and the sum is promised only if it grants it."""
    section = say("needs_decision", "guarantee-fee-rebate", recipient="institution")
    assert section.conclusion.endswith("是否给予，由主管部门决定。办理：市财政局。")
    assert section.amount is not None
    assert section.amount.sentence.startswith("如获准给予，担保费补贴额：")
    assert section.row("bring") == ("担保合同；借款合同",)


def test_needs_information(say: Callable[..., Section]) -> None:
    """Missing facts are listed in the order given, and no amount is promised."""
    section = say("needs_information")
    assert "尚缺2项情况" in section.conclusion
    assert section.row("missing") == ("申报期上月末从业人数", "申报期上月末资产总额")
    assert section.amount is None
    assert section.paid == ""


def test_not_eligible(say: Callable[..., Section]) -> None:
    """A refusal names every condition that fails, by how much, its source, and the smallest change that would do."""
    section = say("not_eligible")
    assert section.row("failing") == (
        "增值税一般纳税人，不是小规模纳税人〔第二条〕",
        "申报期上月末从业人数312人，要求不超过300人，差12人〔第五条〕",
    )
    assert section.row("near_miss") == ("申报期上月末从业人数由312人变为300人，则可以享受。",)
    assert section.row("facts") == ()
    assert section.row("bring") == ()


def test_near_miss_in_time(say: Callable[..., Section]) -> None:
    """Waiting is one of the changes a near miss may ask for."""
    (way,) = say("not_eligible", near_miss=[{"changes": [], "on": "2027-07-01", "reaches": "needs_decision"}]).row(
        "near_miss"
    )
    assert way == "到2027年7月1日，则待部门决定。"


def test_failing_without_a_tree(say: Callable[..., Section]) -> None:
    """Facts named as failing that no condition speaks of are named with what was told."""
    section = say("not_eligible", reasons=None, near_miss=[], failing=["vat_status"])
    assert section.row("failing") == ("增值税纳税人身份：一般纳税人",)


@pytest.mark.parametrize(
    ("reason", "version", "conclusion", "until"),
    [
        ("ended", {"from": "2021-10-01", "until": "2022-06-30"}, "已经停止施行", "2021年10月1日至2022年6月30日"),
        ("ended", {"from": "2022-07-01", "until": None}, "已经停止施行", "2022年7月1日起停止施行"),
        ("no_open_round", {"from": "2026-01-01", "until": None}, "没有开放的申报批次", "申报批次另行通知"),
    ],
)
def test_not_open(say: Callable[..., Section], reason: str, version: Any, conclusion: str, until: str) -> None:
    """A scheme not in force says why and from when until when, and speaks of no facts."""
    section = say("not_open", reason=reason, version=version)
    assert conclusion in section.conclusion
    assert section.row("until") == (until,)
    assert section.row("facts") == ()


def test_not_yet_says_when(say: Callable[..., Section]) -> None:
    """A scheme not yet in force gives the first day on which it will be."""
    section = say("not_open", "labour-market-conduct", reason="not_yet", version=None)
    assert section.row("until") == ("自2027年7月1日起施行",)


def test_unconfirmed(say: Callable[..., Section]) -> None:
    """Where no confirmed text is known the letter judges nothing and says whom to ask."""
    section = say("unconfirmed", version=None)
    assert "不作判断，请向主管部门查询。主管：天津市税务局（主管税务机关）。" in section.conclusion
    assert section.amount is None
    assert section.row("where") != ()


def test_restriction(say: Callable[..., Section]) -> None:
    """A restriction that applies states the fine and pays nobody."""
    section = say("applies", "labour-market-conduct", amount={"kind": "range", "low": "500.00", "high": "2000.00"})
    assert section.conclusion == "人力资源市场秩序的规定适用于贵单位。"
    assert section.amount is not None
    assert section.amount.sentence.startswith("罚款幅度：500.00元至2,000.00元")
    assert section.paid == ""
    assert say("does_not_apply", "labour-market-conduct").conclusion.endswith("不适用于贵单位。")


def test_service(say: Callable[..., Section]) -> None:
    """A service says that it may be asked for, and whom to call."""
    section = say("eligible", "illegal-fee-complaint", recipient="firm_right", amount={"kind": "none"})
    assert "可以提出" in section.conclusion
    assert section.row("where") == ("市市场监管委；拨打12345或12315",)


def test_other_instruments_are_cited(say: Callable[..., Section], decide: Callable[..., Any]) -> None:
    """A condition that stands in an instrument beside the scheme's own is cited with its articles."""
    tree = decide("eligible")["reasons"]
    other = {"instrument": "国家税务总局公告2022年第3号", "article": "第一条第（二）项", "confidence": "high"}
    tree["children"][1]["children"][2]["source"] = other
    (cited,) = say("eligible", reasons=tree).row("ground")
    assert cited.endswith("第四条、第五条；国家税务总局公告2022年第3号第一条第（二）项")


def test_every_phrase_has_both_languages() -> None:
    """No phrase is empty in either language, and both have the same blanks to fill, names of schemes aside."""
    for key, (zh, en) in PHRASES.items():
        assert zh, key
        assert en, key


@pytest.mark.parametrize(
    ("lang", "where"), [("zh", "市财政局，按年度通知"), ("en", "Tianjin Finance Bureau, by the yearly notice")]
)
def test_an_office_is_named_once(
    book: Any, facts: dict[str, Any], decide: Callable[..., Any], lang: str, where: str
) -> None:
    """Where the way to apply begins with the department, the department does not stand before it once more."""
    scheme = book.schemes["guarantee-fee-rebate"]
    channel = type(scheme.department)("市财政局，按年度通知", "Tianjin Finance Bureau, by the yearly notice")
    other = replace(book, schemes={**book.schemes, scheme.slug: replace(scheme, channel=channel)})
    decided = [decide("eligible", scheme.slug, recipient="institution")]
    (section,) = compose_letter_of(other, facts, decided, date(2026, 11, 24), lang, addressee=None).sections
    assert section.row("where") == (where,)


def test_larger_and_smaller_in_words(say: Callable[..., Section]) -> None:
    """A worked-out sum says the larger of two in words."""
    worked_out = [{"zh": "50% × 取大(0、7,100元)", "en": "50 % × max(0, 7,100 yuan)"}]
    assert say("eligible", arithmetic=worked_out).row("arithmetic") == ("50% × 取较大者（0、7,100元）",)
    assert "the larger of (0" in say("eligible", arithmetic=worked_out, lang="en").row("arithmetic")[0]
