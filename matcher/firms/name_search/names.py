"""Takes a firm's name apart: region, core (brand and trade) and legal form, in one width and one script."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from matcher.firms.industry_search.written import places, simplified

LONGEST = 120
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


def read_name(text: str) -> Name:
    """Read a name as registered or as typed; whatever is written, nothing is raised."""
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
