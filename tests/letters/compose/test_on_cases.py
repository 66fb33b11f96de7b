"""Letters on the worked cases: real rules, real decisions, every scheme and every status it comes to."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml

from matcher.engine.check import check
from matcher.engine.decision import Decision
from matcher.firms.profile import read_facts
from matcher.letters.compose.compose import compose_letter_of
from matcher.letters.compose.letter import Letter
from matcher.letters.pdf.render import render_pdf
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count

NAME = "天津市北辰区恒通精密机械有限公司"


ALWAYS = ("eligible", "needs_decision")  # these are printed for every scheme, the others once


@dataclass(frozen=True)
class Decided:
    """A worked case with its facts and the decision on it."""

    case: dict[str, Any]
    facts: dict[str, Any]
    decision: Decision

    def letter(self, rulebook: Rulebook, lang: str) -> Letter:
        """The letter on it."""
        as_of = self.case["as_of"]
        return compose_letter_of(rulebook, self.facts, [self.decision], as_of, lang, addressee=NAME)


@pytest.fixture(scope="module")
def decided(rulebook: Rulebook, given_cases: Path) -> list[Decided]:
    """All worked cases of the schemes in the rulebook."""
    made = []
    for slug in rulebook.schemes:
        for case in yaml.safe_load((given_cases / f"{slug}.yaml").read_text(encoding="utf-8")):
            facts, _ = read_facts(rulebook, case["facts"])
            (decision,) = check(rulebook, facts, case["as_of"], [slug])
            made.append(Decided(case, facts, decision))
    return made


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_case_has_words(rulebook: Rulebook, decided: list[Decided], lang: str) -> None:
    """Every worked case can be put into a letter, with a conclusion and a ground, a date or a place."""
    for one in decided:
        (section,) = one.letter(rulebook, lang).sections
        assert section.conclusion, one.case["id"]
        assert any(section.row(key) for key in ("ground", "until", "where")), one.case["id"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_page_each(rulebook: Rulebook, decided: list[Decided], lang: str) -> None:
    """The longest letter of each kind is one page, unless more than three warnings go with the decision; outside the bench the
    twelve longest of them are set."""
    longest: dict[tuple[str, str], Letter] = {}
    for one in decided:
        letter, status = one.letter(rulebook, lang), one.decision.status
        key = (one.decision.scheme if status in ALWAYS else "", status)
        if len(one.decision.warnings) <= 3 and (key not in longest or len(repr(letter)) > len(repr(longest[key]))):
            longest[key] = letter
    fullest = sorted(longest.items(), key=lambda one: -len(repr(one[1])))
    for key, letter in fullest[: count(len(fullest), len(fullest) // 12)]:
        assert len(pypdf.PdfReader(io.BytesIO(render_pdf(letter))).pages) == 1, key


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("执行到2025年10月24日", "在等的文件：")), ("en", ("In force until 24 October 2025", "Awaited: "))],
)
def test_a_letter_on_rules_not_confirmed_says_the_last_terms(
    rulebook: Rulebook, lang: str, words: tuple[str, str]
) -> None:
    """A letter gives no judgement there, but says until when the last terms ran, what they would have given, and what is awaited."""
    day, facts = date(2026, 12, 1), {"project_in_tianjin": True, "renewal_is_new_build": True}
    decisions = check(rulebook, facts, day, ["equipment-renewal-treasury-bond"])
    section = compose_letter_of(rulebook, facts, decisions, day, lang, addressee=NAME).sections[0]
    assert section.amount is None
    (said,) = section.row("last_terms")
    assert all(word in said for word in words), said
