"""Explain and decide always agree, and the words of a condition name every fact and bound in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from matcher.engine import check
from matcher.engine.decide import decider
from matcher.engine.explain import explainer
from matcher.engine.format import figure
from matcher.engine.words import Words
from matcher.rulebook import Rulebook
from matcher.rulebook.language import nodes
from matcher.rulebook.language.nodes import Node
from tests.conftest import count
from tests.engine.firms import editions, firm

HEAD = {"eligible": True, "not_eligible": False, "applies": True, "does_not_apply": False, "needs_information": None}


def test_the_head_of_the_tree_says_what_the_decision_says(rulebook: Rulebook) -> None:
    """The outcome at the top of the reasons is true for a pass, false for a refusal, unknown while information is missing."""
    chance = random.Random(3)
    for slug, day, edition in editions(rulebook):
        for told in (1.0, 0.5):
            for _ in range(count(100)):
                facts = firm(rulebook, edition, chance, told)
                (decision,) = check(rulebook, facts, day, [slug])
                if decision.status in HEAD:
                    assert decision.reasons["outcome"] is HEAD[decision.status], (slug, day, facts)


def test_explaining_decides_alike(rulebook: Rulebook) -> None:
    """The compiled explanation carries the compiled decision."""
    chance = random.Random(4)
    for slug, day, edition in editions(rulebook):
        decide, explain = decider(rulebook, day, slug), explainer(rulebook, day, slug)
        for _ in range(count(100)):
            facts = firm(rulebook, edition, chance, 0.7)
            assert explain(facts).outcome == decide(facts)


def test_a_failing_test_is_shown_with_value_bound_and_distance(rulebook: Rulebook) -> None:
    """Every failing comparison of a told fact names the value, the bound and the distance between them."""
    chance = random.Random(11)
    for slug, day, edition in editions(rulebook):
        for _ in range(count(50)):
            facts = firm(rulebook, edition, chance)
            (decision,) = check(rulebook, facts, day, [slug])
            for node in nodes_of(decision.reasons):
                if node["outcome"] is False and node["op"] in ("<", "<=", ">", ">=") and node["fact"]:
                    assert node["value"] is not None
                    assert node["bound"] is not None
                    assert node["distance"] is not None


def nodes_of(tree: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Every node of a reasons tree."""
    if tree is not None:
        yield tree
        for child in tree["children"]:
            yield from nodes_of(child)


def test_words_name_every_fact_and_bound(rulebook: Rulebook) -> None:
    """In both languages the words of a test hold the label of each fact and each figure that stands in it."""
    labels = {name: history.parameter.label for name, history in rulebook.parameters.items()}
    for slug, _, edition in editions(rulebook):
        assert edition.body is not None
        for lang in ("zh", "en"):
            words = Words(rulebook.facts, rulebook.parsed[slug].names, labels, lang)
            for tree in edition.body.conditions():
                for condition in tree.walk():
                    if condition.expr is not None:
                        text = words.truth(condition.expr)
                        for wanted in named(condition.expr, words, lang):
                            assert wanted in text, (slug, condition.id, wanted, text)


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
