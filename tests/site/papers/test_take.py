"""Tests of what is taken along: the result sheet, the checklist with its ticks, and the refusal where nothing was told."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from matcher.engine import check
from matcher.presentation.catalogue import Catalogue
from matcher.rulebook.rulebook import Rulebook
from matcher.rulebook.shapes import Text
from matcher.site.papers.checklist import checklist, name_of
from tests.fixtures.pages import ENTITLED, Page, Visitor, words

NAME = "天津市<img src=file:///etc/passwd>面馆"


@pytest.fixture
def owner(visitor: Visitor) -> Visitor:
    """A visitor who has told a firm's facts."""
    visitor.post({**ENTITLED, "fact_name": NAME})
    return visitor


def test_the_result_sheet_is_one_side_and_no_letter(owner: Visitor) -> None:
    """A PDF on one side with the name as it was typed, the sum, the measure in the margin, and what it is not."""
    response = owner.client.get("/take/result.pdf")
    reader = PdfReader(BytesIO(response.data))
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert len(reader.pages) == 1
    assert all(part in text for part in (NAME, "19,321.29", "第19条", "自查结果，不是出具的函件", "1 / 1"))
    assert response.headers["Cache-Control"] == "no-store"
    assert reader.metadata is not None
    assert reader.metadata.title == "惠企政策自查结果单"


def test_ticks_are_kept_and_taken_back(owner: Visitor) -> None:
    """What is ticked off stands ticked on the next visit, and can be cleared again."""
    page = owner.get("/take/checklist")
    names = [field.get("value") for field in page.root.iterfind(".//input[@name='tick']")]
    assert names
    for ticked in ([names[-1]], []):
        hidden = {name: page.value(name) for name in ("csrf_token", "base")}
        assert owner.client.post("/take/checklist", data={**hidden, "tick": ticked}).status_code == 303
        page = owner.get("/take/checklist")
        boxes = {f.get("value"): f.get("checked") is not None for f in page.root.iterfind(".//input[@name='tick']")}
        assert [name for name, checked in boxes.items() if checked] == ticked
        assert f"已备好{len(ticked)}样，共{len(names)}样" in page.text


def test_a_tick_without_a_token_is_refused(owner: Visitor) -> None:
    """Another site cannot tick anything off."""
    assert owner.client.post("/take/checklist", data={"tick": "x"}).status_code == 400


def test_papers_are_listed_by_where_they_go(owner: Visitor) -> None:
    """Each place heads what is to be brought there, with the schemes it is for."""
    page = owner.get("/take/checklist")
    (place,) = [h for h in page.root.iter("h2") if (h.get("id") or "").startswith("counter-")]
    assert "12366" in words(place)
    assert "用于：小微企业“六税两费”减免" in page.text


def test_papers_for_what_a_department_decides_stand_apart(visitor: Visitor) -> None:
    """A shop's list holds what it has; papers for a loan or a complaint are folded; ticks there are kept."""
    kept_clean = ("is_dishonest_debtor", "is_on_serious_violation_list", "had_quality_or_safety_accident_two_years")
    shop = {"fact_legal_form": "individual_business", "fact_district": "heping", "fact_vat_status": "small_scale"}
    shop |= {"as_of": "2026-11-24", "fact_authorises_credit_data": "true"}
    shop |= {f"fact_{fact}": "false" for fact in kept_clean}
    visitor.post(shop)
    page = visitor.get("/take/checklist")
    names = {part: _names(page, part) for part in ("part-decided", "part-services")}
    assert "信易贷" in words(page.by_id("part-decided"))
    assert "违规涉企收费投诉举报" in words(page.by_id("part-services"))
    assert "天津质量奖" not in page.text  # nothing was handed in for it
    assert all(page.by_id(part).tag == "details" and page.by_id(part).get("open") is None for part in names)
    ids = {field.get("id"): field.get("value") for field in page.root.iterfind(".//input[@name='tick']")}
    first = {name for number, name in ids.items() if number.startswith("tick-held")}
    assert first
    assert f"已备好0样，共{len(first)}样" in page.text
    hidden = {name: page.value(name) for name in ("csrf_token", "base")}
    visitor.client.post("/take/checklist", data={**hidden, "tick": names["part-decided"][:1]})
    boxes = visitor.get("/take/checklist").by_id("part-decided").iter("input")
    assert {box.get("value") for box in boxes if box.get("checked") is not None} == {names["part-decided"][0]}


def test_papers_of_a_scheme_asked_for_by_name_stand_first(visitor: Visitor) -> None:
    """Whoever picked a scheme means to apply: its papers are not folded away."""
    asks = {"fact_district": "heping", "fact_has_industrial_design_unit": "true"}
    visitor.post({"as_of": "2026-11-24", "scheme": "tianjin-industrial-design-centre", **asks})
    page = visitor.get("/take/checklist")
    assert "市级工业设计中心" in page.text
    assert page.root.find(".//details[@class='part']") is None


def _names(page: Page, part: str) -> list[str]:
    """The names of the papers in a part of the list."""
    return [field.get("value") or "" for field in page.by_id(part).iter("input")]


def test_a_calendar_without_a_day_is_a_page_that_says_so(owner: Visitor) -> None:
    """A file without events is none: what ended in the past is not to be kept in mind."""
    response = owner.client.get("/take/dates.ics")
    assert response.mimetype == "text/html"
    assert "没有要记的日子" in response.text


@pytest.mark.parametrize("path", ["/take/result.pdf", "/take/checklist", "/take/dates.ics"])
def test_without_answers_there_is_nothing_to_take(visitor: Visitor, path: str) -> None:
    """Whoever has told nothing is led to the start."""
    response = visitor.client.get(path)
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def test_the_result_page_offers_what_can_be_taken(owner: Visitor) -> None:
    """The results lead to each paper, and each scheme's to its note, by addresses that hold no fact."""
    found = {link.get("href") for link in owner.get("/result").root.iter("a")}
    assert {"/take/result.pdf", "/take/checklist", "/result/six-taxes-two-fees"} <= found
    assert "/wrong/six-taxes-two-fees" in {
        link.get("href") for link in owner.get("/result/six-taxes-two-fees").root.iter("a")
    }


def test_a_paper_keeps_its_name() -> None:
    """The name under which a paper is ticked depends on its Chinese words alone: a better translation unticks nothing."""
    names = [
        name_of(Text(zh=zh, en=en)) for zh, en in (("申报表", "return"), ("申报表", "tax return"), ("台账", "return"))
    ]
    assert names[0] == names[1] != names[2]


def test_the_list_names_the_office_of_the_district_and_its_number(visitor: Visitor) -> None:
    """Where to go is said with the branch of the firm's own district and the number to call."""
    visitor.post({"as_of": "2026-11-24", "fact_district": "heping", "fact_vat_status": "small_scale"})
    assert "和平区税务局，电话12366" in visitor.get("/take/checklist").text


def test_papers_of_another_way_in_and_of_nothing_are_left_out(rulebook: Rulebook) -> None:
    """Who hired veterans brings their discharge papers and not the certificates of other groups; a relief of 0 yuan needs no ledger."""
    scheme = rulebook.schemes["employment-tax-deduction"]
    papers = [one.zh for one in scheme.evidence if one.is_for({"hire_group": "veteran"})]
    assert any("退出现役" in paper for paper in papers)
    assert not any("就业创业证" in paper for paper in papers)
    assert any("就业创业证" in one.zh for one in scheme.evidence if one.is_for({}))
    facts = {"vat_status": "small_scale", "six_taxes_two_fees_payable": 0}
    decisions = check(rulebook, facts, date(2026, 11, 24), ("six-taxes-two-fees",))
    assert decisions[0].status == "eligible"
    assert checklist(Catalogue(rulebook), decisions, frozenset(), "zh", facts=facts) == ()
