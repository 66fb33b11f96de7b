"""Explain and decide always agree, and the words of a condition name every fact and bound in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import given, settings

from matcher.engine.check import check
from matcher.engine.decide import decider
from matcher.engine.explain import explainer
from matcher.engine.words import Words
from matcher.engine.worlds import Band
from matcher.firms.profile import read_facts
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Node
from matcher.rulebook.rulebook import Rulebook
from matcher.text.figures import figure
from tests.conftest import count
from tests.engine.firms import Asked, asked, editions, the_rulebook

HEAD = {"eligible": True, "not_eligible": False, "applies": True, "does_not_apply": False, "needs_information": None}


@settings(max_examples=count(3000))
@given(asked())
def test_the_head_of_the_tree_says_what_the_decision_says(one: Asked) -> None:
    """The outcome at the top of the reasons is true for a pass, false for a refusal, unknown while information is missing."""
    (decision,) = check(the_rulebook(), one.facts, one.day, [one.slug])
    if decision.status in HEAD:
        assert decision.reasons["outcome"] is HEAD[decision.status]


def test_a_band_settles_its_conditions_in_the_tree() -> None:
    """A figure told by a band beyond the bound fails its condition, within it holds; across it leaves it open."""
    facts = {"vat_status": "general", "legal_form": "company", "is_before_first_settlement": True}
    outcomes = []
    for band in (Band(301, None), Band(0, 300), Band(200, 400)):
        bands = {"employees_end_last_month": band}
        (decision,) = check(the_rulebook(), facts, date(2026, 11, 24), ["six-taxes-two-fees"], bands)
        found = [n for n in nodes_of(decision.reasons) if n["fact"] == "employees_end_last_month"]
        outcomes.append({node["outcome"] for node in found})
        assert decision.reasons["outcome"] is HEAD[decision.status]
    assert outcomes == [{False}, {True}, {None}]


@settings(max_examples=count(3000))
@given(asked())
def test_explaining_decides_alike(one: Asked) -> None:
    """The compiled explanation carries the compiled decision."""
    explain, decide = explainer(the_rulebook(), one.day, one.slug), decider(the_rulebook(), one.day, one.slug)
    assert explain(one.facts).outcome == decide(one.facts)


@settings(max_examples=count(2000))
@given(asked(whole=True))
def test_a_failing_test_is_shown_with_value_bound_and_distance(one: Asked) -> None:
    """Every failing comparison of a told fact names the value, the bound and the distance between them."""
    (decision,) = check(the_rulebook(), one.facts, one.day, [one.slug])
    for node in nodes_of(decision.reasons):
        if node["outcome"] is False and node["op"] in ("<", "<=", ">", ">=") and node["fact"]:
            assert None not in (node["value"], node["bound"], node["distance"])


@settings(max_examples=count(500))
@given(asked(whole=True))
def test_a_near_miss_does_what_it_says(one: Asked) -> None:
    """With the changes of a near miss told, or on its day, the decision is the one it promises; nothing unchangeable is in it."""
    (decision,) = check(the_rulebook(), one.facts, one.day, [one.slug])
    for miss in decision.near_miss:
        raw = {change["fact"]: change["to"] for change in miss["changes"]}
        changed, faults = read_facts(the_rulebook(), raw)
        assert not faults
        assert all(the_rulebook().facts[name].advise not in (None, "never") for name in raw)
        day = date.fromisoformat(miss["on"]) if miss["on"] else one.day
        (after,) = check(the_rulebook(), {**one.facts, **changed}, day, [one.slug])
        assert after.status == miss["reaches"]


def nodes_of(tree: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Every node of a reasons tree."""
    if tree is not None:
        yield tree
        for child in tree["children"]:
            yield from nodes_of(child)


def test_words_name_every_fact_and_bound(rulebook: Rulebook) -> None:
    """In both languages the words of a test hold the label of each fact, not as a question, and each figure that stands in it."""
    labels = {name: history.parameter.label for name, history in rulebook.parameters.items()}
    for slug, _, edition in editions(rulebook):
        assert edition.body is not None
        for lang in ("zh", "en"):
            words = Words(rulebook.facts, rulebook.parsed[slug].names, labels, lang)
            for tree in edition.body.conditions():
                for condition in tree.walk():
                    if condition.expr is not None:
                        text = words.wanted(condition.expr).replace("是否", "")
                        for wanted in named(condition.expr, words, lang):
                            assert wanted.replace("是否", "") in text, (slug, condition.id, wanted, text)


def named(node: Node, words: Words, lang: str) -> Iterator[str]:
    """What the words must hold: labels of facts and of names (explained in their own place), figures of constants."""
    match node:
        case nodes.Fact():
            yield words.vocabulary[node.id].label.get(lang)
        case nodes.Named() | nodes.Derived():
            yield words.names.meaning(node.id).label.get(lang)
        case nodes.Const() if node.name and node.type.kind in ("number", "date") and not hasattr(node.value, "rows"):
            yield figure(node.value, node.type, lang)
        case _:
            for part in node.parts:
                yield from named(part, words, lang)


def test_a_scheme_of_several_ways_is_not_headed_as_one_without_conditions(rulebook: Rulebook) -> None:
    """The heads that the engine puts over the ways of a scheme say how the parts count, not that there are none."""
    (decision,) = check(rulebook, {"district": "outside_tianjin"}, date(2020, 9, 1), ["startup-guarantee-loan"])
    heads = [decision.reasons, *decision.reasons["children"]]
    assert heads[0]["text"]["zh"] == "以下各项都成立"
    assert all(head["children"] for head in heads)
