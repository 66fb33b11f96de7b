"""`matcher screen`, `matcher impact` and `matcher sql`: a table of firms from the command line, and every refusal of it."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlglot
from click.testing import Result

from matcher.places import rules_dir

Run = Callable[..., Result]
Write = Callable[[str, Any], Path]

TAX = "six-taxes-two-fees"
PROFIT = "small-low-profit-income-tax"
DAY = "2026-12-01"
HEAD = "id,vat_status,legal_form,six_taxes_two_fees_payable,district,phone\n"
SHOPS = HEAD + "a,general,individual_business,38642.57,heping,1\nb,small_scale,company,100.10,nankai,2\nc,,,,,\n"


@pytest.fixture
def shops(write: Write) -> Path:
    """Three firms: two that have the halving, one that told nothing; a column that is no fact."""
    return write("shops.csv", SHOPS)


def test_a_table_is_screened_into_lines_and_a_summary(run: Run, shops: Path, tmp_path: Path) -> None:
    """The summary says the same in both languages and as JSON; a column that is no fact is named on standard error, as are facts that the
    scheme reads and the table does not have."""
    out = tmp_path / "out.parquet"
    found = run("screen", shops, "-o", out, "--scheme", TAX, "--as-of", DAY, "--all", "--lang", "en")
    assert found.exit_code == 0, found.stderr
    assert "3 firms, 4 facts" in found.stderr
    assert "columns that are no facts, not read: phone" in found.stderr
    assert re.search(r"facts that the schemes read and that have no column, \d+ in all: established_on, ", found.stderr)
    lines = pl.read_parquet(out).sort("firm")
    assert lines["status"].to_list() == ["eligible", "eligible", "needs_information"]
    assert lines["low"].to_list() == [1932129, 5005, None]  # half, rounded up to the fen
    money = "19,371.34"
    assert all(word in found.stdout for word in (money, "entitled", "3 firms, 3 lines"))
    chinese = run("screen", shops, "-o", tmp_path / "zh.parquet", "--scheme", TAX, "--as-of", DAY, "--all")
    assert all(word in chinese.stdout for word in (money, "符合", "共 3 家，写出 3 行"))
    told = json.loads(run("screen", shops, "-o", tmp_path / "j.csv", "--scheme", TAX, "--as-of", DAY, "--json").stdout)
    assert told["firms"] == 3
    assert told["schemes"][TAX]["eligible"][0] == 2


def test_several_processes_write_what_one_writes(run: Run, shops: Path, tmp_path: Path) -> None:
    """The same lines, with --workers 2."""
    for workers in ("1", "2"):
        words = (
            "screen",
            shops,
            "-o",
            tmp_path / f"{workers}.csv",
            "--scheme",
            TAX,
            "--as-of",
            DAY,
            "--workers",
            workers,
        )
        assert run(*words).exit_code == 0
    one, two = ((tmp_path / f"{count}.csv").read_bytes() for count in "12")
    assert sorted(one.splitlines()) == sorted(two.splitlines())


def test_only_what_changed_since_the_last_time_is_written(run: Run, shops: Path, write: Write, tmp_path: Path) -> None:
    """The shop whose tax is another has a line, the other has none."""
    first, second = tmp_path / "1.parquet", tmp_path / "2.parquet"
    common = ("--scheme", TAX, "--as-of", DAY)
    assert run("screen", shops, "-o", first, *common).exit_code == 0
    later = write("later.csv", SHOPS.replace("100.10", "200.20"))
    assert run("screen", later, "-o", second, *common, "--changed-since", first).exit_code == 0
    assert pl.read_parquet(second)["firm"].to_list() == ["b"]
    third = tmp_path / "3.parquet"
    assert run("screen", later, "-o", third, *common, "--changed-since", first, "--engine", "duckdb").exit_code == 0
    assert third.read_bytes() == second.read_bytes()
    refused = run("screen", shops, "-o", tmp_path / "s.csv", *common, "--engine", "spark", "--changed-since", first)
    assert (refused.exit_code, "polars" in refused.stderr) == (2, True)


def test_duckdb_says_what_polars_says(run: Run, shops: Path, tmp_path: Path) -> None:
    """The same lines, the same figures printed, the same summary folder."""
    said = []
    for engine in ("polars", "duckdb"):
        out, folder = tmp_path / f"{engine}.csv", tmp_path / engine
        found = run("screen", shops, "-o", out, "--scheme", TAX, "--as-of", DAY, "--all", "--engine", engine, "--workers", "2",
                    "--summary", folder)  # fmt: skip
        assert found.exit_code == 0, found.stderr
        pages = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        said.append((found.stdout, sorted(out.read_bytes().splitlines()), pages))
    assert said[0] == said[1]


def test_duckdb_that_is_not_installed_is_named(
    run: Run, shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What to install, in either language, before any work; nothing is left behind."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    for lang in ("zh", "en"):
        refused = run("screen", shops, "-o", tmp_path / "o.csv", "--scheme", TAX, "--engine", "duckdb", "--lang", lang)
        assert (refused.exit_code, "pip install 'eligibility-matcher[duckdb]'" in refused.stderr) == (2, True)
    assert [path.name for path in tmp_path.glob("*o.csv*")] == []


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("name\nx\n", (), ("id", "id")),
        (SHOPS.replace("b,small", "a,small"), (), ("a", "a")),
        (SHOPS.replace("100.10", "plenty"), (), ("plenty", "plenty")),
        (SHOPS, ("--scheme", "moon-base"), ("moon-base", "moon-base")),
        (SHOPS, ("--as-of", "yesterday"), ("yesterday", "yesterday")),
    ],
    ids=["no id", "an id twice", "no figure", "no such scheme", "no day"],
)
def test_a_table_that_cannot_be_read_is_refused_whole(
    run: Run, write: Write, tmp_path: Path, content: str, words: tuple[str, ...], said: tuple[str, str]
) -> None:
    """Status 2, what is wrong in either language, and nothing under the final name."""
    file, out = write("bad.csv", content), tmp_path / "out.parquet"
    for lang, expected in zip(("zh", "en"), said, strict=True):
        asked = words if "--scheme" in words else ("--scheme", TAX, *words)
        refused = run("screen", file, "-o", out, *asked, "--lang", lang)
        assert (refused.exit_code, expected in refused.stderr, out.exists()) == (2, True, False), refused.stderr


def test_of_one_there_is_no_plural(run: Run, write: Write, tmp_path: Path) -> None:
    """One firm, one fact, one line, one wrong cell."""
    file, asked = write("one.csv", "id,vat_status\na,small\n"), ("--scheme", TAX, "--as-of", DAY, "--lang", "en")
    refused = run("screen", file, "-o", tmp_path / "o.parquet", *asked)
    assert "1 firm, 1 fact;" in refused.stderr
    assert "\n1 wrong cell." in refused.stderr
    found = run("screen", file, "-o", tmp_path / "o.parquet", *asked, "--lenient", "--all")
    assert "1 firm, 1 line; " in found.stdout
    assert "1 cell taken as unknown" in found.stdout


@pytest.mark.parametrize("workers", [1, 2])
def test_wrong_cells_are_listed_word_by_word_by_any_number_of_workers(
    run: Run, write: Write, tmp_path: Path, workers: int
) -> None:
    """What a worker refuses is said as it is; a word that a whole column has is said once; nothing is left behind."""
    rows = "".join(f"F{row},{'Ltd.' if row % 2 else 'GmbH'}\n" for row in range(40))
    file = write("words.csv", f"id,legal_form\n{rows}")
    asked = ("--scheme", TAX, "--as-of", DAY, "--workers", str(workers))
    for lang, said in (
        ("en", ("row 1 and 19 more legal_form: GmbH: ", "row 2 and 19 more legal_form: Ltd.: ", "40 wrong cells")),
        ("zh", ("第 1 行等 20 行 legal_form：GmbH，", "第 2 行等 20 行 legal_form：Ltd.，", "共 40 格有错")),
    ):
        refused = run("screen", file, "-o", tmp_path / "o.parquet", *asked, "--lang", lang)
        assert refused.exit_code == 2
        assert [words for words in said if refused.stderr.count(words) != 1] == []
    assert [path.name for path in tmp_path.iterdir()] == ["words.csv"]


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (SHOPS.replace("phone", "名称").encode("gbk"), "不是 UTF-8 编码（可能是 GBK）", "is not UTF-8 (perhaps GBK)"),
        (SHOPS.replace(",", ";").encode(), "要用逗号隔开", "must be separated by commas"),
        (SHOPS.replace(",", "\t").encode(), "要用逗号隔开", "must be separated by commas"),
    ],
    ids=["GBK", "semicolons", "tabs"],
)
def test_a_csv_of_another_make_is_called_what_it_is(run: Run, tmp_path: Path, content: bytes, zh: str, en: str) -> None:
    """Not "damaged", and not a table without ids: what to save it as."""
    file = tmp_path / "firms.csv"
    file.write_bytes(content)
    for lang, said in (("zh", zh), ("en", en)):
        refused = run("screen", file, "-o", tmp_path / "o.parquet", "--scheme", TAX, "--lang", lang)
        assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr


def test_a_column_that_is_nearly_a_fact_is_named_with_it(run: Run, write: Write, tmp_path: Path) -> None:
    """A heading in Chinese or in capitals is not read, and one learns which fact it would be; not where the table has that already."""
    file = write("f.csv", "id,VAT_status,主体类型,district,District,phone\na,general,company,heping,heping,1\n")
    said = run("screen", file, "-o", tmp_path / "o.parquet", "--scheme", TAX, "--lang", "en").stderr
    assert "not read: VAT_status (perhaps vat_status?), 主体类型 (perhaps legal_form?), District, phone\n" in said
    zh = run("screen", file, "-o", tmp_path / "o.parquet", "--scheme", TAX).stderr
    assert "没有读的列：VAT_status（是不是 vat_status？），主体类型（是不是 legal_form？），District，phone\n" in zh


def test_a_wrong_cell_may_be_taken_as_unknown_and_is_counted(run: Run, write: Write, tmp_path: Path) -> None:
    """With --lenient the shop is undecided, and the foot says how many cells were passed over."""
    file, out = write("bad.csv", SHOPS.replace("small_scale", "medium_scale")), tmp_path / "out.parquet"
    found = run("screen", file, "-o", out, "--scheme", TAX, "--as-of", DAY, "--all", "--lenient", "--lang", "en")
    assert (found.exit_code, "1 cell taken as unknown" in found.stdout) == (0, True), found.stdout


def test_two_days_are_compared(run: Run, write: Write, tmp_path: Path) -> None:
    """Of a company whose tax was not halved before small firms got it, the gain in yuan by scheme and group, and its name on request."""
    file = write("firm.csv", HEAD.replace(",phone", "") + "a,general,individual_business,1000,heping\n")
    out = tmp_path / "firms.csv"
    words = ("impact", file, "--scheme", TAX, "--from", "2021-06-01", "--to", DAY, "-o", out)
    told = json.loads(run(*words, "--json").stdout)
    change = told["schemes"][TAX]
    assert (change["gained"], change["lost"], change["before"], change["after"]) == (1, 0, 0, 50000)
    assert (told["firms"], told["better"], told["worse"]) == (1, 1, 0)
    assert "a" in out.read_text(encoding="utf-8")
    for lang, words_said in (
        ("zh", ("新增", "共 1 家：1 家更好", "500.00  各区 和平区")),
        ("en", ("gained", "1 better off", "500.00  district Heping")),
    ):
        printed = run(*words, "--lang", lang)
        assert (printed.exit_code, [word for word in words_said if word not in printed.stdout]) == (0, [])


def test_what_changes_nothing_says_so(run: Run, shops: Path) -> None:
    """The same day on both sides."""
    found = run("impact", shops, "--scheme", TAX, "--from", DAY)
    assert (found.exit_code, "没有任何变化" in found.stdout) == (0, True)
    assert "政策要看、表中没有的事实" in found.stderr  # or nothing changes because nothing could be decided


def test_a_figure_or_the_rules_may_be_others_after_it(run: Run, write: Write, tmp_path: Path) -> None:
    """The staff limit set to 500 lets a firm of 400 in; a folder of rules with that figure says the same."""
    quarters = {
        f"q{quarter}_{end}_{what}": value
        for what, value in (("employees", 400), ("assets", 10_000_000))
        for quarter in range(1, 5)
        for end in ("start", "end")
    }
    firm = {
        "id": "a",
        "annual_taxable_income": 1_000_000,
        "in_restricted_or_prohibited_industry": "false",
        "is_audited_collection": "true",
        "legal_form": "company",
        "quarters_counted": 4,
        **quarters,
    }
    file = write("firms.csv", ",".join(firm) + "\n" + ",".join(map(str, firm.values())) + "\n")
    common = ("impact", file, "--scheme", PROFIT, "--from", DAY, "--json")
    figure = json.loads(run(*common, "--set", "small_low_profit.employees=500").stdout)["schemes"][PROFIT]
    other = tmp_path / "rules"
    shutil.copytree(rules_dir(), other)
    found = [path for path in (other / "parameters").glob("*.yaml") if "small_low_profit.employees" in path.read_text()]
    text = found[0].read_text(encoding="utf-8")
    begin = text.index("small_low_profit.employees")
    changed = text[:begin] + text[begin:].replace(
        "value: 300", "value: 500, confirm: {zh: 试算, en: a trial}, ground: memory", 1
    )
    assert changed != text
    found[0].write_text(changed, encoding="utf-8")
    rules = run(*common, "--rules-to", other)
    assert rules.exit_code == 0, rules.stderr
    assert json.loads(rules.stdout)["schemes"][PROFIT] == figure
    assert (figure["gained"], figure["before"], figure["after"]) == (1, 0, 20_000_000)  # 25 % less 5 % of a million


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "moon.base=1"), "moon.base"),
        (("--set", "small_low_profit.employees=many"), "many"),
        (("--from", "yesterday"), "yesterday"),
    ],
    ids=["no such figure", "no number", "no day"],
)
def test_a_change_that_cannot_be_made_is_refused(run: Run, shops: Path, words: tuple[str, ...], said: str) -> None:
    """Status 2 and what is wrong; so for a folder of rules that do not load."""
    refused = run("impact", shops, "--scheme", PROFIT, *words)
    assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr


def test_rules_that_do_not_load_are_refused(run: Run, shops: Path, tmp_path: Path) -> None:
    """The folder and its first fault are named."""
    (tmp_path / "empty").mkdir()
    refused = run("impact", shops, "--scheme", PROFIT, "--rules-to", tmp_path / "empty")
    assert (refused.exit_code, str(tmp_path / "empty") in refused.stderr) == (2, True)


def test_a_statement_is_printed_that_its_database_reads(run: Run) -> None:
    """SQL of one scheme for DuckDB and Spark over the table named; a day that is none is refused."""
    for dialect in ("duckdb", "spark"):
        found = run("sql", "--dialect", dialect, "--table", "city", "--scheme", TAX, "--as-of", DAY)
        assert found.exit_code == 0, found.stderr
        (statement,) = sqlglot.parse(found.stdout.strip().removesuffix(";"), read=dialect)
        assert "city" in {table.name for table in statement.find_all(sqlglot.exp.Table)}
    refused = run("sql", "--dialect", "duckdb", "--as-of", "yesterday")
    assert (refused.exit_code, "yesterday" in refused.stderr) == (2, True)
