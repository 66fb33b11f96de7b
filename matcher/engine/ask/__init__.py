"""The interviewer: asks a firm the fewest questions that settle most, and says after each what is settled. Pure."""

from matcher.engine.ask.outlook import Outlook
from matcher.engine.ask.quarters import cell_of
from matcher.engine.ask.screens import Ask, Price, Screen, kind_of
from matcher.engine.ask.survey import Survey, price_of, screen_for, survey
from matcher.engine.ask.told import Told
from matcher.engine.bands import Band

__all__ = [
    "Ask",
    "Band",
    "Outlook",
    "Price",
    "Screen",
    "Survey",
    "Told",
    "cell_of",
    "kind_of",
    "price_of",
    "screen_for",
    "survey",
]
