"""Compiles the rulebook of a day to columns, and remembers what was compiled: the rules of a loaded rulebook never change."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from matcher.rulebook import RECIPIENTS, Rulebook
from matcher.rulebook.language import facts_in

from .edition import EditionColumns
from .exact import ExactReading
from .graph import Graph
from .polars_engine import Lexicon
from .reading import Reading
from .scheme import OUTPUTS, scheme_columns

_SIZE = "size_class"
"""The concept by which firms are grouped by size."""

_MOST_KEPT = 24
"""Editions kept of one rulebook: a day's screening of the register compiles about ten (each last day of unconfirmed schemes is one)."""

_lock = threading.Lock()


def compile_edition(
    rulebook: Rulebook,
    day: date,
    facts: Iterable[str],
    schemes: Iterable[str] | None = None,
    lexicon: Lexicon | None = None,
) -> EditionColumns:
    """Compile the schemes (all, in the catalogue's order, unless named) of a day for a table with these facts as columns. What was
    compiled of this rulebook before is given again, with an exact reading of its own.

    :param lexicon: that of another edition, where both are asked of the same chunks.
    """
    told = tuple(name for name in facts if name in rulebook.facts)
    wanted = None if schemes is None else frozenset(schemes)
    key = (day, told, wanted, None if lexicon is None else id(lexicon))
    kept: dict[Any, EditionColumns] = rulebook.compiled
    with _lock:
        found = kept.pop(key, None)
        if found is not None:
            kept[key] = found  # the latest asked for is the last to go
    if found is None:
        found = _compiled(rulebook, day, told, wanted, Lexicon() if lexicon is None else lexicon)
        with _lock:
            kept[key] = found
            while len(kept) > _MOST_KEPT:
                del kept[next(iter(kept))]
    return replace(found, exact=ExactReading(rulebook, day))


def _compiled(
    rulebook: Rulebook, day: date, told: tuple[str, ...], wanted: frozenset[str] | None, lexicon: Lexicon
) -> EditionColumns:
    graph = Graph(rulebook.facts, frozenset(told))
    made = [scheme_columns(rulebook, graph, slug, day) for slug in rulebook.parsed if wanted is None or slug in wanted]
    outputs = {
        f"{number}:{name}": expr
        for number, one in enumerate(made)
        for name, expr in zip(OUTPUTS, one.outputs, strict=True)
    }
    grouped_by = {"district", "industry"}
    if rulebook.names.name(_SIZE) is not None:
        size = rulebook.concept_at(_SIZE, day)
        outputs["size"] = Reading(rulebook, graph, day.toordinal()).word(size)
        grouped_by |= set(facts_in(size))
    for fact in rulebook.facts.values():
        for word in fact.values:
            lexicon.number(word)
    for word in RECIPIENTS:
        lexicon.number(word)
    return EditionColumns(
        rulebook,
        day,
        made,
        told,
        lexicon,
        outputs,
        ExactReading(rulebook, day),
        frozenset(grouped_by),
        [expr for expr in graph.made.values() if expr.op in ("in_codes", "class_of")],
    )
