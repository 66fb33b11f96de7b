"""The sentences of the interface in Chinese and English; the rulebook's own labels are not repeated here.

A sentence is asked for by its Chinese, as it stands on the page; `translations` finds the English. What is said of a code (a
status, a state, a role) stands in the tables of `site_labels`, `interview_labels` and `desk_labels`.
"""

from collections.abc import Mapping

from matcher.rulebook import Text

from . import interview_labels, site_labels
from .punctuation import punctuation
from .translations import Sentence as Sentence
from .translations import english, english_plural


def say(sentence: str, lang: str, context: str | None = None, /, **values: object) -> str:
    """A sentence in a language, its {places} filled.

    :param sentence: the Chinese, or a :class:`Sentence` that a table holds.
    :param context: tells it from the same Chinese with another English.
    :raises KeyError: there is no English for it, whatever the language asked for; or a place is not filled.
    """
    found = english(sentence, context)
    return (str(sentence) if lang == "zh" else found).format(**values)


def say_or(table: Mapping[str, Sentence], code: str, lang: str) -> str:
    """What a table of labels says of a code; the code itself where it says nothing."""
    return say(table[code], lang) if code in table else code


def filled(sentence: str, context: str | None = None, /, **values: object) -> Text:
    """A sentence in both languages, its {places} filled. Raises KeyError as :func:`say` does."""
    return Text(zh=say(sentence, "zh", context, **values), en=say(sentence, "en", context, **values))


def count(lang: str, number: int, noun: str) -> str:
    """A number with its noun: 3项, 1 scheme, 3 schemes. Chinese has no blank there: the browser sets the space.

    :raises KeyError: the noun is not in `site_labels.NOUN`.
    """
    counted = site_labels.NOUN[noun]
    return (str(counted) if lang == "zh" else english_plural(counted, number)).format(number=number)


def listed(items: list[str], lang: str) -> str:
    """Several things in a row: 甲、乙, or a, b."""
    return punctuation(lang).listed(items)


def how_to_write(fact_id: str, kind: str, lang: str) -> str | None:
    """An example of how an answer may be written, for the facts and types that need one."""
    found = interview_labels.WRITING.get(fact_id) or interview_labels.WRITING.get(f"type:{kind}")
    return say(found, lang) if found else None
