"""Gate questions: those of the rules fit the vocabulary, and a wrong one is refused with its file and line."""

from pathlib import Path

import pytest
import yaml

from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.rulebook.faulty import line_of, refused, saying, sow

NAME = "reference/gates.yaml"
TEXTS = """\
- id: research
  question: {zh: 有没有研发投入？, en: Any research?}
  help: {zh: 账上有研发费用就算。, en: Booked as such.}
"""
GOOD = f"{TEXTS}  none:\n    rd_expense: 0\n    is_high_tech_enterprise: false\n"


@pytest.fixture
def file(rules: Path) -> Path:
    """Where the gates of the cut-down copy stand; it has none yet."""
    (rules / NAME).parent.mkdir(exist_ok=True)
    return rules / NAME


def test_every_gate_is_short_and_its_facts_are_the_firms(rulebook: Rulebook) -> None:
    """No gate is longer than a breath, none stands over a department's finding, and no fact beneath two of them."""
    beneath = [fact for gate in rulebook.gates.values() for fact in gate.none]
    assert len(beneath) == len(set(beneath))
    assert all(rulebook.facts[fact].stated_by == "firm" for fact in beneath)
    assert all(len(gate.question.zh) <= 25 for gate in rulebook.gates.values())
    assert 10 <= len(rulebook.gates) <= 25


def test_a_gate_is_read_as_facts_are_kept(rules: Path, file: Path) -> None:
    """Money comes in fen, yes/no as such; the rulebook's hash does not hang on the questions asked first."""
    before = load(rules).hash
    file.write_text(GOOD.replace("rd_expense: 0", "rd_expense: 12"), encoding="utf-8")
    found = load(rules)
    assert found.gates["gate:research"].none == {"rd_expense": 1200, "is_high_tech_enterprise": False}
    assert found.hash == before


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("rd_expense: 0", "rd_expenses: 0", "rd_expenses", "'rd_expenses' is no fact that a firm is asked for"),
        ("rd_expense: 0", "rd_expense: -1", "rd_expense", "the figure lies outside the fact's bounds"),
        ("rd_expense: 0", "rd_expense: none", "rd_expense", "'none' is not a plain decimal number"),
        (
            "is_high_tech_enterprise: false",
            "is_high_tech_enterprise: true",
            "is_high_tech_enterprise",
            "no means false of a yes/no fact",
        ),
        ("none:", "upto: {is_audited_collection: false}\n  none:", "upto", "only a figure lies up to a bound"),
        ("is_high_tech_enterprise: false", "employees: '0.5'", "employees", "a whole number is wanted"),
        ("is_high_tech_enterprise: false", "vat_status: none", "vat_status", "'none' is none of general, small_scale"),
        ("is_high_tech_enterprise: false", "name: none", "name:", "a text has no value that means nothing"),
        ("  help:", "  helps:", "helps", "this key is not known here; is it misspelt?"),
        ("zh: 有没有研发投入？", f"zh: {'有' * 26}", "question", "the Chinese question has at most 25 characters"),
        ("zh: 有没有研发投入？, ", "", "question", "zh is missing"),
        (
            "  none:",
            "  moot: [rd_expense]\n  none:",
            "moot",
            "'no' answers 'rd_expense' already",
        ),
        ("  none:", "  moot: [nothing]\n  none:", "moot", "'nothing' is no fact that a firm is asked for"),
        (
            "  none:",
            "  details:\n    employees: [is_tech_sme]\n  none:",
            "employees:",
            "'employees' does not stand beneath the gate",
        ),
        ("    is_high_tech_enterprise: false\n", "", "none", "at least 2 facts stand beneath a gate"),
    ],
)
def test_a_wrong_gate_is_refused(rules: Path, file: Path, old: str, new: str, at: str, message: str) -> None:
    """What is wrong is said, with the file and the line."""
    file.write_text(GOOD, encoding="utf-8")
    sow(file, old, new)
    assert saying(rules, message) == [(NAME, line_of(file, at))]


def test_a_fact_beneath_two_gates_is_refused(rules: Path, file: Path) -> None:
    """The second gate is told which has the fact already."""
    second = GOOD.replace("id: research", "id: again").replace("is_high_tech_enterprise", "is_tech_sme")
    file.write_text(GOOD + second, encoding="utf-8")
    assert "the fact stands beneath the gate 'research' already" in [one.message for one in refused(rules)]


def test_a_gate_twice_is_refused(rules: Path, file: Path) -> None:
    """One id stands for one question."""
    file.write_text(GOOD + GOOD, encoding="utf-8")
    assert "'research' stands twice" in [one.message for one in refused(rules)]


@pytest.mark.parametrize("text", ["", "a: 1\n"])
def test_a_file_that_is_no_list_is_refused(rules: Path, file: Path, text: str) -> None:
    """The file holds a list of gates."""
    file.write_text(text, encoding="utf-8")
    assert [(one.file, one.message) for one in refused(rules)] == [(NAME, "the file holds a list")]


def test_the_rules_own_file_is_plain_data(repo_root: Path) -> None:
    """Every gate of the file is in the rulebook's order."""
    listed = yaml.safe_load((repo_root / "rules" / NAME).read_text(encoding="utf-8"))
    assert [f"gate:{one['id']}" for one in listed] == list(load(repo_root / "rules").gates)


def test_no_makes_all_details_moot(rules: Path, file: Path) -> None:
    """What lies behind a fact beneath is among what "no" makes moot; a department's finding is never named."""
    more = "  one_thing: true\n  details:\n    rd_expense: [is_tech_sme]\n  moot: [employees]\n"
    file.write_text(GOOD + more, encoding="utf-8")
    gate = load(rules).gates["gate:research"]
    assert gate.moot == {"is_tech_sme", "employees"}
    assert gate.details == {"rd_expense": {"is_tech_sme"}}
    assert gate.one_thing


def test_a_question_of_the_start_page_needs_nothing_beneath(rules: Path, file: Path) -> None:
    """What it makes moot is enough; with neither it is refused."""
    start = f"{TEXTS}  at_start: true\n  none: {{}}\n"
    file.write_text(f"{start}  moot: [employees]\n", encoding="utf-8")
    assert load(rules).gates["gate:research"].at_start
    file.write_text(start, encoding="utf-8")
    assert "at least 2 facts stand beneath a gate" in [one.message for one in refused(rules)]
