"""Holds the speed of whole letters against WeasyPrint used naively on the same words, in one run, and memory flat."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml
from markupsafe import escape
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from matcher.engine.check import check
from matcher.firms.profile import read_facts
from matcher.letters.compose.compose import compose_letter_of
from matcher.letters.compose.letter import Attachment, Letter
from matcher.letters.compose.levels import paragraphs
from matcher.letters.compose.writer import frame
from matcher.letters.pdf.render import render_pdf
from matcher.rulebook.rulebook import Rulebook
from matcher.rulebook.shapes import Text
from tests.benchmarks.measure import one_core
from tests.benchmarks.typst_peer import setter, typst_or_none
from tests.conftest import count

WARM, ROUNDS = 3, 15
SCHEME = "six-taxes-two-fees"
SIGNS = "恒通精密机械蓝鲸海洋工程燕山乳品瑞丰钢管雅观城园林绿化宁夏盛世华章龙腾飞虎跃远景科创智能装备"
STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-right { content: counter(page) } }
body { font: 15.75pt/28.95pt FandolFang, "LXGW WenKai" } p { margin: 0; text-indent: 2em; text-align: justify }
h1 { font: bold 22pt FandolSong } b { font-family: FandolHei }
"""
RECEIPT = Attachment("receipt.json", b'{"facts": {}}' * 100, "application/json", description="核对回执")


@pytest.fixture(scope="module")
def letter(rulebook: Rulebook, given_cases: Path) -> Letter:
    """An issued letter on one scheme, with its number and QR code."""
    cases = yaml.safe_load((given_cases / f"{SCHEME}.yaml").read_text(encoding="utf-8"))
    case = next(case for case in cases if case["expect"]["status"] == "eligible")
    facts, _ = read_facts(rulebook, case["facts"])
    decisions = check(rulebook, facts, case["as_of"], [SCHEME])
    composed = compose_letter_of(
        rulebook, facts, decisions, case["as_of"], addressee="天津市北辰区恒通精密机械有限公司", kind="eligibility"
    )
    return dataclasses.replace(
        composed,
        number="津辰企服函〔2026〕128号",
        centre=Text(zh="天津市北辰区企业服务中心", en="Beichen Enterprise Service Centre"),
        valid_until=datetime.date(2027, 5, 23),
        code="7K3MQX9TBH2P",
        qr="HC1:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:" * 5,
    )


def naive(letter: Letter) -> Callable[[], object]:
    """The same words as plain paragraphs: ragged lines, no archive form, no code, nothing attached."""
    around, fonts = frame(letter, "zh"), FontConfiguration()
    body = "".join(f"<p>{escape(paragraph.label + paragraph.text)}</p>" for paragraph in paragraphs(letter, "zh"))
    html = (
        f'<html lang="zh-CN"><title>x</title><h1>{escape("".join(letter.title))}</h1><p><b>{escape(around.head)}</b></p>'
        f"<p>{escape(letter.addressee)}</p>{body}<p>{escape(around.signatory)}</p><p>{escape(around.date)}</p>"
    )
    style = CSS(string=STYLE, font_config=fonts)
    return lambda: HTML(string=html).write_pdf(stylesheets=[style], font_config=fonts)


def another_name(number: int) -> str:
    """Five signs, a name for the firm of this number."""
    return "".join(SIGNS[(number * step + step) % len(SIGNS)] for step in (1, 3, 7, 11, 13))


def to_another(letter: Letter, numbers: Iterator[int], *, brief: bool = False, rare: str = "") -> Letter:
    """The letter to a firm no other has the name of, so that no face is cut down to the same glyphs twice.

    :param brief: without the statements below the result, which makes it a page; `rare`: a sign 仿宋 has not.
    """
    name = another_name(next(numbers))
    (section,) = letter.sections
    sections = (dataclasses.replace(section, rows=()),) if brief else letter.sections
    return dataclasses.replace(letter, addressee=f"天津市{name}{rare}有限公司", sections=sections)


@pytest.fixture(scope="module")
def taken(letter: Letter) -> dict[str, list[float]]:
    """Milliseconds a letter, round by round, all in turns on one core."""
    numbers = itertools.count()

    def whole(**kind: Any) -> Callable[[], object]:
        return lambda: render_pdf(to_another(letter, numbers, **kind), attachments=[RECEIPT])

    jobs = {"whole": whole(), "one page": whole(brief=True), "rare": whole(rare="堃"), "naive": naive(letter)}
    typst = typst_or_none()
    if typst is None:
        print("\nSKIPPED: typst is not installed (script/bench installs it)")
    else:
        jobs["typst"] = lambda: setter(typst, to_another(letter, numbers))()
    rounds: dict[str, list[float]] = {name: [] for name in jobs}
    with one_core():
        for number in range(WARM + ROUNDS):
            for name, job in jobs.items():
                start = time.process_time()
                job()
                if number >= WARM:
                    rounds[name].append((time.process_time() - start) * 1000)
    for name, laps in rounds.items():
        print(f"\n{name}: median {median(laps):.0f} ms, fastest {min(laps):.0f} ms a letter")
    return rounds


def test_a_whole_letter_takes_little_longer_than_the_bare_words(taken: dict[str, list[float]]) -> None:
    """Justified, tagged, archival, with code and attachment: two pages take at most twice as long as WeasyPrint's bare text."""
    assert times(taken, "whole") <= 2
    assert times(taken, "one page") <= 1.7


def test_a_rare_character_costs_little(taken: dict[str, list[float]]) -> None:
    """A sign from another face of the chain makes a letter at most half as slow again."""
    assert median(rare / whole for rare, whole in zip(taken["rare"], taken["whole"], strict=True)) <= 1.5


def times(taken: dict[str, list[float]], name: str) -> float:
    """How many times as long as the bare words it took: the middle of the rounds' ratios."""
    return median(whole / bare for whole, bare in zip(taken[name], taken["naive"], strict=True))


def test_memory_is_flat(letter: Letter, taken: dict[str, list[float]]) -> None:
    """Warm, more letters take no more memory: at most a tenth more after a hundred (a thousand in full)."""
    numbers = itertools.count(1_000)
    for _ in range(40):  # the kept subsets are full then
        render_pdf(to_another(letter, numbers), attachments=[RECEIPT])
    before = _resident()
    for _ in range(count(1_000)):
        render_pdf(to_another(letter, numbers), attachments=[RECEIPT])
    assert _resident() <= before * 1.1


def _resident() -> int:
    """The memory this process has in use, in kB."""
    status = Path("/proc/self/status")
    if not status.is_file():
        pytest.skip("SKIPPED: no /proc on this system")
    return int(status.read_text(encoding="ascii").partition("VmRSS:")[2].split()[0])
