"""Proves a rulebook: every edition of every scheme since 2019, or of those asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from matcher.engine.prove.checks import Checks
from matcher.engine.prove.edition import EditionFormula, spans
from matcher.engine.prove.findings import KINDS, Finding, Proof
from matcher.engine.prove.formula import NotExpressible
from matcher.engine.prove.places import Places
from matcher.engine.prove.solving import Solver
from matcher.engine.prove.tables import boundaries, overlaps
from matcher.rulebook import Rulebook
from matcher.rulebook.language.nodes import Node


def prove(rulebook: Rulebook, places: Places, schemes: Collection[str] | None = None, every: int = 1) -> Proof:
    """The proof of these schemes (all, unless named). ``every``: look at one edition in so many."""
    proof, solver = Proof(), Solver()
    done: dict[Node, bool] = {}
    number = 0
    for slug in rulebook.parsed:
        if schemes is not None and slug not in schemes:
            continue
        faults = list(boundaries(rulebook, slug, places))
        for finding in faults:
            proof.add(finding)
        seen: set[Any] = set()
        for first, last, edition in () if faults else spans(rulebook, slug):
            number += 1
            if edition.body in seen or number % every:
                continue
            if not edition.depends_on_day:
                seen.add(edition.body)
            proof.editions += 1
            try:
                Checks(EditionFormula(rulebook, edition, (first, last), places), solver, proof, done).all()
            except NotExpressible as error:
                text = KINDS["impossible"]
                proof.leave_open(Finding("impossible", slug, str(error), *places.scheme(slug, ("rules",)), text, first))
    if schemes is None:
        for finding in overlaps(rulebook, places):
            proof.add(finding)
    proof.questions = solver.questions
    return proof
