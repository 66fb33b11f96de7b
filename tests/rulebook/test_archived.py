"""Rulebooks kept beside letters: written for earlier versions of the program, and still read."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from matcher import places
from matcher.rulebook.load import load, load_archived
from matcher.rulebook.reading import RulebookError
from matcher.rulebook.rulebook import Rulebook


@pytest.fixture(scope="module")
def first_edition(repo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules of 0.1.0, as they lie beside a letter of that version."""
    folder = tmp_path_factory.mktemp("rules")
    with zipfile.ZipFile(repo_root / "tests/letters/proof/issued_by_0_1_0/rules.zip") as archive:
        archive.extractall(folder)
    return folder


def test_an_earlier_shape_is_read_where_it_was_kept(first_edition: Path) -> None:
    """It says less than today's authors must say, and that stops no letter from being verified."""
    with pytest.raises(RulebookError):
        load(first_edition)
    kept = load_archived(first_edition)
    assert len(kept.schemes) == 106
    assert {fact.advise for fact in kept.facts.values()} == {"never", None}
    series = kept.facts["q3_end_assets"].series
    assert series is not None
    assert (series.name, series.quarter, series.at) == ("assets", 3, "end")
    assert sum(fact.series is not None for fact in kept.facts.values()) == 16


def test_what_was_sure_then_weighs_as_it_did(first_edition: Path) -> None:
    """0.1.0 said of a text how sure it was, not how it was seen: a decision of its letters is as sure as its figures and version."""
    bonds = load_archived(first_edition).scheme_at("corporate-bonds", date(2022, 6, 1))
    assert bonds.confidence() == "high"
    assert bonds.body is not None
    sources = [one for tree in bonds.body.conditions() for part in tree.walk() for one in part.sources]
    assert {one.confidence for one in sources} == {"high", "medium"}


def test_todays_rules_are_the_same_rulebook_when_kept(rulebook: Rulebook) -> None:
    """The hash that a letter names is found again."""
    assert load_archived(places.rules_dir()).hash == rulebook.hash
