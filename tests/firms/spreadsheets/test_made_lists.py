"""Lists as people make them: which fact each column holds, and what each row states, without anybody's help."""

import datetime
import json
from pathlib import Path

import pytest

from matcher.firms.numbers import Numeral
from matcher.firms.spreadsheets.guessing import Guess, guess
from matcher.firms.spreadsheets.recognition import recognise
from matcher.firms.spreadsheets.rows import FirmRow
from matcher.firms.spreadsheets.sheets import Cell
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.command_line import Run
from tests.fixtures.xlsx import written
from tests.tools.made_lists import MadeList, made_lists

ON = datetime.date(2026, 12, 1)
CODES = ("911201047061033945", "92120106779791263T", "91120222153479227M")
LISTS = made_lists()


Read = tuple[tuple[Guess, ...], list[FirmRow]]


@pytest.fixture(scope="module")
def read_lists(rulebook: Rulebook) -> dict[str, Read]:
    """What is understood of each list: its columns and its rows."""
    found = {made.name: recognise(rulebook, made.content, made.name, ON) for made in LISTS}
    return {name: (one.columns, list(one.firms)) for name, one in found.items()}


@pytest.mark.parametrize("made", LISTS, ids=lambda made: made.name)
def test_nothing_of_a_list_is_silently_wrong(read_lists: dict[str, Read], made: MadeList) -> None:
    """A column is read as what it is or left open; every firm has its row, and a value is right or named as a fault."""
    columns, rows = read_lists[made.name]
    wrong = [
        (one.heading, one.fact) for one, fact in zip(columns, made.facts, strict=True) if one.fact not in (None, fact)
    ]
    assert wrong == []
    assert len(rows) == len(made.rows)
    for row, told in zip(rows, made.rows, strict=True):
        assert {fact: value for fact, value in row.facts.items() if fact in told} == {
            fact: told[fact] for fact in row.facts if fact in told
        }


@pytest.mark.parametrize("lists", [LISTS[:40], LISTS[40:]], ids=["usual", "hard"])
def test_nearly_all_columns_are_recognised(read_lists: dict[str, Read], lists: list[MadeList]) -> None:
    """95 of 100 columns of all lists, those that hold nothing of ours among them, and no row of theirs is refused."""
    right = total = faults = 0
    for made in lists:
        columns, rows = read_lists[made.name]
        right += sum(one.fact == fact for one, fact in zip(columns, made.facts, strict=True))
        total += len(made.facts)
        faults += sum(len(row.faults) for row in rows)
    assert right >= 0.95 * total
    assert faults == 0


def test_a_sum_due_is_recognised_whichever_way_round(rulebook: Rulebook) -> None:
    """本期应缴六税两费 is what 本期六税两费应纳额 is."""
    for heading in ("本期应缴六税两费（元）", "应缴六税两费（元）", "本期六税两费应缴额（元）"):
        (found,) = guess([heading], rulebook, (), [[Numeral("38642.57")]], on=ON)
        assert found.fact == "six_taxes_two_fees_payable", heading


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("负债总额（万元）", ["1200"]),
        ("固定资产总额（万元）", ["1200"]),
        ("贷款余额", ["1200000"]),
        ("享受六税两费减免额", ["1200"]),
        ("失业保险费", ["1200"]),
        ("去年裁员人数", ["3"]),
        ("是否小微企业", ["是", "否"]),
        ("专精特新企业", ["是", "否"]),
        ("2024年营业收入（万元）", ["1200"]),
        ("营业收入增速（%）", ["3.5"]),
        ("营业收入", ["850", "1200"]),
        ("所属行业", ["制造业", "批发业"]),
        ("高新技术企业证书编号", ["GR202412000001"]),
        ("联系电话", ["13800000000"]),
        ("担保机构名称", ["天津市某某担保有限公司", "天津市另一担保有限公司"]),
        ("经营所在地", ["南开区", "和平区"]),
    ],
)
def test_what_only_resembles_a_fact_is_left_open(rulebook: Rulebook, heading: str, cells: list[str]) -> None:
    """Other years, balances, growth, counts under the name of a share, sums whose unit is not clear."""
    values: list[Cell] = [Numeral(cell) if cell.replace(".", "").isdigit() else cell for cell in cells]
    (found,) = guess([heading], rulebook, (), [values], on=ON)
    assert found.fact is None
    assert found.reason.zh != found.reason.en


def test_a_cell_shown_in_per_cent_is_read_as_it_is_shown(rulebook: Rulebook, read_lists: dict[str, Read]) -> None:
    """0.03 formatted as 3 % is 3 %, and takes no row with it; unformatted it stays a question."""
    made = next(made for made in LISTS if made.name == "08.xlsx")
    row = read_lists[made.name][1][0]
    assert row.facts["layoff_rate_last_year"] == made.rows[0]["layoff_rate_last_year"]
    bare = written([["企业名称", "统一社会信用代码", "上年裁员率"], ["优荣咨询", CODES[0], 0.03]])
    (row, *_) = recognise(rulebook, bare, "a.xlsx", ON).firms
    assert "3% or 0.03%" in row.faults[0].reason.en or "0.03% or 3%" in row.faults[0].reason.en


def test_a_heading_over_two_rows_says_both(rulebook: Rulebook) -> None:
    """上年末 under 从业人数 is one column, 参保 under it another."""
    text = f"企业名称,信用代码,从业人数,\n,,上年末,上月末\n优荣咨询,{CODES[0]},12,13\n"
    found = recognise(rulebook, text.encode(), "a.csv", ON)
    assert [one.fact for one in found.columns][2:] == ["employees", "employees_end_last_month"]


def test_the_command_answers_columns_and_rows(run: Run, tmp_path: Path) -> None:
    """In JSON: each column with its fact or null, score and reason; each firm by its number with facts and faults."""
    (tmp_path / "名单.csv").write_bytes(
        f"2025年名单;;\n名称;税号;人数\n优荣咨询;{CODES[0]};12\n甲乙商行;{CODES[1]};许多\n合计;;12\n".encode("gbk")
    )
    answer = json.loads(run("firms", "columns", tmp_path / "名单.csv", "--values", "--json").stdout)
    assert [(one["heading"], one["fact"]) for one in answer["columns"]] == [
        ("名称", "name"),
        ("税号", "credit_code"),
        ("人数", "employees"),
    ]
    assert set(answer["columns"][0]) == {"heading", "fact", "score", "why"}
    assert [(row["row"], row["facts"].get("employees"), len(row["faults"])) for row in answer["rows"]] == [
        (1, "12", 0),
        (2, None, 1),
    ]
