"""What the desk remembers besides: what a list does with firms that have a current letter, questions put aside, notes on firms.

A run of before skips such firms, which is what it would do now; its letters were signed for by nobody else.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns, and the table of notes on firms."""
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("on_current", sa.String(16), nullable=False, server_default="skip"))
        table.add_column(sa.Column("signed_by", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_run_on_current"), "on_current IN ('skip', 'supersede')")
        table.create_foreign_key(op.f("fk_run_signed_by"), "account", ["signed_by"], ["id"], ondelete="RESTRICT")
    with op.batch_alter_table("run") as table:
        table.alter_column("on_current", server_default=None)
    op.add_column("case_file", sa.Column("put_aside", sa.Text(), nullable=True))
    op.create_table(
        "firm_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('note', 'call', 'visit')", name=op.f("ck_firm_note_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_firm_note_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_firm_note_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_note")),
    )
    op.create_index(op.f("ix_firm_note_firm_id"), "firm_note", ["firm_id"])


def downgrade() -> None:
    """Take all of it away again; notes on firms are lost."""
    op.drop_table("firm_note")
    with op.batch_alter_table("case_file") as table:
        table.drop_column("put_aside")
    with op.batch_alter_table("run") as table:
        table.drop_constraint(op.f("fk_run_signed_by"), type_="foreignkey")
        table.drop_constraint(op.f("ck_run_on_current"), type_="check")
        table.drop_column("signed_by")
        table.drop_column("on_current")
