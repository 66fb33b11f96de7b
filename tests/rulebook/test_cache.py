"""The kept rulebook: read back when nothing changed, made anew when anything did, never trusted from elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matcher.engine.check import check
from matcher.rulebook.cache import KEPT, kept_or_loaded
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.rulebook.faulty import FIGURES

DAY = date(2023, 5, 1)


class Counted:
    """Loads a folder and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, folder: Path) -> Rulebook:
        self.times += 1
        return load(folder)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("MATCHER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_second_start_reads_what_the_first_kept(rules: Path, cache: Path) -> None:
    """The rules are loaded once; the kept rulebook has the same hash and decides the same."""
    loader = Counted()
    first, second = kept_or_loaded(rules, loader), kept_or_loaded(rules, loader)
    assert (loader.times, first.hash) == (1, second.hash)
    facts = {"legal_form": "company", "equipment_is_building": False, "equipment_unit_price": 120000000}
    ours, kept = (check(one, facts, DAY, ["equipment-deduction"])[0].to_json() for one in (first, second))
    assert ours == kept


def test_a_changed_rule_is_loaded_anew(rules: Path, cache: Path) -> None:
    """One character in any rule file makes another fingerprint."""
    loader = Counted()
    kept_or_loaded(rules, loader)
    file = rules / FIGURES
    file.write_text(file.read_text(encoding="utf-8") + "# \n", encoding="utf-8")
    kept_or_loaded(rules, loader)
    assert loader.times == 2


@pytest.mark.parametrize("content", [b"", b"\x80\x04.", b"not a pickle"])
def test_what_is_no_rulebook_is_not_used(rules: Path, cache: Path, content: bytes) -> None:
    """A damaged file costs time, nothing else."""
    loader = Counted()
    kept_or_loaded(rules, loader)
    (kept,) = cache.iterdir()
    kept.write_bytes(content)
    assert kept_or_loaded(rules, loader).hash
    assert loader.times == 2


def test_a_file_that_others_may_write_is_not_read(rules: Path, cache: Path) -> None:
    """Whoever could write it could run what they like: it is passed over."""
    loader = Counted()
    kept_or_loaded(rules, loader)
    (kept,) = cache.iterdir()
    kept.chmod(0o666)
    kept_or_loaded(rules, loader)
    assert loader.times == 2


def test_only_a_few_are_kept(rules: Path, cache: Path) -> None:
    """Old ones go, so that the folder does not grow with every edit."""
    file = rules / FIGURES
    text = file.read_text(encoding="utf-8")
    for number in range(KEPT + 2):
        file.write_text(f"{text}# {number}\n", encoding="utf-8")
        kept_or_loaded(rules, load)
    assert len(list(cache.iterdir())) == KEPT


def test_it_can_be_done_without(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With MATCHER_CACHE=off nothing is written."""
    monkeypatch.setenv("MATCHER_CACHE", "off")
    loader = Counted()
    kept_or_loaded(rules, loader)
    kept_or_loaded(rules, loader)
    assert loader.times == 2
