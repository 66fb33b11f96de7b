"""`matcher rules coverage`: measure, clauses, schemes, versions, share of the worked cases."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from matcher.cli.options import columns
from matcher.places import rules_dir
from matcher.rulebook.rulebook import Rulebook

Run = Callable[..., Result]
Write = Callable[[str, Any], Path]


def case(slug: str, day: str) -> dict[str, Any]:
    """A worked case of a scheme on a day; what it expects does not matter here."""
    return {"id": f"{slug}-{day}", "scheme": slug, "as_of": day, "facts": {}, "expect": {"status": "not_open"}}


def test_everything_is_accounted_for(run: Run, rulebook: Rulebook) -> None:
    """21 of 21 measures, 156 of 156 clauses, all four kinds, every scheme named or a neighbour."""
    result = run("rules", "coverage", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert found["rulebook"] == rulebook.hash
    assert found["totals"]["measures"] == {"accounted": 21, "of": 21}
    clauses = {"accounted": 156, "of": 156, "support": 68, "service": 22, "restriction": 12, "internal": 54}
    assert found["totals"]["clauses"] == clauses
    named = {one["scheme"] for measure in found["measures"] for one in measure["schemes"]}
    assert named.isdisjoint(one["scheme"] for one in found["neighbours"])
    assert named | {one["scheme"] for one in found["neighbours"]} == set(rulebook.schemes)
    assert found["totals"]["versions"] == sum(len(scheme.versions) for scheme in rulebook.schemes.values())


def test_cases_are_counted_by_version(run: Run, write: Write) -> None:
    """A case counts for its scheme, for the version of its day, and as a share of all; strangers do not count."""
    cases = [
        case("six-taxes-two-fees", "2020-05-01"),
        case("six-taxes-two-fees", "2023-05-01"),
        case("six-taxes-two-fees", "2023-06-01"),
        case("chamber-service", "2023-06-01"),
        case("no-such-scheme", "2023-06-01"),
    ]
    file = write("cases.json", cases)
    found = json.loads(run("rules", "coverage", "--json", file.rename(file.with_suffix(".yaml"))).stdout)
    measure = found["measures"][18]
    (scheme,) = [one for one in measure["schemes"] if one["scheme"] == "six-taxes-two-fees"]
    assert [version["cases"] for version in scheme["versions"]] == [1, 0, 2, 0]
    assert (scheme["cases"], scheme["share"]) == (3, "0.750000")
    assert (measure["cases"], measure["share"]) == (3, "0.750000")
    assert found["totals"]["cases"] == 4
    assert found["totals"]["versions_without_case"] == found["totals"]["versions"] - 3


def test_without_cases_there_is_no_share(run: Run) -> None:
    """A share of nothing is null, and a dash in the table."""
    found = json.loads(run("rules", "coverage", "--json").stdout)
    assert {measure["share"] for measure in found["measures"]} == {None}
    assert "–" in run("rules", "coverage").stdout


def test_what_is_quoted_is_counted(run: Run) -> None:
    """Every condition, figure and day of a version is quoted or says why not, and of every text it is known how it was seen."""
    found = json.loads(run("rules", "coverage", "--json").stdout)["citations"]
    for name in ("conditions", "figures", "days"):
        counts = found[name]
        assert counts["of"] == sum(count for key, count in counts.items() if key != "of") > 0
        assert counts.get("missing", 0) == 0
    texts = found["instruments"]
    assert texts["of"] == texts["number"] == texts["title"] == texts["seen"] == sum(found["seen"].values())


def test_departments_offices_and_closing_days_are_whole(run: Run) -> None:
    """On 1 December 2026 every scheme names an office that is known, every office of the city has a number to call, and whatever
    gives a sum has a closing day or says why none is written."""
    found = json.loads(run("rules", "coverage", "--as-of", "2026-12-01", "--json").stdout)["application"]
    assert found["departments"]["known"] == found["departments"]["of"] > 100
    assert found["offices"]["hotline"] == found["offices"]["of"] > 20
    closing = found["closing"]
    assert closing["missing"] == 0
    assert closing["day"] + closing["ground"] == closing["of"] > 20


def test_a_scheme_without_a_closing_day_and_without_a_reason_is_counted(run: Run, tmp_path: Path) -> None:
    """One reason taken out of a copy of the rules: one is missing on a day of that version, none on a day before it."""
    copy = Path(shutil.copytree(rules_dir(), tmp_path / "rules"))
    scheme = copy / "schemes" / "tax" / "six-taxes-two-fees.yaml"
    text = scheme.read_text(encoding="utf-8")
    scheme.write_text(re.sub(r", no_deadline: \{[^}]*\}", "", text), encoding="utf-8")

    def missing(day: str) -> int:
        told = json.loads(run("rules", "coverage", "--as-of", day, "--rules", copy, "--json").stdout)
        count: int = told["application"]["closing"]["missing"]
        return count

    own = json.loads(run("rules", "coverage", "--as-of", "2028-06-01", "--json").stdout)["application"]["closing"]
    assert missing("2026-12-01") == 1
    assert missing("2028-06-01") == own["missing"]
    assert run("rules", "coverage", "--as-of", "2026-13-01").exit_code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_is_readable(run: Run, lang: str) -> None:
    """For people: a row a measure, every clause and scheme where asked for, the totals, in eighty columns."""
    text = run("rules", "coverage", "--lang", lang, "--clauses").stdout
    assert all(f"m{number:02d}-c01" in text for number in range(1, 22))
    assert "→ guarantee-fee-rebate" in text
    wanted = ("措施21/21", "条款156/156") if lang == "zh" else ("21/21 measures", "156/156 clauses")
    assert any(all(words in line for words in wanted) for line in text.splitlines())
    quoted = ("见于原句", "凭记忆") if lang == "zh" else ("found in their sentence", "from memory")
    assert all(words in " ".join(text.split()) for words in quoted)
    assert max(columns(line) for line in text.splitlines()) <= 80


def test_a_case_file_that_cannot_be_read_is_named(run: Run, write: Write) -> None:
    """The file and line are said, and the status is 2."""
    result = run("rules", "coverage", write("broken.yaml", "- {id: a\n- ]"))
    assert result.exit_code == 2
    assert "broken.yaml:" in result.stderr
