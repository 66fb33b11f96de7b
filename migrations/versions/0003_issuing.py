"""Letters that went out: their numbers, their signed files, and whether they still hold."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make both tables, empty, and let a letter be in both languages."""
    _languages("'zh', 'en', 'both'")
    _number_series()
    _issued_letter()


def downgrade() -> None:
    """Drop both tables with every signed file; what the register says of their making stays."""
    for table in ("issued_letter", "number_series"):
        op.drop_table(table)
    op.execute("UPDATE letter_record SET language = 'zh' WHERE language = 'both'")
    _languages("'zh', 'en'")


def _languages(allowed: str) -> None:
    name = op.f("ck_letter_record_language")
    with op.batch_alter_table("letter_record") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"language IN ({allowed})")


def _number_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("centre", "year", name=op.f("pk_number_series")),
        sa.CheckConstraint("last >= 1", name=op.f("ck_number_series_last")),
    )


def _issued_letter() -> None:
    op.create_table(
        "issued_letter",
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("key_id", sa.String(12), nullable=False),
        sa.Column("credit_code", sa.String(18), nullable=True),
        sa.Column("addressee", sa.Text(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawal", sa.String(16), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("superseded_by", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_issued_letter")),
        _refers("number", "letter_record.number"),
        _refers("superseded_by", "issued_letter.number"),
        sa.UniqueConstraint("centre", "year", "place", name=op.f("uq_issued_letter_place")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_letter_code")),
        sa.CheckConstraint("withdrawal IN ('revoked', 'superseded')", name=op.f("ck_issued_letter_withdrawal")),
        sa.CheckConstraint("(withdrawal IS NULL) = (withdrawn_at IS NULL)", name=op.f("ck_issued_letter_withdrawn_at")),
        sa.CheckConstraint(
            "(superseded_by IS NOT NULL) = (coalesce(withdrawal, '') = 'superseded')",
            name=op.f("ck_issued_letter_superseded_by"),
        ),
    )
    for column in ("key_id", "credit_code"):
        op.create_index(op.f(f"ix_issued_letter_{column}"), "issued_letter", [column])


def _refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_issued_letter_{column}"), ondelete="RESTRICT")
