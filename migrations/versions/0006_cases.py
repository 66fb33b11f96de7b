"""Cases: what clerks work on, with its versions, notes, files and letters asked for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables, empty."""
    _case_file()
    _case_revision()
    _case_note()
    _case_attachment()
    _case_letter()


def downgrade() -> None:
    """Drop every case with its notes and files; letters that went out stay in their own register."""
    for table in ("case_letter", "case_attachment", "case_note", "case_revision", "case_file"):
        op.drop_table(table)


def _case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=True),
        sa.Column("credit_code", sa.String(18), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("schemes", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("once", sa.String(80), nullable=True),
        sa.CheckConstraint("origin IN ('search', 'handover', 'blank', 'sheet')", name=op.f("ck_case_file_origin")),
        sa.CheckConstraint("state IN ('open', 'waiting', 'decided', 'closed')", name=op.f("ck_case_file_state")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["account.id"], name=op.f("fk_case_file_assignee_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_case_file_firm_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["account.id"], name=op.f("fk_case_file_opened_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("once", name=op.f("uq_case_file_once")),
    )
    op.create_index(op.f("ix_case_file_assignee_id"), "case_file", ["assignee_id"])
    op.create_index(op.f("ix_case_file_credit_code"), "case_file", ["credit_code"])
    op.create_index(op.f("ix_case_file_firm_id"), "case_file", ["firm_id"])
    op.create_index(op.f("ix_case_file_listed"), "case_file", ["centre", "changed_at", "state"])
    op.create_index(op.f("ix_case_file_opened_at"), "case_file", ["opened_at"])
    op.create_index(op.f("ix_case_file_state"), "case_file", ["state"])


def _case_revision() -> None:
    op.create_table(
        "case_revision",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_case_revision_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_revision_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_case_revision")),
    )


def _case_note() -> None:
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_case_note_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_note_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index(op.f("ix_case_note_case_id"), "case_note", ["case_id"])


def _case_attachment() -> None:
    op.create_table(
        "case_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64 AND sha256 = lower(sha256)", name=op.f("ck_case_attachment_sha256")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_case_attachment_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_attachment_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachment")),
    )
    op.create_index(op.f("ix_case_attachment_case_id"), "case_attachment", ["case_id"])


def _case_letter() -> None:
    op.create_table(
        "case_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("schemes", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=False),
        sa.Column("supersedes", sa.String(64), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("number", sa.String(64), nullable=True),
        sa.Column("once", sa.String(80), nullable=True),
        sa.CheckConstraint("kind IN ('eligibility', 'missing', 'self_check')", name=op.f("ck_case_letter_kind")),
        sa.CheckConstraint("language IN ('zh', 'en', 'both')", name=op.f("ck_case_letter_language")),
        sa.CheckConstraint("state IN ('waiting', 'issued', 'refused')", name=op.f("ck_case_letter_state")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_case_letter_asked_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_letter_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["number"], ["issued_letter.number"], name=op.f("fk_case_letter_number"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_case_letter_settled_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_case_letter_number")),
        sa.UniqueConstraint("once", name=op.f("uq_case_letter_once")),
    )
    op.create_index(op.f("ix_case_letter_case_id"), "case_letter", ["case_id"])
    op.create_index(op.f("ix_case_letter_state"), "case_letter", ["state"])
