"""A firm that an amendment lets in or shuts out is one that both editions, decided by themselves, treat differently."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from matcher.engine.check import check
from matcher.engine.decision import POSITIVE
from matcher.places import rules_dir
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from matcher.workbench.witness import Search, Side, witnesses


def across(rulebook: Rulebook, slug: str, turn: date) -> Search:
    """What is found between the day before a turn and the turn."""
    before, after = (Side(rulebook, rulebook.scheme_at(slug, day), day) for day in (turn - timedelta(days=1), turn))
    return witnesses(before, after)


@pytest.mark.parametrize(
    ("slug", "turn"),
    [
        ("startup-guarantee-loan", date(2020, 4, 15)),
        ("energy-standard-setting", date(2023, 1, 1)),
        ("vat-credit-refund", date(2022, 7, 1)),
        ("nev-purchase-subsidy", date(2023, 1, 1)),
    ],
)
def test_each_firm_changes_sides(rulebook: Rulebook, slug: str, turn: date) -> None:
    """Asked through the public check on both days, the firm has the scheme on one of them and is refused on the other."""
    found = across(rulebook, slug, turn)
    assert found.firms
    for firm in found.firms:
        (old,) = check(rulebook, firm.facts, turn - timedelta(days=1), [slug])
        (new,) = check(rulebook, firm.facts, turn, [slug])
        assert (old.status in POSITIVE, new.status in POSITIVE) == (not firm.gains, firm.gains)
        assert "needs_information" not in (old.status, new.status)


def test_a_rate_lets_nobody_in(rulebook: Rulebook) -> None:
    """Where only the sum changed all cells are seen, and none of them changes sides."""
    found = across(rulebook, "small-low-profit-income-tax", date(2022, 1, 1))
    assert found.firms == ()
    assert found.complete


def test_a_narrower_rule_shuts_out_the_firm_at_the_old_line(rulebook: Rulebook, tmp_path: Path) -> None:
    """Two folders, one figure lowered: the firm shown lies between the two lines, and nobody gains."""
    copy = tmp_path / "rules"
    shutil.copytree(rules_dir(), copy)
    figures = copy / "parameters" / "tax.yaml"
    text = figures.read_text(encoding="utf-8")
    head, _, rest = text.partition("- id: small_low_profit.employees")
    figures.write_text(
        f"{head}- id: small_low_profit.employees{rest.replace('value: 300,', 'value: 200,', 1)}", encoding="utf-8"
    )
    day, slug = date(2024, 5, 1), "small-low-profit-income-tax"
    other = load(copy)
    found = witnesses(Side(rulebook, rulebook.scheme_at(slug, day), day), Side(other, other.scheme_at(slug, day), day))
    assert [firm.gains for firm in found.firms] == [False]
    (old,), (new,) = (check(rules, found.firms[0].facts, day, [slug]) for rules in (rulebook, other))
    assert (old.status, new.status) == ("eligible", "not_eligible")
