"""Know which industry codes of GB/T 4754-2017 exist, and what shop owners call the trades of each."""

from __future__ import annotations

import csv
import functools
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matcher.places import rules_dir
from matcher.rulebook import Problem, RulebookError, Text, decode, read_bytes

from .faults import Remark

# ---------------------------------------------------------------------------------------------------------------------
# Read a comma-separated list of `rules/reference` within stated sizes, every fault with its file and line.
# ---------------------------------------------------------------------------------------------------------------------


MAX_ROWS = 5_000

MAX_CELL = 1_000

Row = tuple[int, dict[str, str]]


def read_table(directory: Path, name: str, columns: tuple[str, ...]) -> list[Row]:
    """Return the rows of the list `name` (as `reference/x.csv`) under the rules folder, each with its line (1-based).

    Raises RulebookError where it is no UTF-8 file of at most 2 MB, its header is not `columns`, a row has more or
    fewer cells, a cell more than 1,000 characters, or there are more than 5,000 rows.
    """
    # Spreadsheets put a byte-order mark before what they save as UTF-8.
    text = decode(read_bytes(directory / name, name), name).removeprefix("\ufeff")
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        for cells in lines:
            fault = _fault(cells, columns, len(rows))
            if fault is not None:
                raise RulebookError([Problem(name, lines.line_num, "-", fault)])
            rows.append((lines.line_num, dict(zip(columns, cells, strict=True))))
    except csv.Error as error:
        raise RulebookError([Problem(name, lines.line_num, "-", f"not comma-separated text: {error}")]) from None
    if not rows:
        raise RulebookError([Problem(name, 1, "-", f"the first line must be {','.join(columns)}")])
    return rows[1:]


def _fault(cells: list[str], columns: tuple[str, ...], before: int) -> str | None:
    """Say what is wrong with one row, the header being the first."""
    if before == 0 and tuple(cells) != columns:
        return f"the first line must be {','.join(columns)}"
    if len(cells) != len(columns):
        return f"{len(cells)} cells; the list has {len(columns)} columns"
    if any(len(cell) > MAX_CELL for cell in cells):
        return f"a cell of more than {MAX_CELL} characters"
    return f"more than {MAX_ROWS} rows" if before > MAX_ROWS else None


# ---------------------------------------------------------------------------------------------------------------------
# Read the groups of GB/T 4754-2017 with the plain words that shop owners use for them, and refuse a list that is
# wrong.
# ---------------------------------------------------------------------------------------------------------------------


STANDARD = "reference/gbt4754.csv"

KEYWORDS = "reference/industries.csv"

DIVISIONS = "reference/divisions.csv"

MAX_KEYWORDS = 150

MAX_KEYWORD = 40


@dataclass(frozen=True, slots=True)
class IndustryGroup:
    """A group (three digits) of GB/T 4754-2017 with what it stands under, the names of its classes, and our keywords.

    Names are the Chinese ones of the standard; the keywords are our own and equal none of them.
    """

    code: str
    name: str
    section: str
    section_name: str
    division: str
    division_name: str
    class_names: tuple[str, ...]
    keywords_zh: tuple[str, ...]
    keywords_en: tuple[str, ...]

    @property
    def keywords(self) -> tuple[str, ...]:
        """The keywords of both languages, Chinese first."""
        return self.keywords_zh + self.keywords_en


def read_groups(directory: Path) -> tuple[IndustryGroup, ...]:
    """Return the groups of the lists under the rules folder `directory`, in the order of the standard.

    Raises RulebookError with every fault found: a group that is missing, unknown, misnamed or there twice, and
    keywords that are missing, too many, too long, there twice, or a name of the standard.
    """
    standard = [row for _, row in read_table(directory, STANDARD, ("level", "code", "name_zh", "parent"))]
    rows = read_table(directory, KEYWORDS, ("code", "name_zh", "keywords_zh", "keywords_en"))
    problems = [*_group_faults(rows, standard), *_keyword_faults(rows, {row["name_zh"] for row in standard})]
    if problems:
        raise RulebookError(problems)
    return tuple(_groups({row["code"]: row for _, row in rows}, standard))


def _group_faults(rows: list[Row], standard: list[dict[str, str]]) -> Iterator[Problem]:
    official = {row["code"]: row["name_zh"] for row in standard if row["level"] == "group"}
    first: dict[str, int] = {}
    for line, row in rows:
        code = row["code"]
        if code not in official:
            yield _problem(line, code, "no group of GB/T 4754-2017: three digits of reference/gbt4754.csv")
        elif row["name_zh"] != official[code]:
            yield _problem(line, code, f"the group is called {official[code]}")
        if first.setdefault(code, line) != line:
            yield _problem(line, code, f"the group stands twice; first on line {first[code]}")
    for code in official.keys() - first.keys():
        yield _problem(1, code, f"the group {official[code]} is missing")


def _keyword_faults(rows: list[Row], names: set[str]) -> Iterator[Problem]:
    for line, row in rows:
        listed = [*_split(row["keywords_zh"]), *_split(row["keywords_en"])]
        faults = [] if len(listed) <= MAX_KEYWORDS else [f"{len(listed)} keywords; at most {MAX_KEYWORDS} are read"]
        faults += [] if row["keywords_zh"] else ["no Chinese keyword; write some, separated by |"]
        faults += [fault for index, word in enumerate(listed) if (fault := _word_fault(word, listed[:index], names))]
        yield from (_problem(line, row["code"], fault) for fault in faults)


def _word_fault(word: str, before: list[str], names: set[str]) -> str | None:
    """Say why one keyword is none: searches read the standard's own names anyway, so repeating one adds nothing."""
    if not word or word != word.strip() or len(word) > MAX_KEYWORD:
        return f"a keyword has 1 to {MAX_KEYWORD} characters and no space around it"
    if word in before:
        return f"the keyword {word} stands twice"
    return f"{word} is a name of the standard, which is searched anyway; take it out" if word in names else None


def _problem(line: int, code: str, fault: str) -> Problem:
    return Problem(KEYWORDS, line, code[:MAX_KEYWORD] or "-", fault)


def _groups(written: dict[str, dict[str, str]], standard: list[dict[str, str]]) -> Iterator[IndustryGroup]:
    entry = {row["code"]: row for row in standard}
    classes: dict[str, list[str]] = {}
    for row in standard:
        classes.setdefault(row["parent"], []).append(row["name_zh"])
    for row in (row for row in standard if row["level"] == "group"):
        division = entry[row["parent"]]
        keywords = written[row["code"]]
        yield IndustryGroup(
            code=row["code"],
            name=row["name_zh"],
            section=division["parent"],
            section_name=entry[division["parent"]]["name_zh"],
            division=division["code"],
            division_name=division["name_zh"],
            class_names=tuple(classes.get(row["code"], ())),
            keywords_zh=_split(keywords["keywords_zh"]),
            keywords_en=_split(keywords["keywords_en"]),
        )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


# ---------------------------------------------------------------------------------------------------------------------
# Know which industry codes of GB/T 4754-2017 exist, and what shop owners call the trades of each group.
# ---------------------------------------------------------------------------------------------------------------------


@functools.cache
def industries() -> dict[str, str]:
    """Return the Chinese name of every division, group and class by its code; empty where the list is not installed.

    Raises RulebookError where the list cannot be read.
    """
    if not (rules_dir() / "reference" / "gbt4754.csv").is_file():
        return {}
    rows = read_table(rules_dir(), "reference/gbt4754.csv", ("level", "code", "name_zh", "parent"))
    return {row["code"]: row["name_zh"] for _, row in rows if row["level"] != "section"}


@functools.cache
def divisions_in_english() -> dict[str, str]:
    """Return what every division (two digits) is called in English, by its code; empty where the list is not installed.

    Raises RulebookError where the list cannot be read.
    """
    if not (rules_dir() / DIVISIONS).is_file():
        return {}
    return {row["code"]: row["name_en"] for _, row in read_table(rules_dir(), DIVISIONS, ("code", "name_en"))}


@functools.cache
def groups() -> tuple[IndustryGroup, ...]:
    """Return the groups (three digits) with their keywords, in the order of the standard; read on the first call.

    Raises RulebookError, naming file and line, where `reference/industries.csv` or the code list cannot be used.
    """
    return read_groups(rules_dir())


def read_industry(text: str) -> str | Text:
    """Return the code that a text stands for, or why it is none.

    A division or group filled up with zeros stands for itself: registers write it so, and earlier editions did (1310 of
    2011 is the group 131 of 2017).
    """
    known = industries()
    if re.fullmatch(r"[0-9]{2,4}", text):
        if not known or text in known:
            return text
        group = next((text[:size] for size in (3, 2) if set(text[size:]) == {"0"} and text[:size] in known), None)
        return group or _unknown(text, known)
    narrow = unicodedata.normalize("NFKC", text).strip()
    digits = re.fullmatch(r"[A-Ta-t]?\s*([0-9]{2,4})", narrow)
    if digits:
        bare = digits[1]
        return Text(zh=f"只写数字，写成 {bare}", en=f"write the digits only: {bare}")
    return Text(
        zh="行业代码是 GB/T 4754—2017 的 2 至 4 位数字，如 3911",
        en="an industry code has two to four digits of GB/T 4754-2017, such as 3911",
    )


def remark_on(text: str) -> Remark | None:
    """Return what to show where a code is read as something else than was written."""
    code = read_industry(text.strip())
    if isinstance(code, Text) or code == text.strip():
        return None
    name = industries()[code]
    zh = f"GB/T 4754—2017 中没有行业代码 {text}，按 {code}（{name}）处理"
    en = f"GB/T 4754-2017 has no industry code {text}; read as {code}"
    return Remark("industry_read_as_group", ("industry",), Text(zh=zh, en=en))


def _unknown(code: str, known: dict[str, str]) -> Text:
    parent = next((code[:size] for size in range(len(code) - 1, 1, -1) if code[:size] in known), None)
    zh, en = f"GB/T 4754—2017 中没有行业代码 {code}", f"GB/T 4754-2017 has no industry code {code}"
    if parent is None:
        return Text(zh=zh, en=en)
    below = [child for child in sorted(known) if len(child) == len(parent) + 1 and child.startswith(parent)]
    listed_zh = "、".join(f"{child} {known[child]}" for child in below[:6])
    listed_en = ", ".join(below[:6])
    return Text(
        zh=f"{zh}；{parent}（{known[parent]}）之下有 {listed_zh}{' 等' if below[6:] else ''}",
        en=f"{en}; under {parent} there are {listed_en}{' and more' if below[6:] else ''}",
    )
