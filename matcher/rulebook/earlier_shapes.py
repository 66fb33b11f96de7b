"""Brings rule files that were written for an earlier version of the program to today's shape, in memory.

A letter is verified under the rules that it was issued under, which are kept as they were. Where the shape of a rule file
changes, what an older file cannot say gets here the value that leaves every decision as it was. Nothing is written back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .reading import Document

# 0.1.0 said only by a fact's id that it is the figure of one quarter.
_OF_A_QUARTER = re.compile("q(?P<quarter>[1-4])_(?P<at>start|end)_(?P<name>employees|assets)")


def bring_up_to_date(documents: Mapping[str, Sequence[Document]]) -> None:
    """Change the documents of each kind (``facts``, ``schemes`` …) in place."""
    for document in documents["facts"]:
        for fact in _maps(document):
            _fact(fact)
    for document in documents["instruments"]:
        for instrument in _maps(document):
            _instrument(instrument)


def _instrument(instrument: dict[str, object]) -> None:
    """0.1.0 said of a text how sure it was, where ``seen`` now says how it was read: that mark is kept, and weighs as it did then."""
    if instrument.get("seen") in ("high", "medium", "low"):
        instrument["earlier_confidence"] = instrument["seen"]
        instrument["seen"] = "retelling"


def _fact(fact: dict[str, object]) -> None:
    """0.1.0 said ``changes``, roughly, where ``advise`` now says what a firm may lawfully change: nothing is advised then.
    A letter writes the figures of a series in one line."""
    fact.pop("changes", None)
    if fact.get("stated_by") != "department":
        fact.setdefault("advise", "never")
    quarter = _OF_A_QUARTER.fullmatch(str(fact.get("id")))
    if quarter is not None:
        fact.setdefault("series", {**quarter.groupdict(), "quarter": int(quarter["quarter"])})


def _maps(document: Document) -> list[dict[str, object]]:
    return [one for one in document.data if isinstance(one, dict)] if isinstance(document.data, list) else []
