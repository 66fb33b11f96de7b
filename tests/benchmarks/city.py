"""Draws a city of firms as columns: the facts of ten rules and of a register, seeded, figures often at a bound, some facts untold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

DAY = date(2026, 12, 1)

TEN = (
    "six-taxes-two-fees", "small-scale-vat", "disability-employment-fund-relief", "vehicle-purchase-tax-nev", "equipment-deduction",
    "job-expansion-allowance", "individual-business-income-tax", "high-tech-enterprise-income-tax", "rd-super-deduction",
    "master-apprentice-allowance",
)  # fmt: skip

LEGAL_FORMS = (
    "company", "partnership", "sole_proprietorship", "individual_business", "farmers_cooperative", "branch", "public_institution",
    "social_organisation",
)  # fmt: skip

DISTRICTS = ("heping", "hedong", "hexi", "nankai", "hebei", "hongqiao", "binhai", "outside_tianjin")

INDUSTRIES = ("6210", "5212", "3130", "6513", "7320", "4210", "0111", "8399")

WORDS: dict[str, Sequence[str]] = {
    "legal_form": LEGAL_FORMS,
    "vat_status": ("general", "small_scale"),
    "tax_filing_cycle": ("monthly", "quarterly"),
    "nev_purchase_kind": ("passenger_car", "other_vehicle"),
    "district": DISTRICTS,
    "industry": INDUSTRIES,
}

# Yes or no, and how often it is yes.
YES = {
    "is_before_first_settlement": 0.3, "small_low_profit_per_settlement": 0.5, "in_restricted_or_prohibited_industry": 0.2,
    "nev_in_purchase_tax_catalogue": 0.5, "equipment_is_building": 0.2, "insured_in_tianjin": 0.8, "is_high_tech_enterprise": 0.3,
    "target_youth_already_subsidised": 0.2, "is_audited_collection": 0.7, "on_ic_machine_tool_list": 0.1, "mentored_level_up": 0.6,
}  # fmt: skip

# Whole numbers: the bounds of the rules, and the largest.
COUNTS: dict[str, tuple[Sequence[int], int]] = {
    "employees_end_last_month": ((300,), 1_000), "disability_fund_staff": ((30, 100), 400), "nev_vehicles_bought": ((0, 1), 6),
    "target_youth_hires": ((0,), 12), "target_youth_insurance_months": ((3,), 24), "mentored_apprentices": ((0, 2), 4),
    "mentoring_months": ((12, 24, 36), 60), "employees": ((20, 300), 2_000), "disabled_employees": ((0,), 5),
}  # fmt: skip

# Fen: the bounds of the rules, and the largest.
MONEY: dict[str, tuple[Sequence[int], int]] = {
    "assets_end_last_month": ((5_000_000_000,), 20_000_000_000), "six_taxes_two_fees_payable": ((), 300_000_000),
    "period_sales": ((10_000_000, 30_000_000), 60_000_000), "period_special_invoice_sales": ((), 5_000_000),
    "period_real_estate_sales": ((), 2_000_000), "period_real_estate_lease_sales": ((), 2_000_000),
    "disability_fund_due": ((0,), 10_000_000), "nev_taxable_price": ((30_000_000,), 60_000_000),
    "equipment_unit_price": ((500_000_000,), 900_000_000), "business_taxable_income": ((0, 3_000_000, 9_000_000, 200_000_000), 400_000_000),
    "other_iit_relief": ((0,), 500_000), "annual_taxable_income": ((0,), 900_000_000), "rd_expense": ((), 900_000_000),
    "rd_intangible_amortisation": ((), 90_000_000), "annual_revenue": ((40_000_000_000,), 90_000_000_000),
}  # fmt: skip

RATES = {"negative_list_revenue_share": 500_000}

SUMS = {*MONEY, "disability_fund_staff", "disabled_employees", "nev_vehicles_bought", "target_youth_hires", "nev_purchase_kind",
        "mentored_apprentices", "mentoring_months", "on_ic_machine_tool_list", "tax_filing_cycle"} - {"assets_end_last_month"}  # fmt: skip
"""What sums are made of: always told, so that the rules written by hand need no ranges."""


def draw(firms: int, seed: int, *, gaps: bool, start: int = 0) -> pl.DataFrame:
    """So many firms: money in fen, rates in millionths, words as enumerations. With ``gaps`` a tenth of what conditions ask is untold."""
    dice = np.random.default_rng(seed)
    made: dict[str, pl.Series] = {"id": pl.Series([f"F{number}" for number in range(start, start + firms)])}

    def keep(name: str, column: pl.Series) -> None:
        if gaps and name not in SUMS:
            told = pl.Series(dice.random(firms) >= 0.1)
            column = column.to_frame().select(pl.when(told).then(pl.first())).to_series()
        made[name] = column.alias(name)

    for name, words in WORDS.items():
        keep(name, pl.Series(words, dtype=pl.Enum(list(words))).gather(dice.integers(0, len(words), firms)))
    for name, share in YES.items():
        keep(name, pl.Series(dice.random(firms) < share))
    for name, (bounds, most) in {**COUNTS, **MONEY}.items():
        keep(name, pl.Series(_figures(dice, firms, bounds, most)))
    for name, bound in RATES.items():
        keep(name, pl.Series(np.where(dice.random(firms) < 0.3, bound, dice.integers(0, 10**6, firms))))
    invoiced = pl.min_horizontal(
        "period_special_invoice_sales", "period_sales"
    )  # a part of the sales, or there is no sum
    return pl.DataFrame(made).with_columns(invoiced.alias("period_special_invoice_sales"))


def _figures(
    dice: np.random.Generator, firms: int, bounds: Sequence[int], most: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    drawn = dice.integers(1, most, firms)
    if bounds:
        near = dice.choice(np.array(bounds), firms) + dice.integers(-1, 2, firms)
        drawn = np.where(dice.random(firms) < 0.3, np.maximum(near, 0 if min(bounds) < 30 else 1), drawn)
    return np.maximum(drawn, 1) if bounds == (30, 100) else drawn


def as_told(firms: pl.DataFrame) -> pl.DataFrame:
    """As a register tells them: money in yuan, rates as such, both as decimals."""
    yuan = [(pl.col(name).cast(pl.Decimal(20, 2)) * pl.lit(Decimal("0.01"))).cast(pl.Decimal(20, 2)) for name in MONEY]
    rates = [
        (pl.col(name).cast(pl.Decimal(20, 6)) * pl.lit(Decimal("0.000001"))).cast(pl.Decimal(20, 6)) for name in RATES
    ]
    return firms.with_columns(*yuan, *rates)


def write(
    path: Path, firms: int, seed: int, *, gaps: bool, batch: int = 500_000, made: Callable[[], None] = lambda: None
) -> None:
    """A Parquet file of so many firms, drawn and written in batches: larger ones than memory holds."""
    folder = path.with_suffix(".parts")
    folder.mkdir()
    for number, start in enumerate(range(0, firms, batch)):
        part = draw(min(batch, firms - start), seed + number, gaps=gaps, start=start)
        as_told(part).write_parquet(folder / f"{number:04d}.parquet", compression="lz4", statistics=False)
        made()
    pl.scan_parquet(sorted(folder.iterdir())).sink_parquet(path, compression="lz4", statistics=False)
    for one in folder.iterdir():
        one.unlink()
    folder.rmdir()
