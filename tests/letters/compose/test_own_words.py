"""Tests of a scheme's own words: their figures, what is left out, and when they are silent."""

from datetime import date

import pytest

from matcher.letters.compose.section import own_words, words_are_whole
from matcher.rulebook.rulebook import Rulebook

DAY = date(2022, 3, 1)


def test_a_figure_stands_in_its_sentence(rulebook: Rulebook) -> None:
    """Sums are written without the unit that stands in the sentence, rates in per cent."""
    said = own_words(rulebook.scheme_at("guarantee-fee-rebate", DAY), "eligible", {"fee_ceiling": "200000.00"}, "zh")
    assert "即不超过200,000.00元" in said
    bank = rulebook.scheme_at("relending-rediscount", DAY)
    said = own_words(bank, "needs_decision", {"bank_funding_rate": "0.02"}, "en")
    assert "2% is the bank's cost of funds" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sentence_without_its_figure_is_left_out(rulebook: Rulebook, lang: str) -> None:
    """No place is left unfilled in any scheme, and what is left is whole sentences."""
    for scheme in rulebook.schemes.values():
        said = own_words(rulebook.scheme_at(scheme.slug, DAY), "eligible", {}, lang)
        assert "{" not in said, scheme.slug
        assert said[-1:] in "。.", scheme.slug
        assert bool(scheme.say) == bool(said), scheme.slug


def test_nothing_is_said_where_nothing_is_given(rulebook: Rulebook) -> None:
    """A refusal says nothing on who would be paid."""
    assert own_words(rulebook.scheme_at("guarantee-fee-rebate", DAY), "not_eligible", {}, "zh") == ""


def test_the_general_sentence_stays_where_it_adds_something(rulebook: Rulebook) -> None:
    """Money to the firm is always said plainly, and so is a recipient other than the usual one."""
    assert words_are_whole(rulebook.schemes["guarantee-fee-rebate"], "institution")
    assert not words_are_whole(rulebook.schemes["job-retention-rebate"], "firm_cash")
    assert not words_are_whole(rulebook.schemes["skills-training-subsidy"], "institution")
