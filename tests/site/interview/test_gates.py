"""Tests of gate questions in the interview: one "no" is an answer to all beneath it, kept, shown and changed like any other."""

import pytest

from tests.fixtures.pages import words
from tests.site.interview.conftest import Interview, asked, asked_by

THREE = ("beijing-relocation", "gansu-transfer", "jilin-cooperation")
BENEATH = ("relocates_from_beijing", "invests_in_lanbai_zone", "cooperates_with_jilin")
GATE = "gate:regions"


@pytest.fixture
def at_the_gate(owner: Interview) -> Interview:
    """An owner in Nankai whose next question is whether anything ties the firm to Beijing, Gansu or Jilin."""
    assert asked_by(owner.begin(*THREE, fact_district="nankai")) == (GATE,)
    return owner


def answer(owner: Interview, value: str, **more: str) -> str:
    """Answer the gate; where that leads to."""
    page = owner.visitor.get("/ask?fact=gate:regions")
    response = owner.send("/ask", {"fact": GATE, "gate_regions": value, "do": "next", **more}, page)
    assert response.status_code == 303
    return response.headers["Location"]


def test_a_gate_says_what_counts_and_what_not_knowing_costs(at_the_gate: Interview) -> None:
    """The question stands with what counts, three answers, a scheme that waits, and the price of 不清楚."""
    page = at_the_gate.visitor.get("/ask?fact=gate:regions")
    text = words(page.root)
    assert all(part in text for part in ("有没有从北京迁来", "有一样就算有", "为什么问", "不清楚的话，3项"))
    chips = [field.get("value") for field in page.root.iterfind(".//input[@name='gate_regions']")]
    assert chips == ["some", "none", "?"]


def test_no_answers_everything_beneath(at_the_gate: Interview) -> None:
    """After "no" all is settled, and each fact beneath stands among the answers as one of its own."""
    assert answer(at_the_gate, "none") == "/result"
    page = at_the_gate.visitor.get("/answers")
    assert "有没有从北京迁来" in page.text
    links = {link.get("href") for link in page.root.iter("a")}
    for fact in BENEATH:
        assert f"/ask?fact={fact}&back=answers" in links
        assert at_the_gate.visitor.get(f"/ask?fact={fact}").value(f"fact_{fact}") == "false"


@pytest.mark.parametrize("value", ["some", "?", ""])
def test_any_other_answer_asks_what_lies_beneath(at_the_gate: Interview, value: str) -> None:
    """After "yes", 不清楚 or nothing the gate is not asked again; the facts beneath are."""
    to = answer(at_the_gate, value)
    assert set(asked(at_the_gate.visitor.get(to))) == set(BENEATH)


def test_a_gate_is_answered_anew(at_the_gate: Interview) -> None:
    """Back at the gate the answer stands; "yes" instead takes back what "no" said, but not what was told since."""
    answer(at_the_gate, "none")
    page = at_the_gate.visitor.get("/ask?fact=cooperates_with_jilin")
    at_the_gate.tell(page, cooperates_with_jilin="true")
    again = at_the_gate.visitor.get("/ask?fact=gate:regions")
    assert again.value("gate_regions") == "none"
    to = answer(at_the_gate, "some")
    assert set(asked(at_the_gate.visitor.get(to))) == set(BENEATH) - {"cooperates_with_jilin"}
    told = at_the_gate.visitor.get("/ask?fact=cooperates_with_jilin")
    assert told.value("fact_cooperates_with_jilin") == "true"


def test_no_is_said_again_after_an_answer_was_taken_back(at_the_gate: Interview) -> None:
    """Who empties the facts beneath in "what if" and says "no" once more has told them again."""
    answer(at_the_gate, "none")
    page = at_the_gate.visitor.get("/what-if")
    at_the_gate.send("/what-if", {"fact": list(BENEATH), "do": "keep"}, page)
    assert answer(at_the_gate, "none") == "/result"


def test_a_gate_goes_through_the_file(at_the_gate: Interview) -> None:
    """What was answered stands in the saved file too, the gate apart from the facts."""
    answer(at_the_gate, "some")
    page = at_the_gate.visitor.get("/save")
    saved = at_the_gate.send("/save", {}, page)
    assert saved.get_json(force=True)["gates"] == {GATE: "some"}


@pytest.mark.parametrize("path", ["/ask?fact=gate:nothing", "/ask?fact=gate:"])
def test_an_unknown_gate_leads_on(at_the_gate: Interview, path: str) -> None:
    """A gate that is not asked leads to the next question."""
    response = at_the_gate.visitor.client.get(path)
    assert asked_by(response) == (GATE,)


def test_a_gate_is_no_fact_to_change_in_what_if(at_the_gate: Interview) -> None:
    """Sent there as a fact it is passed over."""
    page = at_the_gate.visitor.get("/what-if")
    response = at_the_gate.send("/what-if", {"fact": GATE, "add": GATE, "do": "look"}, page)
    assert response.status_code == 200
