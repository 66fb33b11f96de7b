"""The smaller commands: facts, rules, letter, serve, and the help of all of them."""

import io
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pypdf import PdfReader

from matcher.cli.options import columns
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.command_line import SHOP

Run = Callable[..., Result]
Write = Callable[[str, Any], Path]


def test_facts_lists_the_whole_vocabulary(run: Run, rulebook: Rulebook) -> None:
    """For programs: id, type, unit, values, bounds, label, question, group and who states it; bounds as decimals."""
    found = {fact["id"]: fact for fact in json.loads(run("facts", "--json").stdout)}
    assert list(found) == list(rulebook.facts)
    assert found["loan_annual_rate"]["max"] == "0.36"
    assert found["annual_revenue"]["min"] == "0"
    assert found["vat_status"]["values"]["general"] == {"zh": "一般纳税人", "en": "general taxpayer"}
    assert found["dept_lender_approved"]["question"] is None
    assert all({"type", "unit", "label", "group", "stated_by"} <= fact.keys() for fact in found.values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_facts_is_readable(run: Run, rulebook: Rulebook, lang: str) -> None:
    """For people: every fact with its label, in eighty columns."""
    text = run("facts", "--lang", lang).stdout
    assert all(name in text for name in rulebook.facts)
    assert max(columns(line) for line in text.splitlines()) <= 80


def test_rules_check_says_what_the_rulebook_holds(run: Run, rulebook: Rulebook) -> None:
    """Counts and the hash."""
    text = run("rules", "check").stdout
    assert f"{len(rulebook.schemes)} schemes" in text
    assert rulebook.hash in text


def test_rules_that_cannot_be_used_are_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every problem comes as file:line: key: message, with status 2, from whichever command needs the rules."""
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "firm.yaml").write_text("- {id: Bad Id, type: integer}\n", encoding="utf-8")
    monkeypatch.setattr("matcher.places.rules_dir", lambda: tmp_path)
    for words in (("rules", "check"), ("check", "-"), ("facts",)):
        result = run(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "facts/firm.yaml:1:" in result.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rules_show_writes_a_rule_in_words(run: Run, lang: str) -> None:
    """The rule of a scheme on a date, readable in eighty columns."""
    result = run("rules", "show", "six-taxes-two-fees", "--as-of", "2023-08-15", "--lang", lang)
    assert result.exit_code == 0
    assert "300" in result.stdout
    assert max(columns(line) for line in result.stdout.splitlines()) <= 80


def test_rules_show_writes_a_sheet_to_print(run: Run, tmp_path: Path) -> None:
    """With a file to write into, the same rule is a PDF."""
    result = run("rules", "show", "six-taxes-two-fees", "--as-of", "2023-08-15", "-o", str(tmp_path / "sheet.pdf"))
    assert (result.exit_code, "已写入" in result.stdout) == (0, True)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_rules_show_suggests_the_scheme_that_was_meant(run: Run) -> None:
    """A mistyped scheme and a wrong date are both said."""
    result = run("rules", "show", "six-taxes-two-fee", "--as-of", "yesterday")
    assert result.exit_code == 2
    assert "six-taxes-two-fees" in result.stderr
    assert "--as-of" in result.stderr


def test_letter_writes_a_pdf(run: Run, shop: Path, tmp_path: Path) -> None:
    """One A4 letter with the firm's name in it; no half-written file stays behind."""
    result = run("letter", shop, "-o", tmp_path / "letter.pdf")
    assert result.exit_code == 0
    pages = PdfReader(io.BytesIO((tmp_path / "letter.pdf").read_bytes())).pages
    assert "麦香阁" in pages[0].extract_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.pdf", "shop.json"]


def test_letter_refuses_what_cannot_be_one(run: Run, shop: Path, write: Write, tmp_path: Path) -> None:
    """Faults, many firms and a place that cannot be written end with 2 and no file."""
    bad = write("bad.json", {**SHOP, "facts": {"employees": 3.5}})
    many = write("many.jsonl", json.dumps(SHOP))
    for words in (
        (bad, "-o", tmp_path / "x.pdf"),
        (many, "-o", tmp_path / "x.pdf"),
        (shop, "-o", tmp_path / "no" / "x.pdf"),
    ):
        result = run("letter", *words)
        assert result.exit_code == 2
        assert result.stderr
    assert not (tmp_path / "x.pdf").exists()


def test_serve_says_when_the_address_is_taken(run: Run) -> None:
    """No traceback, but the address and the reason."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 1
    assert "127.0.0.1:" in result.output


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("check",),
        ("cases",),
        ("letter",),
        ("facts",),
        ("serve",),
        ("rules",),
        ("rules", "show"),
        ("rules", "coverage"),
        ("rules", "mutate"),
    ],
)
def test_every_command_explains_itself(run: Run, words: tuple[str, ...]) -> None:
    """`--help` works everywhere."""
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout
