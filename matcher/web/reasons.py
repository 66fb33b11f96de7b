"""Prepares the reasons tree for the page: what explains the outcome, the rest folded, each condition with its source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matcher.web import figures, words
from matcher.web.catalogue import Catalogue

Json = Mapping[str, Any]
_OUTCOMES = {True: "true", False: "false", None: "unknown"}
_MARKS = {"true": "✓", "false": "✗", "unknown": "?"}


@dataclass(frozen=True)
class Reason:
    """One condition with its outcome (`true`, `false`, `unknown`); `says` is the quoted Chinese of the instrument.

    `children` explain the outcome; `others` came out differently and would only distract, so the page folds them.
    `confidence` is set where the source was not checked against the text.
    """

    outcome: str
    mark: str
    text: str
    distance: str | None
    says: str | None
    source: str | None
    confidence: str | None
    children: tuple["Reason", ...]
    others: tuple["Reason", ...]


def reason(catalogue: Catalogue, node: Json, lang: str) -> Reason:
    """The tree of one decision, from its JSON."""
    if node["kind"] in ("all", "any") and len(node["children"]) == 1:
        return reason(catalogue, node["children"][0], lang)
    outcome = _OUTCOMES[node["outcome"]]
    source = node["source"]
    is_doubtful = source and source["confidence"] != "high"
    cause = _cause(node)
    children = [child for child in node["children"] if child["outcome"] is cause]
    others = [child for child in node["children"] if child["outcome"] is not cause]
    if not children:
        children, others = others, []
    return Reason(
        outcome=outcome,
        mark=_MARKS[outcome],
        text=node["text"][lang],
        distance=_distance(catalogue, node, lang),
        says=node["says"],
        source=f"{source['instrument']} {source['article'] or ''}".strip() if source else None,
        confidence=words.say(f"confidence.{source['confidence']}", lang) if is_doubtful else None,
        children=tuple(reason(catalogue, child, lang) for child in children),
        others=tuple(reason(catalogue, child, lang) for child in others),
    )


def decisive(node: Json) -> Iterator[Json]:
    """The conditions at the ends of the tree that make the whole come out as it does, in order."""
    if not node["children"]:
        yield node
        return
    for child in node["children"]:
        if child["outcome"] is _cause(node):
            yield from decisive(child)


def _cause(node: Json) -> bool | None:
    """The outcome of the children that explain a node: its own, or the opposite where the node denies them."""
    outcome: bool | None = node["outcome"]
    return not outcome if node["kind"] == "not" and outcome is not None else outcome


def _distance(catalogue: Catalogue, node: Json, lang: str) -> str | None:
    fact = catalogue.rulebook.facts.get(node["fact"] or "")
    if fact is None or node["distance"] is None or node["outcome"] is None:
        return None
    away = str(node["distance"]).removeprefix("-")
    if not away.strip("0."):
        return words.say("tree.at", lang)
    key = "tree.left" if node["outcome"] else "tree.away"
    return words.say(key, lang, distance=figures.with_unit(fact, away, lang))
