"""A centre with its keys, its trust list, and letters really issued under the rulebook of this checkout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from matcher import __version__
from matcher.engine.check import check
from matcher.letters.proof.keys import Centre, KeyFolder, SigningKey
from matcher.letters.proof.paper import Issued, issue_pdf
from matcher.letters.proof.receipt import Issue, Receipt, receipt_of
from matcher.letters.proof.trust import TrustList
from matcher.letters.proof.verify import Against
from matcher.rulebook.files import Text
from matcher.rulebook.rulebook import Rulebook

AS_OF = date(2026, 3, 31)
WRITTEN_ON = date(2026, 4, 1)
VALID_UNTIL = date(2026, 6, 29)
AT = datetime(2026, 4, 1, 1, 30, tzinfo=UTC)
BEICHEN = Centre("beichen", Text(zh="天津市北辰区企业服务中心", en="Beichen Enterprise Service Centre"), "津辰惠函")
HEPING = Centre("heping", Text(zh="天津市和平区企业服务中心", en="Heping Enterprise Service Centre"), "津和惠函")
FIRM: dict[str, Any] = {
    "name": "天津市北辰区恒通精密机械有限公司",
    "credit_code": "91120113MA06ABCD1X",
    "vat_status": "small_scale",
    "six_taxes_two_fees_payable": 3_864_257,
}


@dataclass(frozen=True)
class Office:
    """A centre that issues letters: the folder of its keys, and the rulebook it decides under."""

    rulebook: Rulebook
    folder: KeyFolder

    @property
    def key(self) -> SigningKey:
        """The key it signs with now."""
        return self.folder.signing(BEICHEN.id)

    def receipt(
        self, place: int = 1, schemes: tuple[str, ...] = ("six-taxes-two-fees",), lang: Any = "zh", **facts: Any
    ) -> Receipt:
        """The receipt of the letter with this place in the year's numbers, its statement still empty."""
        told = {**FIRM, **facts}
        decisions = [one.to_json() for one in check(self.rulebook, told, AS_OF, schemes)]
        number = f"{BEICHEN.mark}〔{WRITTEN_ON.year}〕{place}号"
        issue = Issue(BEICHEN.id, BEICHEN.name, number, WRITTEN_ON, VALID_UNTIL)
        return receipt_of(self.rulebook, told, decisions, AS_OF, issue, lang=lang, program=__version__, addressee=None)

    def issue(self, receipt: Receipt, key: SigningKey | None = None) -> Issued:
        """The letter of a receipt, decided from its facts."""
        decisions = check(self.rulebook, receipt.told(self.rulebook), AS_OF, receipt.schemes)
        return issue_pdf(self.rulebook, receipt, decisions, key or self.key, AT)

    def trust(self, **letters: Any) -> TrustList:
        """The list as the centre publishes it."""
        return self.folder.trust_list(WRITTEN_ON, letters)

    def against(self, trust: TrustList | None = None, as_of: date = WRITTEN_ON) -> Against:
        """All that a letter is verified against, somewhere else."""
        known = {self.rulebook.hash: self.rulebook}
        return Against(trust or self.trust(), as_of, known.get)


@pytest.fixture
def new_office(rulebook: Rulebook, tmp_path: Path) -> Office:
    """An office of the test's own, whose keys it may change."""
    folder = KeyFolder(tmp_path / "keys")
    folder.new(BEICHEN, date(2026, 1, 5))
    return Office(rulebook, folder)


@pytest.fixture(scope="session")
def office(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose key stays the same."""
    folder = KeyFolder(tmp_path_factory.mktemp("office") / "keys")
    folder.new(BEICHEN, date(2026, 1, 5))
    return Office(rulebook, folder)


@pytest.fixture(scope="session")
def letters(office: Office) -> list[Issued]:
    """A few letters: one scheme, several, in two languages."""
    several = ("six-taxes-two-fees", "small-scale-vat", "guarantee-fee-rebate")
    return [
        office.issue(office.receipt()),
        office.issue(office.receipt(2, several)),
        office.issue(office.receipt(3, lang="both")),
    ]


@pytest.fixture(scope="session")
def parts() -> Callable[..., list[str]]:
    """The parts that a verdict finds fault with."""
    return lambda verdict: [one.part for one in verdict.faults]
