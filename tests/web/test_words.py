"""Tests of the interface's words."""

import re
import string
from pathlib import Path

import pytest

from matcher import places
from matcher.rulebook import Rulebook
from matcher.web import words
from matcher.web.wordlist import GROUPS, PAIRS

SOURCES = [*places.templates_dir().glob("*.html"), *Path(words.__file__).parent.glob("*.py")]


@pytest.mark.parametrize("key", sorted(PAIRS))
def test_both_languages_have_the_same_places(key: str) -> None:
    """Whatever is filled into the Chinese is filled into the English too, where English needs it."""
    zh, en = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in PAIRS[key])
    assert zh == en


def test_no_blank_is_typed_between_chinese_and_figures() -> None:
    """The browser sets that space, so it is never typed."""
    typed = [
        key
        for key, (zh, _) in PAIRS.items()
        if re.search(r"[\u4e00-\u9fff] [0-9a-zA-Z{]|[0-9a-zA-Z}] [\u4e00-\u9fff]", zh)
    ]
    assert typed == []


def test_english_words_hold_no_chinese() -> None:
    """Only the switch to Chinese is Chinese on an English page."""
    assert [key for key, (_, en) in PAIRS.items() if re.search(r"[\u4e00-\u9fff]", en)] == ["switch", "switch.label"]


def test_every_word_that_a_template_asks_for_exists() -> None:
    """No template or module asks for words that the list lacks."""
    asked = {
        key for path in SOURCES for key in re.findall(r"""\b(?:t|say|filled)\(["']([\w.]+)["'][,)]""", path.read_text())
    }
    assert len(asked) > 40
    assert asked <= set(PAIRS)


def test_a_button_says_what_happens() -> None:
    """No button is called 提交."""
    assert not [key for key, (zh, _) in PAIRS.items() if "提交" in zh]


def test_every_group_of_the_vocabulary_has_a_heading(rulebook: Rulebook) -> None:
    """Each group of facts has a heading in both languages."""
    assert {fact.group for fact in rulebook.facts.values()} <= set(GROUPS)


def test_counting(rulebook: Rulebook) -> None:
    """One is not several in English."""
    assert [words.count("en", number, "scheme") for number in (0, 1, 2)] == ["0 schemes", "1 scheme", "2 schemes"]
    assert words.count("zh", 2, "scheme") == "2项"
