"""The ten rules for openfisca-core: firms that tell everything, in one simulation, with its own arrays and default figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import polars as pl
from openfisca_core.indexed_enums import Enum
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from tests.benchmarks.city import COUNTS, DAY, MONEY, RATES, TEN, WORDS, YES
from tests.benchmarks.openfisca_peer import FIRM, MONTH, PERIOD, variable
from tests.benchmarks.ten_rules_polars import KIND, RECIPIENT

ENUMS = {name: Enum(name, {word: word for word in words}) for name, words in WORDS.items() if name != "industry"}

# Who gets it and what the sum is, where it is not a price that the firm does not pay, exact.
PAID = dict.fromkeys(TEN, ("firm_price", "exact")) | {
    "job-expansion-allowance": ("firm_cash", "ceiling"),
    "master-apprentice-allowance": ("worker", "exact"),
}

CORPORATE = ("company", "farmers_cooperative", "public_institution", "social_organisation")


def _is(firm: Any, period: Any, name: str, *words: str) -> Any:
    told = firm(name, period)
    return sum(told == ENUMS[name][word] for word in words) > 0


def _fen(yuan: Any) -> Any:
    return numpy.floor(yuan * 100 + 0.5) / 100


def _six(firm: Any, period: Any) -> tuple[Any, Any]:
    new = (
        numpy.logical_not(firm("in_restricted_or_prohibited_industry", period))
        * (firm("employees_end_last_month", period) <= 300)
        * (firm("assets_end_last_month", period) <= 50_000_000)
    )
    way = numpy.where(firm("is_before_first_settlement", period), new, firm("small_low_profit_per_settlement", period))
    small = _is(firm, period, "vat_status", "small_scale") + _is(firm, period, "legal_form", "individual_business")
    return small + _is(firm, period, "legal_form", *CORPORATE, "branch") * way, firm(
        "six_taxes_two_fees_payable", period
    ) / 2


def _vat(firm: Any, period: Any) -> tuple[Any, Any]:
    sales, invoiced = firm("period_sales", period), firm("period_special_invoice_sales", period)
    under = sales < numpy.where(_is(firm, period, "tax_filing_cycle", "monthly"), 100_000, 300_000)
    others = firm("period_real_estate_sales", period) + firm("period_real_estate_lease_sales", period)
    paid = numpy.where(under, 0.03 * (sales - invoiced) + 0.02 * invoiced, 0.02 * numpy.maximum(0, sales - others))
    return _is(firm, period, "vat_status", "small_scale"), paid


def _disability(firm: Any, period: Any) -> tuple[Any, Any]:
    staff, due = firm("disability_fund_staff", period), firm("disability_fund_due", period)
    exempt = numpy.logical_not(_is(firm, period, "legal_form", "public_institution", "social_organisation")) * (
        staff <= 30
    )
    share = numpy.where(exempt, 1, numpy.where(firm("disabled_employees", period) >= 0.01 * staff, 0.5, 0.1))
    return numpy.logical_not(_is(firm, period, "legal_form", "individual_business")) * (due > 0), share * due


def _vehicle(firm: Any, period: Any) -> tuple[Any, Any]:
    bought, price = firm("nev_vehicles_bought", period), firm("nev_taxable_price", period)
    tax = numpy.where(
        _is(firm, period, "nev_purchase_kind", "passenger_car"), numpy.minimum(0.05 * price, 15_000), 0.05 * price
    )
    return firm("nev_in_purchase_tax_catalogue", period) * (bought >= 1), bought * tax


def _equipment(firm: Any, period: Any) -> tuple[Any, Any]:
    price = firm("equipment_unit_price", period)
    holds = (
        _is(firm, period, "legal_form", *CORPORATE)
        * numpy.logical_not(firm("equipment_is_building", period))
        * (price <= 5_000_000)
    )
    return holds, price


def _expansion(firm: Any, period: Any) -> tuple[Any, Any]:
    hires = firm("target_youth_hires", period)
    holds = (
        firm("insured_in_tianjin", period)
        * numpy.logical_not(_is(firm, period, "legal_form", "individual_business", "public_institution"))
        * (hires > 0)
        * (firm("target_youth_insurance_months", period) >= 3)
        * numpy.logical_not(firm("target_youth_already_subsidised", period))
    )
    return holds, 1_500 * hires


def _individual(firm: Any, period: Any) -> tuple[Any, Any]:
    income = firm("business_taxable_income", period)
    taxed = numpy.minimum(income, 2_000_000)
    tax = numpy.zeros_like(taxed)
    for low, high, rate in (
        (0, 30_000, 0.05),
        (30_000, 90_000, 0.1),
        (90_000, 300_000, 0.2),
        (300_000, 500_000, 0.3),
        (500_000, 1e12, 0.35),
    ):
        tax += rate * numpy.clip(taxed - low, 0, high - low)
    safe = numpy.where(income > 0, income, 1)
    halved = 0.5 * numpy.maximum(0, tax - firm("other_iit_relief", period) * taxed / safe)
    return _is(firm, period, "legal_form", "individual_business"), numpy.where(income > 0, halved, 0)


def _high_tech(firm: Any, period: Any) -> tuple[Any, Any]:
    holds = _is(firm, period, "legal_form", *CORPORATE) * firm("is_high_tech_enterprise", period)
    return holds, 0.1 * numpy.maximum(0, firm("annual_taxable_income", period))


def _research(firm: Any, period: Any) -> tuple[Any, Any]:
    holds = (
        _is(firm, period, "legal_form", *CORPORATE)
        * firm("is_audited_collection", period)
        * (firm("negative_list_revenue_share", period) <= 0.5)
    )
    spent = firm("rd_expense", period) + firm("rd_intangible_amortisation", period)
    return holds, numpy.where(firm("on_ic_machine_tool_list", period), 1.2, 1.0) * spent


def _apprentices(firm: Any, period: Any) -> tuple[Any, Any]:
    count, months = firm("mentored_apprentices", period), firm("mentoring_months", period)
    holds = (
        numpy.logical_not(_is(firm, period, "district", "outside_tianjin"))
        * (count >= 1)
        * (count <= 2)
        * firm("mentored_level_up", period)
        * (months >= 12)
    )
    return holds, 4_000 * count * (numpy.minimum(months, 36) // 12)


FORMULAS = dict(
    zip(
        TEN,
        (_six, _vat, _disability, _vehicle, _equipment, _expansion, _individual, _high_tech, _research, _apprentices),
        strict=True,
    )
)


def _variables(slug: str) -> list[type[Variable]]:
    name, work = slug.replace("-", "_"), FORMULAS[slug]
    common: dict[str, Any] = {"entity": FIRM, "definition_period": MONTH, "label": slug}

    def holds(firm: Any, period: Any) -> Any:
        return work(firm, period)[0]

    def sum_(firm: Any, period: Any) -> Any:
        return firm(f"{name}_holds", period) * _fen(work(firm, period)[1])

    return [
        type(f"{name}_holds", (Variable,), common | {"value_type": bool, "formula": holds}),
        type(f"{name}_sum", (Variable,), common | {"value_type": float, "formula": sum_}),
    ]


def system() -> TaxBenefitSystem:
    """Inputs and ten rules, each with whether it holds and its sum in yuan."""
    made = TaxBenefitSystem([FIRM])
    for name, words in ENUMS.items():
        made.add_variable(variable(name, Enum, possible_values=words, default_value=words[WORDS[name][0]]))
    kinds = {
        **dict.fromkeys(YES, bool),
        **dict.fromkeys(COUNTS, int),
        **dict.fromkeys(MONEY, float),
        **dict.fromkeys(RATES, float),
    }
    for name, kind in kinds.items():
        made.add_variable(variable(name, kind))
    for slug in TEN:
        for formula in _variables(slug):
            made.add_variable(formula)
    return made


def by_its_loader(rules: TaxBenefitSystem, firms: pl.DataFrame) -> Simulation:
    """Firms loaded as OpenFisca's documentation loads them: entities, each with a value for each variable and period."""
    figures = [pl.col(name).cast(pl.Float64) for name in (*MONEY, *RATES)]
    told = firms.with_columns(figures).select("id", *ENUMS, *YES, *COUNTS, *MONEY, *RATES).to_dicts()
    period = str(PERIOD)
    return SimulationBuilder().build_from_entities(
        rules, {"firms": {row.pop("id"): {name: {period: value} for name, value in row.items()} for row in told}}
    )


def screen(path: Path, out: Path) -> None:
    """From a file of firms to a file of lines, as the others have them: the system made, arrays set as they are read, which is the
    fastest way into a simulation."""
    rules, told = system(), pl.read_parquet(path)
    simulation = SimulationBuilder().build_default_simulation(rules, told.height)
    for name, words in ENUMS.items():
        codes = told[name].to_physical().to_numpy()
        simulation.set_input(name, PERIOD, words.encode(codes))
    for name in (*YES, *COUNTS):
        simulation.set_input(name, PERIOD, told[name].to_numpy())
    for name in (*MONEY, *RATES):
        simulation.set_input(name, PERIOD, told[name].cast(pl.Float64).to_numpy())
    parts, slugs = [], pl.Enum(list(TEN))
    yes, no = (pl.lit(word, dtype=pl.Enum(["eligible", "not_eligible"])) for word in ("eligible", "not_eligible"))
    for slug in TEN:
        name = slug.replace("-", "_")
        holds = pl.Series(simulation.calculate(f"{name}_holds", PERIOD))
        yuan = simulation.calculate(f"{name}_sum", PERIOD).astype(numpy.float64)
        fen = pl.when("holds").then(pl.col("fen"))
        told_fen = pl.Series(numpy.rint(yuan * 100).astype(numpy.int64))
        parts.append(
            pl.DataFrame({"firm": told["id"], "holds": holds, "fen": told_fen}).select(
                "firm", pl.lit(slug, dtype=slugs).alias("scheme"), pl.lit(DAY).alias("as_of"),
                pl.when("holds").then(yes).otherwise(no).alias("status"),
                pl.when("holds").then(pl.lit(PAID[slug][0], dtype=RECIPIENT)).alias("recipient"),
                pl.when("holds").then(pl.lit(PAID[slug][1], dtype=KIND)).alias("kind"), fen.alias("low"), fen.alias("high"),
            )
        )  # fmt: skip
    pl.concat(parts).write_parquet(out)
