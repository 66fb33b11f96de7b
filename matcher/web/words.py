"""Finds the words of the interface in Chinese and English; the rulebook's own labels are not repeated here."""

from collections.abc import Mapping

from matcher.rulebook import Text
from matcher.web.wordlist import GROUPS, NOUNS, PAIRS, WRITING

WORDS: Mapping[str, Text] = {key: Text(zh=zh, en=en) for key, (zh, en) in PAIRS.items()}
_GROUP_ORDER = {group: rank for rank, group in enumerate(GROUPS)}


def say(key: str, lang: str, **values: object) -> str:
    """The words of a key, its {places} filled. Raises KeyError for a key or a place that does not exist."""
    return WORDS[key].get(lang).format(**values)


def filled(key: str, **values: object) -> Text:
    """The words of a key in both languages, their {places} filled."""
    return Text(zh=say(key, "zh", **values), en=say(key, "en", **values))


def count(lang: str, number: int, noun: str) -> str:
    """A number with its noun: 3项, 1 scheme, 3 schemes. Chinese has no blank there: the browser sets the space."""
    zh, one, many = NOUNS[noun]
    return f"{number}{zh}" if lang == "zh" else f"{number} {one if number == 1 else many}"


def listed(items: list[str], lang: str) -> str:
    """Several things in a row: 甲、乙, or a, b."""
    return ("、" if lang == "zh" else ", ").join(items)


def group(name: str, lang: str) -> str:
    """The heading of a group of facts; the group's own name if the list lacks it."""
    return GROUPS.get(name, (name, name))[lang == "en"]


def group_rank(name: str) -> tuple[int, str]:
    """A sort key that puts the groups in the order in which a firm is asked about them."""
    return _GROUP_ORDER.get(name, len(_GROUP_ORDER)), name


def how_to_write(fact_id: str, kind: str, lang: str) -> str | None:
    """An example of how an answer may be written, for the facts and types that need one."""
    pair = WRITING.get(fact_id) or WRITING.get(f"type:{kind}")
    return pair[lang == "en"] if pair else None
