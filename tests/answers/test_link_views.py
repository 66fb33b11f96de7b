"""Tests of private links: made, opened with a button, expired, withdrawn, kept from crawlers and logs."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from sqlmodel import select

from matcher.answers import cookie as keep
from matcher.answers.answers import Answers
from matcher.answers.cookie import COOKIE
from matcher.answers.models import Draft
from matcher.db.database import session
from matcher.presentation.catalogue import own_address
from matcher.web import database as clock
from matcher.web.database import engine
from tests.answers.conftest import Tell
from tests.fixtures.pages import Visitor, parsed

Held = Callable[[Visitor], Answers]


def link(owner: Visitor, days: str = "7") -> str:
    """The path of a new link to the owner's answers."""
    page = owner.answer({"key": owner.get("/save").value("key"), "days": days}, "/link")
    address = page.by_id("address").get("value") or ""
    assert address.startswith("http://localhost/link/")
    return address.removeprefix("http://localhost")


@pytest.mark.both_databases
def test_a_link_brings_the_answers_to_another_browser(owner: Visitor, visitor: Visitor, held: Held) -> None:
    """Opened and confirmed there, everything is there."""
    path = link(owner)
    page = visitor.get(path)
    form = {"csrf_token": page.value("csrf_token"), "key": page.value("key")}
    assert visitor.client.post("/link/open", data=form).status_code == 303
    assert held(visitor) == held(owner)


def test_a_preview_opens_nothing(owner: Visitor, visitor: Visitor, held: Held) -> None:
    """A program that only looks at the link gets no fact and no answers; indexes and referrers are told off."""
    response = visitor.client.get(link(owner))
    assert "喆堃镕" not in response.text
    assert held(visitor).is_empty
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_link_leads_to_the_result_and_comes_with_a_code_to_scan(owner: Visitor, visitor: Visitor) -> None:
    """Whoever opens it sees the result, not the list of answers; beside the address stands the same as a QR code."""
    page = owner.answer({"key": owner.get("/save").value("key"), "days": "7"}, "/link")
    picture = page.root.find(".//img")
    assert picture is not None
    assert (picture.get("src") or "").startswith("data:image/svg+xml")
    assert page.root.find(".//button[@data-copy='address']") is not None
    path = link(owner)
    asked = visitor.get(path)
    form = {"csrf_token": asked.value("csrf_token"), "key": asked.value("key")}
    assert visitor.client.post("/link/open", data=form).headers["Location"] == "/result"


def test_a_link_asks_before_it_replaces_other_answers(owner: Visitor, tell: Tell, held: Held) -> None:
    """Who has answers already is asked, as with a file."""
    other = tell(Answers().with_answer("employees", 5, 1_790_009_000))
    page = other.answer({"key": link(owner).removeprefix("/link/")}, "/link/open")
    assert "从业人员数" in page.text
    assert held(other).facts == {"employees": 5}


def test_a_withdrawn_link_opens_nothing(owner: Visitor, visitor: Visitor) -> None:
    """After withdrawal the link leads to words, for everybody."""
    path = link(owner)
    assert "撤回" in owner.get(path).text
    owner.post({"key": path.removeprefix("/link/")}, "/link/withdraw")
    assert visitor.client.get(path).status_code == 404
    assert visitor.post({"key": path.removeprefix("/link/")}, "/link/open").status_code == 404


def test_a_reader_changes_and_ends_nothing(owner: Visitor, tell: Tell, visitor: Visitor, held: Held) -> None:
    """Whoever has the link puts nothing else under it and does not withdraw it; what he opens is a copy of his own."""
    path = link(owner)
    key = path.removeprefix("/link/")
    reader = tell(Answers().with_answer("employees", 5, 1_790_009_000))
    assert reader.post({"key": key, "days": "30"}, "/link").status_code == 400
    fresh = reader.get("/save").value("key")
    assert reader.post({"key": fresh, "days": "7"}, "/link").status_code == 200
    assert "撤回" not in reader.get(path).text
    assert reader.post({"key": key}, "/link/withdraw").status_code == 404
    page = visitor.get(path)
    form = {"csrf_token": page.value("csrf_token"), "key": page.value("key")}
    assert visitor.client.post("/link/open", data=form).status_code == 303
    assert held(visitor) == held(owner)


def test_sending_again_changes_nothing(owner: Visitor, visitor: Visitor, tell: Tell, held: Held) -> None:
    """The same page sent once more, with other answers told meanwhile in another tab, leaves the link as it was made."""
    form = {"key": owner.get("/save").value("key"), "days": "7"}
    first, before = owner.answer(form, "/link"), held(owner)
    path = (first.by_id("address").get("value") or "").removeprefix("http://localhost")
    other = tell(Answers().with_answer("employees", 5, 1_790_009_000))
    owner.client.set_cookie(COOKIE, other.client.get_cookie(COOKIE).value)  # type: ignore[union-attr]
    assert owner.post(form, "/link").status_code == 200
    page = visitor.get(path)
    visitor.client.post("/link/open", data={"csrf_token": page.value("csrf_token"), "key": page.value("key")})
    assert held(visitor) == before


@pytest.mark.parametrize(
    ("public", "trusted", "host", "begins"),
    [
        ("https://hq.example.gov.cn/site/", None, "evil.example", "https://hq.example.gov.cn/site/link/"),
        ("", ["hq.example.gov.cn"], "hq.example.gov.cn", "http://hq.example.gov.cn/link/"),
        ("", None, "localhost:8000", "http://localhost:8000/link/"),
        ("", None, "evil.example", None),
    ],
)
def test_the_link_begins_with_the_sites_own_address(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    public: str,
    trusted: list[str] | None,
    host: str,
    begins: str | None,
) -> None:
    """Never with what a request claims in its Host header; where the site does not know its address the link is relative."""
    monkeypatch.setenv("MATCHER_PUBLIC_URL", public)
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", trusted)
    with app.test_request_context("/", base_url=f"http://{host}"):
        found = own_address("links.ask", key="KEY")
    assert found == (None if begins is None else f"{begins}KEY")


def test_a_host_header_stands_in_no_page(app: Flask, answers: Answers) -> None:
    """The page of a new link names the address that the visitor has only where the site knows it as its own."""
    client = app.test_client()
    with app.test_request_context("/"):
        response = Response()
        keep.save(response, answers)
    client.set_cookie(COOKIE, response.headers["Set-Cookie"].partition(";")[0].partition("=")[2], domain="evil.example")
    elsewhere = "http://evil.example/"
    start = parsed(client.get("/save", base_url=elsewhere))
    form = {"csrf_token": start.value("csrf_token"), "key": start.value("key"), "days": "7"}
    page = parsed(client.post("/link", data=form, base_url=elsewhere))
    assert page.response.status_code == 200
    assert "evil.example" not in page.response.text
    assert (page.by_id("link").get("href") or "").startswith("/link/")


def test_an_expired_link_opens_nothing(app: Flask, owner: Visitor, visitor: Visitor) -> None:
    """After its days it is as good as withdrawn; seven days are seven."""
    path = link(owner)
    with app.app_context(), session(engine()) as writing:
        for row in writing.exec(select(Draft)):
            assert 6.9 < (row.expires_at - clock.moment()).total_seconds() / 86400 <= 30
            row.expires_at = clock.moment()
            writing.add(row)
    assert "到期" in visitor.get(path).text


@pytest.mark.both_databases
def test_sending_twice_makes_one_link(app: Flask, owner: Visitor) -> None:
    """A page sent again by reloading gives the same link."""

    def rows() -> int:
        with app.app_context(), session(engine()) as reading:
            return len(reading.exec(select(Draft)).all())

    form = {"key": owner.get("/save").value("key"), "days": "30"}
    first, between = owner.answer(form, "/link"), rows()
    second = owner.answer(form, "/link")
    assert first.by_id("address").get("value") == second.by_id("address").get("value")
    assert rows() == between


@pytest.mark.parametrize("key", ["x", "../../etc/passwd", "%00" * 8, "A" * 24, "喆" * 24, "A" * 4000])
def test_a_wrong_key_is_answered_in_words(visitor: Visitor, key: str) -> None:
    """Whatever stands in the place of a key, the answer is 404 with words."""
    response = visitor.client.get(f"/link/{key}")
    assert response.status_code == 404


@pytest.mark.parametrize("form", [{"days": "7"}, {"key": "short", "days": "7"}, {"key": "A" * 24, "days": "365"}])
def test_a_crooked_form_makes_no_link(owner: Visitor, form: dict[str, str]) -> None:
    """Neither a key of one's own making nor a longer time is taken."""
    assert owner.post(form, "/link").status_code == 400


def test_without_answers_there_is_no_link(visitor: Visitor) -> None:
    """Who has told nothing is told so."""
    response = visitor.post({"key": "A" * 24, "days": "7"}, "/link")
    assert (response.status_code, "还没有答案" in parsed(response).text) == (422, True)
