"""What every test in a real browser does: open a page, go on to the next one, look for faults of accessibility.

A browser takes a click for done while the next page is still on its way, and says that a page has loaded before it has
put the focus where the page wants it. A test that types or measures in between passes on a quiet machine and fails on a
busy one: whatever leads to another page stands inside `next_page`, and whatever is typed comes after it or `visit`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as Tab

NARROW, PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 360, "height": 740}, {"width": 1280, "height": 800}

_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
_FAULTS = "axe.run().then(found => found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))"
# A page's focus is set when it is first drawn: after two frames it is where it belongs. Without scripts nothing waits.
_DRAWN = """() => matchMedia('(scripting: enabled)').matches
    && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"""
_PATIENCE_MS = 120_000

# Only what never comes fails a test: a busy machine may take its time.
expect.set_options(timeout=_PATIENCE_MS)


def new_context(browser: Browser, **settings: Any) -> BrowserContext:
    """A browser of its own for one person, with Playwright's settings; it is patient."""
    context = browser.new_context(**settings)
    context.set_default_timeout(_PATIENCE_MS)
    return context


def visit(tab: Tab, path: str) -> Tab:
    """Open a page by its address, and wait until it can be used."""
    tab.goto(path)
    return settled(tab)


@contextmanager
def next_page(tab: Tab) -> Iterator[Tab]:
    """What is done inside leads to another page: wait until that one can be used."""
    with tab.expect_navigation():
        yield tab
    settled(tab)


def settled(tab: Tab) -> Tab:
    """The tab, once its page has loaded, its scripts have run and the focus is where the page wants it."""
    tab.wait_for_load_state()
    tab.evaluate(_DRAWN)
    return tab


def faults(tab: Tab) -> list[str]:
    """What axe-core finds wrong with the page as it stands, and whether it is too wide."""
    settled(tab).evaluate(_AXE)
    found = [str(fault) for fault in tab.evaluate(_FAULTS)]
    return found if is_narrow_enough(tab) else [*found, "wider than the screen"]


def looked_at(tab: Tab) -> Tab:
    """The tab, once axe-core has found nothing wrong with its page and it scrolls downwards only."""
    assert faults(tab) == [], tab.url
    return tab


def is_narrow_enough(tab: Tab) -> bool:
    """Whether the page is no wider than the screen."""
    return bool(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))
