"""Files of one firm and of many: notation, encoding, sizes, lines and what stands around the facts."""

import datetime
import json
import re
from collections.abc import Callable

import pytest

from matcher.firms.files import Profile

Read = Callable[[str | bytes, str], list[Profile]]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('{"employees": 3, "annual_revenue": 10.10}', "shop.json"),
        ("employees: 3\nannual_revenue: 10.10\n", "shop.yaml"),
        ("employees: 3\nannual_revenue: '10.10'\n", "shop.yml"),
        ("\ufeffemployees: 3\r\nannual_revenue: 10.10\r\n", "shop.yaml"),
        ('\ufeff{"employees": 3, "annual_revenue": 10.10}', "shop.json"),
        ('{"employees": 3, "annual_revenue": "10.10"}', "shop.txt"),
    ],
)
def test_flat_facts_take_the_stem_as_their_id(profiles_of: Read, content: str, name: str) -> None:
    """An object without `facts` is the facts themselves; a byte-order mark does no harm; any suffix is looked into."""
    (profile,) = profiles_of(content, name)
    assert profile == Profile("shop", None, None, {"employees": 3, "annual_revenue": 1010})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (
            '{"id": "f-1", "as_of": "2024-05-01", "schemes": ["six-taxes-two-fees"], "facts": {"employees": 3}}',
            "x.json",
        ),
        ("id: f-1\nas_of: 2024-05-01\nschemes: [six-taxes-two-fees]\nfacts:\n  employees: 3\n", "x.yaml"),
        ("id: f-1\nas_of: 2024-05-01\nschemes: [six-taxes-two-fees]\nfacts:\n  employees: 3\n", "-"),
    ],
)
def test_an_object_with_facts_tells_its_id_date_and_schemes(profiles_of: Read, content: str, name: str) -> None:
    """`{id, as_of, schemes, facts}` is read whole."""
    (profile,) = profiles_of(content, name)
    assert profile == Profile("f-1", datetime.date(2024, 5, 1), ("six-taxes-two-fees",), {"employees": 3})


@pytest.mark.parametrize(
    ("content", "name", "field", "line"),
    [
        ('{"id": "a",\n "facts": {\n  "employees": 3.5}}', "x.json", "employees", 3),
        ('{"name": "\\"employees\\": {",\n "employees":\n -1}', "x.json", "employees", 2),
        ('{"facts": {"name": "x"},\n "as_of": "2024-02-30"}', "x.json", "as_of", 2),
        ("# note\n\nemployees: 3.5\n", "x.yaml", "employees", 3),
        ("facts:\n  is_tech_sme: yes\n", "x.yaml", "is_tech_sme", 2),
        ("facts: {}\nschemes:\n- six-taxes-two-fees\n- no-such\n", "x.yaml", "schemes", 4),
        ("facts: {}\nas_of: 2024-02-30\n", "x.yaml", "as_of", 2),
        ("facts: {}\nscheme: six-taxes-two-fees\n", "x.yaml", "scheme", 2),
        ("facts: {}\nnote: mine\n", "x.yaml", "note", 2),
        ('{"facts": {}, "factz": {}}', "x.json", "factz", 1),
        ('{"facts": {}, "loans": []}', "x.json", "loans", 1),
        ("as_of: 2024-05-01\nfirm: {}\n", "x.yaml", "firm", 2),
        ("facts: {}\nemployees: 3\n", "x.yaml", "employees", 2),
        ("facts: {}\nid: [1]\n", "x.yaml", "id", 2),
        ("facts: 3\n", "x.yaml", "facts", 1),
        ("facts: {}\nschemes: []\n", "x.yaml", "schemes", 2),
        ('{"employees": 3,\n "employees": 4}', "x.json", "employees", 2),
        ("employees: 3\nname: x\nemployees: 4\n", "x.yaml", "employees", 3),
        ("employees: 3\nname: [\n", "x.yaml", "file", 3),
        ('{"employees": 3,\n "name": }', "x.json", "file", 2),
        ("a: &x 1\nb: *x\n", "x.yaml", "file", 2),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "x.yaml", "file", 2),
        ("employees: 3\n--- \nemployees: 4\n", "x.yaml", "file", 2),
        ("employees: 3\n? [a]\n: 1\n", "x.yaml", "file", 2),
        (b"name: x\nemployees: \xff\n", "x.yaml", "file", 2),
        ("name: 企业\n".encode("gbk"), "x.yaml", "file", 1),
        ("employees: 3".encode("utf-16"), "x.yaml", "file", 1),
        (b"employees: 3\nname: \x07\n", "x.yaml", "file", 2),
        ("[1, 2]", "x.json", "file", None),
        ("", "x.yaml", "file", None),
    ],
)
def test_a_fault_names_its_line(
    profiles_of: Read, content: str | bytes, name: str, field: str, line: int | None
) -> None:
    """Every fault of a file stands with the field and, where there is one, the line."""
    (profile,) = profiles_of(content, name)
    assert [(fault.field, fault.line) for fault in profile.faults] == [(field, line)]
    assert profile.faults[0].text.en


def test_yaml_numbers_are_read_as_they_are_spelled(profiles_of: Read) -> None:
    """No octal, no sexagesimal, no binary fraction, no `no` for false: 1e2 is a hundred and 0111 stays a code."""
    (profile,) = profiles_of(
        "employees: 1e2\nannual_revenue: 0.1\nindustry: 0111\nname: 12:30\nis_tech_sme: False\n", "x.yaml"
    )
    assert not profile.faults
    assert profile.facts == {
        "employees": 100, "annual_revenue": 10, "industry": "0111", "name": "12:30", "is_tech_sme": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[" * 1_000_000, "12 levels"),
        ('{"a":' * 100_000, "12 levels"),
        ("- " * 50_000 + "a", "12 levels"),
        ("a: [" + "{b: [" * 20, "12 levels"),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}", "12 levels"),
        (" " * 10_000_001, "larger than 10 MB"),
        ("a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(30)), "alias"),
        ('{"employees": ' + "9" * 5_000_000 + "}", "too long"),
        ('{"employees": 1e999}', "too large"),
        ('{"employees": 1e99999999999999999999}', "too large"),
    ],
    ids=["brackets", "objects", "sequences", "flow", "deep value", "size", "aliases", "digits", "exponent", "monster"],
)
def test_a_hostile_file_is_refused(profiles_of: Read, content: str, said: str) -> None:
    """Nesting, size, aliases and monstrous numbers end in one clear fault."""
    (profile,) = profiles_of(content, "-")
    assert said in profile.faults[0].text.en


def test_the_lines_of_a_jsonl_are_profiles_in_order(profiles_of: Read) -> None:
    """Each line is read for itself; a bad one has its faults with its line number, blank ones do not count."""
    content = '{"id": "a", "facts": {}}\n\n{"employees": 4}\n{"id": "c", "facts": {"employees": 1.5}}\n{oops\n[]\n'
    for name in ("many.jsonl", "-"):
        stem = "many" if name != "-" else "stdin"
        profiles = profiles_of(content, name)
        assert [profile.id for profile in profiles] == ["a", f"{stem}-3", "c", f"{stem}-5", f"{stem}-6"]
        assert [[fault.line for fault in profile.faults] for profile in profiles] == [[], [], [4], [5], [6]]


def test_an_overlong_or_badly_encoded_line_spoils_only_itself(profiles_of: Read) -> None:
    """The lines after it are still read."""
    content = b'{"employees": 1}\n{"name": "' + b"x" * 10_000_000 + b'"}\n{"name": "\xff"}\n{"employees": 2}'
    good, long, strange, last = profiles_of(content, "many.jsonl")
    assert (good.facts, last.facts) == ({"employees": 1}, {"employees": 2})
    assert "longer than 10 MB" in long.faults[0].text.en
    assert strange.faults[0].line == 3


@pytest.mark.parametrize(("name", "said"), [("none.json", "没有这个文件"), (".", "文件夹"), ("a\0b.json", "打不开")])
def test_a_file_that_cannot_be_opened_is_a_fault(
    rulebook_profiles: Callable[[str], Profile], name: str, said: str
) -> None:
    """A missing file, a folder and an impossible name are refused in words."""
    assert said in rulebook_profiles(name).faults[0].text.zh


def test_a_name_of_strange_bytes_becomes_a_printable_id(rulebook_profiles: Callable[[str], Profile]) -> None:
    """A file name need not be Unicode; the id made of it is."""
    profile = rulebook_profiles("a\udcff\n.json")
    assert profile.id == "a\ufffd\ufffd"
    assert profile.faults[0].value.isprintable()


@pytest.mark.parametrize(
    "text", ['{"facts": {"\\ud800": 3}}', '{"name": "a\\udfff"}', '{"schemes": ["\\udbff x"]}', 'name: "\\ud800"']
)
def test_half_a_character_is_refused(profiles_of: Read, text: str) -> None:
    """As a name or a value, at any depth: no page and no database could take it. The whole one is read."""
    (profile,) = profiles_of(text, "x")
    (fault,) = profile.faults
    assert re.search("half a character|invalid Unicode character", fault.text.en)  # libyaml says it in its own words
    (whole,) = profiles_of('{"name": "\\ud83d\\ude00"}', "x.json")
    assert whole.facts["name"] == "😀"


def test_a_key_that_stands_twice_is_named(profiles_of: Read) -> None:
    """With both, so that it can be found."""
    (profile,) = profiles_of('{"employees": 1, "employees": 2}', "x.json")
    assert [fault.field for fault in profile.faults] == ["employees"]


@pytest.mark.parametrize(
    "document",
    [
        {"facts": {f"fact{number}": 1 for number in range(20_000)}},
        {f"fact{number}": 1 for number in range(20_000)},
        {"facts": {}, "schemes": [f"scheme{number}" for number in range(20_000)]},
    ],
)
def test_thousands_of_names_are_refused_as_one(profiles_of: Read, document: object) -> None:
    """Each unknown name would be compared with all known ones: a file of thousands gets one fault that counts them."""
    (profile,) = profiles_of(json.dumps(document), "firm.json")
    assert [fault.text.en for fault in profile.faults] == ["holds 20000 entries: not one firm's profile"]


@pytest.mark.parametrize(
    ("content", "name"), [("{" + ",".join(['"name": "x"'] * 5000) + "}", "a.json"), ("name: x\n" * 5000, "a.yaml")]
)
def test_so_many_doubled_keys_and_no_more(profiles_of: Read, content: str, name: str) -> None:
    """Of keys that stand twice a hundred are named, in either notation."""
    (profile,) = profiles_of(content, name)
    assert len(profile.faults) == 100
