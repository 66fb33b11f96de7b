"""Keeps what an owner told: sealed in a cookie, in a form, in a file, under a private link; nothing readable stays here."""

from matcher.web.keep.answers import Answers, BandTold, GateTold, Plain
from matcher.web.keep.clock import seconds
from matcher.web.keep.cookie import FIELD, base, field, forget, load, merge, save, trouble
from matcher.web.keep.merge import differing, joined, merged
from matcher.web.keep.vocabulary import fitted

__all__ = [
    "FIELD",
    "Answers",
    "BandTold",
    "GateTold",
    "Plain",
    "base",
    "differing",
    "field",
    "fitted",
    "forget",
    "joined",
    "load",
    "merge",
    "merged",
    "save",
    "seconds",
    "trouble",
]
