"""Holds what the words about one decision depend on: rulebook, facts, the decision, the day and the language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from matcher.letters import values
from matcher.letters.reasons import Node, decisive
from matcher.letters.words import say

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook, Scheme, SchemeEdition


@dataclass(frozen=True, slots=True)
class Writer:
    """One decision (in its JSON form) and everything needed to put it into words.

    ``by`` says of facts who they come from, where it is somebody else than the vocabulary says.
    """

    rulebook: Rulebook
    facts: Mapping[str, values.FactValue]
    decision: Mapping[str, Any]
    as_of: date
    lang: str
    by: Mapping[str, str] = field(default_factory=dict)

    @property
    def edition(self) -> SchemeEdition:
        """The scheme as it stood on the day."""
        return self.rulebook.at(self.as_of).schemes[self.decision["scheme"]]

    @property
    def scheme(self) -> Scheme:
        """The scheme decided on."""
        return self.edition.scheme

    @property
    def name(self) -> str:
        """The scheme's name."""
        return self.scheme.name.get(self.lang)

    @property
    def department(self) -> str:
        """The department that answers for the scheme."""
        return self.scheme.department.get(self.lang)

    @property
    def decider(self) -> str:
        """The department that decides, without whom it may ask in a special case."""
        return re.split("[；;]", self.department)[0].strip()

    @property
    def status(self) -> str:
        """The status decided."""
        return str(self.decision["status"])

    @property
    def recipient(self) -> str:
        """Who is paid: the decision's own recipient counts, since it may differ from the scheme's by case."""
        return str(self.decision.get("recipient") or self.scheme.recipient)

    @property
    def relied(self) -> tuple[Node, ...]:
        """The conditions that carry the status."""
        return decisive(self.decision.get("reasons"))

    def say(self, key: str, **parts: str) -> str:
        """A phrase in the language of the letter."""
        return say(key, self.lang, **parts)

    def text(self, bilingual: Mapping[str, str] | str) -> str:
        """A sentence of the decision in the language of the letter, set as printed text is."""
        return values.set_tight(bilingual if isinstance(bilingual, str) else bilingual[self.lang], self.lang)

    def day(self, day: date) -> str:
        """A date in words."""
        return values.write_date(day, self.lang)

    def join(self, parts: Iterable[str]) -> str:
        """Several statements in one line."""
        return ("; " if self.lang == "en" else "；").join(parts)

    def told(self, fact: str) -> str:
        """A fact of the profile as label and value."""
        known = self.rulebook.facts[fact]
        value = values.write_value(known, self.facts[fact], self.lang) if fact in self.facts else ""
        return self.say("told", label=known.label.get(self.lang), value=value)
