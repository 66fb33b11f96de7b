"""What a verdict says: its word, and which lines of the letter are shown beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.letters.proof.page_statement import mark_of
from matcher.letters.proof.paper import Issued
from matcher.letters.proof.statement import Many, One, Page, PageStated, Statement
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


def of(matter: One | Many | Page, version: int = 2, **more: Any) -> Verdict:
    """A verdict on a letter that says this."""
    told: dict[str, Any] = {"kind": None, "name": None, "version": version, **more}
    statement = Statement(NUMBER, FIRM["credit_code"], date(2026, 4, 1), date(2026, 9, 30), matter, b"", **told)  # type: ignore[arg-type]
    return Verdict("valid", NUMBER, (), statement)


def line(**told: Any) -> PageStated:
    """A line of a first page."""
    usual = PageStated(mark_of("six-taxes-two-fees"), "certain", "eligible", "firm_price", "exact", 19_321_29, None, "")
    return replace(usual, **told)


@pytest.mark.parametrize(
    ("verdict", "wanted"),
    [
        (of(One("six-taxes-two-fees", "eligible", "exact", 19_321_29), 1), {"结论": "可以享受", "金额": "19,321.29元"}),
        (of(One("no-such-scheme", "not_eligible", "none", None), 1), {"政策": "no-such-scheme", "金额": None}),
        (of(Many(3, 77_285_16, b""), 2), {"政策项数": "3", "现在确定能得的合计": "77,285.16元"}),
        (of(Many(3, 77_285_16, b""), 1), {"政策项数": "3", "现在确定能得的合计": None}),
        (
            of(
                Page(
                    (line(), line(fen=None, group="apart"), line(fen=None, closes=date(2026, 12, 31))),
                    (0, 1, 2),
                    4,
                    5,
                    (3,),
                ),
                3,
            ),
            {"另有同类（见附页）": "4", "没有金额的服务和资格": "5", "类别": None},
        ),
        (
            of(Page((line(), line()), None, 0, 0, (2,)), 3),
            {"到账现金": None, "政策项数": "2", "另有同类（见附页）": None},
        ),
        (of(Page((line(fen=None),), None, 0, 0, (1,)), 3), {"金额": None, "结论": "可以享受"}),
    ],
)
def test_what_letters_of_every_version_say(office: Office, verdict: Verdict, wanted: dict[str, str | None]) -> None:
    """Of one scheme, of several, or the whole first page; what the code does not hold is not shown."""
    said = told(office, verdict)
    assert {label: said.get(label) for label in wanted} == wanted
    assert rows(verdict, None, "en")


def test_a_line_without_a_sum_says_that_it_is_to_be_set_and_until_when(office: Office) -> None:
    """But for what stands apart, which has none."""
    page = Page((line(), line(fen=None, closes=date(2026, 12, 31)), line(fen=None, group="apart")), None, 0, 0, (3,))
    lines = [text for label, text in rows(of(page, 3), office.rulebook, "en") if label == "Scheme"]
    assert lines[0].endswith("19,321.29 yuan")
    assert lines[1].endswith("until 31 December 2026")
    assert lines[1].count(";") == lines[2].count(";") + 2


@pytest.mark.parametrize(
    ("lines", "numbers", "waiting", "wanted"),
    [
        ((), (0, 0, 0), 90, ["情况待补（早先的函印作0元）"] * 3),
        ((), (0, 0, 0), 0, ["0元", "0元", "0元"]),
        ((line(),), (0, 19_321_29, 0), 5, ["0.00元", "19,321.29元", "情况待补（早先的函印作0元）"]),
        ((line(group="possible", fen=None),), (0, 0, 0), 5, ["0元", "0元", "以核定为准"]),
        ((line(group="possible", amount="ceiling"),), (0, 0, 19_321_29), 5, ["0.00元", "0.00元", "19,321.29元"]),
    ],
)
def test_what_is_not_known_is_no_nought(
    office: Office, lines: tuple[PageStated, ...], numbers: tuple[int, ...], waiting: int, wanted: list[str]
) -> None:
    """Nought is said where it is the answer, not where facts are missing or a department sets the sum; as the paper has it."""
    said = told(office, of(Page(lines, numbers, 0, 0, (1, 0, 0, waiting, 0, 0, 0, 0)), 3))
    assert [said[label] for label in ("到账现金", "少缴税费", "有望再得（最高）")] == wanted
