"""Tests of fields that are far too long: said beside the field with everything else kept, and never held in memory whole."""

import tracemalloc
from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask import Flask

from matcher.answers.cookie import COOKIE
from matcher.web.errors import LARGEST_FORM
from tests.fixtures.pages import Page, Visitor, parsed, words

MEGABYTES = 10_000_000
LONG = ["长" * (MEGABYTES // 3), "x" * MEGABYTES, "+%\x07 " * (MEGABYTES // 8)]


def sent(visitor: Visitor, path: str, form: Mapping[str, object]) -> Page:
    """What comes back of a form, with the token and the snapshot of a fresh page."""
    page = visitor.get("/")
    hidden = {name: page.value(name) for name in ("csrf_token", "base")}
    return parsed(visitor.client.post(path, data={**hidden, **form}))


@pytest.mark.parametrize("long", LONG, ids=["Chinese", "Latin", "escaped"])
@pytest.mark.parametrize(
    ("path", "field", "fault", "rest"),
    [
        ("/", "who", "who-fault", {"fact_district": "heping"}),
        ("/", "words", "words-fault", {"who": "天津麦香阁面馆"}),
        ("/ask", "fact_employees", "fact_employees-fault", {"fact": ["employees", "name"], "fact_name": "麦香阁"}),
        ("/ask", "words", "fact_industry-fault", {"fact": "industry", "back": "answers"}),
        ("/all", "fact_name", "fact_name-fault", {"fact_employees": "12"}),
        ("/all", "as_of", "as_of-fault", {"fact_employees": "12"}),
        ("/what-if", "fact_employees", "fact_employees-fault", {"fact": ["employees", "name"], "fact_name": "麦香阁"}),
        ("/what-if", "as_of", "as_of-fault", {"fact": ["employees"], "fact_employees": "12"}),
    ],
)
def test_ten_megabytes_in_a_field_are_said_beside_it(
    visitor: Visitor, path: str, field: str, fault: str, rest: dict[str, object], long: str
) -> None:
    """The page says which field is too long, shows only its beginning, keeps the rest and puts nothing into the cookie."""
    page = sent(visitor, path, {**rest, field: long})
    assert page.response.status_code == 422
    assert words(page.by_id(fault)).removeprefix("要改：") == "太长了，最多200个字"
    assert page.root.find(f".//a[@href='#{field}']") is not None
    described = [e for e in page.root.iter("input") if fault in (e.get("aria-describedby") or "").split()]
    assert [e.get("name") for e in described] == [field]
    for name, value in rest.items():
        if name != "fact":
            assert page.value(name) == value
    assert len(page.value(field) or "") <= 400
    assert len(page.response.data) < 200_000
    assert visitor.client.get_cookie(COOKIE) is None


def test_ten_megabytes_for_a_code_are_said_beside_its_field(visitor: Visitor) -> None:
    """The field for a handover's code says what a code looks like."""
    page = sent(visitor, "/hand-over/withdraw", {"code": LONG[1], "do": "look"})
    assert page.response.status_code == 422
    assert "12个字符" in words(page.by_id("code-fault"))
    assert page.value("code") == "x" * 400


def test_what_stands_behind_the_long_field_is_read(visitor: Visitor) -> None:
    """Fields after it count as well as those before, whatever chunks the form comes in."""
    page = sent(
        visitor, "/all", {"fact_name": "长" * 200_000, **{f"f{n}": "" for n in range(500)}, "fact_employees": "12"}
    )
    assert page.value("fact_employees") == "12"


@pytest.mark.parametrize("path", ["/", "/ask", "/all", "/what-if", "/save", "/letter"])
def test_a_form_beyond_all_measure_is_refused(visitor: Visitor, path: str) -> None:
    """More than 32 MB are not looked at; nor are many fields that are too much together."""
    for form in ({"fact_name": "x" * (LARGEST_FORM + 1)}, {f"fact_{number}": "x" * 60_000 for number in range(9)}):
        response = visitor.client.post(path, data=form)
        assert response.status_code == 413
        assert "256 KB" in parsed(response).text


class Endless(BytesIO):
    """A body that is made while it is read, so that it takes no memory itself."""

    def __init__(self, start: bytes, piece: bytes) -> None:
        super().__init__(start)
        self.piece = piece

    def read(self, size: int | None = -1) -> bytes:
        """The start, then the piece again and again."""
        assert size is not None
        return super().read(size) or (self.piece * size)[:size]


@pytest.mark.parametrize("piece", [b"x", b"&", b"a=&"], ids=["one field", "empty fields", "many fields"])
def test_a_long_form_takes_little_memory(app: Flask, piece: bytes) -> None:
    """Thirty megabytes of whatever kind pass through a few megabytes of memory."""
    client = app.test_client()
    client.get("/")
    body = Endless(urlencode({"fact": "employees"}).encode() + b"&fact_employees=", piece)
    tracemalloc.start()
    try:
        answer = client.post(
            "/ask",
            input_stream=body,
            content_type="application/x-www-form-urlencoded",
            headers={"Content-Length": str(LARGEST_FORM)},
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status_code in (400, 413)
    assert peak < 8_000_000


def test_half_a_form_is_refused(app: Flask) -> None:
    """A connection that broke off in the middle of a long form is no form."""
    client = app.test_client()
    answer = client.post(
        "/all",
        input_stream=BytesIO(b"fact_employees=12&fact_name=" + b"x" * 300_000),
        content_type="application/x-www-form-urlencoded",
        headers={"Content-Length": "400000"},
    )
    assert answer.status_code == 400
    assert client.get_cookie(COOKIE) is None
