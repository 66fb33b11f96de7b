"""Takes a firm's name apart (region, core, legal form) and makes the keys by which an index finds it."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol

from .industry_query import places, simplified
from .pinyin import coarse, heard_so_far, sounds

# ---------------------------------------------------------------------------------------------------------------------
# Takes a firm's name apart: region, core (brand and trade) and legal form, in one width and one script.
# ---------------------------------------------------------------------------------------------------------------------


LONGEST = 120

_REMEMBERED = 10_000

"""Characters of a name that are read; the longest names of branches have about fifty."""

_FORM = re.compile(r"((股份)?有限(责任)?公司|(?<!分)公司|(农民)?专业合作社|合伙企业(\((有限|普通|特殊普通)合伙\))?)")

_ASIDE = re.compile(r"\((天津市?|津天|天.|.津)\)|\(天津市?|天津市?\)")  # with one slip: （津天）, （天斤）, no bracket

_DROPPED = re.compile(r"[\W_]+")

_FIGURE = re.compile("[〇0-9壹贰叁肆伍陆柒捌玖]")

_FIGURES = dict(zip("〇0123456789壹贰叁肆伍陆柒捌玖", "零零一二三四五六七八九一二三四五六七八九", strict=True))


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts, all in plain characters: ``whole`` as written, ``core`` without ``region`` and ``form``.

    Parts that the name does not have are empty; the core never is, unless the name is.
    """

    whole: str
    core: str
    region: str
    form: str


@functools.lru_cache(maxsize=_REMEMBERED)
def read_name(text: str) -> Name:
    """Read a name as registered or as typed; whatever is written, nothing is raised.

    Remembered: whoever types has the same few hundred names compared again at each letter.
    """
    written = plain(text)
    form = _FORM.search(written)
    rest = written[: form.start()] + written[form.end() :] if form else written
    region = _region().match(rest)
    place = region[0] if region else ""
    without, asides = _ASIDE.subn("", rest[len(place) :], count=1)
    whole, core = bare(written), bare(without)
    if not core:
        return Name(whole, whole, "", "")
    return Name(whole, core, place + "()" * asides, form[0] if form else "")


@functools.lru_cache(maxsize=_REMEMBERED)
def plain(text: str) -> str:
    """Return a text in half width, lower case and simplified characters, without blanks; brackets stay."""
    whole = text[:LONGEST].encode("utf-8", "ignore").decode()  # half a character, as broken programs send it
    narrow = unicodedata.normalize("NFKC", whole).casefold()
    return simplified("".join(narrow.split()))


def bare(text: str) -> str:
    """Return a plain text without marks and brackets, every figure as a Chinese character: 第3 is 第三."""
    return _FIGURE.sub(lambda figure: _FIGURES[figure[0]], _DROPPED.sub("", text))


@functools.cache
def _region() -> re.Pattern[str]:
    """The city, then a district or zone, at the beginning of a name; either may be missing.

    Names of places that could be a brand (和平, 泰达) do not count: only what ends like an area does.
    """
    areas = [place.removeprefix("天津市").removeprefix("天津") for place in places()]
    listed = "|".join(sorted({area for area in areas if area[-1:] in ("区", "县", "城")}, key=len, reverse=True))
    return re.compile(f"(?:天津市|天津)?(?:(?:天津)?(?:{listed}))?")  # also 天津市天津生态城


# ---------------------------------------------------------------------------------------------------------------------
# Makes the keys by which an index finds a name: pairs of its syllables, how it begins, and its first letters.
# ---------------------------------------------------------------------------------------------------------------------


LONGEST_INITIALS = 40

"""Letters of a key of first letters; nobody types more."""

_LONGEST_SYLLABLE = 18  # letters that are no pinyin stay together, however many

_BEGINNING = "^"

_FEW = 3

_AROUND = re.compile("^tianjin(shi)?(?=.)|(?<=.)tianjin|(gufen)?youxian(zeren)?gongsi$")  # in pinyin all of it is core


@dataclass(frozen=True, slots=True)
class Keys:
    """What a name is found by: ``grams`` (pairs of syllables, and how the core begins) and first letters.

    The first letters are those of the whole name and of its core.
    """

    grams: tuple[str, ...]
    initials: str
    core_initials: str


def keys_of(text: str) -> Keys:
    """Return the keys of a registered name."""
    name = read_name(text)
    whole, core = sounds(name.whole), sounds(name.core)
    return Keys((*grams(core), *beginnings(name.core, core)), first_letters(whole), first_letters(core))


def asked_grams(core: str) -> tuple[str, ...]:
    """Return what to look for when a core was typed, perhaps not to its end.

    Of a few syllables also how the core begins: they have few pairs or none, and very many names share those.
    """
    parts = heard_so_far(_AROUND.sub("", core) or core)
    return (*grams(parts), *beginnings(core, parts)) if len(parts) <= _FEW else grams(parts)


def beginnings(core: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the marks of the first character, unless it is a letter, and of the first syllable of a core."""
    char = () if core[:1].isascii() else (core[:1],)
    return tuple(_BEGINNING + first for first in (*char, *_spelt(parts[:1])))


def grams(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pairs of syllables next to each other and with one between.

    With a syllable mistaken, left out or swapped with its neighbour, pairs of those around it still agree; written
    with another character of the same sound, all do.
    """
    spelt = _spelt(parts)
    if len(spelt) == 1:
        return spelt
    near = pairwise(spelt)
    far = zip(spelt, spelt[2:], strict=False)
    return tuple(dict.fromkeys(f"{left} {right}" for pairs in (near, far) for left, right in pairs))


def first_letters(parts: tuple[str, ...]) -> str:
    """Return the first letter of each syllable: jlqc for jin lan qi che."""
    return "".join([part[:1] for part in parts])[:LONGEST_INITIALS]


def _spelt(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part[:_LONGEST_SYLLABLE] for part in coarse(parts))


# ---------------------------------------------------------------------------------------------------------------------
# Says what the search asks of an index of names; the store keeps one in the database.
# ---------------------------------------------------------------------------------------------------------------------


Start = Literal["initials", "core_initials", "credit_code", "organisation", "code_backwards"]

"""A key that is known by its beginning: ``organisation`` is the code from its ninth character on."""


class NameRow(Protocol):
    """One name of one firm, and whether the firm has given it up."""

    @property
    def firm_id(self) -> str:
        """The firm's id in the register."""

    @property
    def name(self) -> str:
        """The name that was found."""

    @property
    def former(self) -> bool:
        """Whether the firm is called otherwise now."""


class Firm(Protocol):
    """What a firm is shown as."""

    @property
    def id(self) -> str:
        """Its id in the register."""

    @property
    def name(self) -> str:
        """Its name now."""

    @property
    def credit_code(self) -> str:
        """Its credit code."""


class Index(Protocol):
    """Where names are looked up; each answer holds at most ``most`` rows, in an order that never changes."""

    def by_grams(self, grams: Sequence[str], most: int) -> Sequence[NameRow]:
        """The names that share most of these pairs of syllables, rare pairs counting more."""

    def by_start(self, key: Start, start: str, most: int) -> Sequence[NameRow]:
        """The names, or by a code the current names, whose key begins so, in the order of the keys."""

    def by_codes(self, codes: Sequence[str]) -> Sequence[NameRow]:
        """The current names of the firms with these credit codes."""

    def firms(self, ids: Sequence[str]) -> Sequence[Firm]:
        """The firms with these ids, in any order."""
