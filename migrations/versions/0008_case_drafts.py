"""Drafts: what a clerk has typed into a case and not saved yet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "case_draft",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_case_draft_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_draft_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_case_draft")),
    )


def downgrade() -> None:
    """Drop what nobody has saved."""
    op.drop_table("case_draft")
