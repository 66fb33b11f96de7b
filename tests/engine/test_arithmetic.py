"""The arithmetic of an amount: the formula in words, then with the firm's figures, then what comes out."""

from __future__ import annotations

from datetime import date

from matcher.engine.check import check
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook


def lines(rulebook: Rulebook, slug: str, day: date, **facts: Scalar) -> list[str]:
    """The Chinese lines."""
    (decision,) = check(rulebook, facts, day, [slug])
    return [line["zh"] for line in decision.arithmetic]


def test_a_sum_is_shown_with_its_figures_and_rounding(rulebook: Rulebook) -> None:
    """Half of 38,642.57 is 19,321.285, rounded half up to the fen, and both are shown."""
    shown = lines(
        rulebook, "six-taxes-two-fees", date(2023, 5, 1), vat_status="small_scale", six_taxes_two_fees_payable=3864257
    )
    assert shown[1] == "50% × 38,642.57 元 = 19,321.285 元 → 19,321.29 元"


def test_a_difference_inside_a_product_keeps_its_brackets(rulebook: Rulebook) -> None:
    """The rate gained is a difference: it stays in brackets before it is multiplied."""
    shown = lines(
        rulebook, "small-scale-vat", date(2023, 8, 31), vat_status="small_scale", tax_filing_cycle="monthly",
        period_sales=20000000, period_real_estate_sales=0, period_special_invoice_sales=0,
    )  # fmt: skip
    assert any("(3% − 1%)" in line for line in shown), shown


def test_a_figure_alone_is_not_repeated(rulebook: Rulebook) -> None:
    """Where the amount is one told figure, one line says so."""
    shown = lines(
        rulebook, "encouraged-foreign-project-duty-free", date(2023, 5, 1), has_foreign_investor=True,
        project_in_encouraged_catalogue=True, equipment_for_own_use=True, equipment_within_total_investment=True,
        equipment_on_no_exemption_list=False, dept_encouraged_project_confirmed=True, import_duty_payable=15600000,
    )  # fmt: skip
    assert len(shown) == 1
    assert shown[0].endswith("= 156,000 元") or shown[0].endswith("= 15.6 万元"), shown
