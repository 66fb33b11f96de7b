"""Guesses which column of a list holds which fact, and says why; a person may overrule every guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.firms.roster.columns import Columns, Heading, parse
from matcher.rulebook import Rulebook, Text

LEAST = 72.0  # of 100; below it a guess is more often wrong than right
APART = 4.0  # by which the best must lead the next
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column (its index, from 0) probably holds: a fact or a column such as former_names; None for nothing known.

    ``score`` is out of 100, 100 where the heading is known exactly; ``reason`` says why, also why not.
    """

    column: int
    heading: str
    fact: str | None
    score: int
    reason: Text


def guess(headings: Sequence[str], rulebook: Rulebook, ids: Sequence[str | None] = ()) -> list[Guess]:
    """Return one guess a column, in their order, no fact twice: by the template's ids, exact headings, then likeness."""
    return _Guesser(headings, Columns(rulebook)).guesses(ids)


class _Guesser:
    def __init__(self, headings: Sequence[str], columns: Columns) -> None:
        self.headings, self.columns = headings, columns
        self.made: dict[int, Guess] = {}
        self.taken: dict[str, int] = {}

    def guesses(self, ids: Sequence[str | None]) -> list[Guess]:
        for at, told in enumerate(ids[: len(self.headings)]):
            if told is not None and self.columns.is_known(told):
                self._take(at, told, 100, Text(zh="模板的列", en="a column of the template"))
        for at, heading in enumerate(self.headings):
            known = None if at in self.made else self.columns.named(heading)
            if known is not None:
                self._take(at, known, 100, Text(zh="列名相符", en="a known heading"))
        for score, at, name in sorted(self._alike(), key=lambda one: (-one[0], one[1])):
            like = Text(zh=f"与“{name}”相近", en=f"like “{name}”")
            self._take(at, self.columns.names[name], int(score), like)
        return [self.made.get(at) or self._none(at) for at in range(len(self.headings))]

    def _take(self, at: int, column: str, score: int, reason: Text) -> None:
        first = self.taken.setdefault(column, at)
        if first == at:
            self.made[at] = Guess(at, self.headings[at], column, score, reason)
            return
        label = self.columns.label(column)
        zh, en = f"第 {first + 1} 列已是“{label.zh}”", f"column {first + 1} is {label.en} already"
        self.made[at] = Guess(at, self.headings[at], None, 0, Text(zh=zh, en=en))

    def _alike(self) -> list[tuple[float, int, str]]:
        """For every heading that is not known, what it is most like, as (score, column, name)."""
        from rapidfuzz import fuzz, process  # only a list with other headings needs it: it would slow every start

        found = []
        for at, heading in enumerate(self.headings):
            parsed = parse(heading[:LONGEST])
            if at in self.made or len(parsed.bare) < 2:
                continue
            names = [name for name, column in self.columns.names.items() if self._may_be(parsed, column)]
            best = process.extract(parsed.bare, names, scorer=fuzz.ratio, score_cutoff=LEAST, limit=10)
            open_ = [(score, name) for name, score, _ in best if self.columns.names[name] not in self.taken]
            if not open_:
                continue
            score, name = open_[0]
            others = [other for other in open_ if self.columns.names[other[1]] != self.columns.names[name]]
            if others and score - others[0][0] < APART:
                self._undecided(at, name, others[0][1])
            else:
                found.append((score, at, name))
        return found

    def _may_be(self, heading: Heading, column: str) -> bool:
        """A department's finding is taken for one only where its exact heading stands."""
        fact = self.columns.facts.get(column)
        return self.columns.allows(heading, column) and (fact is None or fact.stated_by == "firm")

    def _undecided(self, at: int, one: str, other: str) -> None:
        reason = Text(zh=f"可能是“{one}”，也可能是“{other}”", en=f"may be “{one}” or “{other}”")
        self.made[at] = Guess(at, self.headings[at], None, 0, reason)

    def _none(self, at: int) -> Guess:
        if not self.headings[at]:
            return Guess(at, "", None, 0, Text(zh="没有列名", en="has no heading"))
        return Guess(at, self.headings[at], None, 0, Text(zh="没有相近的项目", en="nothing is like it"))
