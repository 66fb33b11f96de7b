"""Holds the speed of decide and explain against other engines, and that all of them decide the same rule."""

from __future__ import annotations

import pytest

from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks.measure import Timing
from tests.benchmarks.run import DECIDE, EXPLAIN, HAND, Run, run, table


@pytest.fixture(scope="module")
def done(rulebook: Rulebook) -> Run:
    """One run for all the claims, its table printed."""
    finished = run(rulebook)
    print(f"\n{table(finished)}")
    return finished


def _fastest(done: Run, prefix: str) -> Timing:
    timing = done.fastest(prefix)
    if timing is None:
        pytest.skip(f"SKIPPED: nothing to compare with, {prefix} is not installed (extra `bench`)")
    return timing


@pytest.mark.parametrize("prefix", ["ours", HAND, "zen", "datalogic"])
def test_the_engines_agree_on_every_firm(done: Run, prefix: str) -> None:
    """Every reading of ours, the function by hand, zen-engine and datalogic-py give decide's status and amount for every firm."""
    _fastest(done, prefix)
    rows = [name for name in done.answers if name.startswith(prefix)]
    assert {name: done.disagreements(name) for name in rows} == dict.fromkeys(rows, (0, 0))


def test_openfisca_disagrees_only_where_its_figures_are_coarse(done: Run) -> None:
    """Its 32-bit floats miss a fen of assets above the bound, and lose fen in payables above 65,536 yuan."""
    _fastest(done, "openfisca")
    for firm, mine, theirs in zip(done.firms, done.answers[DECIDE], done.answers["openfisca"], strict=True):
        if mine[0] != theirs[0]:
            assert firm["assets_end_last_month"] == 5_000_000_001, firm
        elif mine != theirs:
            assert firm["six_taxes_two_fees_payable"] > 65_536_00, (firm, mine, theirs)


def test_decide_keeps_up_with_python_by_hand(done: Run) -> None:
    """The compiled decision takes at most half as long again as a function written for this one rule."""
    assert done.timings[DECIDE].times(_fastest(done, HAND)) <= 1.5


@pytest.mark.parametrize("prefix", ["zen expression", "datalogic"])
def test_decide_is_faster_than_engines_in_rust(done: Run, prefix: str) -> None:
    """The compiled decision is faster than the fastest form of zen-engine and of datalogic-py."""
    assert _fastest(done, prefix).times(done.timings[DECIDE]) > 1


@pytest.mark.parametrize(("prefix", "times"), [("zen graph with trace", 5), ("openfisca with trace", 40)])
def test_explain_is_far_faster_than_their_traces(done: Run, prefix: str, times: int) -> None:
    """The full reasons tree comes 5 times faster than zen-engine's trace and 40 times faster than OpenFisca's."""
    assert _fastest(done, prefix).times(done.timings[EXPLAIN]) >= times
