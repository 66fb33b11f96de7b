"""The register of firms: what each is called, what was told of it and when, and the index of names."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Byte order, so that an index finds a key by its beginning.
KEY = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the four tables, empty."""
    _firm()
    _firm_name()
    _firm_statement()
    _name_gram()


def downgrade() -> None:
    """Drop the register of firms, history and all."""
    for table in ("name_gram", "firm_statement", "firm_name", "firm"):
        op.drop_table(table)


def _firm() -> None:
    op.create_table(
        "firm",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("credit_code", KEY, nullable=False),
        sa.Column("organisation", KEY, nullable=False),
        sa.Column("code_backwards", KEY, nullable=False),
        sa.Column("parent_id", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_firm_credit_code")),
    )
    op.create_index(op.f("ix_firm_organisation"), "firm", ["organisation"])
    op.create_index(op.f("ix_firm_code_backwards"), "firm", ["code_backwards"])


def _firm_name() -> None:
    op.create_table(
        "firm_name",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("former", sa.Boolean(), nullable=False),
        sa.Column("initials", KEY, nullable=False),
        sa.Column("core_initials", KEY, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_firm_name")),
        _of_firm("firm_name"),
    )
    for column in ("firm_id", "initials", "core_initials"):
        op.create_index(op.f(f"ix_firm_name_{column}"), "firm_name", [column])


def _firm_statement() -> None:
    op.create_table(
        "firm_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_statement")),
        sa.CheckConstraint("source IN ('declared', 'imported', 'confirmed')", name=op.f("ck_firm_statement_source")),
        _of_firm("firm_statement"),
    )
    op.create_index(op.f("ix_firm_statement_firm_id"), "firm_statement", ["firm_id", "told_on"])


def _name_gram() -> None:
    op.create_table(
        "name_gram",
        sa.Column("gram", sa.String(40), nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "block", name=op.f("pk_name_gram")),
    )


def _of_firm(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f(f"fk_{table}_firm_id"), ondelete="CASCADE")
