"""A newcomer adds an output to a scheme, in the rules alone: it stands on card, letter, result sheet, workbook and terminal."""

import io
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from matcher import places
from matcher.answers import Answers
from matcher.batches.checking import outcome
from matcher.cli.report import decisions_text
from matcher.engine import Decision, check
from matcher.firms.workbook import Checked, results
from matcher.letters.compose import compose_letter_of
from matcher.presentation import Catalogue
from matcher.presentation.cards import card
from matcher.rulebook import Rulebook, load
from matcher.site.app import create_app
from matcher.site.interview.visits import Visit
from matcher.site.papers.sheet import sheet_pdf
from matcher.workbench.rules import rules as rules_command

SLUG = "six-taxes-two-fees"
DAY = date(2026, 3, 31)
FACTS = {"vat_status": "small_scale", "six_taxes_two_fees_payable": 38_642_57}
STATED = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
ADDED = (
    "    gives:\n"
    "      remains_payable: {label: {zh: 减半后仍应缴, en: still payable}, value: six_taxes_two_fees_payable - "
    "six_taxes.share * six_taxes_two_fees_payable, decimals: 2}\n"
    "      next_return: {label: {zh: 下次申报间隔, en: next return after}, value: calendar.months_in_a_year}\n"
)
SAID = {
    "zh": (("减半后仍应缴", "19,321.29"), ("下次申报间隔", "12个月")),
    "en": (("still payable", "19,321.29"), ("next return after", "12 months")),
}


def with_output(folder: Path, added: str = ADDED) -> Path:
    """A copy of the rules in which the scheme gives something more."""
    copied = Path(shutil.copytree(places.rules_dir(), folder / "rules"))
    file = copied / "schemes" / "tax" / f"{SLUG}.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\n    benefit:", f"\n{added}    benefit:"), encoding="utf-8")
    return copied


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The rulebook of that copy."""
    return load(with_output(tmp_path_factory.mktemp("newcomer")))


@pytest.fixture(scope="module")
def decision(book: Rulebook) -> Decision:
    """A small firm is entitled, and the output is worked out."""
    (found,) = check(book, FACTS, DAY, (SLUG,))
    assert found.status == "eligible"
    assert set(found.extra) == {"remains_payable", "next_return"}
    return found


@pytest.fixture(scope="module")
def site(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site on that rulebook."""
    database = f"sqlite:///{tmp_path_factory.mktemp('site')}/matcher.db"
    return create_app({"SECRET_KEY": "k" * 40, "RULEBOOK": book, "DATABASE_URL": database})


def assert_said(text: str, lang: str) -> None:
    """The text has every label with its figure and unit."""
    flat = text.replace(" ", "").replace("\n", "").casefold()
    for label, value in SAID[lang]:
        assert label.replace(" ", "").casefold() in flat
        assert value.replace(" ", "").casefold() in flat


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_stands_on_the_card(book: Rulebook, decision: Decision, lang: str) -> None:
    """On a page's card, with the rule's label and unit."""
    assert_said(str(card(Catalogue(book), decision.to_json(), DAY, lang).outputs), lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_stands_in_the_letter(book: Rulebook, decision: Decision, lang: str) -> None:
    """In the section of a letter."""
    (section,) = compose_letter_of(book, FACTS, [decision], DAY, lang, addressee=None).sections
    assert_said(" ".join(section.row("outputs")), lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_stands_on_the_result_sheet(book: Rulebook, site: Flask, lang: str) -> None:
    """On the sheet that a visitor prints."""
    visit = Visit(Catalogue(book), Answers(facts=STATED, as_of=DAY.isoformat(), schemes=(SLUG,)))
    with site.test_request_context(f"/?lang={lang}"):
        site.preprocess_request()
        pdf = sheet_pdf(visit, DAY, lang)
    assert_said("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages), lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_stands_in_the_workbook(book: Rulebook, decision: Decision, lang: str) -> None:
    """In the sheet of sums of a list's results."""
    made = results(book, [Checked(2, "某厂", "", [decision.to_json()])], DAY, lang, schemes=(SLUG,))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("金额" if lang == "zh" else "Sums")
    assert_said(str(sheet.to_python()), lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_stands_in_the_workbook_of_a_batch(book: Rulebook, lang: str) -> None:
    """What is stored of each row is enough for it."""
    kept = [one for one in outcome(book, FACTS, DAY) if one["scheme"] == SLUG]
    made = results(book, [Checked(2, "某厂", "", kept)], DAY, lang, schemes=(SLUG,))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("金额" if lang == "zh" else "Sums")
    assert_said(str(sheet.to_python()), lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_stands_in_the_terminal(book: Rulebook, decision: Decision, lang: str) -> None:
    """In the text of `matcher check`."""
    answer = {"id": "x", "as_of": DAY.isoformat(), "decisions": [decision.to_json()]}
    assert_said(decisions_text(book, answer, lang), lang)


def test_one_output_has_one_label(tmp_path: Path) -> None:
    """`rules check` refuses rules that call one output two things on two routes, for a card would say either."""
    rules = with_output(tmp_path)
    file = rules / "schemes" / "finance" / "job-stability-loan.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("zh: 贷款额度上限", "zh: 另一个名字", 1), encoding="utf-8")
    refused = CliRunner().invoke(rules_command, ["check", "--rules", str(rules)])
    assert refused.exit_code == 2
    assert "job-stability-loan: the output 'loan_ceiling' is called" in refused.output
