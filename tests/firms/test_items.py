"""Several loans, projects, machines of one firm are read with every fault named by item and field; one told flat stays one."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from matcher.engine import Item, Items
from matcher.firms import MOST_ITEMS, Profile, open_profiles
from matcher.rulebook import Rulebook


def read(rulebook: Rulebook, told: dict[str, Any]) -> Profile:
    """The profile that a JSON file of this content gives."""
    batch = open_profiles(rulebook, "-", BytesIO(json.dumps(told, ensure_ascii=False).encode()))
    return next(batch.profiles)


def faults(rulebook: Rulebook, **told: Any) -> list[tuple[str, str]]:
    """Field and Chinese words of every fault."""
    return [(one.field, one.text.zh) for one in read(rulebook, told).faults]


LOANS = [
    {"name": "设备贷款", "facts": {"loan_principal": "900000.00", "loan_term": 24}},
    {"id": "loan-b", "for": "line", "facts": {"loan_principal": "1"}},
]


def test_items_are_read_with_their_names_and_facts(rulebook: Rulebook) -> None:
    """An item without an id gets the number of its place; money is in fen."""
    told = {"facts": {"employees": 3}, "items": {"loan": LOANS, "project": [{"id": "line"}]}}
    found = read(rulebook, told | {"items_complete": {"loan": True, "project": False}})
    assert found.faults == ()
    assert found.facts == {"employees": 3}
    assert found.items.complete == {"loan"}
    first, second = found.items.of("loan")
    assert first == Item("loan", "loan-1", {"loan_principal": 90_000_000, "loan_term": 24}, "设备贷款")
    assert (second.id, second.owner, second.name) == ("loan-b", "line", None)
    assert [one.id for one in found.items.owners(second)] == ["line"]


def test_yaml_and_json_lines_read_alike(rulebook: Rulebook, tmp_path: Path) -> None:
    """The same profile in three notations."""
    told = {"id": "a", "facts": {}, "items": {"loan": LOANS[:1]}}
    line = json.dumps(told, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    (tmp_path / "a.json").write_text(line, encoding="utf-8")
    yaml = 'id: a\nfacts: {}\nitems:\n  loan:\n    - name: 设备贷款\n      facts: {loan_principal: "900000.00", loan_term: 24}\n'
    (tmp_path / "a.yaml").write_text(yaml, encoding="utf-8")
    found = [
        one.items
        for name in ("a.jsonl", "a.json", "a.yaml")
        for one in open_profiles(rulebook, str(tmp_path / name), BytesIO()).profiles
    ]
    assert len(found) == 4
    assert all(one == found[0] for one in found)


def test_a_profile_of_today_has_no_items(rulebook: Rulebook) -> None:
    """Flat facts of an item stay where they are told."""
    found = read(rulebook, {"facts": {"loan_principal": "5"}})
    assert (found.facts, found.items) == ({"loan_principal": 500}, Items())


def test_a_flat_fact_is_the_one_items(rulebook: Rulebook) -> None:
    """Of the only loan; of a kind without items it stays flat, and a fact of two kinds goes to each."""
    told = {
        "facts": {"loan_principal": "5", "makes_the_product": True, "project_progress": "0.5"},
        "items": {"loan": [{"facts": {"loan_term": 3}}], "equipment": [{}]},
    }
    found = read(rulebook, told)
    assert found.faults == ()
    assert [dict(one.facts) for one in found.items.all] == [
        {"loan_term": 3, "loan_principal": 500},
        {"makes_the_product": True},
    ]
    assert set(found.facts) == {"makes_the_product", "project_progress"}


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"items": {"lone": []}}, "items.lone", "是不是 loan"),
        ({"items": []}, "items", "应是一组"),
        ({"items": {"loan": {}}}, "items.loan", "应是列表"),
        ({"items": {"loan": [3]}}, "items.loan.0", "应是一组：id、name、facts"),
        ({"items": {"loan": [{"nmae": "x"}]}}, "items.loan.0.nmae", "是不是 name"),
        ({"items": {"loan": [{"loan_term": 3}]}}, "items.loan.0.loan_term", "应写在 facts 之内"),
        ({"items": {"loan": [{"id": "a"}, {"id": "a"}]}}, "a.id", "用了两次"),
        ({"items": {"loan": [{"id": "project-1"}]}}, "items.loan.0.id", "不用别种事项的名称"),
        ({"items": {"loan": [{"id": "firm"}]}}, "items.loan.0.id", "不用别种事项的名称"),
        ({"items": {"loan": [{"id": "a b"}]}}, "items.loan.0.id", "连字符"),
        ({"items": {"loan": [{"name": "a\nb"}]}}, "loan-1.name", "名称应是"),
        ({"items": {"loan": [{"for": "proj"}], "project": [{"id": "proj-x"}]}}, "loan-1.for", "是不是 proj-x"),
        ({"items": {"project": [{"for": "loan-1"}], "loan": [{}]}}, "project-1.for", "项目不属于贷款"),
        ({"items": {"loan": [{"facts": {"loan_trm": 3}}]}}, "loan-1.loan_trm", "是不是 loan_term"),
        ({"items": {"loan": [{"facts": {"employees": 3}}]}}, "loan-1.employees", "是全企业的"),
        ({"items": {"loan": [{"facts": {"fund_item": "robots"}}]}}, "loan-1.fund_item", "items.project"),
        ({"items": {"loan": [{"name": "甲", "facts": {"loan_term": "x"}}]}}, "loan-1.loan_term", "甲的贷款期限"),
        ({"items": {"loan": [{"facts": []}]}}, "loan-1.facts", "一组"),
        ({"facts": {"loan_term": 3}, "items": {"loan": [{}, {}]}}, "loan_term", "请写进其中一项"),
        ({"facts": {"loan_term": 3}, "items": {"loan": [{"facts": {"loan_term": 4}}]}}, "loan-1.loan_term", "只留一个"),
        ({"facts": {}, "items_complete": {"loan": "yes"}}, "items_complete.loan", "只写 true"),
        ({"facts": {}, "items_complete": [1]}, "items_complete", "应是一组"),
        ({"facts": {}, "items_complete": {"lone": True}}, "items_complete.lone", "是不是 loan"),
        ({"facts": {}, "loans": []}, "loans", "应写在 items 之内"),
        ({"facts": {}, "贷款": []}, "贷款", "应写在 items 之内"),
        ({"facts": {}, "itmes": {}}, "itmes", "是不是 items"),
        ({"facts": {}, "itemscomplete": {}}, "itemscomplete", "是不是 items_complete"),
    ],
)
def test_a_fault_names_item_and_field_and_what_to_do(
    rulebook: Rulebook, told: dict[str, Any], field: str, words: str
) -> None:
    """One fault each, in both languages; nothing is raised."""
    (found,) = read(rulebook, told).faults
    assert found.field == field
    assert words in found.text.zh


def test_more_than_twenty_of_a_kind_are_refused_kindly(rulebook: Rulebook) -> None:
    """Twenty are read; of more it says how many there are and what to do."""
    assert faults(rulebook, items={"equipment": [{}] * MOST_ITEMS}) == []
    ((field, words),) = faults(rulebook, items={"equipment": [{}] * (MOST_ITEMS + 1)})
    assert field == "items.equipment"
    assert words == "一次最多看 20 台设备，这里有 21 台：先留下金额大的 20 台，其余的再查一次"


def test_numbers_of_items_without_an_id_leave_out_those_taken(rulebook: Rulebook) -> None:
    """The second item is not called as the first calls itself."""
    told = {"items": {"loan": [{"id": "loan-2"}, {}, {}]}}
    assert len({one.id for one in read(rulebook, told).items.all}) == 3


def test_lines_of_faults_are_those_of_the_file(rulebook: Rulebook, tmp_path: Path) -> None:
    """The line of the item's own field."""
    file = tmp_path / "a.yaml"
    file.write_text(
        "facts: {}\nitems:\n  loan:\n    - id: a\n    - id: b\n      facts:\n        loan_term: x\n", encoding="utf-8"
    )
    (profile,) = open_profiles(rulebook, str(file), BytesIO()).profiles
    assert [(one.field, one.line, one.value) for one in profile.faults] == [("b.loan_term", 7, "x")]
