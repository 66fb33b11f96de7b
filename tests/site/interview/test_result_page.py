"""The result of a whole firm in a browser: for everyone, on a phone and at a desk, without scripts, by keyboard, and not heavy."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext

from tests.fixtures.browsing import DESKTOP, NARROW, faults, new_context, visit
from tests.fixtures.pages import Visitor, words

MOST_BYTES, MOST_ELEMENTS = 60_000, 2_500
LEAST_PIXELS = 44


@pytest.fixture(scope="module")
def firms(given_cases: Path) -> Mapping[str, Any]:
    """The whole firms that were given, by name."""
    given = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    return {one["id"]: one["facts"] for one in given}


def tell(visitor: Visitor, facts: Mapping[str, Any]) -> None:
    """Open the firm's answers as a file."""
    said = {name: value if isinstance(value, bool | int) else str(value) for name, value in facts.items()}
    token = visitor.get("/save").value("csrf_token")
    file = (BytesIO(json.dumps(said).encode()), "firm.json")
    assert visitor.client.post("/open", data={"csrf_token": token, "file": file}).status_code == 303


@pytest.fixture
def works(visitor: Visitor, firms: Mapping[str, Any]) -> Visitor:
    """A maker of training machines, which has a dozen reliefs and told all it knows."""
    tell(visitor, firms["training-machine-works"])
    return visitor


def looking(browser: Browser, address: str, works: Visitor, **settings: Any) -> BrowserContext:
    """A browser that holds what the firm told."""
    context = new_context(browser, base_url=address, **settings)
    context.add_cookies([{"name": c.key, "value": c.value, "url": address} for c in works.client._cookies.values()])
    return context


@pytest.fixture(
    params=[("zh", "light", NARROW), ("en", "light", NARROW), ("zh", "dark", DESKTOP), ("en", "dark", DESKTOP)]
)
def context(
    request: pytest.FixtureRequest, browser: Browser, address: str, works: Visitor
) -> Iterator[tuple[BrowserContext, str]]:
    """A phone of 320 px and a desk, light and dark, in both languages."""
    lang, scheme, screen = request.param
    made = looking(browser, address, works, color_scheme=scheme, viewport=screen)
    yield made, lang
    made.close()


def test_everyone_can_read_it(context: tuple[BrowserContext, str]) -> None:
    """axe-core finds nothing, folded and unfolded; what is pressed is large enough; nothing is wider than the screen."""
    page, lang = context[0].new_page(), context[1]
    found = []
    for path in ("/result", "/result/vat-credit-refund"):
        visit(page, f"{path}?lang={lang}")
        found += faults(page)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found += faults(page)
    visit(page, f"/result?lang={lang}")
    small = page.evaluate(
        """least => [...document.querySelectorAll('main .button, main summary, main .todo a, main .links a')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < least).map(e => e.textContent.trim())""",
        LEAST_PIXELS,
    )
    assert found + small == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["noodle-shop", "shipyard", "training-machine-works"])
def test_it_is_not_heavy(visitor: Visitor, firms: Mapping[str, Any], name: str, lang: str) -> None:
    """The page of any firm stays within 60 kB before packing, and within 2,500 elements."""
    tell(visitor, firms[name])
    page = visitor.get(f"/result?lang={lang}")
    assert len(page.response.data) <= MOST_BYTES
    assert sum(1 for _ in page.root.iter()) <= MOST_ELEMENTS


def test_without_scripts_and_by_keyboard_everything_is_reached(browser: Browser, address: str, works: Visitor) -> None:
    """The first thing to do comes within a few presses of Tab after the numbers; folds open with Enter; no script is needed."""
    page = looking(browser, address, works, java_script_enabled=False).new_page()
    page.goto("/result")
    assert page.locator(".todo").count() == 3
    assert page.get_by_role("button", name="做一个私人链接和二维码").is_visible()
    page.context.close()
    page = visit(looking(browser, address, works).new_page(), "/result")
    row = page.locator(".money-row summary").first
    row.focus()
    page.keyboard.press("Enter")
    assert page.locator(".money-row").first.get_attribute("open") is not None
    page.context.close()


def test_the_header_stands_where_it_stood(browser: Browser, address: str, works: Visitor) -> None:
    """From page to page neither the site's name nor the switch of language moves: all pages have one frame."""
    page = looking(browser, address, works, viewport=DESKTOP).new_page()
    places = set()
    for path in ("/", "/result", "/schemes", "/scheme/vat-credit-refund", "/save", "/answers", "/document", "/verify"):
        box = visit(page, path).locator(".top .site").bounding_box()
        assert box is not None
        places.add((round(box["x"]), round(box["y"])))
    assert len(places) == 1
    page.context.close()


def test_sums_fall_from_row_to_row(works: Visitor) -> None:
    """The rows stand by money, most first, and neither a service nor a sum of zero is among them or the things to do."""
    page = works.get("/result")
    sums = [
        int("".join(c for c in words(part).partition(".")[0] if c.isdigit()))
        for part in page.root.iter("span")
        if part.get("class") == "row-sum"
    ]
    assert sums == sorted(sums, reverse=True)
    assert all(sums)
    todo = [words(part) for part in page.root.iter("p") if part.get("class") == "todo-sum"]
    assert len(todo) == 3
    assert "0元" not in todo
