"""What the register publishes of a firm spares its owner the typing: only where it is opened, only that, and only what is confirmed."""

from datetime import date

import pytest
from flask import Flask

from matcher.firms.register import FirmEntry, Told, enter_firms
from matcher.site.interview import prefill_views
from matcher.web.limits import RateLimit
from tests.fixtures.desk_cases import CODE, IMPORTED, NAME, name_keys, store_of
from tests.fixtures.pages import Visitor, parsed, words


@pytest.fixture
def owner(desk_app: Flask, firm: str, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """An owner at a site where prefilling is open. A list told of her firm, and she told a centre what it takes in a year."""
    monkeypatch.setenv("MATCHER_PREFILL", "on")
    monkeypatch.setattr(prefill_views, "_SEARCHED", RateLimit(4, seconds=3600))
    return Visitor(desk_app.test_client())


def search(owner: Visitor, who: str) -> tuple[int, str]:
    """Look a firm up: the status of the answer, and its text."""
    token = owner.get("/prefill").value("csrf_token")
    response = owner.client.post("/prefill", data={"csrf_token": token, "who": who})
    return response.status_code, response.get_data(as_text=True)


def enter(app: Flask, firms: list[tuple[str, str | None]]) -> None:
    """Further firms in the register, each with a name and, where it matters, its code."""
    entries = [
        FirmEntry(f"F-0001{at:02}", name, code or f"91120103MA00001{at:02}X", (), None, {}, at)
        for at, (name, code) in enumerate(firms, 10)
    ]
    with store_of(app) as register:
        enter_firms(register, entries, Told("imported", date(2026, 1, 5), IMPORTED), name_keys)


@pytest.mark.parametrize("who", [CODE, f" {CODE.lower()} ", NAME, NAME.replace("（", "(")])
def test_the_whole_code_or_name_shows_what_the_register_publishes(owner: Visitor, who: str) -> None:
    """Name, code, industry and district; no staff, no takings, whoever told them."""
    status, text = search(owner, who)
    assert status == 200
    assert NAME in text
    assert CODE in text
    assert "和平区" in text
    shown = {
        name
        for name in ("employees", "annual_revenue", "annual_taxable_income", "vat_status")
        if f"fact_{name}" in text
    }
    assert not shown
    assert "2019" not in text  # the day of registration, which no rule asks of a firm, would be dropped
    assert "3120000" not in text.replace(",", "")


@pytest.mark.parametrize("who", [NAME[:-2], CODE[:12], "天津", "91120101MA05TX9C3X"])
def test_a_piece_finds_nothing(owner: Visitor, who: str) -> None:
    """Nobody leafs through the register here: the answer says what to type, and keeps what was typed."""
    status, text = search(owner, who)
    assert status == 422
    assert "照执照上的写法再试一次" in text
    assert who in text
    assert CODE not in text


def test_a_name_that_several_firms_have_asks_for_the_code(desk_app: Flask, owner: Visitor) -> None:
    """Two firms of one name among nine that are called much alike: the name says neither's facts, the code says its own."""
    twin = "91120103MA0000002X"
    enter(desk_app, [(NAME, twin), *((NAME.replace("市", f"市{one}"), None) for one in "东西南北河海津港")])
    status, text = search(owner, NAME)
    assert status == 422
    assert "有几家企业都叫这个名称" in text
    assert "18位的统一社会信用代码" in text
    assert CODE not in text
    assert twin not in text
    status, text = search(owner, CODE)
    assert (status, "和平区" in text) == (200, True)


def test_what_is_ticked_becomes_an_answer_and_nothing_else(owner: Visitor) -> None:
    """The district is taken over, the name is not, a fact that the register does not publish cannot be slipped in."""
    token = owner.get("/prefill").value("csrf_token")
    told = {"use": ["district", "employees"], "fact_district": "heping", "fact_name": NAME, "fact_employees": "9"}
    response = owner.client.post("/prefill/use", data={"csrf_token": token, **told})
    assert (response.status_code, response.headers["Location"]) == (303, "/#begin")
    text = owner.get("/answers").text
    assert "和平区" in text
    assert NAME not in text
    assert "9人" not in text
    begin = owner.get("/")
    assert begin.value("fact_district") == "heping"


def test_nobody_asks_again_and_again(owner: Visitor) -> None:
    """The fifth search of one address within the hour is refused; an empty field is none."""
    assert [search(owner, CODE)[0] for _ in range(4)] == [200] * 4
    assert search(owner, CODE)[0] == 429
    assert search(owner, " ")[0] == 422


def test_where_it_is_not_opened_there_is_no_such_page(owner: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the page nor a link to it."""
    assert "照登记先填上" in owner.get("/").text
    monkeypatch.delenv("MATCHER_PREFILL")
    assert "照登记先填上" not in owner.get("/").text
    assert owner.client.get("/prefill").status_code == 404
    assert owner.client.post("/prefill", data={"who": CODE}).status_code == 404


def test_it_is_said_in_english_too(owner: Visitor) -> None:
    """The page, its faults and what was found."""
    token = owner.get("/prefill?lang=en").value("csrf_token")
    found = parsed(owner.client.post("/prefill?lang=en", data={"csrf_token": token, "who": CODE}))
    assert "Heping" in words(found.root)
    wrong = owner.client.post("/prefill?lang=en", data={"csrf_token": token, "who": "x"}).get_data(as_text=True)
    assert "Try again as it is written on the licence" in wrong
