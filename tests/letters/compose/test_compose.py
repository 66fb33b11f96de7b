"""The words of a letter: title, addressee, what was found, in which order, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from matcher.letters.compose.compose import compose_letter_of
from matcher.letters.compose.letter import Letter
from matcher.letters.compose.writer import frame

STATUSES = (
    "eligible",
    "needs_decision",
    "applies",
    "needs_information",
    "not_eligible",
    "does_not_apply",
    "unconfirmed",
    "not_open",
)


def test_says_it_is_not_issued(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The paper says plainly that it is an unnumbered check and no issued letter, and that no seal belongs to it."""
    said = frame(write(decide("eligible")), "zh")
    assert said.head == "自助核对结果，未编号，不是签发的函件"
    assert "不加盖印章" in said.note


def test_frame(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The frame names scheme, firm, day and the edition of the rulebook."""
    letter = write(decide("eligible"))
    assert letter.title == ("小微企业“六税两费”减免自助核对单",)
    assert letter.addressee == "天津市北辰区恒通精密机械有限公司："
    assert frame(letter, "zh").date == "2026年11月24日"
    assert letter.edition == "规则库版本 3f2a 9c7d 41e8 b605　核对日期 2026年11月24日"


def test_addressee(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """A given addressee goes before the told name; without either the letter speaks to the firm concerned."""
    assert write(decide("eligible"), addressee="甲公司").addressee == "甲公司："
    assert write(decide("eligible"), name="").addressee == "贵单位："
    assert write(decide("eligible"), lang="en", addressee="A Ltd").addressee == "To: A Ltd"


def test_dated_by_argument(book: Any, facts: dict[str, Any], decide: Callable[..., Any]) -> None:
    """A letter on a past day can carry the day it was written; the day checked stays in it."""
    day = date(2026, 11, 24)
    letter = compose_letter_of(book, facts, [decide("eligible")], date(2022, 3, 1), addressee=None, written_on=day)
    assert frame(letter, "zh").date == "2026年11月24日"
    assert "2022年3月1日" in letter.opening[0]
    assert letter.edition.endswith("2022年3月1日")


def test_decision_objects_serve_too(book: Any, facts: dict[str, Any], decide: Callable[..., Any]) -> None:
    """Whatever can say itself as JSON is taken, not only mappings."""

    class Decided:
        def to_json(self) -> dict[str, Any]:
            return decide("eligible")

    letters = [
        compose_letter_of(book, facts, [one], date(2026, 11, 24), addressee=None)
        for one in (Decided(), decide("eligible"))
    ]
    assert letters[0] == letters[1]


def test_order_of_use(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """Entitlements come first, what is not for the firm last; the opening counts each kind."""
    letter = write(*(decide(status) for status in reversed(STATUSES)), decide("eligible", "guarantee-fee-rebate"))
    assert [section.status for section in letter.sections] == ["eligible", *STATUSES]
    assert letter.opening[1].startswith("共核对9项政策，其中可以享受2项，待部门决定1项，")
    assert letter.sections[0].heading == "一、小微企业“六税两费”减免"
    assert letter.sections[8].heading.startswith("九、")


def test_no_scheme(write: Callable[..., Letter]) -> None:
    """With no scheme at all the letter still says so."""
    assert write().opening == ("本次没有核对任何政策。",)


@pytest.mark.parametrize("status", STATUSES)
def test_english_is_complete(write: Callable[..., Letter], decide: Callable[..., Any], status: str) -> None:
    """In an English letter only names, numerals and citations of Chinese law are Chinese."""
    letter = write(decide(status, version=None), lang="en", addressee="A Ltd")
    section = letter.sections[0]
    rows = [text for row in section.rows if row.key not in ("ground", "failing") for text in (row.label, *row.texts)]
    money = [section.amount.sentence.replace(section.amount.capitals, "")] if section.amount else []
    around = frame(letter, "en")
    said = [*letter.title, letter.addressee, *letter.opening, *around.closing, around.signatory, around.date]
    words = [*said, around.head, around.note, around.foot, section.heading, section.conclusion, section.paid]
    assert not re.search("[一-鿿]", " ".join(words + rows + money))


def test_a_strangers_name_stays_text(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """Braces in a name are not filled in, control characters go."""
    letter = write(decide("eligible"), addressee="{name}{0}\x07\u202e公司")
    assert letter.addressee == "{name}{0}公司："


def test_the_total_that_is_certain(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """An issued letter on several schemes says what is certain, without what others are paid; a self-check does not."""
    decided = (decide("eligible"), decide("eligible", "guarantee-fee-rebate", recipient="institution"))
    total = "现在确定能得的合计（不含抵扣、缓缴和付给他人的）：19,321.29元（人民币壹万玖仟叁佰贰拾壹元贰角玖分）。"
    assert write(*decided, kind="eligibility").opening[-1] == total
    assert "Total that is certain now" in write(*decided, kind="eligibility", lang="en").opening[-1]
    assert total not in write(*decided).opening
    assert len(write(decide("eligible"), kind="eligibility").opening) == 1
    assert len(write(decide("not_eligible"), decided[1], kind="eligibility").opening) == 2


def test_the_credit_code_stands_under_the_name(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """An issued letter binds the firm by its credit code too, where it is known."""
    code = "91120113MA06ABCD1X"
    for kind in ("eligibility", "missing"):
        letter = write(decide("needs_information"), kind=kind, credit_code=code)
        assert letter.firm_code == f"（统一社会信用代码：{code}）"
    assert write(decide("eligible"), kind="eligibility").firm_code == ""
    assert write(decide("eligible"), credit_code=code).firm_code == ""


def test_a_notice_counts_its_schemes(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """A notice of what is missing says of how many schemes, as the page that verifies it does."""
    letter = write(decide("needs_information"), decide("eligible", "guarantee-fee-rebate"), kind="missing")
    assert "下列1项政策还缺少情况" in letter.opening[0]
