"""What a change costs: the totals are the sums over the firms one by one, to the fen."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from matcher.cli.group import main
from matcher.engine.check import check
from matcher.engine.choose.profile import best_of
from matcher.engine.decide import decider
from matcher.engine.decision import POSITIVE, Decision
from matcher.engine.items import Item, Items
from matcher.places import rules_dir
from matcher.population.impact import Comparison, OverrideError, Rules, compare_rules, with_figures
from matcher.population.over_items import FirmWithItems
from matcher.population.profiles import chunk_of_profiles
from matcher.population.table import open_table
from matcher.rulebook.language.item_kinds import ItemKind
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.population.told import frame
from tests.tools.random_profiles import Profiles

FIRMS = 20_000

SMALL = "small-low-profit-income-tax"

TAXES = "six-taxes-two-fees"

CARS = "vehicle-purchase-tax-nev"

OLD, NEW = date(2022, 12, 31), date(2023, 12, 31)

CHANGES = {
    "small low-profit firms, 2022 to 2023": (SMALL, OLD, NEW, {}),
    "VAT of small-scale taxpayers, 2022 to 2023": ("small-scale-vat", OLD, NEW, {}),
    "300 to 500 staff": (TAXES, date(2026, 12, 1), date(2026, 12, 1), {"small_low_profit.employees": "500"}),
}

# What every firm of a case tells, so that the figures that change decide of many.
_QUARTERS = [f"q{quarter}_{end}" for quarter in (1, 2, 3, 4) for end in ("start", "end")]

_COMPANY: dict[str, Scalar] = {"legal_form": "company", "in_restricted_or_prohibited_industry": False}

THERE: dict[str, dict[str, Scalar]] = {
    "small low-profit firms, 2022 to 2023": {
        **_COMPANY,
        "quarters_counted": 4,
        **{f"{when}_employees": 50 for when in _QUARTERS},
        **{f"{when}_assets": 10**8 for when in _QUARTERS},
    },
    "300 to 500 staff": {
        **_COMPANY,
        "is_before_first_settlement": True,
        "vat_status": "general",
        "assets_end_last_month": 10**8,
    },
}


@pytest.mark.parametrize("case", CHANGES)
def test_totals_are_the_sums_of_the_firms(rulebook: Rulebook, tmp_path: Path, case: str) -> None:
    """Gained, lost, changed and fen before and after over 20,000 firms, decided one by one (400 under script/test)."""
    slug, before, after, figures = CHANGES[case]
    names = [name for name in rulebook.facts_needed([slug]) if not rulebook.facts[name].is_finding]
    profiles = Profiles(rulebook, after, seed=2)
    profiles.near = {name: near for name, near in profiles.near.items() if name in names}
    firms = [{**profiles.draw(), **THERE.get(case, {})} for _ in range(count(FIRMS) if count(10) == 10 else 400)]
    path = tmp_path / "firms.parquet"
    frame(rulebook, firms, profiles.names).write_parquet(path)
    changed = with_figures(rulebook, figures) if figures else rulebook
    found = compare_rules(
        open_table(rulebook, [path]), Rules(rulebook, before), Rules(changed, after), lambda _: None, schemes=(slug,)
    )
    one, other = decider(rulebook, before, slug), decider(changed, after, slug)
    gained = lost = differs = 0
    fen = [0, 0, 0, 0]
    for facts in firms:
        old, new = one(facts), other(facts)
        had, has = old[0] in POSITIVE, new[0] in POSITIVE
        gained, lost = gained + (has and not had), lost + (had and not has)
        differs += had and has and old[1:] != new[1:]
        for place, (line, held) in enumerate(((old, had), (new, has))):
            if held and line[1] != "none":
                fen[place + (0 if line[1] == "exact" else 2)] += line[3]
    told = found.schemes[slug]
    assert (told.gained, told.lost, told.changed) == (gained, lost, differs)
    assert [told.before, told.after, told.most_before, told.most_after] == fen
    assert gained + lost + differs > 0


def test_groups_count_what_a_firm_can_have_together(rulebook: Rulebook, tmp_path: Path) -> None:
    """Over 2,000 firms with schemes that exclude each other (80 under script/test), the total and every district's are the sums of the
    best bundle that is chosen for each firm from a whole check."""
    day, chunk = date(2026, 12, 1), 2_000 if count(10) == 10 else 80
    bound = {
        one
        for relation in rulebook.relations
        if relation.kind in ("excludes", "shares_ceiling")
        for one in relation.schemes
    }
    slugs = [slug for slug in rulebook.schemes if slug in bound]
    changed = with_figures(rulebook, {"small_low_profit.employees": "500"})
    profiles = Profiles(rulebook, day, seed=5)
    firms = [profiles.draw() for _ in range(chunk)]
    path = tmp_path / "firms.parquet"
    frame(rulebook, firms, profiles.names).write_parquet(path)
    found = compare_rules(
        open_table(rulebook, [path]), Rules(rulebook, day), Rules(changed, day), lambda _: None, schemes=tuple(slugs)
    )
    totals = [[0, 0], [0, 0]]
    districts: dict[object, list[int]] = {}
    chosen = 0
    for facts in firms:
        for place, rules in enumerate((rulebook, changed)):
            decisions = check(rules, facts, day, slugs)
            best = best_of(rules, facts, decisions, day)
            chosen += bool(best.left_out)
            totals[place][0] += best.total.exact
            totals[place][1] += best.total.up_to
            districts.setdefault(facts.get("district"), [0, 0])[place] += best.total.exact
    total = found.total
    assert [[total.before, total.most_before], [total.after, total.most_after]] == totals
    told = {district: [one.before, one.after] for district, one in found.groups["district"].items()}
    assert told == {district: sums for district, sums in districts.items() if district is not None}
    assert chosen > chunk / 20
    assert found.chosen > 0


def test_two_rulebooks_are_compared(rulebook: Rulebook, tmp_path: Path) -> None:
    """`--rules-to`: a folder of rules with another figure says what `--set` of that figure says, and names the firm that gains."""
    draft = tmp_path / "draft"
    shutil.copytree(rules_dir(), draft)
    figures = draft / "parameters" / "tax.yaml"
    before = figures.read_text(encoding="utf-8")
    first, _, rest = before.partition("- id: small_low_profit.employees")
    figures.write_text(f"{first}- id: small_low_profit.employees{rest.replace('300', '500', 1)}", encoding="utf-8")
    told, named = tmp_path / "firms.csv", tmp_path / "named.csv"
    told.write_text(
        "id,legal_form,is_before_first_settlement,in_restricted_or_prohibited_industry,employees_end_last_month,"
        "assets_end_last_month,vat_status,six_taxes_two_fees_payable\n"
        "A,company,true,false,400,1000000,general,1000\nB,company,true,false,100,1000000,general,1000\n",
        encoding="utf-8",
    )
    asked = ["impact", str(told), "--from", "2026-12-01", "--scheme", TAXES, "--json"]
    by_folder = CliRunner().invoke(main, [*asked, "--rules-to", str(draft), "-o", str(named)])
    by_figure = CliRunner().invoke(main, [*asked, "--set", "small_low_profit.employees=500"])
    assert by_folder.exit_code == by_figure.exit_code == 0, by_folder.stderr
    found = json.loads(by_folder.stdout)
    assert found == json.loads(by_figure.stdout)
    assert (found["schemes"][TAXES]["gained"], found["total"]["before"], found["total"]["after"]) == (
        1,
        50_000,
        100_000,
    )
    assert [line.split(",")[0] for line in named.read_text(encoding="utf-8").splitlines()] == ["firm", "A"]


def test_another_figure_changes_nothing_else(rulebook: Rulebook) -> None:
    """The rulebook itself stays as it is; money is set in yuan."""
    changed = with_figures(rulebook, {"small_low_profit.assets": "1"})
    day = date(2026, 12, 1)
    told = {"legal_form": "company", "is_before_first_settlement": True, "in_restricted_or_prohibited_industry": False,
            "employees_end_last_month": 3, "assets_end_last_month": 101, "vat_status": "general"}  # fmt: skip
    assert decider(changed, day, TAXES)(told)[0] == "not_eligible"
    assert decider(changed, day, TAXES)({**told, "assets_end_last_month": 100})[0] == "eligible"
    assert decider(rulebook, day, TAXES)(told)[0] == "eligible"


@pytest.mark.parametrize(
    "written", [("no_such.figure", "1"), ("small_low_profit.employees", "many"), ("legal_forms.cit_payer", "1")]
)
def test_what_cannot_be_set_is_said(rulebook: Rulebook, written: tuple[str, str]) -> None:
    """A name that is no figure, or a value that is no number."""
    with pytest.raises(OverrideError, match=written[0]):
        with_figures(rulebook, dict([written]))


def test_firms_with_several_loans_and_machines_count_with_each(rulebook: Rulebook) -> None:
    """Firms with several items beside firms with none: by scheme and in all, fen before and after are the sums of checks over the items of
    each firm, and of the best bundle that is chosen among them."""
    day = date(2026, 12, 1)
    figures = {"vehicle_purchase_tax.per_car": "5000", "loan_subsidy.principal": "600000"}
    sides = (rulebook, with_figures(rulebook, figures))
    slugs = [CARS, TAXES, "sme-loan-interest-subsidy", "startup-guarantee-loan", "inclusive-credit-loan"]
    firms = [_with_items(rulebook, day, number) for number in range(count(300))]
    comparison = Comparison.of(Rules(sides[0], day), Rules(sides[1], day), list(rulebook.facts), slugs)
    ids, names = [f"F{number}" for number in range(len(firms))], sorted(comparison.needed)
    told = [one if one.items.all else one.facts for one in firms]
    lines = pl.concat(comparison.add(chunk_of_profiles(rulebook, ids, told, names, comparison.lexicon))())
    sums: dict[str, list[int]] = {}
    totals = [0, 0]
    for firm in firms:
        for place, rules in enumerate(sides):
            decisions = check(rules, firm.facts, day, slugs, items=firm.items)
            totals[place] += best_of(rules, firm.facts, decisions, day, firm.items).total.exact
            for slug in slugs:
                sums.setdefault(slug, [0, 0])[place] += _surely([one for one in decisions if one.scheme == slug])
    found = comparison.found
    assert {slug: [one.before, one.after] for slug, one in found.schemes.items()} == sums
    assert [found.total.before, found.total.after] == totals
    several = {f"F{number}" for number, firm in enumerate(firms) if len(firm.items.all) > 1}
    assert lines.filter(pl.col("scheme") == CARS, pl.col("firm").is_in(several)).height > 0
    assert sums[CARS][0] > sums[CARS][1] > 0


def _with_items(rulebook: Rulebook, day: date, number: int) -> FirmWithItems:
    """A firm with none, two or three loans and as many machines, each with facts of its own."""
    profiles = Profiles(rulebook, day, seed=number)
    facts = {**profiles.draw(), "nev_in_purchase_tax_catalogue": True, "nev_vehicles_bought": 1}
    if not number % 3:
        return FirmWithItems(facts, Items())
    kinds: tuple[ItemKind, ItemKind] = ("loan", "equipment")
    of = {kind: {name for name, fact in rulebook.facts.items() if kind in fact.of} for kind in kinds}
    items = []
    for kind, names in of.items():
        for place in range(1, 2 + number % 3):
            own = {name: value for name, value in (facts if place == 1 else profiles.draw()).items() if name in names}
            items.append(
                Item(
                    kind, f"{kind}-{place}", {**own, **({"nev_vehicles_bought": place} if kind == "equipment" else {})}
                )
            )
    flat = {name: value for name, value in facts.items() if not any(name in names for names in of.values())}
    return FirmWithItems(flat, Items(tuple(items)))


def _surely(decisions: list[Decision]) -> int:
    """Fen of those of the best status, where every one of them is exact."""
    held = [one for one in decisions if one.status == "eligible"] or [
        one for one in decisions if one.status == "needs_decision"
    ]
    amounts = [one.amount for one in held if one.amount is not None]
    return sum(one.high for one in amounts) if all(one.kind == "exact" for one in amounts) else 0
