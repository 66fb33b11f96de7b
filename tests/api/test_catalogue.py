"""The catalogue for programs, and what may be kept of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.api.operations import operation_of
from matcher.rulebook.rulebook import Rulebook


def test_the_catalogue_is_that_of_the_day(program: FlaskClient, rulebook: Rulebook) -> None:
    """Every scheme stands in it with its state and span on the day that is asked about."""
    found = program.get("/api/v1/schemes?as_of=2022-08-15").json
    assert [one["scheme"] for one in found["schemes"]] == list(rulebook.schemes)
    six = next(one for one in found["schemes"] if one["scheme"] == "six-taxes-two-fees")
    assert (six["state"], six["version"]["from"], six["version"]["until"]) == ("open", "2022-01-01", "2022-12-31")
    assert "vat_status" in six["reads"]


@pytest.mark.parametrize(
    "path", ["/schemes", "/schemes/six-taxes-two-fees", "/facts", "/schemas/profile.json", "/openapi.json"]
)
def test_what_was_kept_is_asked_about_by_its_etag(program: FlaskClient, path: str) -> None:
    """The catalogue may be kept for some minutes; with its ETag the answer is 304 and has no body."""
    first = program.get(f"/api/v1{path}")
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    again = program.get(f"/api/v1{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/schemes?as_of=2022-02-30", "/schemes?asof=2022-02-01", "/industries", "/facts?x=1"])
def test_a_parameter_that_nothing_reads_is_refused(program: FlaskClient, path: str) -> None:
    """Whoever mistypes one does not take today's answer for another day's."""
    answer = program.get(f"/api/v1{path}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["errors"]


def test_every_address_declares_what_it_gives(api: Flask) -> None:
    """No address under /api/v1 is missing from the document but the document and its page."""
    bare = [
        rule.endpoint
        for rule in api.url_map.iter_rules()
        if rule.rule.startswith("/api/") and operation_of(api, rule.endpoint) is None
    ]
    assert sorted(bare) == ["api.docs", "api.openapi"]


def test_an_unknown_address_is_a_problem(program: FlaskClient) -> None:
    """Nothing under /api/ is answered with a page for people, but its own page."""
    assert program.get("/api/v1/nothing").mimetype == "application/problem+json"
    assert program.delete("/api/v1/schemes").mimetype == "application/problem+json"
    assert program.get("/api/v2/schemes").mimetype == "application/problem+json"
    for lang in ("zh", "en"):
        page = program.get(f"/api/v1/docs?lang={lang}")
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert "/api/v1/check/batch" in page.text
