"""One scheme on one day as columns: status, amount and recipient of every firm, or that a firm must be read exactly.

A status is said only where it is proven. Settled: the three-valued reading gives it, so every completion does. Open: two completions
of the untold facts (`witnesses.py`) give the firm two different statuses. What neither proves, and a sum that hangs on something
untold, is left to the exact engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.engine import REGISTERED_ON, last_day, step_of
from matcher.rulebook import (
    AMOUNT_KINDS,
    Condition,
    ResolvedBody,
    ResolvedRoute,
    Rulebook,
    SchemeEdition,
    Status,
    Sum,
    expressions,
)
from matcher.rulebook.language import Node, facts_in, nodes, walk

from .graph import Expr, Graph, NotColumnar
from .linear import linear
from .reading import Reading
from .witnesses import Fill, witnesses

EXACT = -1
"""In place of a status or kind: this firm must be read exactly."""

PASS, OPEN, FAIL, UNSETTLED = 0, 1, 2, 3

OUTPUTS = ("status", "kind", "low", "high", "recipient", "own")

KINDS: tuple[str, ...] = tuple(AMOUNT_KINDS)


@dataclass(frozen=True, slots=True)
class SchemeColumns:
    """The columns of a scheme. ``status`` indexes ``statuses`` (or is EXACT), ``kind`` indexes `KINDS` (unknown: no amount is said);
    ``recipient`` is who gets it, where the status is positive; ``own`` says whether the law or something that the firm told of itself
    speaks for it (`matcher.engine.has_firm_side`). ``reads``: the facts that an exact reading hangs on. ``is_general``: no condition
    speaks for any firm, so that without money it is true of everybody."""

    slug: str
    statuses: tuple[Status, ...]
    status: Expr
    kind: Expr
    low: Expr
    high: Expr
    recipient: Expr
    own: Expr
    reads: tuple[str, ...]
    columnar: bool = True
    is_general: bool = False

    @property
    def outputs(self) -> tuple[Expr, ...]:
        """The expressions, in the order of `OUTPUTS`."""
        return self.status, self.kind, self.low, self.high, self.recipient, self.own


def statuses_of(edition: SchemeEdition) -> tuple[Status, ...]:
    """The words of PASS, OPEN, FAIL and UNSETTLED."""
    if edition.scheme.kind == "restriction":
        return "applies", "applies", "does_not_apply", "needs_information"
    return "eligible", "needs_decision", "not_eligible", "needs_information"


def scheme_columns(rulebook: Rulebook, graph: Graph, slug: str, day: date) -> SchemeColumns:
    """The columns of a scheme; all EXACT where its rules have no columnar form."""
    edition = rulebook.scheme_at(slug, day)
    if edition.body is None:
        word: Status = "unconfirmed" if edition.state == "unconfirmed" else "not_open"
        nothing = graph.null("int")
        return SchemeColumns(
            slug,
            (word,),
            graph.code(0),
            graph.null("code"),
            nothing,
            nothing,
            graph.null("word"),
            graph.boolean(False),
            (),
        )
    try:
        if slug in rulebook.quantified:
            raise NotColumnar("rules over several items")
        return _Scheme(rulebook, graph, edition, day).columns()
    except NotColumnar:
        nothing, exact = graph.null("int"), graph.code(EXACT)
        reads = _reads(rulebook, edition)
        unknown = (exact, graph.null("code"), nothing, nothing, graph.null("word"), graph.boolean(False))
        return SchemeColumns(slug, statuses_of(edition), *unknown, reads, columnar=False)


def _reads(rulebook: Rulebook, edition: SchemeEdition) -> tuple[str, ...]:
    """What the exact answer hangs on, for asking it once of firms that tell the same."""
    assert edition.body is not None
    if edition.scheme.slug in rulebook.quantified:
        return tuple(rulebook.facts)
    needed = (
        name for route in edition.body.routes for name in (*route.benefit.needs, route.benefit.exact_once) if name
    )
    return tuple(dict.fromkeys((*edition.facts, *needed, REGISTERED_ON)))


@dataclass(slots=True)
class _Outcome:
    """What is proven of a completion: that the firm passes, that a department decides, that it fails. Never unknown."""

    passes: Expr
    open: Expr
    fails: Expr


class _Scheme:
    """Makes the columns of one edition that is open."""

    def __init__(self, rulebook: Rulebook, graph: Graph, edition: SchemeEdition, day: date) -> None:
        assert edition.body is not None
        self.rulebook, self.graph, self.edition, self.day = rulebook, graph, edition, day
        self.body: ResolvedBody = edition.body
        self.findings = _findings(rulebook, self.body)

    def columns(self) -> SchemeColumns:
        """Status first; then the sum, which may still hang on something untold."""
        graph, base = self.graph, self._reading({})
        held = self._holds(base)
        passes, fails = graph.is_true(held), graph.is_false(held)
        open_, unsettled = self._open(held, base)
        ready = graph.all(
            graph.negation(graph.is_unknown(base.condition(condition))) for condition in self.body.ask_first
        )
        freely = self._freely(base)
        refused = self._not_there()
        positive = graph.all((graph.any((passes, open_)), ready))
        amount = self._amount(base)
        recipient = self._recipient(base)
        untold = graph.all((positive, graph.any((amount.untold, graph.is_unknown(recipient)))))
        status = graph.cases(
            (
                (refused, graph.code(FAIL)),
                (fails, graph.code(FAIL)),
                (untold, graph.code(EXACT)),
                (graph.all((positive, graph.any((open_, freely)))), graph.code(OPEN)),
                (positive, graph.code(PASS)),
                (unsettled, graph.code(UNSETTLED)),
            ),
            graph.code(EXACT),
        )
        said = graph.all((positive, graph.negation(refused), graph.negation(untold)))
        nothing = graph.null("int")
        return SchemeColumns(
            self.edition.scheme.slug,
            statuses_of(self.edition),
            status,
            graph.choose(said, amount.kind, graph.null("code")),
            graph.choose(said, amount.low, nothing),
            graph.choose(said, amount.high, nothing),
            graph.choose(said, recipient, graph.null("word")),
            graph.all((said, self._own(base))),
            _reads(self.rulebook, self.edition),
            is_general=not any(_may_speak(self.rulebook, tree) for tree in self.body.conditions()),
        )

    def _reading(self, filled: Mapping[str, Any]) -> Reading:
        return Reading(self.rulebook, self.graph, self.day.toordinal(), filled)

    def _not_there(self) -> Expr:
        last = last_day(self.edition.scheme, self.day)
        if last is None:
            return self.graph.boolean(False)
        return self.graph.is_true(
            self.graph.compare(">", self.graph.fact(REGISTERED_ON), self.graph.whole(last.toordinal()))
        )

    # --- conditions

    def _holds(self, reading: Reading) -> Expr:
        """All conditions, those of the firm's own route included."""
        own = self.graph.boolean(False)
        for route in reversed(self.body.routes):
            met = self.graph.boolean(False) if route.fails_on else reading.condition(route.requires)
            own = met if route.when is None else self._either(reading.condition(route.when), met, own)
        return self.graph.all((reading.condition(self.body.requires), own))

    def _either(self, when: Expr, met: Expr, other: Expr) -> Expr:
        """Whether the firm's way holds; where it is open which way is the firm's, both must agree."""
        graph = self.graph
        chosen = graph.choose(when, met, other)
        if (
            len({route.undecided for route in self.body.routes}) > 1
        ):  # one way ends with a free choice, another does not
            return chosen
        both = graph.all((graph.is_unknown(when), graph.is_true(met), graph.is_true(other)))
        neither = graph.all((graph.is_unknown(when), graph.is_false(met), graph.is_false(other)))
        return graph.cases(((both, graph.boolean(True)), (neither, graph.boolean(False))), chosen)

    def _taken(self, reading: Reading) -> list[tuple[ResolvedRoute, Expr]]:
        """Each route, and whether it is known to be the firm's."""
        before: list[Expr] = []
        found = []
        for route in self.body.routes:
            here = self.graph.boolean(True) if route.when is None else reading.condition(route.when)
            found.append((route, self.graph.is_true(self.graph.all((*before, here)))))
            before.append(self.graph.negation(here))
        return found

    def _freely(self, reading: Reading) -> Expr:
        """Whether a department chooses freely, even where all holds."""
        if self.body.undecided:
            return self.graph.boolean(True)
        return self.graph.any(taken for route, taken in self._taken(reading) if route.undecided)

    def _open(self, held: Expr, base: Reading) -> tuple[Expr, Expr]:
        """Where a department's finding alone is open, and where the firm's own facts leave two statuses possible."""
        graph = self.graph
        fills = witnesses(self.rulebook, self.edition, self.day, bool(self.findings))
        found = [self._outcome(fill) for fill in fills]
        passes, open_, fails = (graph.any(getattr(one, part) for one in found) for part in ("passes", "open", "fails"))
        restricts = self.edition.scheme.kind == "restriction"
        two = [graph.all((passes, fails)), graph.all((open_, fails))]
        two += [] if restricts else [graph.all((passes, open_))]
        unsettled = graph.any(two)
        if not self.findings:
            return graph.boolean(False), unsettled
        asked = self._asked(base)
        alone = graph.all((graph.is_unknown(held), graph.negation(asked)))
        either = graph.any((open_, graph.all((passes, fails))))
        return graph.all((alone, either)), graph.all((graph.negation(alone), unsettled))

    def _outcome(self, fill: Fill) -> _Outcome:
        graph = self.graph
        reading = self._reading(fill.firm)
        held = self._holds(reading)
        passes, open_, fails = graph.is_true(held), graph.boolean(False), graph.is_false(held)
        if self.findings:
            completed = [self._holds(self._reading({**fill.firm, **findings})) for findings in fill.findings]
            yes, no = graph.any(map(graph.is_true, completed)), graph.any(map(graph.is_false, completed))
            open_ = graph.all((graph.is_unknown(held), yes, no))
        freely = self._freely(reading)
        return _Outcome(
            graph.all((passes, graph.negation(freely))), graph.any((open_, graph.all((passes, freely)))), fails
        )

    def _asked(self, reading: Reading) -> Expr:
        """Whether anything but a department's finding may be open in the conditions; rather once too often."""
        names = {name for tree in self.body.conditions() for node in expressions(tree) for name in _all_facts(node)}
        own = sorted(name for name in names if name in self.rulebook.facts and name not in self.findings)
        return self.graph.any(self._matters(name, reading) for name in own)

    def _matters(self, name: str, reading: Reading) -> Expr:
        """Whether an untold fact stands in a condition that is itself open."""
        trees = (leaf for tree in self._trees() for leaf in tree.walk() if leaf.expr is not None)
        open_ = [
            self.graph.is_unknown(reading.condition(leaf))
            for leaf in trees
            if leaf.expr is not None and name in _all_facts(leaf.expr)
        ]
        if self.rulebook.facts[name].type == "text":  # a code may be told and yet be too short
            return self.graph.any(open_)
        return self.graph.all((self.graph.is_unknown(self.graph.fact(name)), self.graph.any(open_)))

    def _trees(self) -> Iterable[Any]:
        yield self.body.requires
        for route in self.body.routes:
            if route.when is not None:
                yield route.when
            yield route.requires

    # --- what it comes to

    def _amount(self, reading: Reading) -> _Amount:
        """By the route that is known to be the firm's; untold where none is, or its sum is not."""
        graph = self.graph
        nothing, none = graph.null("int"), graph.code(KINDS.index("none"))
        without = graph.all(self._lacks(route) for route in self.body.routes)  # whichever way is the firm's
        found = _Amount(graph.negation(without), graph.choose(without, none, graph.null("code")), nothing, nothing)
        for route, taken in reversed(self._taken(reading)):
            own = self._sum(route, reading, none)
            found = _Amount(
                graph.choose(taken, own.untold, found.untold),
                graph.choose(taken, own.kind, found.kind),
                graph.choose(taken, own.low, found.low),
                graph.choose(taken, own.high, found.high),
            )
        return found

    def _sum(self, route: ResolvedRoute, reading: Reading, none: Expr) -> _Amount:
        graph, benefit = self.graph, route.benefit
        nothing, no = graph.null("int"), graph.boolean(False)
        if benefit.expr is None:
            return _Amount(no, none, nothing, nothing)
        lacking = graph.any((self._lacks(route), self._has_no_end(benefit)))
        zero = graph.whole(0)
        high = reading.rounded(benefit.expr)
        low = high if benefit.least is None else reading.rounded(benefit.least)
        untold = graph.any((graph.is_unknown(high), graph.is_unknown(low)))
        charge = graph.is_true(graph.compare("<", high, zero))
        said = graph.code(KINDS.index(benefit.kind))
        if benefit.least is not None:
            exact, range_ = graph.code(KINDS.index("exact")), graph.code(KINDS.index("range"))
            said = graph.choose(graph.is_true(graph.compare("==", low, high)), exact, range_)
        elif benefit.exact_once is not None:
            once = graph.is_true(graph.fact(benefit.exact_once))
            said = graph.choose(once, graph.code(KINDS.index("exact")), said)
        without = graph.any((lacking, charge))
        return _Amount(
            graph.all((graph.negation(lacking), untold)),
            graph.choose(without, none, said),
            graph.choose(without, nothing, low),
            graph.choose(without, nothing, high),
        )

    def _own(self, reading: Reading) -> Expr:
        """Whether the law gives it, or a condition that is met by what the firm told of itself speaks for it."""
        if self.edition.scheme.award == "by_law":
            return self.graph.boolean(True)
        trees = [(self.body.requires, self.graph.boolean(True))]
        for route, taken in self._taken(reading):
            trees += [(tree, taken) for tree in (route.when, route.requires) if tree is not None]
        return self.graph.any(
            self.graph.all((taken, self.graph.is_true(reading.condition(leaf))))
            for tree, taken in trees
            for leaf in _spoken(self.rulebook, tree)
        )

    def _lacks(self, route: ResolvedRoute) -> Expr:
        """Whether there is no sum on a way, or a fact is untold without which none is said."""
        if route.benefit.expr is None:
            return self.graph.boolean(True)
        return self.graph.any(self.graph.is_unknown(self.graph.fact(name)) for name in route.benefit.needs)

    def _has_no_end(self, benefit: Sum) -> Expr:
        """Whether the sum is a plain one of facts of which one, untold, can make it as large as you like: then none is said."""
        if benefit.expr is None or benefit.least is not None:
            return self.graph.boolean(False)
        found = []
        for name, share in _without_end(benefit.expr).items():
            fact = self.rulebook.facts[name]
            end = fact.bounds[1 if share > 0 else 0]
            if end is None or fact.bounds_are == "typing":
                found.append(self.graph.is_unknown(self.graph.fact(name)))
        return self.graph.any(found)

    def _recipient(self, reading: Reading) -> Expr:
        recipients = {route.recipient for route in self.body.routes if isinstance(route.recipient, str)}
        if len(recipients) == 1 and all(isinstance(route.recipient, str) for route in self.body.routes):
            return self.graph.word(recipients.pop())
        found = self.graph.null("word")
        for route, taken in reversed(self._taken(reading)):
            own = (
                self.graph.word(route.recipient) if isinstance(route.recipient, str) else reading.word(route.recipient)
            )
            found = self.graph.choose(taken, own, found)
        return found


@dataclass(slots=True)
class _Amount:
    """Kind, least and most in fen; ``untold`` where the sum hangs on something untold. Kind ``none``: no figure."""

    untold: Expr
    kind: Expr
    low: Expr
    high: Expr


def _spoken(rulebook: Rulebook, condition: Condition) -> Iterator[Condition]:
    """The tests of a tree, none beneath a denial, that speak for a firm where they are met."""
    if condition.kind == "not":
        return
    for child in condition.children:
        yield from _spoken(rulebook, child)
    step = step_of(condition)
    fact = rulebook.facts.get(step.fact or "")
    if fact is not None and fact.stated_by == "firm" and fact.speaks:
        one_of_several = fact.type == "enum" and fact.advise == "never" and step.op == "in"
        if not (step.op == "!=" or (step.op == "==" and step.bound is False) or one_of_several):
            yield condition


def _may_speak(rulebook: Rulebook, condition: Condition) -> bool:
    """Whether any test of a tree may speak for a firm: rather once too often, where it is worked out of several facts."""
    if next(_spoken(rulebook, condition), None) is not None:
        return True
    for leaf in condition.walk():
        read = set() if leaf.expr is None else _all_facts(leaf.expr)
        if read != {step_of(leaf).fact} and any(rulebook.facts[name].speaks for name in read if name in rulebook.facts):
            return True
    return False


def _without_end(node: Node) -> dict[str, Fraction]:
    """The facts, with their share, of a plain sum, or of a share of the greater of a plain sum and a constant."""
    while isinstance(node, (nodes.Named, nodes.Retyped)):
        node = node.parts[0]
    shares = linear(node)
    if shares is not None:
        return {name: share for name, share in shares.items() if name and share}
    if isinstance(node, nodes.Arith) and node.op == "*":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            factor = linear(one)
            if factor is not None and set(factor) == {""} and factor[""] > 0:
                return _without_end(other)
    if isinstance(node, nodes.Extreme) and node.op == "max":
        parts = [part for part in node.args if set(linear(part) or {"-": Fraction(1)}) != {""}]
        if len(parts) == 1 and linear(parts[0]) is not None:
            return _without_end(parts[0])
    return {}


def _findings(rulebook: Rulebook, body: ResolvedBody) -> frozenset[str]:
    """The departments' findings that stand in the conditions."""
    names = {name for tree in body.conditions() for node in expressions(tree) for name in _all_facts(node)}
    return frozenset(name for name in names if name in rulebook.facts and rulebook.facts[name].is_finding)


def _all_facts(node: Node) -> set[str]:
    """Every fact that an expression reads, those that a derived enumeration is made of included."""
    return {*facts_in(node), *(part.id for part in walk(node) if isinstance(part, nodes.Fact))}
