"""Other ways in at the desk: people of a sign-in service, and passkeys as second factor."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add two tables, and what the sign-in service said to a session."""
    op.add_column("signed_in", sa.Column("id_token", sa.Text(), nullable=True))
    op.create_table(
        "external_identity",
        sa.Column("issuer", sa.String(250), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        _of_account("external_identity"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_external_identity")),
        sa.UniqueConstraint("account_id", name=op.f("uq_external_identity_account_id")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _of_account("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])


def downgrade() -> None:
    """Take them away again; whoever has no password here needs one from an administrator."""
    op.drop_table("passkey")
    op.drop_table("external_identity")
    with op.batch_alter_table("signed_in") as table:
        table.drop_column("id_token")


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id"), ondelete="CASCADE"
    )
