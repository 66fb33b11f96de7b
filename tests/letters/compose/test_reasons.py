"""Which conditions of a reasons tree a letter speaks of."""

from __future__ import annotations

from typing import Any

from matcher.letters.compose.writer import decisive, leaves, sources


def node(kind: str, outcome: bool | None, *children: dict[str, Any], name: str = "") -> dict[str, Any]:
    """A node by name."""
    source = {"instrument": "公告", "article": name, "confidence": "high"}
    return {"id": name, "kind": kind, "outcome": outcome, "children": list(children), "source": source}


def named(nodes: Any) -> list[str]:
    """The names, in order."""
    return [one["id"] for one in nodes]


YES, NO, OPEN = (node("test", outcome, name=name) for outcome, name in ((True, "yes"), (False, "no"), (None, "open")))


def test_alternative_not_needed_is_left_out() -> None:
    """Where one of two alternatives holds, only that one carries the outcome."""
    assert named(decisive(node("any", True, NO, YES))) == ["yes"]


def test_failed_conditions_only() -> None:
    """Of conditions that all must hold, only those that fail carry a refusal."""
    assert named(decisive(node("all", False, YES, NO, OPEN))) == ["no"]


def test_every_failed_alternative_counts() -> None:
    """Where all alternatives fail, each one's failing conditions are named."""
    other = node("all", False, YES, node("test", False, name="other"))
    assert named(decisive(node("any", False, NO, other))) == ["no", "other"]


def test_negation_is_looked_through() -> None:
    """A negated condition is carried by what stands inside it, whatever that came out as."""
    assert named(decisive(node("all", True, node("not", True, NO), YES))) == ["no", "yes"]


def test_open_node_gives_what_holds() -> None:
    """Of a node still open, the conditions that hold already are given and the open ones not."""
    assert named(decisive(node("all", None, YES, OPEN))) == ["yes"]


def test_empty_branch_says_nothing() -> None:
    """A branch without conditions is no ground of anything."""
    assert decisive(node("all", True, node("all", True, name="empty"))) == ()


def test_no_tree() -> None:
    """A scheme not in force has no tree and no conditions."""
    assert decisive(None) == ()
    assert list(leaves(None)) == []


def test_sources_merge_by_instrument() -> None:
    """An instrument is cited once with all its articles, each once."""
    assert sources([YES, NO, YES]) == {"公告": ("yes", "no")}
