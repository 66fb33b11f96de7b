"""`matcher schemes`: plain words in, schemes out."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]


def test_one_query_is_answered(run: Run) -> None:
    """Name, slug and what matched, the likeliest first, at most as many as asked for."""
    result = run("schemes", "稳岗", "-n", "2")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "失业保险稳岗返还 (job-retention-rebate) – 说的是“稳岗”"
    assert len(result.stdout.splitlines()) == 2


def test_every_line_of_standard_input_is_a_query(run: Run) -> None:
    """One JSON line each, in their order, also for an empty line; status 1 where one found nothing."""
    result = run("schemes", "-", "--json", "-n", "3", stdin="招人\n\nexport insurance\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["query"] for answer in answers] == ["招人", "", "export insurance"]
    assert len(answers[0]["schemes"]) == 3
    assert answers[0]["schemes"][0].keys() >= {"scheme", "score", "why"}
    assert answers[0]["ms"] >= 0
    assert answers[1]["schemes"] == []
    assert "hint" in answers[1]
    assert answers[2]["schemes"][0]["scheme"] == "export-credit-insurance"
    assert result.exit_code == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_nothing_fits_it_says_how_to_ask(run: Run, lang: str) -> None:
    """A hint with an example, and status 2; in JSON no schemes."""
    result = run("schemes", "qqq", "--lang", lang)
    assert (result.exit_code, result.stdout) == (2, "")
    assert ("换设备" if lang == "zh" else "new machines") in " ".join(result.stderr.split())
