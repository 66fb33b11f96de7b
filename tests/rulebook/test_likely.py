"""What most firms have and are: those words of the rules fit the vocabulary, and a wrong one is refused with its file and line."""

from pathlib import Path

import pytest

from matcher.rulebook.load import load
from tests.rulebook.faulty import line_of, refused, saying, sow

NAME = "reference/likely.yaml"
GOOD = """\
things:
  - {share: 0.4, begins: [equipment_]}
  - {share: 0.1, begins: [rd_]}
counted: [rd_expense]
yes: {standing: 0.03}
usual:
  legal_form: {value: company, share: 0.65}
nothing: [none]
declarations: {facts: [is_high_tech_enterprise], groups: [standing]}
subjects: [{label: {zh: 企业, en: the firm}, groups: [standing]}]
"""


@pytest.fixture
def file(rules: Path) -> Path:
    """The file beside the cut-down copy of the rules."""
    (rules / NAME).parent.mkdir(exist_ok=True)
    (rules / NAME).write_text(GOOD, encoding="utf-8")
    return rules / NAME


def test_a_question_is_about_the_first_thing_that_fits(rules: Path, file: Path) -> None:
    """By how its name begins; what everybody can count is about no thing, nor is what no line fits."""
    likely = load(rules).likely
    found = {name: likely.thing_of(name) for name in ("equipment_unit_price", "rd_expense", "legal_form")}
    assert {name: thing and thing.share for name, thing in found.items()} == {
        "equipment_unit_price": 0.4,
        "rd_expense": None,
        "legal_form": None,
    }


def test_the_trade_tells_a_value(rules: Path, file: Path) -> None:
    """By the division of its code, whatever follows; a firm of another trade, or of none told, keeps what is usual."""
    line = 'by_trade: {legal_form: [{industry: ["83", "85-86"], value: public_institution}]}\n'
    file.write_text(GOOD + line, encoding="utf-8")
    likely = load(rules).likely
    found = [likely.of_trade(code).usual["legal_form"][0] for code in ("8331", "85", "84", "", None)]
    assert found == ["public_institution", "public_institution", "company", "company", "company"]


def test_the_hash_does_not_hang_on_it(rules: Path, file: Path) -> None:
    """It orders questions and decides nothing; a rulebook may be without it."""
    there = load(rules)
    file.unlink()
    assert load(rules).hash == there.hash


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("begins: [equipment_]", "begins: [equipmant_]", "equipmant_", "no fact begins with 'equipmant_'"),
        ("begins: [equipment_]", "begins: []", "begins: []", "at least 1 item"),
        ("counted: [rd_expense]", "counted: [rd_expenses]", "rd_expenses", "unknown fact 'rd_expenses'"),
        ("standing:", "standings:", "standings", "no fact is of the group 'standings'"),
        ("value: company", "value: companies", "companies", "'companies' is no value of a fact 'legal_form'"),
        ("legal_form:", "legal_from:", "legal_from", "'company' is no value of a fact 'legal_from'"),
        ("nothing: [none]", "nothing: [nil]", "nil", "no fact has a value 'nil'"),
        ("share: 0.4", "share: 1.4", "1.4", "a share lies between 0 and 1"),
        ("share: 0.4", "share: much", "much", "'much' is not a plain decimal number"),
        ("facts: [is_high_tech", "facts: [is_high_teck", "is_high_teck", "unknown fact 'is_high_teck_enterprise'"),
        ("groups: [standing]}\n", "groups: [moon]}\n", "[moon]", "no fact is of the group 'moon'"),
        ("groups: [standing]}]", "groups: [moon]}]", "[moon]", "no fact is of the group 'moon'"),
        ("counted:", "count:", "count:", "this key is not known here; is it misspelt?"),
    ],
)
def test_a_wrong_word_is_refused(rules: Path, file: Path, old: str, new: str, at: str, message: str) -> None:
    """What is wrong is said, with the file and the line."""
    sow(file, old, new)
    assert saying(rules, message) == [(NAME, line_of(file, at))]


def test_a_file_that_is_no_yaml_is_refused(rules: Path, file: Path) -> None:
    """The reader's fault, in this file."""
    file.write_text("things: [", encoding="utf-8")
    assert {one.file for one in refused(rules)} == {NAME}
