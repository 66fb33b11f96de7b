"""Picks out of a decision's reasons tree the conditions that carry the outcome, and the sources they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]
SPEAKING = ("test", "concept")


def decisive(node: Node | None) -> tuple[Node, ...]:
    """The leaves that make `node` come out as it does; a met alternative hides the ones that were not needed.

    Of a node that is still open, the leaves that hold already. No tree (a scheme not in force) gives nothing.
    """
    return tuple(_decisive(node)) if node else ()


def _decisive(node: Node) -> Iterator[Node]:
    children: Iterable[Node] = node.get("children") or ()
    outcome = node.get("outcome")
    if not children:
        # An open leaf says nothing yet (what it waits for is listed as missing), an empty branch never does.
        if outcome is not None and node.get("kind") in SPEAKING:
            yield node
        return
    for child in children:
        if node.get("kind") == "not" or child.get("outcome") == outcome or (outcome is None and child.get("outcome")):
            yield from _decisive(child)


def leaves(node: Node | None) -> Iterator[Node]:
    """Every leaf of the tree, decisive or not, in the order of the rule."""
    if not node:
        return
    children: Iterable[Node] = node.get("children") or ()
    if not children:
        yield node
    for child in children:
        yield from leaves(child)


def sources(nodes: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    """Instrument → the articles that the nodes rest on, each once, in the order of the rule."""
    found: dict[str, dict[str, None]] = {}
    for node in nodes:
        source = node.get("source") or {}
        if source.get("instrument"):
            articles = found.setdefault(str(source["instrument"]), {})
            if source.get("article"):
                articles[str(source["article"])] = None
    return {instrument: tuple(articles) for instrument, articles in found.items()}
