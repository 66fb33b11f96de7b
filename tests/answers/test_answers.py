"""Tests of the answers as a value: what each change leaves, and what the interview gets."""

from matcher.answers.answers import Answers, Entry
from matcher.engine.ask.readings import Told
from matcher.engine.worlds import Band
from matcher.rulebook.rulebook import Rulebook


def test_an_exact_answer_takes_the_place_of_whatever_was_told(answers: Answers) -> None:
    """A band or a 不清楚 is gone once the figure itself is told; nothing else moves."""
    exact = answers.with_answer("annual_revenue", "2000000", 5).with_answer("total_assets", "9", 6)
    assert exact.facts == {**answers.facts, "annual_revenue": "2000000", "total_assets": "9"}
    assert (exact.bands, exact.unsure) == ({}, frozenset())
    assert (exact.told_at["annual_revenue"], exact.told_at["employees"]) == (5, answers.told_at["employees"])


def test_a_band_outlives_not_sure(answers: Answers) -> None:
    """Who told the band and is unsure of the exact figure has still told the band."""
    unsure = answers.with_unsure("annual_revenue", 9)
    assert unsure.entry("annual_revenue") == Entry(band=("1000000", "5000000", False, True), is_unsure=True)
    assert answers.with_unsure("employees", 9).entry("employees") == Entry(is_unsure=True)


def test_the_first_value_does_not_change(answers: Answers) -> None:
    """Each change gives new answers; those it started from stay."""
    before = dict(answers.facts)
    answers.with_answer("employees", 1, 1).without("name")
    assert answers.facts == before


def test_a_whole_form_takes_back_what_it_left_empty(answers: Answers) -> None:
    """An exact answer left empty goes, a band and a 不清楚 stay, and what did not change keeps its time."""
    form = {"name": "天津市喆堃镕科技有限公司", "employees": 213}
    told = answers.with_form(form, ("name", "employees", "is_tech_sme", "annual_revenue", "total_assets"), 7)
    assert told.facts == {**form, "six_taxes_two_fees_payable": "38642.57"}
    assert (told.bands, told.unsure) == (answers.bands, answers.unsure)
    assert (told.told_at["name"], told.told_at["employees"]) == (1_790_000_000, 7)


def test_the_interview_gets_values_it_can_reckon_with(answers: Answers, rulebook: Rulebook) -> None:
    """Money comes in fen, a band with its open end; what the vocabulary does not know is left out."""
    told = answers.with_answer("no_such_fact", "1", 1).with_unsure("nor_this", 1).told(rulebook)
    assert told.facts["six_taxes_two_fees_payable"] == 3_864_257
    assert told.bands == {"annual_revenue": Band(100_000_000, 500_000_000, False, True)}
    assert told.unsure == {"total_assets"}
    assert "no_such_fact" not in told.facts


def test_true_and_one_are_two_answers() -> None:
    """Python holds True and 1 for equal; as answers they are not."""
    assert not Entry(value=True).is_same(Entry(value=1))
    assert Entry(value=True).is_same(Entry(value=True))


def test_a_day_alone_tells_nothing_about_the_firm() -> None:
    """Answers are empty until something about the firm is told, 不清楚 included."""
    assert Answers(as_of="2026-01-01", schemes=("six-taxes-two-fees",)).is_empty
    assert not Answers().with_unsure("employees", 1).is_empty


def test_no_to_a_gate_of_bounds_holds_its_bounds(rulebook: Rulebook) -> None:
    """Who never had more than 300 people is read so on the pages too; a figure told counts before it, a "yes" takes it back."""
    gate = rulebook.gates["gate:over_small_size"]
    no = Answers().with_answer("q1_end_employees", "12", 1000).with_gate(gate, "none", 1010)
    told = no.told(rulebook)
    assert told.bands["q2_end_employees"] == Band(0, 300)
    assert (told.facts["q1_end_employees"], "q1_end_employees" in told.bands) == (12, False)
    assert told.bands == Told(told.facts).with_no(gate).bands
    assert no.with_gate(gate, "some", 1020).told(rulebook).bands == {}
