"""The reading over columns says what the exact reading says: every status, recipient and amount, to the fen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from sqlalchemy import Engine

from matcher.engine.check import check
from matcher.engine.decide import decider
from matcher.engine.decision import POSITIVE
from matcher.engine.firm_side import has_firm_side
from matcher.population.compiled import compile_edition
from matcher.population.duckdb_engine import InDuckDB
from matcher.population.edition import EditionColumns
from matcher.population.graph import NotColumnar, largest
from matcher.population.sql import statement
from matcher.population.table import chunk_of
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.population.told import frame
from tests.tools.random_profiles import Profiles

DAYS = tuple(
    map(
        date.fromisoformat,
        (
            "2019-03-01",
            "2020-07-01",
            "2021-11-30",
            "2022-09-01",
            "2023-05-01",
            "2024-10-10",
            "2025-12-31",
            "2026-12-01",
        ),
    )
)

PROFILES = 200_000

BATCH = 2_500

FULL = os.environ.get("MATCHER_FULL") == "1"

# Under script/test the statements of these alone are run, over one day.
SOME = (
    "six-taxes-two-fees", "small-scale-vat", "high-tech-enterprise-income-tax", "disability-employment-fund-relief",
    "encouraged-foreign-project-duty-free", "labour-market-conduct", "skills-upgrade-allowance", "rd-super-deduction",
)  # fmt: skip

Line = tuple[object, ...]
"""Status, recipient, kind, low and high."""

EXACT: Line = ("exact", None, None, None, None)


class OneByOne:
    """The same of one firm after another, by the engine."""

    def __init__(self, rulebook: Rulebook, day: date, slugs: Iterable[str]) -> None:
        self.rulebook, self.day = rulebook, day
        self.deciders = {slug: decider(rulebook, day, slug) for slug in slugs}
        self.recipients = {slug: self._recipient(slug) for slug in self.deciders}

    def _recipient(self, slug: str) -> object:
        body = self.rulebook.scheme_at(slug, self.day).body
        found = (
            {route.recipient if isinstance(route.recipient, str) else None for route in body.routes} if body else {None}
        )
        return found.pop() if len(found) == 1 else None

    def line(self, slug: str, facts: Mapping[str, Scalar]) -> Line:
        """What a whole check says of the firm; who gets it is asked of one where it depends on the firm."""
        status, kind, low, high = self.deciders[slug](facts)
        if status not in POSITIVE:
            return status, None, None, None, None
        recipient = self.recipients[slug] or check(self.rulebook, facts, self.day, [slug])[0].recipient
        ends = (None, None) if kind == "none" or high >= 2**63 else (low, high)
        return status, recipient, kind, *ends


class Warehouse:
    """A database with a table of firms, and the printed statements of the schemes that have one."""

    def __init__(
        self, run: Callable[[str], list[Any]], rulebook: Rulebook, day: date, dialect: str, slugs: Iterable[str]
    ) -> None:
        self.run, self.statements, self.without = run, dict[str, str](), 0
        for slug in slugs:
            try:
                self.statements[slug] = statement(rulebook, slug, day, dialect)
            except NotColumnar:  # a told day moved by months: no statement is printed
                self.without += 1

    def lines(self, slug: str, firms: int) -> list[Line]:
        """What the statement says of the firms, in their order."""
        found = {row[0]: tuple(row[3:]) for row in self.run(self.statements[slug])}
        return [found[f"F{number}"] for number in range(firms)]


def in_duckdb(rulebook: Rulebook, day: date, slugs: Iterable[str]) -> tuple[Warehouse, Callable[[pl.DataFrame], None]]:
    """DuckDB, and how it is given firms."""
    connection = duckdb.connect()

    def load(table: pl.DataFrame) -> None:
        connection.execute(f"CREATE OR REPLACE TABLE firms ({_columns(rulebook, table)})")
        connection.executemany(
            f"INSERT INTO firms VALUES ({', '.join('?' * table.width)})", [list(row) for row in table.rows()]
        )

    return Warehouse(lambda written: connection.execute(written).fetchall(), rulebook, day, "duckdb", slugs), load


def in_postgres(
    server: Engine, rulebook: Rulebook, day: date, slugs: Iterable[str]
) -> tuple[Warehouse, Callable[[pl.DataFrame], None]]:
    """PostgreSQL, and how it is given firms."""
    connection = server.raw_connection()

    def load(table: pl.DataFrame) -> None:
        cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS pg_temp.firms")
        cursor.execute(f"CREATE TEMP TABLE firms ({_columns(rulebook, table)})")
        with cursor.copy("COPY firms FROM STDIN") as copied:
            for row in table.iter_rows():
                copied.write_row(row)

    def run(written: str) -> list[Any]:
        cursor = connection.cursor()
        cursor.execute(written)
        return list(cursor.fetchall())

    return Warehouse(run, rulebook, day, "postgres", slugs), load


def _columns(rulebook: Rulebook, table: pl.DataFrame) -> str:
    spelled = {"boolean": "BOOLEAN", "date": "DATE", "enum": "VARCHAR", "text": "VARCHAR"}
    return ", ".join(
        f"{name} {'VARCHAR' if name == 'id' else spelled.get(rulebook.facts[name].type, 'DECIMAL(24, 6)')}"
        for name in table.columns
    )


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_status_recipient_and_amount_is_that_of_decide(rulebook: Rulebook, server: Engine, day: date) -> None:
    """200,000 random firms over eight editions from 2019 on, figures at the bounds of the rules, to the fen: by Polars, and by the
    printed SQL on DuckDB and on PostgreSQL (200 firms under script/test, SQL of eight schemes on one of the days)."""
    profiles = Profiles(rulebook, day, seed=day.toordinal())
    edition = compile_edition(rulebook, day, profiles.names)
    slugs = [scheme.slug for scheme in edition.schemes]
    exact = OneByOne(rulebook, day, slugs)
    asked: Sequence[str] = slugs if FULL else SOME if day == DAYS[-1] else ()
    warehouses = [in_duckdb(rulebook, day, asked), in_postgres(server, rulebook, day, asked)] if asked else []
    wanted = PROFILES // len(DAYS) if FULL else 25
    left = answers = 0
    for start in range(0, wanted, BATCH):
        firms = [profiles.draw() for _ in range(min(BATCH, wanted - start))]
        told = frame(rulebook, firms, profiles.names)
        found = by_columns(edition, told)
        typed = frame(rulebook, firms, rulebook.facts).with_columns(
            pl.col(name).str.to_date() for name, fact in rulebook.facts.items() if fact.type == "date"
        )
        for _, load in warehouses:
            load(typed)
        for slug in slugs:
            lines = [exact.line(slug, facts) for facts in firms]
            assert _first_other(firms, found[slug], lines) is None, slug
            for warehouse, _ in warehouses:
                if slug in warehouse.statements:
                    said = warehouse.lines(slug, len(firms))
                    assert (
                        _first_other(firms, [a if b == EXACT else b for a, b in zip(lines, said, strict=True)], lines)
                        is None
                    ), slug
                    left, answers = left + said.count(EXACT), answers + len(said)
    share = edition.exact.asked / (wanted * len(slugs))
    print(f"\n{day}: {wanted} firms × {len(slugs)} schemes, {share:.2%} of Polars' answers read exactly; SQL: {answers} answers, "
          f"{left} left to be read exactly, {sum(one.without for one, _ in warehouses)} statements not printed")  # fmt: skip
    assert share < 0.02
    assert left <= answers / 20
    assert [one.without for one, _ in warehouses[:1]] in ([], [0])
    assert sum(one.without for one, _ in warehouses) <= 8


@pytest.mark.parametrize("day", DAYS if FULL else DAYS[-1:], ids=str)
def test_every_column_of_duckdb_is_that_of_polars_and_every_answer_that_of_decide(
    rulebook: Rulebook, day: date
) -> None:
    """The engine `duckdb` says the same in every column, whether firms tell all or nothing, and answers what the engine answers."""
    profiles = Profiles(rulebook, day, seed=day.toordinal() + 1)
    edition = compile_edition(rulebook, day, profiles.names)
    exact, engine = OneByOne(rulebook, day, [one.slug for one in edition.schemes]), InDuckDB(edition)
    for _ in range(4 if FULL else 1):
        firms = [profiles.draw() for _ in range(count(600) - 1)] + [{}]
        told = frame(rulebook, firms, profiles.names)
        facts = chunk_of(rulebook, told, edition.lexicon).facts
        one, other = engine.reckon(facts), edition.reckon(facts)
        assert one.schema == other.schema
        assert [name for name in other.columns if not one[name].equals(other[name])] == []
        found = by_columns(edition, told, engine.reckon)
        for slug, lines in found.items():
            assert _first_other(firms, lines, [exact.line(slug, facts) for facts in firms]) is None, slug


def test_duckdb_decides_firms_that_tell_nothing_at_all(rulebook: Rulebook) -> None:
    """A table without any fact has its lines too."""
    edition = compile_edition(rulebook, DAYS[-1], [], SOME)
    nothing = pl.DataFrame(height=3)
    assert InDuckDB(edition).reckon(nothing).equals(edition.reckon(nothing))


def by_columns(
    edition: EditionColumns, table: pl.DataFrame, reckon: Callable[[pl.DataFrame], pl.DataFrame] | None = None
) -> dict[str, list[Line]]:
    """By scheme the status, recipient, kind, low and high of every firm."""
    decided = edition.decide(chunk_of(edition.rulebook, table, edition.lexicon), reckon)
    return {
        scheme.slug: decided.lines(number, everything=True).drop("firm", "scheme", "as_of").rows()
        for number, scheme in enumerate(edition.schemes)
    }


def _first_other(firms: list[dict[str, Scalar]], one: list[Line], other: list[Line]) -> object:
    """The first firm of which two readings say something else."""
    return next(((a, b, facts) for a, b, facts in zip(one, other, firms, strict=True) if a != b), None)


@pytest.mark.parametrize("day", [date(2023, 5, 1), date(2026, 12, 1)], ids=str)
def test_who_gets_it_and_whether_it_is_the_firms_own_are_those_of_a_check(rulebook: Rulebook, day: date) -> None:
    """Of positive answers the recipient, and whether anything speaks for the firm, are what a whole check says."""
    profiles = Profiles(rulebook, day, seed=18)
    firms = [profiles.draw() for _ in range(20)]
    edition = compile_edition(rulebook, day, profiles.names)
    decided = edition.decide(chunk_of(rulebook, frame(rulebook, firms, profiles.names), edition.lexicon))
    for number, scheme in enumerate(edition.schemes):
        recipients = decided.lines(number, everything=True)["recipient"].to_list()
        for facts, recipient, own in zip(firms, recipients, decided.of(number)["own"].to_list(), strict=True):
            decision = check(rulebook, facts, day, [scheme.slug])[0]
            assert recipient == decision.recipient, (scheme.slug, facts)
            if decision.status in POSITIVE:
                assert own == has_firm_side(rulebook, scheme.slug, decision.reasons), (scheme.slug, facts)


@pytest.mark.parametrize("day", [date(2023, 5, 1), date(2026, 12, 1)], ids=str)
def test_what_firms_have_in_common_changes_no_answer(rulebook: Rulebook, day: date) -> None:
    """Many firms are read by a plan for the facts that all of them tell and for how large their figures are; the same firms beside one
    that tells nothing, and figures ten thousand times as large, are not: every column says the same."""
    profiles = Profiles(rulebook, day, seed=181)
    edition = compile_edition(rulebook, day, profiles.names)
    edition._plans.clear()  # of the tests before: what is compiled is remembered
    drawn = chunk_of(
        rulebook, frame(rulebook, [profiles.draw() for _ in range(1_500)], profiles.names), edition.lexicon
    ).facts
    told = drawn.select(pl.all().sort_by(pl.all().is_null())).with_columns(
        pl.when(pl.col(name).is_null()).then(pl.col(name).drop_nulls().first()).otherwise(pl.col(name)).alias(name)
        for name in drawn.columns[::2]
    )  # half of the facts are told by all
    for facts in (told, told.with_columns(pl.col(pl.Int64) % 1_000)):
        alone = edition.reckon(facts)
        nothing = facts.clear(n=1)
        vast = nothing.with_columns(
            pl.lit(largest(rulebook.facts[name]), dtype=pl.Int64).alias(name)
            for name in facts.select(pl.col(pl.Int64)).columns
        )
        together = edition.reckon(pl.concat([facts, nothing, vast], how="vertical"))
        assert together.head(facts.height).equals(alone)
    assert len(edition._plans) == 3  # those with the two firms are read by one


def test_few_firms_are_read_one_by_one(rulebook: Rulebook) -> None:
    """Columns settle 99 answers in a hundred of firms drawn so that most figures lie at a bound."""
    day = DAYS[-1]
    profiles = Profiles(rulebook, day, seed=1)
    firms = [profiles.draw() for _ in range(100)]
    edition = compile_edition(rulebook, day, profiles.names)
    by_columns(edition, frame(rulebook, firms, profiles.names))
    exactly, answers = edition.exact.asked, len(firms) * len(edition.schemes)
    assert 0 < exactly < answers / 100


def test_what_columns_cannot_hold_is_read_exactly(rulebook: Rulebook) -> None:
    """A rate of more than six places and a sum above a trillion yuan are decided as told, not rounded."""
    day = date(2026, 12, 1)
    firms: list[dict[str, Scalar]] = [
        {"legal_form": "individual_business", "vat_status": "small_scale", "six_taxes_two_fees_payable": 10**16 + 1},
        {"vat_status": "small_scale", "six_taxes_two_fees_payable": 101},
    ]
    names = ["legal_form", "vat_status", "six_taxes_two_fees_payable"]
    edition = compile_edition(rulebook, day, names, ["six-taxes-two-fees"])
    lines = by_columns(edition, frame(rulebook, firms, names))["six-taxes-two-fees"]
    assert [line[3:] for line in lines] == [(5 * 10**15 + 1,) * 2, (51, 51)]
    assert edition.exact.asked == 1
