"""The sheet beside the template that says how to fill it in, and lists its columns with their choices."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.firms.roster import MOST_ROWS
from matcher.firms.roster.columns import Columns
from matcher.firms.workbook import words
from matcher.firms.workbook.book import Book, Worksheet, write_row
from matcher.rulebook import Fact, Rulebook

_ZH = (
    "填写说明",
    "1. 每行一家企业，最多 {most} 家。企业名称和统一社会信用代码必填；一家企业只填一行。",
    "2. 其他各列，知道的填，不清楚的留空：空着按“不清楚”处理，不当作 0 或“否”。填得越多，能确定的政策越多。",
    "3. “是／否”和选项从下拉列表中选；日期写成 2022-03-01；金额以元为单位，也可写 30万、1.2亿；比率带百分号。",
    "4. 各列可以删去，也可以换次序；请不要改第一行（已隐藏，系统靠它认列）。列名可以改。",
    "5. 不要合并单元格，不要在企业之间加小计。公式按它显示的值读取。",
    "6. 有误的行会标出来，改好后把整个文件或改过的行再传一次；其余各行照常判断。",
    "规则版本 {hash}",
)
_EN = (
    "Instructions",
    "1. One firm a row, at most {most}. Name and credit code are needed; a firm has one row.",
    "2. Fill in what is known and leave the rest empty: empty is “not known”, never 0 or no. The more is told, the more "
    "is settled.",
    "3. Choose yes or no and other choices from the lists; dates as 2022-03-01; sums in yuan; rates with their per cent sign.",
    "4. Columns may be deleted, moved and renamed; leave the first row (hidden: by it the columns are known) as it is.",
    "5. Do not merge cells, and put no subtotals between firms. A formula counts by the value it shows.",
    "6. Rows with a fault are marked: correct them and upload the file, or those rows, again. All others are decided.",
    "Rulebook {hash}",
)
_HEAD = (("列", "组", "填法", "说明"), ("column", "group", "written as", "explanation"))
_KINDS: dict[str, words.Pair] = {
    "boolean": ("是／否", "yes or no"),
    "enum": ("选一项", "one of a list"),
    "date": ("日期", "date"),
    "integer": ("整数", "whole number"),
    "number": ("数", "number"),
    "money": ("金额", "sum"),
    "rate": ("百分比", "per cent"),
    "text": ("文本", "text"),
}


def lines(rulebook: Rulebook, lang: str) -> list[str]:
    """The instructions, one line each, the heading first."""
    return [line.format(most=MOST_ROWS, hash=rulebook.hash[:12]) for line in (_EN if lang == "en" else _ZH)]


def write_columns(book: Book, sheet: Worksheet, row: int, facts: Iterable[Fact], columns: Columns, lang: str) -> None:
    """List every fact with its group, how it is written and what it means, from a row on."""
    write_row(sheet, row, _HEAD[lang == "en"], book.head())
    for at, fact in enumerate(facts, start=row + 1):
        meant = [text.get(lang) for text in (fact.question, fact.help) if text is not None]
        if fact.values:
            meant.append(("; " if lang == "en" else "；").join(label.get(lang) for label in fact.values.values()))
        kind = words.pick(_KINDS[fact.type], lang)
        cells = (columns.heading(fact.id, lang), words.group(fact.group, lang), kind, " ".join(meant))
        write_row(sheet, at, cells, book.format(text_wrap=True))
