"""Programs at the desk: the account under which one acts, and what was created by which idempotency key."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "api_creation",
        sa.Column("client_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("token", sa.String(43), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(200), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("client_id", "key_digest", name=op.f("pk_api_creation")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_api_creation_client_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "length(key_digest) = 64 AND key_digest = lower(key_digest)", name=op.f("ck_api_creation_key_digest")
        ),
        sa.CheckConstraint(
            "length(request_digest) = 64 AND request_digest = lower(request_digest)",
            name=op.f("ck_api_creation_request_digest"),
        ),
    )
    op.create_index(op.f("ix_api_creation_created_at"), "api_creation", ["created_at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("api_creation")
