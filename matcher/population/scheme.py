"""One scheme on one day as columns: status, amount and recipient of every firm, or that a firm must be read exactly.

A status is said only where it is proven. Settled: the three-valued reading gives it, so every completion does. Open: two completions
of the untold facts (`witnesses.py`) give the firm two different statuses. What neither proves, and a sum that hangs on something
untold, is left to the exact engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.engine import REGISTERED_ON, last_day
from matcher.rulebook import (
    ResolvedBody,
    Rulebook,
    SchemeEdition,
    Status,
    expressions,
)

from .graph import Expr, Graph, NotColumnar
from .reading import Reading
from .scheme_amount import Taken, amount_of, recipient_of
from .speaking import all_facts, may_speak, spoken_for
from .witnesses import Fill, witnesses

EXACT = -1
"""In place of a status or kind: this firm must be read exactly."""

PASS, OPEN, FAIL, UNSETTLED = 0, 1, 2, 3

OUTPUTS = ("status", "kind", "low", "high", "recipient", "own")


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
        taken = self._taken(base)
        amount = amount_of(self.rulebook, base, taken)
        recipient = recipient_of(base, taken)
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
            graph.all((said, self._own(base, taken))),
            _reads(self.rulebook, self.edition),
            is_general=not any(may_speak(self.rulebook, tree) for tree in self.body.conditions()),
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

    def _taken(self, reading: Reading) -> Taken:
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
        names = {name for tree in self.body.conditions() for node in expressions(tree) for name in all_facts(node)}
        own = sorted(name for name in names if name in self.rulebook.facts and name not in self.findings)
        return self.graph.any(self._matters(name, reading) for name in own)

    def _matters(self, name: str, reading: Reading) -> Expr:
        """Whether an untold fact stands in a condition that is itself open."""
        trees = (leaf for tree in self._trees() for leaf in tree.walk() if leaf.expr is not None)
        open_ = [
            self.graph.is_unknown(reading.condition(leaf))
            for leaf in trees
            if leaf.expr is not None and name in all_facts(leaf.expr)
        ]
        if self.rulebook.facts[name].type == "text":  # a code may be told and yet be too short
            return self.graph.any(open_)
        return self.graph.all((self.graph.is_unknown(self.graph.fact(name)), self.graph.any(open_)))

    def _own(self, reading: Reading, taken: Taken) -> Expr:
        """Whether the law gives it, or a condition that is met by what the firm told of itself speaks for it."""
        if self.edition.scheme.award == "by_law":
            return self.graph.boolean(True)
        return spoken_for(self.rulebook, reading, self.body.requires, taken)

    def _trees(self) -> Iterable[Any]:
        yield self.body.requires
        for route in self.body.routes:
            if route.when is not None:
                yield route.when
            yield route.requires


def _findings(rulebook: Rulebook, body: ResolvedBody) -> frozenset[str]:
    """The departments' findings that stand in the conditions."""
    names = {name for tree in body.conditions() for node in expressions(tree) for name in all_facts(node)}
    return frozenset(name for name in names if name in rulebook.facts and rulebook.facts[name].is_finding)
