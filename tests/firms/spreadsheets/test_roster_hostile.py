"""Workbooks made to bring down or hold up their reader are refused in words, and take nobody's process along."""

from __future__ import annotations

import os

import pytest

from matcher.firms.faults import Unreadable
from matcher.firms.spreadsheets.outline import outline
from matcher.firms.spreadsheets.tables import READING, open_table, read_limited
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.hostile import HEAD, SHEETS, sheet_with


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_cells_that_no_sheet_has(rulebook: Rulebook, name: str) -> None:
    """Cells, rows, ranges beyond XFD1048576, however they are written, are refused before the reader sees them."""
    for read in (outline, open_table):
        with pytest.raises(Unreadable) as refused:
            read(rulebook, SHEETS[name], "firms.xlsx")
        text = refused.value.faults[0].text
        assert "XFD1048576" in text.en
        assert "XFD1048576" in text.zh


@pytest.mark.parametrize(
    "content",
    [
        sheet_with(HEAD, before='<dimension ref="A1:B1"/>', after='<mergeCells><mergeCell ref="A5:B6"/></mergeCells>'),
        sheet_with(HEAD.replace(' r="1"', "").replace(' r="A1"', "").replace(' r="B1"', "")),
        sheet_with(HEAD.replace('"', "'")),
        sheet_with(HEAD + '<row r="2"><c r="A2" t="str"><v>r = "A99999999"</v></c></row>'),
        sheet_with(HEAD + '<row r="100000"><c r="AX100000"><v>1</v></c></row>'),
    ],
)
def test_what_sheets_do_have_is_read(rulebook: Rulebook, content: bytes) -> None:
    """Ranges, cells without a reference, other quotes, a text that looks like a reference, the farthest cell: all are read."""
    assert open_table(rulebook, content, "firms.xlsx").headings == ("企业名称", "信用代码")


def test_a_reader_that_dies_takes_nobody_along(rulebook: Rulebook) -> None:
    """Whatever the reader's library does to its process, the caller gets a refusal that says what to do."""
    with pytest.raises(Unreadable, match="split it or save it as CSV"):
        read_limited(READING, os.abort)
    assert open_table(rulebook, sheet_with(HEAD), "firms.xlsx").headings


def test_an_exception_crosses_processes() -> None:
    """A refusal made in the reader's process is the same on this side."""
    with pytest.raises(Unreadable) as refused:
        read_limited(READING, _refuse)
    assert refused.value.faults[0].text.en == "is named .xlsx but is no workbook: save it again"


def _refuse() -> None:
    from matcher.firms.spreadsheets.xlsx_limits import must_be_harmless

    must_be_harmless(b"no zip")
