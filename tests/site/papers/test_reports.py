"""What seems wrong reaches the centre where that is open, without answers unless ticked, at most so often; else it is a file."""

import pytest
from flask import Flask

from matcher.answers import reports
from matcher.presentation.catalogue import office
from matcher.site.papers import views as paper_views
from matcher.web.limits import RateLimit
from tests.fixtures.pages import ENTITLED, Visitor

PATH = "/wrong/six-taxes-two-fees"


@pytest.fixture
def firm(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A firm of Heping at a site where reports may be sent."""
    monkeypatch.setenv("MATCHER_REPORTS", "on")
    monkeypatch.setattr(paper_views, "_SENT", RateLimit(2, seconds=3600))
    visitor.post({**ENTITLED, "fact_name": "天津市麦香阁面馆", "fact_district": "heping"})
    return visitor


def send(firm: Visitor, do: str = "send", **form: str) -> int:
    """Send the note; the status of the answer."""
    token = firm.get(PATH).value("csrf_token")
    return firm.client.post(PATH, data={"csrf_token": token, "text": "印花税少算了", "do": do, **form}).status_code


def left(app: Flask) -> tuple[reports.Left, ...]:
    """What lies for the centre of Heping."""
    with app.app_context():
        return reports.left_for(office().instance, "heping")


def test_a_report_reaches_the_centre_of_the_district_without_answers(firm: Visitor, app: Flask) -> None:
    """The words, the scheme and what was decided of it; no name, no answer, unless its author ticks them."""
    before = len(left(app))
    assert send(firm) == 200
    assert len(left(app)) == before + 1
    report = left(app)[0].report
    assert (report.scheme, report.status, report.text) == ("six-taxes-two-fees", "eligible", "印花税少算了")
    assert not report.answers
    assert send(firm, answers="yes") == 200
    ticked = [one.report.answers for one in left(app) if one.report.answers]  # two of one second stand in no order
    assert "38,642.57" in " ".join(ticked[0].values())


def test_no_more_than_so_many_of_one_address(firm: Visitor, app: Flask) -> None:
    """The third within the hour is refused and left nowhere; an empty one is asked for words."""
    assert [send(firm), send(firm)] == [200, 200]
    before = len(left(app))
    assert send(firm) == 429
    assert send(firm, text=" ") == 422
    assert len(left(app)) == before


def test_where_it_is_not_open_it_is_a_file(visitor: Visitor) -> None:
    """Without the setting nothing is sent: the same words are saved as a text file."""
    visitor.post({**ENTITLED, "fact_district": "heping"})
    page = visitor.get(PATH)
    assert "发给服务中心" not in page.text
    token = page.value("csrf_token")
    response = visitor.client.post(PATH, data={"csrf_token": token, "text": "印花税少算了", "do": "send"})
    assert response.mimetype == "text/plain"
    assert "印花税少算了" in response.get_data().decode("utf-8-sig")


@pytest.mark.parametrize("id_", ["../x", "20261201T000000Z-000000000000", ""])
def test_only_a_report_is_thrown_away(app: Flask, id_: str) -> None:
    """An id that is none touches no file."""
    with app.app_context():
        assert not reports.done(office().instance, "heping", id_)
