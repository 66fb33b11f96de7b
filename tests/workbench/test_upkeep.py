"""`matcher rules check`, `confirm` and `diff`: looking after the rules over time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from matcher.cli.options import columns
from matcher.places import rules_dir
from tests.rulebook.example import SLUG as EXAMPLE
from tests.rulebook.example import write_example

Run = Callable[..., Result]
ARTICLE = "mof-2023-12#第五条"
EXCERPT = "从事国家非限制和禁止行业，且同时符合申报期上月末从业人数不超过300人、资产总额不超过5000万元等两个条件"
SLUG = "six-taxes-two-fees"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rules that a test may edit."""
    return Path(shutil.copytree(rules_dir(), tmp_path / "rules"))


def edit(path: Path, before: str, after: str) -> None:
    """Replace the last of a text in a file."""
    head, found, rest = path.read_text(encoding="utf-8").rpartition(before)
    assert found
    path.write_text(head + after + rest, encoding="utf-8")


def test_check_refuses_a_changed_excerpt_until_it_is_confirmed(run: Run, copy: Path) -> None:
    """Exit status 2 with the article and all that rests on it; after `confirm` of just that article the check passes."""
    assert run("rules", "check", "--rules", copy).exit_code == 0
    edit(copy / "instruments" / "tax.yaml", EXCERPT, f"{EXCERPT}。")
    refused = run("rules", "check", "--rules", copy)
    assert refused.exit_code == 2
    assert f"{ARTICLE}: 这段摘录确认以后改过；依它的有" in refused.stderr
    assert "    this excerpt has changed since it was confirmed; " in refused.stderr
    assert "figure small_low_profit.employees from 2019-01-01" in refused.stderr
    assert f"schemes/tax/{SLUG}.yaml:" in refused.stderr
    assert run("rules", "confirm", ARTICLE, "--rules", copy).exit_code == 0
    assert run("rules", "check", "--rules", copy).exit_code == 0


def test_a_figure_beside_its_sentence_is_refused(run: Run, copy: Path) -> None:
    """Status 2, the file, and what the sentence says instead; all such figures at once."""
    figures = copy / "parameters" / "deductions.yaml"
    edit(figures, "until: 2020-12-31, value: 5000000", "until: 2020-12-31, value: 50000000")
    edit(figures, 'value: 0.5, source: "sta-2015-97', 'value: 50, source: "sta-2015-97')
    refused = run("rules", "check", "--rules", copy)
    assert refused.exit_code == 2
    assert "parameters/deductions.yaml:46:" in refused.stderr
    assert "50000000 does not stand in the words of" in refused.stderr
    assert "a rate of 50 is 5000 %; for 50 % write 0.5" in refused.stderr


def test_a_figure_that_no_sentence_holds_is_locked_itself(run: Run, copy: Path) -> None:
    """It is refused when it is edited, until it is confirmed."""
    edit(
        copy / "parameters" / "deductions.yaml", 'value: 1.2, source: "mof-2023-44', 'value: 1.3, source: "mof-2023-44'
    )
    refused = run("rules", "check", "--rules", copy)
    assert refused.exit_code == 2
    assert (
        "rd.listed_rate@2023-01-01: 这个没有原文可引的数值确认以后改过；依它的有0项条件、1个数值\n"
        "    this figure, which no sentence holds, has changed since it was confirmed; 0 conditions and 1 figure rest on it"
        in refused.stderr
    )
    assert run("rules", "confirm", "rd.listed_rate@2023-01-01", "--rules", copy).exit_code == 0
    assert run("rules", "check", "--rules", copy).exit_code == 0


def test_confirm_names_an_article_it_does_not_know(run: Run, copy: Path) -> None:
    """A misspelt article is refused, and nothing is written."""
    before = (copy / "lock.yaml").read_bytes()
    result = run("rules", "confirm", "mof-2023-12#第五百条", "--rules", copy)
    assert result.exit_code == 2
    assert "mof-2023-12#第五百条" in result.stderr
    assert (copy / "lock.yaml").read_bytes() == before


def test_diff_of_two_dates(run: Run) -> None:
    """Only schemes that changed; a figure with old and new value, and a firm with both decisions."""
    words = ("rules", "diff", "2022-12-31", "2023-01-01", "--scheme", SLUG, "energy-standard-setting", "--json")
    result = run(*words)
    found = {one["scheme"]: one for one in json.loads(result.stdout)["schemes"]}
    assert result.exit_code == 1
    assert set(found) == {SLUG, "energy-standard-setting"}
    assert found[SLUG]["figures"][0]["after"]["sources"] == ["财政部 税务总局公告2023年第12号第二条"]
    assert (found[SLUG]["firms"], found[SLUG]["firms_complete"]) == ([], True)
    gains, loses = found["energy-standard-setting"]["firms"]
    assert (gains["gains"], gains["before"]["status"], gains["after"]["status"]) == (
        True,
        "not_eligible",
        "needs_decision",
    )
    assert (loses["gains"], loses["after"]["failing"]) == (False, ["standard_published_on"])
    assert loses["facts"]["standard_published_on"].startswith("2021-")


def test_diff_of_a_folder_with_a_date(run: Run, copy: Path) -> None:
    """A figure lowered in a copy: the condition in words, both values, and a firm that is shut out; everything else is still."""
    figures = copy / "parameters" / "tax.yaml"
    head, name, rest = figures.read_text(encoding="utf-8").partition("- id: small_low_profit.employees")
    figures.write_text(head + name + rest.replace("value: 300,", "value: 200,", 1), encoding="utf-8")
    result = run("rules", "diff", "2024-05-01", f"{copy}@2024-05-01", "--lang", "en", "--scheme", SLUG)
    assert result.exit_code == 1
    assert "at most 200 persons" in " ".join(result.stdout.split())
    assert "300 persons [" in result.stdout
    same = run("rules", "diff", "2024-05-01", f"{copy}@2024-05-01", "--scheme", "vat-credit-refund")
    assert (same.exit_code, len(same.stdout.splitlines())) == (0, 1)


def test_diff_of_a_scheme_that_is_new(run: Run, tmp_path: Path) -> None:
    """A scheme that only one folder has is told as new, with a firm that it lets in; nothing else changed."""
    extended = write_example(tmp_path) / "rules"
    result = run("rules", "diff", "2026-06-01", f"{extended}@2026-06-01", "--json")
    (found,) = json.loads(result.stdout)["schemes"]
    assert (found["scheme"], found["before"], found["after"]["state"]) == (EXAMPLE, None, "open")
    (firm,) = found["firms"]
    assert (firm["gains"], firm["after"]["status"]) == (True, "eligible")
    assert firm["facts"]["has_roof_garden"] is True
    text = run("rules", "diff", "2026-06-01", f"{extended}@2026-06-01", "--lang", "en").stdout
    assert "a new scheme" in text
    assert "lets in: " in text


@pytest.mark.parametrize("word", ["yesterday", "no/such/folder@2024-01-01", "2024-02-30"])
def test_diff_says_what_is_wrong_with_a_side(run: Run, word: str) -> None:
    """Neither a date nor a folder: refused, with what was written."""
    result = run("rules", "diff", word, "2024-01-01")
    assert result.exit_code == 2
    assert word.partition("@")[0] in result.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_fits_eighty_columns(run: Run, lang: str) -> None:
    """Both reports are readable on a terminal."""
    for words in (
        ("queue", "--as-of", "2028-01-01"),
        ("diff", "2022-12-31", "2023-01-01", "--scheme", "small-scale-vat"),
    ):
        text = run("rules", *words, "--lang", lang).stdout
        assert max(columns(line) for line in text.splitlines()) <= 80


def test_diff_covers_how_schemes_stand_to_each_other(run: Run) -> None:
    """A relation that follows another is told as one that came and one that went, narrowed to the schemes asked about."""
    words = ("rules", "diff", "2026-07-31", "2026-08-01", "--scheme", "sme-loan-interest-subsidy", "--json")
    found = {one["relation"]: one for one in json.loads(run(*words).stdout)["relations"]}
    assert {id_: one["change"] for id_, one in found.items()} == {
        "subsidised-principal-seventy-five-million": "added",
        "subsidised-principal-fifty-million": "removed",
    }
    assert found["subsidised-principal-fifty-million"]["after"] is None


def test_diff_says_what_of_a_relation_is_another(run: Run, copy: Path) -> None:
    """A ceiling raised in a copy: its own words, what it was and what it is, and the exit status of a change."""
    relations = copy / "interplay.yaml"
    text = relations.read_text(encoding="utf-8")
    relations.write_text(text.replace('value: "2250000.00"', 'value: "2260000.00"'), encoding="utf-8")
    result = run("rules", "diff", "2026-09-01", f"{copy}@2026-09-01", "--lang", "en")
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert "± shares a ceiling: From 1 August at most 75 million" in said
    assert "ceiling: {'value': '2250000" in said
    assert "2260000" in said
