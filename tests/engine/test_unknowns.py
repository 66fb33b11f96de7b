"""What is untold: settled means the same under every completion, and what is missing is exactly what can still turn it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.engine.amounts import Amount
from matcher.engine.check import check
from matcher.engine.decision import Decision
from matcher.firms.profile import read_facts
from matcher.firms.values import read_date
from matcher.rulebook.language.types import Scalar
from matcher.workbench.cases import find_cases
from tests.conftest import count
from tests.engine.firms import Asked, asked, the_rulebook, told_facts

SETTLED = {"eligible", "not_eligible", "needs_decision", "applies", "does_not_apply"}
# A size told beside figures that give another one is the contract's second exception.
SIZE = {"size_class", "size_sector", "industry", "employees", "annual_revenue", "total_assets"}


def decide(one: Asked, **more: object) -> Decision:
    """The decision, with some facts besides."""
    (decision,) = check(the_rulebook(), {**one.facts, **more}, one.day, [one.slug])  # type: ignore[dict-item]
    return decision


@settings(max_examples=count(10000))
@given(asked(), st.data())
def test_telling_more_never_overturns_a_settled_status(one: Asked, data: st.DataObject) -> None:
    """One more fact leaves a settled status as it is, and an exact amount lies within the range given before.

    The contract's exceptions are left out: a department's finding, and a told size that contradicts the figures.
    """
    before = decide(one)
    assume(before.status in SETTLED)
    untold = {name: values for name, values in told_facts(one.slug, one.day).items() if name not in one.facts}
    names = [name for name in untold if not name.startswith("dept_") and not (name in SIZE and SIZE & set(one.facts))]
    assume(names)
    name = data.draw(st.sampled_from(sorted(names)))
    after = decide(one, **{name: data.draw(untold[name])})
    assert after.status == before.status
    if before.amount is not None and after.amount is not None:
        assert within(after.amount, before.amount)


def within(narrow: Amount, wide: Amount) -> bool:
    """Whether what is known now agrees with what was said before; ``none`` said nothing."""
    if wide.kind == "none" or narrow.kind == "none":
        return wide.kind == "none"
    if wide.kind == "ceiling":
        return narrow.high <= wide.high
    return wide.low <= narrow.low and narrow.high <= wide.high


def test_the_final_amount_lies_within_every_range_before(all_cases: Path) -> None:
    """Of firms with a sum some facts are hidden and told again one by one, as in another case of the scheme or as they were:
    each range lies within the one before, and so the final amount within them all.

    A department's findings are told from the beginning: told later they may settle another sum.
    """
    firms = firms_with_a_sum(all_cases)
    told: dict[tuple[str, str], list[Scalar]] = {}
    for one in firms:
        for name, value in one.facts.items():
            told.setdefault((one.slug, name), []).append(value)
    kinds: Counter[str] = Counter()
    source = random.Random(1)
    while kinds.total() < count(10000):
        one = source.choice(firms)
        hidden = source.sample(hideable(one), min(len(hideable(one)), source.choice((1, 1, 2, 3, 4))))
        facts = {name: value for name, value in one.facts.items() if name not in hidden}
        before = decide(Asked(one.slug, one.day, facts)).amount
        for name in hidden:
            facts[name] = source.choice((one.facts[name], source.choice(told[one.slug, name])))
            after = decide(Asked(one.slug, one.day, facts)).amount
            if before is not None and before.kind != "none":
                assert after is not None, (one, facts)
                assert within(after, before), (one, facts)
                kinds[before.kind] += 1
            before = after
    assert kinds["range"] > count(10000) // 10


def hideable(one: Asked) -> list[str]:
    """The figures a firm told; everything it told where there is none."""
    mine = sorted(name for name in one.facts if not name.startswith("dept_") and name not in SIZE)
    figures = [name for name in mine if isinstance(one.facts[name], int | Fraction)]
    return [name for name in figures if not isinstance(one.facts[name], bool)] or mine


def firms_with_a_sum(folder: Path) -> list[Asked]:
    """The firms of the worked cases below this folder that are entitled to some sum."""
    found = []
    for case in find_cases([str(folder)]).cases:
        facts, _ = read_facts(the_rulebook(), case.content["facts"])
        day, amount = read_date(case.content["as_of"]), case.content["expect"].get("amount")
        if isinstance(day, date) and amount is not None and amount["kind"] != "none":
            found.append(Asked(case.subject, day, dict(facts)))
    return found


@settings(max_examples=count(4000))
@given(asked(), st.data())
def test_what_is_not_missing_cannot_turn_the_status(one: Asked, data: st.DataObject) -> None:
    """Of an open decision, no completion changes its status with a fact that was not named as missing.

    Left out: editions that ask first what is asked for (the contract's four pickers), since they name nothing of the branches
    before, and a size class one floor down, whose figures are named only where some are told.
    """
    told = told_facts(one.slug, one.day)
    assume(one.edition.body is not None and not one.edition.body.ask_first)
    assume(not SIZE & set(told))
    decision = decide(one)
    assume(decision.status == "needs_information")
    assert not set(decision.missing) & set(one.facts)
    rest = {name: values for name, values in told.items() if name not in one.facts}
    others = sorted(name for name in rest if name not in decision.missing and not name.startswith("dept_"))
    assume(others)
    whole = data.draw(st.fixed_dictionaries(rest))
    name = data.draw(st.sampled_from(others))
    assert decide(one, **whole).status == decide(one, **{**whole, name: data.draw(rest[name])}).status


@settings(max_examples=count(3000))
@given(asked())
def test_something_is_missing_exactly_where_information_is_needed(one: Asked) -> None:
    """A decision names missing facts if, and only if, its status is needs_information."""
    decision = decide(one)
    assert bool(decision.missing) == (decision.status == "needs_information")


def test_missing_facts_stand_in_the_order_of_their_use() -> None:
    """What alone settles a scheme comes first, then what most of the open schemes wait for."""
    day = date(2023, 5, 1)
    decisions = check(the_rulebook(), {"legal_form": "company"}, day)
    wanted = Counter(name for decision in decisions for name in decision.missing)
    alone = Counter(decision.missing[0] for decision in decisions if len(decision.missing) == 1)
    for decision in decisions:
        ranks = [(-alone[name], -wanted[name]) for name in decision.missing]
        assert ranks == sorted(ranks)
