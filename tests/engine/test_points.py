"""A firm inside a box: every fact lies in its own interval, and every form of several facts where it is wanted."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from matcher.engine.points import point
from matcher.engine.polynomials import FormKey, Interval
from matcher.engine.worlds import Context, World
from matcher.rulebook.rulebook import Rulebook

SUM: FormKey = ((("annual_revenue",), Fraction(1)), (("total_assets",), Fraction(-2)))


def blank(rulebook: Rulebook) -> World:
    """A world in which nothing is told."""
    return World(Context.of(rulebook, date(2024, 5, 1).toordinal()), {})


def test_each_fact_lies_in_its_interval(rulebook: Rulebook) -> None:
    """The usual value where the box holds it; else the end next to it; open ends are not taken."""
    box = {
        "employees": Interval(300, None, True, False).cut(">", 300, whole=True),
        "annual_revenue": Interval(0, None),
        "reit_distribution_rate": Interval(Fraction(1, 10), Fraction(2, 10), True, True),
        "legal_form": frozenset({"branch", "company"}),
        "told:district": frozenset({True}),
    }
    found = point(World(blank(rulebook).context, {}, dict(box)))
    assert found is not None
    assert found["employees"] == 301
    assert found["annual_revenue"] == 100_000_000
    assert Fraction(1, 10) < found["reit_distribution_rate"] < Fraction(2, 10)
    assert found["legal_form"] == "company"
    assert "district" in found


def test_a_form_is_met_by_moving_a_fact(rulebook: Rulebook) -> None:
    """Revenue less twice the assets must lie above a bound: one of them moves, within its own interval."""
    bound = 30_000_000_000
    world = World(blank(rulebook).context, {}, {SUM: Interval(bound, None, True, False)})
    found = point(world)
    assert found is not None
    assert found["annual_revenue"] - 2 * found["total_assets"] > bound


def test_what_is_told_stays(rulebook: Rulebook) -> None:
    """A told fact is not moved; where the form cannot be met without, there is no point."""
    context = blank(rulebook).context
    found = point(World(context, {"annual_revenue": 50}, {SUM: Interval(0, 40)}))
    assert found is not None
    assert found["annual_revenue"] == 50
    assert 0 <= 50 - 2 * found["total_assets"] <= 40
    assert point(World(context, {"annual_revenue": 50}, {SUM: Interval(51, None)})) is None
