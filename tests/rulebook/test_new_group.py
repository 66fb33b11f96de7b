"""A fact with a group of its own, written in rules/ alone, is asked wherever facts are asked, under the heading of its group."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from python_calamine import CalamineWorkbook

from matcher import places
from matcher.cli import main
from matcher.firms.workbook.template import template
from matcher.presentation.catalogue import Catalogue
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import number
from tests.fixtures.pages import Visitor as Owner
from tests.rulebook.example import SLUG, write_example
from tests.site.interview.conftest import Interview

FACT, HEADING = "has_roof_garden", {"zh": "屋顶绿化", "en": "Roof gardens"}
QUESTION = "贵单位建有屋顶花园吗？"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules with the worked example of their README: a scheme, a fact and a group, all of them new."""
    return write_example(tmp_path_factory.mktemp("gardens")) / "rules"


@pytest.fixture(scope="module")
def extended(folder: Path) -> Rulebook:
    """The rulebook of the folder."""
    return load(folder)


@pytest.fixture
def gardens(desk_app: Flask, extended: Rulebook, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application on this rulebook."""
    monkeypatch.setitem(desk_app.extensions, "catalogue", Catalogue(extended))
    return desk_app


def test_on_the_page_with_all_questions(gardens: Flask) -> None:
    """It stands in a section of its own."""
    page = Owner(gardens.test_client()).get(f"/all?scheme={SLUG}")
    assert page.root.find(f".//*[@name='fact_{FACT}']") is not None
    assert HEADING["zh"] in page.text


def test_in_the_interview(gardens: Flask) -> None:
    """It is asked in its turn, and stands under its heading among the answers."""
    interview = Interview(Owner(gardens.test_client()))
    facts = {"district": "nankai", "employees": "212", FACT: "true"}
    assert FACT in [fact for screen in interview.play(interview.begin(SLUG), facts) for fact in screen]
    answers = interview.visitor.get("/answers").text
    assert HEADING["zh"] in answers
    assert QUESTION in answers or "建有屋顶花园" in answers


def test_on_the_form_of_the_desk(gardens: Flask, signed_in: Callable[[str], Visitor]) -> None:
    """A case has it in a part that is opened by its group."""
    clerk = signed_in("clerk")
    case_id = number(clerk.post({"once": "x" * 22, "name": "天津市花园有限公司", "credit_code": ""}, "/desk/cases/new"))
    page = clerk.get(f"/desk/cases/{case_id}?open=gardens")
    assert page.root.find(f".//*[@name='fact_{FACT}']") is not None
    assert HEADING["zh"] in page.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_the_workbook(extended: Rulebook, lang: str) -> None:
    """It has a column, and the instructions list it under its group."""
    with CalamineWorkbook.from_filelike(io.BytesIO(template(extended, lang))) as book:
        firms, about = (
            book.get_sheet_by_index(number).to_python(skip_empty_area=False)
            for number in (0, len(book.sheet_names) - 2)
        )
    assert FACT in firms[0]
    assert HEADING[lang] in {row[1] for row in about}


def test_in_the_list_of_facts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`matcher facts` has it under its group."""
    monkeypatch.setattr(places, "rules_dir", lambda: folder)
    listed = CliRunner().invoke(main, ["facts"])
    assert listed.exit_code == 0
    assert "[gardens]" in listed.output
    assert FACT in listed.output
