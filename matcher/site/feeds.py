"""The catalogue for other sites: as a table, as linked data, as a map of the site, and the changes of the law as a feed."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, request

from matcher.api import kept_for_all
from matcher.presentation import asked_day, catalogue, change_words, changes_of_law, own_address
from matcher.rulebook import Scheme, version_on
from matcher.settings import settings
from matcher.text import punctuation, sentences, today
from matcher.web import language

pages = Blueprint("feeds", __name__)

_ATOM, _SITEMAP = "http://www.w3.org/2005/Atom", "http://www.sitemaps.org/schemas/sitemap/0.9"

_UNPROCESSABLE = 422


@pages.get("/schemes.csv")
def table() -> Response:
    """Every scheme as of a day (`?as_of=`), one a row, in UTF-8 as spreadsheets read it."""
    day, faults = asked_day(request.args.get("as_of", ""))
    if faults:
        abort(_UNPROCESSABLE)
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(
        (
            "scheme",
            "name_zh",
            "name_en",
            "kind",
            "family",
            "recipient",
            "department",
            "state",
            "from",
            "until",
            "instrument",
        )
    )
    for one in catalogue().rulebook.schemes.values():
        version, state = version_on(one, day)
        span = (version.from_, version.until, version.instrument) if version else (None, None, None)
        words = (one.slug, one.name.zh, one.name.en, one.kind, one.family, one.recipient, one.department.zh, state)
        rows.writerow("" if told is None else str(told) for told in (*words, *span))
    return kept_for_all(Response("\ufeff" + written.getvalue(), mimetype="text/csv"))


@pages.get("/scheme/<slug>/data.jsonld")
def linked_data(slug: str) -> Response:
    """One scheme as schema.org's GovernmentService and CPSV-AP's PublicService."""
    scheme = catalogue().rulebook.schemes.get(slug)
    if scheme is None:
        abort(404)
    body = json.dumps(service_of(scheme, today()), ensure_ascii=False, indent=1)
    return kept_for_all(Response(body + "\n", mimetype="application/ld+json"))


def service_of(scheme: Scheme, day: date) -> dict[str, Any]:
    """A scheme on a day as linked data."""
    version, _ = version_on(scheme, day)
    address = own_address("document.scheme", slug=scheme.slug)
    found: dict[str, Any] = {
        "@context": ["https://schema.org", {"cpsv": "http://purl.org/vocab/cpsv#", "dct": "http://purl.org/dc/terms/"}],
        "@type": ["GovernmentService", "cpsv:PublicService"],
        "identifier": scheme.slug,
        "dct:identifier": scheme.slug,
        "name": _in_both(scheme.name.zh, scheme.name.en),
        "description": _in_both(scheme.summary.zh, scheme.summary.en),
        "serviceType": scheme.family,
        "areaServed": {"@type": "AdministrativeArea", "name": "天津市"},
        "audience": {"@type": "BusinessAudience", "audienceType": "enterprise"},
        "provider": {"@type": "GovernmentOrganization", "name": _in_both(scheme.department.zh, scheme.department.en)},
    }
    if address is not None:
        found = {**found, "@id": address, "url": address}
    if version is not None:
        span = {"validFrom": version.from_, "validThrough": version.until}
        offer = {name: told.isoformat() for name, told in span.items() if told is not None}
        found["offers"] = {"@type": "Offer", "price": "0", "priceCurrency": "CNY", **offer}
        if version.instrument:
            found["isBasedOn"] = {"@type": "Legislation", "name": version.instrument}
    return found


@pages.get("/sitemap.xml")
def sitemap() -> Response:
    """The pages that a search engine may list; none where the site does not know its own address."""
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    for endpoint in ("start.start", "schemes.listing", "document.document", "verification.form", "api.docs"):
        _place(root, endpoint)
    for slug in catalogue().rulebook.schemes:
        _place(root, "document.scheme", slug=slug)
    return kept_for_all(Response(_xml(root, _SITEMAP), mimetype="application/xml"))


@pages.get("/changes.atom")
def feed() -> Response:
    """What changed in the law in the last thirteen months and what is known to change in the next three, the newest first."""
    lang = language.lang()
    root = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": language.html_lang()})
    address = own_address("feeds.feed") or "urn:matcher:changes"
    changes = sorted(
        changes_of_law(catalogue().rulebook, today()), key=lambda one: (one.day, one.scheme.slug), reverse=True
    )
    _text(root, "id", address)
    _text(root, "title", sentences.say("天津惠企政策：规定的变化", lang))
    _text(root, "updated", _moment(changes[0].day if changes else today()))
    author = ET.SubElement(root, f"{{{_ATOM}}}author")
    _text(author, "name", settings().operator or sentences.say("天津惠企政策自查", lang))
    for one in changes:
        entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
        _text(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'matcher:{one.scheme.slug}:{one.day.isoformat()}')}")
        _text(entry, "title", f"{one.scheme.name.get(lang)}{punctuation(lang).colon}{change_words(one, lang)}")
        _text(entry, "updated", _moment(one.day))
        _text(entry, "summary", one.instrument or one.scheme.summary.get(lang))
        link = own_address("document.scheme", slug=one.scheme.slug, as_of=one.day.isoformat())
        if link is not None:
            ET.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": link})
    return kept_for_all(Response(_xml(root, _ATOM), mimetype="application/atom+xml"))


def _place(root: ET.Element, endpoint: str, **values: str) -> None:
    address = own_address(endpoint, **values)
    if address is None:
        abort(404)
    ET.SubElement(ET.SubElement(root, f"{{{_SITEMAP}}}url"), f"{{{_SITEMAP}}}loc").text = address


def _text(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = words


def _xml(root: ET.Element, namespace: str) -> bytes:
    ET.register_namespace("", namespace)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"


def _in_both(zh: str, en: str) -> list[dict[str, str]]:
    return [{"@language": "zh", "@value": zh}, {"@language": "en", "@value": en}]
