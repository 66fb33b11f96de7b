"""Lists of firms to be told, by channel: ranked, taken along without a formula, marked as told, followed."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from matcher.accounts.models import Account
from matcher.cases.models import Case
from matcher.contacts.models import FirmContact
from matcher.firms.models import Firm
from matcher.outreach.models import Entitlement, FirmTold, Screening
from matcher.text.dates import today
from tests.fixtures.browsing import PHONE, looked_at, visit
from tests.fixtures.desk import Visitor

SignedIn = Callable[[str], Visitor]
Store = Callable[[], AbstractContextManager[Session]]
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
AT = "/desk/delivery"
TAXES, INCOME, VAT = "six-taxes-two-fees", "small-low-profit-income-tax", "small-scale-vat"

# Firm → district, and schemes with status and fen.
FOUND: dict[str, tuple[str | None, dict[str, tuple[str, int | None]]]] = {
    "f1": ("heping", {TAXES: ("eligible", 500_00), INCOME: ("eligible", 700_00)}),
    "f2": ("heping", {TAXES: ("eligible", 90_000_00), VAT: ("needs_decision", None)}),
    "f3": ("heping", {TAXES: ("eligible", 500_00), INCOME: ("needs_decision", 900_00), VAT: ("eligible", 700_00)}),
    "f4": ("hedong", {TAXES: ("eligible", 99_000_00)}),
    "f5": ("heping", {TAXES: ("needs_decision", None)}),
    "f6": (None, {TAXES: ("eligible", 100)}),
}


@pytest.fixture
def found(desk_app: Flask, store: Store) -> None:
    """A screening that found schemes for six firms; Heping has a telephone of two, one of them with an e-mail address as well."""
    with store() as writing:
        clerk = next(one for one in writing.exec(select(Account)) if one.name == "clerk")
        writing.add(
            Screening(id=1, state="done", as_of=today(), rulebook_hash="a" * 64, created_at=NOW, finished_at=NOW)
        )
        for number, firm in enumerate(FOUND):
            code = f"91120101MA05T{number:05}"
            name = "=天津市喆堃镕科技有限公司" if number == 1 else f"天津第{number}商行"
            writing.add(Firm(id=firm, name=name, credit_code=code, organisation=code, code_backwards=code))
        writing.flush()
        for firm, (district, schemes) in FOUND.items():
            for scheme, (status, fen) in schemes.items():
                writing.add(
                    Entitlement(
                        screening_id=1, scheme=scheme, firm_id=firm, district=district, status=status,
                        recipient="firm_price", fen=fen,
                    )
                )  # fmt: skip
        for firm, centre, phone, email in (
            ("f2", "heping", "+86 22 1", ""),
            ("f3", "heping", "@12", "a@example.cn"),
            ("f1", "hedong", "022-3", ""),
        ):
            writing.add(
                FirmContact(
                    firm_id=firm, centre=centre, name="王女士", role="", phone=phone, email=email, remark="",
                    account_id=int(clerk.id or 0), made_at=NOW,
                )
            )  # fmt: skip


def taken(visitor: Visitor, channel: str) -> list[list[str]]:
    """A list as CSV, without its head."""
    text = visitor.client.get(f"{AT}/{channel}/list.csv").get_data(as_text=True)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]


def test_each_firm_stands_in_one_list_the_most_certain_money_first(
    found: None, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a mail server by telephone or letter, with one by e-mail first; only the own centre's firms and contacts, the highest single
    sum first, then what is certain; no cell that a spreadsheet would work out; the city has what no district has."""
    clerk = signed_in("clerk")
    assert [row[1:3] for row in taken(clerk, "phone")] == [
        ["'=天津市喆堃镕科技有限公司", "91120101MA05T00001"],
        ["天津第2商行", "91120101MA05T00002"],
    ]
    assert [row[4:6] + row[8:] for row in taken(clerk, "phone")] == [
        ["王女士", "'+86 22 1", "90000.00", "1", "1"],
        ["王女士", "'@12", "700.00", "2", "1"],
    ]
    assert [(row[1], row[5]) for row in taken(clerk, "letter")] == [("天津第0商行", ""), ("天津第4商行", "")]
    assert taken(clerk, "email") == []
    assert [row[1] for row in taken(signed_in("tianjin.supervisor"), "letter")] == ["天津第5商行"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(clerk.client.get(f"{AT}/phone/list.xlsx").get_data()))
    assert book.get_sheet_by_index(0).to_python()[1][1] == "'=天津市喆堃镕科技有限公司"
    assert clerk.client.get(f"{AT}/phone/list.pdf").status_code == 404
    assert clerk.client.get(f"{AT}/pigeon/list.csv").status_code == 404
    assert signed_in("auditor").client.get(AT).status_code == 403
    monkeypatch.setenv("MATCHER_SMTP", "smtp://mail.example.cn")
    monkeypatch.setenv("MATCHER_MAIL_FROM", "fuwu@example.cn")
    assert [[row[1] for row in taken(clerk, channel)] for channel in ("email", "phone")] == [
        ["天津第2商行"],
        ["'=天津市喆堃镕科技有限公司"],
    ]


def test_a_list_is_marked_as_told_and_followed(found: None, signed_in: SignedIn, store: Store) -> None:
    """All of a list is marked with the channel, if it is still the one that was taken along; then it is said who came since."""
    clerk = signed_in("clerk")
    page = clerk.get(AT)
    form = {"digest": page.root.find(".//input[@name='digest']").get("value"), "size": "50"}
    assert "还有2家企业没有告知" in page.text
    assert "最高一项90,000元" in page.text
    assert clerk.post({**form, "digest": "0" * 32}, f"{AT}/phone", at=AT).status_code == 409
    assert clerk.post(form, f"{AT}/phone", at=AT).status_code == 303
    with store() as opened:
        marks = {(one.firm_id, one.scheme, one.note) for one in opened.exec(select(FirmTold))}
        clerk_id = next(one.id for one in opened.exec(select(Account)) if one.name == "clerk")
        for firm, days in (("f2", 1), ("f3", -100)):
            opened.add(
                Case(
                    centre="heping", firm_id=firm, origin="search", state="open", opened_by=int(clerk_id or 0),
                    opened_at=datetime.now(UTC) + timedelta(days=days), changed_at=NOW, facts={}, sources={},
                )
            )  # fmt: skip
    assert marks == {(firm, scheme, "电话名单") for firm in ("f2", "f3") for scheme in FOUND[firm][1]}
    assert taken(clerk, "phone") == []
    row = next(one for one in clerk.get(AT).root.iterfind(".//tbody/tr") if one.findtext("th") == "电话名单")
    assert [cell.text for cell in row.iterfind("td")] == ["2", "1", "0"]


def test_the_lists_in_a_browser(found: None, browser: Browser, at_desk: Callable[..., Tab]) -> None:
    """On a phone nothing is wider than the screen, and axe finds nothing."""
    looked_at(visit(at_desk(browser, "clerk", PHONE), AT))
