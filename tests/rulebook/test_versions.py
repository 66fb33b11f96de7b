"""Every quarter from 2019 to 2027 each scheme has exactly one version in force, or says why none. No expected values."""

from __future__ import annotations

from datetime import date

from matcher.engine.check import check
from matcher.rulebook.rulebook import Rulebook

QUARTERS = [date(year, month, 1) for year in range(2019, 2028) for month in (1, 4, 7, 10)]


def test_each_quarter_has_one_version_or_a_reason(rulebook: Rulebook) -> None:
    """On the first day of a quarter one version holds, or the day lies before the first or after the last."""
    for slug, scheme in rulebook.schemes.items():
        for day in QUARTERS:
            holding = [version for version in scheme.versions if version.holds(day)]
            assert len(holding) <= 1, (slug, day)
            edition = rulebook.scheme_at(slug, day)
            assert (edition.body is not None) == (edition.state == "open"), (slug, day)
            if not holding:
                assert edition.state in ("not_yet", "ended"), (slug, day)


def test_a_closed_scheme_says_why(rulebook: Rulebook) -> None:
    """Where no rules are in force the decision names the reason, or that they are not confirmed, and no fact matters."""
    for day in QUARTERS:
        for decision in check(rulebook, {}, day):
            if decision.status == "not_open":
                assert decision.reason in ("not_yet", "ended", "no_open_round")
            else:
                assert decision.reason is None


def test_an_edition_is_shared_by_days_between_which_nothing_changes(rulebook: Rulebook) -> None:
    """Two days of one span give the very same scheme edition, and an edition is made once."""
    one, two = rulebook.at(date(2023, 5, 1)), rulebook.at(date(2023, 5, 2))
    assert one.schemes["six-taxes-two-fees"] is two.schemes["six-taxes-two-fees"]
    assert rulebook.at(date(2023, 5, 1)) is one
