"""Days to keep: what a version says of its rounds becomes dates, by the day asked about and by what the firm told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.engine.check import check
from matcher.engine.contacts import contacts
from matcher.engine.deadlines import first_to_close, said_days
from matcher.engine.record import DeadlineRecord
from matcher.engine.rule_sheet import sheet
from matcher.letters.compose.compose import compose_letter_of
from matcher.outreach.views import due
from matcher.presentation.cards import card
from matcher.presentation.catalogue import Catalogue
from matcher.presentation.sheets import scheme_sheet
from matcher.rulebook.rulebook import Rulebook

DAY = date(2026, 12, 1)


def closing(rulebook: Rulebook, slug: str, day: date, **facts: Any) -> list[tuple[str | None, str | None]]:
    """The first and last days of a scheme's deadlines, in ISO form."""
    (decision,) = check(rulebook, facts, day, [slug])
    return [(one["opens"], one["closes"]) for one in decision.to_json()["deadlines"]]


@pytest.mark.parametrize(
    ("day", "cycle", "closes"),
    [
        (date(2026, 1, 1), "quarterly", "2026-04-15"),
        (date(2026, 3, 31), "quarterly", "2026-04-15"),
        (date(2026, 4, 1), "quarterly", "2026-07-15"),
        (date(2026, 4, 1), "monthly", "2026-05-15"),
        (date(2026, 12, 31), "quarterly", "2027-01-15"),
        (date(2026, 12, 31), "monthly", "2027-01-15"),
    ],
)
def test_a_return_is_due_on_the_15th_after_the_period(rulebook: Rulebook, day: date, cycle: str, closes: str) -> None:
    """The period is the quarter in which the day lies, the month for who files by the month."""
    found = closing(rulebook, "small-scale-vat", day, vat_status="small_scale", tax_filing_cycle=cycle)
    assert found == [(None, closes)]


def test_a_year_is_settled_by_31_may_of_the_next(rulebook: Rulebook) -> None:
    """Whatever the day of the year asked about."""
    for day in (date(2024, 1, 1), date(2024, 12, 31)):
        assert closing(rulebook, "small-low-profit-income-tax", day) == [(None, "2025-05-31")]


def test_a_day_of_each_year_is_the_next_one(rulebook: Rulebook) -> None:
    """On the day itself it is today, the day after it is a year off."""
    assert closing(rulebook, "china-brand-day", date(2026, 5, 10)) == [(None, "2026-05-10")]
    assert closing(rulebook, "china-brand-day", date(2026, 5, 11)) == [(None, "2027-05-10")]
    assert closing(rulebook, "key-project-list", DAY) == [(None, "2026-12-31")]


def test_months_from_a_day_of_the_firm_are_known_once_it_is_told(rulebook: Rulebook) -> None:
    """A year from the certificate; while the day is not told, only the rule is."""
    slug = "skills-upgrade-allowance"
    assert closing(rulebook, slug, DAY, worker_certificate_on=date(2026, 2, 28)) == [(None, "2027-02-28")]
    (decision,) = check(rulebook, {}, DAY, [slug])
    (due,) = decision.deadlines
    assert (due["closes"], due["rule"]) == (None, {"zh": "12个月内", "en": "within 12 months"})


def test_a_round_opens_and_closes(rulebook: Rulebook) -> None:
    """Loans of both kinds have their own first day from August 2026 on; before, only one kind is there."""
    slug = "sme-loan-interest-subsidy"
    assert closing(rulebook, slug, date(2026, 7, 31)) == [("2026-01-01", "2026-12-31")]
    assert closing(rulebook, slug, DAY) == [("2026-01-01", "2026-12-31"), ("2026-08-01", "2026-12-31")]


def test_what_is_not_in_force_has_no_days(rulebook: Rulebook) -> None:
    """Rounds of another version are not those of the day asked about."""
    assert closing(rulebook, "equipment-renewal-treasury-bond", DAY) == []
    assert closing(rulebook, "equipment-renewal-treasury-bond", date(2025, 10, 1)) == [("2025-09-15", "2025-10-24")]


def test_the_rule_of_a_day_is_said_in_both_languages(rulebook: Rulebook) -> None:
    """How a day is reckoned stands beside it."""
    (decision,) = check(rulebook, {"vat_status": "small_scale"}, DAY, ["small-scale-vat"])
    (due,) = decision.deadlines
    assert due["rule"] == {"zh": "季度结束后次月15日前", "en": "by the 15th of the month after the quarter"}


def test_the_office_is_that_of_the_district(rulebook: Rulebook) -> None:
    """Told its district, a firm is sent to the branch there; untold, to the city's office; each with its number."""
    scheme = rulebook.schemes["job-retention-rebate"]
    assert any(one.zh.startswith("和平区人社局，电话12333") for one in contacts(rulebook, scheme, "heping"))
    assert any(one.zh.startswith("市人社局，电话12333") for one in contacts(rulebook, scheme))
    assert contacts(rulebook, scheme, "outside_tianjin") == contacts(rulebook, scheme)


def record(**changes: Any) -> DeadlineRecord:
    """A day to keep as a decision's JSON has it: an application until 24 October 2026."""
    words = {"what": {"zh": "申请", "en": "the application"}, "rule": None, "source": "某号", "confidence": "medium"}
    return {**words, "opens": None, "closes": "2026-10-24", **changes}  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("changes", "counted", "zh", "en"),
    [
        ({}, True, "申请：2026年10月24日截止，只剩23天", "the application: by 24 October 2026, 23 days left"),
        ({}, False, "申请：2026年10月24日截止", "the application: by 24 October 2026"),
        ({"closes": "2027-10-24"}, True, "申请：2027年10月24日截止", "the application: by 24 October 2027"),
        (
            {"opens": "2026-10-08"},
            True,
            "申请：2026年10月8日开始，2026年10月24日截止",
            "the application: from 8 October 2026 to 24 October 2026",
        ),
        (
            {"closes": None, "rule": {"zh": "12个月内", "en": "within 12 months"}},
            True,
            "申请：12个月内",
            "the application: within 12 months",
        ),
    ],
)
def test_a_day_to_keep_is_said_in_a_sentence(changes: dict[str, Any], counted: bool, zh: str, en: str) -> None:
    """From when, until when and how many days are left; a letter does not count them."""
    on = date(2026, 10, 1)
    assert said_days([record(**changes)], on, "zh", counted=counted) == (zh,)
    assert said_days([record(**changes)], on, "en", counted=counted) == (en,)


def test_what_is_over_is_not_said_and_what_comes_again_ends_nothing() -> None:
    """The day after the last nothing is said; a filing that recurs is the next to close, but no round that ends."""
    yearly = record(closes="2026-12-31", rule={"zh": "每年12月底前", "en": "by the end of December each year"})
    assert said_days([record()], date(2026, 10, 25), "zh") == ()
    assert first_to_close([record(), yearly], date(2026, 10, 25)) == date(2026, 12, 31)
    assert first_to_close([record(), yearly], date(2026, 10, 25), recurring=False) is None
    assert first_to_close([record(), yearly], date(2026, 10, 24), recurring=False) == date(2026, 10, 24)


def test_every_reader_is_told_the_same_day(rulebook: Rulebook) -> None:
    """Card, letter, rule sheet, the scheme's page and the list of firms to tell name the last day of a loan's subsidy alike."""
    slug, day = "service-loan-interest-subsidy", date(2026, 12, 1)
    facts = {"loan_granted_on": date(2026, 6, 1), "legal_form": "company"}
    (decision,) = check(rulebook, facts, day, [slug])
    book = Catalogue(rulebook)
    letter = compose_letter_of(rulebook, facts, [decision], day, "zh", addressee="某公司")
    said = {
        "card": card(book, decision.to_json(), day, "zh").deadlines,
        "letter": letter.sections[0].row("until"),
        "rules": tuple(sheet(rulebook, slug, day, "zh")),
        "page": scheme_sheet(book, slug, day, "zh").first.days,
        "outreach": said_days(due(rulebook, slug, day), day, "zh"),
    }
    for where, lines in said.items():
        assert any("2026年12月31日截止" in line for line in lines), (where, lines)
