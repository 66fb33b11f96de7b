"""The numbered levels of an official letter, its frame, and the kinds of paper."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from matcher.letters.compose.letter import Attachment, Letter
from matcher.letters.compose.levels import paragraphs
from matcher.letters.compose.reference import compose_extract, compose_rule_sheet
from matcher.letters.compose.writer import frame
from matcher.letters.pdf.render import render_pdf
from matcher.rulebook.rulebook import Rulebook
from matcher.rulebook.shapes import Text

CENTRE = Text(zh="天津市北辰区企业服务中心", en="Beichen Enterprise Service Centre, Tianjin")
DAY = date(2026, 11, 24)


def headings(letter: Letter, lang: str = "zh") -> list[str]:
    """The first-level headings."""
    return [paragraph.text for paragraph in paragraphs(letter, lang) if paragraph.level == 1]


def test_one_scheme(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """A letter on one scheme has its result, its grounds and what to do under headings, each paragraph with a full stop."""
    letter = write(decide("eligible"), kind="eligibility")
    assert headings(letter) == ["一、核对结论", "二、理由和依据", "三、办理事项"]
    said = list(paragraphs(letter, "zh"))
    assert "（一）应备材料。" in [paragraph.label for paragraph in said]
    assert all(paragraph.text.endswith("。") for paragraph in said if paragraph.level != 1)


def test_unconfirmed_has_a_heading_of_its_own(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """What is not confirmed stands under a heading that says so."""
    letter = write(decide("eligible", confidence="medium"), kind="eligibility")
    assert headings(letter)[-1] == "四、有待核实的事项"


def test_several_schemes(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """With several each scheme is a heading, and its statements are the second level."""
    letter = write(decide("eligible"), decide("needs_information"), kind="eligibility")
    assert headings(letter) == ["一、小微企业“六税两费”减免", "二、小微企业“六税两费”减免"]
    said = [(paragraph.label, paragraph.text) for paragraph in paragraphs(letter, "zh")]
    at = said.index(("（一）尚缺情况。", ""))
    assert said[at + 1] == ("", "1.申报期上月末从业人数。")


def test_a_long_list_is_one_paragraph(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """More items than get a line each are one paragraph."""
    letter = write(decide("needs_information", missing=["vat_status"] * 7), kind="eligibility")
    (listed,) = [paragraph for paragraph in paragraphs(letter, "zh") if paragraph.label.endswith("尚缺情况。")]
    assert listed.text.count("；") == 6


def test_notice_of_what_is_missing(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The notice speaks of the schemes that wait for facts, and of no other."""
    letter = write(decide("eligible"), decide("needs_information"), kind="missing")
    assert [section.status for section in letter.sections] == ["needs_information"]
    assert "".join(letter.title) == "关于小微企业“六税两费”减免尚缺情况的函"
    assert write(decide("eligible"), kind="missing").opening == ("本次核对没有缺少的情况。",)


def test_frame_of_an_issued_letter(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """Number, office, validity, code and enclosures are printed from the letter's own fields."""
    issued = {
        "number": "津辰企服函〔2026〕128号",
        "centre": CENTRE,
        "valid_until": date(2027, 5, 23),
        "code": "7K3MQX9TBH2P",
    }
    letter = dataclasses.replace(write(decide("eligible"), kind="eligibility"), **issued)
    around = frame(letter, "zh", [Attachment("receipt.json", b"", "application/json", description="核对回执")])
    assert (around.mark, around.signatory, around.head) == (CENTRE.zh, CENTRE.zh, issued["number"])
    assert around.closing[-2].endswith("本函有效期至2027年5月23日。")
    assert around.closing[-1] == "特此函告。"
    assert "打开本中心网站的“核验函件”页" in around.note
    assert "校验码7K3M-QX9T-BH2P" in around.note
    sited = frame(dataclasses.replace(letter, site="hq.example.cn"), "zh")
    assert "打开hq.example.cn/verify，" in sited.note
    assert around.enclosures == ("核对依据（机器可读，随电子文件）",)
    assert around.foot.startswith("津辰企服函〔2026〕128号　7K3M-QX9T-BH2P")


def test_bilingual(
    write: Callable[..., Letter], decide: Callable[..., Any], pages: Callable[[bytes], list[str]]
) -> None:
    """A bilingual letter is the Chinese one and then its translation, which says that the Chinese text prevails."""
    letter = dataclasses.replace(write(decide("eligible"), kind="eligibility", lang="both"), centre=CENTRE)
    assert letter.lang == "both"
    printed = pages(render_pdf(letter))
    alone = pages(render_pdf(dataclasses.replace(letter, lang="zh", translation=None)))
    assert [re.sub("共[0-9]+页", "", page) for page in printed[: len(alone)]] == [
        re.sub("共[0-9]+页", "", page) for page in alone
    ]
    assert all(f"共{len(printed)}页" in page for page in printed[: len(alone)])
    assert all(f"pages: {len(printed)}" in page for page in printed[len(alone) :])
    assert "the Chinese text prevails" in printed[len(alone)]
    assert CENTRE.en in printed[-1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rule_sheets(rulebook: Rulebook, pages: Callable[[bytes], list[str]], lang: str) -> None:
    """The rule sheet says conditions, figures and versions of a scheme, and that it is no issued letter."""
    sheet = compose_rule_sheet(rulebook, "six-taxes-two-fees", DAY, lang, written_on=DAY)
    (section,) = sheet.sections
    assert {row.key for row in section.rows} >= {"state", "rule", "figures", "ground", "bring", "where", "versions"}
    text = "".join(pages(render_pdf(sheet)))
    assert ("不是签发的函件" if lang == "zh" else "not an issued letter") in text


def test_extract(pages: Callable[[bytes], list[str]]) -> None:
    """An extract prints what the register holds, line by line, and nothing typed in it is obeyed."""
    entries = [("状态", "有效"), ("收文单位", "<img src=file:///etc/passwd>")]
    extract = compose_extract("津辰企服函〔2026〕128号", entries, addressee="某银行", written_on=DAY, edition="")
    (page,) = pages(render_pdf(extract))
    assert "状态：有效。" in page
    assert "<img src=file:///etc/passwd>" in page
    printed = page.replace("\n", "")
    assert "本件是登记簿2026年11月24日状态的打印件，不加盖印章，本身不能核验" in printed
    assert "以校验码" not in printed
