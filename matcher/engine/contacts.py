"""Whom a firm turns to about a scheme: the office of its district where there is one, with the number to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.rulebook import Office, Rulebook, Scheme, Text
from matcher.rulebook.language import Scalar

# Whose number it is, where it is not the office's own.
_WHOSE = {
    "own": ("", ""),
    "line": ("（全国热线）", " (national line)"),
    "city": ("（市民热线转接）", " (city line)"),
}

_OUTSIDE = "outside_tianjin"


def district_of(facts: Mapping[str, Scalar]) -> str | None:
    """The district that a firm told, a word of its fact; None where it told none."""
    told = facts.get("district")
    return told if isinstance(told, str) else None


def contacts(rulebook: Rulebook, scheme: Scheme, district: str | None = None) -> tuple[Text, ...]:
    """The offices that a firm of the city reaches, each in a line with the number to call.

    ``district``: the district told, a word of its fact; the office is then its branch there. Nothing where the rules say no office.
    """
    place = _district(rulebook, district)
    return tuple(
        _line(office, office.name if place is None else office.branch(place)) for office in rulebook.offices_of(scheme)
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """An office in one language: its name, the number to call and whose it is (both may be empty), its official page (or empty)."""

    name: str
    number: str
    whose: str
    page: str


def contact_points(rulebook: Rulebook, scheme: Scheme, district: object, lang: str) -> tuple[Contact, ...]:
    """The same offices with number and page apart, so that a phone can call and a browser can go there."""
    place = _district(rulebook, district if isinstance(district, str) else None)
    return tuple(
        _point(office, office.name if place is None else office.branch(place), lang)
        for office in rulebook.offices_of(scheme)
    )


def _point(office: Office, name: Text, lang: str) -> Contact:
    hotline = office.hotline
    whose = ("", "") if hotline is None else _WHOSE[hotline.whose]
    said = whose[0 if lang == "zh" else 1].strip().strip("（）()")
    return Contact(name.get(lang), "" if hotline is None else hotline.number, said, office.page or "")


def _district(rulebook: Rulebook, district: str | None) -> Text | None:
    known = rulebook.facts.get("district")
    if district is None or district == _OUTSIDE or known is None:
        return None
    return known.values.get(district)


def _line(office: Office, name: Text) -> Text:
    hotline = office.hotline
    if hotline is None:
        return name
    zh, en = _WHOSE[hotline.whose]
    return Text(zh=f"{name.zh}，电话{hotline.number}{zh}", en=f"{name.en}, telephone {hotline.number}{en}")
