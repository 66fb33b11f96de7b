"""`matcher rules mutate`: no number, bound or date of the rules can be nudged without a case that notices."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from matcher.cli import main
from matcher.commands.mutation import run
from matcher.rulebook import Rulebook
from matcher.rulebook.mutants import mutants
from tests.conftest import count


def test_every_nudge_is_noticed_or_explained(repo_root: Path, shared_dir: Path) -> None:
    """With the given and our own cases none survives but those that no firm could notice, each with its reason.

    Under script/test one change in ten is tried, all of them under script/bench.
    """
    cases = [str(shared_dir / "cases"), str(repo_root / "tests" / "cases")]
    reasons = str(repo_root / "tests" / "cases_unnoticed.yaml")
    result = CliRunner().invoke(
        main, ["rules", "mutate", "--every", str(10 // count(10)), "--reasons", reasons, *cases]
    )
    assert result.exit_code == 0, result.output
    assert result.output.strip().endswith("0 unnoticed")


def test_without_cases_every_nudge_survives(rulebook: Rulebook, tmp_path: Path) -> None:
    """The report is not empty by construction: with no cases all mutants are unnoticed."""
    (tmp_path / "none.yaml").write_text("[]\n", encoding="utf-8")
    report = run(rulebook, [str(tmp_path)])
    assert report.caught == 0
    assert len(report.survivors) == len(list(mutants(rulebook))) > 500


def test_a_reason_for_a_nudge_that_is_not_made_is_a_fault(rulebook: Rulebook, repo_root: Path) -> None:
    """Every explained survivor is still a mutant of these rules: a reason does not outlive its number."""
    from matcher.commands.mutation import _reasons

    known = {mutant.id for mutant in mutants(rulebook)}
    assert set(_reasons(repo_root / "tests" / "cases_unnoticed.yaml")) <= known
