"""Of when the figures of a list are: by the year in a heading, or by the year or months that its title names."""

from __future__ import annotations

import re

from .columns import BETWEEN, LASTING, Columns, plain_heading

YEAR = re.compile(r"(?<![\d〔(\[—-])20(\d\d)(?![\d〕])年?度?")

OF_LAST_YEAR = re.compile(r"上年|上一")

"""What the label of a fact of last year says."""


def of_year(heading: str, last_year: int, columns: Columns) -> str | None:
    """A heading with last year's number read as such; None where it is of another year, unless a fact is called by that year."""
    plain = plain_heading(heading)
    found = YEAR.search(plain)
    if found is None:
        return heading
    column = columns.named(heading)
    if column is not None and (column in LASTING or any(found[0][:4] in told for told in columns.names_of(column))):
        return heading
    year = 2000 + int(found[1])
    if year != last_year:
        return None
    return plain[: found.start()] + "上年" + plain[found.end() :].lstrip(BETWEEN if found.end() < len(plain) else "")


def period_of_title(title: str, last_year: int) -> tuple[str, bool]:
    """The year or the months that a title is of where these are not last year's, and whether they are before it; "" for none."""
    found = _PERIOD_OF_TITLE.search(plain_heading(title))
    if found is None or int(found[1]) == last_year:
        return "", False
    is_past = int(found[1]) < last_year
    return (found[0] if is_past or found[2] else ""), is_past


_PERIOD_OF_TITLE = re.compile(
    r"(20\d\d)年(?:度)?((?:\d{1,2}[-至到~—])?\d{1,2}月份?(?!\d{1,2}日)|第?[一二三四1-4]季度|[上下]半年|前[一二三]季度)?"
)
