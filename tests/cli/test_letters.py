"""`matcher letter --issue` and `matcher letters`: a letter from its issue to its revocation."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

FIRM = {"name": "天津市喆堃镕科技有限公司", "vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, with nothing in it."""
    for name in ("DATABASE_URL", "MATCHER_KEYS", "MATCHER_KEYS_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "instance"))
    return tmp_path


@pytest.fixture
def issue(run: Run, folder: Path, write: Callable[[str, Any], Path]) -> Callable[..., Path]:
    """Issue a letter of Heping, which has a key, into a file; more words go on the command line."""
    assert run("keys", "new", "heping").exit_code == 0
    firm = write("firm.json", FIRM)

    def call(*words: str) -> Path:
        file = folder / f"{len(list(folder.glob('*.pdf')))}.pdf"
        result = run(
            "letter", firm, "--issue", "--centre", "heping", "--scheme", "six-taxes-two-fees", "-o", file, *words
        )
        assert result.exit_code == 0, result.output
        return file

    return call


def listed(run: Run) -> list[dict[str, Any]]:
    """The register as JSON."""
    found: list[dict[str, Any]] = json.loads(run("letters", "list", "--json").output)
    return found


def test_a_letter_from_issue_to_revocation(run: Run, issue: Callable[..., Path], folder: Path) -> None:
    """Issued, replaced by another, reprinted byte for byte, revoked: the register tells each state."""
    first = issue()
    typed = listed(run)[0]["number"].replace("〔", "[").replace("〕", "] ")  # as a keyboard has it
    second = issue("--lang", "both", "--valid-days", "30", "--supersedes", typed)
    assert [one["state"] for one in listed(run)] == ["superseded", "valid"]
    number = listed(run)[1]["number"]
    assert run("letters", "revoke", number, "--reason", "所报情况不实").exit_code == 0
    assert [one["state"] for one in listed(run)] == ["superseded", "revoked"]
    again = folder / "again.pdf"
    assert run("letters", "reprint", listed(run)[0]["code"], "-o", again).exit_code == 0
    assert again.read_bytes() == first.read_bytes() != second.read_bytes()


def test_the_register_is_shown_and_extracted(run: Run, issue: Callable[..., Path], folder: Path) -> None:
    """What the register holds is shown in both languages, in JSON with the receipt, and as a PDF."""
    issue()
    number = listed(run)[0]["number"]
    assert f"文号：{number}\n" in run("letters", "show", number).output
    assert "State: valid\n" in run("letters", "show", number, "--lang", "en").output
    shown = json.loads(run("letters", "show", number, "--json").output)
    assert (shown["number"], shown["receipt"]["facts"]["name"]["value"]) == (number, FIRM["name"])
    assert run("letters", "extract", number, "-o", folder / "extract.pdf").exit_code == 0
    assert (folder / "extract.pdf").read_bytes().startswith(b"%PDF")
    assert number in run("letters", "list", "--centre", "heping").output
    assert run("letters", "list", "--centre", "hexi").output == ""


@pytest.mark.parametrize("words", [("show", "津和惠函〔2026〕9号"), ("revoke", "R3RTAFXFW7GY", "--reason", "x")])
def test_a_letter_that_is_not_there(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    """An unknown number or code is refused with what to do, exit status 2."""
    result = run("letters", *words)
    assert result.exit_code == 2
    assert "matcher letters list" in result.output


def test_a_centre_that_is_not_there(run: Run, folder: Path, write: Callable[[str, Any], Path]) -> None:
    """A mistyped centre is refused, the one probably meant is named, and no file is left."""
    firm, file = write("firm.json", FIRM), folder / "x.pdf"
    result = run("letter", firm, "--issue", "--centre", "hepng", "-o", file)
    assert result.exit_code == 2
    assert "heping" in result.output
    assert not file.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--issue",), "--centre"), (("--supersedes", "x"), "--supersedes"), (("--valid-days", "3"), "--valid-days")],
)
def test_half_an_issue_is_refused(
    run: Run, folder: Path, write: Callable[[str, Any], Path], words: tuple[str, ...], said: str
) -> None:
    """--issue without a centre, or what belongs to an issue without --issue, is refused and not silently a draft."""
    result = run("letter", write("firm.json", FIRM), "-o", folder / "x.pdf", *words)
    assert result.exit_code == 2
    assert said in result.output
    assert not (folder / "x.pdf").exists()


def test_a_place_that_cannot_be_written_costs_no_number(run: Run, issue: Callable[..., Path], folder: Path) -> None:
    """Where the file cannot be put the letter is not issued at all."""
    firm = folder / "firm.json"
    result = run("letter", firm, "--issue", "--centre", "heping", "-o", folder / "nowhere" / "x.pdf")
    assert result.exit_code == 2
    assert listed(run) == []


def test_a_withheld_fact_is_disclosed_and_checked_beside_the_letter(
    run: Run, issue: Callable[..., Path], folder: Path, write: Callable[[str, Any], Path]
) -> None:
    """The letter tells nothing of the turnover; a disclosure proves it beside the file, and beside nothing else."""
    firm = write("private.json", {**FIRM, "annual_revenue": "620000.00", "employees": 7})
    issue()  # makes the key, and another letter
    letter = folder / "private.pdf"
    words = (
        "--issue",
        "--centre",
        "heping",
        "--scheme",
        "six-taxes-two-fees",
        "--supersedes",
        listed(run)[0]["number"],
    )
    assert run("letter", firm, *words, "-o", letter).exit_code == 0
    number = listed(run)[1]["number"]
    assert "annual_revenue" not in json.loads(run("letters", "show", number, "--json").output)["receipt"]["facts"]
    shown = folder / "shown.json"
    assert run("letters", "disclose", number, "--fact", "annual_revenue", "-o", shown).exit_code == 0
    found = json.loads(run("verify", letter, "--disclosed", shown, "--json").output)
    assert [(one["fact"], one["value"]) for one in found["disclosed"]] == [("annual_revenue", "620000.00")]
    assert "employees" not in shown.read_text(encoding="utf-8")
    assert "620000.00" in run("verify", letter, "--disclosed", shown).output
    assert run("letters", "disclose", number, "-o", folder / "all.json").exit_code == 0
    assert "employees" in (folder / "all.json").read_text(encoding="utf-8")
    other = folder / "0.pdf"
    for refused in (
        run("letters", "disclose", number, "--fact", "vat_status", "-o", shown),
        run("verify", other, "--disclosed", shown),
        run("verify", letter, "--disclosed", folder / "missing.json"),
        run("verify", "--code", listed(run)[1]["code"], "--disclosed", shown),
    ):
        assert (refused.exit_code, bool(refused.stderr)) == (2, True)


def test_numbers_without_a_letter_are_listed(run: Run, issue: Callable[..., Path]) -> None:
    """None after an issue that went well; a centre that does not exist is refused."""
    issue()
    assert json.loads(run("letters", "voids", "--json").output) == []
    assert run("letters", "voids", "--centre", "heping").output == ""
    assert run("letters", "voids", "--centre", "atlantis").exit_code == 2
