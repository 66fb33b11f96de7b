"""Who a fact of a case comes from, as the register of firms says it."""

from __future__ import annotations

from matcher.store.firms import Source

DECLARED: Source = "declared"
"""The firm says so."""

CONFIRMED: Source = "confirmed"
"""A clerk saw the paper."""

IMPORTED: Source = "imported"
"""A list that was read in."""
