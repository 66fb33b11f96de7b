"""How likely a firm knows an answer, and which, by what the rules say of firms in general. Rough on purpose: it steers the order
of questions and nothing else, so a wrong guess costs a question and never an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matcher.engine.ask.told import Told
from matcher.engine.forms import Interval
from matcher.engine.worlds import Domain
from matcher.rulebook import Fact, Rulebook, Scalar
from matcher.rulebook.likely import Likely

# What firms mostly are not, do or have: a scheme is for the few.
YES = 0.15
# Who has the thing a question is about mostly meets what is asked of it.
YES_OF_A_THING = 0.65
# Once one question about a thing was answered, or could not be, the others mostly go the same way.
SAME_THING, NO_SUCH_THING = 0.95, 0.03
# Of an enumeration with a value for "nothing of the kind", that one is what most firms answer.
NOTHING_SHARE = 0.75
# Where the rules tell "none" apart, a figure mostly is none; else it lies in the lowest of the bands as often as in all others.
NONE_SHARE, LOWEST_SHARE, ORDINARY_SHARE = 0.8, 0.5, 0.97


def known(likely: Likely, name: str, told: Told) -> float:
    """The likelihood that a firm can answer at all."""
    thing = likely.thing_of(name)
    if thing is None:
        return 1.0
    if any(other.startswith(thing.begins) for other in (*told.facts, *told.bands) if other not in likely.counted):
        return SAME_THING
    return NO_SUCH_THING if any(other.startswith(thing.begins) for other in told.unsure) else thing.share


def doubtful(rulebook: Rulebook, told: Told) -> dict[str, float]:
    """By group of the vocabulary how likely a firm can answer, by how many questions of the group it could not."""
    answered, unsure = (
        Counter(rulebook.facts[name].group for name in names if name in rulebook.facts)
        for names in ({*told.facts, *told.bands}, told.unsure)
    )
    return {group: (answered[group] + 1) / (answered[group] + unsure[group] + 1) for group in unsure}


def none_of(likely: Likely, fact: Fact, none: Scalar) -> float:
    """The likelihood that a firm has nothing of what a fact is about, ``none`` being the fact's word for that."""
    thing = likely.thing_of(fact.id)
    if thing is not None:
        return 1 - thing.share
    if fact.type == "boolean":
        return 1 - likely.yes.get(fact.group, YES)
    return _word(likely, fact, none) if isinstance(none, str) else NONE_SHARE


def shares(likely: Likely, fact: Fact, domains: Sequence[Domain | None], *, summed: bool = False) -> tuple[float, ...]:
    """The likelihood of each piece of a fact's domain; they add up to one. ``summed``: it is one figure of a sum, and only
    one out of the ordinary decides by itself."""
    if len(domains) == 1:
        return (1.0,)
    if fact.type == "boolean":
        yes = YES_OF_A_THING if likely.thing_of(fact.id) else likely.yes.get(fact.group, YES)
        return tuple(yes if domain == frozenset((True,)) else 1 - yes for domain in domains)
    if fact.type == "enum":
        return tuple(
            sum(_word(likely, fact, word) for word in domain) for domain in domains if isinstance(domain, frozenset)
        )
    if isinstance(domains[0], Interval):
        none = domains[0].low == domains[0].high == 0
        lowest = ORDINARY_SHARE if summed else NONE_SHARE if none else LOWEST_SHARE
        return (lowest, *((1 - lowest) / (len(domains) - 1) for _ in domains[1:]))
    sizes = [len(domain) if isinstance(domain, frozenset) else 1 for domain in domains]
    return tuple(size / sum(sizes) for size in sizes)


def _word(likely: Likely, fact: Fact, word: str) -> float:
    """The likelihood of one value of an enumeration."""
    usual, share = likely.usual.get(fact.id) or (_nothing(likely, fact), NOTHING_SHARE)
    if usual not in fact.values:
        return 1 / len(fact.values)
    return share if word == usual else (1 - share) / (len(fact.values) - 1)


def _nothing(likely: Likely, fact: Fact) -> str:
    """An enumeration's word for "nothing of the kind"; empty where it has none."""
    return next((word for word in likely.nothing if word in fact.values), "")
