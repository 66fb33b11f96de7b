"""`matcher industry`: plain words in, groups of the industry standard out."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


def test_one_query_is_answered(run: Run) -> None:
    """Code, official name and what matched, the likeliest first."""
    result = run("industry", "做汽车零件")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "367 汽车零部件及配件制造 – 关键词“做汽车零件”"


def test_every_line_of_standard_input_is_a_query(run: Run) -> None:
    """One JSON line each, in their order, also for an empty line; status 1 where one found nothing."""
    result = run("industry", "-", "--json", stdin="开面馆\n\nauto parts\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["query"] for answer in answers] == ["开面馆", "", "auto parts"]
    assert answers[0]["groups"][0]["code"] == "621"
    assert answers[0]["groups"][0].keys() == {"code", "name", "why"}
    assert answers[1]["groups"] == []
    assert "hint" in answers[1]
    assert result.exit_code == 1
    assert run("industry", "-", "--json", stdin="开面馆\r\n").exit_code == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_nothing_fits_it_says_how_to_ask(run: Run, lang: str) -> None:
    """A hint with an example, and status 2; in JSON empty groups."""
    result = run("industry", "开公司", "--lang", lang)
    assert (result.exit_code, result.stdout) == (2, "")
    assert ("汽车零件" if lang == "zh" else "auto parts") in " ".join(result.stderr.split())
    assert json.loads(run("industry", "开公司", "--json").stdout)["groups"] == []


def test_other_encodings_are_refused(run: Run) -> None:
    """A list saved as GBK is named, with its line."""
    result = run("industry", "-", stdin="开面馆\n修车\n".encode("gb18030"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "GBK" in result.stderr


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("998,没有的行业,杂货,misc", "998: no group of GB/T 4754-2017"),
        ("011,谷物种植,种地,grain farm", "011: the group stands twice; first on line 2"),
        ("012,豆类、油料和薯类种植,种豆||种薯,beans", "012: a keyword has 1 to 40 characters"),
    ],
)
def test_rules_check_reads_the_keywords(run: Run, tmp_path: Path, repo_root: Path, row: str, said: str) -> None:
    """An unknown code, a group that stands twice and an empty keyword are refused with file and line."""
    shutil.copytree(repo_root / "rules", tmp_path / "rules")
    words = tmp_path / "rules" / "reference" / "industries.csv"
    lines = words.read_text(encoding="utf-8").splitlines()
    words.write_text("\n".join([*lines, row, ""]), encoding="utf-8")
    result = run("rules", "check", "--rules", tmp_path / "rules")
    assert (result.exit_code, result.stdout) == (2, "")
    group, _, fault = said.partition(": ")
    assert f"reference/industries.csv:{len(lines) + 1}:1: {group}: " in result.stderr
    assert fault in result.stderr
