"""What other figures of the rules would change for the firms of the register: on a sample in seconds, and for all of them as long work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from math import isqrt, sqrt

import polars as pl
from sqlalchemy import Engine, Select, func, insert
from sqlalchemy import select as sqlalchemy_select
from sqlmodel import Session, col, select

from matcher.db import reading
from matcher.firms import Firm, read_key, read_told
from matcher.letters import Office
from matcher.population import Comparison, FirmWithItems, Impact, Rules, chunk_of_profiles, with_figures
from matcher.rulebook import ParameterHistory, Rulebook
from matcher.rulebook.language import Scalar

from .listing import POSITIVE
from .models import ImpactLine, ImpactSide, ImpactStudy
from .passes import Told, begin, next_chunk
from .passes import perform as perform_pass
from .screener import Screener
from .service import districts, told_on

CHUNK = 2_000

SAMPLE = 4_000
"""Firms looked at for an estimate: about two seconds' work."""

_TYPES = ("integer", "number", "money", "rate")


def figures_of(rulebook: Rulebook, slug: str, day: date) -> dict[str, ParameterHistory]:
    """The dated figures of a scheme's rules on a day that are single numbers, by id."""
    edition = rulebook.scheme_at(slug, day)
    every = {one.id: rulebook.parameters[one.id] for one in edition.figures}
    return {name: one for name, one in every.items() if one.parameter.kind == "value" and one.parameter.type in _TYPES}


def schemes_with(rulebook: Rulebook, figures: Iterable[str], day: date) -> list[str]:
    """The schemes whose rules of the day rest on any of these figures, restrictions left out."""
    wanted = set(figures)
    return [
        slug
        for slug, scheme in rulebook.schemes.items()
        if scheme.kind != "restriction"
        and not wanted.isdisjoint(one.id for one in rulebook.scheme_at(slug, day).figures)
    ]


class _Compared:
    """Compares the rules of a day with the same under other figures, over firms of the register."""

    def __init__(self, rulebook: Rulebook, day: date, schemes: Sequence[str], figures: Mapping[str, str]) -> None:
        after = with_figures(rulebook, figures)
        self.comparison = Comparison.of(Rules(rulebook, day), Rules(after, day), list(rulebook.facts), schemes)
        self.rulebook, self._screener = rulebook, Screener(rulebook, day)

    def add(
        self, told: Mapping[str, Mapping[str, object]], within: Sequence[str] | None
    ) -> Callable[[], list[pl.DataFrame]] | None:
        """Count firms (id → facts as told), those of other districts left out; gives the lines, as `Comparison.add` does."""
        read = {firm: self._read(facts) for firm, facts in told.items()}
        ours = {firm: one for firm, one in read.items() if within is None or _facts_of(one).get("district") in within}
        if not ours:
            return None
        comparison = self.comparison
        names = [name for name in self.rulebook.facts if name in comparison.needed]
        chunk = chunk_of_profiles(self.rulebook, list(ours), list(ours.values()), names, comparison.lexicon)
        return comparison.add(chunk)

    def _read(self, facts: Mapping[str, object]) -> Mapping[str, Scalar] | FirmWithItems:
        if not any(read_key(name) for name in facts):
            return self._screener.read(facts)
        over = read_told(self.rulebook, facts)
        return FirmWithItems(over.firm, over.items)


def _facts_of(firm: Mapping[str, Scalar] | FirmWithItems) -> Mapping[str, Scalar]:
    return firm.facts if isinstance(firm, FirmWithItems) else firm


# ---------------------------------------------------------------------------------------------------------------------
# The estimate: always the same firms, those whose codes end alike, so that two tries differ by the figures alone.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sample of the register came to. ``looked_at`` of ``register`` firms; ``sample.firms`` of them are the centre's."""

    sample: Impact
    looked_at: int
    register: int
    squares: Mapping[str, int]

    def scaled(self, counted: int) -> int:
        """What a count or a sum of the sample comes to for all."""
        return round(counted * self.register / self.looked_at) if self.looked_at else 0

    def firms(self, counted: int) -> tuple[int, int]:
        """Between which numbers of firms the true one lies, 19 times of 20 (Wilson's interval; one number where all were looked at)."""
        n, z = self.looked_at, 1.96
        if not n or n >= self.register:
            return counted, counted
        share = counted / n
        middle, width = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        low, high = ((middle + sign * width) / (1 + z * z / n) for sign in (-1, 1))
        return max(int(low * self.register), counted), min(int(high * self.register) + 1, self.register)

    def fen_off(self, scheme: str, change: int) -> int:
        """By how many fen the change of all may be wrong, 19 times of 20: nothing where all were looked at.

        :param scheme: empty for what firms can have together.
        :param change: the change of the sample.
        """
        n, every = self.looked_at, self.register
        if n < 2 or n >= every:
            return 0
        spread = max(n * self.squares.get(scheme, 0) - change * change, 0)  # n² times the variance
        # 1.96 × every × √(variance ÷ n × share not looked at), whole fen throughout
        return isqrt(spread * every * (every - n) * 38416 // (10_000 * n * n * n))


def estimate(
    engine: Engine, rulebook: Rulebook, day: date, figures: Mapping[str, str], centre: str, size: int = SAMPLE
) -> Estimate:  # fmt: skip
    """What other figures would change for the firms of a centre, by a sample of the register.

    :raises OverrideError: where a figure cannot be set.
    """
    compared = _Compared(rulebook, day, schemes_with(rulebook, figures, day), figures)
    with reading(engine) as opened:
        register = opened.exec(select(func.count()).select_from(Firm)).one()
        firm_ids = opened.exec(select(Firm.id).order_by(col(Firm.code_backwards)).limit(size)).all()
        told = told_on(opened, firm_ids, day)
    compared.add(told, districts(centre))
    comparison = compared.comparison
    return Estimate(comparison.found, len(firm_ids), register, dict(comparison.squares))


# ---------------------------------------------------------------------------------------------------------------------
# All firms: long work that goes on where it stopped, as a screening does. How long its result is kept, each centre sets (retention).
# ---------------------------------------------------------------------------------------------------------------------


def new_study(
    writing: Session, rulebook: Rulebook, day: date, figures: Mapping[str, str], centre: str, account_id: int, at: datetime
) -> ImpactStudy:  # fmt: skip
    """Enter a study that waits to be done; one of the same that was asked for is given instead, unless it failed.

    :raises OverrideError: where a figure cannot be set.
    """
    with_figures(rulebook, figures)
    same = select(ImpactStudy).where(
        ImpactStudy.centre == centre,
        ImpactStudy.as_of == day,
        ImpactStudy.rulebook_hash == rulebook.hash,
        col(ImpactStudy.figures) == dict(figures),
        ImpactStudy.state != "failed",
    )
    found = writing.exec(same.order_by(col(ImpactStudy.id).desc())).first()
    if found is None:
        found = ImpactStudy(
            centre=centre, account_id=account_id, state="waiting", as_of=day, rulebook_hash=rulebook.hash,
            schemes=schemes_with(rulebook, figures, day), figures=dict(figures), created_at=at,
        )  # fmt: skip
        writing.add(found)
        writing.flush()
    return found


def studies(opened: Session, centre: str) -> Sequence[ImpactStudy]:
    """A centre's studies, the newest first."""
    wanted = select(ImpactStudy).where(ImpactStudy.centre == centre)
    return opened.exec(wanted.order_by(col(ImpactStudy.id).desc())).all()


def concerned(
    opened: Session, study_id: int, scheme: str, side: ImpactSide, offset: int, limit: int
) -> list[tuple[Firm, ImpactLine]]:
    """The firms that a study found to gain or lose a scheme or to have it otherwise, those with the greatest change first."""
    gap = func.coalesce(col(ImpactLine.after), 0) - func.coalesce(col(ImpactLine.before), 0)
    wanted: Select[Firm, ImpactLine] = (
        sqlalchemy_select(Firm, ImpactLine)
        .join(ImpactLine, col(ImpactLine.firm_id) == col(Firm.id))
        .where(col(ImpactLine.study_id) == study_id, col(ImpactLine.scheme) == scheme, col(ImpactLine.side) == side)
        .order_by(func.abs(gap).desc(), col(Firm.id))
    )
    return [(firm, line) for firm, line in opened.execute(wanted.offset(offset).limit(limit))]


def study(
    engine: Engine,
    rulebook: Rulebook,
    study_id: int,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    chunk: int = CHUNK,
) -> ImpactStudy:
    """Do a study from where it stands to its end.

    :raises StoreError: where there is none of this number; OldRulesError where it was asked for under other rules (it is then ``failed``).
    """
    standing = begin(engine, ImpactStudy, study_id, rulebook, clock)
    compared = _Compared(rulebook, standing.as_of, standing.schemes, standing.figures)
    while standing.state == "running" and not stopping():
        standing = next_chunk(engine, standing, chunk, clock, partial(_add, compared, standing), _write)
    return standing


_Added = tuple[dict[str, object], int, list[dict[str, object]]]
"""What a study comes to so far, of how many firms, and the lines of the last of them."""


def _add(compared: _Compared, standing: ImpactStudy, told: Told) -> _Added:
    comparison = compared.comparison
    if standing.found is not None:
        comparison.found = Impact.from_json(standing.found["impact"])
        comparison.bounds = standing.found["bounds"]
    lines = compared.add(told, districts(standing.centre))
    rows = [] if lines is None else [row for frame in lines() for row in _rows(int(standing.id or 0), frame)]
    found: dict[str, object] = {"impact": asdict(comparison.found), "bounds": list(comparison.bounds)}
    return found, comparison.found.firms, rows


def _write(writing: Session, now: ImpactStudy, added: _Added) -> None:
    now.found, now.firms, rows = added
    if rows:
        writing.execute(insert(ImpactLine), rows)


def _rows(study_id: int, frame: pl.DataFrame) -> list[dict[str, object]]:
    """The lines of one scheme as rows of the table."""
    had, has = (pl.col(f"status_{when}").cast(pl.String).is_in(_HAS) for when in ("before", "after"))
    side = pl.when(had & has).then(pl.lit("changed")).when(has).then(pl.lit("gained")).otherwise(pl.lit("lost"))
    return frame.select(
        pl.lit(study_id).alias("study_id"), "scheme", pl.col("firm").alias("firm_id"), side.alias("side"),
        pl.col("high_before").alias("before"), pl.col("high_after").alias("after"),
    ).to_dicts()  # fmt: skip


_HAS = [*POSITIVE, "applies"]


def perform(office: Office, study_id: int, now: Callable[[], datetime], stopping: Callable[[], bool]) -> None:
    """Do a study as work of the queue's worker.

    :raises StoreError: where the database does not answer.
    """
    perform_pass(
        office, ImpactStudy, study_id, now, lambda: study(office.engine, office.rulebook, study_id, now, stopping)
    )
