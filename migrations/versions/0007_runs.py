"""Runs over spreadsheets, screenings of the register of firms, and who was told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables, empty."""
    _run()
    _run_row()
    _run_file()
    _screening()
    _entitlement()
    _firm_told()


def downgrade() -> None:
    """Drop every run with its files, every screening, and who was told of what."""
    for table in ("firm_told", "entitlement", "screening", "run_file", "run_row", "run"):
        op.drop_table(table)


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("letters", sa.String(8), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("bad_rows", sa.Integer(), nullable=False),
        sa.Column("done_rows", sa.Integer(), nullable=False),
        sa.Column("is_cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("rulebook_hash", sa.String(64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault_zh", sa.String(2000), nullable=True),
        sa.Column("fault_en", sa.String(2000), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("letters IN ('none', 'merged', 'zip')", name=op.f("ck_run_letters")),
        sa.CheckConstraint(
            "state IN ('mapping', 'waiting', 'running', 'done', 'cancelled', 'failed')", name=op.f("ck_run_state")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_run_account_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_centre"), "run", ["centre"])
    op.create_index(op.f("ix_run_state"), "run", ["state"])


def _run_row() -> None:
    op.create_table(
        "run_row",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("credit_code", sa.String(18), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("faults", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("entitled", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(64), nullable=True),
        sa.Column("letter_fault", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(
            ["number"], ["issued_letter.number"], name=op.f("fk_run_row_number"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_row_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "line", name=op.f("pk_run_row")),
    )


def _run_file() -> None:
    op.create_table(
        "run_file",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('upload', 'marked', 'results', 'letters', 'merged')", name=op.f("ck_run_file_kind")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_file_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "kind", name=op.f("pk_run_file")),
    )


def _screening() -> None:
    op.create_table(
        "screening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rulebook_hash", sa.String(64), nullable=False),
        sa.Column("firms", sa.Integer(), nullable=False),
        sa.Column("last_firm_id", sa.String(64), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_screening_state")),
        sa.CheckConstraint(
            "length(rulebook_hash) = 64 AND rulebook_hash = lower(rulebook_hash)",
            name=op.f("ck_screening_rulebook_hash"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_screening_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
    )
    op.create_index(op.f("ix_screening_state"), "screening", ["state"])


def _entitlement() -> None:
    op.create_table(
        "entitlement",
        sa.Column("screening_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(80), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("district", sa.String(32), nullable=True),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("recipient", sa.String(24), nullable=True),
        sa.Column("fen", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_entitlement_firm_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screening.id"], name=op.f("fk_entitlement_screening_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("screening_id", "scheme", "firm_id", name=op.f("pk_entitlement")),
    )


def _firm_told() -> None:
    op.create_table(
        "firm_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("scheme", sa.String(80), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_firm_told_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_firm_told_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_told")),
        sa.UniqueConstraint("firm_id", "scheme", name="uq_firm_told_scheme"),
    )
    op.create_index(op.f("ix_firm_told_firm_id"), "firm_told", ["firm_id"])
    op.create_index(op.f("ix_firm_told_scheme"), "firm_told", ["scheme"])
