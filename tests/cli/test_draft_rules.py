"""`--rules DIR`: a draft of the rules is tried by every command that reads rules, and no letter is issued from it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pypdf import PdfReader

from matcher import places
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order, Refusal
from matcher.places import rules_dir
from matcher.rulebook.load import load
from matcher.site.app import create_app
from tests.fixtures.issuing import NOON
from tests.fixtures.pages import SECRET, parsed

Run = Callable[..., Result]
SLUG = "six-taxes-two-fees"
NAME = "草稿里的六税两费"


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rules in which one scheme has another name and gives a quarter instead of half."""
    copy = Path(shutil.copytree(rules_dir(), tmp_path_factory.mktemp("draft") / "rules"))
    scheme = copy / "schemes" / "tax" / f"{SLUG}.yaml"
    before = scheme.read_text(encoding="utf-8")
    name = next(line for line in before.splitlines() if line.startswith("name:"))
    scheme.write_text(before.replace(name, f"name: {{zh: {NAME}, en: six taxes of the draft}}"), encoding="utf-8")
    figures = copy / "parameters" / "tax.yaml"
    head, found, rest = figures.read_text(encoding="utf-8").partition("- id: six_taxes.share")
    assert found
    rest = rest.replace('value: "0.5"', 'value: "0.25"').replace("value: 0.5", "value: 0.25")
    figures.write_text(head + found + rest, encoding="utf-8")
    return copy


@pytest.fixture(autouse=True)
def own_rules_after() -> Iterator[None]:
    """No test leaves a draft behind for the next."""
    yield
    assert not places.has_draft_rules()


def test_a_firm_is_decided_by_the_draft(run: Run, shop: Path, draft: Path) -> None:
    """`check` gives the draft's sum and its hash; without the option, before and after, the rules in force."""

    def amount(*more: str | Path) -> tuple[str, str]:
        found = json.loads(run("check", shop, "--json", *more).stdout)
        (decision,) = found["decisions"]
        return decision["amount"]["value"], found["rulebook"]

    own = amount()
    assert own[0] == "19321.29"
    assert amount("--rules", draft) == ("9660.64", load(draft).hash)
    assert amount() == own


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("rules", "show", SLUG), NAME),
        (("rules", "coverage", "--json"), NAME),
        (("rules", "queue", "--as-of", "2027-12-01"), NAME),
        (("interview", "{shop}"), NAME),
        (("rules", "diff", "2024-01-01", "2029-01-01", "--scheme", SLUG), NAME),
        (("rules", "prove", "--scheme", "industrial-heritage-brand"), "0"),
        (("cases", "{case}"), "1 passed, 0 failed, 0 skipped"),
        (("bundle", "{bundle}", "--json"), SLUG),
    ],
)
def test_every_command_takes_a_draft(
    run: Run, write: Callable[[str, Any], Path], shop: Path, draft: Path, words: tuple[str, ...], wanted: str
) -> None:
    """Each answers by the draft that `--rules` names."""
    facts = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "100.00"}
    expect = {"status": "eligible", "amount": {"kind": "exact", "value": "25.00"}}
    case = write("case.yaml", [{"id": "a", "scheme": SLUG, "as_of": "2024-01-05", "facts": facts, "expect": expect}])
    amount = {"kind": "exact", "value": "5.00"}
    offer = {"scheme": SLUG, "object": "firm", "status": "eligible", "recipient": "firm_price", "amount": amount}
    bundle = write("bundle.json", {"id": "b", "as_of": "2024-01-05", "offers": [offer]})
    told = [word.format(shop=shop, case=case, bundle=bundle) for word in words]
    result = run(*told, "--rules", draft)
    assert wanted in result.stdout, result.output


def test_a_folder_that_does_not_load_is_refused_by_every_command(run: Run, shop: Path, tmp_path: Path) -> None:
    """Status 2 with what is wrong: no folder, or one without rules."""
    for words in (
        ("check", shop),
        ("rules", "show", SLUG),
        ("rules", "queue"),
        ("interview", shop),
        ("rules", "prove"),
    ):
        assert run(*words, "--rules", tmp_path / "nowhere").exit_code == 2
        empty = run(*words, "--rules", tmp_path)
        assert empty.exit_code == 2
        assert "there are no rules in this folder" in empty.stderr


def test_no_letter_is_issued_from_a_draft(office: Office, order: Callable[..., Order]) -> None:
    """It is refused in both languages, and no number is used up."""
    drafted = replace(office, rulebook=replace(office.rulebook, is_draft=True))
    with pytest.raises(Refusal) as refused:
        issue(drafted, order(), NOON)
    assert "草稿" in refused.value.text.zh
    assert "draft" in refused.value.text.en
    assert issue(office, order(), NOON).number.endswith("〕1号")


def test_every_page_says_that_a_draft_is_served(draft: Path, tmp_path: Path) -> None:
    """The banner stands on pages of the site and of the desk in both languages, and on none of the rules in force; no
    letter is made."""
    places.choose_rules(draft)
    try:
        app = create_app({"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{tmp_path}/none.db"})
    finally:
        places.choose_rules(None)
    client = app.test_client()
    for address in ("/", "/document", f"/scheme/{SLUG}", "/desk/sign-in"):
        assert "试用的规则草稿" in client.get(address).text, address
    assert "A draft of the rules is being tried" in client.get("/?lang=en").text
    assert NAME in client.get(f"/scheme/{SLUG}?lang=zh").text
    refused = client.post("/letter", data={"fact_vat_status": "small_scale"})
    assert (refused.status_code, refused.mimetype) == (409, "text/html")
    assert "规则草稿不出函件" in client.post("/letter?lang=zh").text
    answered = {"csrf_token": parsed(client.get("/")).value("csrf_token"), "fact_vat_status": "small_scale"}
    assert client.post("/", data=answered).status_code == 303
    sheet = PdfReader(BytesIO(client.get("/take/result.pdf").data))
    assert "试用的规则草稿" in sheet.pages[0].extract_text()
    own = create_app({"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}).test_client()
    assert "草稿" not in own.get("/").text


def test_a_keyword_of_the_draft_is_found(draft: Path, tmp_path: Path, repo_root: Path) -> None:
    """`industry` looks among the plain words of the folder that `--rules` names; asked in a process of its own, for these are kept."""
    copy = Path(shutil.copytree(draft, tmp_path / "rules"))
    words = copy / "reference" / "industries.csv"
    changed = re.sub(r"(?m)^(784,[^,]*,[^,]*),", r"\1|种月季墙,", words.read_text(encoding="utf-8"))
    words.write_text(changed, encoding="utf-8")

    def found(*more: str | Path) -> str:
        command = [
            sys.executable,
            "-c",
            "from matcher.cli import main; main()",
            "industry",
            "种月季墙",
            *map(str, more),
        ]
        env = {**os.environ, "PYTHONPATH": str(repo_root), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(command, stdout=subprocess.PIPE, check=False, env=env, text=True).stdout

    assert "784" in found("--rules", copy).splitlines()[0]
    assert "种月季墙" not in found()
