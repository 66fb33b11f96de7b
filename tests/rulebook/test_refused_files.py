"""A file of figures, facts, usual figures or presumptions that says what cannot be is refused line by line, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.faulty import refused

_OF_A_FIGURE = ', source: "eit-law#第一条", confidence: high, confirm_by: 2027-12-31}]'

FIGURES = [
    ("kind: table, type: money", "1", "keys are missing: what the table is looked up by"),
    ("kind: scale, type: rate, keys: [{band: yuan}]", "{1: 1}", "a scale has one key, {upto: unit}"),
    ("kind: value", "1", "the type of the figure is missing"),
    ("kind: set, of: no_such_fact", "[a]", "'no_such_fact' is not an enumeration of the vocabulary"),
    (
        "kind: table, type: money, keys: [3]",
        "{1: 1}",
        "a key of a table is an enumeration, {band: unit} or {upto: unit}",
    ),
    (
        "kind: table, type: money, keys: [{side: yuan}]",
        "{1: 1}",
        "a key of a table is an enumeration, {band: unit} or {upto: unit}",
    ),
    ("type: enum, of: legal_form", "castle", "'castle' is not among company"),
    ("type: text", "5", "5 is not a text; put it in quotes"),
    ("type: date", "5", "5 is not a day (YYYY-MM-DD)"),
    ("type: money", "1.234", "1.234 has more than two decimals"),
    ("type: integer, unit: persons", "many", "'many' is not a plain decimal number"),
    ("kind: set, of: legal_form", "[]", "a set lists its words"),
    ("kind: set, of: legal_form", "[castle]", "'castle' is not among company"),
    ("kind: codes", "'13'", "codes are listed as quoted text: ['13-43', '591']"),
    ("kind: codes", "['43-13']", "'43-13' is not a range of codes such as '13-43' or '591' (in quotes)"),
    ("kind: codes", "['13-431']", "'13-431' is not a range of codes"),
    ("kind: classes, of: legal_form", "[company]", "classes are a mapping of words to code ranges"),
    ("kind: table, type: money, keys: [legal_form]", "{castle: 5}", "'castle' is not among company"),
]

FACTS = [
    ("type: enum", "an enum, and only an enum, lists its values"),
    ("type: boolean, values: {a: {zh: 甲, en: a}}", "an enum, and only an enum, lists its values"),
    ("type: money, consent: true", "only a firm consents, by a yes/no fact"),
    ("type: boolean, series: {name: x, quarter: 1, at: start}", "a series is made of figures"),
    ("type: boolean, stated_by: department, advise: up", "a department's finding is never advised"),
    ("type: boolean, advise: up", "only a number goes up"),
    ("type: boolean, advise: {to: [maybe]}", "advise.to names a value that a fact of type boolean does not have"),
    ("type: boolean, ladder: true, advise: {to: [true]}", "a ladder is an enumeration with two rungs or more"),
    (
        "type: boolean, duty: {zh: 应当, en: must}, advise: never",
        "a duty says how a change is called that may be advised",
    ),
    (
        "type: boolean, advise_if: [employees], advise: never",
        "advise_if and advise_unless say when a change is advised",
    ),
]

USUAL = [
    ("usual: {low: 1, high: 2}", "employees", "say where the figures are from: a source, or an assumption"),
    (
        "per: annual_revenue, usual: {low: 1, high: 2}, ASSUMED",
        "employees",
        "'annual_revenue' must stand in a line above",
    ),
    ("usual: {low: 1, high: 2}, ASSUMED", "legal_form", "'legal_form' is no figure that a firm is asked for"),
    ("usual: {low: 3, high: 2}, ASSUMED", "employees", "low is more than high"),
    ("usual: {low: 1, high: 2}, ASSUMED", "employees", "'employees' stands twice"),
    (
        "usual: {low: 1, high: 2}, by_industry: [{low: 1, high: 2, industry: [mines]}], ASSUMED",
        "rd_expense",
        "'mines' is no span of divisions: write '13-43' or '62'",
    ),
]

PRESUMED = [
    ("only: [{industry: [mines]}], none: {}", "'mines' is no code: write '31', '5147' or a span of divisions, '13-43'"),
    ("only: [{legal_form: [castle]}], none: {}", "'castle' is no legal form"),
    ("only: [{staff_from: 5}], moot: [has_moon_base]", "'has_moon_base' is no fact that a firm is asked for"),
    ("only: [{staff_from: 5}], gates: [moon]", "there is no gate 'moon'"),
    ("only: [{staff_from: 5}], none: {has_moon_base: false}", "has_moon_base"),
]


def _write(file: Path, lines: list[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _said(rules: Path, name: str) -> dict[int, str]:
    """What is said of each line of one file of the folder, and that all of it is said in Chinese too."""
    found: dict[int, str] = {}
    for one in refused(rules):
        if one.file == name:
            found[one.line] = found.get(one.line, "") + str(one)
    assert not any("说明见英文" in text for text in found.values()), found
    return found


def _matches(said: dict[int, str], wanted: list[str]) -> list[tuple[int, str]]:
    """The lines (1-based) whose fault is not said as wanted, each with what is said instead."""
    return [
        (number, said.get(number, "")) for number, words in enumerate(wanted, 1) if words not in said.get(number, "")
    ]


def test_figures_that_cannot_be_are_refused_each_at_its_line(rules: Path) -> None:
    """Kinds, types, units, keys, codes and words of a dated figure."""
    lines = [
        f"- {{id: wrong.figure_{number}, label: {{zh: 甲, en: a}}, {how}, values: [{{from: 2008-01-01, value: {value}{_OF_A_FIGURE}}}"
        for number, (how, value, _) in enumerate(FIGURES)
    ]
    _write(rules / "parameters/wrong.yaml", lines)
    assert _matches(_said(rules, "parameters/wrong.yaml"), [words for *_, words in FIGURES]) == []


def test_facts_that_cannot_be_are_refused_each_at_its_line(rules: Path) -> None:
    """What a fact may be, and what a firm may be advised to do about it."""
    lines = [
        f"- {{id: wrong_{number}, label: {{zh: 甲, en: a}}, question: {{zh: 甲？, en: a?}}, group: firm, {how}}}"
        for number, (how, _) in enumerate(FACTS)
    ]
    _write(rules / "facts/wrong.yaml", lines)
    assert _matches(_said(rules, "facts/wrong.yaml"), [words for _, words in FACTS]) == []


def test_usual_figures_that_cannot_be_are_refused_each_at_its_line(rules: Path) -> None:
    """Usual figures say their base and where they are from."""
    assumed = "assumption: {zh: 我们的估计, en: our assumption}"
    lines = [f"- {{facts: [{fact}], {how.replace('ASSUMED', assumed)}}}" for how, fact, _ in USUAL]
    _write(rules / "reference/typical.yaml", lines)
    assert _matches(_said(rules, "reference/typical.yaml"), [words for *_, words in USUAL]) == []


def test_presumptions_that_cannot_be_are_refused_each_at_its_line(rules: Path) -> None:
    """Presumptions name facts, gates, forms and codes that exist."""
    lines = [f"- {{id: wrong_{number}, {how}, because: {{zh: 甲, en: a}}}}" for number, (how, _) in enumerate(PRESUMED)]
    _write(rules / "reference/presumed.yaml", lines)
    assert _matches(_said(rules, "reference/presumed.yaml"), [words for _, words in PRESUMED]) == []


@pytest.mark.parametrize("name", ["reference/typical.yaml", "reference/presumed.yaml"])
def test_a_reference_file_that_holds_no_list_is_refused(rules: Path, name: str) -> None:
    """A mapping in place of the list."""
    _write(rules / name, ["facts: 1"])
    assert _said(rules, name) != {}
