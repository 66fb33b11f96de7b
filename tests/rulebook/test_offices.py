"""The offices: those of the rules are reached by every scheme, and a wrong one is refused with its file and line."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from matcher.engine.rule_sheet import sheet
from matcher.places import rules_dir
from matcher.rulebook.load import load
from matcher.rulebook.offices import named_in
from matcher.rulebook.rulebook import Rulebook
from matcher.rulebook.shapes import Text
from tests.rulebook.faulty import RESEARCH, line_of, refused, saying, sow

NAME = "offices.yaml"


@pytest.fixture
def file(rules: Path) -> Path:
    """The offices of the rules, beside the cut-down copy."""
    return Path(shutil.copy(rules_dir() / NAME, rules / NAME))


@pytest.fixture
def scheme(rules: Path) -> Path:
    """A scheme of the cut-down copy."""
    return rules / RESEARCH


def names(scheme: Path, department: str) -> None:
    """Let the scheme name these offices and no other."""
    lines = scheme.read_text(encoding="utf-8").splitlines(keepends=True)
    said = [
        f'department: {{zh: "{department}", en: whom to ask}}\n' if one.startswith("department:") else one
        for one in lines
    ]
    scheme.write_text("".join(said), encoding="utf-8")


def test_every_scheme_names_an_office_that_a_firm_can_reach(rulebook: Rulebook) -> None:
    """Somebody of the city, or a bank, insurer or company; ministries are reached through them."""
    offices = rulebook.offices.values()
    without = [
        slug
        for slug, one in rulebook.schemes.items()
        if all(office.level == "national" for office in named_in(one.department.zh, offices))
    ]
    assert without == []


def test_an_office_of_the_city_says_whose_number_it_gives(rulebook: Rulebook) -> None:
    """12345 stands for the city's line and for no other."""
    city = [one for one in rulebook.offices.values() if one.level == "city"]
    assert all(one.hotline is not None for one in city)
    assert {one.hotline.number for one in city if one.hotline and one.hotline.whose == "city"} == {"12345"}


def test_a_longer_name_is_not_read_as_the_shorter_one_within(rulebook: Rulebook) -> None:
    """国家发展改革委 is the national commission; the city's stands before it."""
    found = named_in("市发展改革委申报，国家发展改革委审批", rulebook.offices.values())
    assert [one.id for one in found] == ["development-commission", "national-development-commission"]


def test_a_branch_bears_the_name_of_its_district(rulebook: Rulebook) -> None:
    """An office without branches keeps its own name."""
    heping = Text(zh="和平区", en="Heping District")
    assert rulebook.offices["labour-bureau"].branch(heping).zh == "和平区人社局"
    assert rulebook.offices["labour-bureau"].branch(heping).en.startswith("Heping District ")
    assert rulebook.offices["customs"].branch(heping).zh == "天津海关"


def test_the_sheet_says_whom_to_ask(rulebook: Rulebook) -> None:
    """With the number, and whose it is where it is not the office's own."""
    lines = list(sheet(rulebook, "social-insurance-subsidy", date(2026, 12, 1), "zh"))
    assert "  市人社局：12333（本系统的全国热线）；https://hrss.tj.gov.cn" in lines
    assert "  市财政局：12345（市民热线，未见本单位的号码）" in lines
    assert "whom to ask" in list(sheet(rulebook, "social-insurance-subsidy", date(2026, 12, 1), "en"))


def test_without_the_file_nothing_is_said(rules: Path) -> None:
    """A small rulebook may do without."""
    assert load(rules).offices == {}


def test_the_hash_does_not_hang_on_it(rules: Path) -> None:
    """Whom to ask decides nothing."""
    before = load(rules).hash
    shutil.copy(rules_dir() / NAME, rules / NAME)
    found = load(rules)
    assert found.offices["tax-service"].page == "https://etax.tianjin.chinatax.gov.cn"
    assert found.hash == before


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ('"12366", whose: own', '"12345", whose: own', "hotline: {", "12345 is the line of the city, and only that is"),
        (
            '"12366", whose: own',
            '"12366", whose: city',
            "hotline: {",
            "12345 is the line of the city, and only that is",
        ),
        ('"{district}税务局"', '"区税务局"', "- id", "district says where the district's name stands"),
        ("https://etax", "http://etax", "- id", "page is an official address"),
        ("chinatax.gov.cn", "chinatax.com", "- id", "page is an official address"),
        ('  hotline: {number: "12366", whose: own}\n', "", "- id", "hotline is missing"),
        ("also: [市税务局", "alias: [市税务局", "alias", "this key is not known here"),
    ],
)
def test_a_wrong_office_is_refused(rules: Path, file: Path, old: str, new: str, at: str, message: str) -> None:
    """What is wrong is said, with the file and the line."""
    sow(file, old, new)
    found = [(one.file, one.line) for one in refused(rules) if message in one.message]
    assert found == [(NAME, line_of(file, at))]


def test_a_word_for_two_offices_is_refused(rules: Path, file: Path) -> None:
    """A text could not say which is meant."""
    sow(file, "also: [各区工业和信息化主管部门]", "also: [市税务局]")
    assert saying(rules, "市税务局 is said of the office 'tax-service' already") == [
        (NAME, line_of(file, "- id: industry"))
    ]


def test_an_office_twice_is_refused(rules: Path, file: Path) -> None:
    """One id stands for one office."""
    sow(file, "id: labour-bureau", "id: tax-service")
    assert saying(rules, "'tax-service' stands twice")


def test_an_office_that_is_not_known_is_refused(rules: Path, file: Path, scheme: Path) -> None:
    """A misspelt office is told where it stands: a firm would not find it."""
    names(scheme, "天津市税务局、市税务总局")
    found = saying(rules, f"市税务总局 is no office of {NAME}: add it there, or use one of its names")
    assert found == [(RESEARCH, line_of(scheme, "department:"))]


def test_a_scheme_without_an_office_is_refused(rules: Path, file: Path, scheme: Path) -> None:
    """A firm would not know whom to ask."""
    names(scheme, "有关方面")
    found = saying(rules, f"no office of {NAME} is named here, so that a firm would not know whom to ask")
    assert found == [(RESEARCH, line_of(scheme, "department:"))]


def test_a_file_that_is_no_list_is_refused(rules: Path, file: Path) -> None:
    """The file holds a list of offices."""
    file.write_text("a: 1\n", encoding="utf-8")
    assert next((one.file, one.message) for one in refused(rules)) == (NAME, "the file holds a list")


def test_an_unknown_office_is_named_once(rules: Path, file: Path, scheme: Path) -> None:
    """One mistake, one message: that nobody known is named besides says nothing more."""
    names(scheme, "天津市示例局")
    said = [one.message for one in refused(rules) if one.file == RESEARCH and "offices.yaml" in one.message]
    assert len(said) == 1
    assert said[0].startswith("天津市示例局 is no office of offices.yaml")
