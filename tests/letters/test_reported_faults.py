"""What was found wrong with letters by a department's head and a bank, by its number, each held by a test: here those that no other
file holds.

1  certain and not: compose/test_certificate (no_figure_contradicts, what_is_certain_is_confirmed)
2  a day that is over: compose/test_certificate (a_day_that_is_over), proof/test_forged (left_alone)
3  the code binds every figure: proof/test_page_statement, proof/test_picture, site/test_altered_paper, and here
4  the code opens on a phone: proof/test_page_statement, site/test_verification (a_camera_opens_the_page), and here
5  facts that do not bear on it: proof/test_disclosure             6  overview, services, one way: compose/test_certificate
7  a clock set back: letters/test_turns, letters/test_killed_workers
8  the extract's names, what is replaced, a letter without a name: here
9  words and figures of programs: compose/test_certificate, and here
10 the closing, stretched lines, long letters: pdf/test_form, pdf/test_lines, compose/test_certificate (pages)
11 verdicts: proof/test_picture, proof/test_handled, cli/test_verify
12 two workers: letters/test_turns, benchmarks/test_signed_letters  13 certificate, passphrase: cli/test_verify
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from matcher.db.database import reading
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order, Refusal
from matcher.letters.proof.encoding import read_qr
from matcher.letters.proof.page_statement import address
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.proof.statement import Page
from matcher.letters.register import find_issued, kept_file, kept_receipt, list_issued
from matcher.letters.register_status import MOST_NAMED, extract
from tests.fixtures.issuing import FIRM, NOON

FIRMS = Path(__file__).parents[1] / "worked_cases/given/firms/firms.yaml"

FACTS = {**FIRM, "period_sales": "155000", "tax_filing_cycle": "quarterly", "district": "heping", "employees": "4"}


def text_of(pdf: bytes) -> str:
    """All that is printed, without blanks."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def test_3_4_the_code_of_the_whole_catalogue_binds_scheme_and_sum_and_is_an_address(
    office: Office, order: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line with money stands in it with its sum, and a camera opens the centre's page."""
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://hq.example.gov.cn")
    number = issue(office, order(FACTS, schemes=None), NOON).number
    with reading(office.engine) as register:
        receipt = read_receipt(kept_receipt(register, number).encode())
    page = read_qr(receipt.statement).statement.matter
    assert isinstance(page, Page)
    assert receipt.page is not None
    assert [one.fen for one in page.lines] == [one.fen for one in receipt.page.lines]
    assert len(page.lines) >= 2
    assert sum(page.counts) == len(receipt.decided) > 100
    assert address(receipt.site) == "HTTPS://HQ.EXAMPLE.GOV.CN/V#"


def test_8_an_extract_names_a_dozen_schemes_and_a_letter_what_it_replaces(
    office: Office, order: Callable[..., Order]
) -> None:
    """A letter on the whole catalogue is not a list of a hundred names, and the new letter says which one it takes the place of."""
    old = issue(office, order(FACTS, schemes=None), NOON)
    new = issue(office, order(FACTS, schemes=None, supersedes=old.number), NOON)
    with reading(office.engine) as register:
        entry = find_issued(register, old.number)
        receipt = read_receipt(kept_receipt(register, old.number).encode())
        page_of_new = text_of(kept_file(register, new.number))
    assert entry is not None
    told = text_of(extract(entry, receipt, office.rulebook, "zh", NOON.date()))
    named = [one for one in office.rulebook.schemes.values() if re.sub(r"\s", "", one.name.zh) in told]
    assert 0 < len(named) <= MOST_NAMED
    assert f"{len(entry.schemes)}项" in told
    assert f"替代{old.number}" in page_of_new


@pytest.mark.parametrize("name", [None, "", "  "])
def test_8_a_letter_without_a_name_is_refused_before_it_takes_a_number(
    office: Office, order: Callable[..., Order], name: str | None
) -> None:
    """Nothing is numbered, nothing is signed."""
    wanted = order({key: value for key, value in FIRM.items() if key != "name"})
    facts = dict(wanted.facts) if name is None else {**wanted.facts, "name": name}
    with pytest.raises(Refusal, match="企业名称"):
        issue(office, replace(wanted, facts=facts), NOON)
    with reading(office.engine) as register:
        assert list_issued(register) == []
    assert issue(office, order(), NOON).number.endswith("〕1号")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_9_no_word_or_figure_of_a_program_is_printed(office: Office, order: Callable[..., Order], lang: str) -> None:
    """In a letter on the whole catalogue: no endless decimals, names of files or codes, no arrows."""
    number = issue(office, order(FACTS, schemes=None, lang=lang), NOON).number
    with reading(office.engine) as register:
        told = text_of(kept_file(register, number))
    for wrong in ("→", "receipt.json", "66666", "33333", "None", "不低于2026年", "firm_cash", "needs_information"):
        assert wrong not in told
    assert not re.search(r"\d\.\d{4,}", told)


def test_a_short_english_letter_takes_at_most_120_kb(office: Office, order: Callable[..., Order]) -> None:
    """Signed, with its faces and its receipt inside: what a mail or a phone with little room carries."""
    (told,) = (one for one in yaml.safe_load(FIRMS.read_text(encoding="utf-8")) if one["id"] == "noodle-shop")
    number = issue(office, order(told["facts"], as_of=told["as_of"], schemes=None, lang="en"), NOON).number
    with reading(office.engine) as register:
        pdf = kept_file(register, number)
    assert len(PdfReader(BytesIO(pdf)).pages) in (2, 3)
    assert len(pdf) <= 120_000
