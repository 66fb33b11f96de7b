"""What the database itself refuses, when a row comes past the checks of the entries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, delete

from matcher.answers.models import Draft, Handover
from matcher.db.database import session
from matcher.db.faults import ConstraintError
from matcher.letters.models import DecisionRecord, LetterRecord
from matcher.letters.register import record_decisions, record_letter
from matcher.web.models import Attempt

pytestmark = pytest.mark.both_databases

DAY = datetime(2026, 1, 1, tzinfo=UTC)
RECORD_ID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("origin", "fax", "ck_decision_record_origin"),
        ("rulebook_hash", "0" * 63, "ck_decision_record_rulebook_hash"),
        ("rulebook_hash", "A" * 64, "ck_decision_record_rulebook_hash"),
        ("receipt_id", None, "receipt_id"),
    ],
)
def test_a_bad_decision_row_is_refused(
    engine: Engine, answer: dict[str, Any], field: str, value: object, constraint: str
) -> None:
    """CHECK and NOT NULL hold in the database, the refusal names the constraint and shows nothing of the firm."""
    with pytest.raises(ConstraintError, match=constraint) as refusal, session(engine) as writing:
        writing.add(DecisionRecord(**{"id": RECORD_ID} | answer | {field: value}))
    assert "喆堃镕" not in str(refusal.value)


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("kind", "poem", "ck_letter_record_kind"),
        ("language", "fr", "ck_letter_record_language"),
        ("sha256", "", "ck_letter_record_sha256"),
    ],
)
def test_a_bad_letter_row_is_refused(
    engine: Engine, answer: dict[str, Any], letter: dict[str, Any], field: str, value: object, constraint: str
) -> None:
    """A letter's kind, language and digest are held by the database too."""
    row = {name: told for name, told in letter.items() if name != "pdf"}
    row |= {"id": RECORD_ID, "sha256": "0" * 64, field: value}
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
    with pytest.raises(ConstraintError, match=constraint), session(engine) as writing:
        writing.add(LetterRecord(**row, decision_record_id=record.id))


def test_a_letter_row_needs_a_decision_row(engine: Engine) -> None:
    """A foreign key holds a letter to its decision record, on SQLite as well."""
    row = LetterRecord(
        id=RECORD_ID,
        decision_record_id=RECORD_ID,
        kind="missing",
        language="zh",
        sha256="0" * 64,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        schemes=[],
    )
    with pytest.raises(ConstraintError, match=r"(?i)foreign|fk_letter_record"), session(engine) as writing:
        writing.add(row)


def test_a_decision_with_a_letter_stays(engine: Engine, answer: dict[str, Any], letter: dict[str, Any]) -> None:
    """A decision record cannot be deleted while a letter rests on it."""
    with session(engine) as writing:
        record = record_decisions(writing, **answer)
        record_letter(writing, decision_record_id=record.id, **letter)
    with pytest.raises(ConstraintError), session(engine) as writing:
        writing.exec(delete(DecisionRecord))
    with session(engine) as reading:
        assert reading.get(DecisionRecord, record.id) is not None


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        (Draft(id="short", ciphertext=b"", expires_at=DAY), "ck_draft_id"),
        (Handover(id="A" * 64, consent="1", made_at=DAY, expires_at=DAY), "ck_handover_id"),
        (Attempt(purpose="fun", client="1" * 64, made_at=DAY), "ck_attempt_purpose"),
        (Attempt(purpose="code", client="127.0.0.1", made_at=DAY), "ck_attempt_client"),
    ],
)
def test_a_bad_row_of_what_is_kept_is_refused(engine: Engine, row: Draft | Handover | Attempt, constraint: str) -> None:
    """The database itself holds names and clients to be digests: no plain address can get in."""
    with pytest.raises(ConstraintError, match=constraint), session(engine) as writing:
        writing.add(row.model_copy())
