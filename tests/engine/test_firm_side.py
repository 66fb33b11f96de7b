"""An offer is the firm's own: being in Tianjin alone is nobody's case, and no ground cites another subject's notice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from matcher.engine.amounts import Amount
from matcher.engine.check import check
from matcher.engine.choose.profile import bundle
from matcher.engine.decision import Decision
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
