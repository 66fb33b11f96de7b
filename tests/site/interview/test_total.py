"""Tests of the total: the first sentence of the results and the panel below say the same, sure first, what may come on top after."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from matcher.answers.answers import Answers
from matcher.engine.ask.readings import Outlook
from matcher.presentation.catalogue import Catalogue
from matcher.presentation.entries import money_range
from matcher.rulebook.rulebook import Rulebook
from matcher.site.interview.result_views import Total, total
from matcher.site.interview.visits import Visit
from matcher.text import figures
from tests.fixtures.pages import words
from tests.site.interview.conftest import Interview

STEPS = 6


@pytest.fixture(scope="module")
def firms(given_cases: Path) -> Mapping[str, Any]:
    """The whole firms that were given, by name."""
    given = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    return {one["id"]: one for one in given}


def visits(rulebook: Rulebook, firm: Mapping[str, Any]) -> Iterator[Visit]:
    """The firm after more and more of its answers, the last time after all of them."""
    facts = {name: said if isinstance(said, bool | int) else str(said) for name, said in firm["facts"].items()}
    book, names = Catalogue(rulebook), list(facts)
    for step in range(1, STEPS + 1):
        told = {name: facts[name] for name in names[: len(names) * step // STEPS]}
        yield Visit(book, Answers(facts=told, as_of=str(firm["as_of"])))


def reached(visit: Visit) -> Total:
    """The panel of the results."""
    found = total(visit, visit.survey.decisions, "zh")
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["noodle-shop", "e-waste-dismantler", "restaurant-chain-2022", "orchard-cooperative"])
def test_the_panel_says_what_the_sentence_says(rulebook: Rulebook, firms: Mapping[str, Any], name: str) -> None:
    """After any number of answers the panel's ends are those of the range said first, and its sure lines add up to the lower;
    the lower only rises, and is never above the upper."""
    before = 0
    for visit in visits(rulebook, firms[name]):
        outlook, panel = visit.survey.outlook, total(visit, visit.survey.decisions, "zh")
        if panel is None:  # the first answers may be about nothing that brings money
            assert before == outlook.low == 0
            continue
        assert panel.low == (figures.sum_in_yuan(outlook.low, "zh") if outlook.low else "")
        assert panel.high == ("" if outlook.high is None else figures.sum_in_yuan(outlook.high, "zh"))
        assert sum(fen for _, fen in outlook.sure) == outlook.low
        assert len(panel.sure) == len(outlook.sure)
        assert not {line.name for line in panel.sure} & {line.name for line in panel.more}
        assert outlook.high is None or outlook.low <= outlook.high
        assert outlook.low >= before
        before = outlook.low


def test_what_a_department_decides_is_not_sure(rulebook: Rulebook, firms: Mapping[str, Any]) -> None:
    """An exact sum that a department has still to grant stands apart, and is in no lower end."""
    *_, visit = visits(rulebook, firms["e-waste-dismantler"])
    panel = reached(visit)
    (line,) = [line for line in panel.more if line.amount == "6,804,000元"]
    assert line.is_exact
    assert not line.is_decided
    assert "6,804,000元" not in {one.amount for one in panel.sure}


def test_an_unknown_end_is_called_unknown(owner: Interview) -> None:
    """Where nothing is sure and no end is known, the page says so, and names no sum as a total."""
    owner.begin(fact_district="heping")
    page = owner.visitor.get("/result")
    assert "上限还不知道" in words(page.by_id("answer"))
    assert "合计至少" not in page.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_at_least_is_said_of_every_lower_end(lang: str) -> None:
    """The words for a lower and an unknown upper end are those of the panel."""
    said = money_range(Outlook(12_000_000, None, ("a",)), lang)
    assert ("至少" in said and "上限还不知道" in said) or ("at least" in said and "the upper end is not known" in said)
