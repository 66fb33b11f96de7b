"""The register of decisions and letters: what it takes, gives back and refuses."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from matcher.db.database import session
from matcher.db.faults import ConstraintError, EntryError
from matcher.letters.models import DecisionRecord, LetterRecord
from matcher.letters.register import find_letter, record_decisions, record_letter

pytestmark = pytest.mark.both_databases


def test_an_answer_comes_back_exactly(engine: Engine, answer: dict[str, Any]) -> None:
    """Every field of a decision record is read back as it was told: Chinese names, decimals as text, order of lists."""
    with session(engine) as writing:
        made = record_decisions(writing, **answer)
    with session(engine) as reading:
        found = reading.get_one(DecisionRecord, made.id)
        assert {name: getattr(found, name) for name in answer} == answer


def test_the_stored_text_is_the_same_on_both_databases(engine: Engine, answer: dict[str, Any]) -> None:
    """The facts are stored as canonical text, so that a hash of it is the same everywhere."""
    with session(engine) as writing:
        record_decisions(writing, **answer)
    with engine.connect() as connection:
        stored = connection.scalar(text("SELECT profile FROM decision_record"))
    assert stored == '{"employees":212,"name":"天津市喆堃镕科技有限公司","six_taxes_two_fees_payable":"38642.57"}'


def test_an_answer_is_kept_without_its_facts(engine: Engine, answer: dict[str, Any]) -> None:
    """A profile that is not told is NULL, not an empty object: nothing of the firm is kept."""
    with session(engine) as writing:
        record_decisions(writing, **answer | {"profile": None})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM decision_record WHERE profile IS NULL")) == 1


def test_times_stay_aware(engine: Engine, answer: dict[str, Any]) -> None:
    """A time told in Tianjin's zone comes back as the same moment, aware, in UTC, to the microsecond."""
    told = datetime(2026, 1, 1, 0, 30, 0, 1, tzinfo=timezone(timedelta(hours=8)))
    with session(engine) as writing:
        made = record_decisions(writing, **answer | {"created_at": told})
    with session(engine) as reading:
        back = reading.get_one(DecisionRecord, made.id).created_at
    assert back == told
    assert back.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("created_at", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("as_of", "2026-02-28"),
        ("as_of", datetime(2026, 2, 28, tzinfo=UTC)),
        ("rulebook_hash", "ABC"),
        ("rulebook_hash", "0123456789ABCDEF" * 4),
        ("origin", "fax"),
        ("receipt_id", ""),
        ("receipt_id", "天津"),
        ("profile", {"six_taxes_two_fees_payable": 38642.57}),
        ("profile", {"people": [1, 2]}),
        ("decisions", [{"scheme": "six-taxes-two-fees", "amount": 0.5}]),
    ],
)
def test_a_faulty_answer_is_refused_by_field(engine: Engine, answer: dict[str, Any], field: str, value: object) -> None:
    """A naive time, a wrong date, a digest, origin or figure of the wrong form is refused and its field named."""
    with session(engine) as writing, pytest.raises(EntryError) as refusal:
        record_decisions(writing, **answer | {field: value})
    assert {name.partition(".")[0] for name in refusal.value.fields} == {field}
    assert field in refusal.value.zh
    assert field in refusal.value.en


def test_every_fault_is_named_at_once(engine: Engine, answer: dict[str, Any]) -> None:
    """Two wrong fields are two names in one refusal, and the values stay out of it: they may be a firm's facts."""
    with session(engine) as writing, pytest.raises(EntryError) as refusal:
        record_decisions(writing, **answer | {"origin": "喆堃镕", "receipt_id": "喆堃镕"})
    assert set(refusal.value.fields) == {"origin", "receipt_id"}
    assert "喆堃镕" not in str(refusal.value)


def test_a_letter_is_found_by_its_bytes(engine: Engine, answer: dict[str, Any], letter: dict[str, Any]) -> None:
    """The SHA-256 of the file finds its letter, in capitals too; another file's finds none."""
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
        made = record_letter(writing, decision_record_id=record.id, **letter)
    digest = hashlib.sha256(letter["pdf"]).hexdigest()
    with session(engine) as reading:
        found = find_letter(reading, f" {digest.upper()}\n")
        assert found is not None
        assert (found.id, found.decision_record_id, found.schemes) == (made.id, record.id, ["six-taxes-two-fees"])
        assert (found.kind, found.language, found.number, found.made_at) == (
            "eligibility",
            "zh",
            None,
            letter["made_at"],
        )
        assert find_letter(reading, hashlib.sha256(b"another").hexdigest()) is None
        assert find_letter(reading, "no digest") is None


def test_the_same_bytes_made_twice_give_the_first(
    engine: Engine, answer: dict[str, Any], letter: dict[str, Any]
) -> None:
    """Of two letters with the same bytes the earlier is found, in whichever order they were written."""
    earlier = letter | {"made_at": letter["made_at"] - timedelta(days=1)}
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
        record_letter(writing, decision_record_id=record.id, **letter)
        first = record_letter(writing, decision_record_id=record.id, **earlier)
    with session(engine) as reading:
        found = find_letter(reading, first.sha256)
    assert found is not None
    assert found.id == first.id


def test_a_letter_speaks_only_of_what_was_decided(
    engine: Engine, answer: dict[str, Any], letter: dict[str, Any]
) -> None:
    """A letter that names a scheme its record does not decide is refused, and the scheme named."""
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
        with pytest.raises(EntryError, match="talent-housing") as refusal:
            record_letter(writing, decision_record_id=record.id, **letter | {"schemes": ["talent-housing"]})
    assert refusal.value.fields == ("schemes",)


def test_a_letter_needs_its_record(engine: Engine, letter: dict[str, Any]) -> None:
    """A letter made of a decision record that is not in the register is refused with what to do."""
    unknown = "00000000-0000-4000-8000-000000000000"
    with session(engine) as writing, pytest.raises(EntryError, match="record the decisions before the letter"):
        record_letter(writing, decision_record_id=unknown, **letter)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "poem"),
        ("language", "fr"),
        ("number", ""),
        ("made_at", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("schemes", ["Six Taxes"]),
        ("schemes", ["six-taxes-two-fees", "six-taxes-two-fees"]),
    ],
)
def test_a_faulty_letter_is_refused_by_field(
    engine: Engine, answer: dict[str, Any], letter: dict[str, Any], field: str, value: object
) -> None:
    """A kind, language, number, time or scheme of the wrong form is refused and its field named."""
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
        with pytest.raises(EntryError) as refusal:
            record_letter(writing, decision_record_id=record.id, **letter | {field: value})
    assert {name.partition(".")[0] for name in refusal.value.fields} == {field}


def test_a_number_is_given_once(engine: Engine, answer: dict[str, Any], letter: dict[str, Any]) -> None:
    """Two letters without a number may stand beside each other; two with the same number may not."""
    number = "津企服函〔2026〕12号"
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
        for given in (None, None, number):
            record_letter(writing, decision_record_id=record.id, **letter | {"number": given})
    with pytest.raises(ConstraintError, match="number"), session(engine) as writing:
        record_letter(writing, decision_record_id=record.id, **letter | {"number": number})
    with session(engine) as reading:
        assert len(reading.exec(select(LetterRecord)).all()) == 3
