"""The catalogue for other sites: a table, linked data, a map of the site, a feed of changes of the law."""

import csv
import io
from xml.etree import ElementTree as ET

from flask import Flask

from matcher.rulebook.rulebook import Rulebook

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_the_table_has_a_row_for_each_scheme(app: Flask, rulebook: Rulebook) -> None:
    """As of the day that is asked about; a day that cannot be read is refused."""
    answer = app.test_client().get("/schemes.csv?as_of=2022-08-15")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["scheme"] for row in rows] == list(rulebook.schemes)
    six = next(row for row in rows if row["scheme"] == "six-taxes-two-fees")
    assert (six["state"], six["from"], six["until"]) == ("open", "2022-01-01", "2022-12-31")
    assert app.test_client().get("/schemes.csv?as_of=2022-02-30").status_code == 422


def test_every_scheme_is_linked_data(app: Flask, rulebook: Rulebook) -> None:
    """Each as a public service with its name in both languages; an unknown one is not found."""
    client = app.test_client()
    for slug in rulebook.schemes:
        found = client.get(f"/scheme/{slug}/data.jsonld")
        assert found.mimetype == "application/ld+json"
        assert found.json is not None
        assert found.json["@type"] == ["GovernmentService", "cpsv:PublicService"]
        assert [one["@language"] for one in found.json["name"]] == ["zh", "en"]
        assert found.json["url"] == f"http://localhost/scheme/{slug}"
    assert client.get("/scheme/no-such/data.jsonld").status_code == 404


def test_the_map_lists_every_scheme_under_the_sites_own_address(app: Flask, rulebook: Rulebook) -> None:
    """Never under whatever host name a request claims."""
    answer = app.test_client().get("/sitemap.xml")
    assert answer.status_code == 200
    assert answer.text.count("/scheme/") == len(rulebook.schemes)
    claimed = app.test_client().get("/sitemap.xml", base_url="http://evil.example")
    assert "evil.example" not in claimed.text


def test_the_feed_tells_the_changes_of_the_law(app: Flask) -> None:
    """Entries with an id that stays, newest first, in either language; kept by its ETag."""
    answer = app.test_client().get("/changes.atom")
    root = ET.fromstring(answer.data)
    ids = [one.text for one in root.iterfind("a:entry/a:id", ATOM)]
    days = [one.text or "" for one in root.iterfind("a:entry/a:updated", ATOM)]
    assert ids
    assert len(set(ids)) == len(ids)
    assert days == sorted(days, reverse=True)
    english = ET.fromstring(app.test_client().get("/changes.atom?lang=en").data)
    assert [one.text for one in english.iterfind("a:entry/a:id", ATOM)] == ids
    kept = {"If-None-Match": answer.headers["ETag"]}
    assert app.test_client().get("/changes.atom", headers=kept).status_code == 304
