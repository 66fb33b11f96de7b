"""The law as data: loads and checks rules/, and gives its edition of a day. No I/O but files, no clock."""

from matcher.rulebook.edition import Edition, SchemeEdition
from matcher.rulebook.files import NUMBERS, ORDERED, Fact, Scheme, Text
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.load import load
from matcher.rulebook.problems import Problem, RulebookError
from matcher.rulebook.rulebook import Rulebook

__all__ = [
    "NUMBERS",
    "ORDERED",
    "Edition",
    "Fact",
    "Problem",
    "Rulebook",
    "RulebookError",
    "Scalar",
    "Scheme",
    "SchemeEdition",
    "Text",
    "load",
]
