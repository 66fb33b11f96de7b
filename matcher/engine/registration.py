"""Whether a firm is registered by the day that a question stands for; before that nothing is due to it and nothing binds it.

The day is the one asked about or, where that stands for a month, quarter or year (``period`` in the scheme's file), the last day
of it. A firm that does not say when it was registered is taken to be there. A scheme that helps or binds before registration says
``before_registration: true`` and is left alone. Source: the contract's paragraph "A firm not yet there".
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from matcher.engine.reasons import Reason, Step
from matcher.engine.worlds import World
from matcher.rulebook import SchemeEdition, Text
from matcher.rulebook.conditions import Condition
from matcher.rulebook.files import Scheme
from matcher.rulebook.language import nodes
from matcher.rulebook.language.types import BOOLEAN, DATE

REGISTERED_ON = "established_on"
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_GROUND = Text(
    zh="在所问的日子（或所问期间的最后一天）还没有登记成立，尚无此企业",
    en="on the day asked about (or the last day of the period) the firm is not registered yet",
)


def last_day(scheme: Scheme, day: date) -> date | None:
    """The last day on which a firm may be registered and still be there for a question about ``day``; None where any day will do."""
    if scheme.before_registration:
        return None
    months = _MONTHS.get(scheme.period)
    if months is None:
        return day
    month = (day.month - 1) // months * months + months
    return date(day.year, month, monthrange(day.year, month)[1])


def is_registered(edition: SchemeEdition, world: World) -> bool:
    """Whether the firm is there by the world's day, as far as it is told: False only where it certainly is not yet. A world
    without a day (0), for rules that do not use it, is asked of firms that are there."""
    if not world.context.day:
        return True
    registered = world.facts.get(REGISTERED_ON)
    if registered is None:
        band = world.context.bands.get(REGISTERED_ON)
        if band is None or band.low is None:
            return True
        registered = band.low + band.low_open
    last = last_day(edition.scheme, date.fromordinal(world.context.day))
    return last is None or int(registered) <= last.toordinal()


def refused(reason: Reason, last: date, registered: date | None) -> Reason:
    """The reasons tree of a firm that is not there yet: that first, then all else as it stands."""
    test = nodes.Compare(BOOLEAN, "<=", nodes.Fact(DATE, REGISTERED_ON), nodes.Const(DATE, last.toordinal()))
    step = Step(Condition("registered", "test", expr=test, ground=_GROUND), REGISTERED_ON, "<=", last.toordinal())
    head = Step(Condition("present", "all", label=Text(zh="以下各项都成立", en="all of these")))
    return head, False, None, ((step, False, registered, ()), reason)
