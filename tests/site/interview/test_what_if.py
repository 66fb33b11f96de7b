"""Tests of what if: only what moves is shown, and nothing is kept unless one says so."""

from tests.fixtures.pages import Page, parsed, words
from tests.site.interview.conftest import SHOP, Interview

ONE = "six-taxes-two-fees"


def answered(owner: Interview) -> Page:
    """The page after a small-scale taxpayer told its tax."""
    owner.begin(ONE, fact_district="heping")
    facts = ("vat_status", "six_taxes_two_fees_payable")
    page = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in facts))
    owner.tell(page, **{fact: SHOP[fact] for fact in facts})
    return owner.visitor.get("/what-if")


def sent(page: Page, **changes: str) -> dict[str, object]:
    """The form as the page holds it, with changes."""
    facts = [field.get("value") or "" for field in page.root.iterfind(".//input[@name='fact']")]
    return {"fact": facts, **{f"fact_{fact}": page.value(f"fact_{fact}") or "" for fact in facts}, **changes}


def test_a_changed_day_shows_what_moves(owner: Interview) -> None:
    """By the rules of a day before the relief began it is not in force; the total moves with it."""
    page = answered(owner)
    moved = parsed(owner.send("/what-if", sent(page, as_of="2018-12-31", do="look"), page))
    rows = [words(row) for row in moved.by_id("moves").iter("tr")]
    assert any("现在可享受" in row and "不在施行期" in row for row in rows)
    assert "约155元" in rows[1]
    assert "按" in owner.visitor.get("/answers").text
    assert "2018" not in owner.visitor.get("/answers").text


def test_a_changed_answer_shows_what_moves(owner: Interview) -> None:
    """Twice the tax is twice the relief."""
    page = answered(owner)
    moved = parsed(owner.send("/what-if", sent(page, fact_six_taxes_two_fees_payable="620", do="look"), page))
    rows = [words(row) for row in moved.by_id("moves").iter("tr")]
    assert all("155元" in row and "310元" in row for row in (rows[1], rows[-1]))


def test_moves_are_told_kind_by_kind(owner: Interview) -> None:
    """The sum first; then what is gained, lost and changed; what is not known on the other day is folded."""
    owner.begin(fact_district="heping")
    page = owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in SHOP))
    owner.tell(page, **SHOP)
    page = owner.visitor.get("/what-if")
    moved = parsed(owner.send("/what-if", sent(page, as_of="2022-08-15", do="look"), page)).by_id("moves")
    assert words(next(moved.iter("tr"))) == "现在改了以后"
    kinds = {words(kind.find("summary/h3")): kind for kind in moved.iter("details")}
    assert list(kinds) == [kind for kind in ("多了的", "少了的", "变了的", "规定没有核实、说不准的") if kind in kinds]
    assert {"多了的", "规定没有核实、说不准的"} <= kinds.keys()
    folded = [name for name, kind in kinds.items() if kind.get("open") is None]
    assert folded == ["规定没有核实、说不准的"]
    unsure = [words(row) for row in kinds["规定没有核实、说不准的"].iterfind(".//tbody/tr")]
    assert all("规定还没有核实" in row and "现在可享受" not in row for row in unsure)
    gained = [row.findall("td") for row in kinds["多了的"].iterfind(".//tbody/tr")]
    assert all(words(after).startswith(("现在可享受", "由部门决定")) for _, after in gained)


def test_nothing_moves(owner: Interview) -> None:
    """Without a change the page says so, and offers nothing to keep."""
    page = answered(owner)
    same = parsed(owner.send("/what-if", sent(page, do="look"), page))
    assert "没有一项会变" in words(same.by_id("moves"))
    assert same.root.find(".//button[@value='keep']") is None


def test_a_change_is_kept_on_request(owner: Interview) -> None:
    """Only the button that says so keeps the change."""
    page = answered(owner)
    form = sent(page, fact_six_taxes_two_fees_payable="620")
    owner.send("/what-if", {**form, "do": "look"}, page)
    assert "310元" in owner.visitor.get("/answers").text
    response = owner.send("/what-if", {**form, "do": "keep"}, page)
    assert response.headers["Location"] == "/result"
    assert "620元" in owner.visitor.get("/answers").text


def test_a_fault_stands_beside_its_field(owner: Interview) -> None:
    """A day that is none is said there, and the rest is kept."""
    page = answered(owner)
    response = owner.send("/what-if", sent(page, as_of="31 February", fact_district="hexi"), page)
    assert response.status_code == 422
    assert "没有这一天" in words(parsed(response).by_id("as_of-fault"))
    assert parsed(response).value("fact_district") == "hexi"


def test_a_band_and_what_is_not_known_are_said(owner: Interview) -> None:
    """A field that is empty because a band or 不清楚 was told says so, and looking changes neither."""
    owner.begin(ONE, fact_district="heping")
    page = owner.visitor.get("/ask?fact=employees_end_last_month&fact=assets_end_last_month")
    form = {"fact": ["employees_end_last_month", "assets_end_last_month"], "band_employees_end_last_month": "|300|0|0"}
    owner.send("/ask", {**form, "do": "next"}, page)
    asked = owner.visitor.get("/what-if")
    assert "不超过300人" in words(asked.by_id("fact_employees_end_last_month-echo"))
    assert "不清楚" in words(asked.by_id("fact_assets_end_last_month-echo"))
    assert "没有一项会变" in words(parsed(owner.send("/what-if", sent(asked, do="look"), asked)).by_id("moves"))
