"""Finds the words of the interface in Chinese and English; the rulebook's own labels are not repeated here.

The words stand in `locale/<language>/<area>.po`, one file an area, for any translator's editor. A message is asked for by its
key, so that the Chinese can be mended without touching a template.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from matcher.rulebook import Text

LOCALES = Path(__file__).parent / "locale"


def _catalog(lang: str) -> Catalog:
    """All areas of a language in one catalogue. Raises ValueError where two areas define a key."""
    merged: Catalog | None = None
    for path in sorted((LOCALES / lang).glob("*.po")):
        with path.open("rb") as file:
            area = read_po(file, locale=lang, abort_invalid=True)
        if merged is None:
            merged = area
            continue
        for message in _messages(area):
            if message.id in merged:
                raise ValueError(f"{path}: {message.id} stands in another file too")
            merged[message.id] = message
    if merged is None:
        raise FileNotFoundError(f"no words for {lang} in {LOCALES}")
    return merged


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _translations(catalog: Catalog) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


_CATALOGS = {lang: _catalog(lang) for lang in ("zh", "en")}

_TRANSLATIONS = {lang: _translations(catalog) for lang, catalog in _CATALOGS.items()}

_IN_BOTH = {message.id for message in _messages(_CATALOGS["zh"]) if isinstance(message.id, str)}

WORDS: Mapping[str, Text] = {
    key: Text(zh=_TRANSLATIONS["zh"].gettext(key), en=_TRANSLATIONS["en"].gettext(key)) for key in sorted(_IN_BOTH)
}


def say(key: str, lang: str, **values: object) -> str:
    """The words of a key, its {places} filled. Raises KeyError for a key or a place that does not exist."""
    return WORDS[key].get(lang).format(**values)


def say_or(key: str, other: str, lang: str) -> str:
    """The words of a key; ``other``, mostly the name that the key was made of, where there are none."""
    return WORDS[key].get(lang) if key in WORDS else other


def filled(key: str, **values: object) -> Text:
    """The words of a key in both languages, their {places} filled."""
    return Text(zh=say(key, "zh", **values), en=say(key, "en", **values))


def count(lang: str, number: int, noun: str) -> str:
    """A number with its noun: 3项, 1 scheme, 3 schemes. Chinese has no blank there: the browser sets the space."""
    key = f"count.{noun}"
    found = _TRANSLATIONS[lang].ngettext(key, key, number)
    if found == key:
        raise KeyError(key)
    return str(found).format(number=number)


def listed(items: list[str], lang: str) -> str:
    """Several things in a row: 甲、乙, or a, b."""
    return ("、" if lang == "zh" else ", ").join(items)


def how_to_write(fact_id: str, kind: str, lang: str) -> str | None:
    """An example of how an answer may be written, for the facts and types that need one."""
    found = WORDS.get(f"writing.{fact_id}") or WORDS.get(f"writing.type:{kind}")
    return found.get(lang) if found else None
