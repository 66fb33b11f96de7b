"""Says when the interview had better stop: when the last screens settled nothing, the results come first."""

from dataclasses import replace

from matcher.web.interview.visit import Visit
from matcher.web.keep import Answers

# After so many screens on which nothing was settled; the start page is not one of them.
_EMPTY = 2


def is_due(visit: Visit) -> bool:
    """Whether nothing was settled on the last two screens, and the next would go on like that: it asks for no sum."""
    survey, answers = visit.survey, visit.answers
    times = sorted(set(answers.told_at.values()))
    if survey.screen is None or survey.screen.refines or len(times) <= _EMPTY:
        return False
    earlier = Visit(visit.book, _before(answers, times[-_EMPTY]))
    return len(earlier.survey.settled) >= len(survey.settled)


def _before(answers: Answers, at: int) -> Answers:
    """The answers told before a time, in seconds since 1970."""
    later = {name for name, told_at in answers.told_at.items() if told_at >= at}
    gates = {gate: told for gate, told in answers.gates.items() if gate not in later}
    return replace(answers.without(*later), gates=gates)
