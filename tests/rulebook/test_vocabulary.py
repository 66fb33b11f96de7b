"""What facts have in common: groups, series and consents are attributes, and a wrong or a missing one is refused at its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matcher.places import rules_dir
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.rulebook.faulty import FACTS, line_of, refused, saying, sow

GROUPS = "reference/groups.yaml"
SERIES = "reference/series.yaml"
CONSENT = """\
- id: lets_banks_look
  type: boolean
  advise: never
  group: tax
  consent: true
  label: {zh: 同意银行查询, en: lets banks look}
  question: {zh: 贵单位同意银行查询吗？, en: "Does the firm let banks look?"}
"""
QUARTER = "series: {name: assets, quarter: 3, at: end}"


@pytest.fixture
def grouped(rules: Path) -> Path:
    """The cut-down copy with a consent, and with the headings of its groups and series."""
    with (rules / FACTS).open("a", encoding="utf-8") as file:
        file.write(CONSENT)
    (rules / "reference").mkdir(exist_ok=True)
    used = {fact.group for fact in load(rules).facts.values()}
    lines = (rules_dir() / GROUPS).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.startswith("#") or line.partition("id: ")[2].partition(",")[0] in used]
    (rules / GROUPS).write_text("".join(kept), encoding="utf-8")
    shutil.copy(rules_dir() / SERIES, rules / SERIES)
    return rules


def test_attributes_are_read(grouped: Path) -> None:
    """A group has its heading and its place, a quarterly figure its series, a consent says so."""
    found = load(grouped)
    assert found.group_label("tax").zh == "税务"
    assert found.group_rank("identity") < found.group_rank("tax") < found.group_rank("nobody's")
    series = found.facts["q3_end_assets"].series
    assert series is not None
    assert (series.name, series.quarter, series.at) == ("assets", 3, "end")
    assert found.facts["lets_banks_look"].consent


def test_headings_are_no_part_of_the_hash(grouped: Path) -> None:
    """They decide nothing, so that another heading voids nothing."""
    before = load(grouped).hash
    sow(grouped / GROUPS, "税务", "税收")
    assert load(grouped).hash == before


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("group: tax\n  consent", "group: taxes\n  consent", "group: taxes", "'taxes' is no group of reference/groups.yaml"),
        ("  consent: true\n", "", "同意银行", "consent is missing, and the words say 同意: write consent: true"),
        ("  consent: true\n", "  consent: perhaps\n", "consent: perhaps", "true or false is wanted"),
        ("type: boolean\n  advise: never\n  group: tax\n  consent", "type: date\n  advise: never\n  group: tax\n  consent",
         "- id: lets_banks_look", "only a firm consents, by a yes/no fact"),
        (f", {QUARTER}", "", "三季度末资产", "series is missing, and the words say 三季度末: write series: {name: …"),
        (QUARTER, QUARTER.replace("3", "5"), "quarter: 5", "5 does not fit here"),
        (QUARTER, QUARTER.replace("end", "middle"), "at: middle", "'start' or 'end'"),
        (QUARTER, QUARTER.replace("assets", "sales"), "name: sales", "'sales' is no series of reference/series.yaml"),
        (QUARTER, QUARTER.replace("3", "2"), "三季度末资产", "'q2_end_assets' is the figure of this quarter already"),
        (QUARTER, QUARTER.replace("3", "2"), "一季度初资产", "has no fact for the end of quarter 3: write one"),
        (QUARTER, QUARTER.replace("assets", "employees"), "三季度末资产", "is the figure of this quarter already"),
        (f"group: tax, {QUARTER}", f"group: people, {QUARTER}", "三季度末资产", "type, unit, group and stated_by are those of"),
    ],
)  # fmt: skip
def test_a_wrong_attribute_is_refused(grouped: Path, old: str, new: str, at: str, message: str) -> None:
    """What is wrong is said, with the file, the line and what to write."""
    sow(grouped / FACTS, old, new)
    assert (FACTS, line_of(grouped / FACTS, at)) in saying(grouped, message)


@pytest.mark.parametrize(("file", "name"), [(GROUPS, "gardens"), (SERIES, "sales")])
def test_a_heading_of_nothing_is_refused(grouped: Path, file: str, name: str) -> None:
    """A group or a series without a fact is left out."""
    with (grouped / file).open("a", encoding="utf-8") as opened:
        opened.write(f"- {{id: {name}, label: {{zh: 无, en: nothing}}}}\n")
    assert saying(grouped, f"no fact stands under '{name}'") == [(file, line_of(grouped / file, name))]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("label: {zh: 税务, en: Tax}", "label: {zh: 税务}", "en is missing"),
        ("id: tax,", "id: size,", "'size' stands twice"),
        ("id: tax,", "id: tax, first: true,", "this key is not known here; is it misspelt?"),
    ],
)
def test_a_wrong_heading_is_refused(grouped: Path, old: str, new: str, message: str) -> None:
    """What is wrong with a group is said at its line."""
    line = line_of(grouped / GROUPS, old)
    sow(grouped / GROUPS, old, new)
    assert (GROUPS, line) in saying(grouped, message)


def test_a_file_that_is_no_list_is_refused(grouped: Path) -> None:
    """The file holds a list of groups."""
    (grouped / GROUPS).write_text("a: 1\n", encoding="utf-8")
    assert (GROUPS, "the file holds a list") in [(one.file, one.message) for one in refused(grouped)]


def test_a_question_is_missing_unless_a_department_states_it(grouped: Path) -> None:
    """Whose fact it is stands in the attribute, whatever the id begins with, and the refusal says how to write it."""
    sow(grouped / FACTS, CONSENT.splitlines()[-1] + "\n", "")
    (message,) = [one.message for one in refused(grouped)]
    assert message.endswith("of what only a department can say, write stated_by: department")
    sow(grouped / FACTS, "  advise: never\n  group: tax\n  consent: true\n", "  stated_by: department\n  group: tax\n")
    assert load(grouped).facts["lets_banks_look"].is_finding


def test_rules_without_headings_are_read(rules: Path) -> None:
    """A rulebook may do without headings: the ids of the groups stand in for them."""
    found = load(rules)
    assert not found.groups
    assert found.group_label("tax").zh == "tax"


def test_the_rules_say_what_each_fact_is(rulebook: Rulebook) -> None:
    """Both consents, the sixteen quarterly figures and the findings of departments are known by their attributes."""
    facts = rulebook.facts.values()
    assert {fact.id for fact in facts if fact.consent} == {"authorises_credit_data", "commits_to_keep_jobs"}
    assert sum(fact.series is not None for fact in facts) == 16
    assert all((fact.question is None) <= fact.is_finding for fact in facts)
    assert {fact.group for fact in facts} == set(rulebook.groups)
