"""Tests of the interface's sentences: none without English, none left over, the same places to fill in both languages."""

import re
from pathlib import Path
from typing import get_args

import pytest

from matcher.accounts.models import Role
from matcher.batches.models import FileKind, RunLetters, RunState
from matcher.text import desk_labels, interview_labels, sentences, site_labels
from matcher.text.sentences import Sentence
from matcher.text.translations import ENGLISH, LOCALES, chinese_of, english_of, messages, read_catalog
from tests.conftest import ROOT
from tests.text.extraction import Composed, Use, in_python, in_template, places, uses

_HAN = "\u4e00-\u9fff"


@pytest.fixture(scope="module")
def found() -> list[Use | Composed]:
    """Every sentence of the checkout at each place of use."""
    return list(uses(ROOT))


@pytest.fixture(scope="module")
def used(found: list[Use | Composed]) -> list[Use]:
    """The same without what is put together."""
    assert len(found) > 1_000
    return [one for one in found if isinstance(one, Use)]


def test_every_sentence_has_its_english(used: list[Use]) -> None:
    """A sentence that a page, a table or a module says stands in a catalogue; else it is listed here with its place."""
    assert [one for one in used if (one.context, one.chinese) not in ENGLISH] == []


def test_no_english_is_left_over(used: list[Use]) -> None:
    """What nobody says any more is in no catalogue."""
    assert ENGLISH.keys() - {(one.context, one.chinese) for one in used} == set()


def test_no_sentence_is_put_together(found: list[Use | Composed]) -> None:
    """A sentence stands whole where it is used; one made of parts is found by nobody."""
    assert [one.where for one in found if isinstance(one, Composed)] == []


def test_both_languages_have_the_same_places() -> None:
    """Whatever is filled into the Chinese is filled into the English too, in each of its forms; none is empty or doubtful."""
    for message in messages(read_catalog()):
        for text in english_of(message):
            assert text, message.id
            assert places(text) == places(chinese_of(message)), message.id
        assert not message.fuzzy, message.id


def test_every_place_is_filled_where_a_sentence_is_said(used: list[Use]) -> None:
    """Who says a sentence gives a value for each of its places."""
    assert [one for one in used if one.given is not None and places(one.chinese) - one.given] == []


def test_a_context_stands_only_where_the_same_chinese_needs_two_english_sentences() -> None:
    """Each context tells a sentence from one with the same Chinese and other English."""
    entries = list(messages(read_catalog()))
    for one in entries:
        if one.context is not None:
            like = [english_of(other) for other in entries if other is not one and chinese_of(other) == chinese_of(one)]
            assert like, (one.context, one.id)
            assert english_of(one) not in like, (one.context, one.id)


def test_a_sentence_in_two_areas_is_refused(tmp_path: Path) -> None:
    """Two files that translate the same sentence could differ: the catalogue is not read."""
    folder = tmp_path / "en"
    folder.mkdir()
    for name in ("a.po", "b.po"):
        (folder / name).write_text(
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "返回"\nmsgstr "Back"\n'
        )
    with pytest.raises(ValueError, match="返回 stands in another file too"):
        read_catalog(folder)


def test_a_folder_without_catalogues_is_refused(tmp_path: Path) -> None:
    """An installation that lost its catalogues says so."""
    with pytest.raises(FileNotFoundError, match="no sentences in"):
        read_catalog(tmp_path)


def test_sentences_are_found_in_python(tmp_path: Path) -> None:
    """Said, filled in, marked in a table, as a branch of a conditional, under another name of the module; parts are noticed."""
    path = tmp_path / "a.py"
    path.write_text(
        """
from matcher.text import sentences as words
from matcher.text.sentences import Sentence

TABLE = {"a": Sentence("甲"), "b": words.Sentence("乙", "旁")}
words.say("丙" "{n}", lang, n=1)
words.say("丁" if a else "戊", lang, "旁", **more)
words.filled("己")
words.say(f"庚{n}", lang)
words.say(TABLE["a"], lang)
other.say("辛", lang)
"""
    )
    assert list(in_python(path, "a.py")) == [
        Use("丙{n}", None, "a.py:6", frozenset({"n"})),
        Use("丁", "旁", "a.py:7", None),
        Use("戊", "旁", "a.py:7", None),
        Use("己", None, "a.py:8", frozenset()),
        Composed("a.py:9"),
        Use("甲", None, "a.py:5", None),
        Use("乙", "旁", "a.py:5", None),
    ]


def test_sentences_are_found_in_templates(tmp_path: Path) -> None:
    """In text and in attributes, in macros' defaults, as a branch of a conditional; parts are noticed."""
    path = tmp_path / "a.html"
    path.write_text(
        """{% macro m(hint=sentence("甲")) %}<p title="{{ t('乙', '旁') }}">{{ t("丙{n}", n=1) }}</p>{% endmacro %}
{{ t("丁" if a else "戊") }}{{ t("己" ~ a) }}{{ t(labels.A[a]) }}
"""
    )
    assert set(in_template(path, "a.html")) == {
        Use("甲", None, "a.html:1", None),
        Use("乙", "旁", "a.html:1", frozenset()),
        Use("丙{n}", None, "a.html:1", frozenset({"n"})),
        Use("丁", None, "a.html:2", frozenset()),
        Use("戊", None, "a.html:2", frozenset()),
        Composed("a.html:2"),
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sentence_without_english_is_refused(lang: str) -> None:
    """In either language, so that a page under test cannot hide it; a table that holds one cannot be loaded."""
    with pytest.raises(KeyError):
        sentences.say("没有人译过这句话", lang)
    with pytest.raises(KeyError):
        Sentence("没有人译过这句话")


def test_the_same_chinese_is_told_apart_by_its_context() -> None:
    """With and without a context, said at once or marked for later."""
    assert sentences.say("登录", "en") == "Sign in"
    assert sentences.say("登录", "en", "entry of the audit trail") == "signed in"
    assert sentences.say(Sentence("登录", "entry of the audit trail"), "en") == "signed in"
    assert sentences.say(Sentence("登录", "entry of the audit trail"), "zh") == "登录"


def test_places_are_filled_in_both_languages() -> None:
    """At once, or into one language; a place without a value is refused."""
    both = sentences.filled("{low}到{high}", low=1, high=2)
    assert (both.zh, both.en) == ("1到2", "1 to 2")
    with pytest.raises(KeyError):
        sentences.say("{low}到{high}", "zh", low=1)


def test_counting() -> None:
    """One is not several in English; nouns that are the same in Chinese are told apart; an unknown noun is refused."""
    assert [sentences.count("en", number, "scheme") for number in (0, 1, 2)] == ["0 schemes", "1 scheme", "2 schemes"]
    assert sentences.count("zh", 2, "scheme") == "2项"
    assert sentences.count("en", 2, "row") == "2 items"
    with pytest.raises(KeyError):
        sentences.count("zh", 2, "unknown")


def test_no_blank_is_typed_between_chinese_and_figures(used: list[Use]) -> None:
    """The browser sets that space, so it is never typed."""
    typed = re.compile(f"[{_HAN}] [0-9a-zA-Z{{]|[0-9a-zA-Z}}] [{_HAN}]")
    assert [one for one in used if typed.search(one.chinese)] == []


def test_a_button_says_what_happens(used: list[Use]) -> None:
    """No button is called 提交."""
    assert [one for one in used if "提交" in one.chinese] == []


def test_english_sentences_hold_no_chinese() -> None:
    """Only the switch to Chinese is Chinese on an English page, and a way to write an amount."""
    amount = interview_labels.WRITING["type:money"]
    assert {zh for (_, zh), en in ENGLISH.items() if re.search(f"[{_HAN}]", en)} == {
        "English",
        "Switch to English; what you typed is kept",
        amount,
    }


def test_codes_of_the_tables_are_those_of_the_tables_of_the_database() -> None:
    """No state, role or kind of file is without words, and none has words that is not one."""
    assert set(desk_labels.RUN_STATE) == set(get_args(RunState))
    assert set(desk_labels.RUN_LETTERS) == set(get_args(RunLetters))
    assert set(desk_labels.RUN_FILE) >= set(get_args(FileKind))
    assert set(desk_labels.ROLE) == set(desk_labels.ROLE_MAY) == set(get_args(Role))


def test_every_area_is_read() -> None:
    """The catalogue holds the entries of all files together."""
    count = sum(len(re.findall('^msgid "(?!"$)', path.read_text(), re.M)) for path in (LOCALES / "en").glob("*.po"))
    assert len(ENGLISH) == count
    assert set(site_labels.NOUN.values()) <= {zh for _, zh in ENGLISH}
