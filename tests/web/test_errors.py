"""Tests of the pages that say what went wrong."""

import pytest
from flask import Flask, abort

from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from tests.fixtures.pages import SECRET, Visitor

HEADINGS = {
    400: ("没有看懂这个请求", "could not be understood"),
    403: ("不是从本站页面发出", "did not come from a page of this site"),
    404: ("没有这一页", "no such page"),
    405: ("不能这样打开", "cannot be opened that way"),
    413: ("内容太大", "Too much was sent"),
    429: ("请求太多", "Too much was asked"),
    500: ("我们这里出了错", "failed on our side"),
    503: ("正忙", "Busy"),
}


@pytest.fixture(scope="module")
def failing(rulebook: Rulebook) -> Visitor:
    """A visitor of an application with an address for every error."""
    app: Flask = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "PROPAGATE_EXCEPTIONS": False})
    app.add_url_rule("/error/<int:code>", "error", lambda code: abort(code))
    return Visitor(app.test_client())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", sorted(HEADINGS))
def test_each_error_says_what_happened_and_the_way_back(failing: Visitor, code: int, lang: str) -> None:
    """Every error page has its own words in both languages, and a way back."""
    page = failing.get(f"/error/{code}?lang={lang}")
    assert page.response.status_code == code
    assert HEADINGS[code][lang == "en"] in page.text
    assert ("nothing leaked" if lang == "en" else "没有外泄") in page.text
    assert page.root.find(".//main//a[@href='/']") is not None
    assert page.root.get("lang") == ("en" if lang == "en" else "zh-CN")


def test_an_error_without_words_of_its_own_gets_the_nearest(failing: Visitor) -> None:
    """418 is still our page, and still 418."""
    page = failing.get("/error/418?lang=zh")
    assert page.response.status_code == 418
    assert HEADINGS[400][0] in page.text


def test_an_unknown_address(visitor: Visitor) -> None:
    """An address that does not exist answers 404 in the language chosen before."""
    visitor.get("/?lang=en")
    assert "no such page" in visitor.get("/wp-login.php").text


def test_a_wrong_method_says_which_are_allowed(visitor: Visitor) -> None:
    """405 names the methods that the address takes."""
    response = visitor.client.delete("/", headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_form_of_many_parts_is_refused(visitor: Visitor) -> None:
    """Thousands of small parts are refused like one large one."""
    parts = {f"p{number}": "" for number in range(1500)}
    response = visitor.client.post("/", data=parts, content_type="multipart/form-data")
    assert response.status_code == 413
