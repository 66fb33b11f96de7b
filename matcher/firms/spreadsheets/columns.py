"""Says which fact a heading names: by the vocabulary's own words, or by those that people and programs use."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from matcher.firms import COMPLETE, FIELD_LABELS, FOR, MOST_ITEMS, NAME, ItemKey, read_key
from matcher.rulebook import Fact, Rulebook, Text
from matcher.rulebook.language import BELONGS_TO, KIND_WORDS, ItemKind
from matcher.text import UNITS, sentences

from .usual_headings import USUAL

_FIELD_NAMES: Mapping[str, frozenset[str]] = {
    NAME: frozenset({"名称", "名字", "name"}),
    FOR: frozenset({"属于", "所属", "所属项目", "所属设备", "用于", "for", "is for", "owner"}),
    COMPLETE: frozenset({"是否已列全", "是否列全", "已列全", "all listed", "all of them listed", "complete"}),
}

_COMPLETE_FACT = Fact.model_validate(
    {"id": COMPLETE, "type": "boolean", "label": FIELD_LABELS[COMPLETE], "group": "identity", "stated_by": "department"}
)

_KIND_NAMES = {kind: frozenset({words.zh, words.en, kind}) for kind, words in KIND_WORDS.items()}

_OF_ITEM = re.compile(
    rf"({'|'.join(sorted({name for names in _KIND_NAMES.values() for name in names}, key=len, reverse=True))})"
    r"\s*-?\s*(\d{1,2})\s*[.:,、_/·–—\-\s]*的?(\D.*)"
)

NEEDED = ("name", "credit_code")

OWN = ("id", "former_names", "parent_id")

"""Columns that are no facts."""

OWN_LABELS = {
    "id": Text(zh="编号", en="id"),
    "former_names": Text(zh="曾用名", en="former names"),
    "parent_id": Text(zh="总公司编号", en="parent id"),
}

_UNIT = re.compile(r"\s*[(\[](?:单位[::]?\s*)?(人民币)?([^()\[\]]{1,12})[)\]]$")

_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]$")

_YUAN = {
    **{"元": 1, "千元": 1_000, "万元": 10_000, "万": 10_000, "十万元": 100_000, "百万元": 1_000_000},
    **{"千万元": 10_000_000, "亿元": 10**8, "亿": 10**8, "yuan": 1, "rmb": 1, "cny": 1},
    **{"10,000 yuan": 10_000, "10 000 yuan": 10_000, "1,000 yuan": 1_000, "million yuan": 1_000_000},
    **{
        "rmb 10,000": 10_000,
        "cny 10,000": 10_000,
        "rmb 10k": 10_000,
        "rmb million": 1_000_000,
        "million rmb": 1_000_000,
    },
}

_OTHER_UNITS = {
    **{"人": "integer", "名": "integer", "persons": "integer", "月": "integer", "个月": "integer", "个": "integer"},
    **{"%": "rate", "％": "rate", "百分比": "rate"},
}

_HINTS = re.compile(
    r"\s*[(\[](?:是/否|是否|有/无|必填|选填|可选|是\\否|y/n|√/×|下拉选择|选择|18位|年月日|必填项|\*)[)\]]"
)

BETWEEN = " / "

"""What stands between the two parts of a double heading."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is compared: without its unit, ``yuan`` the yuan that one of it is, ``kind`` the type a unit calls for."""

    bare: str
    yuan: Decimal | None = None
    kind: str | None = None


def parse(heading: str) -> Heading:
    """Take a heading apart: `营业收入（万元）` is 营业收入 in units of 10,000 yuan."""
    written = plain_heading(heading)
    found = _UNIT.search(written)
    unit = found[2].strip() if found else ""
    if found and unit in _YUAN:
        return Heading(written[: found.start()], Decimal(_YUAN[unit]), "money")
    if found and unit in _OTHER_UNITS:
        return Heading(written[: found.start()], None, _OTHER_UNITS[unit])
    return Heading(written)


def plain_heading(heading: str) -> str:
    """A heading in half-width lower case without line breaks or the star of a field that must be filled."""
    narrow = unicodedata.normalize("NFKC", heading).casefold()
    if not narrow.isascii():  # 统一社会 over 信用代码, 合 计: only English has spaces between its words
        narrow = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", narrow)
        narrow = re.sub(r"\s+(?=[(\[])", "", narrow)
    plain = _HINTS.sub("", re.sub(r"\s+", " ", narrow)).strip(" *:：?？")
    numbered = _NUMBERED.match(plain)
    plain = plain[numbered.end() :] if numbered else plain
    found = _UNIT_AND_WHEN.fullmatch(plain)
    when = (found["before"] or found["after"]) if found else None
    return f"{when}{found['what']}({found['unit']})" if found and when else plain


_NUMBERED = re.compile(
    r"(?:\d{1,2}[、.](?!\d)|\(\d{1,2}\)|[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))\s*", re.ASCII
)

_UNIT_AND_WHEN = re.compile(
    r"(?P<what>[^()]+)\((?:(?P<before>20\d\d年(?:度|末)?|上年(?:度|末)?)[,、;]\s*)?(?P<unit>[千百十]?[万亿]?元|人)"
    r"(?:[,、;]\s*(?P<after>20\d\d年(?:度|末)?|上年(?:度|末)?))?\)"
)


def unit_of_heading(heading: str) -> Decimal | None:
    """The yuan that one of a heading's unit is worth, whichever of its two parts names it; None where none does."""
    found = [parse(part).yuan for part in heading.split(BETWEEN)]
    return next((yuan for yuan in reversed(found) if yuan is not None), None)


def unit_above(text: str) -> Decimal | None:
    """The yuan that one of the unit is worth that a title or a note states for the whole list, as 单位：万元 does; None for none."""
    plain = plain_heading(text)
    found = _UNIT_STATED.search(plain) or _UNIT_ENDS_TITLE.search(plain)
    return Decimal(_YUAN[found[1]]) if found and found[1] in _YUAN else None


_UNIT_STATED = re.compile(r"(?:金额|计量|货币)?单位(?:均?为)?\s*:?\s*(?:人民币)?([千百十]?[万亿]?元)(?![^\W\d_])")

_UNIT_ENDS_TITLE = re.compile(r"\((?:人民币)?([千百十]?[万亿]元)\)$")


def yuan_of_cell(text: str) -> Decimal | None:
    """The yuan that one of the unit is worth that ends a cell, as in 350万元; None where none does."""
    found = _UNIT_ENDS_CELL.search(unicodedata.normalize("NFKC", text).strip())
    return Decimal(_YUAN[found[0]]) if found and found[0] in _YUAN else None


_UNIT_ENDS_CELL = re.compile(r"[千百十]?[万亿]?元$|[万亿]$")


def is_unit(text: str) -> bool:
    """Whether a text is nothing but a unit, as it stands under a heading in a row of its own."""
    return unicodedata.normalize("NFKC", text).strip(" ()[]") in (*_YUAN, *_OTHER_UNITS, "是/否", "年/月/日", "年月日")


def forms(heading: str) -> tuple[str, ...]:
    """The plain ways to read a heading: a double one as both parts in either order, and as its lower part alone.

    The lower part does not stand alone where the upper one says of when it is: 2024年 over 营业收入, 一季度 over 季初人数;
    then it stands with that: 上年经营情况 over 营业收入 is 上年营业收入.
    """
    whole = plain_heading(heading)
    upper, between, lower = whole.rpartition(BETWEEN)
    if not between:
        return (whole,)
    unit = _UNIT.search(lower)
    bare, ends = (lower[: unit.start()], unit[0]) if unit else (lower, "")
    both = (f"{upper}{bare}{ends}", f"{bare}{upper}{ends}")
    if not _WHEN.search(upper) or (_WHEN.search(lower) and not _YEAR_OR_QUARTER.search(upper)):
        return (*both, lower)
    when = _PERIOD.search(upper)
    return (*both, f"{when[0]}{bare}{ends}") if when and when[0] != upper else both


_WHEN = re.compile(r"[年月季初末]|20\d\d")

_YEAR_OR_QUARTER = re.compile(r"20\d\d|季度|[一二三四1-4]季")

_PERIOD = re.compile(
    r"20\d\d年(?:度|末|底)?|上月末|(?:上一?年度?|去年度?|本年度?|当年)末?|年末|第?[一二三四1-4]季度|本期|当期|上期"
)


def usual_words(bare: str) -> str:
    """A heading with one word for those that mean the same of it: 去年 and 上一年度 are 上年, 第1季度 is 一季度, 的 is nothing."""
    for pattern, word in _SAME:
        bare = pattern.sub(word, bare)
    return bare


_QUARTERS: Mapping[str, str] = {"1": "一", "2": "二", "3": "三", "4": "四"}

_SAME: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # Questions, as a questionnaire exports them: 3、贵企业目前有多少职工？ is 现有职工.
    (re.compile(r"^(?:请问|请填写|请选择)|[?。]"), ""),
    (re.compile(r"^(?:贵|您的?|你们?的?)(?:企业|公司|单位)的?"), ""),
    (re.compile(r"(?:目前|现在)(?:共?有)(?:多少)?"), "现有"),
    (re.compile(r"(?<=.)(?:是|为|有)多少(?:元|人|家)?$"), ""),
    (re.compile(r"(?:上一?|去)年度?(?:年(?=末))?"), "上年"),
    (re.compile(r"第?([一二三四1-4])季(?:度|(?=[期初末]))"), lambda found: f"{_QUARTERS.get(found[1], found[1])}季度"),
    (re.compile(r"(?<=季度)[季期](?=[初末])"), ""),
    (re.compile(r"从业人员(?:人数|数)?"), "从业人数"),
    (re.compile(r"的|^(?:是|在)?(?:哪个|什么)"), ""),
)


class Columns:
    """The columns that a list can have, by every exact heading that is known for them."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.facts = rulebook.facts
        self.names: dict[str, str] = {
            heading: column for heading, column in _usual().items() if column in self.facts or column in OWN
        }
        for lang in ("zh", "en"):
            for column in (*self.facts, *OWN):
                self.names.setdefault(plain_heading(self.label(column).get(lang)), column)
                self.names.setdefault(plain_heading(self.heading(column, lang)), column)
        self.names |= {column: column for column in (*self.facts, *OWN)}
        self._in_usual_words = _in_usual_words(self.names)
        for kind, words in KIND_WORDS.items():
            key = str(ItemKey(kind, 1, COMPLETE))
            self.names |= {f"{words.zh}{name}": key for name in _FIELD_NAMES[COMPLETE]} | {
                f"all {words.several} listed": key
            }

    def named(self, heading: str) -> str | None:
        """Return the column or fact that a heading names, by its id, label or a usual name; None for others.

        A unit that does not go with the fact (人 beside a sum) makes it another heading.
        """
        for form in forms(heading):
            whole = self.names.get(form)
            if whole is not None:
                return whole
            parsed = parse(form)
            column = self.names.get(parsed.bare)
            if column is not None and self.allows(parsed, column):
                return column
        for parsed in map(parse, forms(heading)):
            column = self._in_usual_words.get(usual_words(parsed.bare))
            if column is not None and self.allows(parsed, column):
                return column
        lasting = self.names.get(parse(heading.rpartition(BETWEEN)[2]).bare)
        return lasting if lasting in LASTING else self._of_item(heading)

    def names_of(self, column: str) -> list[str]:
        """The plain headings that are known for a column."""
        return [name for name, named in self.names.items() if named == column]

    def _of_item(self, heading: str) -> str | None:
        """What a heading names that says which of several it is of: 贷款2本金 is ``loan-2.loan_principal``; the first is the firm's."""
        found = _OF_ITEM.fullmatch(plain_heading(heading))
        kind = next((kind for kind, words in _KIND_NAMES.items() if found and found[1] in words), None)
        if found is None or kind is None or not 1 <= int(found[2]) <= MOST_ITEMS:
            return None
        number, rest = int(found[2]), found[3]
        for field, names in _FIELD_NAMES.items():
            if rest in names and (field != COMPLETE or number == 1) and (field != FOR or BELONGS_TO[kind]):
                return str(ItemKey(kind, number, field))
        for form in (rest, f"{found[1]}{rest}"):
            column = self.names.get(form) or self.names.get(parse(form).bare)
            if (
                column is not None
                and column in self.facts
                and kind in self.facts[column].of
                and self.allows(parse(form), column)
            ):
                return column if number == 1 else str(ItemKey(kind, number, column))
        return None

    def fact_of(self, column: str) -> Fact | None:
        """The fact that a column tells, of the firm or of one of several loans, projects …; None for the others."""
        key = read_key(column)
        if key is not None and key.field == COMPLETE:
            return _COMPLETE_FACT
        return self.facts.get(column if key is None else key.field)

    def allows(self, heading: Heading, column: str) -> bool:
        """Whether the unit of a heading, if it has one, is one for this column."""
        if heading.kind is None:
            return True
        fact = self.fact_of(column)
        if fact is None:
            return False
        # People may be counted in parts: somebody of a severe degree of disability counts twice, one of half a year half.
        return fact.type == heading.kind or (heading.kind == "integer" and fact.unit == "persons")

    def is_known(self, column: str) -> bool:
        """Whether there is such a fact or column."""
        key = read_key(column)
        if key is not None:
            return key.field in FIELD_LABELS or key.kind in getattr(self.facts.get(key.field), "of", ())
        return column in self.facts or column in OWN

    def label(self, column: str) -> Text:
        """The label of a fact or of a column that is none."""
        key, fact = read_key(column), self.fact_of(column)
        if key is not None and key.field == COMPLETE:
            words = KIND_WORDS[key.kind]
            return Text(zh=f"{words.zh}{FIELD_LABELS[COMPLETE].zh}", en=f"all {words.several} listed")
        if key is not None:
            what = FIELD_LABELS[key.field] if fact is None else fact.label
            return Text(zh=f"{key.label.zh}{what.zh}", en=f"{key.label.en}: {what.en}")
        return OWN_LABELS[column] if fact is None else fact.label

    def heading(self, column: str, lang: str) -> str:
        """The heading that the template gives a column: its label with its unit, 上年度营业收入（元）."""
        label, fact = self.label(column).get(lang), self.fact_of(column)
        unit = "" if fact is None else unit_of(fact, lang)
        stated = _BRACKETS.search(label)
        if not unit or (stated and stated[1] in unit):  # 贷款期限（月） says it itself
            return label
        return f"{label} ({unit})" if lang == "en" else f"{label}（{unit}）"


LASTING = frozenset({*NEEDED, "established_on", "former_names", "id"})

"""What is the same whenever it is: 2025年度基本情况 may stand over it."""


def _in_usual_words(names: Mapping[str, str]) -> Mapping[str, str]:
    """The names in usual words; one that would be of several columns is left out."""
    found: dict[str, str | None] = {}
    for name, column in names.items():
        plain = usual_words(parse(name).bare) or name
        found[plain] = column if found.get(plain, column) == column else None
    return {name: column for name, column in found.items() if column is not None}


def is_owner_heading(kind: ItemKind, heading: str) -> bool:
    """Whether a column of a table of items of a kind says what each is for: 属于, 所属项目."""
    return bool(BELONGS_TO[kind]) and plain_heading(heading) in _FIELD_NAMES[FOR]


def unit_of(fact: Fact, lang: str) -> str:
    """The unit in which a column of the template states a fact; empty where it has none."""
    if fact.type == "money":
        return sentences.say("元", lang)
    if fact.type == "rate":
        return "%"
    return UNITS.get(fact.unit or "", (fact.unit or "", fact.unit or ""))[lang == "en"]


@functools.cache
def _usual() -> Mapping[str, str]:
    words = {plain_heading(heading): column for column, listed in USUAL.items() for heading in listed.split()}
    return {heading.replace("_", " "): column for heading, column in words.items()} | words
