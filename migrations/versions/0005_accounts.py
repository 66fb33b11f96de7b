"""Who works at the desk, and the trail of what each did."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the tables, empty; the audit trail refuses every change to what stands in it. Tries to sign in are counted."""
    op.execute("DELETE FROM attempt WHERE purpose = 'operator'")  # who opened hand-overs before there were accounts
    _purposes("'code', 'sign_in'")
    _account()
    _signed_in()
    _centre_setting()
    _audit_entry()
    _audit_head()
    _only_append()
    _first_head()


def downgrade() -> None:
    """Drop the accounts and the whole audit trail: export it first."""
    _forget_function()
    for table in ("audit_head", "audit_entry", "centre_setting", "signed_in", "account"):
        op.drop_table(table)
    op.execute("DELETE FROM attempt WHERE purpose = 'sign_in'")
    _purposes("'code', 'operator'")


def _purposes(allowed: str) -> None:
    name = op.f("ck_attempt_purpose")
    with op.batch_alter_table("attempt") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"purpose IN ({allowed})")


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("display_name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.String(200), nullable=True),
        sa.Column("totp_last", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('clerk', 'supervisor', 'administrator', 'auditor')", name=op.f("ck_account_role")),
        sa.CheckConstraint("name = lower(name)", name=op.f("ck_account_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_index(op.f("ix_account_centre"), "account", ["centre"])


def _signed_in() -> None:
    op.create_table(
        "signed_in",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(id) = 64 AND id = lower(id)", name=op.f("ck_signed_in_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_signed_in_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_in")),
    )
    op.create_index(op.f("ix_signed_in_account_id"), "signed_in", ["account_id"])


def _centre_setting() -> None:
    op.create_table(
        "centre_setting",
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("needs_countersign", sa.Boolean(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("retention_days BETWEEN 1 AND 3650", name=op.f("ck_centre_setting_retention_days")),
        sa.PrimaryKeyConstraint("centre", name=op.f("pk_centre_setting")),
    )


def _audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("centre", sa.String(32), nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.CheckConstraint("length(digest) = 64 AND digest = lower(digest)", name=op.f("ck_audit_entry_digest")),
        sa.CheckConstraint(
            "length(previous) = 64 AND previous = lower(previous)", name=op.f("ck_audit_entry_previous")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_entry_digest")),
    )
    op.create_index(op.f("ix_audit_entry_action"), "audit_entry", ["action"])
    op.create_index(op.f("ix_audit_entry_actor"), "audit_entry", ["actor"])
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"])
    op.create_index(op.f("ix_audit_entry_subject"), "audit_entry", ["subject"])


def _audit_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )


# An entry that was made stays as it was made, whoever asks: the chain would show a change, the database refuses it first.
_REFUSED = "entries of the audit trail are never changed"


def _only_append() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{change.lower()} BEFORE {change} ON audit_entry "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_only_append BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()"
    )


def _first_head() -> None:
    op.execute(f"INSERT INTO audit_head (id, number, digest) VALUES (1, 0, '{'0' * 64}')")


def _forget_function() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuse() CASCADE")
