"""What owners keep or hand over: drafts, handovers with their openings, and tries at codes. All encrypted or hashed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the four tables, empty."""
    _draft()
    _handover()
    _handover_opening()
    _attempt()


def downgrade() -> None:
    """Drop the four tables, and whatever owners kept in them."""
    for table in ("attempt", "handover_opening", "handover", "draft"):
        op.drop_table(table)


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        _digest("draft", "id"),
    )
    op.create_index(op.f("ix_draft_expires_at"), "draft", ["expires_at"])


def _handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("consent", sa.String(16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        _digest("handover", "id"),
    )
    op.create_index(op.f("ix_handover_expires_at"), "handover", ["expires_at"])


def _handover_opening() -> None:
    op.create_table(
        "handover_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_opening")),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handover.id"],
            name=op.f("fk_handover_opening_handover_id"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_handover_opening_handover_id"), "handover_opening", ["handover_id"])


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.CheckConstraint("purpose IN ('code', 'operator')", name=op.f("ck_attempt_purpose")),
        _digest("attempt", "client"),
    )
    op.create_index(op.f("ix_attempt_made_at"), "attempt", ["made_at"])


def _digest(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"length({column}) = 64 AND {column} = lower({column})", name=op.f(f"ck_{table}_{column}")
    )
