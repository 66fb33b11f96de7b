"""Whoever holds a paper against what the phone page shows of its code, line by line, finds every alteration."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from matcher.letters.compose.letter import Letter
from matcher.letters.pdf.render import render_pdf
from matcher.letters.proof.paper import compose_letter, decide, printed_text
from matcher.letters.proof.picture import codes_of
from matcher.rulebook.rulebook import Rulebook
from matcher.text import day
from tests.conftest import count
from tests.fixtures.browsing import NARROW, new_context, visit
from tests.fixtures.signed_letters import Office, office_of_the_site
from tests.letters.proof.test_picture import SCHEMES, changes, picture

SUM, DAY = re.compile(r"([\d,.]*\d) 元"), re.compile(r"\d{4}-\d{2}-\d{2}")
IN_WORDS = ("以核定为准", "情况待补")
IDENTITY = ("文号", "企业名称", "统一社会信用代码")


@pytest.fixture(scope="module")
def office(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office whose keys are those of the site."""
    with office_of_the_site(rulebook, tmp_path_factory.mktemp("site")) as here:
        yield here


@pytest.fixture(scope="module")
def words(office: Office) -> Letter:
    """The words of a letter on several schemes with money in them, its code among them."""
    facts = {
        "period_sales": 15_500_000, "employees": 4, "tax_filing_cycle": "quarterly", "period_real_estate_sales": 0,
        "district": "beichen",
    }  # fmt: skip
    receipt = office.receipt(7, SCHEMES, **facts).model_copy(update={"valid_until": "2099-12-31"})
    issued = office.issue(receipt)
    return compose_letter(office.rulebook, issued.receipt, decide(office.rulebook, issued.receipt))


def shown(browser: Browser, app: Flask, folder: Path, code: str) -> list[tuple[str, str]]:
    """The lines that the downloaded page shows of a code, each as its label and its words; its script alone reads the code."""
    file = folder / "verify-letter.html"
    file.write_bytes(app.test_client().get("/verify/offline").get_data())
    context = new_context(browser, viewport=NARROW, locale="zh-CN", offline=True)
    page = context.new_page()
    visit(page, file.as_uri())
    page.fill("#text", code)
    page.click("#form button[type=submit]")
    expect(page.locator("#word")).to_contain_text("有效")
    labels, texts = (page.locator(f"#rows {tag}").all_inner_texts() for tag in ("dt", "dd"))
    context.close()
    return list(zip(labels, texts, strict=True))


def differences(lines: list[tuple[str, str]], print_out: str) -> list[str]:
    """The labels of lines that do not stand on the paper: read downwards, each behind the one before it, figures as whole figures."""
    found, at = [], 0
    for label, text in lines:
        name = label.partition(" / ")[0]
        last = [re.sub(r"\s", "", day(date.fromisoformat(one), "zh")) for one in DAY.findall(text)]
        if name in IDENTITY:
            found += [name] * (re.sub(r"\s", "", text) not in print_out)
        elif DAY.fullmatch(text):
            found += [name] * (last[0] not in print_out)
        elif sums := [*SUM.findall(text), *(one for one in IN_WORDS if one in text), *last]:
            start = print_out.find(re.sub(r"\s", "", name), at)
            part = print_out[start + len(name) : start + len(name) + 60]
            if start < 0 or not all(_stands(one, part) for one in sums):
                found.append(name)
            at = max(start, at)
    return found


def _stands(said: str, part: str) -> bool:
    return re.search(rf"(?<![\d,.]){re.escape(said)}(?![\d]|[,.]\d)", part) is not None


def test_a_reader_of_the_phone_page_finds_every_alteration(
    browser: Browser, app: Flask, office: Office, words: Letter, tmp_path: Path
) -> None:
    """1,000 papers (40 outside the bench) with another digit, scheme, day, name or number under the genuine code, which is read in a
    scan of each twentieth: every one is found, and the genuine paper is not."""
    (code,) = codes_of(picture(render_pdf(words), 150))
    lines = shown(browser, app, tmp_path, code)
    assert differences(lines, printed_text(render_pdf(words))) == []
    chance, missed = random.Random(16), []
    kinds = [*changes(words)[:4], partial(a_number, words)]
    for number in range(count(1000, 25)):
        altered = kinds[number % len(kinds)](chance)
        pdf = render_pdf(altered)
        if not number % 20:
            assert codes_of(picture(pdf, 150)) == [code]
        if altered != words and not differences(lines, printed_text(pdf)):
            missed.append((number, altered.certificate))
    assert missed == []


def test_what_is_not_known_is_no_nought_on_the_phone_page(
    browser: Browser, app: Flask, office: Office, tmp_path: Path
) -> None:
    """Where a letter waits for facts, paper and phone page say so in the place of all three numbers."""
    receipt = office.receipt(8, SCHEMES[2:]).model_copy(update={"valid_until": "2099-12-31"})
    assert receipt.page is not None
    assert (receipt.page.lines, receipt.page.numbers) == ((), (0, 0, 0))
    issued = office.issue(receipt)
    words = compose_letter(office.rulebook, issued.receipt, decide(office.rulebook, issued.receipt))
    assert words.certificate is not None
    assert [one.figures for one in words.certificate.numbers] == ["情况待补"] * 3
    (code,) = codes_of(picture(render_pdf(words), 150))
    lines = shown(browser, app, tmp_path, code)
    assert sum("情况待补" in text and "not yet known" in text for _, text in lines) == 3
    assert differences(lines, printed_text(render_pdf(words))) == []


def a_number(words: Letter, chance: random.Random) -> Letter:
    """Another digit in one of the three numbers."""
    page = words.certificate
    assert page is not None
    at = chance.choice([at for at, one in enumerate(page.numbers) if one.figures[0].isdecimal()])
    figures = page.numbers[at].figures
    place = chance.choice([place for place, sign in enumerate(figures) if sign.isdecimal()])
    other = figures[:place] + chance.choice("123456789".replace(figures[place], "")) + figures[place + 1 :]
    numbers = [replace(one, figures=other) if n == at else one for n, one in enumerate(page.numbers)]
    return replace(words, certificate=replace(page, numbers=tuple(numbers)))
