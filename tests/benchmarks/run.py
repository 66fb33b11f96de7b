"""Asks every engine that is installed about the same firms, for its answers and against the clock."""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from matcher.rulebook.rulebook import Rulebook
from tests.benchmarks import by_hand, measure, ours
from tests.benchmarks.by_hand import Answer
from tests.benchmarks.firms import Facts, draw, near_a_bound
from tests.benchmarks.measure import Timing
from tests.benchmarks.peer import Peer

HAND, DECIDE, EXPLAIN = "Python by hand, three-valued", "ours, decide", "ours, explain"
# Distribution on PyPI → the module here that puts the rule into its form.
PACKAGES = {"zen-engine": "zen_peer", "datalogic-py": "datalogic_peer", "openfisca-core": "openfisca_peer"}


@dataclass(frozen=True)
class Run:
    """What each engine answered and how long it took; the engines that are not installed are named in ``skipped``."""

    firms: Sequence[Facts]
    answers: dict[str, list[Answer]]
    timings: dict[str, Timing]
    skipped: list[str]
    notes: list[str] = field(default_factory=list)

    def fastest(self, prefix: str) -> Timing | None:
        """The quickest form of the engine whose rows begin with this; None where it is not installed."""
        found = [timing for name, timing in self.timings.items() if name.startswith(prefix)]
        return min(found, key=lambda timing: timing.median, default=None)

    def disagreements(self, name: str) -> tuple[int, int]:
        """On how many firms the status, and on how many others the amount, differs from ours."""
        pairs = list(zip(self.answers[DECIDE], self.answers[name], strict=True))
        status = sum(mine[0] != theirs[0] for mine, theirs in pairs)
        return status, sum(mine != theirs for mine, theirs in pairs) - status


def run(rulebook: Rulebook, rounds: int = measure.ROUNDS) -> Run:
    """The whole benchmark: ours, the function by hand, and every peer that can be imported."""
    firms = draw()
    peers = [side(rulebook, firms) for side in (ours.decide, ours.explain)]
    peers.append(Peer(HAND, by_hand.decide, firms, tuple))
    skipped: list[str] = []
    written = _each(ours.writer(rulebook, firms[:500]), 500)
    notes = [f"ours, every word, distance and near miss written as JSON: {written:.0f} µs a firm"]
    for package, name in PACKAGES.items():
        try:
            module = importlib.import_module(f"tests.benchmarks.{name}")
        except ImportError as error:
            skipped.append(f"SKIPPED: {package} is not installed ({error})")
            continue
        peers.extend(module.peers(firms))
        notes.append(f"{package} {version(package)}")
        if hasattr(module, "all_at_once"):
            each = _each(module.all_at_once(firms), len(firms))
            notes.append(
                f"openfisca, all {len(firms)} firms in one simulation: {each:.2f} µs a firm (vectorised, untraced)"
            )
    answers = {peer.name: peer.answers() for peer in peers}
    return Run(firms, answers, measure.race(peers, rounds), skipped, notes)


def _each(job: measure.Job, count: int) -> float:
    """Microseconds a firm of something that does many in one go."""
    with measure.one_core():
        job()
        start = time.perf_counter()
        job()
        return (time.perf_counter() - start) / count * 1e6


def table(done: Run) -> str:
    """The figures in words and columns, as they are printed."""
    near = sum(map(near_a_bound, done.firms))
    decide, explain = done.timings[DECIDE], done.timings[EXPLAIN]
    lines = [
        f"six-taxes-two-fees of 2023: {len(done.firms)} firms, {near} within one unit of both bounds; one core,",
        f"{len(decide.rounds)} interleaved rounds, µs a firm; differs: firms whose status + amount is not ours",
        f"{'':40}{'min':>9}{'median':>9}{'max':>9}{'÷ decide':>10}{'÷ explain':>11}   differs",
    ]
    for name, timing in done.timings.items():
        status, amount = done.disagreements(name)
        lines.append(
            f"{name:40}{min(timing.rounds):9.3f}{timing.median:9.3f}{max(timing.rounds):9.3f}"
            f"{timing.times(decide):10.2f}{timing.times(explain):11.2f}   {status} + {amount}"
        )
    return "\n".join([*lines, *done.notes, *done.skipped])
