"""A letter holds the facts that bear on it; any other can be disclosed later, and nothing else is shown by that."""

from __future__ import annotations

import json

import pytest

from matcher.letters.proof.disclosure import DisclosureError, check_disclosed, disclose
from matcher.letters.proof.receipt import Receipt, receipt_of
from tests.fixtures.signed_letters import AS_OF, FIRM, Office

SEED = bytes(range(32))
PRIVATE = {"evasion_penalties_36m": 1, "had_vat_fraud_36m": False, "annual_revenue": 62_000_000}
TOLD = {"evasion_penalties_36m": "1", "had_vat_fraud_36m": "false", "annual_revenue": "620000.00"}


@pytest.fixture(scope="module")
def receipt(office: Office) -> Receipt:
    """The receipt of a letter on one scheme, of a firm that told more than that scheme asks."""
    from matcher.engine.check import check
    from matcher.letters.proof.receipt import Issue
    from tests.fixtures.signed_letters import BEICHEN, VALID_UNTIL, WRITTEN_ON

    told = {**FIRM, **PRIVATE}
    issue = Issue(BEICHEN.id, BEICHEN.name, "津辰惠函〔2026〕5号", WRITTEN_ON, VALID_UNTIL)
    decisions = check(office.rulebook, told, AS_OF, ("six-taxes-two-fees",))
    return receipt_of(office.rulebook, told, decisions, AS_OF, issue, program="0", seed=SEED)


def test_a_letter_holds_what_bears_on_it(receipt: Receipt) -> None:
    """Penalties, frauds and turnover do not travel with a letter on another scheme, nor do their names."""
    assert set(receipt.facts) == set(FIRM)
    text = receipt.to_bytes().decode()
    assert not any(name in text for name in PRIVATE)
    assert receipt.withheld is not None
    assert len(receipt.withheld.leaves) == len(PRIVATE)


def test_a_fact_can_be_disclosed(receipt: Receipt) -> None:
    """The one that is disclosed is proved, and the others stay hidden."""
    shown = disclose(receipt, SEED, TOLD, ["annual_revenue"])
    assert [(one.fact, one.value, one.by) for one in check_disclosed(receipt, shown)] == [
        ("annual_revenue", "620000.00", "firm")
    ]
    assert b"penalties" not in shown


def test_another_value_is_refused(receipt: Receipt) -> None:
    """Whoever writes another value, another salt or another fact into a disclosure is found out."""
    shown = json.loads(disclose(receipt, SEED, TOLD, ["annual_revenue"]))
    for change in ({"value": "9620000.00"}, {"salt": "00" * 16}, {"by": "department"}):
        forged = {**shown, "facts": {"annual_revenue": {**shown["facts"]["annual_revenue"], **change}}}
        with pytest.raises(DisclosureError):
            check_disclosed(receipt, json.dumps(forged).encode())
    for wrong in (b"", b"{}", json.dumps({**shown, "number": "津辰惠函〔2026〕6号"}).encode()):
        with pytest.raises(DisclosureError):
            check_disclosed(receipt, wrong)


def test_what_is_not_withheld_cannot_be_disclosed(receipt: Receipt) -> None:
    """A fact that the letter holds already, that was never told, or whose value was forgotten since."""
    for names, told in ((["vat_status"], {"vat_status": "small_scale"}), (["employees"], {}), (["annual_revenue"], {})):
        with pytest.raises(DisclosureError):
            disclose(receipt, SEED, told, names)
