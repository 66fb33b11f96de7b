"""What a screening comes to, for people and as open data: a page that needs no other file, tables whose description is true."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from matcher.cli.group import main
from matcher.population.open_data import LEAST_FIRMS, held_back
from matcher.population.output import OutputError
from matcher.population.summary import Tallies
from matcher.population.summary_page import write_summary
from matcher.rulebook.rulebook import Rulebook
from matcher.text import figures
from tests.benchmarks import city
from tests.fixtures.browsing import looked_at

_DTYPES = {"string": pl.String, "integer": pl.Int64}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The summary of 400 firms, made by the command."""
    made = tmp_path_factory.mktemp("summary")
    city.write(made / "firms.parquet", 400, 18, gaps=True)
    asked = [
        "screen",
        str(made / "firms.parquet"),
        "-o",
        str(made / "lines.parquet"),
        "--as-of",
        str(city.DAY),
        "--all",
    ]
    done = CliRunner().invoke(main, [*asked, "--summary", str(made / "summary")])
    assert done.exit_code == 0, done.stderr
    return made


def test_the_tables_are_the_lines_added_up(folder: Path) -> None:
    """Firms and fen by scheme are those of the lines."""
    table = pl.read_csv(folder / "summary" / "schemes.csv").filter(pl.col("exact_fen").is_not_null())
    lines = pl.read_parquet(folder / "lines.parquet").with_columns(pl.col("scheme", "status", "kind").cast(pl.String))
    assert table.height > 100
    for slug, entitled, exact in table.select("scheme", "entitled", "exact_fen").iter_rows():
        mine = lines.filter((pl.col("scheme") == slug) & pl.col("status").is_in(["eligible", "applies"]))
        assert entitled in (None, mine.height)
        fen = lines.filter((pl.col("scheme") == slug) & (pl.col("kind") == "exact"))["high"].sum()
        assert exact == fen, slug


def test_the_description_is_true_of_every_file(folder: Path) -> None:
    """`datapackage.json` names each file with its columns, types, size and hash; CSV and Parquet hold the same."""
    described = json.loads((folder / "summary" / "datapackage.json").read_text(encoding="utf-8"))
    files = {path.name for path in (folder / "summary").iterdir()}
    assert {one["path"] for one in described["resources"]} | {
        "datapackage.json",
        "index.html",
        "index-en.html",
    } == files
    for one in described["resources"]:
        path = folder / "summary" / one["path"]
        assert (one["bytes"], one["hash"]) == (
            path.stat().st_size,
            f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        )
        types = {field["name"]: _DTYPES[field["type"]] for field in one["schema"]["fields"]}
        table = pl.read_csv(path, schema_overrides=types) if path.suffix == ".csv" else pl.read_parquet(path)
        assert dict(table.schema) == types
        assert table.equals(pl.read_parquet(path.with_suffix(".parquet")))


def test_the_page_needs_no_other_file(folder: Path) -> None:
    """Both languages; a bar for every row; nothing is fetched, no script is run."""
    for name, heading in (("index.html", "各项政策"), ("index-en.html", "By scheme")):
        page = (folder / "summary" / name).read_text(encoding="utf-8")
        assert heading in page
        assert page.count('<th scope="row">') == page.count('<svg role="img"') > 20
        assert not re.search(r"<script|<link|<img|src=|url\((?!#)|https?://", page)
        assert set(re.findall(r'href="([^"#]+)"', page)) == {"index.html", "index-en.html"} - {name}


def test_no_sum_is_not_naught_yuan(folder: Path) -> None:
    """Where nothing adds up there is a dash, and it says what that means; "0 yuan" would be a statement about firms."""
    pages = (
        ("index.html", ">0元<", "“—”是没有可写的金额"),
        ("index-en.html", ">0 yuan<", "—: there is no sum to state"),
    )
    for name, naught, meant in pages:
        page = (folder / "summary" / name).read_text(encoding="utf-8")
        assert naught not in page
        assert page.count(">—<") > 5
        assert meant in page


@pytest.mark.parametrize("name", ["index.html", "index-en.html"])
def test_on_a_phone_every_sum_is_in_sight(folder: Path, browser: Browser, name: str) -> None:
    """What the rows are ordered by does not lie beside the screen, and says what it is."""
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    try:
        phone.goto((folder / "summary" / name).as_uri())
        cells = phone.locator("tbody td:not(.bar):not(.none)")
        boxes = cells.evaluate_all(
            "all => all.map(one => [one.getBoundingClientRect().left, one.getBoundingClientRect().right])"
        )
        assert len(boxes) > 40
        assert all(0 <= left < right <= 390 for left, right in boxes)
        assert all(cells.evaluate_all("all => all.map(one => one.dataset.head.length > 0)"))
        looked_at(phone)
    finally:
        phone.close()


def test_a_deduction_is_not_added_to_money(folder: Path) -> None:
    """It stands in a table of its own on the page, is named in the data, and in no sum of a district, a trade or a size."""
    schemes = pl.read_csv(folder / "summary" / "schemes.csv")
    kinds = dict(schemes.select("scheme", "sum_is").iter_rows())
    assert (kinds["rd-super-deduction"], kinds["six-taxes-two-fees"]) == ("deduction", "money")
    page = (folder / "summary" / "index.html").read_text(encoding="utf-8")
    money, apart = (page.split(f'<section id="{one}"')[1].split("</section>")[0] for one in ("schemes", "apart"))
    assert "（扣除额）" in apart
    assert "（扣除额）" not in money
    groups = pl.read_csv(folder / "summary" / "groups.csv").filter(pl.col("by") == "size")
    firms_get = groups.filter(pl.col("scheme").replace_strict(kinds).is_in(["money", "released_credit"]))
    most = firms_get.group_by("group").agg(pl.sum("exact_fen"))["exact_fen"].max()
    shown = page.split('<section id="size"')[1].split("</section>")[0]
    assert figures.sum_in_yuan(most, "zh") in shown


def test_few_firms_are_not_shown_nor_found_by_subtraction() -> None:
    """A part of a whole with few firms is held back, and where it is the only one the next smallest with it."""
    assert held_back({"a": [3, 1, 0], "b": [90, 1, 0], "c": [40, 1, 0]}) == {"a", "c"}
    assert held_back({"a": [3, 1, 0], "b": [2, 1, 0], "c": [40, 1, 0]}) == {"a", "b"}
    assert held_back({"a": [LEAST_FIRMS, 1, 0], "b": [90, 1, 0]}) == frozenset()


def test_another_folder_is_not_overwritten(rulebook: Rulebook, tmp_path: Path) -> None:
    """A folder with other files stays as it is; an older summary is replaced whole."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="notes"):
        write_summary(tmp_path / "notes", rulebook, Tallies(), date(2026, 12, 1))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mine.txt"]
    for _ in range(2):
        write_summary(tmp_path / "new", rulebook, Tallies(), date(2026, 12, 1))
        (tmp_path / "new" / "index.html").rename(tmp_path / "new" / "old.html")
    assert not (tmp_path / "new" / "index.html").exists()
    write_summary(tmp_path / "new", rulebook, Tallies(), date(2026, 12, 1))
    assert (tmp_path / "new" / "index.html").exists()
    assert not (tmp_path / "new" / "old.html").exists()
