"""Places figures and days along a line, as percentages of its width, so that a drawing stretches with the page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# Room at both ends, so that a mark at an end is not cut off.
_MARGIN = 3


@dataclass(frozen=True)
class Scale:
    """A linear scale from `low` to `high`."""

    low: Decimal
    high: Decimal

    def at(self, value: Decimal) -> str:
        """Where a value stands, in per cent with one decimal; beyond an end: at the end."""
        span = self.high - self.low
        share = (value - self.low) / span if span else Decimal(0)
        return f"{_MARGIN + (100 - 2 * _MARGIN) * float(min(max(share, Decimal(0)), Decimal(1))):.1f}%"

    def between(self, low: Decimal, high: Decimal) -> str:
        """How wide the stretch between two values is, in per cent."""
        start, end = (float(self.at(value).rstrip("%")) for value in (low, high))
        return f"{end - start:.1f}%"


def as_number(text: str) -> Decimal:
    """A figure or an ISO day, as a decision's JSON states it, as a number. Raises ValueError for anything else."""
    if is_day(text):
        return Decimal(date.fromisoformat(text).toordinal())
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise ValueError(text) from error


def is_day(text: str) -> bool:
    """Whether a text is an ISO day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return "-" in text[1:]
