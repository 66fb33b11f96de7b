"""The credit code: what is accepted, what is refused with which hint, what only warns."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from matcher.firms.credit_code import ALPHABET, check_character, organisation_check, read_code

VALID = "91120101666842431T"


def rows(reference_dir: Path, name: str) -> list[dict[str, str]]:
    """Read one of the reference lists."""
    with (reference_dir / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_valid_code_is_accepted_as_it_stands(reference_dir: Path) -> None:
    """Every code of the list of valid ones is used unchanged; codes that are not of enterprises get one remark."""
    for row in rows(reference_dir, "uscc_valid.csv"):
        reading = read_code(row["uscc"])
        assert reading.code == row["uscc"]
        assert [remark.code for remark in reading.remarks] == (
            [] if row["uscc"].startswith("9") else ["credit_code_department"]
        )


def test_every_listed_mistake_gets_the_answer_it_needs(reference_dir: Path) -> None:
    """What people type is refused, normalised, warned of or answered with the one repair, as the list says."""
    for row in rows(reference_dir, "uscc_invalid.csv"):
        reading = read_code(row["input"])
        if row["repair"] == "normalise":
            assert reading.code == row["intended_uscc"], row
            assert [remark.code for remark in reading.remarks] == ["credit_code_normalised"]
        elif row["repair"] == "warn":
            assert reading.code == row["input"], row
            assert reading.remarks
        else:
            assert reading.code is None, row
            assert reading.wrong is not None
            assert reading.proposal in (
                {row["intended_uscc"]} if row["repair"] == "unique" else {None, row["intended_uscc"]}
            )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "没有填写"),
        ("无", "没有填写"),
        ("9.11201E+17", "表格软件"),
        ("911201164421018000", "15 位"),
        ("120116000098761", "旧注册号"),
        ("120103MA06BM9U5", "旧税号"),
        ("10143223-2", "组织机构代码"),
        ("91120118626687406", "17 位"),
        ("911201119MA071WDGXL", "是不是 91120119MA071WDGXL"),
        ("91120111AM05YXQH1C", "相邻两个写反"),
        ("9112@101666842431T", "@"),
        ("9A120101666842431T", "第 2 至 8 位"),
    ],
)
def test_a_refusal_says_what_is_wrong(typed: str, said: str) -> None:
    """The text of a refusal names the mistake in plain words."""
    reading = read_code(typed)
    assert reading.wrong is not None
    assert said in reading.wrong.zh


def test_a_code_of_a_village_collective_is_accepted() -> None:
    """Codes that begin N2 are good although python-stdnum refuses a letter there."""
    body = "N2120116" + "MA05JGJR"
    body += organisation_check(body)
    code = body + check_character(body)
    assert not uscc.is_valid(code)
    assert read_code(code).code == code
    assert read_code(code).remarks == ()


def test_a_wrong_inner_check_or_area_only_warns() -> None:
    """The last check decides; the organisation code's own check and the area code are remarks."""
    assert [r.code for r in read_code("91120116MA06M6H05E").remarks] == ["credit_code_organisation_check"]
    assert [r.code for r in read_code("91120199MA078ELRXJ").remarks] == ["credit_code_area"]
    assert read_code("91120199MA078ELRXJ").remarks[0].to_json()["facts"] == ["credit_code"]


@given(position=st.integers(0, 17), char=st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_refused(position: int, char: str) -> None:
    """No single wrong character passes."""
    typed = VALID[:position] + char + VALID[position + 1 :]
    assert (read_code(typed).code is None) == (typed != VALID)


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    """Whatever is typed, the answer is a code that python-stdnum's check agrees with, or a reason."""
    reading = read_code(text)
    assert (reading.code is None) == (reading.wrong is not None)
