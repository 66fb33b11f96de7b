"""Draws firms to interview: the generator's companies, completed with what such a firm would plausibly answer."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from matcher.rulebook.files import Fact
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook

AS_OF = date(2026, 11, 24)
FORMS = {
    "有限责任公司": "company", "股份有限公司": "company", "个体工商户": "individual_business", "分支机构": "branch",
    "农民专业合作社": "farmers_cooperative", "合伙企业": "partnership", "个人独资企业": "sole_proprietorship",
}  # fmt: skip
# The districts' codes, in the order in which the vocabulary names the districts.
CODES = (*range(120101, 120107), *range(120110, 120120))
# Groups whose facts are about a thing that few firms have; who has none can say so where a question allows it, and answers
# 不清楚 to the rest. Written out a second time on purpose: the chooser's own guesses must not make the firms that it is
# measured on.
HAVE = {"project": 0.15, "financing": 0.45, "guarantee": 0.1, "capital_market": 0.03, "training": 0.15, "worker": 0.05,
        "first_set": 0.08, "material": 0.05, "digital": 0.3, "design": 0.05, "testing": 0.05, "vehicles": 0.03,
        "appliances": 0.03, "trade": 0.3, "titles": 0.2, "product": 0.4}  # fmt: skip
# Hardly any firm has done these things, moves from Beijing, or builds in Gansu or Jilin.
RARE = ("standing", "conduct", "regions")
# What the law works out from trade, staff and revenue: drawn by itself it would contradict them.
WORKED_OUT = ("size_class", "size_sector")
NOTHING = ("none", "neither", "other", "no")


def generated(folder: Path, script: Path, count: int, seed: int = 7) -> list[Mapping[str, Any]]:
    """So many companies of the generator, as it writes them."""
    file = folder / "firms.jsonl"
    subprocess.run([sys.executable, str(script), str(count), "--seed", str(seed), "-o", str(file)], check=True)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def completed(rulebook: Rulebook, company: Mapping[str, Any], chance: random.Random) -> dict[str, Scalar]:
    """The facts that a company of the generator knows of itself: the same for the same chance."""
    facts: dict[str, Scalar] = {}
    having = {group for group, share in HAVE.items() if chance.random() < share}
    for name, fact in rulebook.facts.items():
        if fact.stated_by == "department":
            continue
        if fact.group not in HAVE or fact.group in having:
            facts[name] = _drawn(fact, chance)
        elif (none := _none_of_it(fact)) is not None:
            facts[name] = none
    facts |= _registered(company, list(rulebook.facts["district"].values), chance)
    figures, revenue = _figures(company, chance), int(company["revenue_yuan"]) * 100
    staff = max(1, int(company["employees"]))
    facts = {name: _within(rulebook.facts[name], value, staff, revenue, chance) for name, value in facts.items()}
    facts |= figures | _booked(facts | figures, staff, revenue, chance)
    facts |= _ruled_out(rulebook, facts)
    return {name: value for name, value in facts.items() if name not in WORKED_OUT}


def _ruled_out(rulebook: Rulebook, facts: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """What a firm of such a trade, size and kind has not: chance would give a noodle shop its steel works."""
    staff = facts["employees"]
    assert isinstance(staff, int)
    held = [one.none for one in rulebook.presumed.every if one.holds(facts, staff)]
    return {name: value for none in held for name, value in none.items() if name in facts}


def _none_of_it(fact: Fact) -> Scalar | None:
    """What a firm without the thing answers about itself; None where the question is about the thing."""
    if fact.type == "boolean":
        return False if fact.id.startswith(("is_", "has_", "makes_", "builds_", "owns_", "holds_")) else None
    if fact.type == "enum":
        return next((one for one in NOTHING if one in fact.values and one != "other"), None)  # another one is one too
    return 0 if fact.type == "integer" and fact.unit == "persons" and fact.bounds[0] == 0 else None


def _registered(company: Mapping[str, Any], districts: list[str], chance: random.Random) -> dict[str, Scalar]:
    """What the register and the generator say."""
    form = FORMS[company["legal_form"]]
    return {
        "name": company["name"], "credit_code": company["uscc"], "industry": company["industry_code"], "legal_form": form,
        "district": districts[CODES.index(int(company["district_code"]))],
        "established_on": date.fromisoformat(company["established"]),
        "ownership": chance.choices(["private", "municipal_state", "other_state", "foreign"], [85, 4, 5, 6])[0],
        "line_of_business": "other" if chance.random() < 0.8 else chance.choice(["nev", "five_g", "new_trade"]),
        "applicant_is_area_body": False,
        "vat_status": "general" if company["revenue_yuan"] > 5_000_000 else "small_scale",
    }  # fmt: skip


def _figures(company: Mapping[str, Any], chance: random.Random) -> dict[str, Scalar]:
    """Staff, revenue and assets, through the year and at its end."""
    staff, assets = max(1, int(company["employees"])), int(company["assets_yuan"]) * 100
    quarters = [f"q{quarter}_{end}" for quarter in (1, 2, 3, 4) for end in ("start", "end")]
    found: dict[str, Scalar] = {f"{one}_employees": staff * chance.randrange(90, 111) // 100 for one in quarters}
    found |= {f"{one}_assets": assets * chance.randrange(90, 111) // 100 for one in quarters}
    counted = chance.choice([1, 2, 3])
    # An average over the quarters counted divides the sum of all: a quarter that is not counted has nothing in it.
    found |= {name: 0 for name in found if int(name[1]) > counted}
    profit = int(company["revenue_yuan"]) * chance.randrange(-2, 9)
    return found | {
        "employees": staff, "annual_revenue": int(company["revenue_yuan"]) * 100, "total_assets": assets,
        "employees_end_last_month": staff, "assets_end_last_month": assets, "current_staff": staff,
        "insured_employees": staff, "quarters_counted": counted, "annual_taxable_income": profit,
    }  # fmt: skip


def _booked(facts: Mapping[str, Scalar], staff: int, revenue: int, chance: random.Random) -> dict[str, Scalar]:
    """Taxes, premiums and sales, which stand in the same books as staff and revenue (in fen): by what is paid on these. By itself
    chance gives a firm of one person 7 million yuan to pay into the disability fund.

    Premiums and the fund at the law's rates, the rest wider than the rules' own usual figures, which are measured on these firms.
    """
    months = 1 if facts.get("tax_filing_cycle") == "monthly" else 3
    sales = revenue * months * chance.randrange(60, 141) // 1200
    wages = staff * chance.randrange(4, 16) * 100_000  # a month
    # Stamp duty and surtaxes of some thousandths; one firm in ten owns a building, and pays tax on it and its land.
    building = chance.randrange(5, 80) * 100_000 * months // 12 if chance.random() < 0.1 else 0
    found: dict[str, Scalar] = {
        "period_sales": sales, "prior_year_vat_sales": revenue, "deferral_reference_sales": sales,
        "period_special_invoice_sales": chance.choice([0, 0, 1, 2, 4]) * sales // 4, "period_real_estate_sales": 0,
        "period_real_estate_lease_sales": sales // 5 if chance.random() < 0.05 else 0,
        "six_taxes_two_fees_payable": sales * chance.randrange(3, 80) // 10_000 + building,
        "deferrable_taxes_payable": sales * chance.randrange(60) // 1000,
        "employment_deductible_taxes": revenue * chance.randrange(80) // 1000,
        "business_taxable_income": revenue * chance.randrange(-5, 50) // 100,
        "unemployment_premium_last_year": wages * 12 // 100, "employer_pension_due": wages * 16 // 100,
        "employer_unemployment_due": wages // 200, "employer_injury_due": wages * chance.randrange(2, 20) // 1000,
        "disability_fund_due": wages * 12 * 15 // 1000, "disability_fund_staff": staff,
        "disabled_employees": 1 if chance.random() < 0.1 else 0,
    }  # fmt: skip
    return {name: value for name, value in found.items() if name in facts}


def _within(fact: Fact, value: Scalar, staff: int, revenue: int, chance: random.Random) -> Scalar:
    """A figure of the firm's own as its size allows: a sum up to half of its revenue, people up to a third of its staff."""
    if not isinstance(value, int) or isinstance(value, bool) or not value or fact.bounds[0] is None:
        return value
    if fact.type == "money" and fact.group != "capital_market":
        return int(revenue * 10 ** chance.uniform(-3, -0.3))
    return min(value, max(int(fact.bounds[0]), -(-staff // 3))) if fact.unit == "persons" else value


def _drawn(fact: Fact, chance: random.Random) -> Scalar:
    """An answer to one question by itself."""
    if fact.type == "boolean":
        return chance.random() < (0.02 if fact.group in RARE else 0.2 if fact.group not in HAVE else 0.6)
    if fact.type == "enum":
        usual = next((one for one in NOTHING if one in fact.values), None)
        return usual if usual is not None and chance.random() < 0.7 else chance.choice(list(fact.values))
    if fact.type == "date":
        return date.fromordinal(AS_OF.toordinal() - chance.randrange(30, 1500))
    if fact.type == "text":
        return "津"
    return _number(fact, chance)


def _number(fact: Fact, chance: random.Random) -> Scalar:
    """None in half of all cases where that is possible, else anything up to a million, within the bounds."""
    least, most = fact.bounds
    number = 0 if chance.random() < 0.5 else int(10 ** chance.uniform(0, 3 if fact.unit else 9))
    if fact.type == "rate":
        return Fraction(least or 0) + (Fraction(most or 1) - Fraction(least or 0)) * min(number, 100) / 100
    number = number if least is None else max(number, int(-(-least // 1)))
    return number if most is None else min(number, int(most // 1))
