"""A faulty rulebook is refused: every fault an author can make is named with file, line, key and what is wrong."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from matcher.rulebook.load import load
from tests.rulebook.faulty import (
    CONCEPTS,
    EQUIPMENT,
    FACTS,
    FIGURES,
    IMPORT,
    ORDER,
    RESEARCH,
    SCHEMES,
    line_of,
    refused,
    sow,
)


def test_the_copy_loads_without_a_fault(rules: Path) -> None:
    """What the faults below are seeded into has none itself."""
    assert tuple(load(rules).schemes) == SCHEMES


# --- one fault each --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seed:
    """One fault: in `file` the text `old`, where it first stands, becomes `new`.

    The problem is on the line of the text `at` in `at_file` (the same file unless named), with this key and message.
    """

    name: str
    file: str
    old: str
    new: str
    at: str
    key: str
    message: str
    reported_in: str = ""

    @property
    def at_file(self) -> str:
        """The file the problem names."""
        return self.reported_in or self.file


SEEDS = [
    Seed(
        "misspelt fact", EQUIPMENT, "test: not equipment_is_building", "test: not equipment_is_bulding",
        "equipment_is_bulding", "test", "unknown name 'equipment_is_bulding'; did you mean 'equipment_is_building'?",
    ),
    Seed(
        "misspelt parameter", RESEARCH, "is_audited_collection, says", "negative_list_revenue_share < rd.rates, says",
        "rd.rates", "test", "unknown name 'rd.rates'; did you mean 'rd.rate'?",
    ),
    Seed("misspelt key", RESEARCH, "award: by_law", "awards: by_law", "awards:", "awards", "is it misspelt?"),
    Seed(
        "misspelt key of a condition", RESEARCH, "override: 原文", "overide: 原文", "overide", "overide",
        "is it misspelt?",
    ),
    Seed("missing key", RESEARCH, "award: by_law\n", "", "slug:", "award", "award is missing"),
    Seed(
        "missing source of a figure", FIGURES, 'value: 1.2, source: "mof-2023-44#第一条"', "value: 1.2",
        "value: 1.2", "source", "source is missing",
    ),
    Seed(
        "empty source of a figure", FIGURES, 'value: 1.2, source: "mof-2023-44#第一条"', "value: 1.2, source: []",
        "source: []", "source", "at least 1 item",
    ),
    Seed(
        "missing source of a phrase", RESEARCH, 'says: 实行查账征收, source: "caishui-2015-119#第五条"', "says: 实行查账征收",
        "says: 实行查账征收", "requires", "a quoted phrase names its source",
    ),
    Seed(
        "neither phrase nor ground", RESEARCH, 'says: 实行查账征收, source: "caishui-2015-119#第五条"',
        'source: "caishui-2015-119#第五条"', "is_audited_collection", "requires", "which phrase it encodes",
    ),
    Seed(
        "unknown instrument", FIGURES, "mof-2023-44#第一条", "mof-2033-44#第一条", "mof-2033-44", "source",
        "unknown instrument 'mof-2033-44'",
    ),
    Seed(
        "dates upside down", FIGURES, "until: 2027-12-31, value: 1.2", "until: 2022-12-31, value: 1.2",
        "value: 1.2", "values", "upside down: from 2023-01-01 until 2022-12-31",
    ),
    Seed(
        "no such day", FIGURES, "until: 2027-12-31, value: 1.2", "until: 2027-02-30, value: 1.2", "value: 1.2",
        "until", "there is no day 2027-02-30",
    ),
    Seed(
        "overlapping versions", EQUIPMENT, "{from: 2024-01-01, until: 2027-12-31", "{from: 2023-12-31, until: 2027-12-31",
        "{from: 2023-12-31", "versions", "overlaps the version before, which lasts until 2023-12-31",
    ),
    Seed(
        "gap between versions", EQUIPMENT, "{from: 2024-01-01, until: 2027-12-31", "{from: 2024-01-03, until: 2027-12-31",
        "{from: 2024-01-03", "versions", "a gap: no version from 2024-01-01 to 2024-01-02",
    ),
    Seed(
        "two bodies on a day", RESEARCH, "rules:\n", "rules:\n  - {from: 2022-01-01}\n", "{from: 2022-01-01",
        "versions", "2 sets of rules on 2022-01-01",
    ),
    Seed(
        "no body on a day", EQUIPMENT, "  - from: 2018-01-01\n", "  - from: 2018-01-02\n", "{from: 2018-01-01",
        "versions", "no rules on 2018-01-01",
    ),
    Seed(
        "parameter without a value on a day", FIGURES, "{from: 2022-01-01, until: 2022-12-31, value: 3",
        "{from: 2022-01-02, until: 2022-12-31, value: 3", "- {from: 2022-01-02", "values",
        "'equipment.short_life' has no value on 2022-01-01",
    ),
    Seed(
        "two values on a day", FIGURES, "{from: 2024-01-01, until: 2027-12-31, value: 5000000",
        "{from: 2023-12-31, until: 2027-12-31, value: 5000000", "{from: 2023-12-31", "values",
        "another value of the parameter holds too",
    ),
    Seed(
        "unused parameter", FIGURES, "- id: rd.listed_rate\n",
        "- {id: rd.spare, label: {zh: 多余, en: spare}, type: rate, values: [{until: 2020-12-31, value: 1, source: eit-law#第一条,"
        " confidence: low}]}\n- id: rd.listed_rate\n",
        "rd.spare", "id", "'rd.spare' is not used by any scheme",
    ),
    Seed(
        "number without a name", RESEARCH, "negative_list_revenue_share <= rd.negative_list_share",
        "negative_list_revenue_share <= 0.5",
        "<= 0.5", "test", "the number 0.5 has no name and no source",
    ),
    Seed(
        "yuan compared with persons", RESEARCH, "test: is_audited_collection", "test: rd_expense >= employees",
        "rd_expense >= employees", "test", "units do not fit: yuan and persons",
    ),
    Seed(
        "phrase against operator", EQUIPMENT, "- {test: equipment_unit_price <= equipment.piece",
        "- {test: equipment_unit_price < equipment.piece",
        "equipment_unit_price < equipment.piece", "says", "the phrase means <= but the test uses <",
    ),
    Seed(
        "phrase not in the excerpt", EQUIPMENT, "says: 房屋、建筑物以外的固定资产", "says: 房屋以外的固定资产",
        "says: 房屋以外", "says", "does not stand in the excerpt of caishui-2018-54#第二条, mof-2023-37#第二条",
    ),
    Seed(
        "figure without an end", FIGURES, 'value: 0.5, source: "sta-2015-97#第四条", confidence: medium, confirm_by: 2027-12-31',
        'value: 0.5, source: "sta-2015-97#第四条", confidence: medium', "sta-2015-97", "values", "an end (until) or a day to confirm it by",
    ),
    Seed(
        "unknown word of an enumeration", CONCEPTS, "legal_form in legal_forms.cit_payer", "legal_form == 'compagny'",
        "compagny", "test", "'compagny' is not among company",
    ),
    Seed(
        "unknown word in a set", FIGURES, "value: [company,", "value: [compagny,", "compagny", "value",
        "'compagny' is not among company",
    ),
    Seed(
        "wrong word of a key", EQUIPMENT, "award: by_law", "award: by_lot", "award: by_lot", "award",
        "'by_law' or 'by_department'",
    ),
    Seed(
        "scheme missing from ORDER", ORDER, "equipment-deduction\n", "", "", "equipment-deduction",
        "does not stand in schemes/ORDER", EQUIPMENT,
    ),
    Seed(
        "scheme twice in ORDER", ORDER, "equipment-deduction\n", "equipment-deduction\nrd-super-deduction\n",
        "rd-super-deduction\nencouraged", "rd-super-deduction", "twice",
    ),
    Seed(
        "ORDER names no file", ORDER, "equipment-deduction\n", "equipment-deduction\nrd-deduction\n",
        "rd-deduction", "rd-deduction", "no file of this scheme",
    ),
    Seed(
        "file of another name", EQUIPMENT, "slug: equipment-deduction", "slug: equipment", "slug:", "slug",
        "must be called equipment.yaml",
    ),
    Seed(
        "concept defined by itself", CONCEPTS, "test: legal_form in legal_forms.cit_payer", "test: cit_payer",
        "test: cit_payer", "test", "'cit_payer' is defined by itself: cit_payer → cit_payer",
    ),
    Seed(
        "part of a misspelt fact", FACTS, "period_real_estate_sales, advise: never, part_of: period_sales",
        "period_real_estate_sales, advise: never, part_of: period_sale", "part_of: period_sale,", "part_of",
        "'period_sale' is no fact of the same type and unit",
    ),
    Seed(
        "no word on advice", FACTS, "{id: rd_expense, advise: up,", "{id: rd_expense,", "{id: rd_expense,", "-",
        "advise is missing",
    ),
    Seed(
        "advice that no fact can take", FACTS, "{id: equipment_is_building, advise: never,",
        "{id: equipment_is_building, advise: down,", "{id: equipment_is_building,", "-", "only a number goes down",
    ),
    Seed(
        "a notice awaited by what is in force", EQUIPMENT, "until: 2021-12-31, instrument:",
        "until: 2021-12-31, awaits: {zh: 通知, en: notice}, instrument:", "awaits:", "versions",
        "it stands beside state: unconfirmed",
    ),
    Seed(
        "part of a part", FACTS, "period_special_invoice_sales, advise: never, part_of: period_sales",
        "period_special_invoice_sales, advise: never, part_of: period_real_estate_sales", "part_of: period_real_estate_sales",
        "part_of", "a total is a part of nothing itself",
    ),
    Seed(
        "duplicate id", FACTS, "- {id: rd_expense,", "- {id: rd_intangible_amortisation,", "zh: \"本期研发形成", "id",
        "'rd_intangible_amortisation' stands twice",
    ),
    Seed(
        "key twice", RESEARCH, "award: by_law\n", "award: by_law\naward: by_department\n", "award: by_department",
        "award", "the key stands twice",
    ),
    Seed(
        "finding that is no condition", IMPORT, "settled_by: dept_encouraged_project_confirmed", "settled_by: dept_other",
        "settled_by:", "settled_by", "'dept_other' is not a condition",
    ),
    Seed(
        "sum that is no money", IMPORT, "exact: import_duty_payable", "exact: employees", "exact: employees", "exact",
        "a sum of money is wanted, not persons",
    ),
    Seed(
        "left out for what is untold", RESEARCH, "value: rd.listed_rate}",
        "value: rd.listed_rate, unless: is_tech_sme and not told(is_high_tech_enterprise)}", "unless:", "unless",
        "not told(is_high_tech_enterprise) never holds here",
    ),
    Seed(
        "unknown fact to blame", RESEARCH, "says: 实行查账征收", "fails_on: auditing, says: 实行查账征收", "fails_on: auditing",
        "fails_on", "unknown fact 'auditing'",
    ),
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name.replace(" ", "-"))
def test_a_seeded_fault_is_refused_with_file_line_and_key(seed: Seed, rules: Path) -> None:
    """Every fault an author can make is named where it stands."""
    sow(rules / seed.file, seed.old, seed.new)
    at = rules / seed.at_file
    wanted = (seed.at_file, line_of(at, seed.at) if seed.at else 1, seed.key)
    found = [problem.message for problem in refused(rules) if (problem.file, problem.line, problem.key) == wanted]
    assert any(seed.message in message for message in found), wanted


def test_all_faults_are_reported_at_once(rules: Path) -> None:
    """An author sees every fault of every file in one go, in the order of files and lines."""
    for name, old, new in (
        (EQUIPMENT, "award: by_law", "award: by_lot"),
        (RESEARCH, "test: is_audited_collection", "test: is_auditted_collection"),
        (RESEARCH, "family: tax", "family: taxes"),
    ):
        sow(rules / name, old, new)
    problems = refused(rules)
    assert [(problem.file, problem.key) for problem in problems] == [(EQUIPMENT, "award"), (RESEARCH, "family")]
    assert str(problems[0]).startswith(f"{EQUIPMENT}:9:1: award: ")


def test_an_empty_folder_is_no_rulebook(tmp_path: Path) -> None:
    """A wrong path is told apart from faulty rules."""
    assert "no rules in this folder" in refused(tmp_path)[0].message
