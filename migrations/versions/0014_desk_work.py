"""What the desk remembers of its work: firms struck off, referrals between centres, saved lists, who has a case open."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)

_ORIGIN = "ck_case_file_origin"


def upgrade() -> None:
    """Add the tables, and the referral among the origins of a case."""
    _origins("'search', 'handover', 'blank', 'sheet', 'referral'")
    op.create_table(
        "firm_closure",
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('cancelled', 'revoked')", name=op.f("ck_firm_closure_kind")),
        _key("firm_closure", "firm_id", "firm", "CASCADE"),
        _key("firm_closure", "account_id", "account", "RESTRICT"),
        sa.PrimaryKeyConstraint("firm_id", name=op.f("pk_firm_closure")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("to_centre", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("credit_code", sa.String(18), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("is_seen", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('sent', 'accepted', 'declined')", name=op.f("ck_referral_state")),
        _key("referral", "case_id", "case_file", "CASCADE"),
        _key("referral", "account_id", "account", "RESTRICT"),
        _key("referral", "firm_id", "firm", "SET NULL"),
        _key("referral", "answered_by", "account", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"])
    op.create_index("ix_referral_waiting", "referral", ["to_centre", "state"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        _key("saved_view", "account_id", "account", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id")),
    )
    op.create_table(
        "case_presence",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _key("case_presence", "case_id", "case_file", "CASCADE"),
        _key("case_presence", "account_id", "account", "CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_case_presence")),
    )


def downgrade() -> None:
    """Take all of it away again; cases that came by a referral then began blank."""
    for table in ("case_presence", "saved_view", "referral", "firm_closure"):
        op.drop_table(table)
    op.execute("UPDATE case_file SET origin = 'blank' WHERE origin = 'referral'")
    _origins("'search', 'handover', 'blank', 'sheet'")


def _key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _origins(allowed: str) -> None:
    with op.batch_alter_table("case_file") as table:
        table.drop_constraint(op.f(_ORIGIN), type_="check")
        table.create_check_constraint(op.f(_ORIGIN), f"origin IN ({allowed})")
