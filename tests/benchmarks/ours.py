"""Our side of the benchmark: the compiled decision and the explanation with its full reasons tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcher.engine.check import check
from matcher.engine.decide import Outcome, decider
from matcher.engine.explain import Explanation, explainer
from matcher.engine.reasons import walk
from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks.by_hand import Answer
from tests.benchmarks.firms import AS_OF, SLUG, Facts
from tests.benchmarks.peer import Peer


def decide(rulebook: Rulebook, firms: Sequence[Facts]) -> Peer:
    """Status and amount, no reasons."""
    return Peer("ours, decide", decider(rulebook, AS_OF, SLUG), firms, _read)


def explain(rulebook: Rulebook, firms: Sequence[Facts]) -> Peer:
    """Status, amount and every condition's outcome and value, with the condition itself: its bound, phrase, source."""
    ask = explainer(rulebook, AS_OF, SLUG)
    # Every firm is shown every condition, none left out because another has settled the matter.
    whole = _conditions(ask(firms[0]))
    return Peer("ours, explain", ask, firms, lambda explanation: _read_explanation(explanation, whole))


def writer(rulebook: Rulebook, firms: Sequence[Facts]) -> Callable[[], object]:
    """A function that puts out of all the firms what ``matcher check --json`` does: words, distances, near misses."""
    return lambda: [check(rulebook, firm, AS_OF, [SLUG])[0].to_json() for firm in firms]


def _read(outcome: Outcome) -> Answer:
    status, kind, low, high = outcome
    if kind == "none":
        return status, None
    if low != high:
        raise AssertionError(f"two ends where all is told: {outcome}")
    return status, low


def _conditions(explanation: Explanation) -> list[str]:
    return [step.condition.id for step, *_ in walk(explanation.reasons)]


def _read_explanation(explanation: Explanation, whole: list[str]) -> Answer:
    if _conditions(explanation) != whole:
        raise AssertionError("a reasons tree that lacks a condition")
    if explanation.reasons[1] != (explanation.outcome[0] == "eligible"):
        raise AssertionError("a reasons tree that contradicts the status")
    return _read(explanation.outcome)
