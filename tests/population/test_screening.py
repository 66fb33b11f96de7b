"""A table of firms is screened whole or not at all, goes on where it was stopped, and says what it cannot read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from matcher.engine.check import check
from matcher.engine.decision import POSITIVE
from matcher.engine.firm_side import speaks_for_the_firm
from matcher.population.edition import COLUMNS
from matcher.population.output import OutputError
from matcher.population.screening import Engine, Order, Workplace, screen
from matcher.population.table import TableError, open_table
from matcher.rulebook.language.types import Scalar
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.population.told import frame
from tests.tools.random_profiles import Profiles

DAY = date(2026, 12, 1)

SCHEMES = (
    "six-taxes-two-fees",
    "small-low-profit-income-tax",
    "job-retention-rebate",
    "xinyidai-credit-loan",
    "labour-market-conduct",
)

Facts = dict[str, Scalar]


@pytest.fixture(scope="module")
def firms(rulebook: Rulebook) -> list[Facts]:
    """A hundred firms."""
    profiles = Profiles(rulebook, DAY, seed=180)
    return [profiles.draw() for _ in range(100)]


@pytest.fixture
def table(rulebook: Rulebook, firms: list[Facts], tmp_path: Path) -> Path:
    """They, in a Parquet file."""
    path = tmp_path / "firms.parquet"
    frame(rulebook, firms, Profiles(rulebook, DAY, seed=0).names).write_parquet(path)
    return path


def run(rulebook: Rulebook, path: Path, out: Path, order: Order, stop_after: int | None = None) -> pl.DataFrame:
    """Screen a file; stop before a partition as a Ctrl-C would."""
    left = [stop_after]

    def done(_: int) -> None:
        if left[0] is not None:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

    screen(rulebook, open_table(rulebook, [path]), order, out, done)
    return pl.read_parquet(out)


def test_lines_are_those_of_checks(rulebook: Rulebook, table: Path, firms: list[Facts], tmp_path: Path) -> None:
    """With --all there is a line for every firm and scheme, and it says what a check of the firm says."""
    found = run(rulebook, table, tmp_path / "out.parquet", Order(DAY, SCHEMES, everything=True))
    assert found.columns == list(COLUMNS)
    assert found.schema["low"] == found.schema["high"] == pl.Int64
    assert found.height == len(firms) * len(SCHEMES)
    told = {(row["firm"], row["scheme"]): row for row in found.iter_rows(named=True)}
    for number, facts in enumerate(firms[:30]):
        for decision in check(rulebook, facts, DAY, SCHEMES):
            row, amount = told[f"F{number}", decision.scheme], decision.amount
            assert (row["status"], row["recipient"]) == (decision.status, decision.recipient)
            assert row["kind"] == (None if amount is None else amount.kind)
            if amount is not None and amount.kind != "none":
                assert (row["low"], row["high"]) == (amount.low, amount.high)


def test_without_all_there_are_only_lines_with_money_or_a_firms_side(
    rulebook: Rulebook, table: Path, firms: list[Facts], tmp_path: Path
) -> None:
    """Of every firm and scheme with a positive answer there is a line where it says a sum, or where something that the firm told of itself
    speaks for it; refusals, open questions and what is true of everybody are left out, though the law gives it."""
    whole = run(rulebook, table, tmp_path / "whole.parquet", Order(DAY, everything=True))
    found = run(rulebook, table, tmp_path / "out.parquet", Order(DAY))
    pairs = {(row[0], row[1]) for row in found.select("firm", "scheme").iter_rows()}
    left_out = 0
    for row in whole.filter(pl.col("status").cast(pl.String).is_in(list(POSITIVE))).iter_rows(named=True):
        is_there = (row["firm"], row["scheme"]) in pairs
        if row["kind"] != "none":
            assert is_there, row
        elif not is_there:
            left_out += 1
            assert not speaks_for_the_firm(
                rulebook, check(rulebook, firms[int(row["firm"][1:])], DAY, [row["scheme"]])[0]
            ), row
    assert 0 < len(pairs) < whole.height - left_out
    assert left_out > 0
    assert found.join(whole, on=list(COLUMNS), how="anti", nulls_equal=True).height == 0


def test_a_stopped_screening_goes_on(rulebook: Rulebook, table: Path, tmp_path: Path) -> None:
    """What was finished is kept, nothing stands under the final name meanwhile, and the end is the same."""
    whole = run(rulebook, table, tmp_path / "whole.parquet", Order(DAY, SCHEMES, rows=20))
    out = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        run(rulebook, table, out, Order(DAY, SCHEMES, rows=20), stop_after=3)
    assert not out.exists()
    kept = {path: path.stat().st_mtime_ns for path in Workplace(out).folder.glob("part-*.parquet")}
    assert len(kept) == 3
    again = run(rulebook, table, out, Order(DAY, SCHEMES, rows=20))
    assert again.equals(whole)
    assert sorted(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("everything", [False, True], ids=["lines", "all"])
def test_duckdb_writes_the_bytes_of_polars(rulebook: Rulebook, table: Path, tmp_path: Path, everything: bool) -> None:
    """The same file, and the same counts: nothing in it says which engine worked."""
    outs, found = (tmp_path / "polars.parquet", tmp_path / "duckdb.parquet"), []
    engines: tuple[Engine, ...] = ("polars", "duckdb")
    for engine, out in zip(engines, outs, strict=True):
        order = Order(DAY, SCHEMES, everything=everything, rows=40, engine=engine)
        found.append(screen(rulebook, open_table(rulebook, [table]), order, out, lambda _: None))
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert found[0] == found[1]
    assert found[0].lines > 0


def test_one_engine_goes_on_where_another_was_stopped(rulebook: Rulebook, table: Path, tmp_path: Path) -> None:
    """Partitions are the same whoever made them, and are not made twice."""
    whole = run(rulebook, table, tmp_path / "whole.parquet", Order(DAY, SCHEMES, rows=20))
    out = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        run(rulebook, table, out, Order(DAY, SCHEMES, rows=20, engine="duckdb"), stop_after=3)
    kept = {path.name: path.stat().st_mtime_ns for path in Workplace(out).folder.glob("part-*.parquet")}
    assert len(kept) == 3
    assert run(rulebook, table, out, Order(DAY, SCHEMES, rows=20)).equals(whole)


def test_changed_rules_begin_anew(rulebook: Rulebook, table: Path, tmp_path: Path) -> None:
    """Partitions of another day are not taken for today's."""
    out = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        run(rulebook, table, out, Order(date(2022, 9, 1), SCHEMES, rows=20), stop_after=3)
    found = run(rulebook, table, out, Order(DAY, SCHEMES, rows=20))
    assert set(found["as_of"].unique()) == {DAY}


def test_only_changes_since_an_earlier_output(
    rulebook: Rulebook, firms: list[Facts], table: Path, tmp_path: Path
) -> None:
    """A firm that tells something else has its lines written again: what is new, what is other, and what it lost; nobody else's."""
    before = tmp_path / "before.parquet"
    earlier = run(rulebook, table, before, Order(DAY, SCHEMES))
    same = run(rulebook, table, tmp_path / "same.parquet", Order(DAY, SCHEMES, since=before))
    assert same.height == 0
    firm, scheme = earlier.filter(pl.col("kind") != "none").select("firm", pl.col("scheme").cast(pl.String)).row(0)
    changed = pl.read_parquet(table).with_columns(
        pl.when(pl.col("id") == firm).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("legal_form", "vat_status", "in_restricted_or_prohibited_industry", "employees", "insured_staff")
        if name in pl.read_parquet_schema(table)
    )
    changed.write_parquet(tmp_path / "changed.parquet")
    found = run(rulebook, tmp_path / "changed.parquet", tmp_path / "after.parquet", Order(DAY, SCHEMES, since=before))
    assert set(found["firm"].unique()) == {firm}
    del scheme, firms


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".arrow"])
def test_parquet_csv_and_arrow_say_the_same(rulebook: Rulebook, table: Path, tmp_path: Path, suffix: str) -> None:
    """The same firms in each kind of file come to the same lines."""
    other = tmp_path / f"other{suffix}"
    {".parquet": pl.DataFrame.write_parquet, ".csv": pl.DataFrame.write_csv, ".arrow": pl.DataFrame.write_ipc}[suffix](
        pl.read_parquet(table), other
    )
    one, two = (
        run(rulebook, path, tmp_path / f"{path.stem}-out.parquet", Order(DAY, SCHEMES)) for path in (table, other)
    )
    assert one.equals(two)


def _float32(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit(1.5, dtype=pl.Float32).alias("six_taxes_two_fees_payable"))


BAD: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "no id": (lambda told: told.drop("id"), "no column is called id"),
    "twice": (lambda told: pl.concat([told, told.head(2)]), "occur more than once: F0, F1"),
    "an empty id": (
        lambda told: told.with_columns(pl.when(pl.col("id") != "F7").then("id").alias("id")),
        "row 8 has no id",
    ),
    "numbers for a yes": (lambda told: told.with_columns(pl.lit(1).alias("has_outstanding_job_loan")), "true or false"),
    "32-bit floats": (_float32, "32-bit float cannot hold exact fen"),
    "three decimals": (
        lambda told: told.with_columns(pl.lit("1.005").alias("six_taxes_two_fees_payable")),
        "at most two decimals",
    ),
    "a share above one": (lambda told: told.with_columns(pl.lit(5.5).alias("staff_reduction_rate")), "at most 1"),
    "no such word": (lambda told: told.with_columns(pl.lit("companyy").alias("legal_form")), "perhaps company?"),
    "no such day": (
        lambda told: told.with_columns(pl.lit("2023-02-29").alias("established_on")),
        "there is no day 2023-02-29",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_and_nothing_is_written(
    rulebook: Rulebook, table: Path, tmp_path: Path, case: str
) -> None:
    """What is wrong, where, and what to do; no file under the final name."""
    spoil, said = BAD[case]
    path, out = tmp_path / "bad.parquet", tmp_path / "out.parquet"
    spoil(pl.read_parquet(table)).write_parquet(path)
    with pytest.raises(TableError) as refused:
        run(rulebook, path, out, Order(DAY))
    assert said in refused.value.text.en
    assert path.name in refused.value.text.en or case == "twice"
    assert [left for left in tmp_path.iterdir() if "out" in left.name] == []


def test_wrong_cells_may_count_as_unknown(rulebook: Rulebook, table: Path, tmp_path: Path) -> None:
    """Leniently, a wrong cell is one that is empty, and is counted."""
    path = tmp_path / "bad.parquet"
    pl.read_parquet(table).with_columns(pl.lit("companyy").alias("legal_form")).write_parquet(path)
    found = screen(
        rulebook,
        open_table(rulebook, [path]),
        Order(DAY, SCHEMES, lenient=True),
        tmp_path / "out.parquet",
        lambda _: None,
    )
    assert found.wrong == found.firms == 100


@pytest.mark.parametrize("cut", [40, 5000])
def test_a_damaged_file_is_named(rulebook: Rulebook, table: Path, tmp_path: Path, cut: int) -> None:
    """Half a Parquet file is no table of firms."""
    path = tmp_path / "half.parquet"
    path.write_bytes(table.read_bytes()[:cut])
    with pytest.raises(TableError, match=r"half\.parquet"):
        run(rulebook, path, tmp_path / "out.parquet", Order(DAY))


def test_a_full_disk_leaves_nothing_partial(rulebook: Rulebook, table: Path, tmp_path: Path) -> None:
    """Where no more can be written, the command says so; the earlier output stays as it was."""
    out = tmp_path / "out.parquet"
    out.write_bytes(b"earlier")
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "from matcher.cli.group import main\n"
        "main(sys.argv[1:])\n"
    )
    command = [
        sys.executable,
        "-c",
        code,
        "screen",
        str(table),
        "-o",
        str(out),
        "--as-of",
        str(DAY),
        "--lang",
        "en",
        "--scheme",
        SCHEMES[0],
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "MATCHER_CACHE": "off"}
    )
    assert done.returncode == 2, done.stderr
    assert "cannot write out.parquet" in done.stderr
    assert "Traceback" not in done.stderr
    assert out.read_bytes() == b"earlier"


@pytest.mark.parametrize(("name", "magic"), [("out.CSV", b"firm,"), ("out.pq", b"PAR1"), ("out.feather", b"ARROW1")])
def test_the_name_says_what_is_written(
    rulebook: Rulebook, table: Path, tmp_path: Path, name: str, magic: bytes
) -> None:
    """A file is of the kind that its name says, in capitals too."""
    out = tmp_path / name
    screen(rulebook, open_table(rulebook, [table]), Order(DAY, SCHEMES), out, lambda _: None)
    assert out.read_bytes().startswith(magic)


def test_a_name_of_another_kind_is_refused(rulebook: Rulebook, table: Path, tmp_path: Path) -> None:
    """Nothing is decided for a workbook's name, whose content would be Parquet."""
    with pytest.raises(OutputError) as refused:
        run(rulebook, table, tmp_path / "out.xlsx", Order(DAY, SCHEMES))
    assert "out.xlsx: only .parquet, .csv and .arrow files are written" in refused.value.text.en
    assert [path for path in tmp_path.iterdir() if path.name.endswith(".parts")] == []


def test_no_folder_to_write_into_is_said(rulebook: Rulebook, table: Path, tmp_path: Path) -> None:
    """The place is looked at before any work is done."""
    with pytest.raises(OutputError, match="nowhere"):
        run(rulebook, table, tmp_path / "nowhere" / "out.parquet", Order(DAY))


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_killed_workers_change_nothing(rulebook: Rulebook, table: Path, tmp_path: Path, engine: str) -> None:
    """Processes are killed without warning, workers and the command itself (five times under `script/bench`, else twice); run again, the
    output is the same, byte for byte, as Polars writes undisturbed."""
    names = ["--engine", engine, "--scheme", *SCHEMES]
    code = (
        "import sys\nfrom matcher.population import screening\n"
        "import matcher.cli.population as cli\n"
        "real = cli.Order\ncli.Order = lambda *told: real(*told, rows=10)\n"
        "from matcher.cli.group import main\n"
        "if __name__ == '__main__': main(sys.argv[1:])\n"
    )
    script = tmp_path / "run.py"
    script.write_text(code, encoding="utf-8")

    def command(out: Path) -> list[str]:
        return [
            sys.executable,
            str(script),
            "screen",
            str(table),
            "-o",
            str(out),
            "--as-of",
            str(DAY),
            "--workers",
            "2",
            *names,
        ]

    whole, out = tmp_path / "whole.parquet", tmp_path / "out.parquet"
    run(rulebook, table, whole, Order(DAY, SCHEMES, rows=10))
    for kills in range(5) if count(5) == 5 else (1, 2):
        at_work = subprocess.Popen(
            command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        wanted = 2 * kills  # partitions that are finished before the kill
        while at_work.poll() is None and len(list(Workplace(out).folder.glob("part-*.json"))) < wanted:
            time.sleep(0.02)
        if at_work.poll() is None:
            if kills % 2:
                for worker in _children(at_work.pid):
                    os.kill(worker, signal.SIGKILL)
            os.killpg(at_work.pid, signal.SIGKILL)
        at_work.wait()
    subprocess.run(command(out), check=True, capture_output=True)
    assert pl.read_parquet(out).equals(pl.read_parquet(whole))
    assert out.read_bytes() == whole.read_bytes()


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii") if Path(f"/proc/{pid}").exists() else ""
    return [int(one) for one in told.split()]
