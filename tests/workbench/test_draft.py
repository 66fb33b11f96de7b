"""`matcher rules draft`: the next version of a scheme is begun after its last terms, in a copy of the rules that can be tried."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from matcher.places import rules_dir
from matcher.rulebook.load import PLACEHOLDER, load
from matcher.rulebook.reading import RulebookError
from matcher.rulebook.rulebook import Rulebook, version_on
from matcher.workbench.draft import DraftError, next_version

Run = Callable[..., Result]
FUND, LOAN = "smart-manufacturing-fund", "sme-loan-interest-subsidy"
LEFT_OPEN = re.compile(rf'"?{PLACEHOLDER}：[^",}}\n]*"?')


def filled(text: str, day: date) -> str:
    """The draft with each day replaced by ``day`` and each text by some text."""

    def fill(match: re.Match[str]) -> str:
        return '"某号"' if match[0].startswith('"') else day.isoformat()

    return LEFT_OPEN.sub(fill, text)


def scheme_file(slug: str, folder: Path | None = None) -> Path:
    """The file of a scheme."""
    return next((folder or rules_dir()).glob(f"schemes/**/{slug}.yaml"))


def test_what_must_be_filled_in_is_named_all_at_once(run: Run, tmp_path: Path) -> None:
    """The check of a fresh draft names each open place with line, column and what to write, in both languages, and nothing else."""
    made = run("rules", "draft", FUND, "-o", tmp_path / "d")
    assert made.exit_code == 0
    assert "5处待填" in made.stdout
    assert "smart_fund.upgrade_share" in made.stdout
    assert f"matcher rules check --rules {tmp_path / 'd'}" in made.stdout
    checked = run("rules", "check", "--rules", tmp_path / "d")
    assert checked.exit_code == 2
    heads = [line for line in checked.stderr.splitlines() if not line.startswith(" ")]
    assert len(heads) == 5
    assert all(re.match(rf"schemes/industry/{FUND}\.yaml:\d+:\d+: \w+: 还没填：", line) for line in heads)
    assert "still to be filled in: the number of the new notice" in checked.stderr


def test_a_draft_that_is_filled_in_names_the_figures_that_end(run: Run, tmp_path: Path) -> None:
    """Each figure without a value is named once with its file and line, in both languages, with an example."""
    copy = tmp_path / "d"
    run("rules", "draft", FUND, "--from", "2026-01-01", "--until", "2026-12-31", "-o", copy)
    file = scheme_file(FUND, copy)
    file.write_text(filled(file.read_text(encoding="utf-8"), date(2026, 12, 31)), encoding="utf-8")
    checked = run("rules", "check", "--rules", copy)
    heads = [line for line in checked.stderr.splitlines() if not line.startswith(" ")]
    assert len(heads) == 11
    assert all(
        re.match(r"parameters/works\.yaml:\d+:\d+: values: 数值'smart_fund\.\w+'在2026-01-01没有值", one)
        for one in heads
    )


def test_every_scheme_can_be_drafted_and_loads_but_for_its_figures(rulebook: Rulebook, tmp_path: Path) -> None:
    """With the open places filled in, all versions and rules follow each other; only figures and relations that end are wanted."""
    copy = Path(shutil.copytree(rules_dir(), tmp_path / "rules"))
    drafted = {}
    for slug, scheme in rulebook.schemes.items():
        text = scheme_file(slug).read_text(encoding="utf-8")
        first = date(2028, 6, 1) if scheme.versions[-1].until is None and scheme.versions[-1].state is None else None
        try:
            made = next_version(text, slug, first)
        except DraftError:
            assert all(version.state for version in scheme.versions), slug
            continue
        last = made.first + timedelta(days=400)
        made = next_version(text, slug, made.first, last)
        drafted[slug] = made.first
        scheme_file(slug, copy).write_text(filled(made.text, last), encoding="utf-8")
    assert len(drafted) > 100
    with pytest.raises(RulebookError) as refused:
        load(copy)
    wanted = (
        "has no value on",
        "prolong it",
        "stands to it",
    )  # a figure that ends; a relation that ends; one that is wanted
    assert [str(one) for one in refused.value.problems if not any(words in one.message for words in wanted)] == []


def test_a_draft_without_new_figures_is_in_force_on_its_days(run: Run, rulebook: Rulebook, tmp_path: Path) -> None:
    """Where the figures go on, the filled-in draft loads: the new version holds from its first to its last day, what was
    unconfirmed goes on after it, and the last terms hold as before."""
    copy, slug = tmp_path / "d", "industrial-heritage-brand"
    run("rules", "draft", slug, "--from", "2029-03-01", "--until", "2029-12-31", "-o", copy)
    file = scheme_file(slug, copy)
    file.write_text(filled(file.read_text(encoding="utf-8"), date(2029, 12, 31)), encoding="utf-8")
    tried = load(copy)
    new = version_on(tried.schemes[slug], date(2029, 3, 1))[0]
    assert new is not None
    assert (new.from_, new.until, new.state, new.instrument) == (date(2029, 3, 1), date(2029, 12, 31), None, "某号")
    before = version_on(tried.schemes[slug], date(2029, 2, 28))[1]
    assert before == version_on(rulebook.schemes[slug], date(2029, 2, 28))[1]
    names = {path.relative_to(copy) for path in copy.rglob("*") if path.is_file()}
    changed = {name for name in names if (copy / name).read_bytes() != (rules_dir() / name).read_bytes()}
    assert changed == {file.relative_to(copy)}


def test_the_days_of_the_last_round_are_asked_for_anew(rulebook: Rulebook) -> None:
    """A round's days stand as open places that name the last round's; a day that recurs is taken over."""
    text = next_version(scheme_file(LOAN).read_text(encoding="utf-8"), LOAN).text
    assert "closes: 待填：上一轮是2026-12-31 / 2026-12-31 in the last round" in text


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("no-such-scheme",), "no-such-scheme"),
        ((FUND, "--from", "2026-13-01"), "--from"),
        ((FUND, "--from", "2025-06-01"), "2026-01-01"),
        ((FUND, "--from", "2026-06-01", "--until", "2026-05-01"), "2026-05-01"),
    ],
)
def test_what_cannot_be_drafted_is_refused(run: Run, tmp_path: Path, words: tuple[str, ...], wanted: str) -> None:
    """Status 2, in words, and nothing is written."""
    refused = run("rules", "draft", *words, "-o", tmp_path / "d")
    assert refused.exit_code == 2
    assert wanted in refused.stderr
    assert not (tmp_path / "d").exists()


def test_neither_the_rules_in_use_nor_another_folder_nor_a_draft_is_overwritten(run: Run, tmp_path: Path) -> None:
    """Each is refused with what to do."""
    assert "-o" in run("rules", "draft", FUND, "-o", rules_dir(), "--lang", "en").stderr
    (tmp_path / "other").mkdir()
    assert "new folder" in run("rules", "draft", FUND, "-o", tmp_path / "other", "--lang", "en").stderr
    run("rules", "draft", FUND, "-o", tmp_path / "d")
    again = run("rules", "draft", FUND, "-o", tmp_path / "d", "--lang", "en")
    assert again.exit_code == 2
    assert "has a draft already" in again.stderr
    assert run("rules", "draft", LOAN, "-o", tmp_path / "d").exit_code == 0
