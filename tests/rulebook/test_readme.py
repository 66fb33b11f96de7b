"""`rules/README.md`: what it tells a policy officer to write loads, and decides as it says."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from matcher.engine.rule_sheet import sheet
from matcher.places import rules_dir
from matcher.rulebook.citations import find_faults
from matcher.rulebook.load import load
from matcher.rulebook.lock import read_lock
from matcher.rulebook.rulebook import Rulebook
from matcher.workbench.cases import find_cases, run_cases
from matcher.workbench.mutation.run import run as run_mutants
from tests.rulebook.example import SLUG, write_example
from tests.rulebook.faulty import refused


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the rules into which every block of the worked example was put, and its cases beside them."""
    return write_example(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def extended(example: Path) -> Rulebook:
    """The rulebook with the scheme of the example."""
    return load(example / "rules")


def test_the_example_decides_as_it_says(example: Path, extended: Rulebook) -> None:
    """Every case of the example passes, on both sides of each line, and none is skipped."""
    tally = run_cases(extended, find_cases((str(example / "roof-garden.yaml"),)))
    assert (len(tally.passed), tally.failed, tally.skipped) == (6, [], [])


def test_its_cases_pin_all_its_numbers_and_days(example: Path, extended: Rulebook) -> None:
    """No figure, bound or day of the example can be nudged without a case of it that notices."""
    report = run_mutants(extended, [str(example / "roof-garden.yaml")])
    assert report.caught >= 10
    assert [one.id for one in report.survivors if SLUG in one.schemes] == []


def test_its_figures_stand_in_its_sentences(example: Path, extended: Rulebook) -> None:
    """The words that the officer copied from the notice hold every figure and every day."""
    assert find_faults(extended, example / "rules") == ()


def test_the_example_reads_back_in_words(extended: Rulebook) -> None:
    """The sheet that the officer is told to read has the condition, the phrase and the figures of the notice."""
    text = "\n".join(sheet(extended, SLUG, date(2026, 6, 1), "zh"))
    for words in ("不超过 300 人", "“建有屋顶花园”", "示例〔2026〕1号第三条", "5 万元", "200 元/人"):
        assert words in text


def test_its_articles_wait_to_be_confirmed(example: Path, extended: Rulebook) -> None:
    """Just the two new articles are to be confirmed, with the two conditions and three figures that rest on them."""
    found = {
        one.article: [rest.kind for rest in one.rests] for one in read_lock(extended, example / "rules").differences()
    }
    assert {name.partition("#")[2] for name in found if name.startswith("example-2026-1#")} == {"第三条", "第四条"}
    assert sorted(found["example-2026-1#第三条"]) == ["condition", "condition", "figure"]
    assert found["example-2026-1#第四条"] == ["figure", "figure"]


def test_leaving_out_the_order_is_named(example: Path, tmp_path: Path) -> None:
    """A step that is forgotten is named with the file."""
    copy = tmp_path / "rules"
    shutil.copytree(example / "rules", copy)
    shutil.copy(rules_dir() / "schemes" / "ORDER", copy / "schemes" / "ORDER")
    assert {problem.file for problem in refused(copy)} == {f"schemes/growth/{SLUG}.yaml"}


def test_prolonging_it_as_told_decides_as_the_new_notice_says(
    example: Path, extended: Rulebook, tmp_path: Path, run: Callable[..., Result]
) -> None:
    """The draft, the notice and the three figures of the recipe, with the open places filled in, pass the check; the new year pays
    300 yuan a person, the old one 200, and what follows is over."""
    readme = (rules_dir() / "README.md").read_text(encoding="utf-8")
    rules, draft = example / "rules", tmp_path / "draft"
    command = re.search(rf"`matcher (rules draft {SLUG} --until 2028-12-31) -o draft`", readme)
    assert command is not None
    assert run(*command[1].split(), "-o", draft, "--rules", rules).exit_code == 0
    notice = re.search(r"```text\n(- id: example-2027-9\n.*?)```", readme, re.DOTALL)
    assert notice is not None
    (draft / "instruments" / "example-2027.yaml").write_text(notice[1], encoding="utf-8")
    figures = draft / "parameters" / "example.yaml"
    staff, each, cap = re.findall(r"^    - \{from: 2028-01-01.*\}$", readme, re.MULTILINE)
    text = figures.read_text(encoding="utf-8")
    for before, after in (("value: 300,", staff), ("value: 200,", each), ("value: 50000,", cap)):
        line = next(line for line in text.splitlines() if before in line)
        text = text.replace(line, f"{line}\n{after}")
    figures.write_text(text, encoding="utf-8")
    scheme = draft / "schemes" / "growth" / f"{SLUG}.yaml"
    filled = re.sub(r'"待填：起止日[^"]*"', '"example-2027-9#二"', scheme.read_text(encoding="utf-8"))
    filled = re.sub(r'"待填：新通知[^"]*"|"待填：截止日写在[^"]*"', "示例〔2027〕9号", filled)
    scheme.write_text(re.sub(r"待填：上一轮是2027-12-31 [^\n]*", "2028-12-31", filled), encoding="utf-8")
    assert run("rules", "confirm", "--all", "--rules", draft).exit_code == 0
    checked = run("rules", "check", "--rules", draft)
    assert checked.exit_code == 0, checked.stderr
    firm = tmp_path / "firm.json"
    firm.write_text('{"district": "nankai", "employees": 100, "has_roof_garden": true}', encoding="utf-8")

    def decided(day: str) -> tuple[str, str | None]:
        found = run("check", firm, "--as-of", day, "--scheme", SLUG, "--rules", draft, "--json")
        (decision,) = json.loads(found.stdout)["decisions"]
        return decision["status"], (decision["amount"] or {}).get("value")

    assert decided("2027-12-31") == ("eligible", "20000.00")
    assert decided("2028-01-01") == decided("2028-12-31") == ("eligible", "30000.00")
    assert decided("2029-01-01") == ("not_open", None)
