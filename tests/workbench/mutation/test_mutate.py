"""`matcher rules mutate`: no number, bound, date or relation of the rules can be nudged without a case or bundle that notices."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from click.testing import CliRunner

from matcher.cli import main
from matcher.rulebook.rulebook import Rulebook
from matcher.workbench.mutation.relations import mutants, relation_mutants
from matcher.workbench.mutation.run import _reasons, run
from tests.conftest import count


def test_every_nudge_is_noticed_or_explained(repo_root: Path, all_cases: Path) -> None:
    """With the given and our own cases none survives but those that no firm could notice, each with its reason.

    Under script/test one change in ten is tried, all of them under script/bench.
    """
    reasons = str(repo_root / "tests" / "workbench" / "mutation" / "unnoticed.yaml")
    every = str(10 // count(10))
    result = CliRunner().invoke(main, ["rules", "mutate", "--every", every, "--reasons", reasons, str(all_cases)])
    assert result.exit_code == 0, result.output
    assert result.output.strip().endswith("0 unnoticed")


def test_without_cases_every_nudge_survives(rulebook: Rulebook, tmp_path: Path) -> None:
    """The report is not empty by construction: with no cases all mutants are unnoticed."""
    (tmp_path / "none.yaml").write_text("[]\n", encoding="utf-8")
    report = run(rulebook, [str(tmp_path)])
    assert report.caught == 0
    assert len(report.survivors) == len(list(mutants(rulebook))) > 500


def test_every_nudge_of_a_relation_is_noticed_or_explained(
    repo_root: Path, all_cases: Path, given_cases: Path, rulebook: Rulebook
) -> None:
    """All of them at once: dropping a relation, moving a day of it, a fen of its ceiling, or making it strict shows in a bundle."""
    folders = [str(folder / "bundles") for folder in (given_cases, all_cases)]
    nudges = {mutant.id for mutant in relation_mutants(rulebook)}
    survivors = {mutant.id for mutant in run(rulebook, folders).survivors}
    assert len(nudges) > 150
    assert nudges & survivors == nudges & set(
        _reasons(repo_root / "tests" / "workbench" / "mutation" / "unnoticed.yaml")
    )


def test_what_a_relation_is_nudged_to(rulebook: Rulebook) -> None:
    """A ceiling by a fen, a count by one, a day by a day, strict or not, and the relation gone; nothing where nothing shows."""
    nudges = {mutant.id: mutant for mutant in relation_mutants(rulebook)}
    place = {relation.id: index for index, relation in enumerate(rulebook.relations)}

    def ceiling(id_: str, what: str) -> tuple[object, object]:
        found = nudges[f"{id_}: {what}"].make().relations[place[id_]].ceiling
        assert found is not None
        return found.fen, found.count

    assert ceiling("consulting-and-standard-one-million", "ceiling +0.01") == (100_000_001, None)
    assert ceiling("energy-standards-five-of-a-kind", "count -1") == (None, 4)
    later = nudges["credit-loan-or-startup-loan: first day +1"]
    assert (later.first, later.last) == (date(2020, 6, 1), date(2020, 6, 1))
    assert later.make().relations[place["credit-loan-or-startup-loan"]].from_ == date(2020, 6, 2)
    assert len(nudges["one-rule-per-equipment: removed"].make().relations) == len(rulebook.relations) - 1
    assert nudges["policy-before-policy-loan: made an order to tell"].matters_on(date(2022, 6, 1))
    # The scheme itself asks for the listing, so that the relation bars nothing.
    assert "listing-before-integration-award: removed" not in nudges


def test_a_reason_for_a_nudge_that_is_not_made_is_a_fault(rulebook: Rulebook, repo_root: Path) -> None:
    """Every explained survivor is still a mutant of these rules: a reason does not outlive its number."""
    known = {mutant.id for mutant in mutants(rulebook)}
    assert set(_reasons(repo_root / "tests" / "workbench" / "mutation" / "unnoticed.yaml")) <= known


def test_one_scheme_is_tried_by_itself(rulebook: Rulebook, tmp_path: Path) -> None:
    """With --scheme what other schemes rest on is left alone, and a scheme that there is not is refused."""
    (tmp_path / "none.yaml").write_text("[]\n", encoding="utf-8")
    alone = run(rulebook, [str(tmp_path)], only=("six-taxes-two-fees",)).survivors
    assert alone
    assert all("six-taxes-two-fees" in mutant.schemes for mutant in alone)
    assert len(alone) < len(list(mutants(rulebook))) / 10
    refused = CliRunner().invoke(main, ["rules", "mutate", "--scheme", "six-taxes", str(tmp_path)])
    assert refused.exit_code == 2
    assert "six-taxes" in refused.output
