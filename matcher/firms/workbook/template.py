"""Makes the spreadsheet that a clerk fills in: a column a fact, drop-downs, notes, and a sheet that says how."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from matcher.firms import FIELD_LABELS, FOR, NAME, ItemKey, read_key
from matcher.firms.spreadsheets import MOST_ROWS, NEEDED, Columns, column_name
from matcher.rulebook import Fact, Rulebook
from matcher.rulebook.language import BELONGS_TO, ITEM_KINDS, KIND_WORDS
from matcher.text import punctuation

from . import words
from .book import Book, Worksheet, write_row

# ---------------------------------------------------------------------------------------------------------------------
# The sheet beside the template that says how to fill it in, and lists its columns with their choices.
# ---------------------------------------------------------------------------------------------------------------------


_ZH = (
    "填写说明",
    "1. 每行一家企业，最多 {most} 家。企业名称和统一社会信用代码必填；一家企业只填一行。",
    "2. 其他各列，知道的填，不清楚的留空：空着按“不清楚”处理，不当作 0 或“否”。填得越多，能确定的政策越多。",
    "3. “是／否”和选项从下拉列表中选；日期写成 2022-03-01；金额以元为单位，也可写 30万、1.2亿；比率带百分号。",
    "4. 各列可以删去，也可以换次序；请不要改第一行（已隐藏，系统靠它认列）。列名可以改。",
    "5. 不要合并单元格，不要在企业之间加小计。公式按它显示的值读取。",
    "6. 有误的行会标出来，改好后把整个文件或改过的行再传一次；其余各行照常判断。",
    "7. 有几笔贷款、几台设备的，填在“贷款”“设备”等工作表里，一行一个，写上企业的统一社会信用代码，一家最多20个；"
    "只有一个的，填在“企业”表的列里即可。",
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
    "7. Several loans or machines go into the sheets loans, pieces of equipment and so on, one a row with the firm's credit code, 20 of "
    "a firm at most; one alone may stand in the columns here.",
    "Rulebook {hash}",
)

_INSTRUCTIONS_HEAD = (("列", "组", "填法", "说明"), ("column", "group", "written as", "explanation"))

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


def write_columns(book: Book, sheet: Worksheet, row: int, facts: Iterable[Fact], rulebook: Rulebook, lang: str) -> None:
    """List every fact with its group, how it is written and what it means, from a row on."""
    columns = Columns(rulebook)
    write_row(sheet, row, _INSTRUCTIONS_HEAD[lang == "en"], book.head())
    for at, fact in enumerate(facts, start=row + 1):
        meant = [text.get(lang) for text in (fact.question, fact.help) if text is not None]
        if fact.values:
            meant.append(punctuation(lang).semicolon.join(label.get(lang) for label in fact.values.values()))
        kind = words.pick(_KINDS[fact.type], lang)
        cells = (columns.heading(fact.id, lang), rulebook.group_label(fact.group).get(lang), kind, " ".join(meant))
        write_row(sheet, at, cells, book.format(text_wrap=True))


# ---------------------------------------------------------------------------------------------------------------------
# Makes the spreadsheet that a clerk fills in: a column a fact, drop-downs, notes, and a hidden row by which it is
# read back.
# ---------------------------------------------------------------------------------------------------------------------


FIRST = (*NEEDED, "former_names")

_HEAD = 1  # the row of headings, under the hidden one of ids

_WIDTHS = {"name": 32, "credit_code": 22, "former_names": 24}

_SHADES = ("#1F4E79", "#385723")

_SHEETS = {"firms": ("企业", "Firms"), "about": ("填写说明", "Instructions"), "choices": ("选项", "Choices")}

_MADE_ON = datetime.date(2020, 1, 1)  # the rules change a template, not the day

_DAYS = (datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))

_LARGEST = 10**15


def template(rulebook: Rulebook, lang: str = "zh", schemes: Iterable[str] | None = None) -> bytes:
    """Return an empty .xlsx for up to `MOST_ROWS` firms with every fact that a firm may be asked (or that these schemes need)."""
    book = Book(words.pick(("企业情况填报表", "Facts of firms"), lang), _MADE_ON)
    asked = facts_asked(rulebook, schemes)
    kinds = [kind for kind in ITEM_KINDS if any(kind in fact.of for fact in asked)]
    sheets = {"firms": book.sheet(words.pick(_SHEETS["firms"], lang), fits=False)}
    items = {kind: book.sheet(KIND_WORDS[kind].noun(lang), fits=False) for kind in kinds}
    sheets |= {key: book.sheet(words.pick(_SHEETS[key], lang), fits=key == "about") for key in ("about", "choices")}
    lists = _Firms(rulebook, book, sheets["firms"], sheets["choices"], lang)
    lists.write([*FIRST, *(fact.id for fact in asked)])
    for kind, lists.sheet in items.items():
        fields = (NAME, FOR) if BELONGS_TO[kind] else (NAME,)
        own = [fact.id for fact in asked if kind in fact.of]
        lists.write(["credit_code", *(str(ItemKey(kind, 1, field)) for field in fields), *own])
    sheets["about"].set_column(0, 0, 48)
    sheets["about"].set_column(1, 2, 26)
    sheets["about"].set_column(3, 3, 90)
    written = lines(rulebook, lang)
    for row, line in enumerate(written):
        sheets["about"].write_string(row, 0, line, book.format(bold=row == 0))
    write_columns(book, sheets["about"], len(written) + 1, asked, rulebook, lang)
    sheets["choices"].hide()
    sheets["firms"].activate()
    return book.bytes()


def facts_asked(rulebook: Rulebook, schemes: Iterable[str] | None = None) -> list[Fact]:
    """The facts that firms are asked, by group in the order in which one asks; those of the first columns left out."""
    wanted = set(rulebook.facts if schemes is None else rulebook.facts_needed(schemes))
    found = [fact for fact in rulebook.facts.values() if fact.stated_by == "firm" and fact.id not in FIRST]
    return sorted((fact for fact in found if fact.id in wanted), key=lambda fact: rulebook.group_rank(fact.group))


class _Firms:
    """Writes the sheet of firms, those of their loans, projects …, and the lists of their drop-downs beside them."""

    def __init__(self, rulebook: Rulebook, book: Book, sheet: Worksheet, choices: Worksheet, lang: str) -> None:
        self.rulebook, self.book, self.sheet, self.choices, self.lang = rulebook, book, sheet, choices, lang
        self.columns = Columns(rulebook)
        self.lists = 0

    def write(self, ids: Sequence[str]) -> None:
        """Write a sheet with these columns."""
        write_row(self.sheet, 0, ids, self.book.format(font_color="#808080"))
        self.sheet.set_row(0, None, None, {"hidden": True})
        self.sheet.set_row(_HEAD, 62)
        for at, column in enumerate(ids):
            self._column(at, column, self.rulebook.facts.get(column))
        self.sheet.freeze_panes(_HEAD + 1, 2)
        self.sheet.set_comments_author("")

    def _column(self, at: int, column: str, fact: Fact | None) -> None:
        rank, _ = self.rulebook.group_rank(fact.group) if fact is not None else (0, "")
        shade = _SHADES[rank % 2]
        style = self.book.format(bold=True, text_wrap=True, bg_color=shade, font_color="#FFFFFF", border=1)
        key = read_key(column)
        heading = FIELD_LABELS[key.field].get(self.lang) if key else self.columns.heading(column, self.lang)
        self.sheet.write_string(_HEAD, at, heading, style)
        kind = "text" if fact is None else fact.type
        number = {"text": "@", "rate": "@", "date": "yyyy-mm-dd", "money": "#,##0.00", "integer": "0"}.get(kind)
        cells = self.book.format(num_format=number) if number else self.book.format()
        self.sheet.set_column(at, at, _WIDTHS.get(column, 16), cells)
        note = self._note(column, fact)
        self.sheet.write_comment(_HEAD, at, note, {"x_scale": 2.2, "y_scale": 1 + note.count("\n") / 3})
        rule = self._rule(fact) if fact is not None else None
        if rule is not None:
            self.sheet.data_validation(_HEAD + 1, at, _HEAD + MOST_ROWS, at, {"ignore_blank": True, **rule})

    def _note(self, column: str, fact: Fact | None) -> str:
        key = read_key(column)
        if key is not None:
            return words.pick(_FIELD_NOTES[key.field], self.lang)
        if fact is None:
            return words.pick(("多个曾用名用 | 分开", "several are separated by |"), self.lang)
        parts = [self.rulebook.group_label(fact.group).get(self.lang)]
        parts += [text.get(self.lang) for text in (fact.question, fact.help) if text is not None]
        parts += [words.pick(_HOW[fact.type], self.lang)] if fact.type in _HOW else []
        return "\n".join(parts)

    def _rule(self, fact: Fact) -> dict[str, Any] | None:
        """What may be typed; a sum only warns, since 30万 is read too."""
        stop = {"error_title": words.pick(("请改正", "Please correct"), self.lang)}
        least, most = fact.min, fact.max
        low, high = (-_LARGEST if least is None else float(least)), (_LARGEST if most is None else float(most))
        bounds = {"criteria": "between", "minimum": low, "maximum": high}
        said = words.pick(_HOW.get(fact.type, ("", "")), self.lang)
        match fact.type:
            case "boolean":
                return {**stop, "validate": "list", "source": _yes_no(self.lang), "error_message": said}
            case "enum":
                return {**stop, "validate": "list", "source": self._list(fact), "error_message": said}
            case "date":
                days = {"criteria": "between", "minimum": _DAYS[0], "maximum": _DAYS[1]}
                return {**stop, "validate": "date", **days, "error_message": said}
            case "integer" | "number":
                kind = "integer" if fact.type == "integer" else "decimal"
                return {**stop, "validate": kind, **bounds, "error_message": said}
            case "money":
                return {**stop, "validate": "decimal", **bounds, "error_type": "warning", "error_message": said}
        return None

    def _list(self, fact: Fact) -> str:
        """Write the labels of a fact into a column of the hidden sheet; the range where they stand."""
        labels = [fact.id, *(label.get(self.lang) for label in fact.values.values())]
        for row, label in enumerate(labels):
            self.choices.write_string(row, self.lists, label)
        column = column_name(self.lists)
        self.lists += 1
        return f"='{words.pick(_SHEETS['choices'], self.lang)}'!${column}$2:${column}${len(labels)}"


_FIELD_NOTES: dict[str, words.Pair] = {
    NAME: (
        "怎么叫它，如“设备贷款”；函件和结果里用这个名称",
        "what it is called, such as “equipment loan”; letters and results name it so",
    ),
    FOR: (
        "为哪个项目或设备，写它的名称；没有就留空",
        "the name of the project or machine that it is for; leave it empty if none",
    ),
}


def _yes_no(lang: str) -> list[str]:
    return ["yes", "no"] if lang == "en" else ["是", "否"]


_HOW: dict[str, words.Pair] = {
    "boolean": ("选“是”或“否”；不清楚就留空", "choose yes or no; leave it empty if not known"),
    "enum": ("从下拉列表中选一项；不清楚就留空", "choose from the list; leave it empty if not known"),
    "date": ("填日期，如 2022-03-01；不清楚就留空", "a date such as 2022-03-01; leave it empty if not known"),
    "integer": ("填整数；不清楚就留空", "a whole number; leave it empty if not known"),
    "number": ("填数；不清楚就留空", "a number; leave it empty if not known"),
    "money": (
        "以元为单位填数，如 300000，也可写 30万；不清楚就留空，不要填 0",
        "in yuan, such as 300000; leave it empty if not known, do not write 0",
    ),
    "rate": ("带百分号填写，如 4.35%；不清楚就留空", "with its sign, such as 4.35%; leave it empty if not known"),
}
