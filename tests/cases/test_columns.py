"""A newcomer adds a column to the list of cases by declaring it once: it has a heading, values and an order on every list."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import col

from matcher.cases import columns
from matcher.cases.columns import Cell, Column
from matcher.cases.models import Case
from matcher.text import figures, sentences
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import FIRM_ID, OTHER_ID, open_case, save, store_of
from tests.fixtures.pages import words

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")

# All that a newcomer writes. The sentence has its English already; a new one has it in text/locale/en/desk_cases.po.
OPENED = Column(
    "opened",
    sentences.Sentence("日期", "day a letter was written"),
    lambda case, people, lang: Cell(figures.day(case.opened_at.date(), lang)),
    col(Case.opened_at),
)


@pytest.fixture
def clerk(signed_in: SignedIn) -> Visitor:
    """A clerk of Heping."""
    return signed_in("clerk")


@pytest.fixture
def with_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists with the newcomer's column."""
    monkeypatch.setattr(columns, "COLUMNS", (*columns.COLUMNS, OPENED))


def opened(clerk: Visitor, app: Flask, *days_ago: int) -> list[int]:
    """Cases that were opened so many days before 1 November 2026, noon."""
    made = [open_case(clerk, firm) for firm, _ in zip((FIRM_ID, OTHER_ID, FIRM_ID), days_ago, strict=True)]
    with store_of(app) as register:
        for number, ago in zip(made, days_ago, strict=True):
            register.get_one(Case, number).opened_at = datetime(2026, 11, 1, 4, tzinfo=UTC) - timedelta(days=ago)
    return made


def listed(clerk: Visitor, sort: str) -> list[int]:
    """The numbers of the cases as the list has them in this order."""
    links = clerk.get(f"/desk/cases?sort={sort}").root.findall(".//tbody//td[@class='number']/a")
    return [int((link.get("href") or "").rpartition("/")[2]) for link in links]


@pytest.mark.usefixtures("with_column")
@pytest.mark.parametrize(("lang", "day"), [("zh", "2026年10月30日"), ("en", "30 October 2026")])
def test_it_has_a_heading_and_values_on_every_list(clerk: Visitor, desk_app: Flask, lang: str, day: str) -> None:
    """On the list of cases, on the desk's first page and on the firm's."""
    opened(clerk, desk_app, 2, 40, 1)
    heading = sentences.say(OPENED.heading, lang)
    for path in ("/desk/cases", "/desk", f"/desk/firms/{FIRM_ID}"):
        page = clerk.get(f"{path}?lang={lang}")
        table = next(
            each for each in page.root.iter("table") if "/desk/cases/" in str([a.get("href") for a in each.iter("a")])
        )
        assert words(table.findall("./thead/tr/th")[-1]).strip() == heading
        assert day in [words(row.findall("./td")[-1]).strip() for row in table.findall("./tbody/tr")]


@pytest.mark.both_databases
@pytest.mark.usefixtures("with_column")
def test_the_list_is_sorted_by_it(clerk: Visitor, desk_app: Flask) -> None:
    """One way, and the other."""
    newer, oldest, newest = opened(clerk, desk_app, 2, 40, 1)
    assert listed(clerk, "opened") == [oldest, newer, newest]
    assert listed(clerk, "-opened") == [newest, newer, oldest]


@pytest.mark.both_databases
def test_every_column_that_can_be_sorted_is(clerk: Visitor, desk_app: Flask) -> None:
    """Its heading asks for it, then for the other way round; cases without what it shows come last, both times."""
    first, second, third = opened(clerk, desk_app, 1, 2, 3)
    for case in (first, third):
        save(clerk, case, assignee="")
    save(clerk, third, state="waiting")
    assert listed(clerk, "") == listed(clerk, "-changed") == [third, first, second]
    assert listed(clerk, "assignee")[0] == listed(clerk, "-assignee")[0] == second
    assert (listed(clerk, "state")[-1], listed(clerk, "-state")[0]) == (third, third)
    for column in columns.COLUMNS:
        page = clerk.get(f"/desk/cases?sort={column.key}&q=天津")
        links = {link.text: link.get("href") or "" for link in page.root.findall(".//thead//a")}
        heading = sentences.say(column.heading, "zh")
        assert (column.sort is None) == (heading not in links)
        if column.sort is not None:
            assert f"sort=-{column.key}" in links[heading]
            assert "q=%E5%A4%A9%E6%B4%A5" in links[heading]
            assert sorted(listed(clerk, column.key)) == [first, second, third]


@pytest.mark.parametrize("junk", ["open_to_it", "id;drop", "--changed", "-"])
def test_another_order_is_the_usual_one(clerk: Visitor, desk_app: Flask, junk: str) -> None:
    """What no column declares is not sorted by."""
    opened(clerk, desk_app, 1, 2, 3)
    assert listed(clerk, junk) == listed(clerk, "-changed")
