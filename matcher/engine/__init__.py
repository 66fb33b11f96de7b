"""Decides, explains and words what the rules say of a firm. Pure: no clock, no files, no web, no database."""

from matcher.engine.check import check
from matcher.engine.decision import Decision
from matcher.rulebook import Scalar as FactValue

__all__ = ["Decision", "FactValue", "check"]
