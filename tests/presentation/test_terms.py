"""Tests of the terms explained in questions."""

from matcher.presentation import questions as terms
from matcher.rulebook.rulebook import Rulebook


def test_every_term_stands_in_a_question_and_is_told_whole(rulebook: Rulebook) -> None:
    """No term is explained for nothing, none twice, and each has plain words and an example in both languages."""
    found = terms.glossary()
    used = {term.word for fact in rulebook.facts.values() if fact.question for term in terms.explained(fact)}
    assert [term.word for term in found if term.word not in used] == []
    assert len({term.word for term in found}) == len(found)
    assert all(text.zh and text.en for term in found for text in (term.name, term.means, term.example))


def test_a_question_explains_the_terms_it_uses(rulebook: Rulebook) -> None:
    """The question on the annual settlement explains both the settlement and the small low-profit enterprise."""
    explained = {term.word for term in terms.explained(rulebook.facts["small_low_profit_per_settlement"])}
    assert {"汇算清缴", "小型微利"} <= explained
