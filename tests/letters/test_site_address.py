"""The address of the site that letters name: where it is set it is printed, kept and verified with each."""

from collections.abc import Callable

import pytest

from matcher.db.database import session
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order, public_site
from matcher.letters.proof.paper import printed_text
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.proof.rulebook_archive import Shelf
from matcher.letters.proof.verify import Against, verify
from matcher.letters.register import kept_file, kept_receipt, list_issued
from matcher.settings import SettingsError
from tests.fixtures.issuing import NOON

SETTING = "MATCHER_PUBLIC_URL"


@pytest.fixture
def backend() -> str:
    """The address has nothing to do with the database."""
    return "sqlite"


@pytest.mark.parametrize(
    ("told", "printed"),
    [
        ("https://hq.example.gov.cn", "hq.example.gov.cn"),
        ("https://hq.example.gov.cn/", "hq.example.gov.cn"),
        (" http://10.0.0.7:8000/match/ ", "10.0.0.7:8000/match"),
        ("", None),
    ],
)
def test_how_it_is_printed(monkeypatch: pytest.MonkeyPatch, told: str, printed: str | None) -> None:
    """Without https:// and without a slash at its end; none where none is set."""
    monkeypatch.setenv(SETTING, told)
    assert public_site() == printed


@pytest.mark.parametrize(
    "told", ["hq.example.gov.cn", "https://", "https://a b.cn", "https://x.cn?a", "https://" + "a" * 60]
)
def test_what_is_no_address(
    office: Office, order: Callable[..., Order], monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    """With a setting that is no address nothing is issued and no number is used up."""
    monkeypatch.setenv(SETTING, told)
    with pytest.raises(SettingsError, match=SETTING):
        issue(office, order(), NOON)
    with session(office.engine) as reading:
        assert list_issued(reading) == []
    monkeypatch.delenv(SETTING)
    assert issue(office, order(), NOON).number.endswith("〕1号")


def test_it_stays_with_the_letter(office: Office, order: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter keeps the address it was printed with, and verifies where another one is set."""
    monkeypatch.setenv(SETTING, "https://hq.example.gov.cn")
    entry = issue(office, order(), NOON)
    monkeypatch.setenv(SETTING, "https://elsewhere.example.cn")
    with session(office.engine) as reading:
        pdf, receipt = kept_file(reading, entry.number), kept_receipt(reading, entry.number)
    assert read_receipt(receipt.encode()).site == "hq.example.gov.cn"
    assert "打开hq.example.gov.cn/verify，" in printed_text(pdf)
    day = entry.written_on
    shelf = Shelf(office.instance / "rulebooks")
    assert verify(pdf, Against(office.keys.trust_list(day, {}), day, shelf.find)).valid
