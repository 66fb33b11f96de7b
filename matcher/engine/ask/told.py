"""What a firm has told so far in an interview: exact answers, bands, and the questions it cannot answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from matcher.engine.bands import Band
from matcher.rulebook import Scalar


@dataclass(frozen=True)
class Told:
    """``facts``: exact answers. ``bands``: figures and days told by a band only. ``unsure``: 不清楚, never asked again."""

    facts: Mapping[str, Scalar] = field(default_factory=dict)
    bands: Mapping[str, Band] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()

    def answered(self, fact: str, value: Scalar | Band | None) -> Told:
        """The same with one answer more (or another one): a value, a band, or None for 不清楚."""
        bare = self.without(fact)
        if value is None:
            kept = {fact: self.bands[fact]} if fact in self.bands else {}
            return replace(bare, bands={**bare.bands, **kept}, unsure=bare.unsure | {fact})
        if isinstance(value, Band):
            return replace(bare, bands={**bare.bands, fact: value})
        return replace(bare, facts={**bare.facts, fact: value})

    def without(self, fact: str) -> Told:
        """The same with the answer to one question taken back."""
        facts = {name: value for name, value in self.facts.items() if name != fact}
        bands = {name: band for name, band in self.bands.items() if name != fact}
        return Told(facts, bands, self.unsure - {fact})
