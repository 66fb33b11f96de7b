"""Tests of the interface's words."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from matcher import places
from matcher.rulebook.rulebook import Rulebook
from matcher.text import sentences as words
from matcher.text.sentences import WORDS

# The letters have words of their own.
TEMPLATES = [path for path in places.templates_dir().rglob("*.html") if path.parent.name != "letters"]
SOURCES = [*TEMPLATES, *Path(words.__file__).parent.rglob("*.py")]


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_have_the_same_places(key: str) -> None:
    """Whatever is filled into the Chinese is filled into the English too, where English needs it."""
    zh, en = (
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (WORDS[key].zh, WORDS[key].en)
    )
    assert zh == en


def test_both_languages_have_the_same_messages_area_by_area() -> None:
    """No message is left untranslated: each language has the same files with the same keys, none of them empty."""
    keys = {}
    for lang in ("zh", "en"):
        for path in (words.LOCALES / lang).glob("*.po"):
            with path.open("rb") as file:
                found = {str(m.id): m.string for m in read_po(file, locale=lang) if m.id}
            assert all(all(text) if isinstance(text, tuple) else text for text in found.values()), path
            keys[lang, path.name] = sorted(found)
    areas = {area for _, area in keys}
    assert all(keys.get(("zh", area)) == keys.get(("en", area)) for area in areas)


def test_no_blank_is_typed_between_chinese_and_figures() -> None:
    """The browser sets that space, so it is never typed."""
    typed = [
        key
        for key, text in WORDS.items()
        if re.search(r"[\u4e00-\u9fff] [0-9a-zA-Z{]|[0-9a-zA-Z}] [\u4e00-\u9fff]", text.zh)
    ]
    assert typed == []


def test_english_words_hold_no_chinese() -> None:
    """Only the switch to Chinese is Chinese on an English page, and a way to write an amount."""
    assert [key for key, text in WORDS.items() if re.search(r"[\u4e00-\u9fff]", text.en)] == [
        "switch",
        "switch.label",
        "writing.type:money",
    ]


def test_every_word_that_a_template_asks_for_exists() -> None:
    """No template or module asks for words that the list lacks."""
    asked = {
        key for path in SOURCES for key in re.findall(r"""\b(?:t|say|filled)\(["']([\w.]+)["'][,)]""", path.read_text())
    }
    assert len(asked) > 40
    assert asked <= set(WORDS)


def test_a_button_says_what_happens() -> None:
    """No button is called 提交."""
    assert not [key for key, text in WORDS.items() if "提交" in text.zh]


def test_counting(rulebook: Rulebook) -> None:
    """One is not several in English."""
    assert [words.count("en", number, "scheme") for number in (0, 1, 2)] == ["0 schemes", "1 scheme", "2 schemes"]
    assert words.count("zh", 2, "scheme") == "2项"
