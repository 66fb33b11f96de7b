"""Tests of a decision as a card: the wording follows who is paid and how sure the figure is."""

from datetime import date
from typing import Any

import pytest

from matcher.presentation.cards import Card, card
from matcher.presentation.catalogue import Catalogue
from matcher.rulebook.rulebook import Rulebook

SLUG = "six-taxes-two-fees"
TODAY = date(2026, 11, 24)


def decision(**changes: Any) -> dict[str, Any]:
    """A decision in JSON: entitled to 19,321.29 exactly, unless changed."""
    return {
        "scheme": SLUG,
        "status": "eligible",
        "recipient": "firm_price",
        "amount": {"kind": "exact", "value": "19321.29"},
        "extra": {},
        "missing": [],
        "failing": [],
        "reason": None,
        "reasons": None,
        "near_miss": [],
        "last_known": None,
        "deadlines": [],
        "version": {"from": "2023-01-01", "until": "2027-12-31"},
        "clauses": [],
        "confidence": "high",
        "warnings": [],
        "arithmetic": [],
        **changes,
    }


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def shown(book: Catalogue, lang: str = "zh", as_of: date = TODAY, **changes: Any) -> Card:
    """The card of that decision."""
    return card(book, decision(**changes), as_of, lang)


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        ({"kind": "exact", "value": "19321.29"}, "恰好 19,321.29 元", "exactly 19,321.29 yuan"),
        ({"kind": "ceiling", "value": "500000.00"}, "最高 500,000 元", "up to 500,000 yuan"),
        ({"kind": "range", "low": "0.00", "high": "5000.00"}, "在 0到5,000 元之间", "between 0 and 5,000 yuan"),
        (
            {"kind": "none"},
            "金额还不能算，以部门核定为准",
            "no figure can be worked out yet; the department sets it",
        ),
    ],
)
def test_the_amount_says_its_kind(book: Catalogue, amount: dict[str, str], zh: str, en: str) -> None:
    """Exact, ceiling, range and none are never mistaken for each other."""
    for lang, said in (("zh", zh), ("en", en)):
        found = shown(book, lang, amount=amount).amount
        assert found is not None
        assert f"{found.before} {found.figure} {found.after}".strip() == said


def test_an_amount_that_an_answer_would_give_names_the_answer(book: Catalogue) -> None:
    """Where the firm's own answers would give the sum, they are named instead of the department."""
    found = card(book, decision(amount={"kind": "none"}), TODAY, "zh", ("six_taxes_two_fees_payable",))
    assert found.amount is not None
    assert found.amount.before == "答了就能算出金额："
    assert [one.fact for one in found.reckoned_by] == ["six_taxes_two_fees_payable"]


@pytest.mark.parametrize(
    ("recipient", "zh", "en"),
    [
        ("firm_cash", "款项付给贵单位", "paid to the firm"),
        ("firm_price", "少缴或少付", "pays less"),
        ("firm_deferral", "不是减免", "stays due"),
        ("firm_right", "不发钱", "no money"),
        ("institution", "贵单位不用申领", "not you"),
        ("worker", "本人申领", "the firm does not"),
        ("area", "单个单位不申领", "does not claim"),
    ],
)
def test_who_is_paid_is_said(book: Catalogue, recipient: str, zh: str, en: str) -> None:
    """A firm is never told to claim what goes to its guarantor, bank, worker or area."""
    assert zh in (shown(book, recipient=recipient).payee or "")
    assert en in (shown(book, "en", recipient=recipient).payee or "")


def test_a_right_waits_for_no_figure(book: Catalogue) -> None:
    """Where there is no money for the firm, nothing is said of a figure that could still be worked out."""
    for recipient in ("firm_right", "institution", "worker", "area"):
        assert shown(book, recipient=recipient, amount={"kind": "none"}).amount is None


def test_own_words_stand_in_place_of_the_general_ones(book: Catalogue) -> None:
    """A scheme's own words on who claims and what the firm can do replace the general sentence, with their figure."""
    rebate = {"scheme": "guarantee-fee-rebate", "recipient": "institution", "status": "needs_decision"}
    found = shown(book, as_of=date(2022, 3, 1), **rebate, extra={"fee_ceiling": "40000.00"})
    assert found.payee is None
    assert "贵单位不能申领" in found.own
    assert "40,000.00元" in found.own
    unknown = shown(book, "en", **rebate)
    assert "cannot claim it" in unknown.own
    assert "{" not in unknown.own
    assert shown(book, **{**rebate, "status": "not_eligible"}).own == ""


def test_a_restriction_pays_nobody(book: Catalogue) -> None:
    """A rule to obey is never worded as a benefit."""
    found = shown(book, scheme="labour-market-conduct", status="applies", recipient="firm_right")
    assert found.payee is None
    assert "立即退还" in found.own
    assert found.why == "规定适用于贵单位"


def test_rules_known_in_part_are_marked(book: Catalogue) -> None:
    """That the rules are known in part only is a mark at the head, the sentence is in the details."""
    told = {"zh": "只掌握一部分", "en": "in part only"}
    found = shown(book, warnings=[{"code": "version_in_part", "facts": [], "text": told}])
    assert (found.in_part, found.warnings) == (("只掌握一部分",), ())


def test_a_deferral_is_never_called_a_relief(book: Catalogue) -> None:
    """What is put off is said to be put off, beside the figure too."""
    amount = shown(book, recipient="firm_deferral").amount
    assert amount is not None
    assert amount.before == "缓缴 恰好"


@pytest.mark.parametrize(
    ("as_of", "until", "said"),
    [
        (date(2026, 11, 24), "2027-12-31", "这一版规定到2027年12月31日止"),
        (date(2027, 12, 1), "2027-12-31", "这一版规定到2027年12月31日止，只剩30天"),
        (date(2026, 11, 24), None, "没有写明截止日"),
    ],
)
def test_the_end_is_said_and_marked_when_near(book: Catalogue, as_of: date, until: str | None, said: str) -> None:
    """The last day of the rules is said; within 90 days the days left too."""
    assert shown(book, as_of=as_of, version={"from": "2023-01-01", "until": until}).until == said


def test_a_refusal_says_what_fails_or_whom_to_ask(book: Catalogue) -> None:
    """Each status without entitlement has its own main reason."""
    refused = shown(book, status="not_eligible", recipient=None, amount=None, failing=["vat_status"])
    assert refused.why == "不满足“增值税纳税人类别”"
    assert refused.until is None
    ended = shown(book, status="not_open", reason="ended", recipient=None, amount=None)
    assert ended.why == "已经停止施行"
    assert "天津市税务局" in shown(book, status="unconfirmed", recipient=None, amount=None).why


def test_the_condition_that_is_easiest_to_mend_is_the_main_reason(book: Catalogue) -> None:
    """Of several alternatives that fail, the one a small change would mend is named."""

    def leaf(fact: str, text: str) -> dict[str, Any]:
        words = {"id": fact, "kind": "test", "outcome": False, "text": {"zh": text, "en": text}, "fact": fact}
        return {
            **words,
            "op": None,
            "bound": None,
            "value": None,
            "distance": None,
            "says": None,
            "source": None,
            "children": [],
        }

    tree = {**leaf("", "任一项"), "kind": "any"}
    tree["children"] = [leaf("legal_form", "不是个体工商户"), leaf("employees_end_last_month", "从业人数 301 人")]
    near = {
        "changes": [{"fact": "employees_end_last_month", "from": "301", "to": "300"}],
        "on": None,
        "reaches": "eligible",
    }
    refused = shown(book, status="not_eligible", recipient=None, amount=None, reasons=tree, near_miss=[near])
    assert refused.why == "不满足“从业人数 301 人”，等2条"


def test_missing_facts_lead_to_their_fields(book: Catalogue) -> None:
    """A missing fact that the form asks is linked by the id of its field."""
    found = shown(book, status="needs_information", amount=None, recipient=None, missing=["vat_status"])
    assert [(fact.label, fact.field) for fact in found.missing] == [("增值税纳税人类别", "fact_vat_status")]
    assert found.why == "还要知道：增值税纳税人类别"


def test_only_a_step_within_reach_is_near(book: Catalogue) -> None:
    """One person fewer is a step; a plant ten times the size is none, and is kept apart."""
    near, far = (
        {
            "changes": [{"fact": fact, "from": old, "to": new}],
            "on": None,
            "reaches": "eligible",
            "within_reach": is_step,
        }
        for fact, old, new, is_step in (
            ("employees_end_last_month", "301", "300", True),
            ("upgrade_total_investment", "0", "10000000", False),
        )
    )
    found = shown(book, status="not_eligible", recipient=None, amount=None, near_miss=[near, far])
    assert found.near_misses == ("“申报期上月末从业人数”再少1人（现在301人，要300人），就可享受。",)
    assert found.far_misses == ("“技术改造项目总投资”再多10,000,000元（现在0元，要10,000,000元），就可享受。",)


def test_a_department_that_selects_is_not_said_to_be_nearly_convinced(book: Catalogue) -> None:
    """Where nothing the firm told speaks for it, the card does not say that all it can state holds."""
    award = {"scheme": "tianjin-quality-award", "status": "needs_decision", "recipient": "firm_cash"}
    assert shown(book, **award).why.startswith("要先由")
    assert "条件都满足" not in shown(book, **award).why


def test_figures_beside_the_amount_have_words(book: Catalogue) -> None:
    """Further outputs have the label and the unit of their rule; one that the rules of the day do not give its id."""
    deferral = {"scheme": "manufacturing-tax-deferral", "extra": {"deferral_share": "0.5", "deferral_months": 13}}
    assert shown(book, as_of=date(2022, 3, 1), **deferral).outputs == (
        ("缓缴比例", "50%"),
        ("缓缴期限（从原缴纳期限算起）", "13个月"),
    )
    loan = {"scheme": "inclusive-loan-deferral", "extra": {"deferred_until": "2021-03-31"}}
    assert shown(book, "en", date(2020, 7, 1), **loan).outputs == (("put off until at the latest", "31 March 2021"),)
    assert shown(book, extra={"given_by_older_rules": "x"}).outputs == (("given_by_older_rules", "x"),)


def test_a_scheme_not_confirmed_says_its_last_terms(book: Catalogue) -> None:
    """What the last terms would have given, what is awaited and whom to call; nothing of it is an amount of the card."""
    known = {
        "status": "needs_decision",
        "text": {"zh": "执行到…，最高 5,000 元", "en": "In force until …"},
        "awaits": {"zh": "新的通知", "en": "the new notice"},
    }
    found = shown(book, status="unconfirmed", recipient=None, amount=None, last_known=known)
    assert found.last_gave
    assert found.confidence is None
    assert (found.amount, found.last_terms, found.awaits) == (None, "执行到…，最高5,000元", "新的通知")
    assert any("12366" in line for line in found.contacts)
    assert shown(book).last_terms is None
