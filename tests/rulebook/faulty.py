"""The files of the cut-down copy of the rules, and what `load` finds wrong with it."""

from pathlib import Path

import pytest

from matcher.rulebook.load import load
from matcher.rulebook.reading import Problem, RulebookError

SCHEMES = (
    "rd-super-deduction",
    "equipment-deduction",
    "encouraged-foreign-project-duty-free",
    "illegal-fee-complaint",
)
EQUIPMENT = "schemes/tax/equipment-deduction.yaml"
RESEARCH = "schemes/tax/rd-super-deduction.yaml"
IMPORT = "schemes/tax/encouraged-foreign-project-duty-free.yaml"
FIGURES = "parameters/deductions.yaml"
CONCEPTS = "concepts/deductions.yaml"
FACTS = "facts/tax.yaml"
VOCABULARY = (FACTS, "facts/firm.yaml", "facts/growth.yaml", "instruments/deductions.yaml", "instruments/tax.yaml")
ORDER = "schemes/ORDER"


def refused(rules: Path) -> tuple[Problem, ...]:
    """What `load` finds wrong with the folder."""
    with pytest.raises(RulebookError) as caught:
        load(rules)
    return caught.value.problems


def saying(rules: Path, message: str) -> list[tuple[str, int]]:
    """The file and line of everything that `load` finds wrong with the folder and that says this."""
    return [(one.file, one.line) for one in refused(rules) if message in one.message]


def sow(file: Path, old: str, new: str) -> None:
    """Change a text of a file where it first stands."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, text: str) -> int:
    """The line (1-based) on which a text first stands in a file."""
    before, found, _ = path.read_text(encoding="utf-8").partition(text)
    assert found, f"{text!r} does not stand in {path}"
    return before.count("\n") + 1
