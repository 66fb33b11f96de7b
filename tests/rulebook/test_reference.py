"""The code lists of `rules/reference`: the standard's facts are copied right, the keywords are our own."""

import collections
import csv
import hashlib
import re
from pathlib import Path

import pytest

from matcher.rulebook.rulebook import Rulebook

# Words whose trade the standard splits by something the word does not tell: search offers each of the groups.
AMBIGUOUS = {
    "做沙发": {"211", "219"},  # by the frame: of wood, or upholstered
    "钣金加工": {"331", "339"},  # structures, or parts
    "面馆": {"621", "622", "629"},  # waiters, a counter, or a single snack
    "宠物店": {"529", "822"},  # goods, or washing and boarding
}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Read one of the lists."""
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def names(rows: list[dict[str, str]]) -> dict[str, str]:
    """The name by code."""
    return {row["code"]: row["name_zh"] for row in rows}


@pytest.fixture
def ours(repo_root: Path) -> Path:
    """The folder of our lists."""
    return repo_root / "rules" / "reference"


def keywords(ours: Path) -> list[tuple[str, str]]:
    """Every keyword with its group."""
    return [
        (row["code"], word)
        for row in rows(ours, "industries.csv")
        for word in (row["keywords_zh"] + "|" + row["keywords_en"]).split("|")
    ]


def test_the_standard_is_whole(ours: Path) -> None:
    """As many sections, divisions, groups and classes as the standard counts, each once, under a parent of the level above."""
    standard = rows(ours, "gbt4754.csv")
    levels = {row["code"]: row["level"] for row in standard}
    assert len(levels) == len(standard)
    assert collections.Counter(levels.values()) == {"section": 20, "division": 97, "group": 473, "class": 1382}
    above = {"section": "", "division": "section", "group": "division", "class": "group"}
    wrong = [row["code"] for row in standard if levels.get(row["parent"], "") != above[row["level"]]]
    assert wrong == []


def test_the_standard_is_nobodys_to_edit(ours: Path) -> None:
    """The copy is the one that was compared, code by code, with public copies of GB/T 4754-2017 and its amendment of 2019.

    Only another edition of the standard changes it, and then this digest.
    """
    digest = hashlib.sha256((ours / "gbt4754.csv").read_bytes()).hexdigest()
    assert digest == "470527bf855b1a233744da2e6190b7eda0c71537037b8720928d20db215cab54"


def test_every_group_has_keywords(ours: Path) -> None:
    """All 473 groups, in the order and by the names of the standard, have 3 to 150 keywords, 2 or more of them English ones."""
    official = names([row for row in rows(ours, "gbt4754.csv") if row["level"] == "group"])
    assert len(official) == 473
    assert list(names(rows(ours, "industries.csv")).items()) == list(official.items())
    thin = [
        row["code"]
        for row in rows(ours, "industries.csv")
        if len(row["keywords_zh"].split("|")) < 3 or len(row["keywords_en"].split("|")) < 2
    ]
    assert thin == []
    assert max(collections.Counter(code for code, _ in keywords(ours)).values()) <= 150


def test_keywords_are_our_own_words(ours: Path, reference_dir: Path) -> None:
    """No keyword repeats a name of the standard, at whatever level and in whichever copy of it."""
    official = set(names(rows(ours, "gbt4754.csv")).values())
    official |= {row["other_name_seen"] for row in rows(reference_dir, "gbt4754_variants.csv")}
    assert [(code, word) for code, word in keywords(ours) if word in official] == []


def test_a_keyword_leads_to_one_group(ours: Path) -> None:
    """No keyword belongs to two groups, letter case aside, but the few that are listed as ambiguous."""
    found: dict[str, set[str]] = {}
    for code, word in keywords(ours):
        found.setdefault(word.casefold(), set()).add(code)
    assert {word: codes for word, codes in found.items() if len(codes) > 1} == AMBIGUOUS


def test_keywords_are_written_plainly(ours: Path) -> None:
    """Chinese keywords hold no space and English ones no Chinese, so each stands in its column."""
    for row in rows(ours, "industries.csv"):
        assert " " not in row["keywords_zh"], row
        assert row["keywords_en"].isascii(), row


def test_the_districts_are_copied_whole(ours: Path, reference_dir: Path) -> None:
    """Districts, functional zones and abolished codes stand in our copy as given, the value of the fact beside each."""
    copied = [{key: cell for key, cell in row.items() if key != "value"} for row in rows(ours, "districts.csv")]
    assert copied == rows(reference_dir, "districts.csv")


def test_the_districts_are_the_values_of_the_fact(ours: Path, rulebook: Rulebook) -> None:
    """The 17 values of `district` are the 16 districts, in the order of their codes, and outside Tianjin."""
    values = rulebook.facts["district"].values
    current = [row for row in rows(ours, "districts.csv") if row["kind"] == "district"]
    assert [row["value"] for row in current] + ["outside_tianjin"] == list(values)
    assert len(values) == 17
    for row in current:
        assert values[row["value"]].zh == row["name_zh"]
        assert row["name_en"].removesuffix(" District") == values[row["value"]].en


def test_a_zone_or_abolished_code_leads_to_its_district(ours: Path) -> None:
    """The value beside a zone or an abolished code is that of the district whose code it names."""
    listed = rows(ours, "districts.csv")
    by_code = {row["code"]: row["value"] for row in listed if row["kind"] == "district"}
    assert [row for row in listed if row["value"] != by_code[row["district_code"]]] == []


def test_every_division_has_an_english_name_of_its_own(ours: Path) -> None:
    """English readers of a city's figures get the trade's name beside its number."""
    divisions = [row["code"] for row in rows(ours, "gbt4754.csv") if row["level"] == "division"]
    english = rows(ours, "divisions.csv")
    assert [row["code"] for row in english] == divisions
    assert len({row["name_en"] for row in english}) == len(divisions)
    assert all(re.fullmatch(r"[A-Z][A-Za-z ,'-]+", row["name_en"]) for row in english)
