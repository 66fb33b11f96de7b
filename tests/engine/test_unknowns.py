"""What is untold: settled means the same under every completion, and what is missing is exactly what can still turn it."""

from __future__ import annotations

import random

from matcher.engine import check
from matcher.engine.amounts import Amount
from matcher.rulebook import Rulebook
from tests.conftest import count
from tests.engine.firms import editions, figures_near, firm, value

SETTLED = {"eligible", "not_eligible", "needs_decision", "applies", "does_not_apply"}
# Told, these may turn a settled status (contract): a department's finding, and a size that contradicts the figures.
EXCEPTED = {"size_class", "size_sector", "industry", "employees", "annual_revenue", "total_assets"}


def test_telling_more_never_overturns_a_settled_status(rulebook: Rulebook) -> None:
    """One more fact leaves a settled status as it is, and an exact amount lies within the range given before."""
    chance = random.Random(7)
    for slug, day, edition in editions(rulebook):
        codes = sorted(rulebook.industry_classes)
        for _ in range(count(300)):
            facts = firm(rulebook, edition, chance, chance.choice([0.2, 0.5, 0.8]))
            (before,) = check(rulebook, facts, day, [slug])
            untold = [name for name in edition.facts if name not in facts and not name.startswith("dept_")]
            if before.status not in SETTLED or not untold:
                continue
            name = chance.choice(untold)
            if name in EXCEPTED and any(other in facts for other in EXCEPTED):
                continue
            more = {**facts, name: value(rulebook.facts[name], figures_near(edition), codes, chance)}
            (after,) = check(rulebook, more, day, [slug])
            assert after.status == before.status, (slug, day, facts, name, more[name])
            if before.amount is not None and after.amount is not None:
                assert within(after.amount, before.amount), (slug, day, facts, name, more[name])


def within(narrow: Amount, wide: Amount) -> bool:
    """Whether what is known now agrees with what was said before; ``none`` said nothing."""
    if wide.kind == "none" or narrow.kind == "none":
        return wide.kind == "none"
    if wide.kind == "ceiling":
        return narrow.high <= wide.high
    return wide.low <= narrow.low and narrow.high <= wide.high


def test_what_is_not_missing_cannot_turn_the_status(rulebook: Rulebook) -> None:
    """Of an open decision, a completion keeps its status when a fact is changed that was not named as missing."""
    chance = random.Random(23)
    for slug, day, edition in editions(rulebook):
        numbers, codes = figures_near(edition), sorted(rulebook.industry_classes)
        if any(name in EXCEPTED for name in edition.facts):
            continue  # a class one floor down: its figures are named only where some are told
        for _ in range(count(200)):
            facts = firm(rulebook, edition, chance, chance.choice([0.2, 0.5, 0.8]))
            (decision,) = check(rulebook, facts, day, [slug])
            if decision.status != "needs_information":
                continue
            assert decision.missing, (slug, day, facts)
            assert not set(decision.missing) & set(facts)
            whole = {**firm(rulebook, edition, chance), **facts}
            for name in edition.facts:
                if name in facts or name in decision.missing or name.startswith("dept_"):
                    continue
                other = {**whole, name: value(rulebook.facts[name], numbers, codes, chance)}
                ((one,), (two,)) = (check(rulebook, whole, day, [slug]), check(rulebook, other, day, [slug]))
                assert one.status == two.status, (slug, day, facts, name)


def test_an_open_decision_can_be_turned(rulebook: Rulebook) -> None:
    """Something is always missing where information is, and nothing where it is not."""
    chance = random.Random(5)
    for slug, day, edition in editions(rulebook):
        for _ in range(count(100)):
            facts = firm(rulebook, edition, chance, 0.5)
            (decision,) = check(rulebook, facts, day, [slug])
            assert bool(decision.missing) == (decision.status == "needs_information"), (slug, day, facts)
