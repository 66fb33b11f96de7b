"""A decision: what the engine says of one scheme for one firm on one day, and how it is written as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matcher.engine.amounts import Amount
from matcher.rulebook import Text

POSITIVE = frozenset({"eligible", "needs_decision", "applies"})


@dataclass(frozen=True, slots=True)
class Warning_:
    """Something a reader should know besides the decision: a figure past its confirm-by date, a told size that disagrees …"""

    code: str
    facts: tuple[str, ...]
    text: Text

    def to_json(self) -> dict[str, Any]:
        """As in the contract."""
        return {"code": self.code, "facts": list(self.facts), "text": {"zh": self.text.zh, "en": self.text.en}}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. ``status`` and ``reason`` as in the contract; ``amount`` and ``recipient`` None unless the status is positive.

    The reasons tree and the near misses are made when someone looks (``explain``), not before.
    """

    scheme: str
    as_of: date
    status: str
    recipient: str | None = None
    amount: Amount | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    reason: str | None = None
    version: tuple[date | None, date | None] | None = None
    clauses: tuple[str, ...] = ()
    confidence: str = "high"
    warnings: tuple[Warning_, ...] = ()
    explain: Callable[[], Mapping[str, Any]] = field(default=dict, compare=False, repr=False)

    @property
    def reasons(self) -> Any:
        """The reasons tree as JSON, or None where no rules are in force."""
        return self.explain().get("reasons")

    @property
    def near_miss(self) -> Any:
        """What would have to change, as JSON, nearest first."""
        return self.explain().get("near_miss", [])

    @property
    def arithmetic(self) -> Any:
        """How the amount is reached, line by line."""
        return self.explain().get("arithmetic", [])

    @property
    def last_known(self) -> Any:
        """Of an unconfirmed scheme, as JSON, what its last terms would give (see ``last_known``); None else."""
        return self.explain().get("last_known")

    def to_json(self) -> dict[str, Any]:
        """The shape that the command line, the pages and the letters share."""
        explained = {"reasons": self.reasons, "near_miss": self.near_miss, "arithmetic": self.arithmetic}
        explained["last_known"] = self.last_known
        return {**self.essence(), **explained}

    def essence(self) -> dict[str, Any]:
        """The decision without its explanation."""
        return {
            "scheme": self.scheme,
            "status": self.status,
            "recipient": self.recipient,
            "amount": None if self.amount is None else self.amount.to_json(),
            "extra": dict(self.extra),
            "missing": list(self.missing),
            "failing": list(self.failing),
            "reason": self.reason,
            "version": None
            if self.version is None
            else {"from": _iso(self.version[0]), "until": _iso(self.version[1])},
            "clauses": list(self.clauses),
            "confidence": self.confidence,
            "warnings": [warning.to_json() for warning in self.warnings],
        }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
