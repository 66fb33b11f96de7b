"""Alerts: addresses that are told of changes of the law, and the changes as they became known."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "alert_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("schemes", sa.Text(), nullable=True),
        sa.Column("token", sa.String(43), nullable=False),
        sa.Column("last_change", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_subscription")),
        sa.UniqueConstraint("address", name=op.f("uq_alert_subscription_address")),
        sa.UniqueConstraint("token", name=op.f("uq_alert_subscription_token")),
    )
    op.create_table(
        "alert_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("noted_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_change")),
        sa.UniqueConstraint("scheme", "day", "kind", name=op.f("uq_alert_change_scheme")),
    )


def downgrade() -> None:
    """Take them away; whoever subscribed is forgotten."""
    op.drop_table("alert_change")
    op.drop_table("alert_subscription")
