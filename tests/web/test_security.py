"""Tests of the guards: headers, cookies, tokens, and where a post may come from."""

from io import BytesIO

import pytest
from flask import Flask

from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import MissingSecretError, create_app
from tests.fixtures.pages import ENTITLED, SECRET, Visitor, parsed

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing-here", "/letter"])
def test_every_answer_carries_the_headers(visitor: Visitor, path: str) -> None:
    """Pages, errors and redirects alike carry the policy that keeps foreign content out."""
    headers = visitor.client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_pages_need_no_inline_script_or_style(visitor: Visitor) -> None:
    """No page holds a script, a style or a handler of its own: the policy would block it."""
    for page in (visitor.get(), visitor.answer(ENTITLED)):
        assert all(script.get("src") and not script.text for script in page.root.iter("script"))
        assert not list(page.root.iter("style"))
        attributes = {name for element in page.root.iter() for name in element.attrib}
        assert not {name for name in attributes if name == "style" or name.startswith("on")}


def test_the_cookie_is_guarded_and_holds_no_fact(visitor: Visitor) -> None:
    """The session cookie is out of reach of scripts and other sites, and says nothing about the firm."""
    cookie = visitor.client.get("/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    visitor.post(ENTITLED)
    with visitor.client.session_transaction() as session:
        assert set(session) == {"csrf_token"}


def test_over_https_the_cookie_is_secure(visitor: Visitor) -> None:
    """A cookie that was set over https never travels in the clear."""
    assert "Secure" in visitor.client.get("/", base_url="https://localhost").headers["Set-Cookie"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/all", "/letter"])
def test_a_post_from_another_site_is_refused(visitor: Visitor, path: str, headers: dict[str, str]) -> None:
    """A form of another site is refused even with a good token."""
    response = visitor.client.post(path, data={"csrf_token": visitor.token(), **ENTITLED}, headers=headers)
    assert response.status_code == 403
    assert "不是从本站页面发出" in response.text


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}, {}]
)
def test_a_post_from_our_own_page_is_taken(visitor: Visitor, headers: dict[str, str]) -> None:
    """Our own form is taken, also from a browser that does not say where it comes from."""
    response = visitor.client.post("/all", data={"csrf_token": visitor.token(), **ENTITLED}, headers=headers)
    assert response.status_code == 303


@pytest.mark.parametrize("path", ["/all", "/letter"])
@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_bad_token_loses_nothing(visitor: Visitor, path: str, token: str | None) -> None:
    """Without a good token nothing is decided, and the form comes back as it was typed, with a fresh token."""
    sent = ENTITLED if token is None else {**ENTITLED, "csrf_token": token}
    page = parsed(visitor.client.post(path, data=sent))
    assert page.response.status_code == 400
    assert "请再点一次" in page.text
    assert "19,321.29" not in page.text
    assert page.value("fact_six_taxes_two_fees_payable") == "38,642.57"
    assert page.value("fact_legal_form") == "company"
    again = {name: page.value(name) or "" for name in (*ENTITLED, "csrf_token")}
    assert visitor.client.post("/all", data={**again, "scheme": ENTITLED["scheme"]}).status_code == 303


def test_an_expired_token_loses_nothing(rulebook: Rulebook) -> None:
    """A page that was open for too long comes back as it was typed."""
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "WTF_CSRF_TIME_LIMIT": -1})
    page = Visitor(app.test_client()).answer(ENTITLED)
    assert page.response.status_code == 400
    assert page.value("fact_six_taxes_two_fees_payable") == "38,642.57"


def test_a_foreign_host_name_is_refused(rulebook: Rulebook) -> None:
    """With TRUSTED_HOSTS set, a request for another host gets an error page, not a link to it."""
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "TRUSTED_HOSTS": ["localhost"]})
    client = app.test_client()
    assert client.get("/").status_code == 200
    refused = client.get("/", base_url="http://evil.example/")
    assert refused.status_code == 400
    assert "evil.example" not in refused.text


@pytest.mark.parametrize("fallbacks", [["x"], [SECRET, "short"], "a-text-and-no-list-of-secrets-of-its-own"])
def test_a_short_secret_of_before_is_refused(rulebook: Rulebook, fallbacks: object) -> None:
    """What it opens could be forged by anybody who guesses it: the site does not start, and says which."""
    with pytest.raises(MissingSecretError, match="SECRET_KEY_FALLBACKS"):
        create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "SECRET_KEY_FALLBACKS": fallbacks})


@pytest.mark.parametrize("path", ["/", "/all", "/answers", "/save", "/hand-over"])
def test_pages_with_answers_are_in_no_cache(app: Flask, path: str) -> None:
    """On a shared computer nobody finds them on its disk, the answer to a form included."""
    visitor = Visitor(app.test_client())
    answered = visitor.post(ENTITLED)
    assert answered.headers["Cache-Control"] == "no-store"
    assert visitor.post({"as_of": "x"}).headers["Cache-Control"] == "no-store"
    assert visitor.client.get(path).headers["Cache-Control"] == "no-store"
    deleted = visitor.post({}, "/delete")
    assert deleted.headers["Clear-Site-Data"] == '"cache"'


def test_half_a_character_in_a_file_is_answered_in_words(visitor: Visitor) -> None:
    """JSON can spell what no text can hold; the page says so instead of failing."""
    sent = {"csrf_token": visitor.token(), "file": (BytesIO(b'{"facts": {"\\ud800": 3}}'), "answers.json")}
    response = visitor.client.post("/open", data=sent)
    assert response.status_code == 422
    assert "不完整的字符" in response.text


def test_what_is_typed_is_shown_as_text(visitor: Visitor) -> None:
    """Markup in an answer stays text, in the field and in the fault."""
    page = visitor.answer({"fact_name": '"><script>alert(1)</script>', "as_of": "<b>x</b>", "scheme": "<i>"})
    assert page.value("fact_name") == '"><script>alert(1)</script>'
    assert all(script.get("src") and not script.text for script in page.root.iter("script"))
    assert not list(page.root.iter("b"))


def test_facts_in_an_address_are_ignored(app: Flask) -> None:
    """A fact in the query would stand in logs and histories, so it is not read."""
    assert "司马" not in app.test_client().get("/?fact_name=司马").text
