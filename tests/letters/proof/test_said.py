"""What a verdict says: its word, and which lines of the letter are shown beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.letters.proof.paper import Issued
from matcher.letters.proof.verdict import Standing, Verdict, beside_register, fault
from matcher.letters.proof.verdict_text import holds, meaning, rows, state_word
from matcher.letters.proof.verify import verify, verify_statement
from tests.fixtures.signed_letters import BEICHEN, FIRM, Office

NUMBER, BY = "津辰惠函〔2026〕1号", "津辰惠函〔2026〕5号"


def told(office: Office, verdict: Verdict, lang: str = "zh") -> dict[str, str]:
    """The lines by label."""
    return dict(rows(verdict, office.rulebook, lang))


def test_a_letter_that_holds(office: Office, letters: list[Issued]) -> None:
    """It says what kind it is, who issued it, to whom by name and credit code, and the result."""
    said = told(office, verify_statement(letters[0].qr, office.against()))
    assert said["类别"] == "核对结果的函"
    assert said["签发单位"] == BEICHEN.name.zh
    assert (said["企业名称"], said["统一社会信用代码"]) == (FIRM["name"], FIRM["credit_code"])
    assert said["金额"] == "19,321.29元"
    several = told(office, verify_statement(letters[1].qr, office.against()), "en")
    assert (several["Schemes"], several["Tax and fees less"]) == ("3", "77,285.16 yuan")


def test_every_line_stands_on_the_paper(office: Office, letters: list[Issued]) -> None:
    """What a stranger is asked to compare is printed on the letter, word for word but for kind and result."""
    from matcher.letters.proof.paper import printed_text

    for letter in letters[:2]:
        paper = printed_text(letter.pdf)
        for label, text in rows(verify(letter.pdf, office.against()), office.rulebook, "zh"):
            if label not in ("类别", "结论", "政策项数"):
                assert all(
                    part.removeprefix("截止 ").replace("最高 ", "最高") in paper
                    for part in text.split("，")
                    if part != "可以享受"
                )
    assert "共核对3项" in printed_text(letters[1].pdf)


def test_a_notice_of_what_is_missing(office: Office) -> None:
    """It is no entitlement: the page says so, and adds nothing up."""
    receipt = office.receipt(1, ("six-taxes-two-fees", "small-scale-vat")).model_copy(
        update={"kind": "missing", "total": None}
    )
    said = told(office, verify_statement(office.issue(receipt).qr, office.against()))
    assert "不是可以享受的凭据" in said["类别"]
    assert "现在确定能得的合计" not in said


@pytest.mark.parametrize(("state", "word"), [("revoked", "已撤销"), ("superseded", "已被替代")])
def test_withdrawn(office: Office, letters: list[Issued], state: Any, word: str) -> None:
    """Of a withdrawn letter it says which it is and what took its place, and no result."""
    by = BY if state == "superseded" else None
    verdict = beside_register(
        verify_statement(letters[0].qr, office.against()), Standing(state, "", letters[0].qr, date(2026, 4, 3), by)
    )
    said = told(office, verdict)
    assert state_word(verdict, "zh") == word
    assert set(said) == {"文号", "日期", "有效期至"} | ({"已由此函替代"} if by else set())
    assert not holds(verdict)


@pytest.mark.parametrize("word", ["changed", "added", "text_other", "code_other", "receipt_changed", "register_other"])
def test_altered(office: Office, letters: list[Issued], word: str) -> None:
    """A letter that was altered has a word of its own, whatever else is known of it, and no result."""
    good = verify_statement(letters[0].qr, office.against())
    verdict = replace(good, state="unknown", faults=(fault(word),))
    assert state_word(verdict, "zh") == "已被改动，不可采信"
    assert state_word(verdict, "en") == "Altered: do not rely on it"
    assert "不是签发时的函件" in meaning(verdict, "zh")
    assert set(told(office, verdict)) == {"文号", "日期", "有效期至"}
    assert verdict.to_json()["state"] == "unknown"


@pytest.mark.parametrize(
    ("word", "said"),
    [("nothing_inside", "没有可核验的内容"), ("key_unknown", "不能凭此函办理"), ("code_not_found", "不能凭此函")],
)
def test_nothing_to_verify(word: str, said: str) -> None:
    """A scan is no false letter; a letter that nobody vouches for is not to be relied on."""
    verdict = Verdict("unknown", None, (fault(word),))
    assert state_word(verdict, "zh") == "无法核验"
    assert said in meaning(verdict, "zh")
