"""`matcher rules queue`: what of the rules needs somebody, what is awaited, and in which order."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from matcher.engine.review_queue import STATES, Reach, number_pattern, review_queue, unread_instruments
from matcher.firms.profile import read_facts
from matcher.outreach.reach import reach_of_firms
from matcher.rulebook.rulebook import Rulebook

Run = Callable[..., Result]
TODAY = date(2026, 12, 1)
FUND = "smart-manufacturing-fund"


def test_every_unconfirmed_scheme_is_in_it_and_says_what_is_awaited(rulebook: Rulebook) -> None:
    """Each with the notice or its issuer, the last terms where there ever were some, and whom to ask."""
    found = {one.scheme.slug: one for one in review_queue(rulebook, TODAY)}
    waiting = {slug for slug in rulebook.parsed if rulebook.scheme_at(slug, TODAY).state == "unconfirmed"}
    assert waiting
    assert {slug for slug, one in found.items() if one.state == "unconfirmed"} == waiting
    for slug in waiting:
        one = found[slug]
        assert one.awaited is not None, slug
        assert one.awaited.issuer.zh, slug
        had_terms = any(version.state is None for version in one.scheme.versions if version.until and version.until < TODAY)  # fmt: skip
        assert (one.last is not None) is had_terms, slug


def test_an_item_names_notice_number_last_terms_and_rounds(rulebook: Rulebook) -> None:
    """Issuer and pattern of the number as the scheme says them, the version that was last in force and its figures."""
    one = next(one for one in review_queue(rulebook, TODAY) if one.scheme.slug == FUND)
    assert (one.state, one.on) == ("unconfirmed", date(2026, 1, 1))
    assert one.awaited is not None
    assert one.awaited.issuer.en == "the Tianjin Industry Bureau"
    assert (one.awaited.number, one.awaited.is_derived) == ("津工信财〔2026〕×号", False)
    assert one.last is not None
    assert (one.last.version.until, one.last.on) == (date(2025, 12, 31), date(2025, 12, 31))
    values = [figure.value for figure in one.last.figures(rulebook, "zh")]
    assert any("%" in told or "万元" in told for told in (*one.last.rule(rulebook, "zh"), *values))
    rounds = {one.scheme.slug: one.last.days for one in review_queue(rulebook, TODAY) if one.last}
    assert [day.closes for day in rounds["cross-industry-internet-platform"]] == [date(2023, 6, 16)]


@pytest.mark.parametrize(
    ("instrument", "pattern"),
    [
        ("津政办规〔2023〕4号第1条；津工信财〔2024〕4号附件8", "津政办规〔20××〕×号、津工信财〔20××〕×号"),
        ("财政部 税务总局公告2023年第12号", "财政部 税务总局公告20××年第×号"),
        ("2022年新型信息消费示范项目申报通知（2022年4月）", None),
    ],
)
def test_the_pattern_of_a_number_is_the_last_one_left_open(instrument: str, pattern: str | None) -> None:
    """Year and figure of the last notices are left open; a notice without a number gives no pattern."""
    assert number_pattern(instrument) == pattern


def test_what_falls_due_or_ends_within_the_span(rulebook: Rulebook) -> None:
    """A version is in it on its last day and as many days before as the span has, not a day earlier; its successor is said."""
    last, slug = date(2027, 12, 31), "six-taxes-two-fees"

    def state(day: date, span: int) -> tuple[str, date, str | None] | None:
        found = (one for one in review_queue(rulebook, day, span) if one.scheme.slug == slug)
        return next(((one.state, one.on, one.follows) for one in found), None)

    assert state(last, 0) == ("ends", last, "unconfirmed")
    assert state(last - timedelta(days=30), 30) == ("ends", last, "unconfirmed")
    assert state(last - timedelta(days=31), 30) is None
    assert state(last + timedelta(days=1), 30) == ("unconfirmed", last + timedelta(days=1), None)
    relending = next(one for one in review_queue(rulebook, date(2026, 11, 24)) if one.scheme.slug == "relending-rediscount")  # fmt: skip
    assert [(one.id, one.state, one.on) for one in relending.figures if one.id == "relending.rate"] == [
        ("relending.rate", "due", date(2027, 1, 31))
    ]


def test_money_and_firms_come_first_where_firms_are_given(rulebook: Rulebook) -> None:
    """With firms the scheme with most money leads, then the one for most firms; without, the most urgent."""
    slugs = [one.scheme.slug for one in review_queue(rulebook, TODAY)]
    ranks = [STATES.index(one.state) for one in review_queue(rulebook, TODAY)]
    assert ranks == sorted(ranks)
    reach = {slugs[-1]: Reach(1, 500), slugs[-2]: Reach(9, 100), slugs[3]: Reach(3, 0)}
    first = review_queue(rulebook, TODAY, reach=reach)
    assert [one.scheme.slug for one in first[:3]] == [slugs[-1], slugs[-2], slugs[3]]
    assert first[4].reach == Reach()


def test_an_unconfirmed_scheme_weighs_by_its_last_terms(rulebook: Rulebook) -> None:
    """A firm that the last terms would have paid counts, with its money, also where it was registered after them."""
    told = {
        "established_on": "2026-03-01", "district": "nankai", "legal_form": "company",
        "vat_status": "small_scale", "six_taxes_two_fees_payable": "100.00",
    }  # fmt: skip
    facts, faults = read_facts(rulebook, told)
    assert not faults
    before, after = (reach_of_firms(rulebook, day, [facts, facts]) for day in (date(2027, 12, 31), date(2028, 1, 1)))
    assert before["six-taxes-two-fees"] == after["six-taxes-two-fees"] == Reach(2, 10000)


def test_texts_that_nobody_has_read_are_listed_with_what_rests_on_them(rulebook: Rulebook) -> None:
    """Those known by retelling or memory, each with its schemes, those that most rests on first; no text that was read."""
    found = unread_instruments(rulebook, TODAY)
    assert found
    assert {one.seen for one, _ in found} <= {"retelling", "memory"}
    assert [len(slugs) for _, slugs in found] == sorted((len(slugs) for _, slugs in found), reverse=True)


def test_the_command_answers_in_json_and_in_words(run: Run, write: Callable[[str, Any], Path]) -> None:
    """Every item has its draft command; past items leave with status 1, a bad day or bad firms with 2."""
    told = json.loads(run("rules", "queue", "--as-of", "2026-12-01", "--json").stdout)
    assert told["within_days"] == 90
    for one in told["queue"]:
        assert one["draft"] == f"matcher rules draft {one['scheme']}"
        assert one["reach"] is None
    words = run("rules", "queue", "--as-of", "2026-12-01")
    assert words.exit_code == 0
    assert "文号形如：津工信财〔2026〕×号" in words.stdout
    assert "→ matcher rules draft smart-manufacturing-fund" in words.stdout
    assert "unconfirmed since 1 January 2026" in run("rules", "queue", "--as-of", "2026-12-01", "--lang", "en").stdout
    past = run("rules", "queue", "--as-of", "2028-01-01", "--json")
    assert past.exit_code == 1
    figures = [figure for one in json.loads(past.stdout)["queue"] for figure in one["figures"] if figure["state"] == "past"]  # fmt: skip
    assert figures
    assert all(one["on"] < "2028-01-01" and one["sources"][0]["instrument"] for one in figures)
    assert run("rules", "queue", "--as-of", "2026-13-01").exit_code == 2
    firms = write("firms.jsonl", '{"id": "a", "facts": {"vat_status": "small_scale"}}\n')
    with_firms = json.loads(run("rules", "queue", firms, "--as-of", "2026-12-01", "--json").stdout)["queue"]
    assert all(one["reach"] is not None for one in with_firms)
    bad = write("bad.jsonl", '{"id": "a", "facts": {"vat_status": "tiny"}}\n')
    assert run("rules", "queue", bad).exit_code == 2
    assert run("rules", "queue", firms, "--register").exit_code == 2


def test_the_old_name_still_answers(run: Run) -> None:
    """`stale` says what it is called now, does the same, and is not offered any more."""
    old, new = (run("rules", name, "--as-of", "2026-12-01") for name in ("stale", "queue"))
    assert old.stdout == new.stdout
    assert "rules queue" in old.stderr
    assert "stale" not in run("rules", "--help").stdout
