"""Firms that nobody told: the list of schemes, the firms of one, marking and taking along, who gains and who loses."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from python_calamine import CalamineWorkbook
from sqlmodel import Session, col, select

from matcher.audit.models import AuditEntry
from matcher.firms.models import Firm
from matcher.firms.register import Told, add_statement
from matcher.outreach import views as listed
from matcher.outreach.models import FirmTold, Screening
from matcher.outreach.passes import unfinished
from matcher.outreach.screening import new_screening, screen
from matcher.rulebook.rulebook import Rulebook
from matcher.text.dates import today
from matcher.web.database import engine
from tests.fixtures.browsing import DESKTOP, PHONE, looked_at, next_page, visit
from tests.fixtures.desk import Page, Visitor

SignedIn = Callable[[str], Visitor]
Store = Callable[[], AbstractContextManager[Session]]
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
TAXES = "six-taxes-two-fees"
HEPING, CITY = f"/desk/outreach/heping/{TAXES}", f"/desk/outreach/tianjin/{TAXES}"
SMALL = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}


def enter(register: Session, number: int, district: str | None, **facts: str) -> None:
    """A firm of a district, small unless told otherwise."""
    code = f"91120101MA05T{number:05}"
    name = "=天津市喆堃镕科技有限公司" if number == 1 else f"天津第{number:03}商行"
    register.add(Firm(id=f"f{number}", name=name, credit_code=code, organisation=code, code_backwards=code))
    register.flush()
    told = {**SMALL, **facts} | ({"district": district} if district else {})
    add_statement(register, f"f{number}", told, Told("imported", date(2026, 1, 1), NOW))


@pytest.fixture
def screened(desk_app: Flask, rulebook: Rulebook, store: Store) -> Callable[..., int]:
    """Goes over the register, for today unless told otherwise; gives the number of the screening."""

    def run(day: date | None = None) -> int:
        with store() as register:
            number = int(new_screening(register, rulebook, day or today(), NOW, None).id or 0)
        with desk_app.app_context():
            assert screen(engine(), rulebook, number, lambda: NOW).state == "done"
        return number

    return run


@pytest.fixture
def firms(store: Store, screened: Callable[..., int]) -> None:
    """Three firms of Heping, one of Hedong, one of no district, screened for today."""
    with store() as register:
        for number, district in ((1, "heping"), (2, "heping"), (3, "hedong"), (4, None), (5, "heping")):
            enter(register, number, district)
    screened()


def names(page: Page) -> list[str]:
    """The firms in the table."""
    return ["".join(link.itertext()) for link in page.root.iterfind(".//tbody/tr/th/a")]


def cells(page: Page, scheme: str) -> list[str]:
    """The figures of a scheme in the list of schemes."""
    rows = page.root.iterfind(".//tbody/tr")
    row = next(row for row in rows if f"/{scheme}" in (row.find("th/a").get("href") or ""))  # type: ignore[union-attr]
    return ["".join(cell.itertext()).strip() for cell in row.findall("td")]


def marked(store: Store) -> dict[str, tuple[str, str | None]]:
    """Which firms are marked, by whose centre and with which note."""
    with store() as register:
        return {one.firm_id: (one.centre, one.note) for one in register.exec(select(FirmTold))}


def test_without_a_screening_the_page_says_so(signed_in: SignedIn) -> None:
    """Nothing was gone over yet: it says so and offers to begin."""
    page = signed_in("clerk").get("/desk/outreach")
    assert "还没有筛查过企业库" in page.text
    assert "筛查企业库" in page.text


def test_a_centre_counts_its_own_and_the_city_all(firms: None, signed_in: SignedIn) -> None:
    """Untold, entitled, left to departments, and the money: of the own district; of all, or of one, at the city's desk."""
    assert cells(signed_in("clerk").get("/desk/outreach"), TAXES) == ["3", "3", "", "57,963.87元"]
    assert cells(signed_in("clerk").get("/desk/outreach?centre=hedong"), TAXES)[:2] == ["3", "3"]
    city = signed_in("tianjin.supervisor")
    assert cells(city.get("/desk/outreach"), TAXES)[:2] == ["5", "5"]
    assert cells(city.get("/desk/outreach?centre=hedong"), TAXES)[:2] == ["1", "1"]


@pytest.mark.both_databases
def test_firms_are_listed_and_filtered(firms: None, signed_in: SignedIn, store: Store) -> None:
    """By name, the own district's; told or not, by text; another centre's list is refused."""
    clerk = signed_in("clerk")
    assert len(names(clerk.get(HEPING))) == 3
    assert names(clerk.get(f"{HEPING}?q=002")) == ["天津第002商行"]
    assert names(clerk.get(f"{HEPING}?told=yes")) == []
    assert clerk.client.get(CITY).status_code == 403
    assert clerk.client.get(f"/desk/outreach/hedong/{TAXES}").status_code == 403
    assert clerk.client.get("/desk/outreach/heping/no-such-scheme").status_code == 404
    assert clerk.client.get(f"/desk/outreach/nowhere/{TAXES}").status_code == 404


def test_ticked_firms_are_marked_and_unmarked(firms: None, signed_in: SignedIn, store: Store) -> None:
    """With the note, who and when; the count of the untold goes down, and comes back."""
    clerk = signed_in("clerk")
    page = clerk.answer({"firm": ["f1", "f2"], "note": " 电话告知\x00 ", "act": "tell"}, HEPING)
    assert page.response.status_code == 303
    shown = clerk.get(HEPING)
    assert "已标记2家企业" in shown.text
    assert "Clerk已于" in shown.text
    assert marked(store) == {"f1": ("heping", "电话告知"), "f2": ("heping", "电话告知")}
    assert cells(clerk.get("/desk/outreach"), TAXES)[0] == "1"
    clerk.post({"firm": "f1", "act": "untell"}, HEPING)
    assert set(marked(store)) == {"f2"}
    with store() as register:
        acts = register.exec(
            select(AuditEntry.action, AuditEntry.detail).where(col(AuditEntry.action).startswith("outreach"))
        ).all()
    assert acts == [("outreach.told", {"firms": ["f1", "f2"]}), ("outreach.untold", {"firms": ["f1"]})]


def test_all_of_the_page_are_marked_by_one_button(firms: None, signed_in: SignedIn, store: Store) -> None:
    """Every firm of the page that was not told, with the note, whatever is ticked."""
    clerk = signed_in("clerk")
    clerk.post({"firm": "f1", "act": "tell"}, HEPING)
    page = clerk.get(HEPING)
    told = [field.get("value") for field in page.root.iterfind(".//input[@name='on_page']")]
    assert told == ["f2", "f5"]
    clerk.post({"on_page": told, "firm": "f1", "note": "群发短信", "act": "tell_page"}, HEPING)
    assert marked(store) == {"f1": ("heping", None), "f2": ("heping", "群发短信"), "f5": ("heping", "群发短信")}


def test_nobody_marks_what_is_not_theirs(firms: None, signed_in: SignedIn, store: Store) -> None:
    """A firm of Hedong, a firm that is not in the list, no firm: nothing is marked, and it is said."""
    clerk = signed_in("clerk")
    clerk.post({"firm": ["f3", "f4", "nobody"], "act": "tell"}, HEPING)
    assert "没有可变更的企业" in clerk.get(HEPING).text
    signed_in("tianjin.supervisor").post({"firm": ["f1", "f4"], "act": "tell"}, CITY)
    assert marked(store) == {"f4": ("tianjin", None)}


def test_an_auditor_looks_and_marks_nothing(firms: None, signed_in: SignedIn, store: Store) -> None:
    """There is no tick and no button, and a form that is sent all the same is refused."""
    auditor = signed_in("auditor")
    page = auditor.get(HEPING)
    assert len(names(page)) == 3
    assert page.root.find(".//input[@name='firm']") is None
    assert auditor.post({"firm": "f1", "act": "tell"}, HEPING, at="/desk/me").status_code == 403
    assert marked(store) == {}


def test_lists_are_taken_along_without_a_formula(firms: None, signed_in: SignedIn) -> None:
    """As CSV and as a workbook, what the filters leave, with a name that a spreadsheet would work out made harmless."""
    clerk = signed_in("clerk")
    clerk.post({"firm": "f1", "note": "@来访", "act": "tell"}, HEPING)
    text = clerk.client.get(f"{HEPING}/list.csv?told=yes").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["企业", "统一社会信用代码", "所在区", "结果", "金额（元）", "告知日期", "告知人", "告知方式"]
    assert [rows[1][at] for at in (0, 2, 3, 4, 6, 7)] == [
        "'=天津市喆堃镕科技有限公司", "和平区", "可享受", "19321.29", "Clerk", "'@来访",
    ]  # fmt: skip
    book = CalamineWorkbook.from_filelike(io.BytesIO(clerk.client.get(f"{HEPING}/list.xlsx").get_data()))
    found = book.get_sheet_by_index(0).to_python()
    assert len(found) == 4
    assert found[1][0] == "'=天津市喆堃镕科技有限公司"
    assert clerk.client.get(f"{HEPING}/list.pdf").status_code == 404


def test_the_register_is_gone_over_on_request(signed_in: SignedIn, store: Store) -> None:
    """It is asked for, waits for a worker, and pressed twice it is one; a day that is none is refused with what was typed."""
    clerk = signed_in("clerk")
    for _ in range(2):
        assert clerk.post({"as_of": "2027-01-01"}, "/desk/outreach/screen", at="/desk/outreach").status_code == 303
    with store() as register:
        assert len(unfinished(register, Screening)) == 1
        assert register.exec(select(Screening)).one().as_of == date(2027, 1, 1)
    assert "正在筛查企业库" in clerk.get("/desk/outreach").text
    refused = clerk.answer({"as_of": "2027-13-01"}, "/desk/outreach/screen", at="/desk/outreach")
    assert refused.response.status_code == 422
    assert refused.value("as_of") == "2027-13-01"


def test_a_screening_that_failed_is_said(firms: None, signed_in: SignedIn, store: Store, rulebook: Rulebook) -> None:
    """The list still rests on the last that was finished, and says that the newest was not."""
    with store() as register:
        asked = new_screening(register, rulebook, today() + timedelta(days=1), NOW, None)
        asked.state = "failed"
    page = signed_in("clerk").get("/desk/outreach")
    assert "最近一次筛查没有完成" in page.text
    assert cells(page, TAXES)[0] == "3"


@pytest.mark.both_databases
def test_who_gains_and_who_loses(firms: None, signed_in: SignedIn, store: Store, screened: Callable[..., int]) -> None:
    """Between two screenings: by scheme, then the firms; of the own district only."""
    with store() as register:
        for number in (1, 3):
            told = Told("confirmed", today(), NOW, "heping")
            add_statement(register, f"f{number}", {"vat_status": "general"}, told)
        enter(register, 6, "heping")
    screened()
    clerk = signed_in("clerk")
    page = clerk.get("/desk/outreach/compare")
    links = [a.get("href") or "" for a in page.root.iterfind(".//td/a") if TAXES in (a.get("href") or "")]
    assert [page.root.find(f".//td/a[@href='{link}']").text for link in links] == ["1", "1"]  # type: ignore[union-attr]
    assert [names(clerk.get(link)) for link in links] == [["天津第006商行"], ["=天津市喆堃镕科技有限公司"]]
    assert "没有企业增减" in clerk.get("/desk/outreach/compare?from=1&to=1").text
    assert "请选两次筛查" in clerk.get("/desk/outreach/compare?from=1&to=99").text
    assert clerk.client.get(f"/desk/outreach/heping/{TAXES}/sideways").status_code == 404


def test_what_ends_soon_stands_apart(firms: None, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheme whose version ends within ninety days is listed again with its last day."""

    last = date(2027, 12, 31)
    monkeypatch.setattr(listed, "today", lambda: last - timedelta(days=90))
    page = signed_in("clerk").get("/desk/outreach")
    assert "90天内到期的政策" in page.text
    assert "2027年12月31日" in page.text


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_in_a_browser(
    firms: None, browser: Browser, at_desk: Callable[..., Tab], screened: Callable[..., int],
    viewport: dict[str, int], store: Store,
) -> None:  # fmt: skip
    """Axe finds nothing; by keyboard alone a firm is ticked, marked with a note, and stands as told."""
    screened()
    tab = at_desk(browser, "clerk", viewport)
    looked_at(visit(tab, "/desk/outreach"))
    with next_page(tab):
        tab.focus(f"a[href^='{HEPING}']")
        tab.keyboard.press("Enter")
    looked_at(tab)
    tab.focus("input[name=firm][value=f1]")
    tab.keyboard.press("Space")
    tab.focus("#note")
    tab.keyboard.insert_text("电话告知")
    with next_page(tab):
        tab.keyboard.press("Enter")
    looked_at(tab)
    assert marked(store) == {"f1": ("heping", "电话告知")}
    looked_at(visit(tab, "/desk/outreach/compare"))
