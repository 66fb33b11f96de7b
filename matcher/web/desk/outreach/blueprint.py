"""What the pages on firms that nobody told share: the blueprint, whose firms are shown, the screening they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask import Blueprint, abort, request
from sqlmodel import Session

from matcher.desk.rights import CITY
from matcher.engine.choose.offers import MONEY, Offer, line_of
from matcher.issuing import centres
from matcher.rulebook import Rulebook, Scheme
from matcher.store.desk import Screening
from matcher.store.desk.outreach import current_screening
from matcher.tianjin import today
from matcher.web import figures, language
from matcher.web.catalogue import catalogue
from matcher.web.desk.gate import guard, me

pages = Blueprint("desk_outreach", __name__)
guard(pages)

ON_A_PAGE = 50
NOT_FOUND, UNPROCESSABLE = 404, 422
POSITIVE = ("eligible", "needs_decision")


def asked_centre() -> str:
    """The centre whose firms are asked for: the own, but the city's desk may look at each, and at all under its own."""
    own = me().centre
    asked = request.args.get("centre", own)
    return asked if own == CITY and asked in centres() else own


def districts(centre: str) -> Sequence[str] | None:
    """The districts whose firms belong to a centre; None, all of them, for the city's."""
    return None if centre == CITY else (centre,)


def owner(district: str | None) -> str:
    """The centre that tells the firms of a district: the district's own, the city's for firms without one."""
    return district if district in centres() and district is not None else CITY


def district_name(district: str | None) -> str:
    """A district in words; empty where it is not known."""
    fact = catalogue().rulebook.facts["district"]
    return fact.values[district].get(language.lang()) if district in fact.values else ""


def scheme_of(slug: str) -> Scheme:
    """A scheme of the catalogue; the page that there is none otherwise."""
    found = catalogue().rulebook.schemes.get(slug)
    if found is None:
        abort(NOT_FOUND)
    return found


def scheme_name(slug: str) -> str:
    """What a scheme is called; its id where the catalogue no longer has it."""
    found = catalogue().rulebook.schemes.get(slug)
    return found.name.get(language.lang()) if found else slug


def current(opened: Session) -> Screening | None:
    """The screening that the lists are made of."""
    return current_screening(opened, catalogue().rulebook.hash, today())


def is_money(rulebook: Rulebook, slug: str, recipient: str | None) -> bool:
    """Whether the sum goes to the firm as money or is not charged to it; deferrals and others' money are not added up."""
    return line_of(Offer(slug, "", recipient=recipient), rulebook.relations) == MONEY


def yuan(fen: int | None) -> str:
    """A sum in words; empty where there is none."""
    return "" if fen is None else figures.yuan(Decimal(fen).scaleb(-2), language.lang())


def said_day(day: date) -> str:
    """A day in words."""
    return figures.day(day, language.lang())
