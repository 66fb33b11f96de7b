"""`matcher check`: what goes in, what comes out, and with which exit status."""

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from matcher.cli.options import columns
from matcher.rulebook.rulebook import Rulebook
from matcher.text.dates import today
from tests.fixtures.command_line import SHOP

Run = Callable[..., Result]
Write = Callable[[str, Any], Path]
SLUG = "six-taxes-two-fees"


def test_json_has_the_promised_shape(run: Run, shop: Path, rulebook: Rulebook) -> None:
    """The answer holds id, rulebook, date and decisions, each with every key of the contract."""
    result = run("check", shop, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found.keys() == {"id", "rulebook", "as_of", "decisions", "bundle"}
    assert (found["id"], found["rulebook"], found["as_of"]) == ("shop", rulebook.hash, "2023-08-15")
    (decision,) = found["decisions"]
    assert decision.keys() >= {
        "scheme", "status", "recipient", "amount", "extra", "missing", "failing", "reason", "reasons", "near_miss",
        "version", "clauses", "confidence", "warnings",
    }  # fmt: skip
    assert decision["status"] == "eligible"
    assert decision["amount"] == {"kind": "exact", "value": "19321.29"}
    assert decision["reasons"].keys() >= {
        "id", "kind", "outcome", "text", "fact", "value", "op", "bound", "distance", "says", "source", "children",
    }  # fmt: skip


def test_the_command_line_beats_the_file_and_the_file_beats_today(run: Run, write: Write) -> None:
    """`--as-of` is used before the file's date, and without either it is today in Tianjin."""
    with_date = write("a.json", SHOP)
    without = write("b.json", {**SHOP, "as_of": None})
    assert json.loads(run("check", with_date, "--as-of", "2024-03-01", "--json").stdout)["as_of"] == "2024-03-01"
    assert json.loads(run("check", with_date, "--json").stdout)["as_of"] == "2023-08-15"
    before = today()
    told = json.loads(run("check", without, "--json").stdout)["as_of"]
    assert before <= datetime.date.fromisoformat(told) <= today()


def test_today_is_the_day_in_tianjin() -> None:
    """Eight hours east of Greenwich the day begins earlier."""
    now = datetime.datetime.now(datetime.UTC)
    assert today() in {(now + datetime.timedelta(hours=8, seconds=s)).date() for s in (-60, 0)}


def test_scheme_options_beat_the_file_and_keep_the_catalogue_order(run: Run, write: Write, rulebook: Rulebook) -> None:
    """Ids may follow one `--scheme`, several, or commas; the answers come in the order of the catalogue."""
    slugs = list(rulebook.schemes)
    shop = write("a.json", {**SHOP, "schemes": slugs[:1]})
    asked = list(reversed(slugs[:3]))

    def answered(*words: str) -> list[str]:
        return [d["scheme"] for d in json.loads(run("check", *words, "--json").stdout)["decisions"]]

    assert answered(str(shop)) == slugs[:1]
    assert answered(str(shop), "--scheme", *asked) == slugs[:3]
    assert answered("--scheme", *asked, str(shop)) == slugs[:3]
    assert answered(str(shop), *(word for slug in asked for word in ("--scheme", slug))) == slugs[:3]
    assert answered(str(shop), "--scheme", ",".join(asked)) == slugs[:3]


def test_all_schemes_are_decided_unless_some_are_named(run: Run, write: Write, rulebook: Rulebook) -> None:
    """A flat profile asks about everything; its id is the stem of the file."""
    found = json.loads(run("check", write("flat.json", {"employees": 3}), "--json").stdout)
    assert found["id"] == "flat"
    assert [decision["scheme"] for decision in found["decisions"]] == list(rulebook.schemes)


@pytest.mark.parametrize("text", [json.dumps(SHOP), json.dumps(SHOP, indent=1), "facts: {employees: 3}\nid: shop\n"])
def test_a_dash_reads_standard_input(run: Run, text: str) -> None:
    """JSON and YAML are told apart by their first character."""
    result = run("check", "-", "--json", "--as-of", "2023-08-15", stdin=text)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["id"] == "shop"


def test_many_profiles_are_answered_line_by_line(run: Run, write: Write) -> None:
    """A .jsonl is answered one JSON line each in order, with or without --json; a bad line makes the status 1."""
    good = json.dumps(SHOP)
    bad = json.dumps({"id": "bad", "facts": {"employees": 3.5, "established_on": "2023-02-30"}})
    path = write("many.jsonl", "\n".join([good, bad, "{oops", "", json.dumps({"employees": 3})]))
    for result in (
        run("check", path, "--as-of", "2023-08-15"),
        run("check", "-", "--as-of", "2023-08-15", stdin=path.read_text()),
    ):
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        assert result.exit_code == 1
        assert [sorted(answer)[-1] for answer in answers] == ["rulebook", "id", "id", "rulebook"]
        assert answers[1].keys() == {"id", "errors"}
        assert [error["field"] for error in answers[1]["errors"]] == ["employees", "established_on"]
        assert [error["line"] for error in answers[1]["errors"]] == [2, 2]
    assert run("check", write("fine.jsonl", good + "\n" + good)).exit_code == 0
    assert run("check", write("none.jsonl", "")).exit_code == 0


def test_bad_input_lists_every_fault_and_ends_with_2(run: Run, write: Write) -> None:
    """With --json the faults are JSON on standard output, otherwise text on standard error; nothing is decided."""
    path = write(
        "bad.yaml", "facts:\n  employees: 3.5\n  credit_code: 91120101666842431X\n  established_on: 2023-02-30\n"
    )
    words = ("check", path, "--as-of", "2023-2-30", "--scheme", "six-taxes-two-fee")
    result = run(*words, "--json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert found.keys() == {"id", "errors"}
    assert [(error["field"], error["line"]) for error in found["errors"]] == [
        ("--as-of", None), ("--scheme", None), ("employees", 2), ("credit_code", 3), ("established_on", 4),
    ]  # fmt: skip
    assert all(error.keys() == {"field", "line", "value", "text"} for error in found["errors"])
    assert all(error["text"].keys() == {"zh", "en"} for error in found["errors"])
    spoken = run(*words)
    assert (spoken.exit_code, spoken.stdout) == (2, "")
    for said in (
        "5处问题",
        "第2行 employees = 3.5",
        "是不是 six-taxes-two-fees",
        "校验位不对",
        "没有 2023-02-30 这一天",
    ):
        assert said in spoken.stderr
    assert "line 2 employees = 3.5" in run(*words, "--lang", "en").stderr


def test_options_that_are_wrong_stop_a_jsonl_before_its_first_line(run: Run, write: Write) -> None:
    """A date that does not exist is not answered once a line."""
    result = run("check", write("many.jsonl", json.dumps(SHOP) + "\n" + json.dumps(SHOP)), "--as-of", "2023-02-30")
    assert result.exit_code == 2
    assert [error["field"] for error in json.loads(result.stdout)["errors"]] == ["--as-of"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_is_readable_in_eighty_columns(run: Run, write: Write, lang: str, rulebook: Rulebook) -> None:
    """Every scheme has its line with mark and word, and no line is wider than a terminal."""
    result = run(
        "check", write("flat.yaml", "employees: 3\nvat_status: general\n"), "--as-of", "2023-08-15", "--lang", lang
    )
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert max(columns(line) for line in lines) <= 80
    for scheme in rulebook.schemes.values():
        assert scheme.slug in result.stdout
    assert any(line[:1] in "●◐◔○·?▲△" for line in lines)


def test_text_says_amount_recipient_reasons_and_source(run: Run, shop: Path) -> None:
    """A person sees what, how much, to whom, until when and where; with -v why, with the instrument the reason rests on."""
    text = run("check", shop).stdout
    for said in ("● 可享受", "19,321.29 元", "企业少缴或少付", "2027年12月31日止", "找谁", "12366"):
        assert said in text
    assert "✓" not in text
    in_full = run("check", shop, "-v").stdout
    for said in ("19,321.29 元", "✓", "2023年第12号", "50% × "):
        assert said in in_full
    assert "● entitled" in run("check", shop, "--lang", "en").stdout


def test_what_can_be_used_is_read_first(run: Run, write: Write) -> None:
    """Whatever the catalogue's order, entitlements come first and what is not in force last."""
    told = {"vat_status": "small_scale", "legal_form": "individual_business", "district": "nankai"}
    text = run("check", write("shop.json", {"as_of": "2026-12-01", "facts": told})).stdout
    marks = [line[0] for line in text.splitlines()[3:] if line[:1] in {*"●◐▲◔○△?·"} and line.endswith(")")]
    assert marks == sorted(marks, key="●◐▲◔○△?·".index)


def test_of_a_refusal_only_what_fails_is_read(run: Run, write: Write) -> None:
    """The conditions that hold stand in the full form alone; alternatives that all fail stand under their head."""
    told = {
        "vat_status": "general", "legal_form": "company", "is_before_first_settlement": True,
        "in_restricted_or_prohibited_industry": False, "employees_end_last_month": 301, "assets_end_last_month": 900,
    }  # fmt: skip
    path = write("near.json", {"as_of": "2022-09-10", "schemes": [SLUG], "facts": told})
    assert "从业人数不超过300人" in run("check", path).stdout
    assert "从事国家非限制和禁止行业" not in run("check", path).stdout
    assert "从事国家非限制和禁止行业" in run("check", path, "-v").stdout


def test_failing_branches_come_first(run: Run, write: Write) -> None:
    """What fails is read before what holds; dismissing somebody is no advice."""
    facts = {
        "vat_status": "general", "legal_form": "company", "is_before_first_settlement": True,
        "in_restricted_or_prohibited_industry": False, "employees_end_last_month": 301,
        "assets_end_last_month": "1000.00", "six_taxes_two_fees_payable": 1200,
    }  # fmt: skip
    path = write("near.json", {"as_of": "2022-09-10", "schemes": [SLUG], "facts": facts})
    text = run("check", path).stdout
    assert "○ 不符合" in text
    assert "变为" not in text
    marks = [line.strip()[0] for line in text.splitlines() if line.strip()[:2] in {"✗ ", "✓ "}]
    assert marks[0] == "✗"


def test_near_misses_are_told(run: Run, write: Write) -> None:
    """The smallest change that would do is named, the day to wait for, and a duty as a duty."""
    scenes = {
        "district": "binhai", "industry": "3451", "is_dishonest_debtor": False, "is_on_serious_violation_list": False,
        "smart_manufacturing_maturity_level": 2, "smart_scenes_covered": 3,
    }  # fmt: skip
    path = write("near.json", {"as_of": "2024-06-01", "schemes": ["intelligent-factory"], "facts": scenes})
    assert "3 个场景变为6 个场景" in run("check", path).stdout
    founded = {**SHOP["facts"], "established_on": "2026-05-04"}
    path = write("new.json", {"as_of": "2026-03-31", "schemes": [SLUG], "facts": founded})
    assert "等到2026年5月4日" in run("check", path).stdout


def test_missing_facts_come_with_their_questions(run: Run, write: Write, rulebook: Rulebook) -> None:
    """A person is asked in the words of the vocabulary."""
    path = write("new.json", {"as_of": "2023-08-15", "schemes": [SLUG], "facts": {}})
    decision = json.loads(run("check", path, "--json").stdout)["decisions"][0]
    assert decision["status"] == "needs_information"
    question = rulebook.facts[decision["missing"][0]].question
    assert question is not None
    assert question.zh[:12] in run("check", path).stdout
    assert "◔ 还缺信息" in run("check", path).stdout


def test_what_was_made_of_a_credit_code_is_shown(run: Run, write: Write) -> None:
    """A normalised code is a warning of the whole answer, in JSON and in text."""
    shop = write("a.json", {**SHOP, "facts": {"credit_code": "9112 0101 6668 4243 1t"}})
    (warning,) = json.loads(run("check", shop, "--json").stdout)["warnings"]
    assert warning["code"] == "credit_code_normalised"
    assert "91120101666842431T" in run("check", shop).stdout


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_answered(run: Run, write: Write, day: str) -> None:
    """Neither the date asked about nor a date told may lead out of the calendar."""
    shop = write("a.json", {"facts": {"established_on": day, "loan_granted_on": day}})
    assert run("check", shop, "--as-of", day, "--json").exit_code == 0
    assert run("check", shop, "--as-of", "2023-08-15", "--json").exit_code == 0


def process(*words: str | Path, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run `matcher` as its own process in a plain environment."""
    command = [sys.executable, "-c", "from matcher.cli import main; main()", *map(str, words)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, env={**os.environ, **env})


def test_a_real_process_answers_in_utf8_whatever_the_terminal(shop: Path, repo_root: Path) -> None:
    """Chinese comes out although the environment speaks ASCII, and nothing is written to standard error."""
    result = process("check", shop, PYTHONIOENCODING="ascii", PYTHONPATH=str(repo_root))
    assert (result.returncode, result.stderr) == (0, b"")
    assert "可享受" in result.stdout.decode("utf-8")


def test_a_real_process_ends_with_2_and_no_traceback_on_bad_input(repo_root: Path) -> None:
    """Garbage on standard input is answered in words."""
    result = process("check", "-", stdin=b"\xff\xfe\x00", PYTHONPATH=str(repo_root))
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr
    assert "UTF-16" in result.stderr.decode("utf-8")


def test_a_check_loads_neither_the_site_nor_the_letter(shop: Path, repo_root: Path) -> None:
    """Flask, WeasyPrint, the database and the spelling help stay on the shelf: that is what keeps a start short."""
    script = (
        "import sys\nfrom matcher.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'flask', 'weasyprint', 'sqlmodel', 'sqlalchemy', 'rapidfuzz', 'wtforms'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", script, "check", str(shop), "--json"]
    env = {**os.environ, "PYTHONPATH": str(repo_root)}
    result = subprocess.run(command, capture_output=True, check=True, env=env)
    assert result.stdout.splitlines()[-1] == b"[]"
