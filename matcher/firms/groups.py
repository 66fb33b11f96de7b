"""Read the groups of GB/T 4754-2017 with the plain words that shop owners use for them, and refuse a list that is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matcher.firms.reference import Row, read_table
from matcher.rulebook import Problem, RulebookError

STANDARD = "reference/gbt4754.csv"
KEYWORDS = "reference/industries.csv"
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
