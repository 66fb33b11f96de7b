"""Tests of the pages to read: the document clause by clause, and the sheets of the schemes' rules."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from xml.etree.ElementTree import Element

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from matcher.engine.rule_sheet import parts
from matcher.presentation.measures import MARKS, numeral
from matcher.presentation.sheets import outline
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.browsing import PHONE, looked_at, new_context, visit
from tests.fixtures.pages import Visitor, words
from tests.web.test_security import POLICY

PATHS = ["/document", "/scheme/guarantee-fee-rebate?as_of=2022-06-01"]


def clauses(root: Element) -> list[Element]:
    """The clauses of a page."""
    return [one for one in root.iter("li") if one.get("class") == "clause"]


# --- the document -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_clause_stands_beside_its_schemes(visitor: Visitor, rulebook: Rulebook, lang: str) -> None:
    """All 156 clauses in order, each with its quotation, our summary and a link to each of its schemes."""
    found = clauses(visitor.get(f"/document?lang={lang}").root)
    wanted = list(rulebook.document.clauses())
    assert [one.get("id") for one in found] == [one.id for one in wanted]
    for shown, clause in zip(found, wanted, strict=True):
        quote = shown.find(".//blockquote")
        assert quote is not None
        assert (words(quote), quote.get("lang")) == (" ".join(clause.quote.split()), "zh-CN")
        assert clause.summary.get(lang) in words(shown)
        links = [link.get("href") for link in shown.iter("a")]
        assert links == [f"/scheme/{slug}" for slug in clause.schemes]


def test_a_kind_is_said_in_word_and_shape(visitor: Visitor, rulebook: Rulebook) -> None:
    """Support, service, restriction and internal differ without colour too."""
    assert len({mark for mark, _ in MARKS.values()}) == 4
    for shown, clause in zip(clauses(visitor.get("/document?lang=en").root), rulebook.document.clauses(), strict=True):
        mark = {"internal": "government-internal"}.get(clause.kind, clause.kind)
        assert words(shown).startswith(f"{MARKS[clause.kind][0]}{mark}")


def test_the_document_says_who_is_in_charge_and_counts(visitor: Visitor) -> None:
    """The lead counts measures and clauses; a measure names its departments, in English by their English names."""
    assert "21条措施、156个条款" in visitor.get("/document").text
    english = visitor.get("/document?lang=en").text
    assert "21 measures, 156 clauses" in english
    assert "In charge: Tianjin Tax Service, Tianjin Market Regulation Commission" in english
    assert "（二十一）优化市场环境" in visitor.get("/document?lang=zh").text


def test_neighbours_are_listed_apart(visitor: Visitor, rulebook: Rulebook) -> None:
    """The schemes that the document does not name stand at the end, so that the page links the whole catalogue."""
    links = {link.get("href") for link in visitor.get("/document").root.iter("a")}
    assert {f"/scheme/{slug}" for slug in rulebook.schemes} <= links


def test_numbers_are_written_as_the_document_writes_them() -> None:
    """One to ninety-nine in Chinese numerals."""
    assert [numeral(number, "zh") for number in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]
    assert numeral(21, "en") == "21"


# --- a rule sheet -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_scheme_has_a_sheet_with_its_whole_rule(visitor: Visitor, rulebook: Rulebook, lang: str) -> None:
    """Each line of the rule, each figure with its sources, each version with its note, in both languages."""
    on = date(2022, 6, 1)
    for slug, scheme in rulebook.schemes.items():
        page = visitor.get(f"/scheme/{slug}?as_of={on}&lang={lang}")
        assert page.response.status_code == 200
        found = parts(rulebook, rulebook.scheme_at(slug, on), lang)
        lifted = ("以下各项都成立：", "all of these:")
        lines = [line.strip() for line in (*found.rule, *found.worked_out) if line.strip() not in lifted]
        lines += [one for figure in found.figures for one in (figure.label, figure.sources)]
        lines += [version.note for version in scheme.versions if version.note]
        lines += [scheme.name.get(lang), scheme.summary.get(lang), scheme.department.get(lang)]
        lines += [note.get(lang) for note in (*scheme.evidence, *scheme.notes)]
        assert [line for line in lines if " ".join(line.split()) not in page.text] == []


def test_the_sheet_is_of_the_day_asked(visitor: Visitor) -> None:
    """`as_of` picks the version: its figures and notices, and the mark in the history."""
    before, after = (visitor.get(f"/scheme/six-taxes-two-fees?as_of={day}") for day in ("2020-05-01", "2023.8.15"))
    assert "2020年5月1日：●有效" in before.text
    assert "从业人数不超过300人" not in before.text
    assert "从业人数不超过300人" in after.text
    marked = [one for one in after.root.iter("li") if one.get("aria-current")]
    assert [words(one).startswith("2023年1月1日至2027年12月31日") for one in marked] == [True]


def test_a_day_without_a_rule_says_why(visitor: Visitor) -> None:
    """Where nothing is in force the state is said and the history kept."""
    page = visitor.get("/scheme/nev-purchase-subsidy?as_of=2024-01-01")
    assert "没有可用的规定：已结束" in page.text
    assert "财建〔2021〕466号" in page.text


@pytest.mark.parametrize("typed", ["2022-02-30", "gestern", "1066-10-14", "9" * 500, "<b>x</b>", "2022-06-01\x00"])
def test_a_day_that_cannot_be_read_is_said_beside_its_field(visitor: Visitor, typed: str) -> None:
    """The sheet of today comes with the fault and with what was typed, as text."""
    response = visitor.client.get("/scheme/chamber-service", query_string={"as_of": typed})
    assert response.status_code == 422
    assert 'id="as_of-fault"' in response.text
    assert "<b>" not in response.text


def test_a_sheet_can_be_printed(visitor: Visitor) -> None:
    """The page offers its rule, of the day asked about, as a PDF; a day that cannot be read leads back to the page."""
    page = visitor.get("/scheme/six-taxes-two-fees?as_of=2023.8.15&lang=zh")
    link = page.root.find(".//a[@href='/scheme/six-taxes-two-fees/sheet.pdf?as_of=2023-08-15']")
    assert link is not None
    pdf = visitor.client.get(link.get("href") or "")
    assert "attachment" in pdf.headers["Content-Disposition"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages).replace("\n", "")
    assert "政策要点" in text
    assert "核对日期 2023年8月15日" in text.replace("\u3000", " ")
    assert visitor.client.get("/scheme/six-taxes-two-fees/sheet.pdf?as_of=gestern").location.endswith("as_of=gestern")
    assert visitor.client.get("/scheme/no-such-scheme/sheet.pdf").status_code == 404


def test_a_scheme_that_does_not_exist_has_no_page(visitor: Visitor) -> None:
    """An unknown name gets the usual error page."""
    response = visitor.client.get("/scheme/no-such-scheme")
    assert response.status_code == 404
    assert "没有这一页" in response.text


def test_a_sheet_leads_on(visitor: Visitor) -> None:
    """From a sheet to its clauses, to the check of this scheme, and to its other versions."""
    links = {link.get("href") for link in visitor.get(PATHS[1]).root.iter("a")}
    assert {"/document#m20-c01", "/?scheme=guarantee-fee-rebate"} <= links
    assert "/scheme/guarantee-fee-rebate?as_of=2019-01-01" in links


def test_the_self_check_leads_here(visitor: Visitor) -> None:
    """The start page links the document, and a result the sheet of each scheme on the day that was asked."""
    start = {link.get("href") for link in visitor.get().root.iter("a")}
    assert "/document" in start
    result = visitor.answer({"as_of": "2022-08-15", "scheme": "six-taxes-two-fees", "fact_vat_status": "small_scale"})
    assert "/scheme/six-taxes-two-fees?as_of=2022-08-15" in {link.get("href") for link in result.root.iter("a")}


def test_an_outline_is_a_tree() -> None:
    """Indent becomes nesting; a quoted phrase is marked; a heading's only line “all of these” is left out."""
    (top,) = outline(["甲：", "  以下各项都成立：", "    乙", "      “丙”（丁）"])
    assert (top.text, top.below[0].text) == ("甲：", "乙")
    assert (top.below[0].below[0].text, top.below[0].below[0].is_ground) == ("“丙”（丁）", True)


# --- guards and looks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PATHS, "/scheme/no-such-scheme"])
def test_the_pages_carry_the_headers(visitor: Visitor, path: str) -> None:
    """The same policy as everywhere, no inline script or style, and no cookie but the language."""
    response = visitor.client.get(path)
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    root = visitor.get(path).root
    assert all(script.get("src") and not script.text for script in root.iter("script"))
    assert not list(root.iter("style"))
    assert not {name for one in root.iter() for name in one.attrib if name == "style" or name.startswith("on")}


def test_the_language_switch_keeps_the_day(visitor: Visitor) -> None:
    """A sheet in English is of the same day, and the address is written safely."""
    root = visitor.get("/scheme/chamber-service?as_of=2022.6.1%26x").root
    (switch,) = [link for link in root.iter("a") if link.get("class") == "switch"]
    assert switch.get("href") == "/scheme/chamber-service?lang=en&as_of=2022.6.1%26x"


@pytest.fixture
def phone(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone in the colour scheme of the test, that must not complain about anything."""
    context = new_context(browser, viewport=PHONE, base_url=address, color_scheme=request.param)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("phone", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(phone: Page, path: str) -> None:
    """axe-core finds no violation, nothing is cut off sideways, and what is pressed is large enough."""
    looked_at(visit(phone, path))
    small = """() => [...document.querySelectorAll('.button, .switch, summary, .entry, .links a, .clause-head a')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.textContent)"""
    assert phone.evaluate(small) == []


def test_a_scheme_lights_its_clauses(browser: Browser, address: str) -> None:
    """Focus on a scheme marks every clause it encodes, also those of other measures; leaving it marks none."""
    context = new_context(browser, base_url=address)
    page = context.new_page()
    visit(page, "/document")
    page.locator("#m13-c04 a[data-scheme=low-carbon-upgrade]").focus()
    expect(page.locator(".clause.lit")).to_have_count(page.locator(".clause a[data-scheme=low-carbon-upgrade]").count())
    expect(page.locator("#m15-c03")).to_have_class("clause lit")
    page.locator(".site").focus()
    expect(page.locator(".clause.lit")).to_have_count(0)
    context.close()
