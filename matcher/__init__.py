"""The eligibility matcher: which support schemes a firm is entitled to on a date, why, and for how much."""

__version__ = "0.2.0"
