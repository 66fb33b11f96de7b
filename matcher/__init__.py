"""The eligibility matcher: which support schemes a firm is entitled to on a date, why, and for how much."""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"


def __getattr__(name: str) -> Any:
    """``matcher.decide`` and ``matcher.faults``, for notebooks; looked up when asked for, so that naming the package loads nothing."""
    if name in ("decide", "faults"):
        return getattr(import_module("matcher.population"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
