"""The template that a clerk fills in, and the list that comes back with its faults marked."""

import datetime
import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from matcher.firms.profile import read_facts
from matcher.firms.spreadsheets.guessing import guess
from matcher.firms.spreadsheets.lists import read_rows
from matcher.firms.spreadsheets.roster import read_roster
from matcher.firms.spreadsheets.rows import CellFault
from matcher.firms.spreadsheets.tables import open_table
from matcher.firms.workbook.book import marked
from matcher.firms.workbook.template import template
from matcher.rulebook.files import Fact
from matcher.rulebook.rulebook import Rulebook
from matcher.rulebook.shapes import Text
from tests.fixtures.xlsx import written

CODES = ("911201047061033945", "92120106779791263T", "91120222153479227M")
DAY = datetime.date(2026, 3, 31)


def part(content: bytes, name: str) -> str:
    """One part of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name).decode()


def filled(content: bytes, line: list[str]) -> bytes:
    """A template with one firm typed into it, every cell as text, as a spreadsheet would save it."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        head = list(book.get_sheet_by_index(0).iter_rows())[:2]
    return written([[str(cell) for cell in row] for row in head] + [line])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("with_ids", [True, False])
def test_every_column_of_an_empty_template_is_known_again(rulebook: Rulebook, lang: str, with_ids: bool) -> None:
    """By the hidden row of ids, and where that is gone by the headings alone; all that a firm is asked, name first."""
    table = open_table(rulebook, template(rulebook, lang), "template.xlsx")
    assert (table.heading_row, list(table.rows)) == (2, [])
    made = guess(table.headings, rulebook, table.ids if with_ids else ())
    asked = {fact.id for fact in rulebook.facts.values() if fact.stated_by == "firm"}
    assert [one.fact for one in made][:3] == ["name", "credit_code", "former_names"]
    assert [one.fact for one in made] == list(table.ids)
    assert {one.fact for one in made} == asked | {"former_names"}
    assert {one.score for one in made} == {100}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_drop_downs_offer_is_read(rulebook: Rulebook, lang: str) -> None:
    """Every choice of every fact, yes and no, in the template's language; what is read is what the label stands for."""
    empty = template(rulebook, lang)
    ids = open_table(rulebook, empty, "a.xlsx").ids
    rounds = max(len(fact.values) for fact in rulebook.facts.values())
    for turn in range(rounds):
        facts = [rulebook.facts.get(name or "") for name in ids]
        line = [_offered(fact, turn, lang) for fact in facts]
        line[:2] = ["优荣咨询", CODES[0]]
        table = open_table(rulebook, filled(empty, line), "a.xlsx")
        row = read_rows(rulebook, table, {one.column: one.fact for one in guess(table.headings, rulebook, table.ids)})[
            0
        ]
        assert row.faults == ()
        for fact in (one for one in facts if one is not None and one.type in ("enum", "boolean")):
            values = list(fact.values) or [True, False]
            assert row.facts[fact.id] == values[turn % len(values)]
        assert read_facts(rulebook, row.facts)[1] == []


def _offered(fact: Fact | None, turn: int, lang: str) -> str:
    if fact is not None and fact.type == "boolean":
        return ({"zh": "是", "en": "yes"}, {"zh": "否", "en": "no"})[turn % 2][lang]
    return list(fact.values.values())[turn % len(fact.values)].get(lang) if fact is not None and fact.values else ""


def test_a_template_has_rules_notes_and_no_macros(rulebook: Rulebook) -> None:
    """Drop-downs and bounds for every column that can have them, a note on every heading, panes that stand."""
    content = template(rulebook)
    sheet = part(content, "xl/worksheets/sheet1.xml")
    ruled = [fact for fact in rulebook.facts.values() if fact.stated_by == "firm" and fact.type not in ("text", "rate")]
    assert len(re.findall("<dataValidation ", sheet)) == len(ruled)
    assert '"是,否"' in sheet
    assert sheet.count("<row ") == 2
    assert 'hidden="1"' in sheet
    assert 'state="frozen"' in sheet
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert not [name for name in packed.namelist() if "vba" in name.lower() or "external" in name.lower()]
    columns = len(open_table(rulebook, content, "a.xlsx").headings)
    assert part(content, "xl/comments1.xml").count("<comment ") == columns
    assert template(rulebook) == content


def test_a_template_for_some_schemes_is_narrower(rulebook: Rulebook) -> None:
    """Only what those schemes need stands in it."""
    table = open_table(rulebook, template(rulebook, schemes=["six-taxes-two-fees"]), "a.xlsx")
    assert set(table.ids) - {"name", "credit_code", "former_names"} == {
        name for name in rulebook.facts_needed(["six-taxes-two-fees"]) if rulebook.facts[name].stated_by == "firm"
    }


def test_the_register_reads_the_template(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With columns deleted and headings renamed: the row of ids says what they are."""
    path = tmp_path_factory.mktemp("lists") / "list.xlsx"
    path.write_bytes(
        written(
            [
                ["name", "credit_code", "district"],
                ["企业名称", "统一社会信用代码", "区县"],
                ["优荣咨询", CODES[0], "南开区"],
            ]
        )
    )
    roster = read_roster(rulebook, path)
    assert [(firm.name, firm.facts["district"], firm.line) for firm in roster.firms] == [("优荣咨询", "nankai", 3)]
    assert (roster.ignored, roster.faults) == ((), [])


def test_a_marked_copy_shows_every_fault_where_it_is(rulebook: Rulebook) -> None:
    """The bad rows as they stood, bad cells coloured with a note, each fault in a list by its row in the file; good rows are not in it."""
    lines = [
        ["名单"],
        ["企业名称", "信用代码", "从业人员"],
        ["甲企业", CODES[0], "许多"],
        ["乙企业", CODES[2], 7],
        ["=1+1", CODES[1], 5],
    ]
    content = written(lines)
    mapping = {0: "name", 1: "credit_code", 2: "employees"}
    faults = [
        one for row in read_rows(rulebook, open_table(rulebook, content, "a.xlsx"), mapping) for one in row.faults
    ]
    copy = marked(rulebook, content, "a.xlsx", reversed(faults), DAY)
    assert copy == marked(rulebook, content, "a.xlsx", faults, DAY)
    with CalamineWorkbook.from_filelike(io.BytesIO(copy)) as book:
        assert book.sheet_names == ["企业", "需要改正"]
        rows = [[str(cell) for cell in row] for row in book.get_sheet_by_name("企业").iter_rows()]
        assert rows == [lines[1], lines[2], ["=1+1", CODES[1], "5"]]
        listed = list(book.get_sheet_by_name("需要改正").iter_rows())
    assert [row[:4] for row in listed[1:]] == [[3, "C", "从业人员", "许多"], [5, "A", "企业名称", "=1+1"]]
    assert "<f>" not in part(copy, "xl/worksheets/sheet1.xml")
    assert re.findall('<comment ref="([A-Z0-9]+)"', part(copy, "xl/comments1.xml")) == ["C2", "A3"]
    again = open_table(rulebook, copy, "b.xlsx")
    assert [row.faults == () for row in read_rows(rulebook, again, mapping)] == [False, False]


def test_a_long_list_of_faults_is_listed_whole(rulebook: Rulebook) -> None:
    """Twenty thousand faults stand in the list, though not each cell gets a note; empty and missing cells too."""
    content = ("企业名称,信用代码,从业人员\n" + "甲,乙\n" * 6_700).encode()
    reason = Text(zh="不对", en="wrong")
    faults = [CellFault(row, at, "", "name", "", reason) for row in range(2, 6_702) for at in range(3)]
    copy = marked(rulebook, content, "a.csv", faults, DAY, "en")
    with CalamineWorkbook.from_filelike(io.BytesIO(copy)) as book:
        assert book.get_sheet_by_name("To correct").height == 20_101
