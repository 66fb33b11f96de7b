"""The columns of the lists of cases: each declares its heading, what it shows of a case, and how a list is sorted by it.

To add a column, add it to :data:`COLUMNS`, and the English of its heading to `text/locale/en/desk_cases.po`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import url_for
from sqlalchemy import SQLColumnExpression
from sqlalchemy import case as one_of
from sqlmodel import col, select

from matcher.accounts import Account, People
from matcher.answers import moment
from matcher.text import desk_labels, figures, sentences, today
from matcher.web import language

from .blueprint import pages
from .due import WEEK_DAYS, DueIn, due_in
from .form_reading import STATES
from .models import Case


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column shows of one case: text, perhaps a link, what is read aloud beside it alone, a code or a note below it, and
    whether it is late."""

    text: str
    address: str | None = None
    unseen: str = ""
    code: str | None = None
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the lists of cases.

    ``value`` is given the case, the accounts that the list names, and the language. ``sort`` is what the database sorts by,
    the smallest first and cases without it last; None for what it cannot sort by. ``role`` "row" names the case, "whole" stays on
    one line, "moment" breaks between day and time alone.
    """

    key: str
    heading: sentences.Sentence
    value: Callable[[Case, People, str], Cell]
    sort: SQLColumnExpression[Any] | None = None
    role: Literal["plain", "number", "row", "whole", "moment"] = "plain"


def _name(case: Case, lang: str) -> str:
    return case.name or sentences.say("名称待定的企业", lang)


def _number(case: Case, people: People, lang: str) -> Cell:
    return Cell(str(case.id), url_for("desk_cases.case", case_id=case.id), _name(case, lang))


def _firm(case: Case, people: People, lang: str) -> Cell:
    return Cell(_name(case, lang), code=case.credit_code)


def _state(case: Case, people: People, lang: str) -> Cell:
    return Cell(sentences.say(desk_labels.CASE_STATE[case.state], lang))


def _assignee(case: Case, people: People, lang: str) -> Cell:
    return Cell(people.of(case.assignee_id) or sentences.say("无人", lang))


def _open_to_it(case: Case, people: People, lang: str) -> Cell:
    return Cell(str(len(case.found["schemes"])) if case.found else "")


def _changed(case: Case, people: People, lang: str) -> Cell:
    return Cell(moment(case.changed_at, lang))


def _due(case: Case, people: People, lang: str) -> Cell:
    if case.due_on is None:
        return Cell("")
    due = due_in(case, today())
    return Cell(
        figures.day(case.due_on, lang), note=_days_left(due, lang) if due else "", is_late=bool(due and due.days < 0)
    )


def _days_left(due: DueIn, lang: str) -> str:
    if due.days < 0:
        return sentences.say("过期{count}", lang, count=sentences.count(lang, -due.days, "day"))
    if due.days == 0:
        return sentences.say("今天", lang)
    left = sentences.count(lang, due.days, "day")
    return sentences.say("还有{count}", lang, count=left) if due.days < WEEK_DAYS else ""


_STATE_ORDER = one_of({state: place for place, state in enumerate(STATES)}, value=col(Case.state))

_ASSIGNEE_NAME = select(Account.display_name).where(col(Account.id) == col(Case.assignee_id)).scalar_subquery()

COLUMNS: tuple[Column, ...] = (
    Column("number", sentences.Sentence("编号"), _number, col(Case.id), "number"),
    Column("name", sentences.Sentence("企业"), _firm, col(Case.name), "row"),
    Column("state", sentences.Sentence("状态"), _state, _STATE_ORDER),
    Column("assignee", sentences.Sentence("经办人"), _assignee, _ASSIGNEE_NAME),
    Column("due", sentences.Sentence("办理期限"), _due, col(Case.due_on), "whole"),
    Column("open_to_it", sentences.Sentence("可办理"), _open_to_it, None, "number"),  # stands inside a JSON value
    Column("changed", sentences.Sentence("最近变动"), _changed, col(Case.changed_at), "moment"),
)

_DESCENDING = "-"

LAST_CHANGED_FIRST = "-changed"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading in a list: what it is sorted by now, and the order that a click on it asks for next."""

    text: str
    role: str
    direction: Literal["ascending", "descending"] | None
    next_sort: str | None


@pages.app_template_global("case_headings")
def headings(sort: str | None = None) -> list[Heading]:
    """The headings of a list in the page's language; none of them asks for another order where ``sort`` is None."""
    return [_heading(column, sort) for column in COLUMNS]


@pages.app_template_global("case_cells")
def cells(case: Case, people: People) -> list[tuple[str, Cell]]:
    """A case's row: the role of each column, and what it shows."""
    return [(column.role, column.value(case, people, language.lang())) for column in COLUMNS]


def known_sort(asked: str) -> str:
    """The order that is asked for: a column's key, after a - with the largest first; the last changed first for any other."""
    column = _sorted_by(asked)
    return LAST_CHANGED_FIRST if column is None or column.sort is None else asked


def order_of(sort: str) -> Sequence[SQLColumnExpression[Any]]:
    """What the database sorts by for a known order. Raises KeyError for another."""
    column = _sorted_by(sort)
    if column is None or column.sort is None:
        raise KeyError(sort)
    if sort.startswith(_DESCENDING):
        return (column.sort.desc().nulls_last(), col(Case.id).desc())
    return (column.sort.asc().nulls_last(), col(Case.id))


def _sorted_by(sort: str) -> Column | None:
    return next((column for column in COLUMNS if column.key == sort.removeprefix(_DESCENDING)), None)


def _heading(column: Column, sort: str | None) -> Heading:
    text = sentences.say(column.heading, language.lang())
    if sort is None or column.sort is None:
        return Heading(text, column.role, None, None)
    if sort == column.key:
        return Heading(text, column.role, "ascending", _DESCENDING + column.key)
    direction: Literal["descending"] | None = "descending" if sort == _DESCENDING + column.key else None
    return Heading(text, column.role, direction, column.key)
