"""Journeys through the interview in a real browser: on a phone, with and without scripts, by keyboard, back and refresh."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import SHOP

PHONE = {"width": 360, "height": 740}
NARROW = {"width": 320, "height": 600}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
START = "/?" + "&".join(
    f"scheme={slug}"
    for slug in ("six-taxes-two-fees", "small-scale-vat", "startup-guarantee-loan", "export-credit-insurance")
)
WORDS = {
    "zh": ("做什么生意", "开面馆", "开始", "下一步", "现在可享受"),
    "en": ("What does the firm do", "noodle shop", "Start", "Next", "Entitled now"),
}
TOUCHED = ".button, .switch, summary, .chip, .entry, .links a, .site, .plain, .change a, .recorded a"


@contextmanager
def phone(browser: Browser, address: str, **settings: object) -> Iterator[Page]:
    """A phone that must not complain about anything."""
    context = browser.new_context(**{"viewport": PHONE, "base_url": address, **settings})  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # That an answer was refused is said in the page; the browser notes the status too.
    assert [text for text in complaints if "status of 422" not in text] == []


def asked(page: Page) -> list[str]:
    """The facts that the screen asks for."""
    return [str(fact) for fact in page.eval_on_selector_all("input[name=fact]", "fields => fields.map(f => f.value)")]


def fill_in(page: Page) -> None:
    """Answer the screen as the noodle shop."""
    for fact in asked(page):
        if fact not in SHOP:
            continue
        chip = page.locator(f"input[type=radio][name=fact_{fact}][value='{SHOP[fact]}']")
        if chip.count():
            chip.check()
        elif page.locator(f"select[name=fact_{fact}]").count():
            page.locator(f"select[name=fact_{fact}]").select_option(SHOP[fact])
        else:
            page.locator(f"#fact_{fact}").fill(SHOP[fact])


def begin(page: Page, lang: str, has_scripts: bool = True) -> None:
    """Fill in the start page, the industry by plain words, and go on."""
    question, trade, start, *_ = WORDS[lang]
    page.goto(f"{START}&lang={lang}")
    page.get_by_label(question).fill(trade)
    if not has_scripts:
        page.get_by_role("button", name=start).click()
    page.locator("#pick-621").check()
    page.get_by_role("button", name=start).click()
    page.wait_for_url("**/ask?**")


def go_on(page: Page, lang: str = "zh") -> None:
    """Press the button that goes on, and wait for what comes."""
    before = page.url
    page.locator(".bar").get_by_role("button", name=WORDS[lang][3]).click()
    page.wait_for_url(lambda url: url != before)


def is_narrow_enough(page: Page) -> bool:
    """Whether the page is no wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("has_scripts", [True, False], ids=["with-scripts", "without"])
def test_a_whole_interview(browser: Browser, address: str, lang: str, has_scripts: bool) -> None:
    """From the first page to the results, with nothing cut off sideways, in either language, scripts or not."""
    with phone(browser, address, java_script_enabled=has_scripts) as page:
        begin(page, lang, has_scripts)
        screens = 0
        while "/result" not in page.url:
            fill_in(page)
            assert is_narrow_enough(page) if has_scripts else True
            go_on(page, lang)
            screens += 1
            assert screens < 15
        expect(page.locator("#answer")).to_contain_text(WORDS[lang][4])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_no_answers_a_whole_subject(browser: Browser, address: str, lang: str) -> None:
    """On a phone a gate says what counts and shows at once what "no" settles; back it stands, and each answer may be changed."""
    slugs = ("beijing-relocation", "gansu-transfer", "jilin-cooperation")
    with phone(browser, address) as page:
        page.goto("/?" + "&".join(f"scheme={slug}" for slug in slugs) + f"&lang={lang}")
        page.locator("[name=fact_district]").select_option("heping")
        page.get_by_role("button", name=WORDS[lang][2]).click()
        page.wait_for_url("**/ask?fact=gate*")
        assert is_narrow_enough(page)
        before = page.locator("#settled-said").inner_text()
        page.locator("[name=gate_regions][value=none]").check()
        expect(page.locator("#settled-said")).not_to_have_text(before)
        go_on(page, lang)
        assert "/result" in page.url
        page.go_back()
        expect(page.locator("[name=gate_regions][value=none]")).to_be_checked()
        page.goto("/answers")
        page.locator("a[href*=cooperates_with_jilin]").click()
        expect(page.locator("[name=fact_cooperates_with_jilin][value=false]")).to_be_checked()


def test_results_move_while_one_answers(browser: Browser, address: str) -> None:
    """An answer that is only chosen shows at once what it settles; a figure is said back; nothing else reloads."""
    with phone(browser, address) as page:
        begin(page, "zh")
        page.goto("/ask?fact=vat_status")
        before = page.locator("#settled-said").inner_text()
        page.locator("[name=fact_vat_status][value=small_scale]").check()
        expect(page.locator("#settled-said")).not_to_have_text(before)
        expect(page.locator("#found")).to_contain_text("六税两费")
        page.goto("/ask?fact=six_taxes_two_fees_payable")
        page.locator("#fact_six_taxes_two_fees_payable").fill("30万")
        page.locator("#fact_six_taxes_two_fees_payable").press("Tab")
        expect(page.locator("#fact_six_taxes_two_fees_payable-echo")).to_have_text("= 300,000元 = 30万元")


def test_back_and_refresh_lose_nothing(browser: Browser, address: str) -> None:
    """Back shows the question answered, refresh the same screen, and going on from there goes on."""
    with phone(browser, address) as page:
        begin(page, "zh")
        page.goto("/ask?fact=vat_status")
        fill_in(page)
        go_on(page)
        following = page.url
        page.reload()
        assert page.url == following
        page.go_back()
        expect(page.locator("[name=fact_vat_status][value=small_scale]")).to_be_checked()
        page.goto("/answers")
        expect(page.locator("main")).to_contain_text("小规模纳税人")


def test_the_keyboard_is_enough(browser: Browser, address: str) -> None:
    """Without a mouse: skip link, words typed, an industry and a chip picked with the arrows, Enter goes on."""
    with phone(browser, address) as page:
        page.goto(START)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.get_by_label("做什么生意").focus()
        page.keyboard.type("开面馆")
        page.locator("#pick-621").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator("[name=fact_industry]:checked")).to_have_count(1)
        page.get_by_label("企业名称或统一社会信用代码").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/ask?**")
        page.goto("/ask?fact=vat_status")
        page.locator("[name=fact_vat_status]").first.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("[name=fact_vat_status][value=small_scale]")).to_be_checked()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "vat_status" not in url)


def test_a_fault_is_said_at_its_field(browser: Browser, address: str) -> None:
    """A figure that cannot be read is said while one types and again on going on; it stays in the field."""
    with phone(browser, address) as page:
        page.goto("/ask?fact=period_sales")
        page.locator("#fact_period_sales").fill("很多")
        page.locator(".bar").get_by_role("button", name="下一步").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("#fact_period_sales-fault")).to_contain_text("不是数")
        expect(page.locator("#fact_period_sales")).to_have_value("很多")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, scheme: str) -> None:
    """axe-core finds no violation on any page and kind of screen; what is pressed is large enough; nothing is cut off."""
    found: list[str] = []
    context = browser.new_context(viewport=NARROW, base_url=address, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    begin(page, "zh")
    kinds = ("vat_status", "employees", "loan_granted_on", "industry", "district")
    several = "/ask?fact=has_exports&fact=is_dishonest_debtor", "/ask?fact=period_sales&fact=period_real_estate_sales"
    for path in ("/", *(f"/ask?fact={fact}" for fact in kinds), *several, "/result", "/answers", "/what-if"):
        page.goto(path)
        found += [f"{path} {one}" for one in violations(page)]
    page.locator("[name=as_of_preset]").nth(1).click()
    found += violations(page)
    page.goto("/ask?fact=period_sales")
    page.locator("#fact_period_sales").fill("很多")
    page.locator(".bar button").first.click()
    found += violations(page)
    context.close()
    assert found == []


def violations(page: Page) -> list[str]:
    """What axe-core finds, what is too small to press, and whether the page is too wide."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html).join(' ')))")
    small = page.evaluate(
        """touched => [...document.querySelectorAll(touched)].filter(e => e.offsetParent)
            .map(e => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect().height]).filter(e => e[1] < 44)""",
        TOUCHED,
    )
    return [*found, *(f"too small: {one}" for one in small), *([] if is_narrow_enough(page) else ["too wide"])]
