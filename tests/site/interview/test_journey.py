"""Journeys through the interview in a real browser: on a phone, with and without scripts, by keyboard, back and refresh."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.browsing import NARROW, PHONE, faults, is_narrow_enough, new_context, next_page, visit
from tests.site.interview.conftest import SHOP

START = "/?" + "&".join(
    f"scheme={slug}"
    for slug in ("six-taxes-two-fees", "small-scale-vat", "startup-guarantee-loan", "export-credit-insurance")
)
WORDS = {
    "zh": ("做什么生意", "开面馆", "先看一个数", "下一步", "少缴税费"),
    "en": ("What does the firm do", "noodle shop", "See a first figure", "Next", "Less tax and fees"),
}
QUARTERS = "/ask?fact=quarters_counted&" + "&".join(
    f"fact=q{n}_end_{kind}" for kind in ("employees", "assets") for n in (1, 2, 3, 4)
)
TOUCHED = ".button, .switch, summary, .chip, .entry, .links a, .site, .plain, .change a, .recorded a"


@contextmanager
def phone(browser: Browser, address: str, **settings: object) -> Iterator[Page]:
    """A phone that must not complain about anything."""
    context = new_context(browser, **{"viewport": PHONE, "base_url": address, **settings})
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
    visit(page, f"{START}&lang={lang}")
    page.get_by_label(question).fill(trade)
    if not has_scripts:
        with next_page(page):
            page.get_by_role("button", name=start).click()
    page.locator("#pick-621").check()
    with next_page(page):
        page.get_by_role("button", name=start).click()
    assert "/ask?" in page.url


def go_on(page: Page, lang: str = "zh") -> None:
    """Press the button that goes on, and wait for what comes."""
    before = page.url
    with next_page(page):
        page.locator(".bar").get_by_role(
            "button", name=WORDS[lang][3]
        ).last.click()  # before it, where it is a list: all the rest is no
    assert page.url != before


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
        expect(page.locator("main")).to_contain_text(WORDS[lang][4])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_no_answers_a_whole_subject(browser: Browser, address: str, lang: str) -> None:
    """On a phone a gate says what counts and shows at once what "no" settles; back it stands, and each answer may be changed."""
    slugs = ("beijing-relocation", "gansu-transfer", "jilin-cooperation")
    with phone(browser, address) as page:
        visit(page, "/?" + "&".join(f"scheme={slug}" for slug in slugs) + f"&lang={lang}")
        page.locator("[name=fact_district]").select_option("heping")
        with next_page(page):
            page.get_by_role("button", name=WORDS[lang][2]).click()
        assert "/ask?fact=gate" in page.url
        assert is_narrow_enough(page)
        before = page.locator("#settled-said").inner_text()
        page.locator("[name=gate_regions][value=none]").check()
        expect(page.locator("#settled-said")).not_to_have_text(before)
        go_on(page, lang)
        assert "/result" in page.url
        page.go_back()
        expect(page.locator("[name=gate_regions][value=none]")).to_be_checked()
        visit(page, "/answers")
        page.locator("a[href*=cooperates_with_jilin]").click()
        expect(page.locator("[name=fact_cooperates_with_jilin][value=false]")).to_be_checked()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with-scripts", "without"])
def test_without_a_pick_the_focus_is_on_the_choices(browser: Browser, address: str, has_scripts: bool) -> None:
    """Who types a trade and presses on at once is told what to do beside the choices, where the focus is; skipping goes on."""
    with phone(browser, address, java_script_enabled=has_scripts) as page:
        visit(page, START)
        page.get_by_label("做什么生意").fill("开面馆")
        with next_page(page):
            page.get_by_role("button", name="先看一个数").click()
        expect(page.get_by_role("alert")).to_contain_text("请先选一个最接近的行业")
        expect(page.locator("#pick-621")).to_be_focused()
        page.get_by_label("都不像，先跳过").check()
        with next_page(page):
            page.get_by_role("button", name="先看一个数").click()
        assert "/ask?" in page.url


def test_results_move_while_one_answers(browser: Browser, address: str) -> None:
    """An answer that is only chosen shows at once what it settles; a figure is said back; nothing else reloads."""
    with phone(browser, address) as page:
        begin(page, "zh")
        visit(page, "/ask?fact=vat_status")
        before = page.locator("#settled-said").inner_text()
        page.locator("[name=fact_vat_status][value=small_scale]").check()
        expect(page.locator("#settled-said")).not_to_have_text(before)
        expect(page.locator("#found")).to_contain_text("六税两费")
        visit(page, "/ask?fact=six_taxes_two_fees_payable")
        page.locator("#fact_six_taxes_two_fees_payable").fill("30万")
        page.locator("#fact_six_taxes_two_fees_payable").press("Tab")
        expect(page.locator("#fact_six_taxes_two_fees_payable-echo")).to_have_text("= 300,000元 = 30万元")


def test_back_and_refresh_lose_nothing(browser: Browser, address: str) -> None:
    """Back shows the question answered, refresh the same screen, and going on from there goes on."""
    with phone(browser, address) as page:
        begin(page, "zh")
        visit(page, "/ask?fact=vat_status")
        fill_in(page)
        go_on(page)
        following = page.url
        page.reload()
        assert page.url == following
        page.go_back()
        expect(page.locator("[name=fact_vat_status][value=small_scale]")).to_be_checked()
        visit(page, "/answers")
        expect(page.locator("main")).to_contain_text("小规模纳税人")


def test_the_keyboard_is_enough(browser: Browser, address: str) -> None:
    """Without a mouse: skip link, words typed, an industry and a chip picked with the arrows, Enter goes on."""
    with phone(browser, address) as page:
        visit(page, START)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.get_by_label("做什么生意").focus()
        page.keyboard.type("开面馆")
        page.locator("#pick-621").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator("[name=fact_industry]:checked")).to_have_count(1)
        page.get_by_label("企业名称或统一社会信用代码").focus()
        with next_page(page):
            page.keyboard.press("Enter")
        assert "/ask?" in page.url
        visit(page, "/ask?fact=vat_status")
        page.locator("[name=fact_vat_status]").first.focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("[name=fact_vat_status][value=small_scale]")).to_be_checked()
        with next_page(page):
            page.keyboard.press("Enter")
        assert "vat_status" not in page.url


def test_a_fault_is_said_at_its_field(browser: Browser, address: str) -> None:
    """A figure that cannot be read is said while one types and again on going on; it stays in the field."""
    with phone(browser, address) as page:
        visit(page, "/ask?fact=period_sales")
        page.locator("#fact_period_sales").fill("很多")
        with next_page(page):
            page.locator(".bar").get_by_role("button", name="下一步").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("#fact_period_sales-fault")).to_contain_text("不是数")
        expect(page.locator("#fact_period_sales")).to_have_value("很多")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, scheme: str) -> None:
    """axe-core finds no violation on any page and kind of screen; what is pressed is large enough; nothing is cut off."""
    found: list[str] = []
    context = new_context(browser, viewport=NARROW, base_url=address, color_scheme=scheme)
    page = context.new_page()
    begin(page, "zh")
    kinds = ("vat_status", "employees", "loan_granted_on", "industry", "district")
    several = (
        "/ask?fact=has_exports&fact=gate:regions",
        "/ask?fact=period_sales&fact=period_real_estate_sales",
        QUARTERS,
    )
    for path in ("/", *(f"/ask?fact={fact}" for fact in kinds), *several, "/result", "/answers", "/what-if"):
        found += [f"{path} {one}" for one in violations(visit(page, path))]
    with next_page(page):
        page.locator("[name=as_of_preset]").nth(1).click()
    found += violations(page)
    visit(page, "/ask?fact=period_sales").locator("#fact_period_sales").fill("很多")
    with next_page(page):
        page.locator(".bar button").first.click()
    found += violations(page)
    context.close()
    assert found == []


def violations(page: Page) -> list[str]:
    """What axe-core finds, whether the page is too wide, and what is too small to press."""
    found = faults(page)
    small = page.evaluate(
        """touched => [...document.querySelectorAll(touched)].filter(e => e.offsetParent)
            .map(e => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect().height]).filter(e => e[1] < 44)""",
        TOUCHED,
    )
    return [*found, *(f"too small: {one}" for one in small)]
