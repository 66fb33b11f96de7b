"""Tests of the order of the questions: what is awaited, what many schemes need, then the rest folded by subject."""

import pytest
from werkzeug.datastructures import MultiDict

from matcher.presentation.catalogue import Catalogue
from matcher.presentation.forms import form_class, take_in
from matcher.presentation.questions import Section, sections
from matcher.rulebook.rulebook import Rulebook


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Catalogue:
    """The catalogue of this checkout."""
    return Catalogue(rulebook)


def shown(book: Catalogue, told: dict[str, str] | None = None, wanted: tuple[str, ...] = ()) -> tuple[Section, ...]:
    """The sections of a form in which this was typed."""
    form = form_class(book)(MultiDict(told or {}))
    return sections(book, form, take_in(book, form), "zh", wanted)


def names(section: Section) -> set[str]:
    """The fields of a section and its parts."""
    return {question.name for question in section.every}


def test_what_most_schemes_need_comes_first(book: Catalogue) -> None:
    """The long form begins with a short list, open; everything else is folded, and each question stands once."""
    first, *rest = shown(book)
    assert first.key == "first"
    assert {"fact_district", "fact_legal_form", "fact_industry"} <= names(first)
    assert len(first.questions) <= 20
    assert [section.key for section in (first, *rest) if section.is_open] == ["first"]
    every = [question.name for section in (first, *rest) for question in section.every]
    assert len(every) == len(set(every)) == len(book.asked(()))


def test_what_one_scheme_alone_needs_is_a_fold_inside_its_subject(book: Catalogue) -> None:
    """A long subject holds a fold for each scheme that alone needs some of its questions."""
    tax = next(section for section in shown(book) if section.key == "tax")
    assert len(tax.questions) <= 12
    assert "小微企业“六税两费”减免" in [part.heading for part in tax.parts]


def test_answers_do_not_unfold_a_long_form(book: Catalogue) -> None:
    """A section shows how many of its questions are answered; only a fault opens it, part and all."""
    tax = next(s for s in shown(book, {"fact_six_taxes_two_fees_payable": "310"}) if s.key == "tax")
    assert (tax.answered, tax.is_open) == (1, False)
    tax = next(s for s in shown(book, {"fact_six_taxes_two_fees_payable": "很多"}) if s.key == "tax")
    assert tax.is_open
    assert [part.is_open for part in tax.parts if part.key == "tax-six-taxes-two-fees"] == [True]


def test_what_is_awaited_is_asked_next(book: Catalogue) -> None:
    """At most eight awaited facts come before everything else, in the order of their use."""
    wanted = ("loan_principal", "no_such_fact", "district", *book.asked(())[40:60])
    following = shown(book, wanted=wanted)[0]
    assert (following.key, following.is_open, len(following.questions)) == ("next", True, 8)
    assert [question.name for question in following.questions[:2]] == ["fact_loan_principal", "fact_district"]


def test_a_few_schemes_make_a_short_form(book: Catalogue) -> None:
    """A form of a few questions has neither a first list nor folds."""
    form = form_class(book)(MultiDict({"scheme": "illegal-fee-complaint"}))
    found = sections(book, form, take_in(book, form), "zh")
    assert "first" not in [section.key for section in found]
    assert all(section.is_open for section in found)
