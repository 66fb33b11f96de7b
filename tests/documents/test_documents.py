"""Of a firm's own documents only what answers a fact exactly is read, by official title, line, unit and period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from matcher.documents import reading
from matcher.documents.forms import Findings, find
from matcher.documents.lines import number
from matcher.documents.pages import Part, Refusal, Refused, Row, pdf_parts
from matcher.documents.reading import read
from matcher.sandbox import Limits, Sandbox
from matcher.text import without_blanks
from tests.fixtures import returns
from tests.fixtures.hostile import tree_of_pages
from tests.fixtures.xlsx import written

AS_OF = date(2026, 12, 2)

DISTRICTS = {"西青区": "xiqing", "和平区": "heping"}


def told(found: Findings) -> dict[str, tuple[str, bool]]:
    """The values by fact, and whether each is of the period that the fact means."""
    return {one.fact: (one.value, one.is_asked) for one in found.found}


def of_pdf(*forms: str, as_of: date = AS_OF) -> Findings:
    """What a PDF of these forms says."""
    return find(pdf_parts(returns.pdf(*forms)), as_of, DISTRICTS)


def of_rows(*rows: Sequence[str], sheet: str = "") -> Findings:
    """What a sheet of these rows says."""
    return find(
        [Part(tuple(Row(tuple("".join(cell.split()) for cell in row)) for row in rows), sheet)], AS_OF, DISTRICTS
    )


def test_every_form_is_read_from_one_pdf() -> None:
    """In the process with limits, each value with its page; what stands in a table of another title is not taken."""
    content = returns.pdf(
        returns.income_tax(2025),
        returns.vat_general("2026年11月01日", "2026年11月30日"),
        returns.balance("2025年12月31日"),
        returns.LICENCE,
    )
    found = read(content, "申报.pdf", AS_OF, DISTRICTS)
    assert told(found) == {
        "annual_taxable_income": ("-123456.78", False),
        "annual_revenue": ("12345678.90", True),
        "vat_status": ("general", True),
        "credit_balance_end": ("88000.00", True),
        "total_assets": ("3000.50", True),
        "credit_code": (returns.CODE, True),
        "name": ("天津元亨科技有限公司", True),
        "legal_form": ("company", True),
        "established_on": ("2019-03-05", True),
        "district": ("xiqing", True),
    }
    pages = {one.fact: one.page for one in found.found}
    assert (pages["annual_taxable_income"], pages["credit_balance_end"], pages["total_assets"]) == (1, 3, 4)
    assert found.codes == {returns.CODE}
    assert found.contradictory == ()


def test_a_workbook_is_read_as_a_pdf_is() -> None:
    """A sheet's name is its title where no title stands in it, and numbers are numbers."""
    content = written(
        [
            ["资产负债表"],
            ["", "2026年6月30日", "单位：万元"],
            ["资产", "行次", "期末余额", "上年年末余额"],
            ["资产总计", 30, 12.5, 10.25],
        ],
        [
            ["利润表"],
            ["2025年12月", "单位：元"],
            ["项目", "行次", "本年累计金额", "本月金额"],
            ["一、营业收入", 1, 5000000.1, 400000],
        ],
    )
    found = read(content, "报表.xlsx", AS_OF, DISTRICTS)
    assert told(found) == {"total_assets": ("102500.00", True), "annual_revenue": ("5000000.10", True)}


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("单位：元", "3000.50"),
        ("金额单位：万元", "30005000.00"),
        ("单位：千元", "3000500.00"),
        ("单位：人民币元", "3000.50"),
    ],
)
def test_the_unit_in_the_head_counts(unit: str, value: str) -> None:
    """Whole fen come out of each; the maker's name (编制单位：元亨…) is no unit."""
    rows = (["资产负债表"], ["编制单位：元亨公司", "2025年12月31日", unit], ["资产", "期末余额", "年初余额"])
    assert told(of_rows(*rows, ["资产总计", "3,000.50", "1.00"])) == {"total_assets": (value, True)}


def test_no_unit_or_two_units_are_never_guessed_at_silently() -> None:
    """Without one the value is marked; with two it is left out, as is what is no whole number of fen."""
    rows = (["资产负债表"], ["2025年12月31日"], ["资产", "期末余额", "年初余额"], ["资产总计", "3.00", "1.00"])
    (one,) = of_rows(*rows).found
    assert not one.has_unit
    assert of_rows(rows[0], ["单位：元", "单位：万元"], *rows[1:]).found == ()
    assert of_rows(rows[0], ["单位：元"], *rows[1:3], ["资产总计", "3.005", "1.00"]).found == ()


@pytest.mark.parametrize(
    ("written_as", "value"),
    [
        ("(1,234.50)", "-1234.50"),
        ("（1,234.50）", "-1234.50"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("1,23", None),
        ("12%", None),
        ("(3", None),
    ],
)
def test_amounts_as_forms_write_them(written_as: str, value: str | None) -> None:
    """Negative in brackets or with either minus; anything else is no amount."""
    read_number = number(without_blanks(written_as))
    assert (None if read_number is None else str(read_number)) == value


def test_a_blank_cell_is_never_taken_for_its_neighbour() -> None:
    """A line with fewer amounts than columns is left out: of two columns nobody knows which one it is."""
    rows = (["资产负债表"], ["2025年12月31日", "单位：元"], ["资产", "行次", "期末余额", "年初余额"])
    assert of_rows(*rows, ["资产总计", "30", "3.00"]).found == ()
    november = ("2026年11月01日", "2026年11月30日")
    assert set(told(of_pdf(returns.vat_general(*november, ("——", "5.00", "——"))))) == {"vat_status"}
    assert set(told(of_pdf(returns.vat_general(*november, ("1.00", "——", "5.00", "——"))))) == {"vat_status"}


@pytest.mark.parametrize(
    ("period", "fact", "is_asked"),
    [
        (("2026年11月01日", "2026年11月30日"), "credit_balance_end", True),
        (("2026年09月01日", "2026年09月30日"), "credit_balance_end", False),
        (("2025年12月01日", "2025年12月31日"), "credit_balance_prior_year_end", True),
        (("2019年03月01日", "2019年03月31日"), "credit_balance_2019_03", True),
    ],
)
def test_a_vat_credit_goes_to_the_fact_of_its_day(period: tuple[str, str], fact: str, is_asked: bool) -> None:
    """The month before the application, the end of the year before, March 2019; any other month is said to be another."""
    rows = (
        ["增值税及附加税费申报表（一般纳税人适用）"],
        [f"税款所属时间：{period[0]}至{period[1]}", "填表日期：2026年12月1日"],
        ["期末留抵税额", "20=17-18", "8.00", "——"],
    )
    assert told(of_rows(*rows))[fact] == ("8.00", is_asked)


def test_other_periods_other_titles_and_contradictions_are_not_taken() -> None:
    """A month's revenue is no year's; a group's sheet is not the firm's; two values of one line are both left out."""
    month = told(of_pdf(returns.income("2025年11月")))
    assert month == {"annual_revenue": ("5000000.00", False)}
    assert (
        of_rows(
            ["合并资产负债表"], ["2025年12月31日", "单位：元"], ["资产", "期末余额", "年初余额"], ["资产总计", "3", "1"]
        ).forms
        == ()
    )
    twice = (["一、营业收入", "3.00"], ["一、营业收入", "4.00"])
    head = (["利润表"], ["2025年度", "单位：元"], ["项目", "本年累计金额"])
    found = of_rows(*head, *twice)
    assert (found.found, found.contradictory) == ((), ("annual_revenue",))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no_file"),
        (b"%PDF-1.7" + bytes(5 * 1024**2), "too_big"),
        (b"\x89PNG\r\n", "picture"),
        (b"hello", "wrong_kind"),
        (b"%PDF-1.7\nnothing", "broken"),
        (returns.blank_pages(1), "picture"),
        (returns.blank_pages(41), "too_many_pages"),
    ],
    ids=["no_file", "too_big", "photo", "text", "broken", "scan", "pages"],
)
def test_what_cannot_be_read_is_refused_by_its_reason(content: bytes, word: Refusal) -> None:
    """Each of them, in the process with limits where a file is opened at all."""
    with pytest.raises(Refused) as refused:
        read(content, "a.txt", AS_OF, DISTRICTS)
    assert refused.value.word == word


def test_a_password_is_named() -> None:
    """A PDF that asks for a password is not called broken."""
    with pytest.raises(Refused) as refused:
        pdf_parts(returns.encrypted(returns.blank_pages(1)))
    assert refused.value.word == "encrypted"


@pytest.mark.parametrize(
    ("make", "word"),
    [(returns.unpacking, "too_heavy"), (returns.circle_of_pages, "broken"), (tree_of_pages, "too_heavy")],
)
def test_a_file_made_to_harm_ends_in_a_refusal(make: Callable[[], bytes], word: Refusal) -> None:
    """A stream that unpacks to a hundred megabytes, trees of pages without end: each is refused."""
    with pytest.raises(Refused) as refused:
        read(make(), "a.pdf", AS_OF, DISTRICTS)
    assert refused.value.word == word


def test_a_small_file_that_takes_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some kilobytes that stand for a million texts: the process ends at its limit of computing, and the reader says so."""
    content = returns.unpacking(30)
    assert len(content) < 200_000
    limits = Limits(computing_seconds=1, seconds=60, memory=1024**3)
    monkeypatch.setattr(reading, "SANDBOX", Sandbox(limits, ["matcher.documents.reading"]))
    with pytest.raises(Refused) as refused:
        read(content, "a.pdf", AS_OF, DISTRICTS)
    assert refused.value.word == "too_heavy"
