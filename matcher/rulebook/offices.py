"""The offices a firm turns to, with their district branches and hotlines; read from rules/offices.yaml and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from .build import shape
from .files import Scheme
from .reading import Document, Place
from .shapes import Id, Shape, Text

FILE = "offices.yaml"

_CITY_LINE = "12345"

_DISTRICT = "{district}"

# An office is told by its last syllable; what stands between two marks is one name, or a word about the names beside it.
_ENDS_AS_AN_OFFICE = re.compile(r"[市区津部国央].*(局|委|办|部|院|联|行|海关|政府|机关|机构)$")

_MARKS = re.compile(r"[、；，。：（）]|会同|推荐|受理|确定|审核|认定|公布|申报|征收|主管$")


class Hotline(Shape):
    """A number to call. ``whose``: own (a source names it), line (the national line of the administration), city (12345)."""

    number: Annotated[str, Field(pattern=r"^12\d{3}$")]
    whose: Literal["own", "line", "city"]

    @model_validator(mode="after")
    def _city_line(self) -> Hotline:
        if (self.number == _CITY_LINE) != (self.whose == "city"):
            raise ValueError(f"{_CITY_LINE} is the line of the city, and only that is")
        return self


class Office(Shape):
    """An office. ``name``: what it is called in a sentence; ``also``: other words for it in the schemes' ``department``;
    ``district``: its branch, with {district} for the district's name; ``page``: its official address (https)."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    name: Text
    also: tuple[str, ...] = ()
    level: Literal["city", "national", "other"]
    district: Text | None = None
    hotline: Hotline | None = None
    page: str | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Office:
        for wrong in self._faults():
            raise ValueError(wrong)
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """Every Chinese word for it."""
        return self.name.zh, *self.also

    def _faults(self) -> Iterator[str]:
        if self.level == "city" and self.hotline is None:
            yield f"hotline is missing: write {{number: '{_CITY_LINE}', whose: city}} where no number of the office was seen"
        if self.district is not None and not (_DISTRICT in self.district.zh and _DISTRICT in self.district.en):
            yield f"district says where the district's name stands, as {_DISTRICT}, in both languages"
        if self.page is not None:
            address = urlsplit(self.page)
            if address.scheme != "https" or not (address.hostname or "").endswith(".gov.cn"):
                yield "page is an official address: https, and a host that ends in .gov.cn"

    def branch(self, district: Text) -> Text:
        """What the office of the ``district`` is called; the office of the city where it has no branches."""
        if self.district is None:
            return self.name
        return Text(
            zh=self.district.zh.replace(_DISTRICT, district.zh), en=self.district.en.replace(_DISTRICT, district.en)
        )


NO_OFFICES: Mapping[str, Office] = {}


def read_offices(document: Document, place: Place) -> dict[str, Office]:
    """The offices by id, in the order of the file; whatever is wrong is reported at its line."""
    if not isinstance(document.data, list):
        place.report("the file holds a list")
        return {}
    found: dict[str, Office] = {}
    owners: dict[str, Id] = {}
    for index, raw in enumerate(document.data):
        office = shape(Office, raw, place / index)
        if office is None:
            continue
        if office.id in found:
            (place / index / "id").report(f"{office.id!r} stands twice")
        for word in office.words:
            if owners.setdefault(word, office.id) != office.id:
                (place / index).report(f"{word} is said of the office {owners[word]!r} already")
        found[office.id] = office
    return found


def named_in(text: str, offices: Iterable[Office]) -> list[Office]:
    """The offices that a Chinese ``text`` names, in the order in which it names them first."""
    return list(dict.fromkeys(office for _, _, office in sorted(_matches(text, offices), key=lambda match: match[0])))


def check_offices(offices: Mapping[str, Office], schemes: Iterable[tuple[Scheme, Place]]) -> None:
    """Every scheme names an office, and none that is not known."""
    for scheme, place in schemes:
        here = place / "department"
        strangers = list(_strangers(scheme.department.zh, offices.values()))
        for stranger in strangers:
            here.report(f"{stranger} is no office of {FILE}: add it there, or use one of its names")
        if not strangers and not named_in(scheme.department.zh, offices.values()):
            here.report(f"no office of {FILE} is named here, so that a firm would not know whom to ask")


def _matches(text: str, offices: Iterable[Office]) -> Iterator[tuple[int, int, Office]]:
    """Where the offices' words stand, the longest first, so that 国家发展改革委 is not read as a shorter name inside it."""
    taken: set[int] = set()
    for word, office in sorted(((word, one) for one in offices for word in one.words), key=lambda pair: -len(pair[0])):
        for match in re.finditer(re.escape(word), text):
            span = range(match.start(), match.end())
            if taken.isdisjoint(span):
                taken.update(span)
                yield match.start(), match.end(), office


def _strangers(text: str, offices: Iterable[Office]) -> Iterator[str]:
    """What is called like an office and is none of ``offices``."""
    rest = list(text)
    for start, end, _ in _matches(text, offices):
        rest[start:end] = "、" * (end - start)
    for piece in _MARKS.split("".join(rest)):
        if piece and _ENDS_AS_AN_OFFICE.search(piece.strip()):
            yield piece.strip()
