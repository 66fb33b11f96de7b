"""The exact reading of the firms that columns do not settle, remembered by what they tell of what a scheme reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.engine import POSITIVE, Decider, RuleError, check, decider, has_firm_side
from matcher.rulebook import Rulebook
from matcher.rulebook.language import Scalar

Line = tuple[str | None, str | None, int | None, int | None, str | None, bool]
"""Status, kind of amount, its ends in fen, recipient, and whether something speaks for the firm.
No status where the engine gives up (too many completions)."""

BEYOND = 2**63
"""The first number of fen that a column of whole numbers (int64) does not hold; a sum from here on has no ends."""

_MOST_KEPT = 200_000


@dataclass(slots=True)
class ExactReading:
    """Decides one scheme for one firm after another. ``asked`` counts the firms, ``worked`` those that were not remembered."""

    rulebook: Rulebook
    day: date
    asked: int = 0
    worked: int = 0
    _deciders: dict[str, Decider] = field(default_factory=dict)
    _recipients: dict[str, str | None] = field(default_factory=dict)
    _known: dict[tuple[object, ...], Line] = field(default_factory=dict)

    def line(self, slug: str, key: tuple[object, ...], facts: Callable[[], Mapping[str, Scalar]]) -> Line:
        """The answer; ``key`` is all that it hangs on, ``facts`` makes the told facts where they are needed."""
        self.asked += 1
        found = self._known.get((slug, *key))
        if found is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self.worked += 1
            found = self._known[(slug, *key)] = self._decided(slug, facts())
        return found

    def _decided(self, slug: str, facts: Mapping[str, Scalar]) -> Line:
        if slug not in self._deciders:
            self._deciders[slug] = decider(self.rulebook, self.day, slug)
            self._recipients[slug] = self._only_recipient(slug)
        try:
            status, kind, low, high = self._deciders[slug](facts)
        except RuleError:
            return None, None, None, None, None, False
        if status not in POSITIVE:
            return status, None, None, None, None, False
        recipient, own = self._recipients[slug], self.rulebook.schemes[slug].award == "by_law"
        if recipient is None or not own:
            decision = check(self.rulebook, facts, self.day, [slug])[0]
            recipient, own = decision.recipient, has_firm_side(self.rulebook, slug, decision.reasons)
        ends = (None, None) if kind == "none" or high >= BEYOND else (low, high)
        return status, kind, *ends, recipient, own

    def _only_recipient(self, slug: str) -> str | None:
        """Who gets it, where that does not depend on the firm."""
        body = self.rulebook.scheme_at(slug, self.day).body
        found = (
            {route.recipient if isinstance(route.recipient, str) else None for route in body.routes} if body else {None}
        )
        return found.pop() if len(found) == 1 else None
