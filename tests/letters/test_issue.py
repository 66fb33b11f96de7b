"""Issuing a letter: what it says, what is kept of it, what it replaces, and what is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import Session, select

from matcher.db.database import session
from matcher.db.faults import EntryError
from matcher.engine.check import check
from matcher.letters.issue import Office, issue
from matcher.letters.models import DecisionRecord, NumberSeries
from matcher.letters.order import Order, Refusal, centres, valid_until
from matcher.letters.proof.keys import KeyFolderError
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.proof.rulebook_archive import Shelf
from matcher.letters.proof.verify import Against, verify
from matcher.letters.register import (
    RegisterEntry,
    find_issued,
    kept_file,
    kept_receipt,
    last_signed,
    list_issued,
    revoke_letter,
)
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.issuing import FIRM, NOON

DAY = date(2026, 11, 24)


def test_a_letter_is_kept_as_it_went_out(office: Office, order: Callable[..., Order]) -> None:
    """The kept file verifies, offline, with the receipt in it and the rulebook kept by its hash."""
    entry = issue(office, order(), NOON)
    with session(office.engine) as reading:
        pdf, receipt = kept_file(reading, entry.number), kept_receipt(reading, entry.number)
    shelf = Shelf(office.instance / "rulebooks")
    verdict = verify(pdf, Against(office.keys.trust_list(DAY, {}), DAY, shelf.find))
    assert (verdict.valid, verdict.number, verdict.faults) == (True, "津和惠函〔2026〕1号", ())
    assert read_receipt(receipt.encode()).number == entry.number
    assert (office.instance / "rulebooks" / f"{office.rulebook.hash}.zip").is_file()


def test_a_letter_says_who_a_fact_comes_from(office: Office, order: Callable[..., Order]) -> None:
    """What was seen on paper and what the register has stand apart from what the firm stated; such a letter verifies."""
    by = {"six_taxes_two_fees_payable": "centre", "vat_status": "register"}
    entry = issue(office, order(by=by), NOON)
    with session(office.engine) as reading:
        pdf, receipt = kept_file(reading, entry.number), read_receipt(kept_receipt(reading, entry.number).encode())
    assert {name: one.by for name, one in receipt.facts.items()} == {"name": "firm", "credit_code": "firm", **by}
    shelf = Shelf(office.instance / "rulebooks")
    assert verify(pdf, Against(office.keys.trust_list(DAY, {}), DAY, shelf.find)).valid
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)
    assert "以上来自企业登记资料" in text
    assert "以上已由本中心核对原件" in text
    assert "以上由贵单位陈述" not in text


def test_what_stands_beside_a_letter_is_kept_with_it_or_not_at_all(office: Office, order: Callable[..., Order]) -> None:
    """What is written in the same transaction stays with the letter; where it fails there is no letter and no number."""

    def fails(writing: Session, entry: RegisterEntry) -> None:
        writing.add(NumberSeries(centre=entry.number, year=1, last=1))
        raise EntryError(("case",), "没有这个案件", "no such case")

    def writes(writing: Session, entry: RegisterEntry) -> None:
        writing.add(NumberSeries(centre=entry.number, year=1, last=1))

    with pytest.raises(EntryError):
        issue(office, order(), NOON, fails)
    with session(office.engine) as reading:
        assert (list_issued(reading), reading.exec(select(NumberSeries)).all()) == ([], [])
    number = issue(office, order(), NOON, writes).number
    with session(office.engine) as reading:
        assert reading.get(NumberSeries, (number, 1)) is not None
    assert number.endswith("〕1号")


def test_the_entry_says_what_the_letter_says(office: Office, order: Callable[..., Order]) -> None:
    """The register knows whom the letter is for, on what, by which key, and finds it by number and by code."""
    entry = issue(office, order(lang="both"), NOON)
    assert (entry.addressee, entry.credit_code, entry.schemes) == (
        FIRM["name"],
        FIRM["credit_code"],
        ["six-taxes-two-fees"],
    )
    assert (entry.written_on, entry.language, entry.kind, entry.state(DAY)) == (DAY, "both", "eligibility", "valid")
    with session(office.engine) as reading:
        assert find_issued(reading, entry.code) == find_issued(reading, entry.number) == entry
        assert last_signed(reading, entry.key_id) == {2026: 1}
        record = reading.exec(select(DecisionRecord)).one()
        assert (record.receipt_id, record.profile) == (entry.code, FIRM)


def test_the_day_is_tianjins(office: Office, order: Callable[..., Order]) -> None:
    """Shortly after midnight on New Year's Day in Tianjin the letter is the first of the new year."""
    entry = issue(office, order(), datetime(2026, 12, 31, 16, 5, tzinfo=UTC))
    assert (entry.number, entry.written_on) == ("津和惠函〔2027〕1号", date(2027, 1, 1))


def test_a_letter_ends_with_its_term_or_with_a_version(
    rulebook: Rulebook, office: Office, order: Callable[..., Order]
) -> None:
    """90 days unless told otherwise; never beyond the end of a version in force that an entitlement rests on."""
    asked = order()
    decisions = check(rulebook, asked.facts, asked.as_of, asked.schemes)
    assert decisions[0].version is not None
    end = decisions[0].version[1]
    assert end == date(2027, 12, 31)
    assert valid_until(decisions, DAY, 90) == date(2027, 2, 22)
    assert valid_until(decisions, DAY, 1000) == end
    assert valid_until(decisions, date(2028, 1, 5), 30) == date(2028, 2, 4)
    assert issue(office, order(valid_days=1), NOON).valid_until == date(2026, 11, 25)


def test_a_letter_expires_the_day_after_its_last(office: Office, order: Callable[..., Order]) -> None:
    """On its last day it still holds."""
    entry = issue(office, order(valid_days=1), NOON)
    assert [entry.state(date(2026, 11, day)) for day in (25, 26)] == ["valid", "expired"]


def test_a_notice_of_what_is_missing_speaks_of_nothing_else(office: Office, order: Callable[..., Order]) -> None:
    """Of all schemes only those that wait for facts are in it, in its receipt and in the register."""
    told = {"name": "天津市甲有限公司", "vat_status": "small_scale"}
    named = ("six-taxes-two-fees", "steel-capacity-ban", "guarantee-fee-rebate")
    entry = issue(office, order(told, kind="missing", schemes=named), NOON)
    with session(office.engine) as reading:
        receipt = json.loads(kept_receipt(reading, entry.number))
    assert {one["status"] for one in receipt["decisions"]} == {"needs_information"}
    assert entry.kind == "missing"


def test_a_new_letter_supersedes_the_old(office: Office, order: Callable[..., Order]) -> None:
    """The old letter names its successor, and cannot be superseded or revoked again."""
    old = issue(office, order(), NOON)
    new = issue(office, order(FIRM | {"six_taxes_two_fees_payable": "40000"}, supersedes=old.number), NOON)
    with session(office.engine) as reading:
        found = find_issued(reading, old.number)
    assert found is not None
    assert (found.state(DAY), found.superseded_by, found.withdrawn_at) == ("superseded", new.number, NOON)
    with pytest.raises(EntryError, match=r"2号"):
        issue(office, order(supersedes=old.number), NOON)
    assert issue(office, order(), NOON).place == 3  # the refused letter left no gap
    with pytest.raises(EntryError, match=r"2号"), session(office.engine) as writing:
        revoke_letter(writing, old.number, "again", NOON)


def test_what_does_not_fit_is_not_superseded(office: Office, order: Callable[..., Order]) -> None:
    """Another firm's letter, one on more schemes, another centre's, and one that is not there are refused by name."""
    old = issue(office, order(schemes=("six-taxes-two-fees", "guarantee-fee-rebate")), NOON)
    for wrong, why in (
        (order(FIRM | {"credit_code": "91120101666842431T"}, supersedes=old.number), "another firm"),
        (order(supersedes=old.number), "guarantee-fee-rebate"),
        (order(supersedes=old.number, centre=centres()["hexi"]), "another centre"),
        (order(supersedes="津和惠函〔2026〕9号"), "no letter"),
    ):
        with pytest.raises(Refusal, match=why):
            issue(office, wrong, NOON)
    with session(office.engine) as reading:
        assert [entry.state(DAY) for entry in list_issued(reading)] == ["valid"]


def test_a_letter_is_revoked_once_and_with_a_reason(office: Office, order: Callable[..., Order]) -> None:
    """A revoked letter does not hold on any day; a second revocation or an empty reason is refused."""
    number = issue(office, order(), NOON).number
    with pytest.raises(EntryError, match="Say why"), session(office.engine) as writing:
        revoke_letter(writing, number, "  ", NOON)
    with session(office.engine) as writing:
        entry = revoke_letter(writing, number, " 所报情况不实 ", NOON)
    assert (entry.state(DAY), entry.reason, entry.withdrawn_at) == ("revoked", "所报情况不实", NOON)
    with pytest.raises(EntryError, match="already"), session(office.engine) as writing:
        revoke_letter(writing, number, "again", NOON)
    with pytest.raises(EntryError, match="no letter"), session(office.engine) as writing:
        revoke_letter(writing, "津和惠函〔2026〕9号", "unknown", NOON)


def test_nothing_is_issued_without_a_key(office: Office, order: Callable[..., Order]) -> None:
    """A centre without a key cannot issue, is told how to make one, and no number is used."""
    with pytest.raises(KeyFolderError, match="matcher keys new hexi"):
        issue(office, order(centre=centres()["hexi"]), NOON)
    with session(office.engine) as reading:
        assert list_issued(reading) == []


@pytest.mark.parametrize(("change", "why"), [({"valid_days": 0}, "valid for 1"), ({"schemes": ()}, "no scheme")])
def test_an_empty_order_is_refused(
    office: Office, order: Callable[..., Order], change: dict[str, object], why: str
) -> None:
    """No day and no scheme are refused before a number is taken."""
    with pytest.raises(Refusal, match=why):
        issue(office, order(**change), NOON)


def test_rules_that_changed_since_the_start_are_refused(office: Office, order: Callable[..., Order]) -> None:
    """A rulebook that the folder no longer holds could not be kept for whoever verifies the letter: nothing is issued."""
    stale = replace(office, rulebook=replace(office.rulebook, hash="0" * 64))
    with pytest.raises(Refusal, match="changed after the start"):
        issue(stale, order(), NOON)
