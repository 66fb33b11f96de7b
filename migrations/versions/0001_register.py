"""The register: decision records and the letters made of them.

Written out in full and not taken from the models, so that it stays what it was when the models move on.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make both tables, empty."""
    op.create_table(
        "decision_record",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("receipt_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rulebook_hash", sa.String(64), nullable=False),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_record")),
        sa.CheckConstraint("origin IN ('cli', 'web', 'desk')", name=op.f("ck_decision_record_origin")),
        sa.CheckConstraint(
            "length(rulebook_hash) = 64 AND rulebook_hash = lower(rulebook_hash)",
            name=op.f("ck_decision_record_rulebook_hash"),
        ),
    )
    op.create_index(op.f("ix_decision_record_receipt_id"), "decision_record", ["receipt_id"])
    op.create_table(
        "letter_record",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("decision_record_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("number", sa.String(64), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("schemes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_record")),
        sa.ForeignKeyConstraint(
            ["decision_record_id"],
            ["decision_record.id"],
            name=op.f("fk_letter_record_decision_record_id"),
            ondelete="RESTRICT",
        ),
        sa.UniqueConstraint("number", name=op.f("uq_letter_record_number")),
        sa.CheckConstraint("kind IN ('eligibility', 'missing', 'self_check')", name=op.f("ck_letter_record_kind")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_letter_record_language")),
        sa.CheckConstraint("length(sha256) = 64 AND sha256 = lower(sha256)", name=op.f("ck_letter_record_sha256")),
    )
    op.create_index(op.f("ix_letter_record_decision_record_id"), "letter_record", ["decision_record_id"])
    op.create_index(op.f("ix_letter_record_sha256"), "letter_record", ["sha256"])


def downgrade() -> None:
    """Drop both tables, and every record in them."""
    op.drop_table("letter_record")
    op.drop_table("decision_record")
