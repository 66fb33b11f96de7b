"""A run in a browser, by keyboard alone: template, upload, columns, watching it, taking the results."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from python_calamine import CalamineWorkbook

from matcher.batches.sheets import LARGEST_UPLOAD
from matcher.presentation.catalogue import office
from tests.batches.test_views import BAD, GOOD, listed, runs_of, worked
from tests.fixtures.browsing import DESKTOP, PHONE, looked_at, next_page, visit
from tests.fixtures.workers import worker as running

AtDesk = Callable[..., Tab]


@pytest.fixture
def worker(desk_app: Flask) -> Iterator[object]:
    """A real worker beside the site."""
    with desk_app.app_context(), running(office()) as process:
        yield process


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    """A list of three firms, one of which has a fault."""
    path = tmp_path / "名单.csv"
    path.write_bytes(listed(*GOOD, BAD))
    return path


def to(tab: Tab, selector: str) -> None:
    """Tab on until an element has the focus; AssertionError if it is never reached."""
    for _ in range(120):
        tab.keyboard.press("Tab")
        if tab.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def press(tab: Tab, selector: str) -> None:
    """Press a button or follow a link by keyboard."""
    to(tab, selector)
    tab.keyboard.press("Enter")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_template_to_the_results(
    at_desk: AtDesk, browser: Browser, worker: object, list_file: Path, viewport: dict[str, int], desk_app: Flask
) -> None:
    """Every step by keyboard; axe finds nothing on any page; the page shows by itself when the run is done."""
    tab = at_desk(browser, "clerk", viewport)
    looked_at(visit(tab, "/desk/runs"))
    with tab.expect_download() as template:
        press(tab, "a[href$='in=zh']")
    assert CalamineWorkbook.from_path(template.value.path()).sheet_names

    to(tab, "#file")
    tab.set_input_files("#file", list_file)
    with next_page(tab):
        press(tab, "#upload button")
    looked_at(tab)
    press(tab, "form[action$='/start'] button")
    tab.wait_for_selector("#files")
    looked_at(tab)

    with tab.expect_download() as results:
        press(tab, "a[href$='/files/results']")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(Path(results.value.path()).read_bytes()))
    assert len(rows.get_sheet_by_name("企业×政策").to_python()) == 1 + len(GOOD)
    assert runs_of(desk_app)[0].bad_rows == 1


def test_a_refused_file_is_told_and_the_focus_can_go_there(at_desk: AtDesk, browser: Browser, tmp_path: Path) -> None:
    """The list of faults leads to the field."""
    bad = tmp_path / "名单.xlsx"
    bad.write_bytes(b"MZ" + bytes(100))
    tab = at_desk(browser, "clerk", PHONE)
    visit(tab, "/desk/runs")
    tab.set_input_files("#file", bad)
    with next_page(tab):
        press(tab, "#upload button")
    assert tab.locator("#file-fault").is_visible()
    looked_at(tab)
    press(tab, "#faults a")
    assert tab.evaluate("document.activeElement.id") == "file"


def test_without_scripts_the_page_comes_again_by_itself(desk_app: Flask, at_desk: AtDesk, browser: Browser) -> None:
    """Where scripts are off the page of a run that goes on asks to be loaded again."""
    tab = at_desk(browser, "clerk")
    visit(tab, "/desk/runs")
    tab.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": listed(*GOOD)})
    with next_page(tab):
        tab.click("#upload button")
    with next_page(tab):
        tab.click("form[action$='/start'] button")
    assert looked_at(tab).locator("#progress").is_visible()
    assert '<noscript><meta http-equiv="refresh"' in tab.content()


def test_the_pages_are_whole_in_english(at_desk: AtDesk, browser: Browser, desk_app: Flask) -> None:
    """Columns, every column anew, and the results, on a phone."""
    tab = at_desk(browser, "clerk", PHONE, "en")
    looked_at(visit(tab, "/desk/runs"))
    tab.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": listed(*GOOD, BAD)})
    with next_page(tab):
        tab.click("#upload button")
    looked_at(tab)
    address = tab.url
    looked_at(visit(tab, f"{address}?all=1"))
    with next_page(tab):
        tab.click("form[action*='/start'] button")
    worked(desk_app, address)
    tab.wait_for_selector("#files")
    looked_at(tab)
    assert "Cells to correct" in tab.inner_text("main")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(at_desk: AtDesk, browser: Browser) -> None:
    """Nobody waits for twenty megabytes to go up only to be refused."""
    tab = at_desk(browser, "clerk")
    visit(tab, "/desk/runs")
    large = {"name": "a.csv", "mimeType": "text/csv", "buffer": bytes(LARGEST_UPLOAD + 1)}
    tab.set_input_files("#file", large)  # type: ignore[arg-type]
    assert "超过20 MB" in str(tab.evaluate("document.getElementById('file').validationMessage"))
    tab.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": listed(*GOOD)})
    assert tab.evaluate("document.getElementById('file').checkValidity()")
