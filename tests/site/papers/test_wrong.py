"""Tests of the note of what seems wrong: what stands on it, and that nothing of it is kept."""

import pytest

from matcher.rulebook.rulebook import Rulebook
from matcher.site.papers.checklist import phones
from tests.fixtures.pages import ENTITLED, Visitor, parsed, words

PATH = "/wrong/six-taxes-two-fees"


@pytest.fixture
def owner(visitor: Visitor) -> Visitor:
    """A visitor who has told a firm's facts."""
    visitor.post({**ENTITLED, "fact_name": "天津市麦香阁面馆", "fact_has_exports": "true"})
    return visitor


def test_the_note_holds_all_that_the_decision_rests_on(owner: Visitor) -> None:
    """Decision, facts used and no others, rule with instrument, department, telephone, edition."""
    page = owner.get(PATH)
    edition = owner.client.application.extensions["catalogue"].rulebook.hash[:16]
    for part in ("现在可享受", "19,321.29", "一般纳税人", "38,642.57", "第10号", "天津市税务局", "12366", edition):
        assert part in page.text, part
    facts = next(dl for dl in page.root.iter("dl") if dl.get("class") == "used")
    assert "出口" not in words(facts)


def test_the_owners_words_stand_on_the_paper_only(owner: Visitor) -> None:
    """What is written comes back as text, lines kept and markup shown, and is gone on the next visit."""
    token = owner.get(PATH).value("csrf_token")
    page = parsed(owner.client.post(PATH, data={"csrf_token": token, "text": "印花税\r\n<b>少算</b>\x00了"}))
    said = next(part for part in page.root.iter("section") if part.get("class") == "owner")
    assert [(p.text or "") for p in said.iter("p")] == ["印花税\n<b>少算</b>了"]
    assert "少算" not in owner.get(PATH).text


def test_a_note_from_elsewhere_is_refused(owner: Visitor) -> None:
    """Without the token of this session nothing is put on the paper."""
    assert owner.client.post(PATH, data={"text": "x"}).status_code == 400


def test_no_telephone_is_made_up(rulebook: Rulebook) -> None:
    """Only numbers in a scheme's own words are given, each once; where there are none, none."""
    found = {slug: phones(scheme) for slug, scheme in rulebook.schemes.items()}
    assert found["six-taxes-two-fees"] == ("12366",)
    assert found["illegal-fee-complaint"] == ("12315", "12345")
    assert set().union(*found.values()) == {"12315", "12333", "12345", "12366"}


@pytest.mark.parametrize(("path", "code"), [("/wrong/no-such-scheme", 404), (PATH, 303)])
def test_there_is_no_note_without_a_scheme_or_answers(visitor: Visitor, path: str, code: int) -> None:
    """A scheme that does not exist is not found; without answers the scheme's own sheet is shown."""
    assert visitor.client.get(path).status_code == code
