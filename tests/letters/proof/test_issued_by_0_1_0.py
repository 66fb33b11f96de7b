"""Letters that version 0.1.0 issued verify for ever, from their files and from their codes, whatever was reworded since."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from matcher.letters.proof.container import read_container
from matcher.letters.proof.contents import receipt_in
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.proof.rulebook_archive import Shelf
from matcher.letters.proof.trust import TrustList, read_trust_list
from matcher.letters.proof.verdict import Verdict
from matcher.letters.proof.verify import Against, verify, verify_statement

FOLDER = Path(__file__).with_name("issued_by_0_1_0")
DAY = date(2026, 12, 2)
STATES = {
    "one-scheme": "valid",
    "several-schemes-retired-key": "valid",
    "english": "valid",
    "missing": "valid",
    "whole-catalogue": "valid",
    "superseded-name-only": "superseded",
}


@cache
def trust() -> TrustList:
    """The list as version 0.1.0 published it, in its format 1."""
    return read_trust_list((FOLDER / "trust-list.json").read_bytes())


def verified(pdf: bytes) -> Verdict:
    """Verified with nothing but what was published then: the list, and the rules then in force."""
    return verify(pdf, Against(trust(), DAY, Shelf(None, (FOLDER / "rules.zip",)).find))


@pytest.mark.parametrize(("name", "state"), STATES.items())
def test_file(name: str, state: str) -> None:
    """The file is unaltered, and its conclusion derives again under the rules it was issued under."""
    verdict = verified((FOLDER / f"{name}.pdf").read_bytes())
    assert (verdict.state, verdict.faults) == (state, ())
    assert "conclusion" in verdict.reproduced


@pytest.mark.parametrize(("name", "state"), STATES.items())
def test_code(name: str, state: str) -> None:
    """What a phone reads from its paper verifies as well."""
    receipt = receipt_in(read_container((FOLDER / f"{name}.pdf").read_bytes()))
    assert receipt is not None
    verdict = verify_statement(read_receipt(receipt).statement, Against(trust(), DAY))
    assert (verdict.state, verdict.faults) == (state, ())


def test_every_letter_is_looked_at() -> None:
    """No file in the folder is left out."""
    assert {path.stem for path in FOLDER.glob("*.pdf")} == set(STATES)
