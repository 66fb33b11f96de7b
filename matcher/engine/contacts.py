"""Whom a firm turns to about a scheme: the office of its district where there is one, with the number to call."""

from __future__ import annotations

from matcher.rulebook import Office, Rulebook, Scheme, Text, named_in

HOTLINE_WORDS = {
    "own": Text(zh="", en=""),
    "line": Text(zh="（全国热线）", en=" (national line)"),
    "city": Text(zh="（市民热线转接）", en=" (the city's line, which passes the question on)"),
}

_OUTSIDE = "outside_tianjin"


def contacts(rulebook: Rulebook, scheme: Scheme, district: str | None = None) -> tuple[Text, ...]:
    """The offices that a firm of the city reaches, each in a line with the number to call.

    ``district``: the district told, a word of its fact; the office is then its branch there. Nothing where the rules say no office.
    """
    place = _district(rulebook, district)
    named = [one for one in named_in(scheme.department.zh, rulebook.offices.values()) if one.level != "national"]
    return tuple(_line(office, office.name if place is None else office.branch(place)) for office in named)


def _district(rulebook: Rulebook, district: str | None) -> Text | None:
    known = rulebook.facts.get("district")
    if district is None or district == _OUTSIDE or known is None:
        return None
    return known.values.get(district)


def _line(office: Office, name: Text) -> Text:
    hotline = office.hotline
    if hotline is None:
        return name
    whose = HOTLINE_WORDS[hotline.whose]
    return Text(zh=f"{name.zh}，电话{hotline.number}{whose.zh}", en=f"{name.en}, telephone {hotline.number}{whose.en}")
