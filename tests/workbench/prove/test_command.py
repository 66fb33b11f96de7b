"""`matcher rules prove`: what it prints, in words and in JSON, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.fixtures.command_line import Run


def test_a_scheme_is_proved(run: Run) -> None:
    """A scheme without a finding: exit status 0 and one line that counts."""
    result = run("rules", "prove", "--scheme", "six-taxes-two-fees", "--lang", "en")
    assert result.exit_code == 0
    assert result.output.strip().endswith("0 findings, 0 accepted, 0 not proved")


def test_an_accepted_finding_is_shown_with_its_firm_and_its_reason(run: Run) -> None:
    """What the law itself makes is not hidden: file, line, a firm that shows it, and why it stays."""
    result = run("rules", "prove", "--scheme", "small-scale-vat", "--json")
    answer = json.loads(result.output)
    assert (result.exit_code, answer["findings"]) == (0, [])
    shrinks = answer["accepted"][0]
    assert {one["kind"] for one in answer["accepted"]} == {"shrinks"}
    assert shrinks["file"] == "schemes/tax/small-scale-vat.yaml"
    assert shrinks["line"] > 1
    assert shrinks["facts"]["vat_status"] == "small_scale"
    assert shrinks["reason"]["zh"]
    words = run("rules", "prove", "--scheme", "small-scale-vat")
    assert f"{shrinks['file']}:{shrinks['line']}: 已接受" in words.output


def test_an_unknown_scheme_is_refused(run: Run) -> None:
    """A misspelt scheme proves nothing: exit status 2."""
    result = run("rules", "prove", "--scheme", "six-taxes")
    assert result.exit_code == 2
    assert "six-taxes" in result.stderr


def test_without_the_solver_it_says_what_to_install() -> None:
    """The solver is an optional extra: where it is missing, one sentence says how to get it, exit status 2."""
    program = (
        "import sys; sys.modules['z3'] = None; from matcher.cli import main; main(['rules', 'prove', '--lang', 'en'])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "eligibility-matcher[prove]" in result.stderr
    assert "Traceback" not in result.stderr
