"""The rulebooks of issued letters: kept once, the same each time, and read back by their hash."""

import shutil
from pathlib import Path

import pytest

from matcher.letters.order import Refusal, keep_rulebook
from matcher.letters.proof.rulebook_archive import Shelf
from matcher.places import rules_dir
from matcher.rulebook.rulebook import Rulebook


def test_the_same_rules_make_the_same_archive(archives: Path, rulebook: Rulebook, tmp_path: Path) -> None:
    """Another copy of the rules, written another day, is the same bytes."""
    copied = tmp_path / "rules"
    shutil.copytree(rules_dir(), copied, copy_function=shutil.copyfile)
    again = keep_rulebook(rulebook.hash, copied, tmp_path / "kept")
    assert again.read_bytes() == (archives / f"{rulebook.hash}.zip").read_bytes()


def test_an_archive_is_read_back_by_its_hash(archives: Path, rulebook: Rulebook) -> None:
    """What was kept is the rulebook under which the letter was issued, and no other."""
    found = Shelf(archives).find(rulebook.hash)
    assert found is not None
    assert found.hash == rulebook.hash
    assert Shelf(archives).find("0" * 64) is None


def test_an_archive_that_is_there_stays(rulebook: Rulebook, tmp_path: Path) -> None:
    """A rulebook that is kept already costs nothing: the rules are not even looked at."""
    there = tmp_path / f"{rulebook.hash}.zip"
    there.write_bytes(b"kept")
    assert keep_rulebook(rulebook.hash, tmp_path / "gone", tmp_path) == there
    assert there.read_bytes() == b"kept"


@pytest.mark.parametrize("content", ["", "- {}"])
def test_other_rules_are_not_kept(rulebook: Rulebook, tmp_path: Path, content: str) -> None:
    """Rules that are not those of the hash, or no rules at all, are refused, and nothing is left in the folder."""
    rules = tmp_path / "rules"
    (rules / "facts").mkdir(parents=True)
    (rules / "facts" / "firm.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(Refusal, match="changed after the start"):
        keep_rulebook(rulebook.hash, rules, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
