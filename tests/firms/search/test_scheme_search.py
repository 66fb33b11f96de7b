"""Plain words find the schemes they mean: by words written down before there was a search, and by those held back until later."""

import csv
from pathlib import Path

import pytest

from matcher.firms.search.scheme_search import find_schemes
from matcher.rulebook.load import load

QUERIES = Path(__file__).parents[2] / "worked_cases/search"


@pytest.mark.parametrize(
    ("name", "lines"), [("schemes.csv", 120), ("more-schemes.csv", 120), ("held-back-schemes.csv", 75)]
)
def test_the_right_scheme_is_among_the_first_three(name: str, lines: int) -> None:
    """In at least 95 of 100 queries; the others are named."""
    rulebook = load()
    with (QUERIES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= lines
    missed = []
    for row in rows:
        right = row["schemes"].split("|")
        assert rulebook.schemes.keys() >= set(right), f"{row['query']}: no such scheme"
        if not any(hit.slug in right for hit in find_schemes(rulebook, row["query"], 3)):
            missed.append(row["query"])
    assert len(missed) <= 0.05 * len(rows), f"not among the first three: {'、'.join(missed)}"


def test_every_scheme_is_found_by_its_own_name_and_by_its_first_plain_words() -> None:
    """None of the 118 is without words, and none is hidden behind others."""
    rulebook = load()
    for scheme in rulebook.schemes.values():
        words = scheme.keywords
        assert len(words.zh) >= 5, f"{scheme.slug} has no plain words"
        assert len(words.en) >= 2, f"{scheme.slug} has no English words"
        for said in (scheme.name.zh, words.zh[0]):
            assert scheme.slug in [hit.slug for hit in find_schemes(rulebook, said, 5)], (
                f"{said} does not find {scheme.slug}"
            )


@pytest.mark.parametrize(
    ("said", "scheme"),
    [
        ("残报金", "disability-employment-fund-relief"),
        ("canbaojin", "disability-employment-fund-relief"),
        ("穩崗返還", "job-retention-rebate"),
        ("unemployment insurrance rebate", "job-retention-rebate"),
    ],
)
def test_a_slip_a_sound_and_traditional_characters_are_understood(said: str, scheme: str) -> None:
    """A wrong character that sounds right, pinyin, traditional characters, a misspelt English word."""
    assert find_schemes(load(), said, 1)[0].slug == scheme


@pytest.mark.parametrize("said", ["", " ", "???", "😀", "x" * 5000, "\x00\n"])
def test_what_says_nothing_finds_nothing_and_breaks_nothing(said: str) -> None:
    """Empty, signs, and a text without end."""
    assert find_schemes(load(), said) == ()
