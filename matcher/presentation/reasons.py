"""Prepares the reasons tree and the near misses for the page, and tells whether an offer is the firm's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.engine import DecisionRecord, NearMissRecord, ReasonRecord, has_firm_side
from matcher.rulebook import NUMBERS, Fact
from matcher.text import STATUS, figures, sentences, site_labels, values

from .catalogue import Catalogue

# ---------------------------------------------------------------------------------------------------------------------
# Prepares the reasons tree for the page: what explains the outcome, the rest folded, each condition with its source.
# ---------------------------------------------------------------------------------------------------------------------


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


def reason(catalogue: Catalogue, node: ReasonRecord, lang: str) -> Reason:
    """The tree of one decision, from its JSON."""
    if node["kind"] in ("all", "any") and len(node["children"]) == 1:
        return reason(catalogue, node["children"][0], lang)
    outcome = _OUTCOMES[node["outcome"]]
    source = node["source"]
    doubt = source["confidence"] if source and source["confidence"] != "high" else None
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
        confidence=sentences.say(site_labels.CONFIDENCE[doubt], lang) if doubt else None,
        children=tuple(reason(catalogue, child, lang) for child in children),
        others=tuple(reason(catalogue, child, lang) for child in others),
    )


def decisive(node: ReasonRecord) -> Iterator[ReasonRecord]:
    """The conditions at the ends of the tree that make the whole come out as it does, in order."""
    if not node["children"]:
        yield node
        return
    for child in node["children"]:
        if child["outcome"] is _cause(node):
            yield from decisive(child)


def _cause(node: ReasonRecord) -> bool | None:
    """The outcome of the children that explain a node: its own, or the opposite where the node denies them."""
    outcome: bool | None = node["outcome"]
    return not outcome if node["kind"] == "not" and outcome is not None else outcome


def _distance(catalogue: Catalogue, node: ReasonRecord, lang: str) -> str | None:
    fact = catalogue.rulebook.facts.get(node["fact"] or "")
    if fact is None or node["distance"] is None or node["outcome"] is None:
        return None
    away = str(node["distance"]).removeprefix("-")
    if not away.strip("0."):
        return sentences.say("正好等于界限", lang)
    key = sentences.Sentence("还有{distance}余地") if node["outcome"] else sentences.Sentence("还差{distance}")
    return sentences.say(key, lang, distance=values.distance_text(fact, away, lang))


# ---------------------------------------------------------------------------------------------------------------------
# Says a near miss in a sentence: by how much a figure is short, what has to be done first, from when waiting is
# enough.
# ---------------------------------------------------------------------------------------------------------------------


# How a Chinese label asks for yes or no.
_WHETHER = "是否"


def near_miss(catalogue: Catalogue, near: NearMissRecord, lang: str) -> str:
    """The sentence of one near miss, from a decision's JSON."""
    moved = [(catalogue.fact(one["fact"]), one) for one in near["changes"]]
    if near["on"]:  # what comes with time is said by the day alone
        moved = [(fact, one) for fact, one in moved if fact.advise != "date"]
    changes = [_change(fact, one["from"], one["to"], lang) for fact, one in moved]
    if near["on"]:
        changes.insert(0, sentences.say("等到{day}", lang, day=figures.day(near["on"], lang)))
    reached = STATUS[near["reaches"]].reached
    reaches = sentences.say("结果就会变", lang) if reached is None else reached.get(lang)
    said = sentences.say("{changes}，{reaches}。", lang, changes=_joined(changes, lang), reaches=reaches)
    return said[:1].upper() + said[1:]


def _joined(changes: list[str], lang: str) -> str:
    return sentences.say("；", lang).join(changes)


def _change(fact: Fact, old: Any, new: Any, lang: str) -> str:
    if fact.duty is not None:
        return fact.duty.get(lang)
    label, wanted = fact.label.get(lang), values.stated_text(fact, new, lang)
    if fact.type == "boolean":
        return sentences.say(
            "要先符合“{label}”" if new else "要先不再有“{label}”这种情形", lang, label=label.replace(_WHETHER, "")
        )
    if old is None:
        return sentences.say("“{label}”要是{new}", lang, label=label, new=wanted)
    said = {"label": label, "old": values.stated_text(fact, old, lang), "new": wanted}
    if fact.type in NUMBERS:
        by = Decimal(new) - Decimal(old)
        said["by"] = values.distance_text(fact, str(abs(by)), lang)
        return sentences.say(
            "“{label}”再多{by}（现在{old}，要{new}）" if by > 0 else "“{label}”再少{by}（现在{old}，要{new}）",
            lang,
            **said,
        )
    if fact.type == "date":
        return sentences.say(
            "“{label}”要不早于{new}（现在是{old}）" if new > old else "“{label}”要不晚于{new}（现在是{old}）",
            lang,
            **said,
        )
    return sentences.say("“{label}”要是“{new}”（现在是“{old}”）", lang, **said)


# ---------------------------------------------------------------------------------------------------------------------
# Tells whether an offer is the firm's own.
# ---------------------------------------------------------------------------------------------------------------------


def is_carried(book: Catalogue, decision: DecisionRecord) -> bool:
    """Whether the law gives it, or something the firm told of itself speaks for it (see ``engine.has_firm_side``)."""
    return has_firm_side(book.rulebook, decision["scheme"], decision["reasons"])
