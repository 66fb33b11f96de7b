"""What the desk knows ahead and whom it talks to: what the next rule day changes for firms, contacts, texts of messages.

Besides, the schemes that the letters of a list speak of, and indexes by which a firm's rows and letters are found.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)

_KIND = "ck_firm_note_kind"


def upgrade() -> None:
    """Add the tables, the column, the kind of note and the indexes."""
    _outlook()
    _contacts()
    op.add_column("run", sa.Column("letter_schemes", sa.Text(), nullable=True))
    _kinds("'note', 'call', 'visit', 'message'")
    op.create_index(op.f("ix_run_row_credit_code"), "run_row", ["credit_code"])
    op.create_index(op.f("ix_issued_letter_addressee"), "issued_letter", ["addressee"])


def _outlook() -> None:
    op.create_table(
        "outlook_case",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("rulebook_hash", sa.String(64), nullable=False),
        _key("outlook_case", "case_id", "case_file", "CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_outlook_case")),
    )
    op.create_index("ix_outlook_case_counted", "outlook_case", ["centre", "next_on"])
    op.create_table(
        "outlook_shift",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scheme", sa.String(80), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("later", sa.String(24), nullable=False),
        sa.CheckConstraint("side IN ('gained', 'lost')", name=op.f("ck_outlook_shift_side")),
        _key("outlook_shift", "case_id", "case_file", "CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "scheme", name=op.f("pk_outlook_shift")),
    )
    op.create_index("ix_outlook_shift_counted", "outlook_shift", ["centre", "next_on", "side", "scheme", "fen"])


def _contacts() -> None:
    op.create_table(
        "firm_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        *_person(),
        _key("firm_contact", "firm_id", "firm", "CASCADE"),
        _key("firm_contact", "account_id", "account", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_contact")),
    )
    op.create_index("ix_firm_contact_listed", "firm_contact", ["firm_id", "centre"])
    op.create_table(
        "department_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("department", sa.String(200), nullable=False),
        sa.Column("scheme", sa.String(80), nullable=True),
        *_person(),
        _key("department_contact", "account_id", "account", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_contact")),
    )
    op.create_index(op.f("ix_department_contact_centre"), "department_contact", ["centre"])
    op.create_table(
        "message_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("scheme", sa.String(80), nullable=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        _key("message_text", "account_id", "account", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_text")),
    )
    op.create_index(op.f("ix_message_text_centre"), "message_text", ["centre"])


def downgrade() -> None:
    """Take all of it away again; what was noted of messages becomes a remark."""
    op.drop_index(op.f("ix_issued_letter_addressee"), "issued_letter")
    op.drop_index(op.f("ix_run_row_credit_code"), "run_row")
    op.execute("UPDATE firm_note SET kind = 'note' WHERE kind = 'message'")
    _kinds("'note', 'call', 'visit'")
    with op.batch_alter_table("run") as table:
        table.drop_column("letter_schemes")
    for name in ("message_text", "department_contact", "firm_contact", "outlook_shift", "outlook_case"):
        op.drop_table(name)


def _person() -> tuple[sa.Column[str | int], ...]:
    """Who is to be reached, how, and who entered it."""
    return (
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("remark", sa.String(500), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
    )


def _key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _kinds(allowed: str) -> None:
    with op.batch_alter_table("firm_note") as table:
        table.drop_constraint(op.f(_KIND), type_="check")
        table.create_check_constraint(op.f(_KIND), f"kind IN ({allowed})")
