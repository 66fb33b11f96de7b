"""A return read in place of typing: every value is shown and confirmed, and goes into the answers as if it had been typed."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from werkzeug import formparser
from werkzeug.test import TestResponse

from matcher.answers import cookie
from matcher.firms import check_character
from matcher.site.interview import document_views
from matcher.text import today
from matcher.web import RateLimit
from tests.fixtures import returns
from tests.fixtures.pages import Page, Visitor, parsed

YEAR = today().year

PATH = "/from-document"


@pytest.fixture(scope="module")
def content() -> bytes:
    """An annual return of last year and last year's balance sheet in one file."""
    return returns.pdf(returns.income_tax(YEAR - 1), returns.balance(f"{YEAR - 1}年12月31日"))


def _no_file(*_: object, **__: object) -> None:
    pytest.fail("the upload would be written to a file")


def upload(visitor: Visitor, content: bytes, name: str = "a.pdf", path: str = PATH) -> TestResponse:
    """Send a file with a good token."""
    form = {"csrf_token": visitor.token(), "file": (io.BytesIO(content), name)}
    return visitor.client.post(path, data=form, content_type="multipart/form-data")


def confirm(visitor: Visitor, page: Page) -> TestResponse:
    """Press the button below the values, with the ticks as the page has them."""
    fields = list(page.root.iterfind(".//form[@action='/ask']//input"))
    sent = [one for one in fields if one.get("type") != "checkbox" or one.get("checked") is not None]
    names = {one.get("name") for one in sent}
    data = {str(name): [one.get("value") for one in sent if one.get("name") == name] for name in names}
    return visitor.client.post("/ask", data=data)


def told(app: Flask, visitor: Visitor) -> dict[str, object]:
    """The facts among the visitor's answers."""
    kept = visitor.client.get_cookie("answers")
    assert kept is not None
    with app.test_request_context(headers={"Cookie": f"answers={kept.value}"}) as context:
        return dict(cookie.load(context.request).facts)


def test_values_are_shown_and_become_answers_when_confirmed(app: Flask, visitor: Visitor, content: bytes) -> None:
    """Each with its words, its place and its period; last year's taxable income is shown without a box and says so. No file is written."""
    head = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{visitor.token()}\r\n'
    head += (
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    body = head.encode() + content + b"\n" * 2_000_000 + b"\r\n--x--\r\n"  # larger than the framework holds in memory
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formparser, "SpooledTemporaryFile", _no_file)
        page = parsed(visitor.client.post(PATH, data=body, content_type="multipart/form-data; boundary=x"))
    for words in (
        "12,345,678.90元",
        "《中华人民共和国企业所得税年度纳税申报表(A类)》第1页",
        "“资产总计”",
        f"{YEAR - 1}年12月31日",
    ):
        assert words in page.text
    assert page.by_id("use_annual_revenue").get("checked") is not None
    assert not page.root.findall(
        ".//input[@name='fact_annual_taxable_income']"
    )  # last year's is no answer, even by a tick
    assert "这是另一期的数" in page.text
    answer = confirm(visitor, page)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/answers")
    assert told(app, visitor) == {"annual_revenue": "12345678.9", "total_assets": "3000.5"}
    assert "现在填的是" not in parsed(upload(visitor, content)).text


def test_whatever_of_a_licence_is_shown_becomes_an_answer(app: Flask, visitor: Visitor) -> None:
    """Nothing is shown to be confirmed that no question of the self-check would take."""
    page = parsed(upload(visitor, returns.pdf(returns.LICENCE)))
    shown = {one.get("value") for one in page.root.iterfind(".//input[@type='checkbox']")}
    assert {"name", "credit_code", "legal_form", "district"} <= shown
    confirm(visitor, page)
    assert told(app, visitor).keys() == shown


def test_another_firms_form_is_asked_about_and_what_is_absurd_asked_back(visitor: Visitor, content: bytes) -> None:
    """With another credit code told, nothing is ticked; a figure far beyond the firm's size comes back as when it is typed."""
    code = "91120118MA06A1B2C"
    told = {"fact": ["credit_code"], "fact_credit_code": code + check_character(code), "do": "next"}
    visitor.post(told, path="/ask")
    page = parsed(upload(visitor, content))
    ticks = list(page.root.iterfind(".//input[@type='checkbox']"))
    assert ticks
    assert "表上的信用代码不是您填的那个" in page.text
    assert [one for one in ticks if one.get("checked") is not None] == []
    huge = returns.pdf(returns.income_tax(YEAR, taxable="999,999,999,999,999.00"))
    shown = parsed(upload(visitor, huge))
    form = {"fact": ["annual_taxable_income"], "fact_annual_taxable_income": "999999999999999.00", "back": "answers"}
    assert "999,999,999,999,999" in shown.text
    back = visitor.post(form, path="/ask")
    assert back.status_code == 422
    assert "这个数太大了" in back.get_data(as_text=True)


def test_what_cannot_be_read_says_what_to_do(visitor: Visitor, content: bytes) -> None:
    """A scan, a form without a title, nothing at all, a stale page; in both languages."""
    scan = parsed(upload(visitor, returns.blank_pages(1)))
    assert scan.response.status_code == 422
    assert "这份文件是图片" in scan.text
    assert "This file is a picture" in parsed(upload(visitor, returns.blank_pages(1), path=f"{PATH}?lang=en")).text
    visitor.get("/?lang=zh")
    assert "没有认出是哪一张表" in parsed(upload(visitor, "资产总计,3\n".encode(), "a.csv")).text
    assert "表格打不开" in parsed(upload(visitor, b"PK\x03\x04 broken", "a.xlsx")).text
    assert "没有收到文件" in parsed(upload(visitor, b"")).text
    stale = visitor.client.post(PATH, data={"csrf_token": "x", "file": (io.BytesIO(content), "a.pdf")})
    assert stale.status_code == 400


def test_one_address_reads_so_many_documents(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond that it is told when to come again."""
    monkeypatch.setattr(document_views, "_READ", RateLimit(1, seconds=600))
    assert upload(visitor, b"").status_code == 422
    refused = upload(visitor, b"")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]


def test_the_start_page_leads_here(visitor: Visitor) -> None:
    """And the page says what can be read, in English too."""
    assert visitor.get("/").root.find(f".//a[@href='{PATH}']") is not None
    page = visitor.get(f"{PATH}?lang=en")
    assert "Read a return instead of typing" in page.text
    assert "Business licence" in page.text
