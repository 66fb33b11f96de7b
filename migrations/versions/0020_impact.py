"""Impact: what other figures of the rules would change for a centre's firms, and the firms concerned."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "impact_study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("centre", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rulebook_hash", sa.String(64), nullable=False),
        sa.Column("schemes", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("firms", sa.Integer(), nullable=False),
        sa.Column("last_firm_id", sa.String(64), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_impact_study_state")),
        sa.CheckConstraint(
            "length(rulebook_hash) = 64 AND rulebook_hash = lower(rulebook_hash)",
            name=op.f("ck_impact_study_rulebook_hash"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_impact_study_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_study")),
    )
    op.create_index(op.f("ix_impact_study_centre"), "impact_study", ["centre"])
    op.create_index(op.f("ix_impact_study_state"), "impact_study", ["state"])
    op.create_table(
        "impact_line",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(80), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("side", sa.String(16), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.Column("after", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("side IN ('gained', 'lost', 'changed')", name=op.f("ck_impact_line_side")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_impact_line_firm_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["study_id"], ["impact_study.id"], name=op.f("fk_impact_line_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", "scheme", "firm_id", name=op.f("pk_impact_line")),
    )


def downgrade() -> None:
    """Take them away; the studies are dropped."""
    op.drop_table("impact_line")
    op.drop_table("impact_study")
