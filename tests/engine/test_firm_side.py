"""An offer is the firm's own: being in Tianjin alone is nobody's case, and no ground cites another subject's notice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from matcher.engine.amounts import Amount
from matcher.engine.check import check
from matcher.engine.choose.profile import bundle
from matcher.engine.decision import Decision
from matcher.engine.firm_side import is_advised, is_within_reach
from matcher.rulebook.rulebook import Rulebook

IN_TIANJIN = {"district": "nankai"}
DAYS = [date(year, month, 15) for year in range(2019, 2028) for month in (2, 6, 11)]
AWARD = "tianjin-quality-award"


def days_of(rulebook: Rulebook, slug: str) -> set[date]:
    """A day of every span in which nothing of a scheme changes, and the days beside the lines between them."""
    turns = rulebook.turns(slug)
    return {date(2019, 1, 1), *turns, *(day - timedelta(days=1) for day in turns if day > date(2019, 1, 1))}


def test_the_emptiest_firm_of_tianjin_is_offered_money_by_none(rulebook: Rulebook) -> None:
    """Whoever says only that it is in Tianjin is entitled to services alone, and awaits no department, on any day."""
    offered = {
        (slug, decision.status)
        for slug in rulebook.schemes
        for day in days_of(rulebook, slug)
        for decision in check(rulebook, IN_TIANJIN, day, [slug])
        if decision.status == "needs_decision"
        or (decision.status == "eligible" and rulebook.schemes[slug].kind != "service")
    }
    assert offered == set()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nor_is_a_sum_in_its_total(rulebook: Rulebook, day: date) -> None:
    """The best set of the emptiest firm comes to nothing, whatever the day."""
    decisions = check(rulebook, IN_TIANJIN, day)
    assert bundle(rulebook, IN_TIANJIN, decisions, day)["total"] == {"exact": "0.00", "up_to": "0.00"}


def award(*conditions: dict[str, Any]) -> Decision:
    """A municipal award of up to 1,000,000 yuan that a department must still decide, on these conditions."""
    leaf = {"kind": "test", "outcome": True, "children": []}
    tree = {"kind": "all", "outcome": True, "fact": None, "children": [{**leaf, **one} for one in conditions]}
    return Decision(
        AWARD,
        date(2022, 6, 1),
        "needs_decision",
        recipient="firm_cash",
        amount=Amount("ceiling", 100_000_000, 100_000_000),
        explain=lambda: {"reasons": tree},
    )


def test_a_sum_without_a_side_of_the_firm_enters_no_total(rulebook: Rulebook) -> None:
    """What a firm is not, and where it is, brings a selection's sum into no total; that it applied does."""
    stays_out = award(
        {"fact": "district", "op": "!=", "value": "nankai"},
        {"fact": "is_dishonest_debtor", "op": "==", "value": False},
    )
    counts = award({"fact": "quality_award_applied", "op": "==", "value": True})
    day = date(2022, 6, 1)
    assert bundle(rulebook, IN_TIANJIN, [stays_out], day)["total"]["up_to"] == "0.00"
    assert bundle(rulebook, IN_TIANJIN, [counts], day)["total"]["up_to"] == "1000000.00"


def cited(node: dict[str, Any] | None) -> set[str]:
    """The instruments that a reasons tree cites."""
    if node is None:
        return set()
    own = {node["source"]["instrument"]} if node["source"] else set()
    return own.union(*(cited(child) for child in node["children"]))


def test_a_service_cites_no_fund(rulebook: Rulebook) -> None:
    """The quality clinic rests on the measure that promises it, not on the fund for smart manufacturing."""
    (clinic,) = check(rulebook, IN_TIANJIN, date(2026, 12, 1), ["quality-clinic"])
    assert cited(clinic.reasons) == {"天津市振作工业经济若干举措（2022年）"}


def test_no_scheme_cites_a_shared_ground_that_its_notices_do_not_name(rulebook: Rulebook) -> None:
    """That a firm is in Tianjin is cited from a notice only where a version of the scheme rests on that notice."""
    for slug, scheme in rulebook.schemes.items():
        named = "；".join(version.instrument or "" for version in scheme.versions)
        for day in rulebook.turns(slug):
            edition = rulebook.scheme_at(slug, day)
            shared = [
                part
                for tree in (edition.body.conditions() if edition.body else ())
                for part in tree.walk()
                if part.expr is not None and len(part.sources) > 1 and not part.says
            ]
            for part in shared:
                for source in edition.cited(part):
                    assert source.instrument.partition("（")[0] in named, (slug, day, source)


@pytest.mark.parametrize(
    ("name", "old", "new", "is_step"),
    [
        ("employees", 27, 30, True),
        ("employees", 27, 54, True),
        ("employees", 27, 55, False),
        ("eligible_new_hires", 0, 1, False),
        ("insured_employees", 120, 30, False),
        ("district", "outside_tianjin", "baodi", False),
        ("invests_in_lanbai_zone", False, True, False),
        ("has_sector_application", False, True, True),
        ("green_factory_title", "none", "municipal", False),
        ("is_on_abnormal_list", True, False, True),
        ("authorises_credit_data", False, True, True),
        ("tax_credit_rating", "c", "a", True),
    ],
)
def test_a_step_is_no_other_firm_and_none_from_nothing(
    rulebook: Rulebook, name: str, old: Any, new: Any, is_step: bool
) -> None:
    """Figures may double or halve; what a firm is, a rank from none and a number from nothing is out of reach."""
    assert is_within_reach(rulebook, {name: old}, {name: new}) is is_step


def refusal(*met: tuple[str, str, Any]) -> dict[str, Any]:
    """A reasons tree with conditions that hold: fact, operator, the firm's value."""
    leaf = {"kind": "test", "outcome": True, "children": []}
    children = [{**leaf, "fact": fact, "op": op, "value": value} for fact, op, value in met]
    return {"kind": "all", "outcome": False, "fact": None, "children": children}


def test_who_has_begun_is_advised_to_go_on(rulebook: Rulebook) -> None:
    """An exporter can insure its exports; a firm that sells nothing abroad has nothing to insure."""
    policy = {"holds_export_credit_policy": True}
    tree = refusal(("has_exports", "==", True))
    for exports in (True, False):
        told = {"has_exports": exports, "holds_export_credit_policy": False}
        assert is_advised(rulebook, "export-credit-insurance", tree, told, policy) is exports


def test_without_research_nobody_is_advised_to_become_a_high_tech_enterprise(rulebook: Rulebook) -> None:
    """A haulier without R&D is not told to get the certificate; a maker with some is."""
    title = {"is_high_tech_enterprise": True}
    for expense in (0, None, 36_000_000):
        told = {"is_high_tech_enterprise": False} | ({} if expense is None else {"rd_expense": expense})
        found = is_advised(rulebook, "high-tech-enterprise-income-tax", refusal(), told, title)
        assert found is bool(expense)


def test_nobody_is_advised_to_enter_a_selection_that_nothing_of_its_own_speaks_for(rulebook: Rulebook) -> None:
    """A shop is not told to apply for the city's quality award because it is in Tianjin; a consent or a duty is its own."""
    told = {"quality_award_applied": False, "authorises_credit_data": False, "is_dishonest_debtor": True}
    tree = refusal(("district", "!=", "nankai"))
    assert not is_advised(rulebook, AWARD, tree, told, {"quality_award_applied": True})
    assert is_advised(rulebook, "xinyidai-credit-loan", tree, told, {"authorises_credit_data": True})
    assert is_advised(rulebook, AWARD, tree, told, {"is_dishonest_debtor": False})
    speaking = refusal(("is_strategic_or_pillar_industry", "==", True))
    applied = {"applied_for_training_centre": True}
    assert is_advised(rulebook, "enterprise-training-centre", speaking, {"training_persons": 12}, applied)
    assert not is_advised(rulebook, "enterprise-training-centre", speaking, {}, applied), "it trains nobody"
