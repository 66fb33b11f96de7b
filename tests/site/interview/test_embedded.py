"""The check inside a page of another site: no cookie, only for origins that may, height and result to that origin alone."""

import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Frame, expect
from playwright.sync_api import Page as Tab

from tests.fixtures.browsing import NARROW, PHONE, new_context
from tests.fixtures.pages import parsed

PORTAL = "https://portal.example.gov.cn"

CHECK = f"/embed/check?origin={PORTAL}&scheme=six-taxes-two-fees"


@pytest.fixture
def client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser that has told our own pages nothing, with one site that may show the check."""
    monkeypatch.setenv("MATCHER_EMBED_ORIGINS", f"{PORTAL}:443/, http://127.0.0.1:9")
    return app.test_client()


def test_nobody_may_show_the_check_unless_it_is_set(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the setting there is neither script nor page, and a page of ours is framed by nobody."""
    monkeypatch.delenv("MATCHER_EMBED_ORIGINS", raising=False)
    client = app.test_client()
    assert client.get("/embed.js").status_code == 404
    assert client.get(CHECK).status_code == 404
    assert client.post("/embed/whole").status_code == 404


def test_the_page_is_framed_by_the_site_that_its_address_names(client: FlaskClient) -> None:
    """That one alone, as the browser writes it; other pages by nobody, and the script may be loaded from anywhere."""
    page = client.get(CHECK)
    assert page.headers["Content-Security-Policy"].endswith(f"frame-ancestors {PORTAL}")
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get("/").headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    script = client.get("/embed.js")
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "origin",
    ["", "https://elsewhere.cn", f"{PORTAL}.elsewhere.cn", "null", "*", f"{PORTAL} *", f"{PORTAL};script-src *"],
)
def test_a_site_that_is_not_listed_is_refused(client: FlaskClient, origin: str) -> None:
    """It is framed by nobody, whatever stands in the address; the page says to whoever opens it what is missing."""
    for page in (
        client.get("/embed/check", query_string={"origin": origin}),
        client.post("/embed/check", query_string={"origin": origin}),
    ):
        assert page.status_code == 403
        assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
        assert "MATCHER_EMBED_ORIGINS" in page.get_data(as_text=True)


def test_no_cookie_is_set_or_looked_at(client: FlaskClient) -> None:
    """What the visitor told our own pages does not show inside another site's page, and nothing comes back into a cookie."""
    client.set_cookie("lang", "en")
    page = client.get(CHECK)
    assert "Set-Cookie" not in page.headers
    assert parsed(page).root.get("lang") == "zh-CN"
    sent = form_of(page.get_data(as_text=True)) | {"do": "next"}
    assert "Set-Cookie" not in client.post(CHECK, data=sent).headers


def test_answers_travel_sealed_in_the_form(client: FlaskClient) -> None:
    """A forged or foreign state is nothing told, and what was sealed for another use does not open."""
    for base in ("", "x" * 400, parsed(client.get("/all")).value("base") or ""):
        page = client.post(CHECK, data={"base": base, "do": "outcome"})
        assert page.status_code == 200
        assert {one["status"] for one in outcome(page.get_data(as_text=True))["decisions"]} <= {
            "needs_information",
            "unconfirmed",
            "not_open",
        } | {"eligible", "applies", "needs_decision", "not_eligible", "does_not_apply"}
    assert b"sealed" not in client.get(CHECK).data


def test_what_the_site_around_is_told_holds_no_fact_of_the_firm(client: FlaskClient) -> None:
    """Status and sum of each scheme, and nothing else."""
    page = client.get(CHECK)
    sent = form_of(page.get_data(as_text=True)) | {"do": "result"}
    told = outcome(client.post(CHECK, data=sent).get_data(as_text=True))
    assert told.keys() == {"version", "as_of", "rulebook", "money", "decisions"}
    assert {name for one in told["decisions"] for name in one} == {"scheme", "name", "status", "amount"}
    assert [one["scheme"] for one in told["decisions"]] == ["six-taxes-two-fees"]
    assert told["money"] == {
        "sure": {"cash": "0.00", "less": "0.00"},
        "possible": "0.00",
        "unsaid": {"cash": "missing", "less": "missing", "possible": "missing"},
    }


def test_a_post_from_another_site_is_refused(client: FlaskClient) -> None:
    """The frame's own pages send its forms; the page around cannot put answers into a visitor's cookie."""
    for path in (CHECK, "/embed/whole"):
        assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def form_of(page: str) -> dict[str, Any]:
    """The hidden fields of the frame's form; of one name the last."""
    from tests.tools.markup import read_html

    form = read_html(page).find(".//*[@id='ask']")
    assert form is not None
    return {one.get("name") or "": one.get("value") or "" for one in form.iter("input") if one.get("type") == "hidden"}


def outcome(page: str) -> dict[str, Any]:
    """What the page would tell the site around."""
    from tests.tools.markup import read_html

    found = read_html(page).find(".//*[@data-outcome]")
    assert found is not None
    told: dict[str, Any] = json.loads(found.get("data-outcome") or "")
    return told


# ---------------------------------------------------------------------------------------------------------------------
# In Chromium: our site on 127.0.0.1, the other one on localhost, which is another site for a browser.
# ---------------------------------------------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def portal(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Another site, which may show the check in its page as anybody would write it; its origin."""
    (tmp_path / "index.html").write_text(
        f"""<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>门户</title><link rel="icon" href="data:,"><h1>门户</h1>
        <script>
          window.heard = [];
          addEventListener("message", (event) => heard.push([event.origin, event.data.type, event.data.height]));
          document.addEventListener("matcher:result", (event) => {{ window.result = event.detail; }});
        </script>
        <script src="{address}embed.js" data-scheme="six-taxes-two-fees"></script>""",
        encoding="utf-8",
    )
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    origin = f"http://localhost:{server.server_port}"
    monkeypatch.setenv("MATCHER_EMBED_ORIGINS", origin)
    yield origin
    server.shutdown()
    thread.join()
    server.server_close()


def frame_of(tab: Tab) -> Frame:
    """The frame with the check, once it shows a question."""
    tab.frame_locator("iframe").locator("#ask").wait_for()
    return next(frame for frame in tab.frames if "/embed/check" in frame.url)


def test_the_check_walks_to_a_result_inside_another_sites_page(browser: Browser, portal: str, address: str) -> None:
    """With third-party cookies blocked: question by question to the sums; the site around hears height and result."""
    context = new_context(browser, viewport=PHONE, locale="zh-CN")
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(portal)
    frame = frame_of(tab)
    first = frame.locator("h1").first.inner_text()
    frame.locator(".chip input").first.check()
    frame.locator("#ask .bar .button").first.click()
    expect(frame.locator("h1").first).not_to_have_text(first)
    tab.evaluate("history.back()")  # the browser's own way back leads one screen back, and the page around stays
    expect(frame.locator("h1").first).to_have_text(first)
    tab.evaluate("history.forward()")
    expect(frame.locator("h1").first).not_to_have_text(first)
    frame.get_by_role("button", name="看结果").last.click()
    frame.locator("[data-outcome]").wait_for()
    tab.wait_for_function("window.result")
    told = tab.evaluate("window.result")
    assert [one["scheme"] for one in told["decisions"]] == ["six-taxes-two-fees"]
    heard = tab.evaluate("window.heard")
    assert {origin for origin, *_ in heard} == {address.rstrip("/")}
    assert {kind for _, kind, _ in heard} == {"matcher:height", "matcher:result"}
    high = frame.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    tab.wait_for_function(f"document.querySelector('iframe').clientHeight === {high}")
    assert context.cookies() == []
    assert complaints == []
    tab.set_viewport_size(NARROW)
    tab.wait_for_function(f"document.querySelector('iframe').clientWidth <= {NARROW['width']}")
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The frame grows as its text wraps anew: a click meanwhile would land beside the button.
    high = frame.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    tab.wait_for_function(f"document.querySelector('iframe').clientHeight === {high}")
    with context.expect_page() as opened:  # out of the frame, what was answered goes along
        frame.get_by_role("button", name="在新窗口看完整结果", exact=False).click()
    expect(opened.value).to_have_url(f"{address}result")
    assert {one["name"] for one in context.cookies()} >= {"answers"}
    context.close()


def test_a_browser_shows_nothing_to_a_site_that_is_not_listed(
    browser: Browser, portal: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither under its own name nor under that of one that may: the browser refuses, and no message comes."""
    for listed in ("https://elsewhere.cn", "http://localhost:9"):
        monkeypatch.setenv("MATCHER_EMBED_ORIGINS", listed)
        context = new_context(browser)
        tab = context.new_page()
        refused: list[str] = []
        tab.on("console", lambda message, refused=refused: refused.append(message.text))  # type: ignore[misc]
        tab.goto(portal)
        tab.evaluate(  # a thief's frame that names the site which may
            "([at, origin]) => new Promise(done => { const f = document.createElement('iframe');"
            "f.src = `${at}embed/check?origin=${origin}`; f.onload = done; document.body.append(f); })",
            [address, listed],
        )
        assert any("frame-ancestors" in one for one in refused), refused
        assert tab.evaluate("window.heard") == []
        context.close()
