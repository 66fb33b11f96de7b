"""`matcher cases`: what is found, run, skipped aloud, and with which exit status it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from matcher.rulebook.rulebook import Rulebook

Run = Callable[..., Result]
Write = Callable[[str, Any], Path]

GOOD = """
- id: good-1
  scheme: six-taxes-two-fees
  as_of: 2022-01-01
  facts: {vat_status: general, legal_form: individual_business, six_taxes_two_fees_payable: 840.30}
  expect: {status: eligible, recipient: firm_price, amount: {kind: exact, value: 420.15}}
  why: halved
"""
BAD = """
- id: bad-1
  scheme: six-taxes-two-fees
  as_of: 2018-12-31
  facts: {vat_status: small_scale}
  expect: {status: eligible}
  why: somebody thought it began earlier
"""


def test_a_passing_case_passes(run: Run, write: Write) -> None:
    """All pass: status 0 and the summary says so."""
    result = run("cases", write("good.yaml", GOOD))
    assert (result.exit_code, result.stdout) == (0, "1 passed, 0 failed, 0 skipped\n")


def test_a_failing_case_is_shown_with_its_reason(run: Run, write: Write) -> None:
    """What was expected, what came, and the case's own why; the status is 1."""
    path = write("bad.yaml", GOOD + BAD)
    result = run("cases", path)
    assert result.exit_code == 1
    for said in (
        "FAILED bad-1",
        'status: expected "eligible", got "not_open"',
        "somebody thought",
        "1 passed, 1 failed",
    ):
        assert said in result.stdout
    found = json.loads(run("cases", path, "--json").stdout)
    assert (found["passed"], found["failed"], found["skipped"]) == (1, 1, 0)
    assert found["failures"][0]["id"] == "bad-1"
    assert found["failures"][0]["differences"][0] == {"what": "status", "expected": "eligible", "got": "not_open"}


def test_folders_are_walked_and_what_is_not_run_is_counted_aloud(run: Run, write: Write, tmp_path: Path) -> None:
    """Bundles are run too; unknown schemes are skipped and said; whole firms expect nothing and are left alone."""
    (tmp_path / "deeper").mkdir()
    write("deeper/good.yaml", GOOD)
    write("bundle.yaml", "- {id: b-1, as_of: 2024-01-01, offers: [], expect: {chosen: []}}\n")
    write("firm.yaml", "- {id: f-1, facts: {employees: 3}}\n")
    write("other.yml", GOOD.replace("six-taxes-two-fees", "no-such-scheme") + "- {id: odd, note: x}\n")
    write("note.txt", "not a case")
    result = run("cases", tmp_path)
    assert result.exit_code == 0
    for said in (
        "no-such-scheme is not in the rulebook",
        "neither a worked case",
        "2 passed, 0 failed, 2 skipped",
    ):
        assert said in result.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- {id: [\n", "bad.yaml:2"),
        (GOOD.replace("840.30", "840.305"), "two decimals"),
        (GOOD.replace("vat_status", "vat_statos"), "perhaps vat_status"),
        (GOOD.replace("2022-01-01", "2022-02-30"), "as_of is no date"),
        (GOOD + "  why: twice\n", "stands twice"),
    ],
)
def test_a_case_that_cannot_be_read_is_no_success(run: Run, write: Write, content: str, said: str) -> None:
    """A broken file or a value that cannot be right fails in words."""
    result = run("cases", write("bad.yaml", content))
    assert result.exit_code in {1, 2}
    assert said in result.output


def test_a_bundle_that_is_chosen_otherwise_fails(run: Run, write: Write) -> None:
    """What differs is named part by part; a bundle that cannot be read fails in words; one without expectations too."""
    offer = "{scheme: tea, object: o-1, status: eligible, recipient: firm_cash, amount: {kind: exact, value: 5}}"
    case = f"- {{id: b-1, as_of: 2024-01-01, relations: [], offers: [{offer}], expect: {{total: {{exact: 4, up_to: 0}}}}}}\n"
    result = run("cases", write("bundle.yaml", case))
    assert result.exit_code == 1
    assert 'total: expected {"exact": "4", "up_to": "0"}, got {"exact": "5.00", "up_to": "0.00"}' in result.stdout
    assert run("cases", write("good.yaml", case.replace("exact: 4", "exact: 5.0"))).exit_code == 0
    assert "must be one of" in run("cases", write("bad.yaml", case.replace("eligible", "fine"))).stdout
    assert (
        "no such key; there are id, as_of, offers"
        in run("cases", write("none.yaml", case.replace("expect: {", "note: {"))).stdout
    )


def test_a_path_without_cases_is_an_error(run: Run, tmp_path: Path) -> None:
    """Running nothing must not look like passing everything."""
    assert run("cases", tmp_path).exit_code == 2
    assert run("cases", tmp_path / "none").exit_code == 2


def test_every_given_case_of_a_loaded_scheme_is_run(run: Run, given_cases: Path, rulebook: Rulebook) -> None:
    """The given cases go through the public command; none of a scheme in the rulebook is skipped, none fails."""
    result = run("cases", given_cases, "--json")
    found = json.loads(result.stdout)
    assert {skip["why"] for skip in found["skips"] if "not in the rulebook" not in skip["why"]} == set()
    assert not [skip for skip in found["skips"] if any(f"scheme {slug} " in skip["why"] for slug in rulebook.schemes)]
    assert [failure["id"] for failure in found["failures"]] == []
    assert found["passed"] > 0
