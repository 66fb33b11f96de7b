"""Finds the headings of a list, under titles and in one row or two, and tells its firms from sums, notes and sections."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matcher.firms import Numeral

from .columns import BETWEEN, Columns, is_unit, plain_heading, unit_above, unit_of_heading
from .sheets import Cell, Range, Row

_NAMED, _DATA, _LONG = 3, -3, 40

_MORE = 2  # rows of headings beside the first: three is the most that people merge

_CODE = re.compile(r"[0-9A-Za-z]{15,20}")

_LIKE_DATA = re.compile(r"[-+¥￥(]?[\d.,]+[%）)元人万]*|\d{4}[-/.年]\d{1,2}.*|[是否有无√×✓yYnN]|\d+")

_SUM = re.compile(
    r"(?:合计|总计|小计|累计|总和|共计|汇总|平均|平均值|均值|平均数|本页[小合]计|本[页表]合计|total|subtotal|sum|average)(?:[(（:：].*)?"
    r"|(?:合计|共计|共|总计)[:：]?\d+[家户个条行](?:企业)?.*|[\w]{1,8}(?:合计|小计)",
    re.IGNORECASE,
)

_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|附注|填表人|制表人|制表|填报人|填报单位|审核|审核人|复核|经办人|负责人|单位负责人|联系人|联系电话|日期|填报日期|制表日期|盖章|单位盖章)\d*[:：].*"
    r"|注\d*[、.．].*|[(（]?(?:单位)?盖章[)）]?.*|以下空白|\d+[、.．].{6,}"
)

_SECTION = re.compile(r"[(（]?[一二三四五六七八九十]+[)）、.．].*")

_EXAMPLE = re.compile(r"[(（]?(?:例|示例|样例|填写示例|举例|范例)\d*[)）:：]?.*")

_REMARK = re.compile(r"[^:：\d]{2,12}[:：].+")  # 公示期：…, 监督电话：… and whatever else stands alone in its row

_ORDER = re.compile(r"[(（]?(?:[甲乙丙丁戊己庚辛壬癸]|\d{1,2}|[A-Z])[)）]?|[①-⑳]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the headings stand: rows ``first`` to ``last`` of those looked at (from 0), as one ``headings`` a column.

    ``yuan``: what one of the unit is worth that stands above the whole table, as in 单位：万元; ``title``: what the list is called.
    """

    first: int
    last: int
    headings: tuple[str, ...]
    yuan: Decimal | None
    title: str = ""


def find_layout(columns: Columns, head: Sequence[Row], merged: Sequence[Range]) -> Layout:
    """Find the headings among the first rows of a sheet, of which there is one at least."""
    at = _heading_at(columns, head)
    width = max(len(cells) for _, cells in head)
    first = last = at
    while first and at - first < _MORE and _is_group_row(columns, head[first - 1], head[first], merged):
        first -= 1
    while last + 1 < len(head) and last - first < _MORE and _goes_on(columns, head[last], head[last + 1], merged):
        last += 1
    if first < last < len(head) - 1 and _is_row_of_units(head[last], head[last + 1]):
        last += 1
    lines = [(line, _texts(cells, width)) for line, cells in head[first : last + 1]]
    line, headings = lines[0]
    for next_line, lower in lines[1:]:
        upper = _spread(headings, lower, line, merged)
        headings = [_joined(columns, upper[at], lower[at]) for at in range(width)]
        line = next_line
    while len(headings) > 1 and not headings[-1] and width > len(head[at][1]):
        headings.pop()
    above = [str(cell) for _, cells in head[:first] for cell in cells if isinstance(cell, str)]
    units = [unit for unit in map(unit_above, above) if unit is not None]
    title = next((text for text in above if len(text) >= _TITLE and ":" not in plain_heading(text)), "")
    return Layout(first, last, tuple(headings), units[0] if len(set(units)) == 1 else None, title)


_TITLE = 6  # characters at least, so that 附件1 and the like are none


def _heading_at(columns: Columns, head: Sequence[Row]) -> int:
    """The row that has most of what headings are like and least of what cells are like."""
    named = [sum(columns.named(_written(cell)) is not None for cell in cells if cell != "") for _, cells in head]
    scores = [
        _NAMED * names + _DATA * sum(map(_is_data, cells)) - sum(len(_written(cell)) > _LONG for cell in cells)
        for names, (_, cells) in zip(named, head, strict=True)
    ]
    best = max(range(len(head)), key=lambda at: (scores[at] if named[at] else -1000, -at))
    if named[best]:
        return best
    several = [at for at, (_, cells) in enumerate(head) if sum(cell != "" for cell in cells) > 1]
    return next((at for at in several if not any(map(_is_data, head[at][1]))), several[0] if several else 0)


def _is_data(cell: Cell) -> bool:
    if isinstance(cell, bool | datetime.date | Numeral):
        return True
    return bool(cell) and bool(
        (_CODE.fullmatch(cell) and any(char.isdigit() for char in cell)) or _LIKE_DATA.fullmatch(cell)
    )


def _goes_on(columns: Columns, row: Row, below: Row, merged: Sequence[Range]) -> bool:
    """Whether the row below is the second of the headings: texts under what is merged or empty, or units alone."""
    (line, cells), (next_line, next_cells) = row, below
    texts = [(at, cell) for at, cell in enumerate(next_cells) if cell != ""]
    if next_line != line + 1 or not texts or any(_is_data(cell) for _, cell in texts):
        return False
    if _is_row_of_units(row, below):
        return True
    if len(texts) == 1 and not any(one.first_row <= line <= one.last_row for one in merged):
        return False
    across = _merged_across(line, merged)
    downwards = {one.first_column for one in merged if one.first_row <= line < one.last_row}
    if across:
        return all(at in across and at not in downwards for at, _ in texts)
    spans = [at for at, _ in texts if at >= len(cells) or cells[at] == ""]
    begins = [at for at, _ in texts if at + 1 in spans and at < len(cells) and cells[at] != ""]
    covered = {at for at, cell in enumerate(cells) if cell != ""} - {at for at, _ in texts}
    named = sum(columns.named(_written(cell)) is not None for _, cell in texts)
    return bool(spans) and bool(covered or begins) and len(texts) <= len(spans) + len(begins) + named


def _is_row_of_units(row: Row, below: Row) -> bool:
    """Whether the row right under another holds units and nothing else: 人, 万元, %."""
    texts = [_written(cell) for cell in below[1] if cell != ""]
    return below[0] == row[0] + 1 and bool(texts) and all(map(is_unit, texts))


def _is_group_row(columns: Columns, row: Row, heads: Row, merged: Sequence[Range]) -> bool:
    """Whether a row above the headings groups them: several texts of which one spans columns or stands over a blank."""
    (line, cells), (heading_line, below) = row, heads
    texts = [(at, _written(cell)) for at, cell in enumerate(cells) if cell != ""]
    if heading_line != line + 1 or len(texts) < 2 or any(_is_data(cell) or "：" in _written(cell) for cell in cells):
        return False
    across = [one for one in merged if one.first_row == line and one.last_column > one.first_column]
    over_blank = [at for at, _ in texts if at >= len(below) or below[at] == ""]
    if across or over_blank:
        return True
    spans = [at for at, _ in texts if at + 1 < len(below) and (at + 1 >= len(cells) or cells[at + 1] == "")]
    return len(spans) > 1 or (bool(spans) and any(columns.named(text) for _, text in texts))


def _merged_across(line: int, merged: Sequence[Range]) -> set[int]:
    """The columns under cells of a row that are merged with their neighbours."""
    return {
        at
        for one in merged
        if one.first_row == line and one.last_column > one.first_column
        for at in range(one.first_column, one.last_column + 1)
    }


def _spread(upper: list[str], lower: list[str], line: int, merged: Sequence[Range]) -> list[str]:
    """The upper headings over every column that they are for; without merged cells, up to the next one."""
    spread = list(upper)
    across = [one for one in merged if one.first_row == line and one.last_column > one.first_column]
    for one in across:
        for at in range(one.first_column, min(one.last_column + 1, len(spread))):
            spread[at] = spread[at] or upper[one.first_column]
    if not across:
        for at in range(1, len(spread)):
            if not spread[at] and lower[at]:
                spread[at] = spread[at - 1] if lower[at - 1] else ""
    return spread


def _joined(columns: Columns, upper: str, lower: str) -> str:
    """One heading of two: 营业收入（万元）of a heading over its unit; the lower one alone where it says all.

    Both stand where the upper one gives the unit of a sum: 财务情况（万元） over 营业收入.
    """
    if not upper or not lower or plain_heading(upper) == plain_heading(lower):
        return upper or lower
    if is_unit(lower):
        return f"{upper}（{lower.strip('()（） ')}）"
    both = f"{upper}{BETWEEN}{lower}"
    told = columns.named(both)
    if unit_of_heading(upper) is not None and unit_of_heading(lower) is None:
        fact = columns.fact_of(told or "") if told == columns.named(lower) else None
        return both if fact is None or fact.type == "money" else lower
    return lower if told is not None and told == columns.named(lower) else both


def _texts(cells: Sequence[Cell], width: int) -> list[str]:
    return [_written(cells[at]).strip() if at < len(cells) else "" for at in range(width)]


def _written(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell)


# ---------------------------------------------------------------------------------------------------------------------
# Tells the rows of firms from all else that stands under the headings.
# ---------------------------------------------------------------------------------------------------------------------


def firm_rows(rows: Iterable[Row], headings: Sequence[str], merged: Sequence[Range]) -> Iterator[Row]:
    """The rows that are of firms: no sums, notes, sections, repeated headings, and no row that numbers the columns."""
    wide = {one.first_row for one in merged if one.last_column - one.first_column >= 2}
    plain = [plain_heading(heading) for heading in headings]
    held: Row | None = None  # a row of nothing but numbers: a sum if it is the last and has no number of order
    is_first = True
    for row in rows:
        line, cells = row
        if _is_no_firm(cells, plain, line in wide, is_first):
            continue
        is_first = False
        if held is not None:
            yield held
        held = row if all(cell == "" or isinstance(cell, Numeral) for cell in cells) and len(headings) > 2 else None
        if held is None:
            yield row
    if held is not None and held[1][0] != "":
        yield held


def _is_no_firm(cells: Sequence[Cell], headings: Sequence[str], is_wide: bool, is_first: bool) -> bool:
    texts = [(at, cell) for at, cell in enumerate(cells) if cell != ""]
    written = [re.sub(r"\s+", "", _written(cell)) for _, cell in texts]
    if any(_CODE.fullmatch(text) and any(char.isdigit() for char in text) for text in written):
        return bool(_EXAMPLE.fullmatch(written[0])) and is_first
    if any(_SUM.fullmatch(text) for text in written[:3]) or _NOTE.fullmatch(written[0]):
        return True
    if len(texts) == 1 and (is_wide or _SECTION.fullmatch(written[0]) or _REMARK.fullmatch(written[0])):
        return True
    if is_first and len(texts) > 2 and all(_ORDER.fullmatch(text) for text in written):
        return True
    same = sum(at < len(headings) and headings[at] == plain_heading(_written(cell)) for at, cell in texts)
    return same == len(texts) and same > 1
