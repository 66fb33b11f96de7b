"""The reasons tree: every condition with its own outcome, and whether a firm is registered by the day asked about."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.rulebook import Condition, Rulebook, Scheme, SchemeEdition, Text, expressions
from matcher.rulebook.language import BOOLEAN, DATE, Node, Scalar, nodes

from .cells import explore
from .evaluate import holds, remembered
from .lower import Lowering
from .worlds import Context, Split, World, told

# ---------------------------------------------------------------------------------------------------------------------
# The reasons tree: every condition with its own outcome and the firm's value, compiled once per edition.
#
# A node is a bare tuple (step, outcome, value, children): the step holds all that is the same for every firm. Texts,
# bounds and distances are made when the tree is written out, since most trees are looked at in part or not at all.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """What is the same for every firm: the condition, and for a plain test its fact, operator and bound."""

    condition: Condition
    fact: str | None = None
    op: str | None = None
    bound: Any = None


# (step, outcome, value, children): outcome True, False or None for unknown; value of the step's fact, None if untold.
Reason = tuple[Step, bool | None, Any, tuple["Reason", ...]]

Teller = Callable[..., Reason]


def step_of(condition: Condition) -> Step:
    """The step of a condition; a test of one fact against a constant is recognised."""
    expr = condition.expr
    match expr:
        case nodes.Compare(left=nodes.Fact() as fact, right=nodes.Const() as bound):
            return Step(condition, fact.id, expr.op, bound.value)
        case nodes.Member(item=nodes.Fact() as fact, collection=nodes.Const() as bound):
            return Step(condition, fact.id, "not in" if expr.negated else "in", bound.value)
        case nodes.Fact():
            return Step(condition, expr.id, "==", True)
        case nodes.Not(arg=nodes.Fact() as fact):
            return Step(condition, fact.id, "==", False)
    return Step(condition)


def teller(rulebook: Rulebook, condition: Condition, uses_day: bool) -> Teller:
    """The function that tells the reasons of one condition tree from parsed facts (and the day, if the rules use it)."""
    writer = _Writer(rulebook, uses_day)
    root = writer.node(condition)
    lines = "\n".join(f"    {line}" for line in writer.lines)
    source = f"def tell(f{', day' if uses_day else ''}):\n    g = f.get\n{lines}\n    return {root[1]}\n"
    namespace: dict[str, Any] = {**writer.lowering.constants, "F": Fraction}
    exec(compile(source, f"<reasons of {condition.id}>", "exec"), namespace)  # noqa: S102 - our own source, see lower.py
    found: Teller = namespace["tell"]
    return found


class _Writer:
    """Writes the source of a tree: outcomes first, in lines; the tuple last."""

    def __init__(self, rulebook: Rulebook, uses_day: bool) -> None:
        self.rulebook = rulebook
        self.arguments = "f, day" if uses_day else "f"
        self.lowering = Lowering()
        self.lines: list[str] = []
        self.count = 0

    def node(self, condition: Condition) -> tuple[str, str]:
        """(name of the outcome, source of the tuple)."""
        self.count += 1
        number = self.count
        step = step_of(condition)
        name = self.lowering.keep(step)
        if condition.expr is None:
            return self._group(condition, name, number)
        if step.fact is None or _of_codes(condition.expr):
            self._computed(condition, number)
            told = "None" if step.fact is None else f"g({step.fact!r})"
            return f"o{number}", f"({name}, o{number}, {told}, ())"
        self.lines += [
            f"v{number} = g({step.fact!r})",
            f"o{number} = {self._plain(condition.expr, step, f'v{number}')}",
        ]
        return f"o{number}", f"({name}, o{number}, v{number}, ())"

    def _plain(self, expr: Node, step: Step, value: str) -> str:
        """The outcome of a test of one fact: unknown where it is untold and its bounds do not settle it."""
        if isinstance(expr, nodes.Fact):
            return value
        if isinstance(expr, nodes.Not):
            return f"None if {value} is None else not {value}"
        source = self.lowering.truth(expr).replace(f"f[{step.fact!r}]", value)
        bounded = isinstance(expr, nodes.Compare) and expr.left.type.kind in ("number", "date")
        unknown = f"{self._alone(step.condition)}({self.arguments})" if bounded else "None"
        return f"{unknown} if {value} is None else {source}"

    def _computed(self, condition: Condition, number: int) -> None:
        """A test that needs reckoning: quick where all its facts are told, exact by cells otherwise."""
        assert condition.expr is not None
        self.lines += [
            "try:",
            f"    o{number} = {self.lowering.truth(condition.expr)}",
            "except (KeyError, ZeroDivisionError):",
            f"    o{number} = {self._alone(condition)}({self.arguments})",
        ]

    def _group(self, condition: Condition, name: str, number: int) -> tuple[str, str]:
        parts = [self.node(child) for child in condition.children]
        outcomes = [outcome for outcome, _ in parts]
        tuple_source = f"({name}, o{number}, None, ({''.join(source + ', ' for _, source in parts)}))"
        if condition.kind == "not":
            self.lines.append(f"o{number} = None if {outcomes[0]} is None else not {outcomes[0]}")
            return f"o{number}", tuple_source
        if len(outcomes) == 1:
            self.lines.append(f"o{number} = {outcomes[0]}")
            return f"o{number}", tuple_source
        decisive, other = ("True", "False") if condition.kind == "any" else ("False", "True")
        if not outcomes:
            self.lines.append(f"o{number} = {other}")
            return f"o{number}", tuple_source
        unknown = "None" if read_once(condition) else f"{self._alone(condition)}({self.arguments})"
        some = " or ".join(f"{one} is {decisive}" for one in outcomes)
        none = " or ".join(f"{one} is None" for one in outcomes)
        self.lines.append(f"o{number} = {decisive} if {some} else {unknown} if {none} else {other}")
        return f"o{number}", tuple_source

    def _alone(self, condition: Condition) -> str:
        """The name of the function that asks a condition by itself, by cells."""
        rulebook = self.rulebook

        def alone(facts: Mapping[str, Scalar], day: int) -> bool | None:
            return settled(condition, World(Context.of(rulebook, day), told(facts)))

        return self.lowering.keep(remembered(read_by(condition), alone))


def read_by(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition tree reads."""
    return tuple(dict.fromkeys(name for expr in expressions(condition) for name in nodes.facts_in(expr)))


def read_once(condition: Condition) -> bool:
    """Whether no fact stands in two tests of a tree: then its parts are independent, and open parts leave the whole open."""
    found: set[str] = set()
    for expr in expressions(condition):
        facts = set(nodes.facts_in(expr))
        if facts & found:
            return False
        found |= facts
    return True


def _of_codes(expr: Node) -> bool:
    """Whether a test asks where an industry code lies: a code may be told and still be too short to tell."""
    return isinstance(expr, nodes.Member) and expr.item.type.kind == "code"


def settled(condition: Condition, world: World) -> bool | None:
    """Whether a condition holds in every completion (True), in none (False), or in some (None)."""
    result = holds(condition, world)
    if not isinstance(result, Split):
        return result
    if result.by_department:
        return None
    outcomes = {outcome for _, outcome in explore(lambda here: holds(condition, here), world)}
    return outcomes.pop() if len(outcomes) == 1 and not any(isinstance(one, Split) for one in outcomes) else None


def walk(reason: Reason) -> Iterator[Reason]:
    """The node and everything below it."""
    yield reason
    for child in reason[3]:
        yield from walk(child)


# ---------------------------------------------------------------------------------------------------------------------
# Whether a firm is registered by the day that a question stands for; before that nothing is due to it and nothing
# binds it.
#
# The day is the one asked about or, where that stands for a month, quarter or year (``period`` in the scheme's
# file), the last day of it. A firm that does not say when it was registered is taken to be there. A scheme that
# helps or binds before registration says ``before_registration: true`` and is left alone. Source: the contract's
# paragraph "A firm not yet there".
# ---------------------------------------------------------------------------------------------------------------------


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
    return last_day_of(scheme.period, day)


def last_day_of(period: str, day: date) -> date:
    """The last day of the month, quarter or year in which ``day`` lies; the day itself where the period is a day."""
    months = _MONTHS.get(period)
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
