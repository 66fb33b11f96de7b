"""How many firms a scheme that needs confirming is for, and what they would get by its rules or its last terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from matcher.engine import REGISTERED_ON, Reach, RuleError
from matcher.rulebook import Rulebook
from matcher.rulebook.language import Scalar

from .listing import POSITIVE
from .models import Screening
from .screener import deciders


def reach_of_firms(rulebook: Rulebook, day: date, firms: Iterable[Mapping[str, Scalar]]) -> dict[str, Reach]:
    """By scheme, what ``firms`` (their parsed facts) would have on ``day``; of an unconfirmed scheme by its last terms."""
    found: dict[str, Reach] = {}
    able = deciders(rulebook, day)
    for facts in firms:
        timeless = {name: value for name, value in facts.items() if name != REGISTERED_ON}
        for slug, (decide, is_confirmed) in able.items():
            try:
                status, kind, low, _ = decide(facts if is_confirmed else timeless)
            except RuleError:  # too many completions to go through: not known to be entitled
                continue
            if status in POSITIVE:
                before = found.get(slug, Reach())
                found[slug] = Reach(before.firms + 1, before.fen + (low if kind == "exact" else 0))
    return found


def reach_of_screening(screening: Screening, districts: Sequence[str] | None = None) -> dict[str, Reach]:
    """By scheme, what a screening of the register counted for the firms of these districts (None: of all)."""
    found: dict[str, Reach] = {}
    for slug, rows in (screening.found or {}).items():
        for _, _, district, firms, fen in rows:
            if districts is None or district in districts:
                before = found.get(slug, Reach())
                found[slug] = Reach(before.firms + firms, before.fen + fen)
    return found
