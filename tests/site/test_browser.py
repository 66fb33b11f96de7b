"""Tests of the page in a real browser, on a phone: a profile filled in, the decision read, the letter downloaded."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from tests.fixtures.browsing import NARROW, PHONE, faults, is_narrow_enough, new_context, next_page, visit

PAYABLE = "#fact_six_taxes_two_fees_payable"


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """A phone that shows the page and must not complain about anything."""
    context = new_context(browser, viewport=PHONE, locale="zh-CN", base_url=address)
    yield from watched(context)
    context.close()


def watched(context: BrowserContext) -> Iterator[Page]:
    """A page of the context; afterwards there must be no console message, script error or policy violation."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    visit(page, "/all?scheme=six-taxes-two-fees")
    yield page
    assert complaints == []


def fill_in(page: Page) -> None:
    """State the profile of a small firm that is entitled to half of 38,642.57."""
    page.get_by_label("按哪一天的规定看？").fill("2022.8.15")
    open_all(page)
    group(page, "哪种单位").get_by_label("公司", exact=False).check()
    group(page, "一般纳税人").get_by_label("一般纳税人").check()
    page.locator("[name=fact_is_before_first_settlement][value=false]").check()
    page.locator("[name=fact_small_low_profit_per_settlement][value=true]").check()
    page.locator(PAYABLE).fill("38,642.57")


def group(page: Page, legend: str) -> Locator:
    """The chips of the question whose legend holds these words."""
    return page.locator("fieldset.question").filter(has=page.locator("legend", has_text=legend))


def open_all(page: Page) -> None:
    """Open every fold that is still closed, by its heading, as a finger would."""
    closed = page.locator("#selfcheck details:not(.term):not([open]) > summary")
    while closed.count():
        closed.first.click()


def see_result(page: Page) -> None:
    """Press the one button of the form."""
    with next_page(page):
        page.locator(".bar").get_by_role("button", name="看结果").click()


def test_a_profile_is_answered_on_a_phone(phone: Page) -> None:
    """An owner fills the form in on a phone, reads the answer, and sees how it is reached."""
    fill_in(phone)
    assert is_narrow_enough(phone)
    see_result(phone)
    expect(phone.locator("#answer")).to_have_text("现在可享受1项。")
    expect(phone.locator("#answer")).to_be_in_viewport()
    expect(phone.locator("#scheme-six-taxes-two-fees")).to_contain_text("19,321.29")
    phone.get_by_text("理由、算法、材料和办理").click()
    expect(phone.locator(".tree")).to_be_visible()
    assert is_narrow_enough(phone)


def test_the_letter_is_downloaded(phone: Page, tmp_path: Path) -> None:
    """The letter comes as a PDF while the page stays as it is."""
    fill_in(phone)
    phone.get_by_label("企业名称").fill("天津麦香阁面馆")
    see_result(phone)
    with phone.expect_download() as waiting:
        phone.get_by_role("button", name="下载这封函").click()
    saved = tmp_path / "letter.pdf"
    waiting.value.save_as(saved)
    assert waiting.value.suggested_filename == "惠企政策核对函-天津麦香阁面馆-2022-08-15.pdf"
    assert "19,321.29" in "".join(page.extract_text() for page in PdfReader(saved).pages)
    expect(phone.locator("#answer")).to_be_visible()


def test_back_and_reload_lose_nothing(phone: Page) -> None:
    """Back, forward and reload: the answers told last are there each time, in the form and in the result."""
    fill_in(phone)
    see_result(phone)
    phone.locator(PAYABLE).fill("1万")
    see_result(phone)
    expect(phone.locator("#scheme-six-taxes-two-fees")).to_contain_text("5,000")
    phone.reload()
    expect(phone.locator("#scheme-six-taxes-two-fees")).to_contain_text("5,000")
    phone.go_back()
    # As it was typed, or as the page writes what it keeps: which of them is the browser's choice.
    expect(phone.locator(PAYABLE)).to_have_value(re.compile("^(1万|10000)$"))
    expect(phone.locator("[name=fact_small_low_profit_per_settlement][value=true]")).to_be_checked()
    phone.go_forward()
    expect(phone.locator("#scheme-six-taxes-two-fees")).to_contain_text("5,000")


def test_a_fault_is_led_to(browser: Browser, address: str) -> None:
    """The summary of faults is in view, its link leads to the field, and the rest of the form is kept."""
    context = new_context(browser, viewport=PHONE, base_url=address)
    page = context.new_page()
    visit(page, "/all?scheme=six-taxes-two-fees")
    fill_in(page)
    page.locator(PAYABLE).fill("很多")
    see_result(page)
    expect(page.get_by_role("alert")).to_be_in_viewport()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator(PAYABLE)).to_be_in_viewport()
    expect(page.locator(PAYABLE)).to_have_value("很多")
    expect(page.locator("[name=fact_legal_form][value=company]")).to_be_checked()
    context.close()


def test_a_missing_fact_is_one_tap_away(phone: Page) -> None:
    """A missing fact in the result is a link that shows its field."""
    fill_in(phone)
    phone.locator("[name=fact_small_low_profit_per_settlement][value='']").check()
    see_result(phone)
    phone.locator(".wait > .links a").first.click()
    expect(phone.locator("[name=fact_small_low_profit_per_settlement][value=true]")).to_be_in_viewport()


def test_enter_gives_the_result_and_not_another_language(phone: Page) -> None:
    """The Enter key in a field presses the button that one means."""
    fill_in(phone)
    with next_page(phone):
        phone.locator(PAYABLE).press("Enter")
    expect(phone.locator("#answer")).to_have_text("现在可享受1项。")


def test_the_language_switch_keeps_the_answers(phone: Page) -> None:
    """A half-filled form is still filled in after switching to English."""
    fill_in(phone)
    with next_page(phone):
        phone.get_by_role("button", name="Switch to English").click()
    expect(phone.locator("#answer")).to_have_text("Entitled now to 1 scheme.")
    expect(phone.locator(PAYABLE)).to_have_value("38642.57")


def test_the_keyboard_is_enough(phone: Page) -> None:
    """The skip link comes first, and chips are moved through with the arrow keys."""
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="跳到正文")).to_be_focused()
    open_all(phone)
    phone.locator("[name=fact_vat_status][value='']").focus()
    phone.keyboard.press("ArrowUp")
    expect(phone.locator("[name=fact_vat_status][value=small_scale]")).to_be_checked()


def test_it_fits_the_smallest_screen(browser: Browser, address: str) -> None:
    """At 320 pixels, which is also 640 at 200 per cent, nothing is cut off sideways."""
    context = new_context(browser, viewport=NARROW, base_url=address)
    page = context.new_page()
    visit(page, "/all?lang=en")
    assert is_narrow_enough(page)
    for key in ("identity", "tax", "project"):
        with next_page(page):
            page.locator(f".fold[value={key}]").click()
    open_all(page)
    assert is_narrow_enough(page)
    context.close()


def test_what_is_pressed_is_large_enough(phone: Page) -> None:
    """Everything that a finger presses is at least 44 pixels high."""
    fill_in(phone)
    see_result(phone)
    open_all(phone)
    heights = phone.evaluate(
        """() => [...document.querySelectorAll('.button, .switch, summary, .chip, .entry, .links a, .ticks label, .site')]
            .filter(e => e.offsetParent).map(e => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect().height])"""
    )
    assert [each for each in heights if each[1] < 44] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_fold_of_the_long_form_brings_its_questions(browser: Browser, address: str, scripts: bool) -> None:
    """Enter on a fold opens it in view; what was typed before is there, also after going back, and nothing is asked twice."""
    context = new_context(browser, viewport=PHONE, base_url=address, java_script_enabled=scripts)
    page = context.new_page()
    visit(page, "/all")
    page.locator("#fact_employees").fill("12")
    with next_page(page):
        page.locator(".fold[value=people]").press("Enter")
    expect(page.locator("#section-people[open] > summary")).to_be_in_viewport()
    expect(page.locator("#fact_employees")).to_have_value("12")
    page.locator("#fact_insured_employees").fill("11")
    with next_page(page):
        page.locator(".fold[value=tax]").press("Enter")
    expect(page.locator("#fact_insured_employees")).to_have_value("11")
    see_result(page)
    expect(page.locator("#answer")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#fact_insured_employees")).to_have_value("11")
    expect(page.locator("#fact_employees")).to_have_value("12")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, scheme: str) -> None:
    """axe-core finds no violation on the form, the faults and the results."""
    context = new_context(browser, viewport=PHONE, base_url=address, color_scheme=scheme)
    page = context.new_page()
    visit(page, "/all?scheme=six-taxes-two-fees")
    fill_in(page)
    found = faults(page)
    page.locator(PAYABLE).fill("很多")
    see_result(page)
    found += faults(page)
    page.locator(PAYABLE).fill("38,642.57")
    see_result(page)
    page.get_by_text("理由、算法、材料和办理").click()
    found += faults(page)
    context.close()
    assert found == []
