"""What changed between two editions, in words: lines that came, went or changed, figures with their sources."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matcher.rulebook.rulebook import Rulebook
from matcher.workbench.changes import Change, changed_figures, changed_lines


def lines(rulebook: Rulebook, slug: str, turn: date) -> tuple[Change, ...]:
    """The changed lines between the day before a turn and the turn."""
    before, after = ((rulebook, rulebook.scheme_at(slug, day)) for day in (turn - timedelta(days=1), turn))
    return changed_lines(before, after)


def test_a_line_with_another_figure_is_changed_not_replaced(rulebook: Rulebook) -> None:
    """The two days of last year moved on: one condition, before and after, in both languages."""
    (change,) = lines(rulebook, "energy-standard-setting", date(2023, 1, 1))
    assert change.kind == "changed"
    assert change.before is not None
    assert change.after is not None
    assert "2021年1月1日" in change.before.text("zh")
    assert "1 January 2022" in change.after.text("en")


def test_lines_come_and_go(rulebook: Rulebook) -> None:
    """A new route adds its lines under its own heading; each line is on one side only."""
    found = lines(rulebook, "small-scale-vat", date(2023, 1, 1))
    kinds = {change.kind for change in found}
    assert {"added", "changed"} <= kinds
    for change in found:
        assert (change.before is None) == (change.kind == "added")
        assert (change.after is None) == (change.kind == "removed")
    added = [change.after.text("en") for change in found if change.kind == "added" and change.after]
    assert any(text.startswith("at the reduced rate of 1 % › ") for text in added)


def test_a_phrase_alone_may_change(rulebook: Rulebook) -> None:
    """The same condition on another notice is told as such."""
    found = lines(rulebook, "charging-facility-support", date(2023, 6, 26))
    assert [change.kind for change in found] == ["phrase", "phrase"]
    assert all(one.before and one.after and one.before.phrase != one.after.phrase for one in found)


def test_figures_stand_with_old_and_new_value_and_source(rulebook: Rulebook) -> None:
    """Both values in words, each with where it stands; a figure only one side uses has one side."""
    sides = [(rulebook, rulebook.scheme_at("small-scale-vat", date(2022, 12, 31) + timedelta(days=n))) for n in (0, 1)]
    line, rate = (
        next(one for one in changed_figures(sides[0], sides[1]) if one.id == f"small_scale_vat.{name}")
        for name in ("line", "reduced_rate")
    )
    assert line.before is not None
    assert line.after is not None
    assert (line.before.value.zh, line.after.value.zh) == ("按月 15 万元；按季 45 万元", "按月 10 万元；按季 30 万元")
    assert line.after.sources[0] == "财政部 税务总局公告2023年第1号第一条"
    assert rate.before is None
    assert rate.after is not None


@pytest.mark.parametrize("slug", ["six-taxes-two-fees", "startup-guarantee-loan"])
def test_a_day_on_which_nothing_turns_changes_nothing(rulebook: Rulebook, slug: str) -> None:
    """Two days of one edition are the same, line by line and figure by figure."""
    sides = [(rulebook, rulebook.scheme_at(slug, date(2022, 5, day))) for day in (1, 2)]
    assert changed_lines(sides[0], sides[1]) == ()
    assert changed_figures(sides[0], sides[1]) == ()
