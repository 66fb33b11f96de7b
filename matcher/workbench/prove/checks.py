"""What is asked of one edition: can it be met, is every way open, does every condition turn something, are the sums in bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from matcher.engine import POSITIVE, RuleError, check
from matcher.rulebook import Condition, Path_, Text
from matcher.rulebook.language import AsOf, Node, walk
from matcher.text import yuan

from . import solver
from .edition import EditionFormula, Placed, Way, asks_only_for_telling
from .findings import KINDS, Finding, Proof
from .formula import Guarded, NotExpressible
from .rising import grows_with, rises_by_form
from .solver import NO, OPEN, YES, Answer, Solver, conjunction, disjunction, negation


class Checks:
    """Asks everything of one edition and adds what it finds to the proof. ``done``: the tests that were asked
    alone before, and whether they turn."""

    def __init__(self, edition: EditionFormula, solver: Solver, proof: Proof, done: dict[Node, bool]) -> None:
        self.edition, self.solver, self.proof, self.done = edition, solver, proof, done
        self.formula = edition.formula

    def all(self) -> None:
        """Every check. What an edition without any firm would say of its conditions is not asked."""
        if not self._can_be_met():
            return
        for way in self.edition.ways:
            if self._is_open(way):
                self._sums(way)
        for placed in self.edition.conditions():
            self._turns_something(placed)
        self._guards(self.formula.rows, "gap")
        self._guards(self.formula.divisors, "divisor")

    def ask(self, *claims: Any) -> Answer:
        """Whether a whole firm makes the claims true."""
        return self.solver.ask(*self.edition.given(), *claims)

    def ask_any(self, *claims: Any) -> Answer:
        """The same of a firm that may leave untold what a rule wants told."""
        return self.solver.ask(*self.formula.variables.bounds, *claims)

    # --- ways

    def _can_be_met(self) -> bool:
        answer = self.ask(self.edition.positive)
        if answer.answer == NO:
            place = self._first_unmet(self.edition.body.requires, True, self.edition.path)
            self.proof.add(self._finding("impossible", "requires", place, None))
        elif answer.answer == OPEN:
            self._leave_open("impossible", "requires", self.edition.path)
        else:
            self._confirm(answer.model)
        return answer.answer != NO

    def _first_unmet(self, requires: Condition, before: Any, path: Path_) -> tuple[str, int]:
        """The place of the first condition that no firm meets after those that stand before it; else of them all."""
        file, line = self.edition.line(path)
        met = [before]
        for child in requires.children:
            met.append(self.formula.alone(child))
            if self.ask(*met).answer == NO:
                return file, child.line or line
        return file, line

    def _confirm(self, model: Any) -> None:
        """The engine must decide for the firm of the model as the formula does."""
        self.proof.witnesses += 1
        firm, day = self.formula.variables.firm(model), self.formula.variables.day(model)
        try:
            (decision,) = check(self.edition.rulebook, firm, day, (self.edition.slug,))
            agrees = decision.status in POSITIVE
        except RuleError:
            agrees = False
        if not agrees:
            self._find("disagreement", "requires", self.edition.path, model)

    def _is_open(self, way: Way) -> bool:
        """Whether firms come to the way and, unless it refuses by itself, pass on it."""
        name = way.route.id
        answer = self.ask_any(way.comes)
        if answer.answer == NO:
            self._find("unreachable_route", name, way.path, None)
            return False
        if way.route.fails_on:
            return False
        passed = self.ask(way.passes)
        if passed.answer == NO and self.ask_any(way.passes).answer == YES:
            return False  # only firms that leave something untold are on this way: it has no sum to be held to
        if passed.answer == NO:
            place = self._first_unmet(way.route.requires, way.comes, (*way.path, "requires"))
            self.proof.add(self._finding("impossible_route", name, place, answer.model))
        elif passed.answer == OPEN:
            self._leave_open("impossible_route", name, way.path)
        else:
            self._confirm(passed.model)
        return passed.answer != NO

    # --- conditions

    def _turns_something(self, placed: Placed) -> None:
        """A test is sometimes true and sometimes false, and a branch is true beside everything that must hold with it."""
        claim = self.formula.alone(placed.condition)
        if self._turns_alone(placed, claim) and placed.among and placed.beside is not None:
            beside = self.ask_any(claim, placed.beside)
            if beside.answer != YES:
                self._answer(beside, "dead_branch", placed)

    def _turns_alone(self, placed: Placed, claim: Any) -> bool:
        """Whether a test, whatever stands beside it, is true of some firm and false of another. What holds of the same test
        elsewhere is not asked again, unless it hangs on the day."""
        expr = placed.condition.expr
        if expr is None or asks_only_for_telling(expr):
            return True
        if expr not in self.done or any(isinstance(part, AsOf) for part in walk(expr)):
            asked = {"dead_condition": self.ask(claim), "idle_condition": self.ask(negation(claim))}
            self.done[expr] = all(answer.answer == YES for answer in asked.values())
            for kind, answer in asked.items():
                if answer.answer != YES:
                    self._answer(answer, kind, placed)
        return self.done[expr]

    def _answer(self, answer: Answer, kind: str, placed: Placed) -> None:
        condition = placed.condition
        says = condition.says or (condition.ground and condition.ground.zh) or condition.id
        shown = self.ask(self.edition.positive) if kind == "idle_condition" else None
        finding = self._finding(
            kind, condition.id, (placed.file, condition.line), None if shown is None else shown.model, says
        )
        if answer.answer == OPEN:
            self.proof.leave_open(finding)
        else:
            self.proof.add(finding)

    # --- look-ups and divisors

    def _guards(self, guards: list[Guarded], kind: str) -> None:
        for name in dict.fromkeys(guard.name for guard in guards):
            wrong = [conjunction([one.path, negation(one.claim)]) for one in guards if one.name == name]
            answer = self.ask(disjunction(wrong))
            if answer.answer == NO:
                continue
            line = next(one.line for one in guards if one.name == name)
            finding = self._finding(kind, name, (self.edition.line(())[0], line), answer.model)
            (self.proof.add if answer.answer == YES else self.proof.leave_open)(finding)

    # --- sums

    def _outputs(self, way: Way) -> None:
        """The look-ups of further outputs and of the recipient must find their rows too."""
        nodes = [given.expr for given in way.route.gives]
        nodes += [way.route.recipient] if isinstance(way.route.recipient, Node) else []
        self.formula.line = self.edition.line((*way.path, "gives"))[1]
        with self.formula.under(way.passes):
            for node in nodes:
                try:
                    self.formula.any(node)
                except NotExpressible:
                    self._leave_open("gap", way.route.id, (*way.path, "gives"))

    def _sums(self, way: Way) -> None:
        self._outputs(way)
        ends = [self._sum(way, node) for node in way.route.benefit.ends()]
        for node, (total, ceilings) in zip(way.route.benefit.ends(), (end for end in ends if end), strict=False):
            self._refuted("negative", way, solver.compare("<", total, solver.const(0)))
            for ceiling in ceilings:
                above = solver.compare(">", total, ceiling.claim)
                self._refuted("above_ceiling", way, conjunction([ceiling.path, above]), ceiling.name)
            self._grows(way, node, total)
        if len(ends) == 2 and ends[0] and ends[1]:
            self._refuted("upside_down", way, solver.compare(">", ends[0][0], ends[1][0]))

    def _sum(self, way: Way, node: Node) -> tuple[solver.Term, list[Guarded]] | None:
        self.formula.ceilings.clear()
        self.formula.line = self.edition.line((*way.path, "benefit"))[1]
        try:
            with self.formula.under(way.passes):
                return self.formula.number(node), list(self.formula.ceilings)
        except NotExpressible:
            self._leave_open("negative", way.route.id, (*way.path, "benefit"))
            return None

    def _refuted(self, kind: str, way: Way, wrong: Any, subject: str = "") -> None:
        name = f"{way.route.id}.{subject}" if subject else way.route.id
        answer = self.ask(way.passes, wrong)
        if answer.answer == YES:
            self._find(kind, name, (*way.path, "benefit"), answer.model)
        elif answer.answer == OPEN:
            self._leave_open(kind, name, (*way.path, "benefit"))

    def _grows(self, way: Way, node: Node, total: solver.Term) -> None:
        """Of two firms on the same way that differ in one base alone, the one with more of it has no less."""
        for fact in grows_with(node):
            if rises_by_form(node, fact, self.edition.rulebook.facts):
                continue
            one = self.formula.variables.known[fact]
            more = z3.Int(f"more:{fact}")
            given = [_with(claim, one, more) for claim in (*self.edition.given(), way.passes)]
            bigger = solver.Term(_with(total.over, one, more), _with(total.under, one, more))
            answer = self.ask(way.passes, *given, more > one, solver.compare("<", bigger, total))
            if answer.answer == YES:
                firm = self.formula.variables.firm(answer.model)
                higher = answer.model.eval(more, True).as_long()
                self._find(
                    "shrinks", f"{way.route.id}.{fact}", (*way.path, "benefit"), answer.model, _from(fact, firm, higher)
                )
            elif answer.answer == OPEN:
                self._leave_open("shrinks", f"{way.route.id}.{fact}", (*way.path, "benefit"))

    # --- findings

    def _find(self, kind: str, subject: str, path: Path_, model: Any, detail: str = "") -> None:
        self.proof.add(self._finding(kind, subject, self.edition.line(path), model, detail))

    def _leave_open(self, kind: str, subject: str, path: Path_) -> None:
        self.proof.leave_open(self._finding(kind, subject, self.edition.line(path), None))

    def _finding(self, kind: str, subject: str, place: tuple[str, int], model: Any, detail: str = "") -> Finding:
        words, more = KINDS[kind], f" ({subject}{'; ' if detail else ''}{detail})"
        text = Text(zh=f"{words.zh}{more}", en=f"{words.en}{more}")
        variables = self.formula.variables
        firm = None if model is None else variables.firm(model)
        day = self.edition.days[0] if model is None else variables.day(model)
        return Finding(kind, self.edition.slug, subject, *place, text, day, firm)


def _with(expression: Any, one: Any, other: Any) -> Any:
    """The expression with one variable in the place of another."""
    return z3.substitute(expression, (one, other)) if z3.is_expr(expression) else expression


def _from(fact: str, firm: Mapping[str, Any], higher: int) -> str:
    return f"{fact} {yuan(firm[fact])} → {yuan(higher)}"
