"""Ten rules in Polars as a good programmer would write them: three-valued, from the same file to the same lines.

Figures stand here a second time on purpose: a yardstick must not take them from ours. What sums are made of is told of every firm
(`city.SUMS`), so that no rule needs a range.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars import col, lit, when

from tests.benchmarks.city import DAY, MONEY, RATES, TEN

STATUS = pl.Enum(["eligible", "not_eligible", "needs_information"])
RECIPIENT = pl.Enum(["firm_price", "firm_cash", "worker"])
KIND = pl.Enum(["exact", "ceiling"])

CORPORATE = ("company", "farmers_cooperative", "public_institution", "social_organisation")

Rule = tuple[pl.Expr, pl.Expr, str, str]
"""Whether it holds, fen, recipient, kind."""


def half_up(over: pl.Expr, under: int) -> pl.Expr:
    """A quotient rounded half up to the whole."""
    return (over * 2 + under) // (2 * under)


def rules() -> dict[str, Rule]:
    """Of each rule: whether it holds (null: open), the sum in fen, who gets it, and what the sum is."""
    form, vat = col("legal_form"), col("vat_status")
    corporate = form.is_in(CORPORATE)
    new = col("is_before_first_settlement")
    new_firm = (
        ~col("in_restricted_or_prohibited_industry")
        & (col("employees_end_last_month") <= 300)
        & (col("assets_end_last_month") <= 5_000_000_000)
    )
    settled = col("small_low_profit_per_settlement")
    way = (
        when(new).then(new_firm).when(~new).then(settled).when(new_firm == settled).then(settled)
    )  # where it is open which counts, both must agree
    six = (vat == "small_scale") | (form == "individual_business") | (form.is_in((*CORPORATE, "branch")) & way)

    sales, invoiced = col("period_sales"), col("period_special_invoice_sales")
    others = col("period_real_estate_sales") + col("period_real_estate_lease_sales")
    under = sales < when(col("tax_filing_cycle") == "monthly").then(10_000_000).otherwise(30_000_000)
    vat_sum = (
        when(under)
        .then(half_up(3 * (sales - invoiced) + 2 * invoiced, 100))
        .otherwise(half_up(2 * pl.max_horizontal(lit(0), sales - others), 100))
    )

    staff, due = col("disability_fund_staff"), col("disability_fund_due")
    exempt = form.is_in(("public_institution", "social_organisation")).not_()
    paid = (
        when(exempt & (staff <= 30))
        .then(due)
        .when(100 * col("disabled_employees") >= staff)
        .then(half_up(due, 2))
        .otherwise(half_up(due, 10))
    )

    bought, price = col("nev_vehicles_bought"), col("nev_taxable_price")
    tax = when(col("nev_purchase_kind") == "passenger_car").then(pl.min_horizontal(price, 30_000_000)).otherwise(price)

    income = col("business_taxable_income")
    taxed = pl.min_horizontal(income, 200_000_000)
    by_slices = (  # hundredths of a fen
        when(taxed <= 3_000_000).then(5 * taxed)
        .when(taxed <= 9_000_000).then(10 * taxed - 5 * 3_000_000)
        .when(taxed <= 30_000_000).then(20 * taxed - 10 * 9_000_000 - 5 * 3_000_000)
        .when(taxed <= 50_000_000).then(30 * taxed - 10 * 30_000_000 - 10 * 9_000_000 - 5 * 3_000_000)
        .otherwise(35 * taxed - 5 * 50_000_000 - 10 * 30_000_000 - 10 * 9_000_000 - 5 * 3_000_000)
    )  # fmt: skip
    # Half of (tax − relief · taxed ÷ income), over one divisor: 200 · income.
    over = pl.max_horizontal(
        lit(0), by_slices.cast(pl.Int128) * income - 100 * col("other_iit_relief").cast(pl.Int128) * taxed
    )
    halved = when(income > 0).then(((2 * over + 200 * income) // (400 * income)).cast(pl.Int64)).otherwise(0)

    months = pl.min_horizontal(col("mentoring_months"), 36)
    research = col("rd_expense") + col("rd_intangible_amortisation")
    return {
        "six-taxes-two-fees": (six, half_up(col("six_taxes_two_fees_payable"), 2), "firm_price", "exact"),
        "small-scale-vat": (vat == "small_scale", vat_sum, "firm_price", "exact"),
        "disability-employment-fund-relief": ((form != "individual_business") & (due > 0), paid, "firm_price", "exact"),
        "vehicle-purchase-tax-nev": (
            col("nev_in_purchase_tax_catalogue") & (bought >= 1), half_up(bought * tax, 20), "firm_price", "exact",
        ),
        "equipment-deduction": (
            corporate & ~col("equipment_is_building") & (col("equipment_unit_price") <= 500_000_000), col("equipment_unit_price"),
            "firm_price", "exact",
        ),
        "job-expansion-allowance": (
            col("insured_in_tianjin") & form.is_in(("individual_business", "public_institution")).not_() & (col("target_youth_hires") > 0)
            & (col("target_youth_insurance_months") >= 3) & ~col("target_youth_already_subsidised"),
            150_000 * col("target_youth_hires"), "firm_cash", "ceiling",
        ),
        "individual-business-income-tax": (form == "individual_business", halved, "firm_price", "exact"),
        "high-tech-enterprise-income-tax": (
            corporate & col("is_high_tech_enterprise"), half_up(pl.max_horizontal(lit(0), col("annual_taxable_income")), 10),
            "firm_price", "exact",
        ),
        "rd-super-deduction": (
            corporate & col("is_audited_collection") & (col("negative_list_revenue_share") <= 500_000),
            when(col("on_ic_machine_tool_list")).then(half_up(6 * research, 5)).otherwise(research), "firm_price", "exact",
        ),
        "master-apprentice-allowance": (
            (col("district") != "outside_tianjin") & col("mentored_apprentices").is_between(1, 2) & col("mentored_level_up")
            & (col("mentoring_months") >= 12), 400_000 * col("mentored_apprentices") * (months // 12), "worker", "exact",
        ),
    }  # fmt: skip


def in_fen(frame: pl.LazyFrame) -> pl.LazyFrame:
    """A register's decimals as whole numbers."""
    return frame.with_columns(
        *((col(name) * 100).cast(pl.Int64) for name in MONEY), *((col(name) * 10**6).cast(pl.Int64) for name in RATES)
    )


def lines(frame: pl.LazyFrame) -> pl.LazyFrame:
    """A line for every firm and rule."""
    made = rules()
    status = {
        slug: when(holds).then(lit("eligible", dtype=STATUS)).when(~holds).then(lit("not_eligible", dtype=STATUS))
        .otherwise(lit("needs_information", dtype=STATUS)) for slug, (holds, _, _, _) in made.items()
    }  # fmt: skip
    slugs = pl.Enum(list(TEN))
    parts = []
    for slug, (holds, fen, recipient, kind) in made.items():
        sum_ = when(holds).then(fen)
        parts.append(
            frame.select(
                col("id").alias("firm"), lit(slug, dtype=slugs).alias("scheme"), lit(DAY).alias("as_of"), status[slug].alias("status"),
                when(holds).then(lit(recipient, dtype=RECIPIENT)).alias("recipient"), when(holds).then(lit(kind, dtype=KIND)).alias("kind"),
                sum_.alias("low"), sum_.alias("high"),
            )
        )  # fmt: skip
    return pl.concat(parts)


def screen(path: Path, out: Path, level: int | None = None) -> None:
    """From a file of firms to a file of lines, compressed by the library's usual level unless another is named."""
    lines(in_fen(pl.scan_parquet(path))).sink_parquet(out, compression_level=level)
