"""What a firm has told so far in an interview: exact answers, bands, and the questions it cannot answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from matcher.engine.bands import Band
from matcher.rulebook import Scalar
from matcher.rulebook.gates import Gate


@dataclass(frozen=True)
class Told:
    """``facts``: exact answers. ``bands``: figures and days told by a band only. ``unsure``: 不清楚 to a fact or a gate, never
    asked again. ``gates``: the gate questions answered by anything but "no", so that what lies beneath is asked by itself;
    ``denied``: those answered "no"."""

    facts: Mapping[str, Scalar] = field(default_factory=dict)
    bands: Mapping[str, Band] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    gates: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def with_no(self, gate: Gate) -> Told:
        """The same after "no" to a gate: every fact beneath of which nothing was told yet is none."""
        answered = {*self.facts, *self.bands, *self.unsure}
        none = {name: value for name, value in gate.none.items() if name not in answered}
        bare = replace(self, gates=self.gates - {gate.id}, unsure=self.unsure - {gate.id})
        return replace(bare, facts={**self.facts, **none}, denied=self.denied | {gate.id})

    def passed(self, gate: Gate, *, unsure: bool = False) -> Told:
        """The same after "yes" or 不清楚 to a gate."""
        not_sure = self.unsure | {gate.id} if unsure else self.unsure - {gate.id}
        return replace(self, gates=self.gates | {gate.id}, unsure=not_sure, denied=self.denied - {gate.id})

    def reopened(self, gate: Gate) -> Told:
        """The same without an answer to a gate, and without what "no" says beneath it."""
        facts = {name: value for name, value in self.facts.items() if gate.none.get(name) != value}
        one = {gate.id}
        return replace(self, facts=facts, gates=self.gates - one, unsure=self.unsure - one, denied=self.denied - one)

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
        return replace(self, facts=facts, bands=bands, unsure=self.unsure - {fact})
