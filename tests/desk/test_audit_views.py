"""The auditor's page: whose entries are shown, the filters, the pages, the walk over the chain, what is taken along."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from sqlalchemy import text

from matcher.audit.trail import Event, append
from tests.fixtures.browsing import DESKTOP, PHONE, looked_at, next_page, visit
from tests.fixtures.desk import Visitor

AT = datetime(2026, 3, 1, 17, tzinfo=UTC)  # one in the morning of the next day in Tianjin
SignedIn = Callable[[str], Visitor]


@pytest.fixture
def trail(store: Callable) -> None:  # type: ignore[type-arg]
    """A hundred and thirty entries of Heping, one a minute, and one of Hedong."""
    with store() as register:
        for number in range(130):
            told = Event(
                AT + timedelta(minutes=number), "li.na" if number % 2 else "wu", "clerk", "heping",
                "case.opened" if number % 5 else "letter.issued", f"case {number}", "10.0.0.7",
                {"facts": ["employees", "total_assets"]} if number == 129 else {},
            )  # fmt: skip
            append(register, told)
        append(register, Event(AT, "=zhou", "clerk", "hedong", "case.opened", "case 900", "10.0.0.9", {}))


def subjects(page) -> list[str]:  # type: ignore[no-untyped-def]
    """The subjects in the table, in its order."""
    return ["".join(row.findall("td")[-3].itertext()).strip() for row in page.root.iterfind(".//tbody/tr")]


def test_the_newest_come_first_page_by_page(trail: None, signed_in: SignedIn) -> None:
    """A hundred on a page, and the rest behind the link to the older."""
    visitor = signed_in("auditor")
    first = visitor.get("/desk/audit")
    assert subjects(first) == [f"第{number}号办件" for number in range(129, 29, -1)]
    assert "情况：上年末从业人员数、上年末资产总额" in first.text
    older = first.root.find(".//a[@rel='next']")
    assert older is not None
    assert subjects(visitor.get(older.get("href", ""))) == [f"第{number}号办件" for number in range(29, -1, -1)]


def test_a_centre_sees_its_own_and_the_city_all(trail: None, signed_in: SignedIn) -> None:
    """Heping's auditor never sees Hedong's, whatever the address says; the city's sees both, or one."""
    assert subjects(signed_in("auditor").get("/desk/audit?subject=case+900&centre=hedong")) == []
    city = signed_in("tianjin.auditor")
    assert subjects(city.get("/desk/audit?subject=case+900")) == ["第900号办件"]
    assert subjects(city.get("/desk/audit?subject=case+900&centre=heping")) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("actor=li.na", 65),
        ("action=letter.issued", 26),
        ("action=letter.", 26),
        ("subject=case+7", 1),
        ("subject=第7号办件", 1),
        ("since=2026-03-02&until=2026-03-02", 130),
        ("until=2026-03-01", 0),
        ("since=2026-03-03", 0),
        ("since=0001-01-01&until=9999-12-31", 130),
        ("actor=li.na&action=letter.issued", 13),
    ],
)
@pytest.mark.both_databases
def test_filters_leave_what_fits(trail: None, signed_in: SignedIn, query: str, count: int) -> None:
    """Who, what, to what, and days of Tianjin; together they all hold."""
    page = signed_in("auditor").get(f"/desk/audit?{query}")
    assert f"共{count}条" in page.text if count else "没有符合条件的记录" in page.text


def test_a_day_that_cannot_be_read_is_said(trail: None, signed_in: SignedIn) -> None:
    """The field says how a day is written, keeps what was typed, and filters nothing."""
    page = signed_in("auditor").get("/desk/audit?since=yesterday")
    assert page.value("since") == "yesterday"
    assert "日期写成年-月-日" in page.text
    assert "共130条" in page.text


def test_the_walk_is_an_entry_and_is_shown(trail: None, signed_in: SignedIn) -> None:
    """Verified, the page says when, by whom and how far."""
    visitor = signed_in("auditor")
    assert "还没有核验过" in visitor.get("/desk/audit").text
    told = visitor.post({}, "/desk/audit/verify", at="/desk/audit")
    assert told.status_code == 303
    page = visitor.get("/desk/audit")
    assert "131条记录全部完整" in page.text
    assert "由auditor核验，到第131条为止完整" in page.text
    assert subjects(page)[0] == "audit 131"


@pytest.mark.both_databases
def test_a_changed_trail_is_said_at_once(trail: None, signed_in: SignedIn, store: Callable) -> None:  # type: ignore[type-arg]
    """The first bad number, what to do, and no entry that calls it whole."""
    guards = {"sqlite": "audit_entry_no_update", "postgresql": "audit_entry_only_append ON audit_entry"}
    with store() as register:
        connection = register.connection()
        connection.execute(text(f"DROP TRIGGER {guards[connection.dialect.name]}"))
        connection.execute(text("UPDATE audit_entry SET actor = 'x' WHERE number = 41"))
    visitor = signed_in("auditor")
    page = visitor.answer({}, "/desk/audit/verify", at="/desk/audit")
    assert "操作记录被改动过" in page.text
    assert "第 41 条" in page.text
    assert "还没有核验过" in visitor.get("/desk/audit").text


def test_what_is_taken_along_is_filtered_neutral_and_remembered(trail: None, signed_in: SignedIn) -> None:
    """The CSV has what the filters leave, no cell is a formula, and the export stands in the trail."""
    city = signed_in("tianjin.auditor")
    answer = city.client.get("/desk/audit/export?subject=case+900")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [(row["actor"], row["subject"], row["at"]) for row in rows] == [
        ("'=zhou", "case 900", "2026-03-01T17:00:00.000000+00:00")
    ]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert subjects(city.get("/desk/audit?action=audit.exported")) == ["audit"]


def test_the_json_lines_hold_the_whole_chain(trail: None, signed_in: SignedIn) -> None:
    """Every entry with its digests, the oldest first; a centre's own only."""
    answer = signed_in("auditor").client.get("/desk/audit/export?as=jsonl")
    rows = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert [row["number"] for row in rows] == [*range(1, 131), 132]
    assert rows[1]["previous"] == rows[0]["digest"]
    assert rows[129]["detail"] == {"facts": ["employees", "total_assets"]}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_in_a_browser(
    trail: None, browser: Browser, at_desk: Callable[..., Tab], viewport: dict[str, int]
) -> None:
    """Axe finds nothing; by keyboard alone a filter is set and the trail verified."""
    tab = at_desk(browser, "tianjin.auditor", viewport)
    looked_at(visit(tab, "/desk/audit"))
    tab.focus("#actor")
    tab.keyboard.insert_text("li.na")
    with next_page(tab):
        tab.keyboard.press("Enter")
    assert "共65条" in tab.inner_text("main")
    tab.focus(".chain button")
    with next_page(tab):
        tab.keyboard.press("Enter")
    assert "全部完整" in tab.inner_text("[role=status]")
    looked_at(tab)


def test_who_did_it_is_called_by_name(signed_in: SignedIn, store: Callable) -> None:  # type: ignore[type-arg]
    """The name of the account stands first, its login beside it; what is no account's stands as it is."""
    with store() as register:
        register.execute(text("UPDATE account SET display_name = '李强' WHERE name = 'clerk'"))
        for actor in ("clerk", "gone"):
            append(register, Event(AT, actor, "clerk", "heping", "case.opened", "case 1", "10.0.0.7", {}))
    page = signed_in("auditor").get("/desk/audit")
    assert "李强clerk · 经办" in page.text
    assert "gone经办" in page.text


def test_no_entry_speaks_in_the_programs_words(signed_in: SignedIn, store: Callable) -> None:  # type: ignore[type-arg]
    """A page that was refused by its address, which can be looked for as it is shown; a signature and a list by what they are."""
    signed_in("clerk").get("/desk/accounts")
    with store() as register:
        for action, about, told in (
            ("letter.issued", "letter 津和惠函〔2026〕1号", {"signed": "second"}),
            ("desk.refused", "page desk_cases.case", {"case_id": 12}),
            ("impact.asked", "impact 3", {}),
            ("run.finished", "run 4", {"rows": 24, "bad_rows": 3}),
        ):
            append(register, Event(AT, "li.na", "clerk", "heping", action, about, "10.0.0.7", told))
    auditor = signed_in("auditor")
    page = auditor.get("/desk/audit")
    for words in (
        "页面：/desk/accounts",
        "页面：/desk/cases/…",
        "办件：12",
        "测算：3",
        "签发：第二人复核后签发",
        "有误的行数：3",
    ):
        assert words in page.text
    assert not re.search(r"desk_[a-z]+|case_id|bad_rows|second", page.text)
    assert subjects(auditor.get("/desk/audit?subject=页面：/desk/cases/…")) == ["页面：/desk/cases/…"]
