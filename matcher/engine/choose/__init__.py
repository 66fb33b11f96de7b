"""Chooses the best admissible set among decided offers: what excludes, precedes, shares a ceiling, never adds. Pure."""

from matcher.engine.choose.answer import to_json
from matcher.engine.choose.choice import Choice, LeftOut, RunnerUp, Total, choose
from matcher.engine.choose.offers import Held, Offer, Received
from matcher.engine.choose.profile import bundle
from matcher.engine.choose.search import TooTangled

__all__ = [
    "Choice",
    "Held",
    "LeftOut",
    "Offer",
    "Received",
    "RunnerUp",
    "TooTangled",
    "Total",
    "bundle",
    "choose",
    "to_json",
]
