"""What a change costs: the totals are the sums over the firms one by one, to the fen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matcher.engine.decide import decider
from matcher.engine.decision import POSITIVE
from matcher.population.impact import OverrideError, Rules, compare_rules, with_figures
from matcher.population.table import open_table
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.population.told import frame
from tests.tools.random_profiles import Profiles

FIRMS = 20_000

SMALL = "small-low-profit-income-tax"

TAXES = "six-taxes-two-fees"

OLD, NEW = date(2022, 12, 31), date(2023, 12, 31)

CHANGES = {
    "small low-profit firms, 2022 to 2023": (SMALL, OLD, NEW, {}),
    "VAT of small-scale taxpayers, 2022 to 2023": ("small-scale-vat", OLD, NEW, {}),
    "300 to 500 staff": (TAXES, date(2026, 12, 1), date(2026, 12, 1), {"small_low_profit.employees": "500"}),
}

# What every firm of a case tells, so that the figures that change decide of many.
_QUARTERS = [f"q{quarter}_{end}" for quarter in (1, 2, 3, 4) for end in ("start", "end")]

_COMPANY: dict[str, Scalar] = {"legal_form": "company", "in_restricted_or_prohibited_industry": False}

THERE: dict[str, dict[str, Scalar]] = {
    "small low-profit firms, 2022 to 2023": {
        **_COMPANY,
        "quarters_counted": 4,
        **{f"{when}_employees": 50 for when in _QUARTERS},
        **{f"{when}_assets": 10**8 for when in _QUARTERS},
    },
    "300 to 500 staff": {
        **_COMPANY,
        "is_before_first_settlement": True,
        "vat_status": "general",
        "assets_end_last_month": 10**8,
    },
}


@pytest.mark.parametrize("case", CHANGES)
def test_totals_are_the_sums_of_the_firms(rulebook: Rulebook, tmp_path: Path, case: str) -> None:
    """Gained, lost, changed and fen before and after over 20,000 firms, decided one by one (400 under script/test)."""
    slug, before, after, figures = CHANGES[case]
    names = [name for name in rulebook.facts_needed([slug]) if not rulebook.facts[name].is_finding]
    profiles = Profiles(rulebook, after, seed=2)
    profiles.near = {name: near for name, near in profiles.near.items() if name in names}
    firms = [{**profiles.draw(), **THERE.get(case, {})} for _ in range(count(FIRMS) if count(10) == 10 else 400)]
    path = tmp_path / "firms.parquet"
    frame(rulebook, firms, profiles.names).write_parquet(path)
    changed = with_figures(rulebook, figures) if figures else rulebook
    found = compare_rules(
        open_table(rulebook, [path]), Rules(rulebook, before), Rules(changed, after), lambda _: None, schemes=(slug,)
    )
    one, other = decider(rulebook, before, slug), decider(changed, after, slug)
    gained = lost = differs = 0
    fen = [0, 0, 0, 0]
    for facts in firms:
        old, new = one(facts), other(facts)
        had, has = old[0] in POSITIVE, new[0] in POSITIVE
        gained, lost = gained + (has and not had), lost + (had and not has)
        differs += had and has and old[1:] != new[1:]
        for place, (line, held) in enumerate(((old, had), (new, has))):
            if held and line[1] != "none":
                fen[place + (0 if line[1] == "exact" else 2)] += line[3]
    told = found.schemes[slug]
    assert (told.gained, told.lost, told.changed) == (gained, lost, differs)
    assert [told.before, told.after, told.most_before, told.most_after] == fen
    assert gained + lost + differs > 0


def test_another_figure_changes_nothing_else(rulebook: Rulebook) -> None:
    """The rulebook itself stays as it is; money is set in yuan."""
    changed = with_figures(rulebook, {"small_low_profit.assets": "1"})
    day = date(2026, 12, 1)
    told = {"legal_form": "company", "is_before_first_settlement": True, "in_restricted_or_prohibited_industry": False,
            "employees_end_last_month": 3, "assets_end_last_month": 101, "vat_status": "general"}  # fmt: skip
    assert decider(changed, day, TAXES)(told)[0] == "not_eligible"
    assert decider(changed, day, TAXES)({**told, "assets_end_last_month": 100})[0] == "eligible"
    assert decider(rulebook, day, TAXES)(told)[0] == "eligible"


@pytest.mark.parametrize(
    "written", [("no_such.figure", "1"), ("small_low_profit.employees", "many"), ("legal_forms.cit_payer", "1")]
)
def test_what_cannot_be_set_is_said(rulebook: Rulebook, written: tuple[str, str]) -> None:
    """A name that is no figure, or a value that is no number."""
    with pytest.raises(OverrideError, match=written[0]):
        with_figures(rulebook, dict([written]))
