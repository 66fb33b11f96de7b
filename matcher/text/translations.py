"""The English of the interface's sentences: gettext catalogues whose keys are the Chinese sentences themselves.

They stand in `locale/en/<area>.po`, one file an area, for any translator's editor. There is no Chinese catalogue: the Chinese
stands where it is used. A context (`msgctxt`) tells two sentences apart only where the same Chinese needs two English ones.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LOCALES = Path(__file__).parent / "locale"


def messages(catalog: Catalog) -> Iterator[Message]:
    """The entries of a catalogue without its header."""
    return (message for message in catalog if message.id)


def chinese_of(message: Message) -> str:
    """The sentence that an entry translates; of a counted noun the singular, which in Chinese is the only form."""
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def english_of(message: Message) -> tuple[str, ...]:
    """The English of an entry: one text, or of a counted noun its forms (for one, for several)."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def read_catalog(folder: Path = LOCALES / "en") -> Catalog:
    """All areas in one catalogue.

    :raises ValueError: two areas translate the same sentence.
    :raises FileNotFoundError: the folder holds no catalogue.
    """
    merged: Catalog | None = None
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            area = read_po(file, locale=folder.name, abort_invalid=True)
        if merged is None:
            merged = area
            continue
        for message in messages(area):
            if merged.get(chinese_of(message), message.context) is not None:
                raise ValueError(f"{path}: {chinese_of(message)} stands in another file too")
            merged[chinese_of(message)] = message
    if merged is None:
        raise FileNotFoundError(f"no sentences in {folder}")
    return merged


def _translations(catalog: Catalog) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


_CATALOG = read_catalog()

_TRANSLATIONS = _translations(_CATALOG)

# By context and Chinese; of a counted noun the form for one.
ENGLISH: Mapping[tuple[str | None, str], str] = {
    (message.context, chinese_of(message)): english_of(message)[0] for message in messages(_CATALOG)
}


class Sentence(str):
    """A sentence of the interface that is said later, by its Chinese: an entry of a table of labels, an argument.

    :raises KeyError: there is no English for it, so a table with such a sentence cannot be loaded.

    >>> Sentence("返回").context is None
    True
    """

    context: str | None

    def __new__(cls, chinese: str, context: str | None = None) -> "Sentence":
        """``context`` where the same Chinese needs two English sentences."""
        made = super().__new__(cls, chinese)
        made.context = context
        english(made)
        return made


def english(sentence: str, context: str | None = None) -> str:
    """The English of a sentence; a :class:`Sentence` brings its own context.

    :raises KeyError: there is none.
    """
    return ENGLISH[sentence.context if isinstance(sentence, Sentence) else context, str(sentence)]


def english_plural(noun: Sentence, number: int) -> str:
    """The English of a counted noun in the form that goes with a number."""
    if noun.context is None:
        return str(_TRANSLATIONS.ngettext(noun, noun, number))
    return str(_TRANSLATIONS.npgettext(noun.context, noun, noun, number))
