"""A letter on a firm with several loans: a section for each with its name; one that is issued has a row for each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from matcher.db import reading
from matcher.engine import Item, Items, check
from matcher.firms import open_profiles
from matcher.letters.compose import certain_total, compose_letter_of
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order
from matcher.letters.proof.encoding import read_qr
from matcher.letters.proof.paper import printed_text
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.proof.signed_file import receipt_of_file
from matcher.letters.proof.verify import Against, verify
from matcher.letters.register import kept_file
from matcher.rulebook import Rulebook
from tests.fixtures.issuing import FIRM, NOON

DAY = date(2026, 11, 24)

SCHEME = "sme-loan-interest-subsidy"

LOAN = {
    "loan_principal": "900000",
    "loan_term": 24,
    "loan_granted_on": "2026-03-01",
    "loan_purpose": "fixed_asset",
    "loan_in_supported_field": True,
    "has_other_central_interest_subsidy": False,
    "dept_lender_approved": True,
}

TOLD = {
    "facts": {**FIRM, "ownership": "private", "industry": "3411", "employees": 20, "annual_revenue": "3000000"},
    "items": {
        "loan": [
            {"name": "设备贷款", "facts": LOAN},
            {"name": "厂房贷款", "facts": {**LOAN, "loan_granted_on": "2025-03-01"}},
            {"id": "third", "facts": {"loan_principal": "5"}},
        ]
    },
    "items_complete": {"loan": True},
}


@pytest.fixture
def ordered(rulebook: Rulebook, order: Callable[..., Order]) -> Callable[..., Order]:
    """An order for the firm with three loans."""
    (profile,) = open_profiles(rulebook, "-", BytesIO(json.dumps(TOLD).encode())).profiles
    assert not profile.faults

    def make(**changes: object) -> Order:
        return order(TOLD["facts"], schemes=(SCHEME,), items=profile.items, **changes)

    return make


def test_each_loan_has_a_section_with_its_name(rulebook: Rulebook, ordered: Callable[..., Order]) -> None:
    """What can be had first; the opening counts schemes and results; each section relies on the facts of its own loan."""
    one = ordered()
    decisions = check(rulebook, one.facts, DAY, one.schemes, items=one.items)
    letter = compose_letter_of(
        rulebook, one.facts, decisions, DAY, "zh", addressee=None, kind="eligibility", items=one.items
    )
    headings = [section.heading for section in letter.sections]
    assert [heading.partition("“")[2] for heading in headings] == ["设备贷款”", "贷款third”", "厂房贷款”"]
    assert letter.opening[1].startswith("共核对1项政策，贷款、项目等有几个的逐个核对，得出3项结果，其中可以享受1项")
    assert "900,000.00元" in str(letter.sections[0])
    assert "900,000.00元" not in str(letter.sections[1])


def test_an_issued_letter_has_a_row_for_each_loan(office: Office, ordered: Callable[..., Order]) -> None:
    """The page names each loan that may be had with its own sum, the annex says of the others why not, and all of it verifies."""
    entry = issue(office, ordered(), NOON)
    with reading(office.engine) as register:
        pdf = kept_file(register, entry.number)
    receipt = read_receipt(receipt_of_file(pdf))
    assert [(one.scheme, one.item) for one in receipt.page.lines] == [(SCHEME, "loan-1")]
    assert {one.id: one.name for one in receipt.items} == {"loan-1": "设备贷款", "loan-2": "厂房贷款", "third": None}
    text = printed_text(pdf)
    assert "“设备贷款”" in text
    assert "厂房贷款：" in text
    assert "共核对1项政策，有几笔贷款、几个项目等的逐个核对，得出3项结果" in text
    against = Against(office.keys.trust_list(NOON.date(), {}), NOON.date(), lambda _: office.rulebook)
    verdict = verify(pdf, against)
    assert verdict.valid, verdict.faults
    assert verdict.schemes[0].item == "设备贷款"
    assert entry.schemes == [SCHEME]
    (line,) = read_qr(receipt.statement).statement.matter.lines
    assert line.item == "设备贷款"


def test_a_page_set_otherwise_by_now_is_no_forgery(
    office: Office, order: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With other templates than when it was issued, what must stand in the print of two cars still does."""
    car = {"nev_in_purchase_tax_catalogue": True, "nev_purchase_kind": "other_vehicle", "nev_vehicles_bought": 1}
    items = Items(tuple(Item("equipment", f"equipment-{n}", {**car, "nev_taxable_price": n * 10**7}) for n in (1, 2)))
    entry = issue(office, order(schemes=("vehicle-purchase-tax-nev",), items=items), NOON)
    with reading(office.engine) as register:
        pdf = kept_file(register, entry.number)
    monkeypatch.setattr("matcher.letters.proof.verify.draw", lambda letter, receipt: b"set otherwise")
    monkeypatch.setattr("matcher.letters.proof.verify.setting", lambda: "0" * 64)
    verdict = verify(pdf, Against(office.keys.trust_list(NOON.date(), {}), NOON.date(), lambda _: office.rulebook))
    assert verdict.valid, verdict.faults
    assert verdict.reproduced == ("conclusion", "words", "other_setting")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_full_page_of_long_names_fits_its_code(
    rulebook: Rulebook, office: Office, order: Callable[..., Order], lang: str
) -> None:
    """Twenty cars with names of forty characters: sixteen lines on one page, each still named, the code reads back and verifies."""
    car = {"nev_in_purchase_tax_catalogue": True, "nev_purchase_kind": "other_vehicle", "nev_vehicles_bought": 1}
    items = Items(
        tuple(
            Item(
                "equipment", f"equipment-{n}", {**car, "nev_taxable_price": (10 + n) * 10**6}, f"{n}号" + "电动货车" * 9
            )
            for n in range(1, 21)
        )
    )
    schemes = ("vehicle-purchase-tax-nev", "equipment-deduction")
    entry = issue(office, order(schemes=schemes, items=items, lang=lang), NOON)
    with reading(office.engine) as register:
        pdf = kept_file(register, entry.number)
    first = re.sub(r"\s", "", PdfReader(BytesIO(pdf)).pages[0].extract_text())
    assert ("扫码核验" if lang == "zh" else "Scantoverify") in first
    assert all(f"“{n}号" in first for n in range(20, 4, -1))
    receipt = read_receipt(receipt_of_file(pdf))
    lines = read_qr(receipt.statement).statement.matter.lines
    assert len(lines) == 16
    assert [one.item[0] for one in lines] == [label[0] for label in (f"{n}" for n in range(20, 4, -1))]
    verdict = verify(pdf, Against(office.keys.trust_list(NOON.date(), {}), NOON.date(), lambda _: office.rulebook))
    assert verdict.valid, verdict.faults


def test_the_certain_total_adds_up_over_the_items(rulebook: Rulebook) -> None:
    """Two new-energy cars bought: what each saves in tax is certain, and their sum is the total."""
    car = {"nev_in_purchase_tax_catalogue": True, "nev_purchase_kind": "other_vehicle", "nev_vehicles_bought": 1}
    items = Items(
        tuple(
            Item("equipment", name, {**car, "nev_taxable_price": price})
            for name, price in (("a", 10**7), ("b", 2 * 10**7))
        )
    )
    found = check(rulebook, {}, DAY, ["vehicle-purchase-tax-nev"], items=items)
    sums = [one.amount.low for one in found if one.amount is not None and one.amount.kind == "exact"]
    assert len(sums) == 2
    assert certain_total(rulebook, {}, [one.to_json() for one in found], DAY, items) == sum(sums) > 0
