"""Tests of a case with several machines and loans: pasted, changed, merged, told in the trail, decided and written in a letter."""

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from flask import Flask

from matcher.answers.file import read
from matcher.cases.content import content_told
from matcher.firms import read_told
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.register import kept_receipt, list_issued
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import ask_letter, case_now, fields, open_case, save, store_of, trail
from tests.fixtures.pages import parsed

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")

_DAY = date(2026, 12, 2)

TWELVE = "设备名称\t单价（万元）\t是否房屋、建筑物\n" + "\n".join(f"{n}号车床\t{n * 10}\t否" for n in range(1, 13))

PRICE = "equipment_unit_price"


@pytest.fixture
def clerk(signed_in: SignedIn) -> Visitor:
    """The first of two."""
    return signed_in("clerk")


@pytest.fixture
def colleague(signed_in: SignedIn) -> Visitor:
    """The second."""
    return signed_in("supervisor")


def heading(rulebook: Rulebook) -> str:
    """Twelve machines as a spreadsheet has them, under the vocabulary's own headings."""
    price, building = (rulebook.facts[name].label.zh for name in (PRICE, "equipment_is_building"))
    return TWELVE.replace("单价（万元）", f"{price}（万元）").replace("是否房屋、建筑物", building)


def test_twelve_machines_are_pasted(clerk: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """The first stands in the form, the others in the table; sums are read in the heading's unit; each is decided."""
    case_id = open_case(clerk)
    assert save(clerk, case_id, paste_equipment=heading(rulebook)).status_code == 303
    facts = case_now(desk_app, case_id).facts
    assert facts[PRICE] == "100000"
    assert facts["equipment-1.name"] == "1号车床"
    assert facts[f"equipment-12.{PRICE}"] == "1200000"
    assert facts["equipment-12.equipment_is_building"] is False
    page = clerk.get(f"/desk/cases/{case_id}")
    assert "12台设备" in page.text
    assert page.value(f"equipment-12.{PRICE}") == "1200000"
    assert "“12号车床”" in page.text
    assert not page.value("paste_equipment")
    columns = fields(page.root)["column_equipment"]
    assert len(columns) == len(set(columns)), "two fields of one name: what is typed into the second would be lost"
    assert save(clerk, case_id).status_code == 303  # sent as it stands it changes nothing
    assert case_now(desk_app, case_id).facts == facts


def test_a_wrong_cell_is_named_and_nothing_is_taken(clerk: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """Its line and column are said, and what was pasted stays there to be corrected."""
    case_id = open_case(clerk)
    pasted = heading(rulebook).replace("\t30\t", "\t三十几\t")
    answer = save(clerk, case_id, paste_equipment=pasted)
    assert answer.status_code == 422
    again = parsed(answer)
    assert "粘贴的第4行" in again.text
    assert "三十几" in fields(again.root)["paste_equipment"][0]
    assert not any("equipment" in name for name in case_now(desk_app, case_id).facts)


def test_more_than_twenty_are_refused_kindly(clerk: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """How many there would be, and what to do."""
    case_id = open_case(clerk)
    head, *rows = heading(rulebook).splitlines()
    answer = save(clerk, case_id, paste_equipment="\n".join([head, *rows, *rows]))
    assert answer.status_code == 422
    assert "一次最多看20台设备，这样会有24台" in answer.get_data(as_text=True)


def test_rows_without_headings_are_read_in_the_tables_order(clerk: Visitor, desk_app: Flask) -> None:
    """The name, then the columns as they stand; a second paste goes behind the first."""
    case_id = open_case(clerk)
    save(clerk, case_id, **{"fact_equipment_unit_price": "1", "here": ["tax"]})
    page = clerk.get(f"/desk/cases/{case_id}?open=items_equipment")
    assert fields(page.root)["column_equipment"][0]
    columns = ["equipment_unit_price"]
    for _ in range(2):
        page = clerk.get(f"/desk/cases/{case_id}?open=items_equipment")
        assert save(clerk, case_id, page, column_equipment=columns, paste_equipment="铣床\t48万").status_code == 303
    facts = case_now(desk_app, case_id).facts
    assert [facts.get(f"equipment-{n}.name") for n in (2, 3)] == ["铣床", "铣床"]


@pytest.mark.both_databases
def test_two_clerks_at_two_machines(clerk: Visitor, colleague: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """Each changed another machine: both stand. Both changed the same: it is shown with the machine's name, and chosen."""
    case_id = open_case(clerk)
    save(clerk, case_id, paste_equipment=heading(rulebook))
    page = colleague.get(f"/desk/cases/{case_id}")
    save(clerk, case_id, **{f"equipment-2.{PRICE}": "210000", f"equipment-4.{PRICE}": "1"})
    again = parsed(save(colleague, case_id, page, **{f"equipment-3.{PRICE}": "310000", f"equipment-4.{PRICE}": "2"}))
    assert again.response.status_code == 409
    assert "4号车床" in again.text
    assert save(colleague, case_id, again, **{f"pick_equipment-4.{PRICE}": "mine"}).status_code == 303
    facts = case_now(desk_app, case_id).facts
    assert [facts[f"equipment-{n}.{PRICE}"] for n in (2, 3, 4)] == ["210000", "310000", "2"]


def test_a_machine_is_taken_out(clerk: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """All that was told of it goes, and the changes say so with its name."""
    case_id = open_case(clerk)
    save(clerk, case_id, paste_equipment=heading(rulebook))
    assert save(clerk, case_id, drop=["equipment-5"]).status_code == 303
    assert not any(name.startswith("equipment-5.") for name in case_now(desk_app, case_id).facts)
    assert ("clerk", "case.changed", f"case {case_id}") in trail(desk_app, "case.changed")
    assert "equipment-5" not in fields(clerk.get(f"/desk/cases/{case_id}").root).get("drop", [])


@pytest.mark.both_databases
@pytest.mark.usefixtures("issues")
def test_the_letter_has_a_line_for_each(clerk: Visitor, desk_app: Flask) -> None:
    """Two cars: both are on the page with their names."""
    case_id = open_case(clerk)
    pasted = (
        "名称\tnev_in_purchase_tax_catalogue\tnev_purchase_kind\tnev_taxable_price\tnev_vehicles_bought\n"
        + "\n".join(f"{name}\t是\tother_vehicle\t{price}\t1" for name, price in (("甲车", 200000), ("乙车", 100000)))
    )
    assert save(clerk, case_id, paste_equipment=pasted).status_code == 303
    answer = ask_letter(clerk, case_id, "vehicle-purchase-tax-nev")
    assert answer.status_code == 303, parsed(answer).text[:500]
    with store_of(desk_app) as register:
        (entry,) = list_issued(register)
        receipt = read_receipt(kept_receipt(register, entry.number).encode())
    assert [one.item for one in receipt.page.lines] == ["equipment-1", "equipment-2"]
    assert {one.id: one.name for one in receipt.items} == {"equipment-1": "甲车", "equipment-2": "乙车"}


def test_an_owners_file_brings_its_loans(desk_app: Flask, rulebook: Rulebook) -> None:
    """Each loan of the file is in the case, with its name."""
    told = {
        "facts": {"district": "heping"},
        "items": {"loan": [{"name": "甲", "facts": {"loan_term": 12}}, {"name": "乙", "facts": {"loan_term": 24}}]},
    }
    answers = read(rulebook, BytesIO(json.dumps(told).encode()).read(), 0).answers
    with store_of(desk_app) as register:
        content = content_told(register, rulebook, None, answers.keyed, None, _DAY, "clerk", None)
    assert (content.facts["loan_term"], content.facts["loan-2.loan_term"]) == (12, 24)
    assert (content.facts["loan-1.name"], content.facts["loan-2.name"]) == ("甲", "乙")
    assert content.sources["loan-2.loan_term"]["source"] == "declared"


LOANS = "名称\tloan_principal\t属于\n设备贷款\t900000\t二期\n流动资金贷款\t480000\t"


@pytest.mark.both_databases
def test_a_loan_says_for_which_project_it_is(clerk: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """Pasted by the project's name, then chosen in the row; it goes with a project that is taken out, and a wrong name is named."""
    case_id = open_case(clerk)
    save(clerk, case_id, paste_project="名称\treit_operating_years\n一期\t5\n二期\t8")
    assert save(clerk, case_id, paste_loan=LOANS.replace("二期", "三期")).status_code == 422
    assert save(clerk, case_id, paste_loan=LOANS).status_code == 303
    facts = case_now(desk_app, case_id).facts
    assert (facts["loan-1.for"], facts.get("loan-2.for")) == ("project-2", None)
    page = clerk.get(f"/desk/cases/{case_id}")
    assert page.value("loan-1.for") == "project-2"
    assert "属于：没有填 → 二期" in page.text
    assert save(clerk, case_id, **{"loan-2.for": "project-1", "loan-1.for": ""}).status_code == 303
    facts = case_now(desk_app, case_id).facts
    assert (facts["loan-2.for"], facts.get("loan-1.for")) == ("project-1", None)
    told = read_told(rulebook, facts).items
    assert [(one.id, [owner.name for owner in told.owners(one)]) for one in told.of("loan")] == [
        ("loan-1", []), ("loan-2", ["一期"]),
    ]  # fmt: skip
    save(clerk, case_id, **{"loan-2.for": "project-2"})
    save(clerk, case_id, drop=["project-2"])
    assert "loan-2.for" not in case_now(desk_app, case_id).facts


def test_these_are_all(clerk: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """Ticked it is told with the case and said among its changes; unticked it is unknown again."""
    case_id = open_case(clerk)
    save(clerk, case_id, paste_equipment=heading(rulebook))
    assert save(clerk, case_id, **{"equipment-1.complete": "true"}).status_code == 303
    facts = case_now(desk_app, case_id).facts
    assert facts["equipment-1.complete"] is True
    assert read_told(rulebook, facts).items.complete == {"equipment"}
    page = clerk.get(f"/desk/cases/{case_id}")
    assert page.value("equipment-1.complete") == "true"
    assert "设备是否已列全：没有填 → 是" in page.text
    save(clerk, case_id, page, **{"equipment-1.complete": ""})
    assert "equipment-1.complete" not in case_now(desk_app, case_id).facts


def test_a_row_says_who_says_so(clerk: Visitor, desk_app: Flask, rulebook: Rulebook) -> None:
    """The papers of one machine were seen: its facts alone are so marked, and stay so until one is changed by hearsay."""
    case_id = open_case(clerk)
    save(clerk, case_id, paste_equipment=heading(rulebook))
    assert save(clerk, case_id, **{"source_equipment-3": "confirmed"}).status_code == 303
    sources = case_now(desk_app, case_id).sources
    seen = {name for name, told in sources.items() if told["source"] == "confirmed"}
    assert seen == {f"equipment-3.{field}" for field in (PRICE, "equipment_is_building", "name")}
    page = clerk.get(f"/desk/cases/{case_id}")
    assert page.value("source_equipment-3") == "confirmed"
    assert save(clerk, case_id, page, **{"source_equipment-3": "declared"}).status_code == 303
    sources = case_now(desk_app, case_id).sources
    assert {told["source"] for name, told in sources.items() if name.startswith("equipment-3.")} == {"declared"}
