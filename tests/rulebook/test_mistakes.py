"""A policy officer's mistakes: each is named with file, line and column, in both languages, with what was meant and how to write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from matcher.rulebook.reading import Problem
from tests.rulebook.faulty import CONCEPTS, EQUIPMENT, FACTS, FIGURES, IMPORT, ORDER, RESEARCH, refused, sow
from tests.rulebook.test_interplay import GOOD
from tests.rulebook.test_loading import SEEDS

INSTRUMENTS = "instruments/deductions.yaml"
RELATIONS = "interplay.yaml"


@dataclass(frozen=True)
class Mistake:
    """In `file` the text `old`, where it first stands, becomes `new`; what is said of it in Chinese and in English."""

    name: str
    file: str
    old: str
    new: str
    zh: str
    en: str


MISTAKES = [
    Mistake(
        "wrong fact",
        RESEARCH,
        "is_audited_collection, says",
        "is_audited_colection, says",
        "是不是'is_audited_collection'",
        "did you mean 'is_audited_collection'?",
    ),
    Mistake(
        "unknown fact",
        RESEARCH,
        "is_audited_collection, says",
        "has_moon_base, says",
        "没有'has_moon_base'这个名字",
        "unknown name 'has_moon_base'",
    ),
    Mistake(
        "wrong unit",
        RESEARCH,
        "test: is_audited_collection",
        "test: rd_expense >= employees",
        "单位对不上：yuan与persons",
        "units do not fit: yuan and persons",
    ),
    Mistake(
        "bare number",
        RESEARCH,
        "negative_list_revenue_share <= rd.negative_list_share",
        "negative_list_revenue_share <= 0.5",
        "在rules/parameters里给它起名",
        "make it a parameter",
    ),
    Mistake("tab", RESEARCH, "    requires:", "\trequires:", "缩进只用空格", "a tab stands here; indent with spaces"),
    Mistake(
        "full-width colon of a key",
        RESEARCH,
        "award: by_law",
        "award：by_law",
        "半角冒号",
        "a full-width colon (：) stands here",
    ),
    Mistake(
        "full-width colon in braces",
        RESEARCH,
        "name: {zh: ",
        "name: {zh：",
        "全角冒号",
        "a full-width colon (：) stands in the key",
    ),
    Mistake("full-width comma", IMPORT, "{zh: ", "{zh: 甲，en: ", "全角逗号", "a full-width comma (，) stands here"),
    Mistake(
        "text with a colon",
        RESEARCH,
        "slug: rd-super-deduction",
        "slug: rd-super-deduction\ncaution: see: the notice",
        "整段加上引号",
        "the text holds a colon; put it in quotes",
    ),
    Mistake("quotation mark left open", FACTS, 'zh: "', 'zh: "" "', "没有配对", "is not closed"),
    Mistake(
        "indentation",
        RESEARCH,
        "\nrecipient: firm_price",
        "\n  recipient: firm_price",
        "缩进与上面的行对不齐",
        "the indentation does not fit",
    ),
    Mistake(
        "dates reversed",
        FIGURES,
        "until: 2027-12-31, value: 1.2",
        "until: 2022-12-31, value: 1.2",
        "日期颠倒：2023-01-01起、2022-12-31止",
        "upside down: from 2023-01-01 until 2022-12-31",
    ),
    Mistake(
        "no such day",
        FIGURES,
        "until: 2027-12-31, value: 1.2",
        "until: 2027-02-30, value: 1.2",
        "没有2027-02-30这一天",
        "there is no day 2027-02-30",
    ),
    Mistake(
        "day in words",
        FIGURES,
        "until: 2027-12-31, value: 1.2",
        "until: 2027年底, value: 1.2",
        "写成2026-01-31",
        "write it as 2026-01-31",
    ),
    Mistake(
        "versions overlap",
        EQUIPMENT,
        "{from: 2024-01-01, until: 2027-12-31",
        "{from: 2023-12-31, until: 2027-12-31",
        "与上一版重叠，上一版到2023-12-31为止",
        "overlaps the version before",
    ),
    Mistake(
        "gap between versions",
        EQUIPMENT,
        "{from: 2024-01-01, until: 2027-12-31",
        "{from: 2024-01-03, until: 2027-12-31",
        "有空档：2024-01-01至2024-01-02",
        "a gap: no version from",
    ),
    Mistake(
        "two values on a day",
        FIGURES,
        "{from: 2024-01-01, until: 2027-12-31, value: 5000000",
        "{from: 2023-12-31, until: 2027-12-31, value: 5000000",
        "改开日期",
        "another value of the parameter holds too",
    ),
    Mistake(
        "missing source of a figure",
        FIGURES,
        'value: 1.2, source: "mof-2023-44#第一条"',
        "value: 1.2",
        "缺source",
        "source is missing",
    ),
    Mistake(
        "missing source of a phrase",
        RESEARCH,
        'says: 实行查账征收, source: "caishui-2015-119#第五条"',
        "says: 实行查账征收",
        "引用原文要写出处",
        "a quoted phrase names its source",
    ),
    Mistake(
        "neither phrase nor ground",
        RESEARCH,
        'says: 实行查账征收, source: "caishui-2015-119#第五条"',
        'source: "caishui-2015-119#第五条"',
        "依据原文哪一句",
        "which phrase it encodes",
    ),
    Mistake(
        "phrase that is not quoted",
        EQUIPMENT,
        "says: 房屋、建筑物以外的固定资产",
        "says: 房屋以外的固定资产",
        "一字不差地写",
        "does not stand in the excerpt",
    ),
    Mistake(
        "phrase against operator",
        EQUIPMENT,
        "- {test: equipment_unit_price <= equipment.piece",
        "- {test: equipment_unit_price < equipment.piece",
        "原文的意思是<=，条件却写成<",
        "the phrase means <= but the test uses <",
    ),
    Mistake("missing English", RESEARCH, "amount_means: {zh: ", "amount_means: {zh: 甲} #", "缺en", "en is missing"),
    Mistake(
        "unknown instrument",
        FIGURES,
        "mof-2023-44#第一条",
        "mof-2033-44#第一条",
        "先在rules/instruments里加上",
        "unknown instrument 'mof-2033-44'",
    ),
    Mistake(
        "duplicate id",
        FACTS,
        "- {id: rd_expense,",
        "- {id: rd_intangible_amortisation,",
        "'rd_intangible_amortisation'写了两次",
        "'rd_intangible_amortisation' stands twice",
    ),
    Mistake(
        "key twice",
        RESEARCH,
        "award: by_law\n",
        "award: by_law\naward: by_department\n",
        "这个键写了两次",
        "the key stands twice",
    ),
    Mistake(
        "circular name",
        CONCEPTS,
        "test: legal_form in legal_forms.cit_payer",
        "test: cit_payer",
        "用它自己定义",
        "'cit_payer' is defined by itself",
    ),
    Mistake("per cent sign", FIGURES, "value: 0.5, source", "value: 50%, source", "应写0.5", "write 0.5"),
    Mistake("sum in ten thousands", FIGURES, "value: 5000000", "value: 500万", "应写5000000", "write 5000000"),
    Mistake("sum with commas", FIGURES, "value: 5000000", 'value: "5,000,000"', "应写5000000", "write 5000000"),
    Mistake(
        "misspelt status",
        EQUIPMENT,
        "state: unconfirmed",
        "state: unconfirmd",
        "是不是'unconfirmed'",
        "did you mean 'unconfirmed'?",
    ),
    Mistake(
        "misspelt word",
        RESEARCH,
        "award: by_law",
        "award: by_lawyer",
        "是不是'by_law'？可选：'by_law'、'by_department'",
        "did you mean 'by_law'?",
    ),
    Mistake("misspelt key", RESEARCH, "award: by_law", "awrd: by_law", "是不是'award'", "did you mean 'award'?"),
    Mistake("missing key", RESEARCH, "award: by_law\n", "", "缺award", "award is missing"),
    Mistake(
        "list for text",
        RESEARCH,
        "slug: rd-super-deduction",
        "slug: [rd-super-deduction]",
        "这里应写文字",
        "text is wanted, not a list",
    ),
    Mistake(
        "text for a mapping",
        RESEARCH,
        "department: {zh",
        "department: 税务局 #{zh",
        "这里应写键和值，不是'税务局'",
        "keys with values are wanted, not '税务局'",
    ),
    Mistake(
        "yes for true",
        RESEARCH,
        "award: by_law",
        "award: by_law\nbefore_registration: 是",
        "只写true或false",
        "true or false is wanted, not '是'",
    ),
    Mistake(
        "sum that is no money",
        IMPORT,
        "exact: import_duty_payable",
        "exact: employees",
        "应算出金额",
        "a sum of money is wanted, not persons",
    ),
    Mistake(
        "not in the catalogue",
        ORDER,
        "equipment-deduction\n",
        "",
        "schemes/ORDER里没有这项政策",
        "does not stand in schemes/ORDER",
    ),
    Mistake(
        "figure without a day to confirm",
        FIGURES,
        'value: 0.5, source: "sta-2015-97#第四条", confidence: medium, confirm_by: 2027-12-31',
        'value: 0.5, source: "sta-2015-97#第四条", confidence: medium',
        "哪天前核实",
        "a day to confirm it by",
    ),
    Mistake(
        "relation of an unknown scheme",
        RELATIONS,
        "[rd-super-deduction, equ",
        "[rd-super-deductoin, equ",
        "没有'rd-super-deductoin'这项政策",
        "there is no scheme 'rd-super-deductoin'",
    ),
    Mistake(
        "lapsed relation",
        RELATIONS,
        "  ends: {zh: 只管一年, en: for one year only}\n",
        "",
        "说明为什么不再适用",
        "the relation lapses on 2022-12-31 while",
    ),
    Mistake(
        "comma in a text without quotes",
        RESEARCH,
        "en: rate of the super deduction}",
        "en: at most 80,000 yuan}",
        "整段文字加上引号",
        "the comma before '000 yuan' ends the text before it; put the whole text in quotes",
    ),
    Mistake(
        "pattern of a number",
        IMPORT,
        "versions:\n",
        "versions:\n  - {from: 1990-01-01, until: 1990-12-31, state: unconfirmed, awaits: {zh: 通知, en: a notice, number: 2号}}\n",
        "'2号'不像文号",
        "'2号' is no pattern of a number",
    ),
    Mistake(
        "left open by a draft",
        EQUIPMENT,
        "name: {zh: ",
        "note: 待填：通知的文号 / the number of the notice\nname: {zh: ",
        "还没填：通知的文号",
        "still to be filled in: the number of the notice",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name.replace(" ", "-"))
def test_a_mistake_says_in_both_languages_what_was_meant(mistake: Mistake, rules: Path) -> None:
    """The place is file:line:column; the Chinese says it first, the English next; nothing of the validator's own shows."""
    if mistake.file == RELATIONS:
        (rules / RELATIONS).write_text(GOOD, encoding="utf-8")
    sow(rules / mistake.file, mistake.old, mistake.new)
    said = [str(problem) for problem in refused(rules)]
    found = [text for text in said if mistake.zh in text.split("\n")[0] and mistake.en in text]
    assert found, said
    assert all(re.match(r"[\w/.-]+:\d+:\d+: [^:\n]+: ", text) for text in said), said
    assert not any(
        word in text for text in said for word in ("Input should", "String should", "validation", "pydantic")
    ), said


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name.replace(" ", "-"))
def test_every_fault_that_an_author_can_make_has_its_own_chinese(seed: object, rules: Path) -> None:
    """No fault of the list falls back to a general sentence."""
    sow(rules / seed.file, seed.old, seed.new)  # type: ignore[attr-defined]
    general = [str(problem) for problem in refused(rules) if "说明见英文" in str(problem)]
    assert general == []


def test_the_column_is_that_of_the_key(rules: Path) -> None:
    """An editor jumps to the word itself."""
    sow(
        rules / EQUIPMENT,
        "{from: 2024-01-01, until: 2027-12-31, instrument",
        "{from: 2024-01-01, until: 2027-12-31, instument",
    )
    line = next(
        n
        for n, text in enumerate((rules / EQUIPMENT).read_text(encoding="utf-8").split("\n"), 1)
        if "instument" in text
    )
    written = (rules / EQUIPMENT).read_text(encoding="utf-8").split("\n")[line - 1]
    problem = next(one for one in refused(rules) if "misspelt" in one.message)
    assert (problem.line, problem.column) == (line, written.index("instument") + 1)


def test_an_example_that_works_stands_below() -> None:
    """Where an example helps, it can be copied."""
    text = str(
        Problem(
            "parameters/x.yaml", 3, "value", "'50%' is no plain number: a share is a part of one; write 0.5", column=12
        )
    )
    assert text.split("\n")[-1].strip() == "例 for example: value: 0.5"
    assert text.startswith("parameters/x.yaml:3:12: value: ")


def test_what_is_faulty_is_not_called_unknown_where_it_is_named(rules: Path) -> None:
    """A fact whose English is missing is no misspelt name in the schemes that ask for it."""
    sow(rules / FACTS, ', en: "corporate income tax assessed on its books"', "")
    assert [one.message for one in refused(rules)] == ["en is missing"]


def test_an_article_without_an_excerpt_is_no_wrong_phrase(rules: Path) -> None:
    """The place is the source, and the articles that there are stand beside it."""
    written = (rules / RESEARCH).read_text(encoding="utf-8")
    cited = re.search(r'says: [^,{}]+, source: "([a-z0-9-]+)#([^"]+)"', written)
    assert cited is not None
    sow(rules / RESEARCH, cited[0], cited[0].replace("#" + cited[2], "#第九百条"))
    said = [str(one) for one in refused(rules)]
    assert len(said) == 1
    assert f": source: {cited[1]}#第九百条没有摘录；有摘录的是：" in said[0].split("\n")[0]
    assert f"{cited[1]}#{cited[2]}" in said[0]
