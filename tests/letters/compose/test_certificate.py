"""The first page of a letter on several schemes: its figures agree with each other and with the product's three numbers."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

from matcher.engine.check import check
from matcher.engine.choose.headline import headline
from matcher.firms.profile import read_facts
from matcher.letters.compose.letter import Certificate, Letter
from matcher.letters.order import holds_from
from matcher.letters.pdf.render import render_pdf
from matcher.letters.proof.paper import words_of
from matcher.letters.proof.receipt import Issue, Receipt, receipt_of
from matcher.rulebook.rulebook import Rulebook
from matcher.text.figures import bare_sum
from tests.conftest import count
from tests.fixtures.signed_letters import BEICHEN

WRITTEN_ON = date(2026, 12, 1)
FIRMS = Path(__file__).parents[2] / "worked_cases/given/firms/firms.yaml"
NAMES = [one["id"] for one in yaml.safe_load(FIRMS.read_text(encoding="utf-8"))]


@dataclass(frozen=True)
class Firm:
    """A whole firm with what was decided for it."""

    facts: dict[str, Any]
    as_of: date
    decisions: tuple[Any, ...]


@pytest.fixture(scope="module")
def firm(rulebook: Rulebook) -> Any:
    """A given firm by its id: `firm(id)`."""
    told = {one["id"]: one for one in yaml.safe_load(FIRMS.read_text(encoding="utf-8"))}

    @cache
    def decided(name: str) -> Firm:
        facts, _ = read_facts(rulebook, told[name]["facts"])
        return Firm(dict(facts), told[name]["as_of"], check(rulebook, facts, told[name]["as_of"]))

    return decided


def receipt(rulebook: Rulebook, firm: Firm, lang: Any = "zh", supersedes: str | None = None) -> Receipt:
    """The receipt of a letter on all schemes, written on the first of December 2026."""
    holds = holds_from(firm.decisions, firm.as_of, WRITTEN_ON)
    until = WRITTEN_ON + timedelta(days=30) if holds else None
    issue = Issue(BEICHEN.id, BEICHEN.name, "津辰惠函〔2026〕1号", WRITTEN_ON, until, supersedes, "hq.example.gov.cn")
    name = firm.facts["name"]
    return receipt_of(
        rulebook, firm.facts, firm.decisions, firm.as_of, issue, lang=lang, addressee=name, seed=bytes(32), program="0"
    )


def letter(rulebook: Rulebook, firm: Firm, lang: Any = "zh", supersedes: str | None = None) -> Letter:
    """The words of that letter."""
    return words_of(rulebook, receipt(rulebook, firm, lang, supersedes), [one.to_json() for one in firm.decisions])


def page(made: Letter) -> Certificate:
    """Its first page."""
    assert made.certificate is not None
    return made.certificate


def said(made: Letter) -> str:
    """All words of the first page."""
    one = page(made)
    rows = [row for group in one.groups for row in group.rows]
    return "\n".join([*made.title, one.dated, *one.remarks, *one.caution, *one.contact, *(row.name for row in rows)])


def total(sums: Iterable[str]) -> int:
    """Sums as they are printed, in fen; what is still to be set counts nothing."""
    figures = (one.replace(",", "") for one in sums)
    return sum(round(float(one) * 100) for one in figures if one.replace(".", "").isdecimal())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_figure_contradicts_another(rulebook: Rulebook, firm: Any, name: str, lang: str) -> None:
    """The three numbers are those of the product; each group's rows add up to them; the counts are those of all schemes."""
    one = firm(name)
    numbers = headline(rulebook, one.facts, one.decisions, one.as_of)
    shown = page(letter(rulebook, one, lang))
    groups = {group.key: group for group in shown.groups}
    assert total(number.figures for number in shown.numbers) == numbers.cash + numbers.less + numbers.possible
    certain = groups["certain"].rows if "certain" in groups else ()
    assert total(row.amount for row in certain) == numbers.cash + numbers.less
    possible = groups["possible"].rows if "possible" in groups else ()
    more = receipt(rulebook, one).page
    assert more is not None
    assert more.more or total(row.amount for row in possible) == numbers.possible
    assert all(
        not group.total or total([group.total]) == total(row.amount for row in group.rows) for group in shown.groups
    )
    assert str(len(one.decisions)) in "".join(shown.remarks)
    assert {row.scheme for row in certain} == {entry.scheme for entry in numbers.of("certain")}


def test_what_is_certain_is_confirmed(rulebook: Rulebook, firm: Any) -> None:
    """A ceiling, and a figure that is to be confirmed, never stand among what is certain; refunds stand there and are named."""
    shown = page(letter(rulebook, firm("testing-lab")))
    certain = next(group for group in shown.groups if group.key == "certain")
    assert not any(row.before for row in certain.rows)
    assert any(row.name == "增值税期末留抵退税" and row.amount.startswith(bare_sum(61_440_000)) for row in certain.rows)
    assert "留抵税额" in "".join(shown.remarks)


def test_services_and_noughts_stand_in_one_line(rulebook: Rulebook, firm: Any) -> None:
    """No row is a service or a nought: they are counted together."""
    shown = page(letter(rulebook, firm("noodle-shop")))
    rows = [row for group in shown.groups for row in group.rows]
    assert all(rulebook.schemes[row.scheme].kind == "support" and row.amount != "0" for row in rows)
    assert "没有金额的服务和资格" in "".join(shown.remarks)


def test_a_day_that_is_over(rulebook: Rulebook, firm: Any) -> None:
    """A letter about 2022 has its day in the title, is in the past tense, and holds for nothing now."""
    made = letter(rulebook, firm("guaranteed-printer-2022"))
    text = said(made)
    assert made.title == ("2022年8月15日惠企政策情况",)
    assert "只说明当时情况" in text
    assert "有效期" not in text
    assert "现在确定" not in text
    assert all(group.heading.startswith("当时") for group in page(made).groups)
    assert receipt(rulebook, firm("guaranteed-printer-2022")).valid_until is None


def test_the_caution_stands_on_the_first_page_in_both_languages(rulebook: Rulebook, firm: Any) -> None:
    """That it is no decision, whom to ask, how to disagree, and which letter it replaces."""
    zh, en = (said(letter(rulebook, firm("noodle-shop"), lang, "津辰惠函〔2026〕9号")) for lang in ("zh", "en"))
    for words in ("不是行政决定", "陈述未经核验", "12345", "有异议", "本函替代津辰惠函〔2026〕9号"):
        assert words in zh
    for words in (
        "not an administrative decision",
        "not verified",
        "12345",
        "disagree",
        "replaces 津辰惠函〔2026〕9号",
    ):
        assert words in en


def test_the_annex_gives_one_way_and_no_program_words(rulebook: Rulebook, firm: Any) -> None:
    """The reasons are those of the schemes on the page, without arrows, endless decimals or names of files."""
    for lang in ("zh", "en"):
        made = letter(rulebook, firm("testing-lab"), lang)
        rows = {row.scheme for group in page(made).groups for row in group.rows}
        assert {section.scheme for section in made.sections} == rows
        text = "".join(text for section in made.sections for row in section.rows for text in row.texts)
        for wrong in ("→", "Ground", "receipt.json", "66666", "不低于2026年", "0人、0人"):
            assert wrong not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_annex_says_why_a_sum_is_marked_and_what_is_missing(rulebook: Rulebook, firm: Any, lang: str) -> None:
    """Of a sum that is still to be confirmed it says so and why; of one that waits for facts, which ones, and the sum that would follow."""
    met = set()
    for name in NAMES:
        made, stated = letter(rulebook, firm(name), lang), receipt(rulebook, firm(name)).page
        assert stated is not None
        for line in stated.summary().lines:
            (section,) = (one for one in made.sections if one.scheme == line.scheme)
            rows = {row.key: "".join(row.texts) for row in section.rows}
            if "unconfirmed" in line.note:
                assert rows["marks"], (name, line.scheme)
                met.add("marks")
            if line.status == "needs_information" and line.fen:
                assert rows["missing"], (name, line.scheme)
                assert bare_sum(line.fen) in rows["counted"], (name, line.scheme)
                met.add("missing")
    assert met == {"marks", "missing"}


def test_a_letter_on_a_name_alone_does_not_say_that_there_is_nothing(rulebook: Rulebook) -> None:
    """What nobody asked yet is not nothing: the page says what to do instead."""
    facts, _ = read_facts(rulebook, {"name": "天津市津沽制造有限公司"})
    as_of = date(2026, 12, 1)
    bare = Firm(dict(facts), as_of, check(rulebook, facts, as_of))
    assert "所报情况还算不出金额。待补的情况补齐后，可请本中心重新核对。" in said(letter(rulebook, bare))
    assert "Once the missing facts are given, this centre checks again." in said(letter(rulebook, bare, "en"))
    for lang, words in (("zh", "情况待补"), ("en", "not yet known")):
        made = letter(rulebook, bare, lang)
        assert [(one.figures, one.unit, one.capitals) for one in page(made).numbers] == [(words, "", "")] * 3
        assert overprinted(render_pdf(made)) == []


def overprinted(pdf: bytes) -> list[tuple[str, str]]:
    """Pairs of words on the first page of which one covers a quarter of the other."""
    command = ["pdftotext", "-bbox", "-l", "1", "-", "-"]
    out = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60).stdout.decode()
    box = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    words = [(*map(float, found[:4]), found[4]) for found in box.findall(out)]

    def covered(one: Any, other: Any) -> float:
        width = min(one[2], other[2]) - max(one[0], other[0])
        height = min(one[3], other[3]) - max(one[1], other[1])
        area = min((each[2] - each[0]) * (each[3] - each[1]) for each in (one, other))
        return width * height / area if width > 0 and height > 0 else 0

    return [(one[4], other[4]) for one, other in combinations(words, 2) if covered(one, other) > 0.25]


# The fullest first pages and the longest annexes, and one of the short ones; all of them under the bench.
_HARD = ("training-machine-works", "testing-lab", "noodle-shop")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages(rulebook: Rulebook, firm: Any, lang: str) -> None:
    """The answer is one page, on which no words stand in the place of others; the whole letter four at most and three for most firms
    (all firms under the bench)."""
    counts = []
    for name in _HARD if count(10) == 1 else NAMES:
        pdf = render_pdf(letter(rulebook, firm(name), lang))
        pages = [part.extract_text() for part in PdfReader(BytesIO(pdf)).pages]
        assert overprinted(pdf) == [], name
        counts.append(len(pages))
        assert ("不是行政决定" if lang == "zh" else "not an administrative decision") in pages[0], name
        assert len(pages) == 1 or pages[1].lstrip().startswith("附页" if lang == "zh" else "Annex"), name
    assert max(counts) <= 4
    assert count(10) == 1 or median(counts) <= 3
